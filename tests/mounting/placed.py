"""People on the mark before a camera whose place is known: as true keypoints, and rendered for the pose model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from kiosk.movement.pose import Pose
from kiosk.vision.camera import Image
from kiosk.vision.models import find_model, models_dir
from kiosk.vision.movenet import MoveNet
from kiosk.vision.tracker import PersonTracker
from tests.people.body import Body
from tests.people.camera import Camera, aimed
from tests.people.mesh import Mesh
from tests.people.outfit import Outfit, dress
from tests.people.render import LIGHTS, draw
from tests.people.room import Room, background
from tests.people.sensor import Sensor
from tests.people.walking import standing_posture

STEP_M = 0.8


@dataclass(frozen=True)
class Hung:
    """A camera as it hangs before the mark. ``tilt_deg`` None: aimed at a person with raised arms."""

    height_m: float = 1.0
    distance_m: float = 3.0
    yaw_deg: float = 0.0
    tilt_deg: float | None = None
    roll_deg: float = 0.0
    fov_deg: float = 70.0
    k1: float = 0.0
    size_px: tuple[int, int] = (1280, 720)

    def camera(self, step_m: float = 0.0) -> Camera:
        """Return it as somebody sees it who went so far straight ahead from the mark, and is the world's origin."""
        camera = Camera(
            yaw_deg=self.yaw_deg,
            distance_m=self.distance_m,
            height_m=self.height_m,
            size_px=self.size_px,
            fov_deg=self.fov_deg,
            tilt_deg=self.tilt_deg,
            roll_deg=self.roll_deg,
            k1=self.k1,
        )
        return replace(camera if self.tilt_deg is not None else aimed(camera), target_m=(0.0, step_m, 0.9))

    @property
    def tilt_is_deg(self) -> float:
        """How far it looks down."""
        tilt = self.camera().tilt_deg
        assert tilt is not None
        return tilt


@cache
def somebody(name: str, stature_m: float) -> Body:
    return Body.load(name, stature_m)


def exact(hung: Hung, body: Body, *, step_m: float = 0.0, arms: float = 0.0, t_s: float = 0.0) -> Pose:
    """Return the true keypoints of somebody who stands on the mark, or a step nearer."""
    points, _ = hung.camera(step_m).project(body.keypoints_at(standing_posture(body, arms)))
    return Pose(np.asarray(points, float), np.full(17, 0.8), t_s, hung.size_px)


def rendered(hung: Hung, body: Body, *, step_m: float = 0.0, arms: float = 0.0, seed: int = 1) -> Image:
    """Return a picture of the same."""
    camera, light = hung.camera(step_m), LIGHTS["normal"]
    dressed = dress(body, Outfit())
    skin = body.skin(standing_posture(body, arms), dressed.offset)
    drawn = draw(
        camera, background(camera, Room("plain", light), 1), [Mesh(skin, dressed.faces, dressed.colours)], light
    )
    return Sensor(seed=seed).expose(drawn, 0.0)


def seen(image: Image, model: str = "thunder_f16") -> Pose:
    """Return what the pose model sees, once its crop has settled."""
    tracker = PersonTracker(MoveNet(find_model(model, models_dir(None)).path, threads=1))
    pose = tracker.estimate(image, 0.0)
    for turn in range(1, 4):
        pose = tracker.estimate(image, turn / 15)
    return pose
