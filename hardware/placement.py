"""Where the camera and the marks go, from what a lens sees. Metres and degrees; a lens is taken to be a pinhole."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache

from hardware import FOLDER

#: The lens above the floor: at the height of a standing person's hips, as in the recordings the kiosk is judged by.
LENS_M = 1.0
#: From lens to mark, in the same recordings. Nearer or farther nobody knows how right the kiosk is.
NEAREST_M, FARTHEST_M = 2.5, 4.0
#: This share of the picture stays free at each edge: for a crooked mount and a lens not quite as its maker says.
MARGIN = 0.04
#: How far hands, knees and toes come nearer to the camera than the mark.
TOWARDS_M = 0.3
#: Raised fingertips over stature, of a tall person with long arms.
REACH = 1.26
#: A plank, from the heels to beyond the hands at the bar, over stature; and its highest point at the highest bar.
PLANK, PLANK_HIGH_M = 1.1, 1.75
#: The lowest bar that hands are seen at when the head points to the camera, and the width across the elbows then.
LOW_BAR_M, ELBOWS_M = 0.45, 1.2
#: Free width that somebody with raised arms needs who does not stand quite in the middle.
STANDING_WIDE_M = 1.4
#: The smallest share of the picture's height that a small person with raised arms should fill: below it keypoints are
#: coarse. The kiosk itself asks people nearer at 0.3.
SMALL_SHARE, SMALL_M = 0.45, 1.5
STEP_M = 0.05


@dataclass(frozen=True, slots=True)
class Lens:
    """A lens: its angles from edge to edge in a level picture, degrees; where they come from; what to think of it."""

    key: str
    name: str
    horizontal_deg: float
    vertical_deg: float
    source: str
    advice: str

    @property
    def on_its_side(self) -> Lens:
        """The same lens with the camera turned by a quarter."""
        return Lens(self.key, self.name, self.vertical_deg, self.horizontal_deg, self.source, self.advice)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lens has to stand for people up to a stature: distance to the mark in metres, and tilt, up positive.

    ``wide_m`` is the width that is seen at the mark, ``low_m`` and ``high_m`` what is seen of the vertical there.
    ``small_share`` is what a small person with raised arms fills of the picture's height.
    """

    lens: Lens
    stature_m: float
    distance_m: float
    tilt_deg: float
    wide_m: float
    low_m: float
    high_m: float
    small_share: float

    @property
    def fits(self) -> bool:
        """Whether the place lies where the kiosk was judged, with a picture that shows enough."""
        return self.distance_m <= FARTHEST_M and self.small_share >= SMALL_SHARE


@cache
def lenses() -> dict[str, Lens]:
    """Return the lenses of ``lenses.toml`` by key."""
    data = tomllib.loads((FOLDER / "lenses.toml").read_text(encoding="utf-8"))
    return {key: _lens(key, entry) for key, entry in data.items()}


def _lens(key: str, entry: dict[str, float | str]) -> Lens:
    if "diagonal_deg" in entry:
        across, up = from_diagonal(float(entry["diagonal_deg"]))
    else:
        across, up = float(entry["horizontal_deg"]), float(entry["vertical_deg"])
    return Lens(key, str(entry["name"]), across, up, str(entry["source"]), str(entry["advice"]))


def from_diagonal(diagonal_deg: float, shape: tuple[int, int] = (16, 9)) -> tuple[float, float]:
    """Return the horizontal and vertical angle of a lens whose diagonal angle is known, for a picture's shape."""
    half = math.tan(math.radians(diagonal_deg / 2)) / math.hypot(*shape)
    across, up = (2 * math.degrees(math.atan(half * side)) for side in shape)
    return across, up


def place(lens: Lens, stature_m: float = 2.0) -> Place:
    """Return the nearest place, from `NEAREST_M` on in steps of 5 cm, where the whole person is in the picture.

    Standing with raised arms, a step of `TOWARDS_M` nearer too; and in a plank over the mark, from the side and with
    the head to the camera.
    """
    steps = round(NEAREST_M / STEP_M)
    while not sees(lens, steps * STEP_M, stature_m):
        steps += 1
    distance_m = steps * STEP_M
    tilt = tilt_deg(distance_m, stature_m)
    low_m, high_m = (seen_at(distance_m, tilt, edge * lens.vertical_deg / 2) for edge in (-1, 1))
    wide_m = 2 * distance_m * math.tan(math.radians(lens.horizontal_deg / 2))
    share = _share(lens, distance_m, tilt, SMALL_M * REACH)
    return Place(lens, stature_m, distance_m, tilt, wide_m, low_m, high_m, share)


def tilt_deg(distance_m: float, stature_m: float) -> float:
    """Return how far the camera looks up for soles and raised fingertips to be equally far from the edges."""
    near_m = distance_m - TOWARDS_M
    up, down = (math.degrees(math.atan2(m, near_m)) for m in (stature_m * REACH - LENS_M, LENS_M))
    return (up - down) / 2


def sees(lens: Lens, distance_m: float, stature_m: float) -> bool:
    """Whether all of a person of this stature is within the margins, standing or in a plank at the mark."""
    near_m, tilt = distance_m - TOWARDS_M, tilt_deg(distance_m, stature_m)
    plank_m = stature_m * PLANK
    extremes = (
        (STANDING_WIDE_M, near_m, (0.0, stature_m * REACH)),
        (plank_m, near_m, (0.0, PLANK_HIGH_M)),
        (ELBOWS_M, distance_m - plank_m / 2, (LOW_BAR_M, PLANK_HIGH_M)),
    )
    corners = [(side * wide / 2, ahead, z) for wide, ahead, heights in extremes for side in (-1, 1) for z in heights]
    return all(max(map(abs, in_picture(lens, tilt, corner))) <= 1 - 2 * MARGIN for corner in corners)


def in_picture(lens: Lens, tilt: float, point_m: tuple[float, float, float]) -> tuple[float, float]:
    """Return where a point shows, -1 to 1 from edge to edge, right and up. It is (right, ahead, above floor)."""
    right, ahead, above = point_m[0], point_m[1], point_m[2] - LENS_M
    turn = math.radians(tilt)
    depth = ahead * math.cos(turn) + above * math.sin(turn)
    high = above * math.cos(turn) - ahead * math.sin(turn)
    across = math.tan(math.radians(lens.horizontal_deg / 2))
    up = math.tan(math.radians(lens.vertical_deg / 2))
    return right / depth / across, high / depth / up


def seen_at(distance_m: float, tilt: float, angle_deg: float) -> float:
    """Return the height above the floor of what shows at an angle from the middle of the picture, at a distance."""
    return LENS_M + distance_m * math.tan(math.radians(tilt + angle_deg))


def _share(lens: Lens, distance_m: float, tilt: float, tall_m: float) -> float:
    low, high = (in_picture(lens, tilt, (0.0, distance_m, z))[1] for z in (0.0, tall_m))
    return (high - low) / 2
