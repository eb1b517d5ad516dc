"""The clips of the demo as a model sees them: made once for all tests that need poses of a rendered person."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kiosk.movement.pose import PoseTrack, track_of
from kiosk.vision.camera import Image
from kiosk.vision.movenet import MoveNet
from kiosk.vision.sources import VideoFile
from kiosk.vision.tracker import PersonTracker

ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "kiosk" / "demo"
MODELS = ROOT / "models"
SQUAT_FRONT, SQUAT_SIDE, PUSH_UP = "overhead_squat_front", "overhead_squat_side", "incline_push_up_side"


def model(name: str) -> Path:
    return MODELS / f"movenet_{name}.tflite"


def clip(name: str) -> VideoFile:
    return VideoFile(CLIPS / f"{name}.mp4")


def pictures(name: str, count: int) -> Iterator[tuple[float, Image]]:
    """The first pictures of a clip, with their times."""
    video = clip(name)
    video.open()
    for _ in range(count):
        frame = video.read()
        if frame is None or frame.image is None:
            break
        yield frame.t_s, frame.image
    video.close()


@cache
def recorded(name: str) -> PoseTrack:
    """The poses of a whole clip, by the float16 model: it gives the same numbers on every machine."""
    tracker, video = PersonTracker(MoveNet(model("lightning_f16"))), clip(name)
    video.open()
    poses = []
    while (frame := video.read()) is not None and frame.image is not None:
        poses.append(tracker.estimate(frame.image, frame.t_s))
    video.close()
    return track_of(poses)
