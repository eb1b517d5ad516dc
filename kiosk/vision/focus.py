"""How sharp a picture is, for whoever turns the lens."""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.movement.pose import Pose
from kiosk.vision.camera import Image

#: Around the keypoints, as a share of the body's height.
_AROUND = 0.08
_LEAST_PX = 16


def sharpness(image: Image, pose: Pose | None = None) -> float:
    """Return how much fine detail a picture has: the variance of its Laplacian over that of its brightness.

    Only around the person where one was seen, because a sharp wall behind a blurred person is of no use. It compares
    pictures of one scene; by itself the number means nothing.
    """
    grey = cv2.cvtColor(_around(image, pose), cv2.COLOR_BGR2GRAY)
    contrast = float(np.var(grey))
    if contrast == 0.0:
        return 0.0
    return float(np.var(cv2.Laplacian(grey, cv2.CV_32F))) / contrast


def _around(image: Image, pose: Pose | None) -> Image:
    if pose is None:
        return image
    seen = pose.xy[~np.isnan(pose.xy[:, 0])]
    if len(seen) == 0:
        return image
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = _AROUND * float(high[1] - low[1])
    left, top = np.maximum(low - margin, 0).astype(int)
    right, bottom = (high + margin).astype(int)
    cut = image[top:bottom, left:right]
    return cut if min(cut.shape[:2]) >= _LEAST_PX else image
