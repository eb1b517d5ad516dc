"""The skeleton of a moment, as shapes: points by their names, limbs, and the air around them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kiosk.movement.geometry import faces_right
from kiosk.movement.pose import SKELETON, Keypoint, PoseTrack
from kiosk.web.figure import Dot, Point, Shape, Stroke, apart, between

#: Air around the person, as a share of the taller side of the person's box.
MARGIN = 0.12
#: A person's box is widened to at least this share of its height: a side view is not drawn as a sliver.
NARROWEST = 0.55
#: And to so much of its width where somebody lies or leans: no sliver either, and no empty half.
LOWEST = 0.36
FACE = frozenset({Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR})
TRUNK = frozenset({Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP})

#: Which keypoints a checkpoint is about: these are ringed in a picture that has no drawing of what is measured.
AT_CHECKPOINT: Mapping[str, tuple[Keypoint, ...]] = {
    "feet": (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE),
    "knees": (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE),
    "hips": (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    "back": (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    "shoulders": (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    "arms": (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST),
    "elbows": (Keypoint.LEFT_ELBOW, Keypoint.RIGHT_ELBOW),
    "head": (Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR),
}


@dataclass(frozen=True, slots=True)
class Body:
    """The points that were seen, by keypoint. ``works``: the side that the exercise was done with, None for both."""

    points: Mapping[int, Point]
    size_px: tuple[int, int]
    works: str | None = None

    @classmethod
    def of(cls, moment: Mapping[str, Any], works: str | None = None) -> Body:
        """Return the body of a moment as a report holds it: ``xy`` are 17 pairs of pixels or nulls."""
        seen = {k: (float(p[0]), float(p[1])) for k, p in enumerate(moment["xy"]) if p is not None}
        width, height = moment["size_px"]
        return cls(seen, (int(width), int(height)), works)

    def point(self, name: str) -> Point | None:
        """Return the place of a named point: ``hip`` is the middle of both, or the one that was seen.

        In an exercise that is done with the right side, ``left_`` is that side, as the exercise itself sees it.
        """
        side, _, joint = name.rpartition("_")
        if joint == "nose":
            return self.points.get(Keypoint.NOSE)
        left, right = (self.points.get(Keypoint[f"{one}_{joint.upper()}"]) for one in ("LEFT", "RIGHT"))
        if side == "near":
            near, far = (right, left) if self.faces > 0 else (left, right)
            return near or far
        if side:
            return left if (side == "left") is not (self.works == "right") else right
        return between(left, right) if left and right else left or right

    @property
    def faces(self) -> int:
        """+1 where someone seen from the side faces the right of the picture, -1 the left.

        The flank that the camera sees is then the right one, or the left one.
        """
        xy = np.full((1, len(Keypoint), 2), math.nan)
        for k, at in self.points.items():
            xy[0, k] = at
        track = PoseTrack(xy, np.ones((1, len(Keypoint))), np.zeros(1), self.size_px)
        return 1 if faces_right(track) else -1

    @property
    def trunk_px(self) -> float:
        """The length from the middle of the shoulders to that of the hips; NaN where one was not seen."""
        shoulders, hips = self.point("shoulder"), self.point("hip")
        return apart(shoulders, hips) if shoulders and hips else math.nan


def frame_of(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the picture around these points."""
    xs, ys = zip(*points, strict=True)
    tall = max(max(ys) - min(ys), max(xs) - min(xs), 1.0)
    height = max(max(ys) - min(ys), LOWEST * tall) + 2 * MARGIN * tall
    width = max(max(xs) - min(xs), NARROWEST * tall) + 2 * MARGIN * tall
    return (min(xs) + max(xs) - width) / 2, (min(ys) + max(ys) - height) / 2, width, height


def plumb_line(points: Mapping[int, Point], top: float, height: float, px: float) -> list[Shape]:
    """Return the vertical through the ankles: what leans or shifts is seen against it."""
    ankles = [points[k] for k in (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE) if k in points]
    if not ankles:
        return []
    x = sum(p[0] for p in ankles) / len(ankles)
    return [Stroke("plumb", ((x, top), (x, top + height)), 0.5 * px, dashed=True)]


def limbs(points: Mapping[int, Point], px: float, thick: float) -> list[Shape]:
    """Return the limbs, ``thick`` hundredths of the picture wide, and the head."""
    lines = [(_side(a, b), points[a], points[b]) for a, b in SKELETON if not {a, b} & FACE and {a, b} <= points.keys()]
    shapes: list[Shape] = [Stroke(f"limb {side}", (a, b), thick * px) for side, a, b in lines]
    shapes += [Dot("joint", p, 0.55 * thick * px) for k, p in points.items() if k not in FACE]
    face = [points[k] for k in FACE if k in points]
    if face:
        middle = (sum(p[0] for p in face) / len(face), sum(p[1] for p in face) / len(face))
        shapes.append(Dot("head", middle, 5 * px, 0.66 * thick * px))
    return shapes


def rings(points: Mapping[int, Point], checkpoint: str, px: float) -> Sequence[Shape]:
    """Return a ring around each point of a checkpoint."""
    return [Dot("ring", points[k], 4 * px, px) for k in AT_CHECKPOINT.get(checkpoint, ()) if k in points]


def _side(a: int, b: int) -> str:
    """The side of the person that a limb belongs to, or the trunk between both."""
    if {a, b} <= TRUNK:
        return "trunk"
    return "left" if Keypoint(a).name.startswith("LEFT") else "right"
