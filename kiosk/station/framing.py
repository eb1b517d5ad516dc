"""Whether a person stands so that the kiosk can see what it needs, and what to ask for if not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kiosk.movement.geometry import pair, torso_px
from kiosk.movement.pose import Keypoint, Pose
from kiosk.movement.view import View, openness

#: The body's height, or length, as a share of the picture's: below it keypoints are too coarse, above it raised arms
#: or feet leave the picture.
SMALLEST, LARGEST = 0.3, 0.97
#: How far from the picture's middle the hips may be, as a share of its width.
OFF_CENTRE = 0.33
#: From this `openness` on a person faces the camera squarely enough to be sent to their own left or right.
FACING = 0.4
#: A keypoint nearer to the edge than this share of the picture is about to leave it.
_EDGE = 0.005
#: Feet are at most this many torso lengths below the hips (legs of people measure 1.6 to 1.9).
_LEGS = 2.0
#: Hips, knees and ankles whose scores average less are hardly seen. Of the labelled clips and the rendered people,
#: whole bodies in light average 0.47 and more in nine frames of ten.
HARDLY_SEEN = 0.36

_BODY = (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE)
_LOWER = (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE)
_ARMS = (
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the person: a sentence of at most seven words, and its code for whoever draws it.

    ``hint`` is None where nothing is wrong, else nobody, too-near, too-far, left, right, crowd, dark, loose, arms,
    front, side or rear. Left and right are those of the mirror that the screen is, and so the member's own.
    """

    hint: str | None
    says: str


NOBODY = Ask("nobody", "Step in front of the camera")
COME_BACK = Ask("nobody", "Come back into the picture")
CROWD = Ask("crowd", "One person at a time, please")
DARK = Ask("dark", "Too dark to see: more light, please")
LOOSE = Ask("loose", "Tuck in or roll up loose clothes")
ARMS = Ask("arms", "Step back: show your hands")
TOO_NEAR = Ask("too-near", "Step back a little")
HALF = Ask("too-near", "Step back: show your whole body")
TOO_FAR = Ask("too-far", "Come a little closer")
LEFT, RIGHT = Ask("left", "Step to your left"), Ask("right", "Step to your right")
_TURNS = {
    View.FRONT: Ask("front", "Face the camera"),
    View.SIDE: Ask("side", "Turn your side to the camera"),
    View.REAR: Ask("rear", "Turn your back to the camera"),
}


def person_there(pose: Pose) -> bool:
    """Whether anybody is in the picture: a shoulder and a hip were seen."""
    shoulder, hip = pair(pose, Keypoint.LEFT_SHOULDER), pair(pose, Keypoint.LEFT_HIP)
    return not math.isnan(shoulder[0] + hip[0])


def what_to_change(pose: Pose, *, dark: bool = False, loose: bool = False) -> Ask | None:
    """Return what to ask of the person; None when the framing is fine.

    ``dark``: the picture is. It is to blame only for what is not seen. ``loose``: the legs have been `hardly_seen` for
    some time.
    """
    if not person_there(pose):
        return DARK if dark else NOBODY
    if hands_cut_off(pose):
        return ARMS
    if _too_near(pose):
        return TOO_NEAR
    unsure = hardly_seen(pose)
    if dark and unsure:
        return DARK
    if any(math.isnan(pair(pose, k)[0]) for k in _BODY) and not (unsure and loose):
        return HALF
    if _extent(pose) < SMALLEST:
        return TOO_FAR
    if unsure and loose:
        return LOOSE
    return _to_the_middle(pose)


def hardly_seen(pose: Pose) -> bool:
    """Whether hips, knees and ankles, which ought to be in the picture, are hardly seen.

    Of each pair the better seen one counts: from the side a leg hides the other.
    """
    score = sum(max(float(pose.score[k]), float(pose.score[k + 1])) for k in _LOWER) / len(_LOWER)
    hips, torso = pair(pose, Keypoint.LEFT_HIP), torso_px(pose)
    return score < HARDLY_SEEN and bool(hips[1] + _LEGS * torso < pose.size_px[1])


def hands_cut_off(pose: Pose) -> bool:
    """Whether a raised hand is beyond the picture's upper edge, or about to be.

    A wrist that was not seen is taken to be as far above its elbow as that is above the shoulder.
    """
    points, edge = pose.points, _EDGE * pose.size_px[1]
    for shoulder, elbow, wrist in _ARMS:
        # NaN is neither above nor below anything.
        if points[elbow][1] < points[shoulder][1]:
            reach = points[wrist][1]
            if math.isnan(reach):
                reach = 2 * points[elbow][1] - points[shoulder][1]
            if reach < edge:
                return True
    return False


def unseen(pose: Pose) -> Pose:
    """Return the same moment with nobody in it."""
    return Pose(np.full_like(pose.xy, np.nan), np.zeros_like(pose.score), pose.t_s, pose.size_px)


def turn_ask(view: View) -> Ask:
    """Return how to ask for a view."""
    return _TURNS[view]


def _extent(pose: Pose) -> float:
    seen = pose.xy[~np.isnan(pose.xy[:, 0])]
    return float(max(np.ptp(seen[:, 0]) / pose.size_px[0], np.ptp(seen[:, 1]) / pose.size_px[1]))


def _too_near(pose: Pose) -> bool:
    width, height = pose.size_px
    seen, extent = pose.xy[~np.isnan(pose.xy[:, 0])], _extent(pose)
    low, high = seen.min(axis=0), seen.max(axis=0)
    leaving = bool((low < _EDGE * np.array([width, height])).any() or (high[1] > (1 - _EDGE) * height))
    return extent > LARGEST or (leaving and extent > 0.6)


def _to_the_middle(pose: Pose) -> Ask | None:
    off = pair(pose, Keypoint.LEFT_HIP)[0] / pose.size_px[0] - 0.5
    if abs(off) <= OFF_CENTRE:
        return None
    # Who faces the camera at the left of its picture has the middle at their left, and in the mirror too.
    ask = LEFT if off < 0 else RIGHT
    return ask if openness(pose) >= FACING else Ask(ask.hint, "Move to the middle")
