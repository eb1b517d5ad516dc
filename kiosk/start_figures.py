"""How the start of an exercise looks that nobody has drawn: a posture that the exercise itself takes for its start.

Plugins bring functions, not pictures. So plain postures are shown to an exercise's own `start`, seen from where its
first pass looks, and the plainest one that it says yes to is drawn on the screen. Where it takes none, nobody guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeAlias

import numpy as np

from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import FloatArray, Keypoint, Pose
from kiosk.movement.view import View
from kiosk.testing.joints import FLOOR_SIDE, BothSides, JointCurves, Support
from kiosk.testing.people import FRONT, REAR, SIDE, Body, Camera

#: Joints by the names of `figure.js`: to the figure's left, up from the floor, ahead of it, in shares of its height.
Joints: TypeAlias = Mapping[str, tuple[float, float, float]]

#: Shares of the height: a torso from shoulders to hips, the foot from ankle to toes, how high those two are.
_TORSO, _FOOT, _ANKLE, _TOE = 0.285, 0.105, 0.045, 0.018
_SCORE = 0.9
_OUT = (1.0, -1.0)  # left, right
_NAMES = {
    "Shoulder": Keypoint.LEFT_SHOULDER,
    "Elbow": Keypoint.LEFT_ELBOW,
    "Wrist": Keypoint.LEFT_WRIST,
    "Hip": Keypoint.LEFT_HIP,
    "Knee": Keypoint.LEFT_KNEE,
    "Ankle": Keypoint.LEFT_ANKLE,
}
_STANDING, _ARMS_UP = JointCurves(), JointCurves(shoulder_deg=172.0)
#: From the plainest on.
_BODIES: tuple[JointCurves, ...] = (
    JointCurves(shoulder_deg=90.0),
    JointCurves(Support.LEFT_LEG, knee_deg=BothSides(178.0, 80.0)),
    JointCurves(Support.HANDS, shoulder_deg=80.0),
    JointCurves(Support.FOREARMS, shoulder_deg=78.0),
    JointCurves(Support.HANDS, shoulder_deg=80.0, bar=1.0),
    JointCurves(Support.KNEES, knee_deg=90.0, hip_deg=178.0),
    JointCurves(knee_deg=92.0, hip_deg=92.0, shin_deg=0.0),
)
#: Where hands are put on the body: ahead, up and out from the shoulder, elbow and wrist, in torso lengths.
_HANDS = {
    "hips": ((-0.30, -0.50, 0.25), (0.05, -0.80, 0.02)),
    "head": ((0.25, 0.30, 0.36), (0.0, 0.50, -0.20)),
    "chest": ((0.25, -0.50, 0.05), (0.30, -0.22, -0.55)),
}


def start_figures(exercises: Iterable[Exercise]) -> dict[str, Joints]:
    """Return by slug the joints of the figure that starts an exercise; one that takes none of ours is not in it.

    Every exercise is asked a few dozen times, through whatever guard stands around it.
    """
    found = {one.slug: _start_of(one) for one in exercises}
    return {slug: _drawn(body) for slug, body in found.items() if body is not None}


def _start_of(exercise: Exercise) -> Body | None:
    first = exercise.passes[0]
    for body in _bodies():
        if any(exercise.start(first.seen(_pose(body, camera))) for camera in _cameras(first.view, body)):
            return body
    return None


def _cameras(view: View, body: Body) -> tuple[Camera, ...]:
    if view is not View.SIDE:
        return (REAR if view is View.REAR else FRONT,)
    lies = float(np.ptp(body[:, 0])) > float(np.ptp(body[:, 1]))
    return (FLOOR_SIDE if lies else SIDE,)


@cache
def _bodies() -> tuple[Body, ...]:
    hands_on = [_hands_on(_STANDING.body(0.0), *places) for places in _HANDS.values()]
    others = [one.body(0.0) for one in _BODIES]
    return (_STANDING.body(0.0), _ARMS_UP.body(0.0), *hands_on, *others)


def _hands_on(body: Body, elbow: tuple[float, float, float], wrist: tuple[float, float, float]) -> Body:
    for side, out in enumerate(_OUT):
        shoulder = body[Keypoint.LEFT_SHOULDER + side]
        sideways = np.array([1.0, 1.0, out])
        body[Keypoint.LEFT_ELBOW + side] = shoulder + np.array(elbow) * sideways
        body[Keypoint.LEFT_WRIST + side] = shoulder + np.array(wrist) * sideways
    return body


def _pose(body: Body, camera: Camera) -> Pose:
    return Pose(camera.see(body), np.full(len(body), _SCORE), 0.0, camera.size_px)


def _drawn(body: Body) -> Joints:
    """Return the joints to draw: the middle of the body over the mark, what is lowest on the floor."""
    middle = (float(body[:, 0].max()) + float(body[:, 0].min())) / 2 if _lies(body) else 0.0
    placed = (body - (middle, float(body[:, 1].min()), 0.0)) * _TORSO + (0.0, _ANKLE, 0.0)
    joints: dict[str, FloatArray] = {}
    for side, name in enumerate(("left", "right")):
        for joint, keypoint in _NAMES.items():
            joints[name + joint] = placed[keypoint + side]
        joints[f"{name}Toe"] = _toe(placed[Keypoint.LEFT_KNEE + side], placed[Keypoint.LEFT_ANKLE + side])
    ears = (placed[Keypoint.LEFT_EAR] + placed[Keypoint.RIGHT_EAR]) / 2
    joints["head"] = ears + (placed[Keypoint.NOSE] - ears) * 0.2
    rounded = {name: [round(float(share), 3) for share in at] for name, at in joints.items()}
    return {name: (left, up, ahead) for name, (ahead, up, left) in rounded.items()}


def _lies(body: Body) -> bool:
    return float(np.ptp(body[:, 0])) > float(np.ptp(body[:, 1]))


def _toe(knee: FloatArray, ankle: FloatArray) -> FloatArray:
    """Return where the toes are: ahead of the ankle at a right angle to the shin, a bit lower, never in the floor."""
    shin = ankle - knee
    ahead = np.array([-shin[1], shin[0]]) * (_FOOT / float(np.hypot(shin[0], shin[1])))
    return np.array([ankle[0] + ahead[0], max(_TOE, ankle[1] + ahead[1] - _ANKLE + _TOE), ankle[2]])
