"""A small picture of the person, cut out of a frame and kept until the second model has time for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.movement.geometry import distance, pair
from kiosk.movement.pose import FloatArray, Keypoint, Pose
from kiosk.vision.camera import Image

#: The square reaches so far from the hips, in distances to the farthest keypoint: hands and feet end beyond them.
REACH = 1.25
#: A close-up is made smaller where it would be wider than this: feet are then about 50 px long, and it takes 0.8 MB.
LONGEST_PX = 512
_HEAD_TO_FEET = (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE)


@dataclass(frozen=True, eq=False, slots=True)
class CloseUp:
    """The part of a frame around one person.

    ``image`` is BGR, ``pose`` in pixels of the whole frame; ``warp`` (2, 3) takes a point of the frame to the image.
    ``reach_px`` is how far the square around the hips reaches in the frame.
    """

    image: Image
    pose: Pose
    warp: FloatArray
    reach_px: float


def close_up(image: Image, pose: Pose) -> CloseUp | None:
    """Return a copy of what is around the person in a BGR frame; None where trunk or legs were not seen."""
    hips = pair(pose, Keypoint.LEFT_HIP)
    if any(math.isnan(pair(pose, joint)[0]) for joint in _HEAD_TO_FEET):
        return None
    reach = REACH * max(distance(hips, point) for point in pose.points if not math.isnan(point[0]))
    height, width = image.shape[:2]
    left, right = max(0, math.floor(hips[0] - reach)), min(width, math.ceil(hips[0] + reach))
    top, bottom = max(0, math.floor(hips[1] - reach)), min(height, math.ceil(hips[1] + reach))
    if right - left < 2 or bottom - top < 2:
        return None
    part = image[top:bottom, left:right]
    scale = min(1.0, LONGEST_PX / max(part.shape[:2]))
    if scale < 1:
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    else:
        part = part.copy()
    across, down = part.shape[1] / (right - left), part.shape[0] / (bottom - top)
    # The middle of a pixel stays in the middle: half a pixel in, half a pixel out.
    warp = np.array(
        [[across, 0.0, (0.5 - left) * across - 0.5], [0.0, down, (0.5 - top) * down - 0.5]],
    )
    return CloseUp(part, pose, warp, reach)


def moved(points: FloatArray, warp: FloatArray) -> FloatArray:
    """Return points (N, 2) where a warp (2, 3) takes them."""
    return points @ warp[:, :2].T + warp[:, 2]


def after(second: FloatArray, first: FloatArray) -> FloatArray:
    """Return the warp (2, 3) that does ``first`` and then ``second``."""
    joined: FloatArray = np.vstack((second, (0, 0, 1))) @ np.vstack((first, (0, 0, 1)))
    return joined[:2]


def back_again(warp: FloatArray) -> FloatArray:
    """Return the warp (2, 3) that undoes one."""
    undone: FloatArray = np.linalg.inv(np.vstack((warp, (0, 0, 1))))
    return undone[:2]
