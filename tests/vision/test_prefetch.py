"""Reading ahead: every frame, in order, and nothing hidden."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kiosk.errors import SourceError
from kiosk.vision.prefetch import Prefetched
from kiosk.vision.sources import VideoFile

from .camera_contract import all_frames
from .fake_cameras import TestedCamera, frame, until
from .recordings import write_video


def test_it_gives_exactly_what_the_source_gives(tmp_path: Path) -> None:
    video = write_video(tmp_path / "squat.mp4", 20)
    direct, ahead = VideoFile(video), Prefetched(VideoFile(video), depth=3)
    direct.open()
    ahead.open()
    for one, other in zip(all_frames(direct), all_frames(ahead), strict=True):
        assert (one.number, one.t_s, one.size_px) == (other.number, other.t_s, other.size_px)
        assert one.image is not None
        assert other.image is not None
        assert (one.image == other.image).all()
    assert (ahead.name, ahead.fps, ahead.frame_count) == ("squat.mp4", 20.0, 20)
    ahead.close()
    direct.close()


def test_it_reads_ahead_no_further_than_its_depth() -> None:
    camera = TestedCamera(live=False)
    ahead = Prefetched(camera, depth=2)
    ahead.open()
    camera.put(*(frame(n, n / 10) for n in range(10)), None)
    until(lambda: camera.reads >= 3)
    for taken in range(10):
        next_frame = ahead.read()
        assert next_frame is not None
        assert next_frame.number == taken
        # Two that wait, one in the thread's hand, and the ones taken.
        assert camera.reads <= taken + 1 + 3
    assert ahead.read() is None
    ahead.close()
    assert camera.closed == 1


def test_a_missing_file_is_refused_at_opening(tmp_path: Path) -> None:
    ahead = Prefetched(VideoFile(tmp_path / "gone.mp4"))
    with pytest.raises(SourceError, match=r"gone\.mp4 does not exist"):
        ahead.open()
    with pytest.raises(SourceError, match="not open"):
        ahead.read()


@pytest.mark.parametrize("error", [SourceError("The camera is away."), ZeroDivisionError("a bug")])
def test_an_error_comes_after_the_frames_before_it_and_stays(error: Exception) -> None:
    camera = TestedCamera()
    ahead = Prefetched(camera)
    ahead.open()
    camera.put(frame(0, 0.0), frame(1, 0.1), error)
    assert [ahead.read(), ahead.read()] != [None, None]
    for _ in range(2):
        with pytest.raises(type(error), match=str(error)):
            ahead.read()
    ahead.close()


def test_closing_early_ends_a_thread_that_waits_for_room() -> None:
    camera = TestedCamera(live=False)
    ahead = Prefetched(camera, depth=1)
    ahead.open()
    camera.put(*(frame(n, n / 10) for n in range(5)))
    assert ahead.read() is not None
    camera.put(None)
    ahead.close()
    ahead.close()
    assert camera.closed == 1
    assert not any(t.name.startswith("decoding") for t in threading.enumerate())


def test_a_depth_of_nothing_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Prefetched(TestedCamera(), depth=0)
