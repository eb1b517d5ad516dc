"""The newest-frame reader: a slow consumer, a camera that goes and comes, a recording at its own speed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import SourceError
from kiosk.movement.pose import Pose
from kiosk.vision.camera import LatestFrames
from kiosk.vision.sources import VideoFile
from kiosk.vision.v4l2 import UsbCamera

from .fake_cameras import PATIENCE_S, FakeUsbDevice, TestedCamera, frame, lost, until
from .recordings import some_track, write_video


class Clock:
    """Seconds that pass only when someone waits, or when the test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.waits_s: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> None:
        self.waits_s.append(seconds)
        self.now_s += seconds


Opened = Callable[..., LatestFrames]


@pytest.fixture
def camera() -> TestedCamera:
    return TestedCamera()


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Open a reader, and after the test free its camera and close it."""
    readers: list[tuple[LatestFrames, TestedCamera]] = []

    def open_reader(camera: TestedCamera, **options: Any) -> LatestFrames:
        reader = LatestFrames(camera, **options)
        reader.open()
        readers.append((reader, camera))
        return reader

    yield open_reader
    for reader, camera in readers:
        camera.put(None)
        reader.close()


def trouble_of(reader: LatestFrames) -> str | None:
    """Ask anew: a type checker takes a property for constant between two looks at it."""
    return reader.trouble


def has_ended(reader: LatestFrames) -> bool:
    return reader.ended


class TestNewestWins:
    def test_a_frame_is_handed_on_as_it_came(self, camera: TestedCamera, opened: Opened) -> None:
        reader = opened(camera)
        sent = frame(0, 5.0)
        camera.put(sent)
        assert reader.next(PATIENCE_S) is sent
        assert reader.trouble is None
        assert reader.dropped == 0

    def test_a_slow_consumer_gets_the_newest_frame_and_the_rest_are_dropped_and_counted(
        self, camera: TestedCamera, opened: Opened
    ) -> None:
        reader = opened(camera)
        camera.put(*(frame(n, n / 10) for n in range(30)))
        camera.settle()
        newest = reader.next(PATIENCE_S)
        assert newest is not None
        assert newest.number == 29
        assert reader.dropped == 29

    def test_it_never_lags_however_long_the_consumer_sleeps(self, camera: TestedCamera, opened: Opened) -> None:
        reader = opened(camera)
        taken = []
        for burst in range(5):
            camera.put(*(frame(n, n / 10) for n in range(10 * burst, 10 * burst + 10)))
            camera.settle()
            newest = reader.next(PATIENCE_S)
            assert newest is not None
            taken.append(newest.number)
        assert taken == [9, 19, 29, 39, 49]
        assert reader.dropped + len(taken) == 50

    def test_no_frame_is_handed_out_twice(self, camera: TestedCamera, opened: Opened) -> None:
        reader = opened(camera)
        camera.put(frame(0, 0.0))
        assert reader.next(PATIENCE_S) is not None
        assert reader.next(0) is None
        assert not reader.ended

    def test_it_goes_by_the_name_of_its_camera(self, camera: TestedCamera) -> None:
        reader = LatestFrames(camera)
        assert (reader.name, reader.live) == (camera.name, True)

    def test_opening_an_open_reader_changes_nothing(self, camera: TestedCamera, opened: Opened) -> None:
        reader = opened(camera)
        camera.put(frame(0, 0.0))
        camera.settle()
        reader.open()
        assert camera.opened == 1


class TestLostCamera:
    def test_a_missing_camera_is_tried_again_with_growing_pauses_up_to_eight_seconds(
        self, camera: TestedCamera, opened: Opened
    ) -> None:
        def refuse_seven_times() -> None:
            if camera.opened <= 7:
                raise lost()

        camera.at_open = refuse_seven_times
        clock = Clock()
        reader = opened(camera, clock=clock, wait=clock.wait)
        camera.put(frame(0, 1.0))
        assert reader.next(PATIENCE_S) is not None
        assert clock.waits_s == [0.5, 1, 2, 4, 8, 8, 8]

    def test_the_trouble_is_shown_while_it_is_away_and_cleared_by_the_first_frame(
        self, camera: TestedCamera, opened: Opened
    ) -> None:
        came_back = threading.Event()
        reader = opened(camera, wait=lambda _: came_back.wait(PATIENCE_S))
        camera.put(frame(0, 1.0), lost())
        until(lambda: reader.trouble is not None)
        assert reader.trouble == "The camera of the test is away."
        came_back.set()
        camera.settle()
        assert reader.trouble == "The camera of the test is away."
        camera.put(frame(1, 2.0))
        camera.settle()
        assert reader.trouble is None

    def test_a_lost_camera_is_closed_before_it_is_opened_again(self, camera: TestedCamera, opened: Opened) -> None:
        closed_at_opening: list[int] = []
        camera.at_open = lambda: closed_at_opening.append(camera.closed)
        opened(camera, wait=lambda _: None)
        camera.put(lost(), lost(), frame(0, 0.0))
        camera.settle()
        assert closed_at_opening == [0, 1, 2]

    def test_the_pauses_start_small_again_after_a_good_spell(self, camera: TestedCamera, opened: Opened) -> None:
        clock = Clock()
        opened(camera, clock=clock, wait=clock.wait)
        camera.put(lost(), lost(), frame(0, 0.0), lost(), frame(1, 1.0))
        camera.settle()
        assert clock.waits_s == [0.5, 1, 0.5]

    def test_a_camera_that_opens_but_gives_nothing_is_not_hammered(self, camera: TestedCamera, opened: Opened) -> None:
        clock = Clock()
        opened(camera, clock=clock, wait=clock.wait)
        camera.put(*(lost() for _ in range(4)))
        camera.settle()
        assert clock.waits_s == [0.5, 1, 2, 4]

    def test_time_and_numbers_do_not_fall_over_a_reconnection(self, camera: TestedCamera, opened: Opened) -> None:
        clock = Clock()
        reader = opened(camera, clock=clock, wait=clock.wait)
        camera.put(frame(0, 7.0), frame(1, 7.1), lost(), frame(0, 0.0))
        camera.settle()
        back = reader.next(PATIENCE_S)
        assert back is not None
        assert back.number == 2
        # The pause of half a second is an honest gap.
        assert back.t_s == pytest.approx(7.6)
        camera.put(frame(1, 0.1))
        then = reader.next(PATIENCE_S)
        assert then is not None
        assert then.number == 3
        assert then.t_s == pytest.approx(7.7)

    def test_a_clock_that_went_on_is_left_alone(self, camera: TestedCamera, opened: Opened) -> None:
        reader = opened(camera, wait=lambda _: None)
        camera.put(frame(4, 7.0), lost(), frame(5, 9.0))
        camera.settle()
        back = reader.next(PATIENCE_S)
        assert back is not None
        assert (back.number, back.t_s) == (5, 9.0)

    def test_a_pose_is_moved_in_time_with_its_frame(self, camera: TestedCamera, opened: Opened) -> None:
        pose: Pose = some_track(1).pose(0)
        reader = opened(camera, wait=lambda _: None)
        camera.put(frame(0, 7.0), lost(), replace(frame(0, 0.0), image=None, pose=pose))
        camera.settle()
        back = reader.next(PATIENCE_S)
        assert back is not None
        assert back.pose is not None
        assert back.pose.t_s == back.t_s > 7.0

    def test_a_silent_camera_is_trouble_before_its_driver_notices(self, camera: TestedCamera, opened: Opened) -> None:
        clock = Clock()
        reader = opened(camera, clock=clock)
        camera.put(frame(0, 0.0))
        camera.settle()
        clock.now_s += 3
        assert trouble_of(reader) is None
        clock.now_s += 3
        assert trouble_of(reader) == "Camera of the test has sent no picture for 6 s: check its cable."
        camera.put(frame(1, 0.1))
        camera.settle()
        assert reader.trouble is None

    def test_an_unexpected_error_reaches_the_consumer_after_the_frames_before_it(
        self, camera: TestedCamera, opened: Opened
    ) -> None:
        reader = opened(camera)
        camera.put(frame(0, 0.0), ZeroDivisionError("a driver's bug"))
        until(lambda: camera.closed == 1)
        assert reader.next(PATIENCE_S) is not None
        for _ in range(2):
            with pytest.raises(ZeroDivisionError, match="a driver's bug"):
                reader.next(PATIENCE_S)
        assert not reader.ended


class TestClosing:
    def test_closing_in_the_middle_of_a_pause_does_not_wait_for_its_end(
        self, camera: TestedCamera, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The pause would last an hour: that the thread is gone (see conftest) shows that it was cut short.
        monkeypatch.setattr("kiosk.vision.camera.FIRST_WAIT_S", 3600.0)

        def refuse() -> None:
            raise lost()

        camera.at_open = refuse
        with LatestFrames(camera) as reader:
            until(lambda: reader.trouble is not None)
        assert camera.closed == camera.opened == 1

    def test_closing_frees_the_camera_and_wakes_the_consumer_with_nothing(
        self, camera: TestedCamera, opened: Opened
    ) -> None:
        reader = opened(camera)
        camera.put(frame(0, 0.0))
        camera.settle()
        camera.put(frame(1, 0.1))
        camera.put(None)
        reader.close()
        assert camera.closed == 1
        assert reader.next(PATIENCE_S) is None

    def test_a_driver_that_is_stuck_does_not_keep_the_kiosk_from_stopping(
        self, camera: TestedCamera, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kiosk.vision.camera._JOIN_S", 0.0)
        reader = LatestFrames(camera)
        reader.open()
        camera.settle()
        reader.close()
        assert camera.closed == 0
        camera.put(frame(0, 0.0))
        until(lambda: camera.closed == 1)
        assert reader.next(PATIENCE_S) is None
        until(lambda: not any(t.name.startswith("frames of") for t in threading.enumerate()))

    def test_closing_what_was_never_opened_is_harmless(self, camera: TestedCamera) -> None:
        LatestFrames(camera).close()
        assert camera.closed == 0

    def test_a_closed_reader_can_be_opened_again(self, camera: TestedCamera, opened: Opened) -> None:
        reader = opened(camera)
        camera.put(frame(0, 1.0), None)
        until(lambda: camera.closed == 1)
        reader.close()
        reader.open()
        camera.put(frame(0, 2.0))
        again = reader.next(PATIENCE_S)
        assert again is not None
        assert again.t_s == 2.0


class TestRecording:
    def test_it_is_played_at_its_own_speed(self, tmp_path: Path) -> None:
        clock = Clock()
        video = VideoFile(write_video(tmp_path / "squat.mp4", 11, fps=10.0))
        with LatestFrames(video, clock=clock, wait=clock.wait) as reader:
            until(lambda: len(clock.waits_s) == 10)
        assert clock.waits_s == pytest.approx([0.1] * 10)
        assert not reader.live

    def test_unpaced_it_does_not_wait(self, tmp_path: Path) -> None:
        clock = Clock()
        video = VideoFile(write_video(tmp_path / "squat.mp4", 11))
        with LatestFrames(video, paced=False, clock=clock, wait=clock.wait) as reader:
            until(lambda: reader.next(PATIENCE_S) is None)
            assert reader.ended
        assert clock.waits_s == []

    def test_it_ends_after_its_last_frame_was_taken(self, opened: Opened) -> None:
        camera = TestedCamera(live=False)
        reader = opened(camera, paced=False)
        camera.put(frame(0, 0.0), frame(1, 0.1), None)
        until(lambda: camera.closed == 1)
        assert not has_ended(reader)
        last = reader.next(PATIENCE_S)
        assert last is not None
        assert last.number == 1
        assert has_ended(reader)
        assert reader.next(PATIENCE_S) is None
        assert reader.dropped == 1

    def test_a_late_reader_catches_up_instead_of_waiting(self, opened: Opened) -> None:
        clock = Clock()
        camera = TestedCamera(live=False)
        opened(camera, clock=clock, wait=clock.wait)
        camera.put(frame(0, 0.0))
        camera.settle()
        clock.now_s += 0.25
        camera.put(frame(1, 0.1), frame(2, 0.2), frame(3, 0.3))
        camera.settle()
        assert clock.waits_s == pytest.approx([0.05])

    def test_one_that_cannot_be_read_raises_at_the_consumer_and_is_not_tried_again(self, tmp_path: Path) -> None:
        clock = Clock()
        with LatestFrames(VideoFile(tmp_path / "gone.mp4"), clock=clock, wait=clock.wait) as reader:
            with pytest.raises(SourceError, match=r"gone\.mp4 does not exist"):
                reader.next(PATIENCE_S)
            assert not reader.ended
        assert clock.waits_s == []


class TestUsbCameraUnplugged:
    def test_unplugged_in_the_middle_and_plugged_in_again_it_goes_on_by_itself(self, usb_device: FakeUsbDevice) -> None:
        seen_trouble: list[str | None] = []
        clock = Clock()

        def wait(seconds: float) -> None:
            clock.wait(seconds)
            seen_trouble.append(reader.trouble)
            if len(seen_trouble) == 3:
                usb_device.give(2)
                usb_device.plug()

        usb_device.pictures = 3
        camera = UsbCamera(str(usb_device.node), clock=clock)
        reader = LatestFrames(camera, clock=clock, wait=wait)
        with reader:
            usb_device.wait_for_silence()
            until(lambda: (newest := reader.next(0)) is not None and newest.number == 2)
            usb_device.unplug()
            back = reader.next(PATIENCE_S)
            assert back is not None
            assert back.number >= 3
            assert back.t_s > 100.0
            usb_device.wait_for_silence()
            assert reader.trouble is None
            usb_device.give(10**6)
        assert [str(text).split(":")[0].split(" ", 2)[2] for text in seen_trouble] == [
            "stopped sending pictures",
            "is missing",
            "is missing",
        ]
        assert clock.waits_s == [0.5, 1, 2]
        assert usb_device.released == len(usb_device.opened) == 2
