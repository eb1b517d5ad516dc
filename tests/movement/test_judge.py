from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import Exercise
from kiosk.movement.exercise import AssessedBy, Check
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.passes import read_pass
from kiosk.movement.programme import PHASES
from kiosk.movement.report import Report, Source, Status
from kiosk.movement.view import View
from kiosk.testing import FRONT, SIDE, PushUpper, Squatter, perform, scanned

from .made import NAN, a_check, a_pass, an_exercise, corrections
from .scenes import cut, empty_track

SOURCE = Source("clip.mp4", 300, 30.0, 10.0, (640, 480))
BLIND = a_check(
    "blind", assessed_by=AssessedBy.NOTHING, clear=None, sign=None, error=None, measure=None, reason="No toes."
)


def report(checks: Sequence[Check], values: Sequence[float], *, pain: bool = False, **more: Any) -> Report:
    seen = SeenPass(a_pass(values), View.FRONT, **more)
    return judge(an_exercise(*checks), [seen], SOURCE, "a-model", pain=pain)


# -- the score ----------------------------------------------------------------------------------------------------


def test_a_clean_set_scores_100_and_says_how_much_was_seen() -> None:
    score = report([a_check(), BLIND], [0, 0, 0]).score
    assert (score.value, score.low, score.high, score.seen, score.of) == (100, 100, 100, 1, 2)


def test_the_range_comes_from_the_error_of_the_value() -> None:
    score = report([a_check(error=2.0)], [20, 20, 20]).score
    assert (score.value, score.low, score.high) == (50, 40, 60)


def test_the_range_turns_with_the_direction_of_the_check() -> None:
    score = report([a_check(clear=1.0, sign=0.8, error=0.04)], [0.8] * 3).score
    assert (score.value, score.low, score.high) == (50, 40, 60)


def test_a_two_sided_value_near_zero_stays_clear_within_its_error() -> None:
    score = report([a_check(two_sided=True, error=30.0)], [-1.0] * 3).score
    assert score.value == score.high == 100
    assert score.low is not None
    assert score.low < 100


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    values=st.lists(st.floats(-60, 60), min_size=1, max_size=6),
    errors=st.lists(st.floats(0, 30), min_size=1, max_size=4),
    two_sided=st.booleans(),
    turned=st.booleans(),
)
def test_low_value_and_high_are_in_order(
    values: list[float], errors: list[float], two_sided: bool, turned: bool
) -> None:
    limits = (20.0, 5.0) if turned and not two_sided else (5.0, 20.0)
    checks = [
        a_check(f"c{number}", *limits, error=error, two_sided=two_sided, weight=number + 1.0)
        for number, error in enumerate(errors)
    ]
    score = report(checks, values).score
    assert score.value is not None
    assert score.low is not None
    assert score.high is not None
    assert 0 <= score.low <= score.value <= score.high <= 100


def test_what_was_not_seen_neither_costs_nor_earns_points() -> None:
    score = report([a_check(), BLIND], [40, 40, 40]).score
    assert score.value == 0
    unseen = report([a_check(), BLIND], [NAN, NAN, NAN]).score
    assert (unseen.value, unseen.low, unseen.high, unseen.seen, unseen.of) == (None, None, None, 0, 2)


def test_pain_withholds_the_score_the_programme_and_the_questions() -> None:
    checks = [a_check(corrections=corrections(*PHASES)), a_check("asks", checkpoint="back", question="Wrist?")]
    hurt, well = report(checks, [40] * 3, pain=True), report(checks, [40] * 3)
    assert well.programme
    assert well.questions == ("Wrist?",)
    assert (hurt.score.value, hurt.score.low, hurt.score.high) == (None, None, None)
    assert (hurt.first, hurt.programme, hurt.questions) == (None, (), ())
    assert hurt.pain
    assert "it hurt" in hurt.notes[0]
    assert "doctor" in hurt.notes[0]


# -- what it says -------------------------------------------------------------------------------------------------


def test_every_check_is_there_in_its_order_seen_or_not() -> None:
    side = a_check("from-the-side", views=(View.SIDE, View.REAR))
    findings = report([side, a_check(), BLIND], [0, 0, 0]).findings
    assert [finding.check.slug for finding in findings] == ["from-the-side", "tilt", "blind"]
    assert [finding.status.value for finding in findings] == ["not-assessed", "clear", "not-assessed"]
    assert findings[0].reason == "It is looked at from the side or the rear, and this view was not seen."
    assert findings[2].reason == "No toes."


