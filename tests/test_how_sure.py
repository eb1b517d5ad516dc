"""The page "How sure are we?": every figure of the card, in words that say what it is."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.how_sure import INTRO, TITLE, Section, card_of, differences, markdown, sections, with_cards
from kiosk.movement.accuracy import Card, CheckAccuracy, Group, ModelAccuracy, RepAccuracy, Share, Target
from kiosk.movement.exercise import Exercise
from kiosk.plugins import load_plugins
from tests.movement.made import a_check, an_exercise
from tests.test_accuracy_file import CHECK

ROOT = Path(__file__).parents[1]
HARSH = re.compile(r"diagnos|\brisk|\bweak|abnormal|dysfunction|landmark", re.IGNORECASE)

REPS = RepAccuracy(exact=58, off_by_one=1, worse=1, false_reps=2, idle_s=120, negatives=4, negative_false_reps=1)
GROUPS = (
    Group("build", "light", 20, Share(20, 20), Share(10, 10), Share(0, 40), 0.1),
    Group("build", "heavy", 20, Share(17, 20), Share(9, 10), Share(1, 40), None),
)
TARGETS = (Target("Reps counted exactly", "at least 98%", "58 of 60 (97 %)", False),)
THUNDER = ModelAccuracy(REPS, {"tilt": CHECK, "lean": CheckAccuracy()}, GROUPS, TARGETS)
BLIND = ModelAccuracy(REPS, {"tilt": CheckAccuracy(assessed=False, why="It cannot be told.")})
CARD = Card("tilting", "report", "rendered people", 60, 4, 8, {"thunder": THUNDER, "lightning": BLIND})


def measured(card: Card | None = CARD) -> Exercise:
    (exercise,) = with_cards(
        [an_exercise(a_check(card=None), a_check("lean", card=None))], [card] if card is not None else []
    )
    return exercise


def text(found: Sequence[Section]) -> str:
    cells = [cell for one in found for table in one.tables for row in (table.heads, *table.rows) for cell in row]
    return "\n".join([line for one in found for line in (one.title, *one.text)] + cells)


def test_an_exercise_that_nobody_measured_says_so() -> None:
    (only,) = sections([measured(None)])
    assert (only.title, only.text) == (
        "Tilting",
        ("Nobody has measured this exercise yet: its values come without an error.",),
    )


def test_the_model_in_use_comes_first_and_the_others_are_folded() -> None:
    found = list(sections([measured()], "thunder"))
    titles = [one.title for one in found if one.level == 3]
    assert titles == ["Tilting: thunder (in use here)", "Tilting: lightning"]
    folded = [one.title for one in found if one.folded]
    assert folded == [
        "Values against the truth",
        "Groups",
        "Tilting: lightning",
        "Each check: lightning",
        "Values against the truth: lightning",
    ]


@pytest.mark.parametrize("model", [None, "unknown"])
def test_without_a_known_model_none_is_folded(model: str | None) -> None:
    found = list(sections([measured()], model))
    assert [one.title for one in found if one.level == 3] == ["Tilting: lightning", "Tilting: thunder"]
    assert not any(one.folded for one in found if one.level == 3)


def test_every_figure_is_there() -> None:
    said = text(list(sections([measured()], "thunder")))
    for words in (
        "Measured on 60 sets of 8 people and 4 recordings without a rep (rendered people).",
        "Of 60 sets, 58 were counted exactly, 1 were off by one rep, 1 by more.",
        "There were 2 false reps in 2.0 idle minutes, 1 of them in the 4 recordings without a rep.",
        "9 of 10 (90%; 60% to 98%)",
        "1.3 (23.0°)",
        "1 of 50 (2%; 0% to 10%)",
        "± 0.1°",
        "-0.1°, x 1.20",
        "58 of 60 (97 %)",
        "NO",
        "Something tilts is not assessed, and no target counts it. It cannot be told.",
        "build: heavy",
    ):
        assert words in said, words


def test_figures_of_the_part_that_was_tuned_on_are_called_flattering() -> None:
    found = list(sections([measured(replace(CARD, part="tune", people=0, negatives=1))]))
    assert found[0].text == (
        "Measured on 60 sets and 1 recording without a rep (rendered people)."
        " These are recordings that limits were tuned on, so they flatter it.",
    )


def test_groups_that_are_apart_are_named_with_their_doubt() -> None:
    (exact, found) = list(differences(GROUPS))
    assert exact == (
        "Build: reps counted exactly differ by 15 points, from heavy (85%) to light (100%);"
        " so few sets can differ that much by chance."
    )
    assert "signs found differ by 10 points" in found
    many = (
        Group("yaw_deg", "up to 5°", 900, Share(900, 900), Share(0, 0), Share(0, 900), 0.0),
        Group("yaw_deg", "over 15°", 900, Share(700, 900), Share(0, 0), Share(9, 900), 0.0),
    )
    (only,) = list(differences(many))
    assert only == (
        "Camera off the true view: reps counted exactly differ by 22 points, from over 15° (78%) to up to 5° (100%)."
    )


def test_markdown_holds_the_same_as_the_page() -> None:
    page = markdown([measured()])
    assert page.startswith(f"# {TITLE}\n\n{INTRO[0]}")
    for one in sections([measured()]):
        assert f"{'#' * one.level} {one.title}\n" in page
        assert all(line in page for line in one.text)
    assert "| signs by the size of the fault | 0 to 1 | over 1 |" in page
    assert "| Something tilts | 1 of 6 | 9 of 10 |" in page
    assert all(line.startswith("| ") and line.endswith(" |") for line in page.splitlines() if line.startswith("|"))


def test_its_words_are_those_of_the_house() -> None:
    assert not HARSH.search(markdown([measured()]))


def test_a_card_stands_for_every_check_of_its_exercise() -> None:
    exercise = measured()
    assert card_of(exercise) is CARD
    assert all(check.card is CARD for check in exercise.checks)
    assert card_of(measured(None)) is None


def test_the_document_agrees_with_the_cards_that_are_shipped() -> None:
    """`kiosk bench accuracy --write --docs docs/accuracy.md` writes both."""
    exercises = load_plugins().exercises
    written = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    ours = [exercises[slug] for slug in ("incline-push-up", "overhead-squat")]
    assert written.startswith(markdown(ours)), "write docs/accuracy.md anew"
    assert written.endswith((ROOT / "docs" / "accuracy_notes.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("slug", ["overhead-squat", "incline-push-up"])
def test_a_shipped_card_is_small_and_speaks_of_its_own_exercise(slug: str) -> None:
    exercise = load_plugins().get(slug)
    card = card_of(exercise)
    if card is None:
        pytest.skip("no card is shipped yet")
    folder = ROOT / "plugins" / slug.replace("-", "_") / f"kiosk_{slug.replace('-', '_')}"
    assert (folder / "accuracy.json").stat().st_size < 150_000
    assert card.exercise == slug
    assert set(card.models) >= {"movenet_thunder_f16", "movenet_lightning_int8"}
    known = {check.slug for check in exercise.checks}
    assert all(set(model.checks) <= known for model in card.models.values())
