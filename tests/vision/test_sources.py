"""Video files, good and bad, and the choice of a source by its name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from kiosk.errors import SourceError
from kiosk.vision.auto import AutoCamera
from kiosk.vision.camera import Frame, Image
from kiosk.vision.csi import CsiCamera
from kiosk.vision.devices import Cameras, VideoDevice
from kiosk.vision.exposure import Exposure
from kiosk.vision.keypoint_file import KeypointSource
from kiosk.vision.sources import VideoFile, open_source, refused_by
from kiosk.vision.v4l2 import UsbCamera

from .camera_contract import all_frames
from .fake_cameras import FakeUsbDevice
from .recordings import HEIGHT, WIDTH, grey, picture, turn_a_quarter, write_gif, write_noise_avi, write_video


def frames_of(path: Path) -> list[Frame]:
    video = VideoFile(path)
    video.open()
    frames = all_frames(video)
    video.close()
    return frames


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        VideoFile(path).open()
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


class TestVideo:
    def test_every_frame_comes_in_order_with_its_picture(self, tmp_path: Path) -> None:
        frames = frames_of(write_video(tmp_path / "squat.mp4", 9))
        levels = [float(f.image.mean()) for f in frames if f.image is not None]
        assert levels == pytest.approx([grey(n) for n in range(9)], abs=6)

    def test_times_are_those_of_the_stream(self, tmp_path: Path) -> None:
        frames = frames_of(write_video(tmp_path / "squat.mp4", 5, fps=12.5))
        assert [f.t_s for f in frames] == pytest.approx([0, 0.08, 0.16, 0.24, 0.32], abs=1e-3)

    def test_the_header_s_rate_and_count_are_told(self, tmp_path: Path) -> None:
        video = VideoFile(write_video(tmp_path / "squat.mp4", 5, fps=12.5))
        assert (video.name, video.fps, video.frame_count) == ("squat.mp4", 0.0, None)
        video.open()
        assert (video.fps, video.frame_count) == (12.5, 5)
        video.close()

    def test_each_frame_of_a_gif_lasts_as_long_as_it_says(self, tmp_path: Path) -> None:
        frames = frames_of(write_gif(tmp_path / "squat.gif", [0.1, 0.05, 0.2, 0.4, 0.1]))
        assert [f.t_s for f in frames] == pytest.approx([0, 0.1, 0.15, 0.35, 0.75])
        levels = [float(f.image.mean()) for f in frames if f.image is not None]
        assert levels == pytest.approx([grey(n) for n in range(5)], abs=3)

    def test_a_phone_video_is_turned_upright(self, tmp_path: Path) -> None:
        video = write_video(tmp_path / "portrait.mp4", 3)
        assert {f.size_px for f in frames_of(video)} == {(WIDTH, HEIGHT)}
        turn_a_quarter(video)
        assert {f.size_px for f in frames_of(video)} == {(HEIGHT, WIDTH)}

    def test_a_file_cut_off_in_the_middle_gives_the_frames_it_has(self, tmp_path: Path) -> None:
        video = write_noise_avi(tmp_path / "squat.avi", 20)
        whole = len(frames_of(video))
        data = video.read_bytes()
        video.write_bytes(data[: len(data) // 2])
        cut = len(frames_of(video))
        assert whole == 20
        assert 5 <= cut < 20

    def test_a_single_picture_is_a_recording_of_one_frame(self, tmp_path: Path) -> None:
        cv2.imwrite(str(tmp_path / "photo1.jpg"), picture(1))
        cv2.imwrite(str(tmp_path / "photo2.jpg"), picture(1))
        assert [(f.number, f.t_s) for f in frames_of(tmp_path / "photo1.jpg")] == [(0, 0.0)]

    def test_no_backend_but_ffmpeg_is_asked_as_some_take_a_name_for_a_series_of_pictures(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []

        def capture(name: str, backend: int) -> StatedVideo:
            asked.append(backend)
            return StatedVideo([0], 30.0, 1)

        monkeypatch.setattr(cv2, "VideoCapture", capture)
        (tmp_path / "clip01.mp4").write_bytes(b"something")
        frames_of(tmp_path / "clip01.mp4")
        assert asked == [cv2.CAP_FFMPEG]

    def test_a_name_with_percent_signs_and_spaces_is_just_a_name(self, tmp_path: Path) -> None:
        assert len(frames_of(write_video(tmp_path / "a squat.mp4", 3).rename(tmp_path / "a %02d ü.mp4"))) == 3


class StatedVideo:
    """Stands in for ``cv2.VideoCapture``: frames with the stamps and the rate that a test wants."""

    def __init__(self, stamps_ms: list[float], fps: float, count: float) -> None:
        self._stamps_ms = stamps_ms
        self._stated = {cv2.CAP_PROP_FPS: fps, cv2.CAP_PROP_FRAME_COUNT: count}
        self._next = 0

    def isOpened(self) -> bool:
        return True

    def read(self) -> tuple[bool, Image | None]:
        if self._next == len(self._stamps_ms):
            return False, None
        self._next += 1
        return True, picture(1)

    def get(self, setting: int) -> float:
        if setting == cv2.CAP_PROP_POS_MSEC:
            return self._stamps_ms[self._next - 1]
        return self._stated[setting]

    def release(self) -> None:
        pass


NAN = float("nan")


class TestBrokenTimes:
    @pytest.fixture
    def video(self, tmp_path: Path) -> Path:
        (tmp_path / "squat.mp4").write_bytes(b"something")
        return tmp_path / "squat.mp4"

    @pytest.mark.parametrize(
        ("stamps_ms", "fps", "expected_s"),
        [
            pytest.param([0, 0, 0, 0], 10.0, [0, 0.1, 0.2, 0.3], id="no stamps"),
            pytest.param([NAN, NAN, NAN], 10.0, [0, 0.1, 0.2], id="stamps that are no numbers"),
            pytest.param([-3.7e20, -3.7e20, -3.7e20], 10.0, [0, 0.1, 0.2], id="nonsense"),
            pytest.param([0, 100, 50, 200], 10.0, [0, 0.1, 0.2, 0.3], id="falling"),
            pytest.param([0, 100, 1e9, 300], 10.0, [0, 0.1, 0.2, 0.3], id="one far away"),
            pytest.param([5000, 5040, 5080], 25.0, [0, 0.04, 0.08], id="a late start"),
            pytest.param([0, 33, 133, 166], 30.0, [0, 0.033, 0.133, 0.166], id="dropped frames"),
            pytest.param([0, 0, 0], NAN, [0, 1 / 30, 2 / 30], id="neither stamps nor a rate"),
            pytest.param([0, 0, 0], 1000.0, [0, 1 / 30, 2 / 30], id="a clock tick as the rate"),
            pytest.param([0, 0, 0], 0.0, [0, 1 / 30, 2 / 30], id="a rate of nothing"),
        ],
    )
    def test_times_always_rise_believably(
        self,
        video: Path,
        monkeypatch: pytest.MonkeyPatch,
        stamps_ms: list[float],
        fps: float,
        expected_s: list[float],
    ) -> None:
        monkeypatch.setattr(cv2, "VideoCapture", lambda *_: StatedVideo(stamps_ms, fps, 4.0))
        assert [f.t_s for f in frames_of(video)] == pytest.approx(expected_s)

    @pytest.mark.parametrize("count", [-9.2e18, 0.0, NAN, -1.0])
    def test_a_count_that_is_none_is_unknown(self, video: Path, monkeypatch: pytest.MonkeyPatch, count: float) -> None:
        monkeypatch.setattr(cv2, "VideoCapture", lambda *_: StatedVideo([0], 1000.0, count))
        source = VideoFile(video)
        source.open()
        assert source.frame_count is None
        assert source.fps == 0.0


class TestRefusedFiles:
    def test_a_missing_file_is_refused_with_its_name(self, tmp_path: Path) -> None:
        assert "does not exist" in refusal(tmp_path / "gone.mp4")

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert "is a folder" in refusal(tmp_path)

    def test_a_pipe_is_refused_without_waiting_on_it(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.mp4")
        assert "is not a file" in refusal(tmp_path / "pipe.mp4")

    def test_an_empty_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "empty.mp4").touch()
        assert "is empty" in refusal(tmp_path / "empty.mp4")

    @pytest.mark.parametrize("name", ["notes.mp4", "notes.gif", "notes.txt", "notes"])
    def test_a_file_that_is_no_video_is_refused_whatever_its_name(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("Knees out, chest up.\n" * 50)
        assert "not a video" in refusal(tmp_path / name)

    def test_a_video_cut_off_before_its_index_is_refused(self, tmp_path: Path) -> None:
        video = write_video(tmp_path / "squat.mp4", 10)
        video.write_bytes(video.read_bytes()[:100])
        assert "cut off" in refusal(video)

    def test_a_gif_cut_off_before_its_first_frame_is_refused(self, tmp_path: Path) -> None:
        gif = write_gif(tmp_path / "squat.gif", [0.1, 0.1])
        gif.write_bytes(gif.read_bytes()[:400])
        assert "cut off" in refusal(gif)

    def test_a_file_that_may_not_be_read_is_refused_with_the_reason(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        video = write_video(tmp_path / "squat.mp4", 3)

        def forbidden(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", forbidden)
        assert refusal(video).endswith("cannot be read: Permission denied.")

    def test_the_libraries_below_add_nothing_of_their_own_to_the_message(self, tmp_path: Path) -> None:
        (tmp_path / "notes.mp4").write_text("Knees out, chest up.\n" * 50)
        program = (
            "import sys; from kiosk.errors import SourceError; from kiosk.vision.sources import open_source\n"
            "try: open_source(sys.argv[1]).open()\n"
            "except SourceError as error: print(error)"
        )
        clean = {k: v for k, v in os.environ.items() if not k.startswith("OPENCV")}
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "notes.mp4")],
            capture_output=True,
            text=True,
            check=True,
            env=clean | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert done.stderr == ""
        assert done.stdout.count("\n") == 1
        assert "not a video" in done.stdout


class TestOpenSource:
    @pytest.mark.parametrize(
        ("spec", "name"),
        [
            ("0", "Camera /dev/video0"),
            ("12", "Camera /dev/video12"),
            ("/dev/video2", "Camera /dev/video2"),
            ("/dev/v4l/by-id/usb-Cam-index0", "Camera /dev/v4l/by-id/usb-Cam-index0"),
        ],
    )
    def test_numbers_and_device_paths_are_usb_cameras(self, spec: str, name: str) -> None:
        source = open_source(spec)
        assert isinstance(source, UsbCamera)
        assert source.name == name

    def test_size_and_rate_are_passed_on_to_a_camera(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made: list[object] = []
        monkeypatch.setattr("kiosk.vision.sources.UsbCamera", lambda device, **asked: made.append((device, asked)))
        open_source("1", width=800, height=600, fps=24.0)
        assert made == [(1, {"width": 800, "height": 600, "fps": 24.0, "exposure": Exposure(50, "auto")})]

    @pytest.mark.parametrize("name", ["squat.npz", "SQUAT.NPZ"])
    def test_npz_files_are_keypoints(self, tmp_path: Path, name: str) -> None:
        assert isinstance(open_source(str(tmp_path / name)), KeypointSource)

    @pytest.mark.parametrize("name", ["squat.mp4", "csi_test.mp4", "csi1.mp4", "7.mp4"])
    def test_other_files_are_videos(self, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path(name).touch()
        assert isinstance(open_source(name), VideoFile)

    def test_a_file_in_shared_memory_is_a_file(self) -> None:
        with pytest.raises(SourceError, match="neither a camera"):
            open_source("/dev/shm/there-is-no-such-video.mp4")

    @pytest.mark.parametrize(("spec", "number"), [("csi", 0), ("csi0", 0), ("csi:1", 1)])
    def test_ribbon_cable_cameras_are_named_by_number(self, spec: str, number: int) -> None:
        source = open_source(spec)
        assert isinstance(source, CsiCamera)
        assert source.name == f"Ribbon-cable camera csi:{number}"

    def test_what_a_camera_did_not_take_is_told_also_of_one_that_was_chosen(self, usb_device: FakeUsbDevice) -> None:
        only = Cameras((VideoDevice(usb_device.node, usb_device.node, "webcam"),))
        camera = AutoCamera(UsbCamera, lambda: only)
        assert refused_by(camera) == ()
        camera.open()
        assert "power_line_frequency" in refused_by(camera)
        camera.close()

    def test_a_recording_refuses_nothing(self, tmp_path: Path) -> None:
        assert refused_by(VideoFile(tmp_path / "clip.mp4")) == ()

    def test_auto_is_whatever_camera_there_is(self) -> None:
        assert isinstance(open_source("auto"), AutoCamera)

    @pytest.mark.parametrize("spec", ["gone.mp4", "camera", "-1", "1.5", "9999", "x" * 300])
    def test_anything_else_is_refused_with_what_was_tried(
        self, spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SourceError, match="neither a camera") as caught:
            open_source(spec)
        assert spec in str(caught.value)

    @pytest.mark.parametrize("spec", ["", "  ", "a\0b"])
    def test_no_name_is_refused(self, spec: str) -> None:
        with pytest.raises(SourceError, match="No source is named"):
            open_source(spec)

    def test_a_network_address_is_refused(self) -> None:
        with pytest.raises(SourceError, match="network address"):
            open_source("rtsp://camera.local/stream")

    def test_a_folder_is_refused_when_opened(self, tmp_path: Path) -> None:
        (tmp_path / "clips.npz").mkdir()
        for folder in (tmp_path, tmp_path / "clips.npz"):
            with pytest.raises(SourceError, match="is a folder"):
                open_source(str(folder)).open()
