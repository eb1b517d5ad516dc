"""The system hangs, the hardware watchdog resets the machine; what comes up has a read-only root, and loses nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .conftest import Start
from .machine import Machine
from .power_cuts import cut, look_at, read_file
from .ready import MOMENT, START_S

pytestmark = pytest.mark.appliance(minutes=1.2)

#: As raspi-config asks for it: the root under an overlay in memory, other partitions as they are.
_READ_ONLY = "overlayroot=tmpfs:recurse=0"
_COMES_UP = "the kiosk after the reset"


@dataclass(frozen=True)
class Reset:
    """A machine that was reset by its watchdog, and the boot ids before and after."""

    machine: Machine
    before: str
    after: str


@pytest.fixture(scope="module")
def reset(start: Start) -> Iterator[Reset]:
    """Let the system of a running kiosk hang, until the kiosk is ready again."""
    machine = start.machine
    machine.cut_power()
    before_s = machine.processor_s()
    machine.switch_on(moment=MOMENT, more=_READ_ONLY)
    before = _boot(machine)
    machine.hang()
    machine.until(lambda: machine.answers() and _boot(machine) != before, "the hardware watchdog's reset")
    machine.until(lambda: kiosk.serves(machine), _COMES_UP, own_s=START_S)
    yield Reset(machine, before, _boot(machine))
    machine.cut_power()
    print(f"it took {machine.processor_s() - before_s:.0f} s of a processor of the host")


def test_a_system_that_hangs_is_reset_by_the_hardware_watchdog_and_the_kiosk_comes_back(reset: Reset) -> None:
    assert reset.after != reset.before
    assert reset.machine.page("/healthz")[0] == 200


def test_with_a_read_only_root_a_result_outlives_a_cut_of_the_power(
    reset: Reset, recorded_visit: Path, tmp_path: Path
) -> None:
    machine = reset.machine
    assert machine.text("findmnt -no FSTYPE /") == "overlay"
    assert "rw" in machine.text("findmnt -no OPTIONS /var/lib/kiosk").split(",")
    assert machine.text("systemctl --failed --no-legend --plain") == ""
    kiosk.play_recorded(machine, recorded_visit)
    machine.until(lambda: kiosk.stored(machine), "a result", own_s=90)
    before = kiosk.stored(machine)
    after = cut(machine, tmp_path, "read-only", before)
    shutil.copy(machine.disk("root"), tmp_path / "root.qcow2")
    # That it comes up once more like this costs a minute, and was seen a moment ago.
    machine.switch_on(moment=MOMENT)
    found = look_at(machine, after, "afterwards")
    assert found.integrity == "ok"
    assert found.ids == tuple(before)
    # What was changed in the root went with the power: the camera is the source of the pictures again.
    on_disk = read_file(machine, tmp_path / "root.qcow2", kiosk.CONFIGURATION)
    assert "usb-gym-camera" in on_disk
    assert "visit.npz" not in on_disk


def _boot(machine: Machine) -> str:
    return machine.text("cat /proc/sys/kernel/random/boot_id")
