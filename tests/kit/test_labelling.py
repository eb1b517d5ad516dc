"""A set made into a golden recording: the cut, and the questions."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import KioskError, OutputError
from kiosk.kit.golden import Labels
from kiosk.kit.labelling import (
    MARGIN_S,
    ask_labels,
    ask_view,
    at_the_terminal,
    cut_to_the_set,
    free_place,
    refuse_taken,
)
from kiosk.movement.passes import read_pass
from kiosk.movement.view import View
from kiosk.testing import FRONT, Squatter, perform

from .sets import CLEAN, KNEES_IN, squat

TRACK = perform([CLEAN] * 5, FRONT, lead_s=6.0)


def answers(*given: str) -> tuple[Callable[[str], str], list[str]]:
    """Return what answers one question after the other, and where the questions are kept."""
    left, asked = list(given), []

    def ask(question: str) -> str:
        asked.append(question)
        return left.pop(0)

    return ask, asked


def labelled(*given: str) -> tuple[Labels, list[str], list[str]]:
    """Return the labels for these answers, what was asked and what was said."""
    ask, asked = answers(*given)
    said: list[str] = []
    return ask_labels(squat(), View.FRONT, read_pass(squat(), TRACK), ask, said.append), asked, said


def test_the_cut_begins_and_ends_a_moment_before_and_after_the_set() -> None:
    read = read_pass(squat(), TRACK)
    cut, begins_s = cut_to_the_set(TRACK, read)
    assert begins_s == pytest.approx(read.reps[0].start_s - MARGIN_S, abs=0.05)
    assert cut.t_s[0] == 0.0
    assert cut.t_s[-1] <= read.reps[-1].end_s - begins_s + MARGIN_S + 0.05
    assert len(read_pass(squat(), cut).complete) == 5


def test_the_cut_changes_no_value_that_is_shown() -> None:
    knees = perform([KNEES_IN] * 5, FRONT, lead_s=6.0, noise_px=1.0)
    cut, _ = cut_to_the_set(knees, read_pass(squat(), knees))
    whole, part = (read_pass(squat(), track).reps for track in (knees, cut))
    for before, after in zip(whole, part, strict=True):
        assert after.range_of_motion == pytest.approx(before.range_of_motion, abs=0.005)
    assert np.abs(cut.xy - cut.xy.round(1)).max() == 0


def test_a_track_without_a_rep_is_kept_whole() -> None:
    still = perform([Squatter(depth=0.0)], FRONT)
    cut, begins_s = cut_to_the_set(still, read_pass(squat(), still))
    assert (len(cut), begins_s) == (len(still), 0.0)


def test_enter_all_the_way_labels_a_clean_set_as_it_was_counted() -> None:
    labels, asked, said = labelled("", "")
    assert len(labels.reps) == 5
    assert labels.not_signs == ("knees-in", "knees-out", "weight-shift")
    assert labels.signs == ()
    assert "[5]" in asked[0]
    assert any("Knees move inward (knees-in)" in line for line in said)
    assert labels.reps[0].start_s < labels.reps[0].bottom_s < labels.reps[0].end_s


def test_a_sign_in_some_reps_is_labelled_rep_by_rep() -> None:
    labels, asked, _ = labelled("5", "1", "3-5")
    assert "Knees move inward: in which?" in asked[-1]
    assert [labels.in_rep("knees-in", number) for number in range(1, 6)] == [False, False, True, True, True]
    assert labels.signs == ("knees-in",)
    assert labels.not_signs == ("knees-out", "weight-shift")


def test_a_sign_in_too_few_reps_is_no_sign_of_the_set_and_no_clean_one_either() -> None:
    labels, _, _ = labelled("5", "1", "2")
    assert labels.in_set("knees-in") is None


def test_another_count_than_the_exercises_own_leaves_the_times_out() -> None:
    labels, _, _ = labelled("7", "2", "")
    assert len(labels.reps) == 7
    assert all(np.isnan(rep.start_s) for rep in labels.reps)
    assert labels.in_set("knees-out") is True


def test_no_rep_at_all_ends_the_questions() -> None:
    labels, asked, _ = labelled("0")
    assert (labels.reps, len(asked)) == ((), 1)


@pytest.mark.parametrize("nonsense", ["5.5", "many", "-1", "1e3", "99999"])
def test_a_count_that_is_none_is_asked_again(nonsense: str) -> None:
    labels, asked, said = labelled(nonsense, "5", "")
    assert len(labels.reps) == 5
    assert asked[0] == asked[1]
    assert "A whole number, such as 5." in said


@pytest.mark.parametrize("nonsense", ["4", "0", "knees-in", "1-", "2-9", "3-1", "1 x", "1-999999999999"])
def test_numbers_that_are_none_are_asked_again(nonsense: str) -> None:
    labels, _, said = labelled("5", nonsense, "1,2", "", "2-3 5")
    assert labels.signs == ("knees-in", "knees-out")
    assert said[-1] == "Numbers from 1 to 3, such as 1 3-5."


def test_the_view_is_asked_until_it_is_one() -> None:
    ask, asked = answers("above", "Side")
    said: list[str] = []
    assert ask_view(ask, said.append) is View.SIDE
    assert (len(asked), len(said)) == (2, 1)


def test_answers_that_end_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", ended)
    with pytest.raises(KioskError, match="unanswered"):
        at_the_terminal("How many? ")


def test_a_name_is_free_when_neither_file_is_there(tmp_path: Path) -> None:
    assert free_place(tmp_path, "front") == tmp_path / "front-1.npz"
    (tmp_path / "front-1.npz").touch()
    (tmp_path / "front-2.toml").touch()
    assert free_place(tmp_path, "front") == tmp_path / "front-3.npz"


@pytest.mark.parametrize("there", ["set.npz", "set.toml"])
def test_what_is_labelled_is_never_overwritten(tmp_path: Path, there: str) -> None:
    refuse_taken(tmp_path / "set.npz")
    (tmp_path / there).touch()
    with pytest.raises(OutputError, match="is already there"):
        refuse_taken(tmp_path / "set.npz")
