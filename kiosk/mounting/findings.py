"""What is right and what is wrong with a mounting, and by how much to change what."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.mounting.geometry import Place
from kiosk.mounting.steps import Margins

#: How a camera has to hang for what the accuracy page promises (`kiosk.bench.accuracy.settled`).
HEIGHT_M, DISTANCE_M, MOST_YAW_DEG = (0.7, 1.3), (2.5, 4.0), 15.0
GOOD_HEIGHT_M = 1.0
#: Beyond these the picture misleads: leaning to a side is measured against the picture's upright.
MOST_ROLL_DEG = 2.0
#: How far the tilt may be off the one that has floor and raised hands at the same distance from the edges.
MOST_OFF_TILT_DEG = 4.0
#: A wall may be so near above a raised hand: reps are wilder than standing still.
LEAST_MARGIN = 0.02
_RAISED_HANDS_M = 2.3
DARK, DIM = 40.0, 60.0
#: Sharpness below this share of the best seen is out of focus.
SHARP_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check. ``ok`` False: to be changed, None: worth knowing. ``change``: how, empty where well."""

    name: str
    says: str
    ok: bool | None
    change: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """What the pictures were like: brightness 0 to 255, sharpness as a share of the best seen, frames per second."""

    brightness: float
    sharp_share: float
    fps: float


def findings(place: Place | None, around: Margins | None, looks: Looks, least_fps: float) -> tuple[Finding, ...]:
    """Return the whole check, line by line. ``place`` and ``around`` are None where they could not be measured."""
    lines = [_framing(around)]
    if place is None:
        change = "Give the lens's angle (--lens) or the distance by tape (--distance), and take the step of the check."
        lines.append(Finding("Place", "could not be measured", None, change))
    else:
        lines += of_place(place)
    return (*lines, _light(looks), _focus(looks), _rate(looks, least_fps))


def of_place(place: Place) -> tuple[Finding, ...]:
    """Return what is right and wrong with where the camera is and how it looks."""
    return _height(place), _distance(place), _tilt(place), _roll(place), _yaw(place)


def _framing(around: Margins | None) -> Finding:
    if around is None:
        return Finding("Whole body", "raised arms were not seen", False, "Do the check again, arms stretched up.")
    sides = {"above the hands": around.top, "below the feet": around.bottom}
    sides |= {"at the left": around.left, "at the right": around.right}
    says = ", ".join(f"{100 * share:.0f} % {where}" for where, share in sides.items())
    if around.least >= LEAST_MARGIN:
        return Finding("Whole body", f"in view with raised arms: {says}", True)
    if around.top + around.bottom < 2 * LEAST_MARGIN:
        return Finding("Whole body", f"does not fit: {says}", False, "Move the camera away, or take a wider lens.")
    if min(around.top, around.bottom) < LEAST_MARGIN:
        way = "up" if around.top < around.bottom else "down"
        return Finding("Whole body", f"is cut off or too near the edge: {says}", False, f"Tilt the camera {way}.")
    way = "left" if around.left < around.right else "right"
    return Finding("Whole body", f"is at the edge: {says}", False, f"Turn the camera to the {way}.")


def _height(place: Place) -> Finding:
    says = f"the lens is {place.height_m:.2f} m over the floor"
    if HEIGHT_M[0] <= place.height_m <= HEIGHT_M[1]:
        return Finding("Height", says, True)
    by_cm = 5 * round(100 * abs(place.height_m - GOOD_HEIGHT_M) / 5)
    if place.height_m < GOOD_HEIGHT_M:
        return Finding("Height", says, False, f"Raise the camera by {by_cm} cm, to {GOOD_HEIGHT_M:.1f} m.")
    return Finding("Height", says, False, f"Lower the camera by {by_cm} cm, to {GOOD_HEIGHT_M:.1f} m.")


def _distance(place: Place) -> Finding:
    says = f"the mark is {place.distance_m:.2f} m away"
    if place.distance_m < DISTANCE_M[0]:
        change = f"What the kiosk promises holds from {DISTANCE_M[0]:g} m on: move the mark away if there is room."
        return Finding("Distance", says, None, change)
    if place.distance_m > DISTANCE_M[1]:
        by_m = place.distance_m - DISTANCE_M[1]
        return Finding("Distance", says, False, f"Move the mark nearer, by {by_m:.1f} m.")
    return Finding("Distance", says, True)


def best_tilt_deg(height_m: float, distance_m: float) -> float:
    """Return the tilt, down, that has the floor at the mark and raised hands equally far from the picture's middle."""
    down, up = math.atan2(height_m, distance_m), math.atan2(_RAISED_HANDS_M - height_m, distance_m)
    return math.degrees((down - up) / 2)


def _tilt(place: Place) -> Finding:
    way = "down" if place.tilt_deg >= 0 else "up"
    says = f"the camera looks {abs(place.tilt_deg):.0f}° {way}"
    off = best_tilt_deg(place.height_m, place.distance_m) - place.tilt_deg
    if abs(off) <= MOST_OFF_TILT_DEG:
        return Finding("Tilt", says, True)
    return Finding("Tilt", says, False, f"Tilt it {'down' if off > 0 else 'up'} by {abs(off):.0f}°.")


def _roll(place: Place) -> Finding:
    if abs(place.roll_deg) <= MOST_ROLL_DEG:
        return Finding("Roll", f"level within {MOST_ROLL_DEG:g}°", True)
    way = "clockwise" if place.roll_deg > 0 else "anticlockwise"
    change = f"Turn it {way} by {abs(place.roll_deg):.0f}°, as seen from behind it; then check with a spirit level."
    return Finding("Roll", f"the camera hangs {abs(place.roll_deg):.0f}° askew", False, change)


def _yaw(place: Place) -> Finding:
    if math.isnan(place.yaw_deg):
        return Finding("Yaw", "was not measured: it needs the step", None)
    hand = "left" if place.yaw_deg > 0 else "right"
    says = f"the camera stands {abs(place.yaw_deg):.0f}° aside of where the mark points, at the person's {hand} hand"
    if abs(place.yaw_deg) <= MOST_YAW_DEG:
        return Finding("Yaw", says, True)
    by_cm = 5 * round(100 * place.distance_m * math.sin(math.radians(abs(place.yaw_deg))) / 5)
    other = "right" if hand == "left" else "left"
    change = f"Move the camera about {by_cm} cm to that person's {other}, or turn the mark towards the camera."
    return Finding("Yaw", says, False, change)


def _light(looks: Looks) -> Finding:
    says = f"brightness {looks.brightness:.0f} of 255"
    if looks.brightness < DARK:
        return Finding("Light", says, False, "Bring more light to the mark, from the camera's side.")
    if looks.brightness < DIM:
        return Finding("Light", says, None, "It is dim: more light makes the picture sharper.")
    return Finding("Light", says, True)


def _focus(looks: Looks) -> Finding:
    says = f"{100 * looks.sharp_share:.0f} % as sharp as the sharpest moment of this check"
    if looks.sharp_share < SHARP_SHARE:
        return Finding("Focus", says, False, "Turn the lens until the bar stands highest, or set camera.focus_m.")
    return Finding("Focus", says, True)


def _rate(looks: Looks, least_fps: float) -> Finding:
    says = f"{looks.fps:.0f} frames/s from the camera"
    if looks.fps < least_fps:
        change = "More light, a smaller picture (camera.width) or another port may make it faster."
        return Finding("Frame rate", says, None, change)
    return Finding("Frame rate", says, True)
