"""Labelled recordings: what is read, what is refused, and the truth that comes of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.bench.accuracy.recordings import ideal_track, read_recording, read_recordings
from kiosk.bench.accuracy.truth import true_values
from kiosk.errors import SourceError
from kiosk.movement.exercise import Exercise
from kiosk.movement.view import View
from kiosk.plugins import load_plugins
from kiosk.testing import PushUpper, Squatter
from tests.bench.labelled import EDGE, LEAD_S, REP_S, knees, write_set, write_walk


@pytest.fixture(scope="module")
def exercises() -> dict[str, Exercise]:
    return load_plugins().exercises


def test_a_recording_is_read_with_its_truth(tmp_path: Path) -> None:
    path = write_set(tmp_path, "knees", knees(0.8), factors={"body": "w40", "yaw_deg": 8.0}, source="figures")
    one = read_recording(path)
    assert (one.name, one.exercise, one.view, one.part) == ("knees", "overhead-squat", View.FRONT, "report")
    assert one.factors == {"body": "w40", "yaw_deg": 8.0}
    assert (one.model, one.source, one.is_film) == ("keypoints", "figures", False)
    assert len(one.reps) == 5
    assert one.reps[0].start_s == pytest.approx(LEAD_S + EDGE * REP_S)


def test_recordings_are_found_in_folders_by_name(tmp_path: Path) -> None:
    for place, name in (("b", "two"), ("a", "one")):
        write_walk(tmp_path / place, name)
    assert [one.name for one in read_recordings(tmp_path)] == ["one", "two"]


def test_a_film_goes_before_keypoints(tmp_path: Path) -> None:
    path = write_walk(tmp_path)
    (tmp_path / "walk.mp4").touch()
    assert read_recording(path).is_film


@pytest.mark.parametrize("folder", [".", "nowhere"])
def test_a_folder_without_recordings_is_told(tmp_path: Path, folder: str) -> None:
    with pytest.raises(SourceError, match=r"holds no labelled recording: none of its files ends in \.truth\.json"):
        read_recordings(tmp_path / folder)


Edit = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda d: d.pop("factors"), "factors is missing"),
        (lambda d: d.update(schema=2), "schema must be 1, not 2"),
        (lambda d: d.update(part="all"), "part must be tune or report, not all"),
        (lambda d: d.update(view="top"), "'top' is not a valid View"),
        (lambda d: d.update(reps=[]), "an exercise needs a view and its reps"),
        (lambda d: d.update(view=None), "an exercise needs a view and its reps"),
        (lambda d: d.update(exercise=None), "reps need an exercise"),
        (lambda d: d["reps"].reverse(), "reps must stand in the order of time"),
        (lambda d: d["reps"][1].pop("end_s"), "rep 2 has no end_s"),
        (lambda d: d["reps"][1].update(bottom_s=0.0), "rep 2 must start, reach its bottom and end in that order"),
        (lambda d: d["reps"][0].update(truths={"lag_ms": float("nan")}), "rep 1 must .* at finite times"),
        (lambda d: d.update(duration_s="long"), "does not hold the truth of a recording"),
        (lambda d: d.update(ideal_size_px=3), "does not hold the truth of a recording"),
    ],
)
def test_a_wrong_truth_is_refused_by_file_and_reason(tmp_path: Path, edit: Edit, complaint: str) -> None:
    path = write_set(tmp_path, "knees", knees(0.8))
    data = json.loads(path.read_text())
    edit(data)
    path.write_text(json.dumps(data))
    with pytest.raises(SourceError, match=complaint) as refused:
        read_recording(path)
    assert str(path) in str(refused.value)


def test_a_truth_of_nothing_is_refused(tmp_path: Path) -> None:
    path = write_walk(tmp_path)
    (tmp_path / "walk.npz").unlink()
    with pytest.raises(SourceError, match=r"neither walk\.mp4 nor walk\.npz beside it"):
        read_recording(path)


def test_text_that_is_no_truth_is_refused(tmp_path: Path) -> None:
    path = write_walk(tmp_path)
    path.write_text("[")
    with pytest.raises(SourceError, match="does not hold the truth"):
        read_recording(path)


@pytest.mark.parametrize(
    "change",
    [
        {"t_s": np.arange(3.0)},
        {"ideal_xy": np.zeros((4, 17, 3))},
        {"ideal_xy": np.full((91, 17, 2), np.nan)},
        {"t_s": np.zeros(91)},
    ],
)
def test_arrays_of_a_wrong_shape_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    one = read_recording(write_walk(tmp_path))
    path = tmp_path / "walk.truth.npz"
    with np.load(path) as arrays:
        kept = dict(arrays)
    np.savez(path, **(kept | change))
    with pytest.raises(SourceError, match=r"t_s must be \(T,\), rising, and ideal_xy \(T, 17, 2\)"):
        ideal_track(one)


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_arrays_that_are_none_are_refused(tmp_path: Path, content: bytes) -> None:
    one = read_recording(write_walk(tmp_path))
    (tmp_path / "walk.truth.npz").write_bytes(content)
    with pytest.raises(SourceError, match="cannot be read as the truth of a recording"):
        ideal_track(one)


# -- true values --------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [0.7, 0.85, 1.25])
def test_the_true_value_is_the_measure_of_exact_joints(
    tmp_path: Path, exercises: dict[str, Exercise], ratio: float
) -> None:
    one = read_recording(write_set(tmp_path, "knees", knees(ratio), noise_px=9.0))
    values = true_values(exercises["overhead-squat"], one)
    assert values["knees-in"] == pytest.approx([ratio] * 5, abs=0.01)
    assert values["weight-shift"] == pytest.approx([0.0] * 5, abs=0.01)


def test_only_checks_of_the_view_have_a_truth(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    one = read_recording(write_set(tmp_path, "lean", [Squatter(lean_deg=25)] * 4, view="side"))
    values = true_values(exercises["overhead-squat"], one)
    assert values["forward-lean"] == pytest.approx([25] * 4, abs=0.5)
    assert "knees-in" not in values


def test_what_a_label_gives_goes_before_what_is_measured(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    path = write_set(tmp_path, "given", knees(0.8, reps=2))
    data = json.loads(path.read_text())
    data["reps"][1]["truths"] = {"knees-in": 0.5, "feet-turn-out": 24.0}
    path.write_text(json.dumps(data))
    values = true_values(exercises["overhead-squat"], read_recording(path))
    np.testing.assert_equal(values["knees-in"], [np.nan, 0.5])
    np.testing.assert_equal(values["feet-turn-out"], [np.nan, 24.0])
    assert "heels-rise" not in values, "nobody knows"


def test_a_lag_is_taken_from_its_label(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    one = read_recording(
        write_set(tmp_path, "lag", [PushUpper(lag_s=0.08)] * 4, exercise="incline-push-up", view="front")
    )
    assert true_values(exercises["incline-push-up"], one)["shoulders-out-of-step"] == [80.0] * 4
