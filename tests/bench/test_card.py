"""From labelled recordings to a card: judged as the product does, corrected, counted, grouped."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.bench.accuracy.card import card_of
from kiosk.bench.accuracy.correction import fitted
from kiosk.bench.accuracy.listing import listing
from kiosk.bench.accuracy.outcome import Looker, SetOutcome, evaluate
from kiosk.bench.accuracy.pool import Loading, outcomes
from kiosk.bench.accuracy.recordings import read_recording, read_recordings
from kiosk.bench.accuracy.settled import IDENTITY, Line, is_mounted, said_of
from kiosk.errors import SourceError
from kiosk.movement.accuracy import Share
from kiosk.movement.exercise import Exercise
from kiosk.movement.report import Status
from kiosk.movement.view import View
from kiosk.plugins import load_plugins
from kiosk.testing import Squatter
from tests.bench.labelled import knees, write_set, write_squats, write_walk
from tests.bench.outcomes import constant, outcome, said
from tests.movement.made import a_check, an_exercise

NOBODY = Looker(None, None, None)
NAN = math.nan


@pytest.fixture(scope="module")
def exercises() -> dict[str, Exercise]:
    return load_plugins().exercises


# -- one recording --------------------------------------------------------------------------------


def test_a_recording_is_judged_beside_its_truth(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    one = evaluate(read_recording(write_set(tmp_path, "set", knees(0.7))), NOBODY, exercises)
    assert (one.counted, one.true_reps, one.false_reps) == (5, 5, 0)
    assert one.matches == tuple((k, k) for k in range(5))
    assert (one.seen_as, one.seen_from, one.model) == ("overhead-squat", View.FRONT, "keypoints")
    knees_in = one.values["knees-in"]
    assert knees_in.measured == pytest.approx(knees_in.true, abs=0.06)
    assert one.idle_s == pytest.approx(1.0 + 5 * 1.0 + 1.0, abs=1.0)


def test_a_rep_that_nobody_did_is_a_false_one(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    one = evaluate(read_recording(write_set(tmp_path, "set", knees(1.2), missing=2)), NOBODY, exercises)
    assert (one.counted, one.true_reps, one.false_reps) == (5, 3, 2)


def test_a_walk_has_neither_reps_nor_values(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    one = evaluate(read_recording(write_walk(tmp_path)), NOBODY, exercises)
    assert (one.counted, one.false_reps, one.values, one.exercise) == (0, 0, {}, None)
    assert one.idle_s == pytest.approx(6.0, abs=0.1)


def test_a_set_that_was_taken_for_another_view_was_measured_by_none_of_its_checks(
    tmp_path: Path, exercises: dict[str, Exercise]
) -> None:
    recording = read_recording(write_set(tmp_path, "set", knees(0.7, reps=4)))
    write_set(tmp_path, "other", [Squatter()] * 4, view="side")
    (tmp_path / "other.npz").replace(recording.path)
    one = evaluate(recording, NOBODY, exercises)
    assert one.seen_from is View.SIDE
    assert one.values["knees-in"].measured == ()
    (of_knees,) = said_of(next(c for c in exercises["overhead-squat"].checks if c.slug == "knees-in"), [one])
    assert of_knees.said is Status.NOT_ASSESSED


def test_keypoints_show_nothing_to_a_second_model(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    path = write_set(tmp_path, "set", knees(1.2))
    recording = read_recording(path)
    reps = tuple(replace(rep, truths={"feet-turn-out": 30.0}) for rep in recording.reps)
    one = evaluate(replace(recording, reps=reps), replace(NOBODY, second=Path("a-model")), exercises)
    assert "feet-turn-out" not in one.values


def test_films_are_kept_by_their_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.bench.accuracy import outcome as module
    from kiosk.vision.models import find_model, models_dir

    asked: list[Path | None] = []
    monkeypatch.setattr(module, "keypoints", lambda *_, cache, **__: asked.append(cache))
    (tmp_path / "walk.mp4").write_bytes(b"one")
    recording = read_recording(write_walk(tmp_path))
    looker = Looker(find_model("lightning_int8", models_dir()), None, tmp_path / "cache")
    looker.track(recording)
    (tmp_path / "walk.mp4").write_bytes(b"another")
    looker.track(recording)
    assert asked[0] != asked[1]
    assert looker.name(recording) == "movenet_lightning_int8"


def test_several_processes_give_what_one_gives(tmp_path: Path) -> None:
    for number in range(3):
        write_set(tmp_path, f"set-{number}", knees(0.7 + 0.1 * number, reps=3), seed=number)
    work = [(one, NOBODY) for one in read_recordings(tmp_path)]
    one, two = (list(outcomes(work, Loading(), jobs)) for jobs in (1, 2))
    assert [x.name for x in one] == ["set-0", "set-1", "set-2"]
    assert one == two


def test_a_recording_that_cannot_be_read_ends_the_work_with_a_sentence(tmp_path: Path) -> None:
    recording = read_recording(write_walk(tmp_path))
    recording.path.write_bytes(b"")
    with pytest.raises(SourceError, match=r"walk\.npz"):
        list(outcomes([(recording, NOBODY)], Loading(), 2))


# -- what was said, and what is true --------------------------------------------------------------------------------


def test_saying_and_truth_follow_the_same_rules() -> None:
    (one,) = said(outcome([5, 5, 30, 30, 30], [5, 5, 25, 25, 25]))
    assert (one.said, one.truth, one.size) == (Status.SIGN, Status.SIGN, 1.5)
    assert (one.measured, one.true) == (30, 25)
    assert not one.clean


def test_a_clean_set_has_every_true_rep_on_the_near_side_of_clear() -> None:
    assert [one.clean for one in said(constant(5, 9.9), outcome([5] * 5, [5, 5, 5, 5, 10.1]))] == [True, False]


def test_a_set_without_a_known_truth_is_left_out() -> None:
    assert said(outcome([5] * 5, [NAN] * 5)) == []


def test_a_correction_is_applied_before_it_is_settled() -> None:
    (one,) = said(constant(25, 9), line=Line(offset=7, gain=2))
    assert (one.said, one.measured) == (Status.CLEAR, 9.0)


def test_reps_that_were_missed_do_not_shift_the_others() -> None:
    missed = outcome([30, 31, 32], [10, 30, 31, 32], matches=((0, 1), (1, 2), (2, 3)))
    (one,) = said(missed)
    assert one.reps == ((30, 30), (31, 31), (32, 32))


@pytest.mark.parametrize(
    ("measured", "right"),
    [
        ([5, 5, 5, 30, 30, 30, 30], True),
        ([5, 5, 30, 30, 30, 30, 30], True),
        ([30, 30, 30, 30, 30, 30, 30], False),
        ([5, 5, 5, 5, 5, 5, 5], False),
    ],
)
def test_an_onset_is_right_within_one_rep(measured: list[float], right: bool) -> None:
    (one,) = said(outcome(measured, [5, 5, 5, 30, 30, 30, 30]))
    assert one.onset_right is right


def test_a_fault_from_the_first_rep_on_has_no_onset() -> None:
    assert said(constant(30, 30))[0].onset_right is None


@pytest.mark.parametrize(
    ("factors", "as_asked"),
    [
        ({}, True),
        ({"yaw_deg": -15.0, "height_m": 0.7, "distance_m": 4}, True),
        ({"yaw_deg": -15.5}, False),
        ({"height_m": 0.6}, False),
        ({"height_m": 1.4}, False),
        ({"distance_m": 2.4}, False),
        ({"distance_m": 4.1}, False),
        ({"distance_m": None, "yaw_deg": "askew", "height_m": True}, True),
    ],
)
def test_cameras_are_mounted_as_asked_or_not(factors: dict[str, Any], as_asked: bool) -> None:
    assert is_mounted(constant(1, 1, factors=factors)) is as_asked


# -- corrections --------------------------------------------------------------------------------


def biased(
    offset: float, gain: float, low: float = 0.0, high: float = 40.0, spread: float = 0.5
) -> Iterable[SetOutcome]:
    noise = np.random.default_rng(5).normal(0, spread, 60)
    for place, true in enumerate(np.linspace(low, high, 60)):
        measured = float(gain * true + offset + noise[place])
        yield constant(measured, float(true), f"set-{place}", factors={"body": f"person-{place % 6}"})


def test_a_shift_is_found() -> None:
    line = fitted(a_check(), said(*biased(6.0, 1.0)))
    assert (line.offset, line.gain) == (pytest.approx(6.0, abs=0.4), pytest.approx(1.0, abs=0.03))


def test_a_gain_is_found_where_the_truth_differs_enough() -> None:
    line = fitted(a_check(), said(*biased(2.0, 0.7)))
    assert (line.offset, line.gain) == (pytest.approx(2.0, abs=0.5), pytest.approx(0.7, abs=0.03))


def test_no_gain_is_read_into_a_narrow_range() -> None:
    line = fitted(a_check(), said(*biased(2.0, 0.7, low=10, high=16)))
    assert line.gain == 1.0
    assert line.offset == pytest.approx(2.0 - 0.3 * 13, abs=0.4)


def test_one_wild_set_does_not_move_the_line() -> None:
    wild = constant(300.0, 20.0, "wild")
    assert fitted(a_check(), said(*biased(6.0, 1.0), wild)).offset == pytest.approx(6.0, abs=0.4)


def test_what_is_right_already_is_left_alone() -> None:
    assert fitted(a_check(), said(*biased(0.0, 1.0, spread=2.0))) == IDENTITY


def test_few_sets_correct_nothing() -> None:
    assert fitted(a_check(), said(*list(biased(6.0, 1.0))[::8])) == IDENTITY


def test_a_two_sided_check_is_never_shifted() -> None:
    check = a_check(two_sided=True)
    line = fitted(check, said(*biased(0.0, 0.6, low=-30, high=30), check=check))
    assert (line.offset, line.gain) == (0.0, pytest.approx(0.6, abs=0.05))


# -- the card --------------------------------------------------------------------------------


def test_a_known_bias_is_found_on_some_people_and_taken_out_on_others(
    tmp_path: Path, exercises: dict[str, Exercise]
) -> None:
    """Knees that the model sees 4 px too far in would make squats with knees over the feet look wrong."""
    recordings = read_recordings(write_squats(tmp_path, knees_px=4.0, model="movenet_thunder_f16", source="figures"))
    found = list(outcomes([(one, NOBODY) for one in recordings], Loading(), 1))
    squat = exercises["overhead-squat"]
    card = card_of(squat, recordings, found, "report")
    assert (card.exercise, card.recordings, card.negatives, card.people) == ("overhead-squat", 24, 1, 3)
    assert (card.part, card.source) == ("report", "figures")
    check = card.models["movenet_thunder_f16"].checks["knees-in"]
    assert check.offset == pytest.approx(-0.121, abs=0.01)  # 8 px of 66 between the ankles
    assert check.gain == pytest.approx(1.0, abs=0.02)
    assert check.error is not None
    assert check.error < 0.03
    assert check.found == Share(10, 10), "of 11 beyond the limit one is nearer than what is promised"
    assert check.false_signs == Share(0, 12)
    assert card.models["movenet_thunder_f16"].reps.exact == 24
    assert card.models["movenet_thunder_f16"].reps.negatives == 1
    lines = listing([squat], [card], found).splitlines()
    assert len([line for line in lines if ",knees-in," in line]) == 48
    assert len([line for line in lines if ",walk-" in line]) == 2


def test_keypoints_of_no_named_model_are_not_corrected(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    recordings = read_recordings(write_squats(tmp_path, knees_px=4.0))
    found = list(outcomes([(one, NOBODY) for one in recordings], Loading(), 1))
    card = card_of(exercises["overhead-squat"], recordings, found, "tune")
    check = card.models["keypoints"].checks["knees-in"]
    assert (check.offset, check.gain) == (0.0, 1.0)
    assert check.error == pytest.approx(0.12, abs=0.05)
    assert card.models["keypoints"].reps.negatives == 1


def test_an_exercise_that_no_recording_shows_has_no_model(exercises: dict[str, Exercise]) -> None:
    assert card_of(an_exercise(a_check()), [], [constant(1, 1, exercise="other")], "report").models == {}
