"""What the doctor and the status page say of the mounting."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path

from kiosk.errors import ConfigError
from kiosk.item import Item, Value
from kiosk.mounting.file import Mounting, read_mounting
from kiosk.mounting.findings import of_place
from kiosk.mounting.geometry import Place

_CHECK = "Put somebody on the mark and run kiosk camera check: it says what to change."


def mounting_item(folder: Path) -> Item:
    """Return how the camera hung when that was checked last, from the state folder; worth knowing if it never was."""
    try:
        found = read_mounting(folder)
    except ConfigError as error:
        return Item("Mounting", None, str(error), _CHECK)
    if found is None:
        return Item("Mounting", None, "the camera's place was never checked", _CHECK, {"checked": None})
    if found.wrong:
        return _to_be_changed(found)
    if found.place is None:
        says = f"checked on {found.checked}: all of the body is in view, the place was not measured"
        return Item("Mounting", None, says, _CHECK, _values(found))
    return Item("Mounting", True, f"checked on {found.checked}: {_in_words(found.place)}", _WELL, _values(found))


def _to_be_changed(found: Mounting) -> Item:
    """Return what is wrong, by how much, and what to do: who reads it stands before the camera, not at that check."""
    lines = {line.name: line for line in (of_place(found.place) if found.place else ())}
    told = [lines[name] for name in found.wrong if name in lines]
    # The others, such as the light, were as they were just then.
    names = "; ".join([*(line.says for line in told), *(name for name in found.wrong if name not in lines)])
    means = " ".join([*(line.change for line in told), _CHECK])
    return Item("Mounting", None, f"checked on {found.checked}, to be changed: {names}", means, _values(found))


_WELL = "It hangs as it should. Check again when it was moved."


def _in_words(place: Place) -> str:
    way = "down" if place.tilt_deg >= 0 else "up"
    words = f"{place.height_m:.1f} m high, {place.distance_m:.1f} m away, {abs(place.tilt_deg):.0f}° {way}"
    return words if math.isnan(place.yaw_deg) else f"{words}, {abs(place.yaw_deg):.0f}° aside"


def _values(found: Mounting) -> dict[str, Value]:
    place = {} if found.place is None else asdict(found.place)
    known: dict[str, Value] = {name: None if math.isnan(value) else round(value, 2) for name, value in place.items()}
    return {"checked": found.checked, "wrong": ", ".join(found.wrong), **known}
