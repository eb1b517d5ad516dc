from typing import Any

from kiosk.movement.programme import CHECKPOINTS, PHASES, by_importance, programme, questions
from kiosk.movement.report import STOP_RULE, Finding, Status

from .made import a_check, corrections

ALL = corrections(*PHASES)


def sign(slug: str, checkpoint: str = "knees", value: float = 30.0, **more: Any) -> Finding:
    return Finding(a_check(slug, checkpoint=checkpoint, **{"corrections": ALL, **more}), Status.SIGN, value=value)


def slugs(findings: list[Finding]) -> list[str]:
    return [finding.check.slug for finding in findings]


def test_only_signs_are_worked_on() -> None:
    check = a_check(corrections=ALL)
    others = [Finding(check, status, value=15.0) for status in Status if status is not Status.SIGN]
    assert by_importance(others) == []
    assert programme([]) == ()


def test_what_weighs_most_and_lies_furthest_out_comes_first() -> None:
    light, heavy = sign("light", weight=5.0), sign("heavy", weight=20.0)
    slight = sign("slight", value=21.0, weight=20.0)
    assert slugs(by_importance([light, slight, heavy])) == ["heavy", "slight", "light"]


def test_where_two_weigh_the_same_the_one_nearer_to_the_floor_comes_first() -> None:
    order = ["feet", "knees", "hips", "back", "shoulders", "elbows", "head"]
    signs = [sign(f"at-{checkpoint}", checkpoint) for checkpoint in reversed(order)]
    assert slugs(by_importance(signs)) == [f"at-{checkpoint}" for checkpoint in order]


def test_a_programme_is_at_most_two_checkpoints_by_four_phases_in_their_order() -> None:
    steps = programme([sign("first", "knees"), sign("second", "back"), sign("third", "head")])
    assert CHECKPOINTS == 2
    assert [(step.check, step.phase) for step in steps] == [
        (slug, phase) for slug in ("first", "second") for phase in PHASES
    ]


def test_two_signs_at_one_checkpoint_take_one_place() -> None:
    steps = programme([sign("first", "knees"), sign("twin", "knees"), sign("other", "back")])
    assert {step.check for step in steps} == {"first", "other"}


def test_each_phase_offers_the_first_of_its_exercises() -> None:
    more = (*corrections("lengthen"), *corrections("inhibit"), *corrections("inhibit"))
    steps = programme([sign("one", corrections=more)])
    assert [step.phase for step in steps] == ["inhibit", "lengthen"]


def test_every_step_says_that_it_must_not_hurt_and_where_it_is_from() -> None:
    for step in programme([sign("one")]):
        assert step.stop == STOP_RULE
        assert (step.source, step.confirm) == ("M", True)
        assert step.dose
        assert step.how


def test_a_sign_that_asks_a_question_gets_no_exercises() -> None:
    asking = sign("asking", question="Does a wrist hurt?")
    assert programme([asking]) == ()
    assert {step.check for step in programme([asking, sign("other")])} == {"other"}


def test_a_sign_without_exercises_leaves_its_place_to_the_next() -> None:
    steps = programme([sign("bare", "feet", corrections=()), sign("one", "knees"), sign("two", "back")])
    assert {step.check for step in steps} == {"one", "two"}


def test_the_same_question_is_asked_once() -> None:
    asked = questions(
        [sign("a", question="Wrist?"), sign("b", question="Wrist?"), sign("c", question="Knee?"), sign("d")]
    )
    assert asked == ("Wrist?", "Knee?")