def test_the_second_pass_speaks_where_the_first_could_not() -> None:
    exercise = an_exercise(a_check())
    passes = [SeenPass(a_pass([NAN] * 3), View.FRONT), SeenPass(a_pass([25] * 3), View.FRONT)]
    both = judge(exercise, passes, SOURCE, "m")
    assert both.findings[0].status is Status.SIGN
    assert len(both.reps) == 6


def test_the_first_thing_is_the_most_important_sign() -> None:
    assert report([a_check("light", weight=5), a_check("heavy", weight=9)], [40] * 3).first == "heavy"
    assert report([a_check()], [0] * 3).first is None


@pytest.mark.parametrize(
    ("count", "asked", "notes"),
    [
        (5, 5, []),
        (1, None, ["Only 1 complete rep from the front: a hint, no more."]),
        (2, None, ["Only 2 complete reps from the front: a hint, no more."]),
        (4, 5, ["The pass from the front ended after 4 of 5 reps."]),
        (0, 5, ["No complete rep was seen from the front. Nothing that looked like a rep was seen either."]),
    ],
)
def test_the_notes_say_what_is_thin(count: int, asked: int | None, notes: list[str]) -> None:
    assert list(report([a_check()], [0.0] * count, asked=asked).notes) == notes


def test_an_attempt_that_did_not_count_is_told_with_its_reason(squat: Exercise) -> None:
    track = cut(perform([Squatter()], SIDE), 0.0, 2.3)
    said = scanned(squat, (track, View.SIDE))
    assert [rep.rep.complete for rep in said.reps] == [False]
    assert "did not count: it did not come back to the top." in said.notes[0]


def test_each_pass_has_its_summary() -> None:
    exercise = an_exercise(a_check())
    passes = [
        SeenPass(a_pass([0] * 5, incomplete=[2]), View.FRONT, "done", 5),
        SeenPass(a_pass([0]), View.SIDE, "lost", 5),
    ]
    both = judge(exercise, passes, SOURCE, "m", notes=["The camera was away."])
    assert [(p.view, p.complete, p.incomplete, p.asked, p.ended) for p in both.passes] == [
        ("front", 4, 1, 5, "done"),
        ("side", 1, 0, 5, "lost"),
    ]
    assert both.view is View.FRONT
    assert both.notes[0] == "The camera was away."


def test_no_pass_and_nobody_are_a_report_too(squat: Exercise) -> None:
    none = judge(squat, [], SOURCE, "m")
    assert (none.view, none.reps, none.passes, none.score.value) == (None, (), (), None)
    assert {finding.status for finding in none.findings} == {Status.NOT_ASSESSED}
    nobody = scanned(squat, (empty_track(), View.FRONT))
    assert nobody.score.value is None
    assert nobody.notes


# -- both exercises, from poses to the report ---------------------------------------------------------------------


def test_two_passes_of_a_squat_come_together(squat: Exercise) -> None:
    people = [Squatter(knees_ratio=0.7, lean_deg=28)] * 5
    said = scanned(squat, (perform(people, FRONT), View.FRONT), (perform(people, SIDE), View.SIDE))
    assert {f.check.slug for f in said.findings if f.status is Status.SIGN} == {"knees-in", "forward-lean"}
    assert said.score.seen == 7
    assert said.score.of == 12
    assert len({step.check for step in said.programme}) == 2
    assert len(said.programme) == 8


def test_left_and_right_are_compared_over_all_complete_reps(push_up: Exercise) -> None:
    read = read_pass(push_up, perform([PushUpper()] * 4, FRONT))
    (difference,) = judge(push_up, [SeenPass(read, View.FRONT)], SOURCE, "m").differences
    assert difference.unit == "deg"
    assert difference.left == pytest.approx(difference.right, rel=0.01)


def test_the_same_poses_give_the_same_report(squat: Exercise) -> None:
    from kiosk.movement.report_json import report_json

    track = perform([Squatter(lean_deg=22)] * 5, SIDE, noise_px=2.0, seed=3)
    assert report_json(scanned(squat, (track, View.SIDE))) == report_json(scanned(squat, (track, View.SIDE)))
