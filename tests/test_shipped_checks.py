"""What members read: the two files that we ship, judged as text."""

import csv
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.checks_file import CORRECTION_PHASES, read_checks
from kiosk.movement.exercise import AssessedBy, Check
from kiosk.movement.pose import Pose
from kiosk.movement.view import View

PLUGINS = Path(__file__).parents[1] / "plugins"
FILES = {
    "overhead-squat": PLUGINS / "overhead_squat" / "kiosk_overhead_squat" / "checks.toml",
    "incline-push-up": PLUGINS / "incline_push_up" / "kiosk_incline_push_up" / "checks.toml",
}
HEEL_RISE = PLUGINS.parents[1] / "shared" / "data" / "ui_prmd_heel_rise_mm.csv"
#: From the ball of an adult's foot to the marker on the heel.
BALL_TO_HEEL_MM = 185.0
#: DOMAIN section A: every row that the source documents ask for, with the way it is assessed.
KEYPOINTS, PROXY, NOTHING = AssessedBy.KEYPOINTS, AssessedBy.PROXY, AssessedBy.NOTHING
SECOND_MODEL = AssessedBy.SECOND_MODEL
ROWS = {
    "overhead-squat": {
        "feet-turn-out": SECOND_MODEL,
        "feet-turn-in": SECOND_MODEL,
        "heels-rise": SECOND_MODEL,
        "knees-in": KEYPOINTS,
        "knees-out": KEYPOINTS,
        "weight-shift": PROXY,
        "low-back-rounds": SECOND_MODEL,
        "low-back-arches": SECOND_MODEL,
        "forward-lean": KEYPOINTS,
        "arms-fall-forward": KEYPOINTS,
        "head-drops": PROXY,
        "shallow-depth": KEYPOINTS,
    },
    "incline-push-up": {
        "head-drops": PROXY,
        "shallow-depth": KEYPOINTS,
        "hips-sag": KEYPOINTS,
        "hips-pike": KEYPOINTS,
        "no-lockout": KEYPOINTS,
        "shoulders-shrug": PROXY,
        "shoulders-out-of-step": PROXY,
        "uneven-push": PROXY,
        "elbows-flare": PROXY,
    },
}
FORBIDDEN = re.compile(
    r"diagnos|risk|\bweak|abnormal|dysfunction|injury-prone|\bfault|\bbad\b|\bwrong\b|\bmust\b|landmark",
    re.IGNORECASE,
)


def measure(pose: Pose, top: Pose) -> float:
    return math.nan


def raw(exercise: str) -> dict[str, Any]:
    return tomllib.loads(FILES[exercise].read_text(encoding="utf-8"))


def shipped(exercise: str) -> tuple[Check, ...]:
    assessed = [slug for slug, how in ROWS[exercise].items() if how is not NOTHING]
    return read_checks(FILES[exercise], dict.fromkeys(assessed, measure))


def user_texts(check: Check) -> Iterator[str]:
    yield from (check.title, check.saw, check.cue, *(check.sides or ()))
    yield from filter(None, (check.reason, check.question, check.regression))
    yield from (*check.muscles.overactive, *check.muscles.underactive)
    for step in check.corrections:
        yield from (step.title, step.dose, step.how)


every_exercise = pytest.mark.parametrize("exercise", list(FILES))
every_check = pytest.mark.parametrize(
    "check", [pytest.param(check, id=f"{name}:{check.slug}") for name in FILES for check in shipped(name)]
)


@every_exercise
def test_every_row_of_the_domain_is_declared_and_nothing_else(exercise: str) -> None:
    assert {check.slug: check.assessed_by for check in shipped(exercise)} == ROWS[exercise]


@every_exercise
def test_the_file_names_its_exercise(exercise: str) -> None:
    assert raw(exercise)["exercise"] == exercise


@every_exercise
def test_every_listed_source_is_used(exercise: str) -> None:
    used = {name for check in shipped(exercise) for name, _ in check.sources}
    assert set(raw(exercise)["sources"]) == used


@every_exercise
def test_a_declared_source_of_a_check_is_named_by_its_own_list(exercise: str) -> None:
    """The list of a check is complete for whoever reads the file: what its corrections cite stands there."""
    for slug, check in raw(exercise)["checks"].items():
        cited = {step["source"] for step in check.get("corrections", [])}
        assert cited <= set(check["sources"]), slug


@every_check
def test_no_text_judges_a_member_or_claims_medicine(check: Check) -> None:
    assert [text for text in user_texts(check) if FORBIDDEN.search(text)] == []


@every_check
def test_texts_are_sentences_without_stray_blanks(check: Check) -> None:
    sentences = [
        check.saw,
        check.reason,
        check.question,
        check.regression,
        *(step.how for step in check.corrections),
    ]
    assert [text for text in sentences if text and not re.fullmatch(r"[A-Z].*[.?]", text)] == []
    assert [text for text in user_texts(check) if text != " ".join(text.split())] == []


@every_check
def test_what_was_seen_begins_with_we_saw_and_speaks_to_the_member(check: Check) -> None:
    if check.assessed_by is NOTHING:
        assert check.saw == ""
    else:
        assert check.saw.startswith("We saw ")
        assert check.saw.count(".") == 1


@every_check
def test_a_cue_is_short_and_tells_what_to_do(check: Check) -> None:
    assert 1 <= len(check.cue.split()) <= 7
    assert not re.search(r"\b(not|don't|never|avoid)\b", check.cue, re.IGNORECASE)


@every_check
def test_every_sign_leads_somewhere(check: Check) -> None:
    assert check.assessed_by is NOTHING or check.corrections or check.question
    assert check.regression


