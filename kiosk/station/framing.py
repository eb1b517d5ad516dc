"""Whether a person stands so that the kiosk can see what it needs, and what to ask for if not."""

from __future__ import annotations

import math

import numpy as np

from kiosk.movement.geometry import pair
from kiosk.movement.pose import Keypoint, Pose
from kiosk.movement.view import View

#: The body's height, or length, as a share of the picture's: below it keypoints are too coarse, above it raised arms
#: or feet leave the picture.
SMALLEST, LARGEST = 0.3, 0.97
#: How far from the picture's middle the hips may be, as a share of its width.
OFF_CENTRE = 0.33
#: A keypoint nearer to the edge than this share of the picture is about to leave it.
_EDGE = 0.005

_BODY = (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE)


def person_there(pose: Pose) -> bool:
    """Whether anybody is in the picture: a shoulder and a hip were seen."""
    shoulder, hip = pair(pose, Keypoint.LEFT_SHOULDER), pair(pose, Keypoint.LEFT_HIP)
    return not math.isnan(shoulder[0] + hip[0])


def what_to_change(pose: Pose) -> str | None:
    """Return what to ask of the person, at most seven words; None when the framing is fine."""
    width, height = pose.size_px
    seen = pose.xy[~np.isnan(pose.xy[:, 0])]
    if not person_there(pose):
        return "Step in front of the camera"
    extent = max(np.ptp(seen[:, 0]) / width, np.ptp(seen[:, 1]) / height)
    low, high = seen.min(axis=0), seen.max(axis=0)
    leaving = bool((low < _EDGE * np.array([width, height])).any() or (high[1] > (1 - _EDGE) * height))
    if extent > LARGEST or (leaving and extent > 0.6):
        return "Step back a little"
    if any(math.isnan(pair(pose, k)[0]) for k in _BODY):
        return "Step back: show your whole body"
    if extent < SMALLEST:
        return "Come a little closer"
    hips = pair(pose, Keypoint.LEFT_HIP)[0] / width - 0.5
    if abs(hips) > OFF_CENTRE:
        # The picture is shown mirrored: someone at its left side sees themself at the right.
        return "Move to the middle"
    return None


def unseen(pose: Pose) -> Pose:
    """Return the same moment with nobody in it."""
    return Pose(np.full_like(pose.xy, np.nan), np.zeros_like(pose.score), pose.t_s, pose.size_px)


def turn_ask(view: View) -> str:
    """Return how to ask for a view, at most seven words."""
    return {
        View.FRONT: "Face the camera",
        View.SIDE: "Turn your side to the camera",
        View.REAR: "Turn your back to the camera",
    }[view]
