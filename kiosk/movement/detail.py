"""What seventeen keypoints cannot see: feet and the back, as a second model saw them in a few key frames.

Key frames are the standing person and the bottom of each rep. Coordinates are those of `kiosk.movement.pose`; what
was not seen is NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from kiosk.movement.geometry import both_sides, distance, pair
from kiosk.movement.pose import FloatArray, Keypoint, Pose

#: Where the back's outline is sampled, in shares of the way from mid-hip to mid-shoulder: from the top of the
#: pelvis, where its slope shows, to just below the shoulders, which the arms overhead would hide.
BACK_SHARES: tuple[float, ...] = tuple(np.linspace(-0.15, 0.9, 22).round(3).tolist())

#: From heel to toe it is so many shins (knee to ankle, as MoveNet sees them): rendered people, three builds, feet
#: turned by -12 to 45 degrees: slope 1.00, offset -0.2, spread 3.3 degrees.
FOOT_SHINS = 0.55
#: A bend is told from the outline up to this share, and from so many points at least: with the uppermost tenth, where
#: raised arms begin, it errs more (8.1 degrees against 7.5, rendered people).
_BEND_UP_TO, _BEND_POINTS = 0.8, 12


class FootPoint(IntEnum):
    """The points of both feet, in the order of `Detail.feet`. Left and right are the person's own."""

    LEFT_HEEL = 0
    RIGHT_HEEL = 1
    LEFT_TOE = 2
    RIGHT_TOE = 3


@dataclass(frozen=True, eq=False, slots=True)
class Detail:
    """One key frame.

    ``pose`` holds the seventeen keypoints of the frame, ``feet`` (4, 2) heels and toes by `FootPoint`. In a side view
    ``heel_up_deg`` is how far the heel of the foot that is nearer to the camera has come up since the person stood,
    and ``back`` (22, 2) the outline of the back at `BACK_SHARES`.
    """

    pose: Pose
    feet: FloatArray
    heel_up_deg: float
    back: FloatArray

    def turned(self) -> Detail:
        """Return the same frame seen in a mirror, the sides still the person's own: facing -x becomes facing +x."""
        width = self.pose.size_px[0]
        pose = Pose(_mirrored(self.pose.xy, width), self.pose.score, self.pose.t_s, self.pose.size_px)
        feet, back = _mirrored(self.feet, width), _mirrored(self.back, width)
        return Detail(pose, feet, self.heel_up_deg, back)

    def mirrored(self) -> Detail:
        """Return the same frame of the person's mirror image, left and right changed: see `Pose.mirrored`."""
        feet = _mirrored(self.feet[[1, 0, 3, 2]], self.pose.size_px[0])
        return Detail(self.pose.mirrored(), feet, self.heel_up_deg, _mirrored(self.back, self.pose.size_px[0]))


def _mirrored(points: FloatArray, width: int) -> FloatArray:
    out = points.copy()
    out[:, 0] = width - out[:, 0]
    return out


def turn_out_deg(detail: Detail) -> float:
    """Return how far the feet of a standing person point outwards, seen from the front; inwards is negative.

    Seen from 1 m up and 3 m away a foot is foreshortened to a third, so its direction in the picture says little; how
    far the toes are outside the heels does, beside the length of the foot, which the shin gives. It is the mean of
    both feet: whoever stands askew by 10 degrees shows one foot 10 further out, the other 10 further in.
    """
    left, right = (detail.feet[FootPoint.LEFT_TOE + side, 0] - detail.feet[side, 0] for side in (0, 1))
    foot = FOOT_SHINS * both_sides(
        lambda side: distance(
            detail.pose.point(Keypoint.LEFT_KNEE + side), detail.pose.point(Keypoint.LEFT_ANKLE + side)
        )
    )
    if not foot > 0 or math.isnan(left + right):
        return math.nan
    return math.degrees(math.asin(max(-1.0, min(1.0, (left - right) / 2 / foot))))


def back_bend_deg(detail: Detail) -> float:
    """Return by how many degrees the outline of the back turns from the pelvis up to the ribs, rounded positive.

    It is that of the parabola which fits the outline's distance from the line of hips and shoulders, for someone who
    faces +x. The outline of somebody who stands is bent too, by the buttocks: compare.
    """
    hips, shoulders = (pair(detail.pose, joint) for joint in (Keypoint.LEFT_HIP, Keypoint.LEFT_SHOULDER))
    torso = distance(hips, shoulders)
    if not torso > 0:
        return math.nan
    behind = np.array([shoulders[1] - hips[1], hips[0] - shoulders[0]]) / torso
    offset, shares = (detail.back - hips) @ behind / torso, np.array(BACK_SHARES)
    seen = (shares <= _BEND_UP_TO) & ~np.isnan(offset)
    if seen.sum() < _BEND_POINTS:
        return math.nan
    slope = np.polyder(np.polyfit(shares[seen], offset[seen], 2))
    low, high = (math.atan(np.polyval(slope, shares[seen][end])) for end in (0, -1))
    return math.degrees(low - high)


@dataclass(frozen=True, eq=False, slots=True)
class Details:
    """The key frames of a pass, in the order of time, on the clock of its track.

    ``why``: the sentence that says why there are none; None where the second model looked.
    """

    frames: tuple[Detail, ...] = ()
    why: str | None = None

    def between(self, first_s: float, last_s: float) -> Details:
        """Return those from one time to another, both included."""
        return Details(tuple(one for one in self.frames if first_s <= one.pose.t_s <= last_s), self.why)

    def turned(self) -> Details:
        """Return the same key frames seen in a mirror: see `Detail.turned`."""
        return Details(tuple(one.turned() for one in self.frames), self.why)

    def mirrored(self) -> Details:
        """Return the same key frames of the person's mirror image: see `Detail.mirrored`."""
        return Details(tuple(one.mirrored() for one in self.frames), self.why)


#: Where nobody looked.
NO_DETAILS = Details(why="The second model, which looks at feet and backs, did not run.")
