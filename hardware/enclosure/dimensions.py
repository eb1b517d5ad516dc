"""The dimensions of the box, for OpenSCAD and for the checks; and how much air it needs."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from typing import Any

from hardware import FOLDER

TABLE = FOLDER / "enclosure" / "enclosure.toml"
#: What a Pi 5 turns into heat on the kiosk's load, watts, and how much warmer than the room the air inside may get.
HEAT_W, WARMER_K = 10.0, 20.0
#: What a wall of thin plastic lets through from still air to still air, W per m2 and kelvin.
_WALL_W = 3.5
_AIR_HEAT, _GRAVITY, _ROOM_K, _FLOW = 1.15 * 1005, 9.81, 300.0, 0.6


@cache
def dimensions() -> dict[str, dict[str, Any]]:
    """Return the tables of ``enclosure.toml``."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def as_scad(tilt_deg: float) -> str:
    """Return the dimensions as OpenSCAD's variables, ``pi_board`` for ``board`` of ``[pi]``; the wedge's tilt too."""
    lines = ["// Made from enclosure.toml and the camera's place by `make hardware`."]
    for section, values in dimensions().items():
        lines += [f"{section}_{key} = {value};" for key, value in values.items()]
    return "\n".join([*lines, f"tilt_deg = {tilt_deg:.2f};", ""])


def through_walls_w() -> float:
    """Return what the walls let through, watts; the back hangs on a wall and counts nothing."""
    wide, high, deep = (side / 1000 for side in dimensions()["box"]["inner"])
    area: float = wide * high + 2 * deep * (wide + high)
    return _WALL_W * area * WARMER_K


def air_needed_cm2(rise_mm: float) -> float:
    """Return the opening that warm air needs, below and again above, when it rises by ``rise_mm`` between the two.

    The chimney effect drives it: as much flow as carries off what the walls do not, through two equal openings.
    """
    flow_m3_s = max(0.0, HEAT_W - through_walls_w()) / (_AIR_HEAT * WARMER_K)
    speed_m_s = _FLOW * math.sqrt(2 * _GRAVITY * rise_mm / 1000 * WARMER_K / _ROOM_K) / math.sqrt(2)
    return flow_m3_s / speed_m_s * 1e4
