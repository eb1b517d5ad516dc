"""What stands in the box and what is stuck into it, as blocks: for the checks and for the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import trimesh

from hardware.enclosure.dimensions import dimensions

Corner = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """A box-shaped room that something takes, from its lower to its upper corner, in millimetres of the box."""

    name: str
    low: Corner
    high: Corner
    colour: str = "#999999"

    @property
    def mesh(self) -> trimesh.Trimesh:
        """The block as a mesh."""
        box: trimesh.Trimesh = trimesh.creation.box(bounds=[self.low, self.high])
        return box


def inside() -> tuple[Block, ...]:
    """Return the blocks of what is in the box: boards with their connectors and wires, buttons, the camera."""
    table = dimensions()
    return (*_pi(table), *_breadboard(table), *_front(table), *_heads(table["wall"]))


def plugs() -> tuple[Block, ...]:
    """Return the ways of the plugs, from 20 mm outside the box to the sockets."""
    table = dimensions()
    pi, box, top = table["pi"], table["box"], board_top()
    x, y = pi["at"]
    right = box["inner"][0] + box["wall"] + 20
    low, high = (top + z for z in pi["lower_plug"])
    ports = pi["lower_ports"]
    return (
        Block("USB and network plugs", (x + pi["board"][0], y + 1.5, top), (right, y + 55.5, top + pi["usb_high"])),
        Block("power and screen plugs", (x + ports[0] + 0.2, -20, low + 0.2), (x + ports[1] - 0.2, y, high - 0.2)),
    )


def board_top() -> float:
    """Return the height of the Pi's board's upper side above the back."""
    pi = dimensions()["pi"]
    return float(pi["standoff"] + pi["board"][2])


def _pi(table: dict[str, dict[str, Any]]) -> tuple[Block, ...]:
    pi, top = table["pi"], board_top()
    x, y = pi["at"]
    wide, high, _ = pi["board"]
    usb = (x + wide - 18, y + 1.5, top), (x + wide + pi["usb_beyond"], y + 55.5, top + pi["usb_high"])
    hx, hy, hw, hh = pi["header"]
    header = (x + hx, y + hy, top), (x + hx + hw, y + hy + hh, top + pi["header_wires"])
    return (
        Block("board of the Pi", (x, y, pi["standoff"]), (x + wide, y + high, top), "#3c8f4d"),
        Block("USB and network sockets", *usb, "#b9bec6"),
        Block("jumper wires on the header", *header, "#5b6470"),
    )


def _breadboard(table: dict[str, dict[str, Any]]) -> tuple[Block, ...]:
    board = table["breadboard"]
    (x, y), (wide, high, deep) = board["at"], board["size"]
    return (
        Block("breadboard", (x, y, 0.0), (x + wide, y + high, deep), "#f1ead6"),
        Block("parts on the breadboard", (x, y, deep), (x + wide, y + high, deep + board["wires"]), "#d9d2bd"),
    )


def _heads(wall: dict[str, Any]) -> tuple[Block, ...]:
    """Return the rooms of the wall screws' heads, from where they go in to where the box hangs on them."""
    half, deep = wall["head"][0] / 2, wall["head"][1]
    return tuple(
        Block(f"head of wall screw {number}", (x - half, y - half, 0.0), (x + half, y + wall["slide"] + half, deep))
        for number, (x, y) in enumerate(wall["keyholes"], 1)
    )


def _front(table: dict[str, dict[str, Any]]) -> tuple[Block, ...]:
    front, camera, lid = table["front"], table["camera"], table["box"]["inner"][2]
    found = []
    for number, (x, y, hole) in enumerate(front["buttons"], 1):
        half = hole / 2 - 0.2
        low, high = (x - half, y - half, lid - front["button_deep"]), (x + half, y + half, lid)
        found.append(Block(f"button {number}", low, high, "#444a55"))
    (x, y), (wide, high_mm, thick) = camera["lens"], camera["board"]
    left, bottom = x - camera["board_lens"][0], y - camera["board_lens"][1]
    back = lid - camera["post"] - thick
    found.append(Block("camera board", (left, bottom, back), (left + wide, bottom + high_mm, back + thick), "#2e6fb0"))
    return tuple(found)
