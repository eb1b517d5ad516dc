"""The golden recordings of the two example exercises: synthetic people, since nobody was filmed for them.

`python -m tests.example_golden` writes them anew into ``docs/examples``; a test holds that the files are these.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.kit.golden import Golden, LabelledRep, Labels, write_labels
from kiosk.kit.labelling import cut_to_the_set
from kiosk.movement.exercise import Exercise
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import PoseTrack, Side
from kiosk.movement.view import View
from kiosk.testing import FRONT, BothSides, Build, JointCurves, Support, hold, perform
from kiosk.vision.keypoint_file import write_keypoints

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
#: What stands in the place of a model's name.
SYNTHETIC = "synthetic"
REMARK = "# Nobody was filmed: a synthetic person of kiosk.testing, written by python -m tests.example_golden.\n"
_NOISE_PX = 1.0

_PLANK = JointCurves(Support.FOREARMS, shoulder_deg=78, hip_deg=178)
_KNEELING = JointCurves(Support.KNEES, knee_deg=60, hip_deg=120, shoulder_deg=90)
_PLANK_CHECKS = ("hips-sag", "hips-rise", "hips-sink", "head-hangs", "shoulders-off")
_SQUAT_CHECKS = ("knee-in", "hip-drops", "trunk-leans", "shallow-depth")


def recordings(exercise: Exercise) -> Iterator[Golden]:
    """Yield the golden recordings of one of the two, cut to the set as ``kiosk record --exercise`` does it."""
    made = {"plank-hold": _planks, "single-leg-squat": _squats}[exercise.slug]
    for name, track, labels in made():
        cut, _begins_s = cut_to_the_set(track, read_pass(exercise, track, labels.side))
        yield Golden(name, cut, SYNTHETIC, labels.view or View.SIDE, labels)


def write(folder: Path, exercise: Exercise) -> None:
    """Write keypoints and labels of every recording into a folder."""
    folder.mkdir(exist_ok=True)
    for one in recordings(exercise):
        write_keypoints(folder / f"{one.name}.npz", one.track, one.model)
        (folder / f"{one.name}.toml").write_text(REMARK + write_labels(one.labels), encoding="utf-8")


def _planks() -> Iterator[tuple[str, PoseTrack, Labels]]:
    long_legs = replace(_PLANK, build=Build(thigh=1.0, shin=1.0))
    tiring = replace(_PLANK, hip_deg=lambda share: 178 + 22 * max(0.0, min(1.0, 8 * (share - 0.4))))
    for seed, (name, person, seconds, shown) in enumerate(
        (
            ("clean-1", _PLANK, 30.0, ()),
            ("clean-2", long_legs, 20.0, ()),
            ("sagging", replace(_PLANK, hip_deg=194), 30.0, ("hips-sag",)),
            ("tiring", tiring, 30.0, ("hips-sag", "hips-sink")),
            ("high-hips", replace(_PLANK, hip_deg=158, shoulder_deg=82), 30.0, ("hips-rise",)),
            ("hanging-head", replace(_PLANK, head_deg=30), 30.0, ("head-hangs",)),
            ("shoulders-ahead", replace(_PLANK, shoulder_deg=106), 30.0, ("shoulders-off",)),
        )
    ):
        track = hold(person, seconds, resting=_KNEELING, noise_px=_NOISE_PX, seed=seed)
        clean = tuple(slug for slug in _PLANK_CHECKS if slug not in shown)
        yield name, track, Labels("plank-hold", View.SIDE, (), shown, clean, held_s=seconds)


def _squats() -> Iterator[tuple[str, PoseTrack, Labels]]:
    sets: tuple[tuple[str, str | None, dict[str, Any]], ...] = (
        ("clean", None, {}),
        ("knee-in", "knee-in", {"knee_in_deg": (0.0, 18.0)}),
        ("hip-drops", "hip-drops", {"pelvis_drop_deg": (0.0, 11.0)}),
        ("trunk-leans", "trunk-leans", {"trunk_side_deg": (0.0, 17.0)}),
        ("shallow", "shallow-depth", {"depth": 0.56}),
    )
    for seed, (name, sign, differently) in enumerate(sets):
        for side in Side:
            people = [_on(side, **differently)] * 5
            yield f"{name}-{side}", perform(people, FRONT, noise_px=_NOISE_PX, seed=seed), _labels(side, sign)
    yield _late()


def _late() -> tuple[str, PoseTrack, Labels]:
    """Five squats on the right leg; the knee moves inwards from the third on, and the reps are labelled one by one."""
    clean, tired = _on(Side.RIGHT), _on(Side.RIGHT, knee_in_deg=(0.0, 18.0))
    reps = (LabelledRep(clear=("knee-in",)),) * 2 + (LabelledRep(shows=("knee-in",)),) * 3
    labels = Labels("single-leg-squat", View.FRONT, reps, side=Side.RIGHT)
    return "late-right", perform([clean] * 2 + [tired] * 3, FRONT, noise_px=_NOISE_PX, seed=9), labels


def _labels(side: Side, sign: str | None) -> Labels:
    shown = (sign,) if sign else ()
    clean = tuple(slug for slug in _SQUAT_CHECKS if slug not in shown)
    return Labels("single-leg-squat", View.FRONT, (LabelledRep(),) * 5, shown, clean, side)


def _on(side: Side, *, depth: float = 1.0, **differently: Any) -> JointCurves:
    """Somebody who bends one knee by 60 degrees times ``depth``, the other foot held up behind."""

    def both(standing: tuple[float, float], free: float) -> BothSides:
        return BothSides(standing, free) if side is Side.LEFT else BothSides(free, standing)

    return JointCurves(
        Support.LEFT_LEG if side is Side.LEFT else Support.RIGHT_LEG,
        knee_deg=both((178.0, 178.0 - 58 * depth), 95.0),
        hip_deg=both((178.0, 178.0 - 43 * depth), 165.0),
        shin_deg=(0.0, 25.0 * depth),
        shoulder_deg=35,
        elbow_deg=110,
        **differently,
    )


def main() -> None:
    """Write the recordings of both."""
    sys.path += [str(EXAMPLES / name) for name in ("plank_hold", "single_leg_squat")]
    from kiosk_plank_hold import plank_hold
    from kiosk_single_leg_squat import single_leg_squat

    write(EXAMPLES / "plank_hold" / "golden", plank_hold)
    write(EXAMPLES / "single_leg_squat" / "golden", single_leg_squat)


if __name__ == "__main__":
    main()
