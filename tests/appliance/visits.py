"""A recorded visit as keypoints, for all that is not about the model: a set of push-ups, and the end of a visit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kiosk.movement.pose import PoseTrack
from kiosk.vision.keypoint_file import read_keypoints, write_keypoints

GOLDEN = Path(__file__).parents[2] / "plugins/incline_push_up/golden/side-1.npz"
#: The first four reps; then the person stays, until rest and turn have ended and the result was shown; then nobody.
_REPS_S, _STAYS_S, _AWAY_S = 12.6, 14.0, 75.0
_STEP_S = 1 / 30


def write_visit(file: Path, away_s: float = _AWAY_S) -> None:
    """Write the visit: about 26 s, in which `guest/kiosk.toml`'s times bring a push-up to its result."""
    golden = read_keypoints(GOLDEN)
    reps = golden.t_s <= _REPS_S
    last = np.flatnonzero(reps)[-1]
    stays, away = round(_STAYS_S / _STEP_S), round(away_s / _STEP_S)
    xy = np.concatenate(
        [golden.xy[reps], np.repeat(golden.xy[last : last + 1], stays, axis=0), np.full((away, 17, 2), np.nan)]
    )
    score = np.concatenate(
        [golden.score[reps], np.repeat(golden.score[last : last + 1], stays, axis=0), np.zeros((away, 17))]
    )
    after_s = golden.t_s[last] + _STEP_S * np.arange(1, stays + away + 1)
    write_keypoints(file, PoseTrack(xy, score, np.concatenate([golden.t_s[reps], after_s]), golden.size_px))
