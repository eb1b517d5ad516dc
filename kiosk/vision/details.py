"""From a close-up to a `Detail`: the second model, placed by MoveNet's keypoints, believed where they agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.movement.detail import BACK_SHARES, Detail
from kiosk.movement.geometry import lean_deg, middle, pair, torso_px
from kiosk.movement.pose import FloatArray, Keypoint, Pose
from kiosk.movement.view import View
from kiosk.vision.blazepose import FEET, LEGS, SIDE_PX, BlazePose
from kiosk.vision.close_up import CloseUp, after, back_again, moved
from kiosk.vision.foot_tilt import StandingFoot, heel_up_deg, standing_foot

#: A person must be there, and a foot's points be seen, with at least this certainty.
PRESENT, SEEN = 0.5, 0.5
#: Its hips, knees and ankles must lie so near to MoveNet's, in torso lengths: the mean of the three pairs.
AGREES = 0.35
#: A foot that ends nearer than this to the edge may go on beyond it, in heights of the picture.
EDGE_SHARE = 0.008
#: Rows of a close-up in which somebody who reaches the edge of the picture is looked for.
_EDGE_ROWS = 3
_MIDDLE_PX = SIDE_PX / 2


#: Why the second model did not look, in a member's words.
OFF = "The second model, which looks at feet and backs, is switched off."
MISSING = "The second model, which looks at feet and backs, is missing or damaged."
NO_PICTURE = "Recorded keypoints hold no picture in which a second model could look at feet and backs."

BoolArray: TypeAlias = NDArray[np.bool_]


class DetailReader:
    """Reads close-ups of one person. Show the standing person first: heels are compared with them.

    The model is loaded for the first close-up (0.05 s), and takes 45 MB from then until `rest`.
    """

    def __init__(self, load: Callable[[], BlazePose]) -> None:
        self._load = load
        self._model: BlazePose | None = None
        self._stood: StandingFoot | None = None

    @classmethod
    def of(cls, path: Path) -> DetailReader:
        """Return a reader on a verified model file."""
        return cls(lambda: BlazePose(path))

    def rest(self) -> None:
        """Let go of the model until it is needed again."""
        self._model = None

    def forget(self) -> None:
        """Forget how the person stood: another pass, or another person, begins."""
        self._stood = None

    def read(self, shown: CloseUp, view: View, *, standing: bool) -> Detail:
        """Return what can be seen in a close-up; NaN where the model saw nobody, or somebody else's legs.

        Raises `ModelError` where the model cannot be loaded.
        """
        model = self._model or self._load()
        self._model = model
        to_square = upright(shown)
        square = cv2.warpAffine(
            shown.image, after(to_square, back_again(shown.warp)), (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR
        )
        body = model.infer(np.asarray(cv2.cvtColor(square, cv2.COLOR_BGR2RGB), np.uint8))
        to_frame = back_again(to_square)
        points = moved(body.xy, to_frame)
        pose = shown.pose
        if body.presence < PRESENT or not agrees(points, pose):
            return Detail(pose, _unseen(4), math.nan, _unseen(len(BACK_SHARES)))
        person, feet = _person(shown, body.mask, to_square), points[list(FEET)]
        if cut_off(shown, person):
            feet[:] = np.nan
        feet[(body.visibility[list(FEET)] < SEEN) | beyond(feet, pose.size_px)] = np.nan
        heel_up, back = math.nan, _unseen(len(BACK_SHARES))
        if view is View.SIDE:
            heel_up = self._heel_up(shown, person, feet, standing)
            ahead = math.copysign(1.0, points[FEET[2] : FEET[3] + 1, 0].sum() - points[FEET[0] : FEET[1] + 1, 0].sum())
            back = moved(back_outline(body.mask, pose, to_square, ahead), to_frame)
        return Detail(pose, feet, heel_up, back)

    def _heel_up(self, shown: CloseUp, person: NDArray[np.uint8], feet: FloatArray, standing: bool) -> float:
        if self._stood is None and standing:
            side = nearer_foot(feet)
            self._stood = standing_foot(shown, person, feet[side].tolist(), feet[2 + side].tolist())
        return math.nan if self._stood is None else heel_up_deg(self._stood, shown)


def upright(shown: CloseUp) -> FloatArray:
    """Return the warp (2, 3) from the frame to the model's square: mid-hip in its middle, the trunk upright in it.

    This is how BlazePose was trained. Left as it is, somebody who leans forward is seen wrongly: at the bottom of a
    squat its hips err by 22 % of the torso instead of 7 % (rendered people).
    """
    hips, shoulders = pair(shown.pose, Keypoint.LEFT_HIP), pair(shown.pose, Keypoint.LEFT_SHOULDER)
    lean, scale = math.radians(lean_deg(hips, shoulders)), _MIDDLE_PX / shown.reach_px
    cos, sin = math.cos(lean) * scale, math.sin(lean) * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    return np.column_stack((turn, _MIDDLE_PX - turn @ np.array(hips)))


def agrees(points: FloatArray, pose: Pose) -> bool:
    """Whether the model's hips, knees and ankles (33 points in px) are those that MoveNet sees.

    Middles of left and right are compared: from the side the two models often disagree about which is which.
    """
    apart = []
    for left, joint in zip(LEGS[::2], (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE), strict=True):
        seen = middle(points[left].tolist(), points[left + 1].tolist())
        apart.append(math.dist(seen, pair(pose, joint)))
    return bool(sum(apart) / len(apart) <= AGREES * torso_px(pose))


def beyond(points: FloatArray, size_px: tuple[int, int]) -> BoolArray:
    """Return which points (N, 2) lie so near to the picture's edge, or beyond it, that they were guessed (N,)."""
    margin = EDGE_SHARE * size_px[1]
    outside: BoolArray = np.any((points < margin) | (points > np.array(size_px) - 1 - margin), axis=1)
    return outside


