"""Sets by what differs between them: people, clothes, light and the camera's place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from kiosk.bench.accuracy.figures import found, share_of
from kiosk.bench.accuracy.outcome import SetOutcome
from kiosk.bench.accuracy.settled import SetSaid, is_mounted
from kiosk.movement.accuracy import Group
from kiosk.movement.exercise import Check
from kiosk.movement.report import Status

#: Upper ends of bands, as they are shown; the last band is open.
_YAW_DEG, _HEIGHT_M, _DISTANCE_M = (5.0, 10.0, 15.0), (0.7, 1.0, 1.3), (2.5, 3.0, 3.5, 4.0)
_AGE, _STATURE_M, _FPS = (30.0, 50.0), (1.6, 1.75), (10.0, 15.0, 20.0)


def _banded(ends: Sequence[float], unit: str, *, size: bool = False) -> Callable[[object], str | None]:
    """Return what names the band of a value; ``size``: the sign of the value does not matter."""

    def name(value: object) -> str | None:
        try:
            number = float(str(value))
        except ValueError:
            return None
        number = abs(number) if size else number
        low = max((end for end in ends if end < number), default=None)
        high = min((end for end in ends if end >= number), default=None)
        if low is None:
            return f"up to {ends[0]:g}{unit}"
        return f"over {low:g}{unit}" if high is None else f"{low:g} to {high:g}{unit}"

    return name


def _named(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else f"{value:g}" if isinstance(value, float) else str(value)


#: Factors of the person, whom nobody chose; in cameras as they are to be mounted.
PERSON: Mapping[str, Callable[[object], str | None]] = {
    "build": _named,
    "sex": _named,
    "age": _banded(_AGE, ""),
    "stature_m": _banded(_STATURE_M, " m"),
    "skin": _named,
    "hair": _named,
    "clothes": _named,
    "sleeves": _named,
    "bottom": _named,
    "shoes": _named,
}
#: Factors of the place, in the same cameras; and those of the camera, in all of them.
PLACE: Mapping[str, Callable[[object], str | None]] = {
    "light": _named,
    "room": _named,
    "second_person": _named,
    "fps": _banded(_FPS, " per s"),
}
CAMERA: Mapping[str, Callable[[object], str | None]] = {
    "view": _named,
    "flank": _named,
    "yaw_deg": _banded(_YAW_DEG, "°", size=True),
    "height_m": _banded(_HEIGHT_M, " m"),
    "distance_m": _banded(_DISTANCE_M, " m"),
}


def group_figures(
    outcomes: Sequence[SetOutcome], said: Mapping[str, Sequence[SetSaid]], checks: Mapping[str, Check]
) -> tuple[Group, ...]:
    """Return the figures of every group of every factor that has at least two; ``said`` by the slugs of checks."""
    groups = []
    for factors, everywhere in ((PERSON, False), (PLACE, False), (CAMERA, True)):
        for factor, name_of in factors.items():
            named: dict[str, list[SetOutcome]] = {}
            for one in outcomes:
                name = name_of(one.view if factor == "view" else one.factors.get(factor))
                if name is not None and (everywhere or is_mounted(one)):
                    named.setdefault(name, []).append(one)
            if len(named) > 1:
                groups += [_group(factor, name, named[name], said, checks) for name in sorted(named, key=_order)]
    return tuple(groups)


def _order(name: str) -> tuple[float, str]:
    """Return what sorts bands by their numbers and words by themselves."""
    start = name.removeprefix("over ").split(" ")[0].rstrip("°")
    try:
        return float(start) + (1e-3 if name.startswith("over") else 0.0), name
    except ValueError:
        return -math.inf if name.startswith("up to") else math.inf, name


def _group(
    factor: str,
    name: str,
    outcomes: Sequence[SetOutcome],
    said: Mapping[str, Sequence[SetSaid]],
    checks: Mapping[str, Check],
) -> Group:
    inside = {one.name for one in outcomes}
    mine = {slug: [one for one in sets if one.outcome.name in inside] for slug, sets in said.items()}
    every = [one for sets in mine.values() for one in sets]
    steps = [error for slug, sets in mine.items() for error in _steps(checks[slug], sets)]
    return Group(
        factor,
        name,
        len(outcomes),
        share_of(one.counted == one.true_reps and one.false_reps == 0 for one in outcomes),
        found(every),
        share_of(one.said is Status.SIGN for one in every if one.clean),
        float(np.mean(steps)) if steps else None,
    )


def _steps(check: Check, sets: Iterable[SetSaid]) -> list[float]:
    """Return the errors of sets in steps from clear to sign: above 0 is seen as a larger fault than it is."""
    if check.clear is None or check.sign is None:
        return []
    step = check.sign - check.clear
    both = [(one.measured, one.true) for one in sets if not math.isnan(one.measured)]
    if check.two_sided:
        both = [(abs(measured), abs(true)) for measured, true in both]
    return [(measured - true) / step for measured, true in both]