@every_check
def test_a_one_sided_or_timing_finding_asks_instead_of_naming_a_muscle(check: Check) -> None:
    if check.two_sided:
        assert check.question is not None
        assert check.question.endswith("?")
        assert check.muscles.overactive == check.muscles.underactive == ()
        assert check.sides is not None


@every_check
def test_what_is_not_assessed_says_why_and_what_is_planned(check: Check) -> None:
    if check.assessed_by is NOTHING:
        assert check.reason is not None
        assert "Planned:" in check.reason


@every_check
def test_a_proxy_says_what_stands_in_for_what(check: Check) -> None:
    if check.assessed_by is PROXY:
        assert check.reason is not None
        assert "stands in for" in check.reason or "stand in for" in check.reason
        assert "shoulder blade" not in check.saw


@every_check
def test_the_programme_has_one_exercise_per_phase_in_the_order_of_the_phases(check: Check) -> None:
    phases = [step.phase for step in check.corrections]
    assert phases == [phase for phase in CORRECTION_PHASES if phase in phases]


@every_check
def test_general_teaching_is_marked_for_a_trainer_to_confirm(check: Check) -> None:
    """The doses of activate and integrate were not found in a source, those of inhibit and lengthen were."""
    for step in check.corrections:
        assert step.confirm == (step.source == "M" or step.phase in ("activate", "integrate")), step.exercise
    cited = {name for name, _ in check.sources}
    if check.muscles.overactive and not cited & {"S2", "S43", "S51"}:
        assert check.muscles.confirm


@every_check
def test_doses_are_those_of_their_phase(check: Check) -> None:
    doses = {
        "inhibit": "30-60 s",
        "lengthen": "20-30 s",
        "activate": "1-2 sets of 10-15",
        "integrate": "1-3 sets of 10-15",
    }
    for step in check.corrections:
        assert doses[step.phase] in step.dose, step.exercise
        assert 2 <= len(re.findall(r"[.?](?: |$)", step.how)) <= 4, step.exercise


def test_the_same_exercise_reads_the_same_wherever_it_is_offered() -> None:
    steps = [step for name in FILES for check in shipped(name) for step in check.corrections]
    texts = {(step.exercise, step.phase, step.title, step.how) for step in steps}
    assert len(texts) == len({step.exercise for step in steps})
    assert len(texts) == len({step.title for step in steps})


def test_the_fixes_that_the_first_trainer_asked_for_are_there() -> None:
    push_up = {check.slug: check for check in shipped("incline-push-up")}
    assert push_up["hips-sag"].cue == "Tuck your tailbone"
    shoulders = {step.exercise for step in push_up["shoulders-out-of-step"].corrections}
    assert shoulders >= {"band-pull-apart", "chest-press-machine"}
    assert "roll-forearms" in {step.exercise for step in push_up["uneven-push"].corrections}
    assert push_up["uneven-push"].cue == "Push equally with both hands"


def test_the_weights_of_signs_that_can_come_together_fit_a_hundred_points() -> None:
    for exercise in FILES:
        weights = {check.slug: check.weight for check in shipped(exercise)}
        # Knees go in or out, hips sag or pike; never both.
        for pair in (
            ("knees-in", "knees-out"),
            ("hips-sag", "hips-pike"),
            ("feet-turn-out", "feet-turn-in"),
            ("low-back-rounds", "low-back-arches"),
        ):
            if pair[0] in weights:
                weights.pop(min(pair, key=lambda slug: weights[slug]))
        assert 80 <= sum(weights.values()) <= 100


@every_exercise
def test_the_readme_lists_the_checks_of_the_file_with_views_and_limits(exercise: str) -> None:
    readme = (FILES[exercise].parents[1] / "README.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in readme.splitlines() if line.startswith("| `")]
    listed = {row[0].strip("`"): row[1:] for row in rows}
    checks = {check.slug: check for check in shipped(exercise)}
    assert list(listed) == list(checks)
    for slug, (title, views, limits, assessed) in listed.items():
        check = checks[slug]
        assert title == check.title
        assert views == ", ".join(check.views)
        assert assessed.startswith("no: " if check.assessed_by is NOTHING else "yes")
        assert (check.reason or "") in assessed
        if check.clear is not None and check.sign is not None:
            assert limits.removesuffix(", either way") == f"{check.clear:g}, {check.sign:g} {check.unit}", slug
        assert limits.endswith("either way") == check.two_sided


@pytest.mark.shared
@pytest.mark.skipif(not HEEL_RISE.is_file(), reason="../shared is not here")
def test_heels_of_correct_captured_reps_stay_below_the_sign() -> None:
    """Markers rise a little in every squat: 19 of 20 correct reps count as clear, and none as a sign."""
    heels = next(check for check in shipped("overhead-squat") if check.slug == "heels-rise")
    with HEEL_RISE.open(encoding="utf-8", newline="") as file:
        rises_mm = [
            max(float(row["left_heel_rise_mm"]), float(row["right_heel_rise_mm"]))
            for row in csv.DictReader(file)
            if row["rep"].startswith("correct")
        ]
    tips_deg = sorted(math.degrees(math.atan(rise / BALL_TO_HEEL_MM)) for rise in rises_mm)
    assert len(tips_deg) == 60
    assert heels.clear is not None
    assert heels.sign is not None
    assert tips_deg[round(0.95 * len(tips_deg)) - 1] <= heels.clear
    assert tips_deg[-1] < heels.sign


def test_front_and_rear_show_the_same_pair_of_sides() -> None:
    for check in shipped("incline-push-up"):
        assert check.views in ((View.SIDE,), (View.FRONT, View.REAR))
