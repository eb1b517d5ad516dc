"""What every camera must do, as tests to inherit: a back end's test class gives the fixture ``camera``."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kiosk.errors import SourceError
from kiosk.vision.camera import Camera, Frame


def all_frames(camera: Camera) -> list[Frame]:
    frames = []
    while (frame := camera.read()) is not None:
        frames.append(frame)
    return frames


class CameraContract:
    """Inherit, override ``camera`` with a source that is not open yet, and say how many frames it holds."""

    #: Frames in the recording; None for a live camera.
    holds: int | None = None

    @pytest.fixture
    def camera(self) -> Camera:
        raise NotImplementedError("a test class of a camera gives its own")

    def some_frames(self, camera: Camera) -> list[Frame]:
        camera.open()
        if not camera.live:
            return all_frames(camera)
        frames = [camera.read() for _ in range(5)]
        return [frame for frame in frames if frame is not None]

    def test_frames_are_numbered_in_order_from_zero(self, camera: Camera) -> None:
        frames = self.some_frames(camera)
        assert [f.number for f in frames] == list(range(self.holds or 5))
        camera.close()

    def test_times_never_fall(self, camera: Camera) -> None:
        times_s = [f.t_s for f in self.some_frames(camera)]
        assert all(math.isfinite(t) for t in times_s)
        assert times_s == sorted(times_s)
        camera.close()

    def test_a_frame_holds_either_a_picture_or_a_pose_of_its_size(self, camera: Camera) -> None:
        for frame in self.some_frames(camera):
            assert (frame.image is None) != (frame.pose is None)
            if frame.image is not None:
                assert frame.image.dtype == np.uint8
                assert frame.image.shape == (frame.size_px[1], frame.size_px[0], 3)
            if frame.pose is not None:
                assert frame.pose.size_px == frame.size_px
                assert frame.pose.t_s == frame.t_s
        camera.close()

    def test_a_frame_is_not_touched_by_the_frames_after_it(self, camera: Camera) -> None:
        camera.open()
        first = camera.read()
        assert first is not None
        kept = first.image if first.image is not None else first.pose.xy if first.pose else None
        assert kept is not None
        before = kept.copy()
        camera.read()
        np.testing.assert_array_equal(kept, before)
        camera.close()

    def test_it_says_what_it_is(self, camera: Camera) -> None:
        camera.open()
        assert camera.name
        assert camera.live is (self.holds is None)
        assert camera.fps >= 0
        assert math.isfinite(camera.fps)
        assert camera.frame_count in (None, self.holds)
        camera.close()

    def test_a_recording_ends_and_stays_at_its_end(self, camera: Camera) -> None:
        if self.holds is None:
            pytest.skip("a live camera has no end")
        assert len(self.some_frames(camera)) == self.holds
        assert camera.read() is None
        assert camera.read() is None
        camera.close()

    def test_reading_what_is_not_open_is_refused_with_its_name(self, camera: Camera) -> None:
        with pytest.raises(SourceError, match="not open") as caught:
            camera.read()
        assert camera.name in str(caught.value)

    def test_closing_is_harmless_at_any_time(self, camera: Camera) -> None:
        camera.close()
        camera.open()
        camera.close()
        camera.close()
        with pytest.raises(SourceError, match="not open"):
            camera.read()

    def test_it_can_be_opened_again_and_time_does_not_fall_for_a_live_one(self, camera: Camera) -> None:
        before = self.some_frames(camera)
        camera.close()
        camera.open()
        again = camera.read()
        assert again is not None
        if camera.live:
            assert again.t_s >= before[-1].t_s
            assert again.number == before[-1].number + 1
        else:
            assert (again.number, again.t_s) == (0, before[0].t_s)
        camera.close()

    def test_opening_twice_begins_anew(self, camera: Camera) -> None:
        camera.open()
        camera.read()
        camera.open()
        frame = camera.read()
        assert frame is not None
        assert camera.live or frame.number == 0
        camera.close()
