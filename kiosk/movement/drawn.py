"""How a check is drawn on the skeleton: ``drawn = "angle near_shoulder near_elbow near_wrist"`` in ``checks.toml``.

The declaration names a kind of drawing and the points that it takes. It holds no numbers: the value and the limit of
the finding are written beside it. What the kinds look like is in ``kiosk/web/measured.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The kinds of drawings and how many points each takes.
KINDS: Mapping[str, int] = {
    "angle": 3,
    "lean": 2,
    "between": 4,
    "turn": 2,
    "sag": 3,
    "rise": 3,
    "gap": 2,
    "offset": 2,
    "height": 2,
    "level": 2,
    "shrink": 2,
    "drop": 1,
    "bow": 2,
    "hollow": 2,
    "toes-out": 1,
    "toes-in": 1,
    "heel": 1,
    "timing": 1,
}
#: What is drawn from the measured value alone, since the 17 points do not show it.
FROM_VALUE = ("bow", "hollow", "toes-out", "toes-in", "heel", "timing")
#: Kinds that compare both sides and so need a joint without a side.
BOTH_SIDES = ("gap", "offset", "toes-out", "toes-in", "timing")
POINTS = ("nose", "eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
#: In front of a point: which of the two is meant. Without one it is the middle of both, as `geometry.pair` has it.
SIDES = ("left_", "right_", "near_", "each_")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawing: its kind and the names of its points, such as ``hip``, ``near_knee`` or ``left_ankle``."""

    kind: str
    points: tuple[str, ...]


def read_drawn(declaration: str) -> Drawn:
    """Return what a declaration says. Raises ValueError with the reason where it is none."""
    kind, *points = declaration.split() or [""]
    if kind not in KINDS:
        raise ValueError(f"must begin with one of {', '.join(KINDS)}")
    if len(points) != KINDS[kind]:
        raise ValueError(f"'{kind}' takes {KINDS[kind]} point{'s' if KINDS[kind] > 1 else ''}, not {len(points)}")
    for name in points:
        side = next((side for side in SIDES if name.startswith(side)), "")
        if name.removeprefix(side) not in POINTS or (side and name.endswith("nose")):
            raise ValueError(f"'{name}' is no point; points are {', '.join(POINTS)}, with {', '.join(SIDES)} before")
        if side and kind in BOTH_SIDES:
            raise ValueError(f"'{kind}' looks at both sides: name '{name.removeprefix(side)}' without a side")
    return Drawn(kind, tuple(points))