def cut_off(shown: CloseUp, person: NDArray[np.uint8]) -> bool:
    """Whether somebody goes on below the lower edge of the picture: a model then squeezes the feet into it.

    ``person`` has the size of the close-up and is above 0 where the person is.
    """
    lowest = moved(np.array([[0.0, shown.pose.size_px[1] - 1.0]]), shown.warp)[0, 1]
    rows = person.shape[0]
    return bool(lowest < rows and person[max(0, rows - _EDGE_ROWS) :].any())


def nearer_foot(feet: FloatArray) -> int:
    """Return which of the feet (4, 2) the camera sees from the side: the left one (0) of somebody who faces left."""
    return 0 if feet[2, 0] + feet[3, 0] < feet[0, 0] + feet[1, 0] else 1


def back_outline(mask: NDArray[np.float32], pose: Pose, to_square: FloatArray, ahead: float) -> FloatArray:
    """Return the outline of the back in the square, (22, 2) at `BACK_SHARES`; NaN where it cannot be told.

    ``mask`` is above 0 where the person is; ``ahead`` is +1 for somebody who faces +x, else -1. The trunk stands
    upright in the square, so each point is where its row of the mask ends, between two pixels.
    """
    length = float(np.linalg.norm(to_square[:, 0])) * torso_px(pose)
    out = np.full((len(BACK_SHARES), 2), np.nan)
    centre = int(_MIDDLE_PX)
    for index, share in enumerate(BACK_SHARES):
        row = _MIDDLE_PX - share * length
        if not 0 <= row < SIDE_PX - 1:
            continue
        above = int(row)
        line = mask[above] + (row - above) * (mask[above + 1] - mask[above])
        outwards = line[centre::-1] if ahead > 0 else line[centre:]
        empty = np.flatnonzero(outwards <= 0)
        if len(empty) == 0 or empty[0] == 0:
            continue
        last = int(empty[0]) - 1
        inside, outside = float(outwards[last]), float(outwards[last + 1])
        out[index] = centre - ahead * (last + inside / (inside - outside)), row
    return out


def _person(shown: CloseUp, mask: NDArray[np.float32], to_square: FloatArray) -> NDArray[np.uint8]:
    """Return where the person is in a close-up."""
    height, width = shown.image.shape[:2]
    way = after(shown.warp, back_again(to_square))
    drawn = cv2.warpAffine(mask, way, (width, height), flags=cv2.INTER_LINEAR, borderValue=-1.0)
    return (np.asarray(drawn) > 0).astype(np.uint8)


def _unseen(points: int) -> FloatArray:
    return np.full((points, 2), np.nan)
