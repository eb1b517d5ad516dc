"""Keypoint files: what is written comes back, and nothing but a sound file is read."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import OutputError, SourceError
from kiosk.movement.pose import PoseTrack
from kiosk.vision.keypoint_file import KeypointSource, read_keypoints, write_keypoints

from .camera_contract import all_frames
from .recordings import some_track


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "squat.npz"


def sound_arrays(frames: int = 5) -> dict[str, Any]:
    track = some_track(frames)
    return {"xy": track.xy, "score": track.score, "t_s": track.t_s, "size_px": np.array([640, 480])}


def refusal(file: Path) -> str:
    with pytest.raises(SourceError) as caught:
        read_keypoints(file)
    message = str(caught.value)
    assert message.startswith(str(file))
    assert "\n" not in message
    return message


def refusal_of(file: Path, **changed: Any) -> str:
    np.savez(file, **(sound_arrays() | changed))
    return refusal(file)


def with_changed(array: str, index: Any, value: float) -> dict[str, Any]:
    changed = np.array(sound_arrays()[array], dtype=np.float64)
    changed[index] = value
    return {array: changed}


class TestRoundTrip:
    def test_a_track_comes_back_as_it_was_written(self, file: Path) -> None:
        track = some_track(7)
        write_keypoints(file, track)
        back = read_keypoints(file)
        np.testing.assert_array_equal(back.xy, track.xy)
        np.testing.assert_array_equal(back.score, track.score)
        np.testing.assert_array_equal(back.t_s, track.t_s)
        assert back.size_px == (640, 480)

    def test_keypoints_not_seen_stay_not_seen(self, file: Path) -> None:
        track = some_track(3)
        track.xy[1, 4] = np.nan
        track.score[1, 4] = 0.1
        write_keypoints(file, track)
        back = read_keypoints(file)
        assert np.isnan(back.xy[1, 4]).all()
        assert np.isnan(back.xy).sum() == 2

    def test_the_file_holds_exactly_the_documented_arrays(self, file: Path) -> None:
        write_keypoints(file, some_track(3))
        with np.load(file, allow_pickle=False) as arrays:
            assert {name: arrays[name].shape for name in arrays.files} == {
                "xy": (3, 17, 2),
                "score": (3, 17),
                "t_s": (3,),
                "size_px": (2,),
                "model": (),
            }


class TestReading:
    def test_keypoints_below_the_limit_become_not_seen(self, file: Path) -> None:
        arrays = sound_arrays()
        arrays["score"][2, 5] = 0.29
        arrays["score"][2, 6] = 0.3
        np.savez(file, **arrays)
        track = read_keypoints(file)
        assert np.isnan(track.xy[2, 5]).all()
        assert not np.isnan(track.xy[2, 6]).any()
        assert track.score[2, 5] == 0.29

    def test_half_a_keypoint_is_none(self, file: Path) -> None:
        np.savez(file, **(sound_arrays() | with_changed("xy", (0, 3, 1), np.nan)))
        assert np.isnan(read_keypoints(file).xy[0, 3]).all()

    def test_a_frame_without_a_person_may_be_all_nan(self, file: Path) -> None:
        np.savez(file, **(sound_arrays() | with_changed("xy", 2, np.nan) | with_changed("score", 2, np.nan)))
        track = read_keypoints(file)
        assert np.isnan(track.xy[2]).all()
        assert (track.score[2] == 0).all()

    @pytest.mark.parametrize("kind", [np.float32, np.float16, np.int32, ">f8"])
    def test_any_kind_of_number_is_read(self, file: Path, kind: Any) -> None:
        arrays = sound_arrays()
        arrays["xy"] = arrays["xy"].astype(kind)
        np.savez_compressed(file, **arrays)
        track = read_keypoints(file)
        assert track.xy.dtype == np.float64
        np.testing.assert_allclose(track.xy, arrays["xy"].astype(np.float64))

    def test_arrays_that_are_not_asked_for_are_left_alone(self, file: Path) -> None:
        np.savez(file, **sound_arrays(), person=np.array([object()], dtype=object))
        assert len(read_keypoints(file)) == 5

    def test_equal_times_do_not_fall(self, file: Path) -> None:
        np.savez(file, **(sound_arrays() | {"t_s": np.array([0, 0, 0.1, 0.1, 0.2])}))
        assert len(read_keypoints(file)) == 5


class TestRefusals:
    @pytest.mark.parametrize("name", ["xy", "score", "t_s", "size_px"])
    def test_a_missing_array_is_named(self, file: Path, name: str) -> None:
        arrays = sound_arrays()
        del arrays[name]
        np.savez(file, **arrays)
        assert f"the array {name} is missing" in refusal(file)

    @pytest.mark.parametrize(
        ("name", "shape", "wanted"),
        [
            ("xy", (5, 17, 3), "(T, 17, 2)"),
            ("xy", (5, 33, 2), "(T, 17, 2)"),
            ("xy", (5, 34), "(T, 17, 2)"),
            ("score", (5, 16), "(T, 17)"),
            ("score", (5, 17, 1), "(T, 17)"),
            ("t_s", (5, 1), "(T,)"),
            ("t_s", (), "(T,)"),
            ("size_px", (3,), "(2,)"),
        ],
    )
    def test_a_wrong_shape_is_told_with_the_right_one(
        self, file: Path, name: str, shape: tuple[int, ...], wanted: str
    ) -> None:
        message = refusal_of(file, **{name: np.zeros(shape)})
        assert f"the array {name} has the shape {shape} instead of {wanted}" in message

    @pytest.mark.parametrize(("name", "frames"), [("xy", 4), ("score", 6)])
    def test_arrays_of_different_length_are_told_apart(self, file: Path, name: str, frames: int) -> None:
        message = refusal_of(file, **{name: sound_arrays(frames)[name]})
        assert f"the array {name} has {frames} frames and t_s has 5" in message

    def test_an_empty_recording_is_refused(self, file: Path) -> None:
        np.savez(file, **sound_arrays(0))
        assert "no frame" in refusal(file)

    @pytest.mark.parametrize(
        "times_s", [[0, 1, 0.5, 2, 3], [0, 1, np.nan, 2, 3], [0, 1, 2, 3, np.inf], [-np.inf, 0, 1, 2, 3]]
    )
    def test_times_that_fall_or_are_no_numbers_are_refused(self, file: Path, times_s: list[float]) -> None:
        assert "never fall" in refusal_of(file, t_s=np.array(times_s))

    @pytest.mark.parametrize("size", [[0, 480], [640, -1], [640.5, 480], [np.nan, 480], [np.inf, 480], [10**6, 480]])
    def test_an_impossible_picture_size_is_refused(self, file: Path, size: list[float]) -> None:
        assert "the picture size" in refusal_of(file, size_px=np.array(size))

    @pytest.mark.parametrize("score", [-0.1, 1.1, np.inf, -np.inf])
    def test_a_score_beyond_its_range_is_refused(self, file: Path, score: float) -> None:
        assert "between 0 and 1" in refusal_of(file, **with_changed("score", (0, 0), score))

    @pytest.mark.parametrize("x", [1e7, -1e7, np.inf])
    def test_a_keypoint_far_outside_the_picture_is_refused(self, file: Path, x: float) -> None:
        assert "far outside" in refusal_of(file, **with_changed("xy", (0, 0, 0), x))

    @pytest.mark.parametrize("kind", ["U5", "S5", bool, complex, "M8[s]"])
    def test_arrays_that_hold_no_numbers_are_refused(self, file: Path, kind: Any) -> None:
        assert "the array score does not hold numbers" in refusal_of(file, score=np.zeros((5, 17), kind))

    def test_python_objects_are_refused_and_never_unpacked(self, file: Path, tmp_path: Path) -> None:
        class Trap:
            def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
                return os.mkdir, (str(tmp_path / "sprung"),)

        trap = np.full((5, 17), None, dtype=object)
        trap[0, 0] = Trap()
        assert "the array score does not hold numbers" in refusal_of(file, score=trap)
        assert not (tmp_path / "sprung").exists()

    @pytest.mark.parametrize(
        ("frames", "reason"),
        [(10**12, "the array xy is too large"), (-1, "the array xy has the shape (-1, 17, 2)")],
    )
    def test_an_array_that_claims_an_absurd_size_is_refused_unread(self, file: Path, frames: int, reason: str) -> None:
        header = io.BytesIO()
        claim = {"descr": "<f8", "fortran_order": False, "shape": (frames, 17, 2)}
        np.lib.format.write_array_header_1_0(header, claim)
        np.savez(file, **{name: array for name, array in sound_arrays().items() if name != "xy"})
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("xy.npy", header.getvalue())
        assert reason in refusal(file)

    def test_a_missing_file_a_folder_and_an_empty_file_are_told_apart(self, file: Path) -> None:
        assert "does not exist" in refusal(file)
        file.touch()
        assert "is empty" in refusal(file)
        assert "is a folder" in refusal(file.parent)

    def test_another_kind_of_file_is_refused(self, file: Path) -> None:
        file.write_text("Knees out, chest up.")
        assert "not an .npz file" in refusal(file)

    def test_a_single_array_is_refused(self, file: Path) -> None:
        with file.open("wb") as stream:
            np.save(stream, np.zeros(5))
        assert "not an .npz file" in refusal(file)

    def test_any_other_zip_is_refused(self, file: Path) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("xy.npy", "no array at all")
        assert "damaged" in refusal(file)

    @pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.99])
    def test_a_file_cut_off_anywhere_is_refused(self, file: Path, part: float) -> None:
        write_keypoints(file, some_track(20))
        data = file.read_bytes()
        file.write_bytes(data[: int(part * len(data))])
        assert "cut off" in refusal(file)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_a_damaged_file_is_refused_or_read_but_never_a_crash(self, file: Path, data: st.DataObject) -> None:
        np.savez(file, **sound_arrays(2))
        damaged = bytearray(file.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
        file.write_bytes(damaged)
        try:
            track = read_keypoints(file)
        except SourceError as error:
            assert str(file) in str(error)
        else:
            assert track.xy.shape == (2, 17, 2)


class TestWriting:
    def test_a_name_that_would_not_be_read_back_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match=r"ends in \.npz"):
            write_keypoints(tmp_path / "squat.zip", some_track(2))
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_does_not_exist_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match=r"squat\.npz cannot be written: No such file"):
            write_keypoints(tmp_path / "nowhere" / "squat.npz", some_track(2))

    def test_a_folder_in_the_place_is_refused_and_left_alone(self, file: Path) -> None:
        file.mkdir()
        with pytest.raises(OutputError, match="cannot be written: Is a directory"):
            write_keypoints(file, some_track(2))
        assert [path.name for path in file.parent.iterdir()] == ["squat.npz"]

    def test_a_full_disk_leaves_the_old_file_and_no_rubbish(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_keypoints(file, some_track(2))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left on device"):
            write_keypoints(file, some_track(9))
        monkeypatch.undo()
        assert len(read_keypoints(file)) == 2
        assert [path.name for path in file.parent.iterdir()] == ["squat.npz"]

    def test_a_file_that_is_there_is_replaced(self, file: Path) -> None:
        write_keypoints(file, some_track(2))
        write_keypoints(file, some_track(9))
        assert len(read_keypoints(file)) == 9

    def test_it_is_on_the_disk_before_it_takes_the_name(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        there: list[bool] = []
        monkeypatch.setattr(os, "fsync", lambda descriptor: there.append(file.exists()))
        write_keypoints(file, some_track(2))
        assert there == [False, True]


class TestSource:
    def test_frames_carry_the_poses_and_times_of_the_file(self, file: Path) -> None:
        track = some_track(4, fps=12.5)
        write_keypoints(file, track)
        source = KeypointSource(file)
        source.open()
        for frame in all_frames(source):
            assert frame.image is None
            assert frame.pose is not None
            assert frame.t_s == track.t_s[frame.number]
            np.testing.assert_array_equal(frame.pose.xy, track.xy[frame.number])
        assert source.fps == pytest.approx(12.5)
        assert (source.name, source.frame_count) == ("squat.npz", 4)

    def test_a_single_frame_has_no_rate(self, file: Path) -> None:
        write_keypoints(file, some_track(1))
        source = KeypointSource(file)
        source.open()
        assert source.fps == 0.0

    def test_a_defect_shows_when_it_is_opened(self, file: Path) -> None:
        with pytest.raises(SourceError, match="does not exist"):
            KeypointSource(file).open()

    def test_a_track_without_any_person_is_still_a_recording(self, file: Path) -> None:
        nobody = PoseTrack(np.full((3, 17, 2), np.nan), np.zeros((3, 17)), np.arange(3) / 10, (64, 48))
        write_keypoints(file, nobody)
        source = KeypointSource(file)
        source.open()
        poses = [frame.pose for frame in all_frames(source)]
        assert [pose is not None and pose.sees(0) for pose in poses] == [False] * 3

    def test_it_knows_what_found_the_keypoints_where_the_file_says(self, file: Path) -> None:
        write_keypoints(file, some_track(2), "movenet_thunder_f16")
        assert KeypointSource(file).model == "movenet_thunder_f16"
        write_keypoints(file, some_track(2))
        assert KeypointSource(file).model is None

    def test_a_file_from_before_names_no_model(self, file: Path) -> None:
        track = some_track(2)
        np.savez(file, xy=track.xy, score=track.score, t_s=track.t_s, size_px=np.array(track.size_px))
        assert KeypointSource(file).model is None
        assert len(read_keypoints(file)) == 2

    @pytest.mark.parametrize("name", [np.array(3), np.array(["a", "b"]), np.array("m" * 5000)])
    def test_what_is_no_name_is_none(self, file: Path, name: np.ndarray[Any, Any]) -> None:
        track = some_track(2)
        np.savez(file, xy=track.xy, score=track.score, t_s=track.t_s, size_px=np.array(track.size_px), model=name)
        assert KeypointSource(file).model is None

    def test_a_broken_file_names_none(self, file: Path) -> None:
        file.write_bytes(b"PK")
        assert KeypointSource(file).model is None
