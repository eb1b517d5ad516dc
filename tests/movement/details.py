"""Key frames made to measure: feet and backs of a known shape."""

from __future__ import annotations

import math

import numpy as np

from kiosk.movement.detail import BACK_SHARES, Detail
from kiosk.movement.pose import KEYPOINTS, Keypoint, Pose

SIZE_PX = (640, 480)
#: Where somebody stands who faces +x (or the camera): shoulders, hips, knees and ankles above each other.
_HEIGHTS = {
    Keypoint.LEFT_SHOULDER: 150.0,
    Keypoint.LEFT_HIP: 250.0,
    Keypoint.LEFT_KNEE: 330.0,
    Keypoint.LEFT_ANKLE: 410.0,
}
SHIN_PX = 80.0


def a_pose(t_s: float = 0.0) -> Pose:
    """Somebody upright; left is to the right of the picture, as seen from the front."""
    xy = np.full((KEYPOINTS, 2), 300.0)
    for left, height in _HEIGHTS.items():
        xy[left], xy[left + 1] = (320.0, height), (280.0, height)
    return Pose(xy, np.ones(KEYPOINTS), t_s, SIZE_PX)


def a_detail(
    t_s: float = 0.0, *, out_deg: float = 0.0, askew_deg: float = 0.0, heel_up_deg: float = 0.0, bend: float = 0.0
) -> Detail:
    """Feet turned out, somebody askew, a heel that is up, a back whose middle bulges by ``bend`` torsos."""
    foot = 0.55 * SHIN_PX
    left, right = (foot * math.sin(math.radians(turn)) for turn in (out_deg + askew_deg, askew_deg - out_deg))
    feet = np.array([[320.0, 420.0], [280.0, 420.0], [320.0 + left, 432.0], [280.0 + right, 432.0]])
    shares = np.array(BACK_SHARES)
    behind = 30.0 + 100 * bend * (1 - ((shares - 0.325) / 0.475) ** 2)
    back = np.column_stack((300.0 - behind, 250.0 - 100.0 * shares))
    return Detail(a_pose(t_s), feet, heel_up_deg, back)
