"""The machine, switched on for the first time, and kept at the moment at which its kiosk was ready.

Every test goes on from there, in any number of machines at once: each takes a copy of the two disks, in which the
emulator has put that moment, memory and all. What it depends on is the image and the machine, so it is kept beside the
image, and made anew when either changes.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import kiosk_in as kiosk
from .commands import ApplianceError, run, step
from .image import Image, kept
from .machine import DISKS, Machine

HERE = Path(__file__).parent
MOMENT = "ready"
#: Seconds by the machine's clock that the kiosk may take from power to the first picture.
START_S = 90.0


@dataclass(frozen=True)
class Ready:
    """Where the disks are, the machine's seconds from power to an active kiosk, and its restarts until then."""

    folder: Path
    active_s: float
    restarts: int

    def copy(self, folder: Path) -> None:
        """Give a machine that is to live in ``folder`` disks of its own, with that moment in them."""
        for name in DISKS:
            run("cp", "--sparse=auto", "--reflink=auto", self.folder / f"{name}.qcow2", folder)


def ready(image: Image) -> Ready:
    """Return that moment, made where it is not there yet. Raises ApplianceError."""
    emulator = run(*image.target.emulator, "--version")
    parts: list[str | Path] = [image.folder.name, emulator, *image.target.board, HERE / "machine.py", HERE / "ready.py"]
    folder = kept(image.target.named("ready"), parts, lambda at: _make(image, at))
    return Ready(folder, **json.loads((folder / "start.json").read_text()))


def _make(image: Image, place: Path) -> None:
    with step("the machine's first start"), Machine(image, place / "machine") as machine:
        try:
            _start(machine, place)
        except AssertionError as error:
            raise ApplianceError(f"The kiosk did not come up: {error}") from error
    for name in DISKS:
        shutil.move(machine.disk(name), place)
    shutil.move(machine.folder / "console.log", place)
    shutil.rmtree(machine.folder)


def _start(machine: Machine, place: Path) -> None:
    machine.switch_on()
    with machine.measured("    from an answer of the machine to a ready kiosk"):
        machine.until(lambda: kiosk.is_active(machine), "the kiosk to be active", own_s=START_S)
        active_s = machine.uptime_s()
        machine.until(lambda: kiosk.state(machine) == "idle", "the kiosk to see its room", own_s=30)
    restarts = kiosk.restarts(machine)
    machine.save(MOMENT)
    (place / "start.json").write_text(json.dumps({"active_s": active_s, "restarts": restarts}))
