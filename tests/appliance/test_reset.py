"""The kernel dies, the hardware watchdog resets the machine; what comes up has a read-only root, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .conftest import Start
from .machine import Machine
from .ready import MOMENT, START_S

pytestmark = pytest.mark.appliance(minutes=2)

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
    """Let the kernel of a running kiosk panic; keep the moment at which the kiosk is ready again as `read-only`."""
    machine = start.machine
    machine.cut_power()
    machine.switch_on(moment=MOMENT, more=_READ_ONLY)
    before = _boot(machine)
    machine.panic()
    machine.until(lambda: machine.answers() and _boot(machine) != before, "the hardware watchdog's reset")
    machine.until(lambda: kiosk.serves(machine), _COMES_UP, own_s=START_S)
    machine.save("read-only")
    yield Reset(machine, before, _boot(machine))
    machine.cut_power()


def test_a_kernel_that_panics_is_reset_by_the_hardware_watchdog_and_the_kiosk_comes_back(reset: Reset) -> None:
    assert reset.after != reset.before
    assert reset.machine.page("/healthz")[0] == 200


def test_with_a_read_only_root_a_result_outlives_a_cut_of_the_power(reset: Reset, recorded_visit: Path) -> None:
    machine = reset.machine
    assert machine.text("findmnt -no FSTYPE /") == "overlay"
    assert "rw" in machine.text("findmnt -no OPTIONS /var/lib/kiosk").split(",")
    assert machine.text("systemctl --failed --no-legend --plain") == ""
    kiosk.play_recorded(machine, recorded_visit)
    machine.until(lambda: kiosk.stored(machine), "a result", own_s=90)
    before = kiosk.stored(machine)
    machine.cut_power()
    machine.switch_on(more=_READ_ONLY)
    machine.until(lambda: kiosk.serves(machine), "the kiosk after the cut", own_s=START_S)
    assert kiosk.stored(machine) == before
    assert kiosk.report(machine, before[0])["exercise"] == "incline-push-up"
    # What was changed in the root went with the power: the camera is the source again.
    assert "usb-gym-camera" in machine.text(f"grep ^source {kiosk.CONFIGURATION}")


def _boot(machine: Machine) -> str:
    return machine.text("cat /proc/sys/kernel/random/boot_id")
