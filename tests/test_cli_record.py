"""``kiosk record``: keypoints of any source, and never a picture."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import SourceError
from kiosk.vision.camera import Camera, Frame
from kiosk.vision.keypoint_file import KeypointSource, read_keypoints
from tests.commands import Kiosk, make_kiosk
from tests.vision.recordings import write_video

QUICK = "lightning_int8"


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


class FakeCamera(KeypointSource):
    """A live camera whose frames come with their poses; ``lost_at`` is the frame at which it is unplugged."""

    live = True

    def __init__(self, path: Path, lost_at: int | None = None) -> None:
        super().__init__(path)
        self._lost_at = lost_at

    def read(self) -> Frame | None:
        frame = super().read()
        if frame is not None and frame.number == self._lost_at:
            raise SourceError("The camera stopped sending pictures.")
        return frame


def test_a_video_is_recorded_to_its_end(kiosk: Kiosk) -> None:
    video = write_video(kiosk.folder / "grey.mp4", 9)
    said = kiosk("record", video, "--out", "grey.npz", "--model", QUICK)
    assert said.code == 0, said.err
    assert said.out == "grey.npz: 9 frames, 0.4 s, a person in 0 of them\n"
    track = read_keypoints(kiosk.folder / "grey.npz")
    assert len(track) == 9
    assert track.size_px == (64, 48)
    np.testing.assert_allclose(track.t_s, np.arange(9) / 20, atol=1e-6)


def test_keypoints_are_copied_as_they_are(kiosk: Kiosk) -> None:
    squats = kiosk.squats()
    assert kiosk("record", squats, "--out", "again.npz").code == 0
    before, after = read_keypoints(squats), read_keypoints(kiosk.folder / "again.npz")
    np.testing.assert_array_equal(after.xy, before.xy)
    np.testing.assert_array_equal(after.t_s, before.t_s)


def test_so_many_seconds_are_recorded(kiosk: Kiosk) -> None:
    assert kiosk("record", kiosk.squats(), "--out", "part.npz", "--seconds", "1.5").code == 0
    assert len(read_keypoints(kiosk.folder / "part.npz")) == 45


@pytest.fixture
def camera(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> list[Camera]:
    """What the next ``kiosk record 0`` opens."""
    cameras: list[Camera] = [FakeCamera(kiosk.squats())]
    monkeypatch.setattr("kiosk.vision.sources.open_source", lambda *_, **__: cameras[0])
    return cameras


def test_a_camera_is_recorded_for_so_long(kiosk: Kiosk, camera: list[Camera]) -> None:
    said = kiosk("record", "0", "--out", "live.npz", "--seconds", "2")
    assert said.code == 0
    assert "Ctrl-C" in said.err
    assert len(read_keypoints(kiosk.folder / "live.npz")) == 60


def test_ctrl_c_ends_a_cameras_recording_and_keeps_it(
    kiosk: Kiosk, camera: list[Camera], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Pressed(FakeCamera):
        def read(self) -> Frame | None:
            frame = super().read()
            if frame is not None and frame.number == 40:
                os.kill(os.getpid(), signal.SIGINT)
            return frame

    camera[0] = Pressed(kiosk.folder / "squats.npz")
    assert kiosk("record", "0", "--out", "live.npz").code == 0
    assert len(read_keypoints(kiosk.folder / "live.npz")) in (40, 41)


def test_a_camera_that_is_unplugged_keeps_what_came_and_is_told(kiosk: Kiosk, camera: list[Camera]) -> None:
    camera[0] = FakeCamera(kiosk.folder / "squats.npz", lost_at=50)
    said = kiosk("record", "0", "--out", "live.npz")
    assert said.code == 2
    assert "stopped sending pictures. What came before is in live.npz." in said.err
    assert len(read_keypoints(kiosk.folder / "live.npz")) == 50


@pytest.mark.parametrize("out", ["film.mp4", "no/such/folder/x.npz", "keypoints"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_read(
    kiosk: Kiosk, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the source was read")

    monkeypatch.setattr("kiosk.analyze.see", work)
    assert out in kiosk("record", kiosk.squats(), "--out", out).complaint


def test_the_source_is_never_overwritten(kiosk: Kiosk) -> None:
    squats = kiosk.squats()
    assert "named twice" in kiosk("record", squats, "--out", squats).complaint


@pytest.mark.parametrize("source", ["none.mp4", "none.npz", "csi:0"])
def test_a_source_that_is_not_there_is_refused_with_its_name(kiosk: Kiosk, source: str) -> None:
    assert source in kiosk("record", source, "--out", "x.npz", "--model", QUICK).complaint
    assert not (kiosk.folder / "x.npz").exists()


def test_an_unknown_model_is_refused(kiosk: Kiosk) -> None:
    assert "'alexnet'" in kiosk("record", kiosk.squats(), "--out", "x.npz", "--model", "alexnet").complaint
