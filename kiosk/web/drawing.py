"""Pictures of a result as SVG: the skeleton at the worst moment, a value over the reps, the score as a range.

Pure: parts of the result's JSON in, markup out, every text escaped. Colours come from the page's style sheet
by class name, since the pages allow no inline style; shapes differ too, so that colour never speaks alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from kiosk.movement.pose import SKELETON, Keypoint
from kiosk.web.chart import chart_svg, score_svg

__all__ = ["chart_svg", "score_svg", "skeleton_svg"]

#: Below so many seen keypoints there is nothing to recognise in a picture.
FEWEST_POINTS = 4
#: Air around the person, as a share of the taller side of the person's box.
MARGIN = 0.12
#: A person's box is widened to at least this share of its height: a side view is not drawn as a sliver.
NARROWEST = 0.55
FACE = frozenset({Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR})
TRUNK = frozenset({Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP})

#: Which keypoints a checkpoint is about: these are ringed in the picture.
AT_CHECKPOINT: Mapping[str, tuple[Keypoint, ...]] = {
    "feet": (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE),
    "knees": (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE),
    "hips": (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    "back": (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    "shoulders": (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    "arms": (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST),
    "elbows": (Keypoint.LEFT_ELBOW, Keypoint.RIGHT_ELBOW),
    "head": (Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR),
}

Point = tuple[float, float]


def skeleton_svg(moment: Mapping[str, Any] | None, checkpoint: str, label: str) -> Markup:
    """Draw the skeleton of ``moment`` fitted to the person, not mirrored; empty where too little was seen.

    ``moment`` holds ``xy``: 17 pairs of pixels, null where a keypoint was not seen. ``label`` is read out in
    place of the picture.
    """
    points = _seen(moment["xy"]) if moment else {}
    if len(points) < FEWEST_POINTS:
        return Markup("")
    left, top, width, height = _frame(points.values())
    unit = height / 100
    ringed = [points[k] for k in AT_CHECKPOINT.get(checkpoint, ()) if k in points]
    parts = [
        f'<svg class="skeleton" viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}" role="img">',
        f"<title>{escape(label)}</title>",
        *_plumb_line(points, top, height, unit),
        *_limbs(points, unit),
        *(f'<circle class="joint" {_at(p)} r="{1.3 * unit:.2f}"/>' for k, p in points.items() if k not in FACE),
        *(f'<circle class="ring" {_at(p)} r="{4 * unit:.2f}" stroke-width="{unit:.2f}"/>' for p in ringed),
        "</svg>",
    ]
    return Markup("".join(parts))


def _seen(xy: Sequence[Sequence[float] | None]) -> dict[int, Point]:
    return {k: (float(p[0]), float(p[1])) for k, p in enumerate(xy) if p is not None}


def _frame(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the picture around these points."""
    xs, ys = zip(*points, strict=True)
    tall = max(max(ys) - min(ys), max(xs) - min(xs), 1.0)
    height = max(max(ys) - min(ys), NARROWEST * tall) + 2 * MARGIN * tall
    width = max(max(xs) - min(xs), NARROWEST * tall) + 2 * MARGIN * tall
    return (min(xs) + max(xs) - width) / 2, (min(ys) + max(ys) - height) / 2, width, height


def _plumb_line(points: Mapping[int, Point], top: float, height: float, unit: float) -> list[str]:
    """The vertical through the ankles: what leans or shifts is seen against it."""
    ankles = [points[k] for k in (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE) if k in points]
    if not ankles:
        return []
    x = sum(p[0] for p in ankles) / len(ankles)
    dash = f'stroke-dasharray="{unit:.2f} {2 * unit:.2f}"'
    line = f'x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{top + height:.1f}"'
    return [f'<line class="plumb" {line} stroke-width="{0.5 * unit:.2f}" {dash}/>']


def _limbs(points: Mapping[int, Point], unit: float) -> list[str]:
    lines = [(_side(a, b), points[a], points[b]) for a, b in SKELETON if not {a, b} & FACE and {a, b} <= points.keys()]
    face = [points[k] for k in FACE if k in points]
    parts = [
        f'<line class="limb {side}" x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}" '
        f'stroke-width="{2.4 * unit:.2f}"/>'
        for side, a, b in lines
    ]
    if face:
        middle = (sum(p[0] for p in face) / len(face), sum(p[1] for p in face) / len(face))
        parts.append(f'<circle class="head" {_at(middle)} r="{5 * unit:.2f}" stroke-width="{1.6 * unit:.2f}"/>')
    return parts


def _side(a: int, b: int) -> str:
    """The side of the person that a limb belongs to, or the trunk between both."""
    if {a, b} <= TRUNK:
        return "trunk"
    return "left" if Keypoint(a).name.startswith("LEFT") else "right"


def _at(point: Point) -> str:
    return f'cx="{point[0]:.1f}" cy="{point[1]:.1f}"'
