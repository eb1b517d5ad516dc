"""Ribbon-cable cameras: what is asked of them, and every way in which one refuses, before a fake libcamera."""

from __future__ import annotations

import sys
import threading

import pytest

from kiosk.errors import SourceError
from kiosk.vision.camera import LatestFrames
from kiosk.vision.csi import CsiCamera
from kiosk.vision.exposure import Exposure

from .fake_cameras import PATIENCE_S, until
from .fake_libcamera import BUFFERS, KNOWN, WEBCAM, WIDE, AeExposureModeEnum, AeFlickerModeEnum, AfModeEnum, FakeBoard


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> FakeBoard:
    board = FakeBoard()
    board.libraries(monkeypatch)
    return board


def at_once(came: threading.Event) -> bool:
    """Whether a picture has come; nobody waits for one that never does."""
    return came.is_set()


def opened(**asked: object) -> CsiCamera:
    camera = CsiCamera(wait=at_once, **asked)  # type: ignore[arg-type]  # each test names its own
    camera.open()
    return camera


def refusal(camera: CsiCamera) -> str:
    with pytest.raises(SourceError) as caught:
        camera.open()
    with pytest.raises(SourceError, match="not open"):
        camera.read()
    return str(caught.value)


class TestAsking:
    def test_the_whole_width_of_the_sensor_is_asked_for_whatever_the_size(self, board: FakeBoard) -> None:
        opened(width=640, height=360)
        assert board.asked["sensor"] == {"output_size": (2304, 1296), "bit_depth": 10}
        assert board.asked["main"] == {"size": (640, 360), "format": "RGB888"}

    def test_a_sensor_that_is_not_known_chooses_its_own_mode(self, board: FakeBoard) -> None:
        board.cameras = [WIDE | {"Model": "ov9281"}]
        camera = opened()
        assert board.asked["sensor"] is None
        assert camera.lens_deg is None

    @pytest.mark.parametrize(("model", "deg"), [("imx708_wide", 102), ("imx708", 66), ("imx708_wide_noir", 102)])
    def test_the_lens_is_known_by_the_sensor(self, board: FakeBoard, model: str, deg: float) -> None:
        board.cameras = [WIDE | {"Model": model}]
        camera = CsiCamera()
        assert camera.lens_deg is None
        camera.open()
        assert camera.lens_deg == deg

    @pytest.mark.parametrize(("mains_hz", "period_us"), [(50, 10_000), (60, 8333)])
    def test_lamps_do_not_flicker_and_the_rate_does_not_fall(
        self, board: FakeBoard, mains_hz: int, period_us: int
    ) -> None:
        opened(fps=25.0, exposure=Exposure(mains_hz))
        controls = board.asked["controls"]
        assert controls["AeFlickerMode"] == AeFlickerModeEnum.Manual
        assert controls["AeFlickerPeriod"] == period_us
        assert controls["FrameDurationLimits"] == (40_000, 40_000)
        assert "AeExposureMode" not in controls

    def test_sharp_movement_is_a_short_exposure_whose_gain_follows_the_light(self, board: FakeBoard) -> None:
        opened(exposure=Exposure(50, "sharp"))
        assert board.asked["controls"]["AeExposureMode"] == AeExposureModeEnum.Short
        assert "ExposureTime" not in board.asked["controls"]

    def test_milliseconds_are_set_as_they_are(self, board: FakeBoard) -> None:
        opened(exposure=Exposure(50, 4.5))
        assert board.asked["controls"]["ExposureTime"] == 4500
        assert "AeFlickerMode" not in board.asked["controls"]

    def test_the_lens_stays_at_the_distance_of_the_mark(self, board: FakeBoard) -> None:
        opened(focus_m=2.5)
        assert board.asked["controls"]["AfMode"] == AfModeEnum.Manual
        assert board.asked["controls"]["LensPosition"] == 0.4

    def test_the_lens_follows_where_that_is_wanted(self, board: FakeBoard) -> None:
        opened(focus_m=0.0)
        assert board.asked["controls"]["AfMode"] == AfModeEnum.Continuous
        assert "LensPosition" not in board.asked["controls"]

    def test_a_lens_that_cannot_move_is_not_asked_to(self, board: FakeBoard) -> None:
        board.cameras = [WIDE | {"Model": "imx219"}]
        opened()
        assert "AfMode" not in board.asked["controls"]

    def test_controls_that_an_older_libcamera_does_not_have_are_left_out_and_told(self, board: FakeBoard) -> None:
        board.known = tuple(name for name in KNOWN if not name.startswith("AeFlicker"))
        assert opened().refused == ("AeFlickerMode", "AeFlickerPeriod")

    def test_an_odd_size_becomes_even(self, board: FakeBoard) -> None:
        opened(width=1281, height=721)
        assert board.asked["main"]["size"] == (1280, 720)

    def test_usb_cameras_that_libcamera_lists_do_not_count(self, board: FakeBoard) -> None:
        board.cameras = [WEBCAM, WIDE]
        opened()
        assert board.at == 1


