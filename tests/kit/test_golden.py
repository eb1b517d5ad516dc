"""Golden recordings: what labels mean, and that a mistake in them is named."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import PluginError, SourceError
from kiosk.kit.golden import (
    LabelledRep,
    Labels,
    check_labels,
    exercises_in,
    looked_at,
    read_folder,
    read_labels,
    write_labels,
)
from kiosk.movement.pose import Side
from kiosk.movement.view import View

from .sets import CLEAN, golden, late_knees, squat, write

K = ("knees-in",)
BOTH = LabelledRep(shows=K)
NOT = LabelledRep(clear=K)


def labels(*reps: LabelledRep, signs: tuple[str, ...] = (), not_signs: tuple[str, ...] = ()) -> Labels:
    return Labels("overhead-squat", View.FRONT, reps, signs, not_signs)


def read(tmp_path: Path, text: str) -> Labels:
    place = tmp_path / "set.toml"
    place.write_text(text, encoding="utf-8")
    return read_labels(place)


HEAD = 'exercise = "overhead-squat"\nview = "front"\n'


def test_five_lines_label_a_set(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + 'reps = 5\nsigns = ["knees-in"]\nnot_signs = ["knees-out"]\n')
    assert (len(found.reps), found.in_set("knees-in"), found.in_set("knees-out")) == (5, True, False)
    assert found.in_set("weight-shift") is None
    assert not found.by_rep


def test_what_is_said_of_the_set_holds_for_each_rep_where_no_rep_says_otherwise() -> None:
    whole = labels(LabelledRep(), LabelledRep(), signs=K, not_signs=("knees-out",))
    assert [whole.in_rep("knees-in", number) for number in (1, 2)] == [True, True]
    assert [whole.in_rep("knees-out", number) for number in (1, 2)] == [False, False]
    late = labels(NOT, BOTH, LabelledRep(), signs=K)
    assert [late.in_rep("knees-in", number) for number in (1, 2, 3)] == [False, True, None]
    assert late.in_rep("knees-in", 9) is None


@pytest.mark.parametrize(
    ("reps", "expected"),
    [
        ((NOT, NOT, BOTH, BOTH, BOTH), True),
        ((BOTH, BOTH, BOTH), True),
        ((NOT, NOT, NOT), False),
        ((BOTH, NOT, NOT, NOT, NOT), None),
        ((BOTH, BOTH, LabelledRep()), None),
        ((), None),
    ],
)
def test_what_a_set_shows_follows_from_its_reps_as_in_a_scan(
    reps: tuple[LabelledRep, ...], expected: bool | None
) -> None:
    assert labels(*reps).in_set("knees-in") is expected


@pytest.mark.parametrize(
    "written",
    [
        labels(LabelledRep(), LabelledRep(), signs=K),
        labels(NOT, BOTH, not_signs=("knees-out",)),
        labels(),
        replace(labels(), side=Side.RIGHT, held_s=31.5),
        replace(labels(BOTH), held_s=5.0, view=View.SIDE),
    ],
)
def test_labels_are_read_back_as_they_were_written(tmp_path: Path, written: Labels) -> None:
    assert repr(read(tmp_path, write_labels(written))) == repr(written)


def test_times_are_kept_and_move_with_the_cut(tmp_path: Path) -> None:
    timed = labels(replace(BOTH, start_s=10.0, bottom_s=11.0, end_s=12.0), LabelledRep()).moved(-8.5)
    again = read(tmp_path, write_labels(timed))
    assert (again.reps[0].start_s, again.reps[0].bottom_s, again.reps[0].end_s) == (1.5, 2.5, 3.5)
    assert math.isnan(again.reps[1].start_s)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEAD, "reps: is missing"),
        ('reps = 5\nview = "front"\n', "exercise: is missing"),
        (HEAD + "reps = -1\n", "reps: must be a whole number"),
        (HEAD + "reps = 2.5\n", "reps: must be a whole number"),
        (HEAD + 'reps = 5\nsigns = ["knees-in"]\nnot_signs = ["knees-in"]\n', "'knees-in' is also in signs"),
        (HEAD + "reps = 5\nsings = []\n", "sings: is not a known key; did you mean 'signs'?"),
        (HEAD + "[[reps]]\nshows = ['knees-in']\nclear = ['knees-in']\n", "reps[1].clear: 'knees-in' is also in shows"),
        (HEAD + "[[reps]]\nstart_s = 3\nend_s = 2\n", "reps[1]: must start, reach its bottom and end in that order"),
        (HEAD + "[[reps]]\nbottom_s = 3\n[[reps]]\nstart_s = 2\n", "reps: must stand in the order of time"),
        (HEAD + "[[reps]]\nstart_s = -3\n", "reps[1].start_s: must be 0 or more"),
        ('exercise = "overhead-squat"\nview = "top"\nreps = 1\n', "view: 'top' is not known"),
        (HEAD + 'side = "up"\nreps = 1\n', "side: 'up' is not known"),
        ("reps = ", "is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(PluginError) as told:
        read(tmp_path, text)
    assert complaint in str(told.value)
    assert "set.toml" in str(told.value)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (labels(signs=("knee-in",)), "knee-in: is not a check of overhead-squat; did you mean 'knees-in'?"),
        (labels(signs=("forward-lean",)), "forward-lean: is looked at from the side, and this set is seen from the"),
        (replace(labels(), exercise="plank"), "exercise: is 'plank'"),
        (replace(labels(), held_s=30.0), "held_s: does not fit"),
        (replace(labels(), side=Side.LEFT), "side: must be no side"),
    ],
)
def test_labels_that_the_exercise_cannot_show_are_refused(wrong: Labels, complaint: str) -> None:
    with pytest.raises(PluginError, match=r"set\.toml") as told:
        check_labels(wrong, squat(), View.FRONT, "set.toml")
    assert complaint in str(told.value)


def test_a_folder_gives_the_recordings_of_one_exercise_by_name(tmp_path: Path) -> None:
    other = golden([CLEAN], replace(labels(LabelledRep()), exercise="incline-push-up"), name="a-push-up")
    write(tmp_path, late_knees("b"), golden([CLEAN] * 2, name="a", not_signs=K), other)
    assert [one.name for one in read_folder(tmp_path, squat())] == ["a", "b"]
    assert exercises_in(tmp_path) == ("incline-push-up", "overhead-squat")


def test_a_recording_without_labels_is_named(tmp_path: Path) -> None:
    write(tmp_path, late_knees())
    (tmp_path / "late.toml").unlink()
    with pytest.raises(PluginError, match=r"late.npz has no labels: write late.toml beside it"):
        read_folder(tmp_path, squat())


def test_a_recording_that_is_damaged_is_named(tmp_path: Path) -> None:
    write(tmp_path, late_knees())
    (tmp_path / "late.npz").write_bytes(b"no keypoints")
    with pytest.raises(SourceError, match=r"late.npz is not a keypoint file"):
        read_folder(tmp_path, squat())


def test_only_what_keypoints_show_is_looked_at() -> None:
    assert [check.slug for check in looked_at(squat(), View.FRONT)] == ["knees-in", "knees-out", "weight-shift"]
