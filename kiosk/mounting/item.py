"""What the doctor and the status page say of the mounting."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path

from kiosk.errors import ConfigError
from kiosk.item import Item, Value
from kiosk.mounting.file import Mounting, read_mounting
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
        names = "; ".join(found.wrong)
        return Item("Mounting", None, f"checked on {found.checked}, to be changed: {names}", _CHECK, _values(found))
    if found.place is None:
        says = f"checked on {found.checked}: all of the body is in view, the place was not measured"
        return Item("Mounting", None, says, _CHECK, _values(found))
    return Item("Mounting", True, f"checked on {found.checked}: {_in_words(found.place)}", _WELL, _values(found))


_WELL = "It hangs as it should. Check again when it was moved."


def _in_words(place: Place) -> str:
    words = f"{place.height_m:.1f} m high, {place.distance_m:.1f} m away, {place.tilt_deg:.0f}° down"
    return words if math.isnan(place.yaw_deg) else f"{words}, {abs(place.yaw_deg):.0f}° aside"


def _values(found: Mounting) -> dict[str, Value]:
    place = {} if found.place is None else asdict(found.place)
    known: dict[str, Value] = {name: None if math.isnan(value) else round(value, 2) for name, value in place.items()}
    return {"checked": found.checked, "wrong": ", ".join(found.wrong), **known}