class TestRefusals:
    def test_without_picamera2_it_says_how_to_install_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "picamera2", None)
        assert "apt install python3-picamera2" in refusal(CsiCamera())

    def test_a_missing_camera_says_to_look_at_the_cable(self, board: FakeBoard) -> None:
        board.cameras = [WEBCAM]
        message = refusal(CsiCamera())
        assert "libcamera knows none" in message
        assert "cable" in message

    def test_a_number_too_high_says_how_many_there_are(self, board: FakeBoard) -> None:
        assert "Ribbon-cable camera csi:1 is missing, libcamera knows 1" in refusal(CsiCamera(1))

    def test_a_busy_camera_says_to_close_the_other_program(self, board: FakeBoard) -> None:
        board.busy = True
        assert "another program is using it" in refusal(CsiCamera())

    def test_a_camera_that_cannot_be_set_up_is_let_go(self, board: FakeBoard, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise RuntimeError("Failed to queue request")

        monkeypatch.setattr("tests.vision.fake_libcamera.FakePicamera2.start", refuse)
        assert "cannot be set up" in refusal(CsiCamera())
        assert not board.is_open


class TestReading:
    def test_every_buffer_goes_back(self, board: FakeBoard) -> None:
        camera = opened()
        for _ in range(3 * BUFFERS):
            camera.read()
        assert board.free == BUFFERS

    def test_frames_are_stamped_when_they_come(self, board: FakeBoard) -> None:
        times_s = iter([5.0, 5.1])
        camera = opened(clock=lambda: next(times_s))
        frames = [camera.read() for _ in range(2)]
        assert [(f.number, f.t_s) for f in frames if f] == [(0, 5.0), (1, 5.1)]

    def test_a_camera_that_falls_silent_is_lost_and_nobody_waits_for_ever(self, board: FakeBoard) -> None:
        camera = opened()
        board.silent = True
        with pytest.raises(SourceError, match="stopped sending pictures"):
            camera.read()

    def test_what_libcamera_raises_becomes_a_sentence(self, board: FakeBoard) -> None:
        camera = opened()
        board.pulled = True
        with pytest.raises(SourceError, match=r"was lost: check its cable, at both ends \(Camera frontend"):
            camera.read()

    def test_it_comes_back_by_itself_after_a_loss(self, board: FakeBoard) -> None:
        waits = threading.Event()
        with LatestFrames(CsiCamera(wait=at_once), wait=lambda _s: waits.wait(0.01)) as frames:
            assert frames.next(PATIENCE_S) is not None
            board.pulled = True
            until(lambda: frames.trouble is not None)
            before = board.opened
            board.pulled = False
            until(lambda: frames.trouble is None)
            assert board.opened > before
            assert frames.next(PATIENCE_S) is not None

    def test_closing_lets_go_of_the_camera(self, board: FakeBoard) -> None:
        camera = opened()
        camera.close()
        camera.close()
        assert not board.is_open
