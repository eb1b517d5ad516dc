"""A later version comes as a bundle: it is tried, switched to, and left again by itself when it does not work.

And the plug is pulled at its switch: the machine comes up by itself, with the old version or the new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from . import kiosk_in as kiosk
from .conftest import Start
from .image import Image
from .machine import Machine
from .ready import MOMENT, START_S

pytestmark = pytest.mark.appliance(minutes=1.5)

FILE, SAID, _ENDED = "/var/tmp/bundle.tar", "/var/tmp/said", "/var/tmp/ended"
_CURRENT, _PENDING = "/opt/kiosk/current", "/opt/kiosk/pending"
#: The update that has tried the new version, and is held when it has noted that it will switch.
_SWITCHING = "switching"
_PROCESS = "'venv/bin/kiosk update'"
#: By the machine's clock: until the doctor and the recorded visit of the new version are through.
TRIED_S = 240.0
#: Three minutes to come up and one to be well, and the same for the way back.
_SETTLED_S = 480.0


@dataclass(frozen=True)
class Switch:
    """A machine with the moment `switching`, and the builds before and after."""

    machine: Machine
    before: str
    after: str

    def begin(self) -> Machine:
        """Go to that moment, at which the update waits."""
        self.machine.cut_power()
        self.machine.switch_on(moment=_SWITCHING)
        assert self.machine.text(f"cat {_PENDING}")
        assert current(self.machine) == self.before
        return self.machine

    def go_on(self) -> None:
        """Let the update go on."""
        self.machine.text(f"pkill -CONT -f {_PROCESS}")

    def end(self, what: str) -> tuple[int, str]:
        """Wait for the end of the update; its exit code, and what it said."""
        with self.machine.measured(what):
            self.machine.until(lambda: exists(self.machine, _ENDED), "the update's end", own_s=_SETTLED_S)
        said = self.machine.text(f"cat {SAID}")
        print(said)
        return int(self.machine.text(f"cat {_ENDED}")), said


@pytest.fixture(scope="module")
def switch(start: Start, the_image: Image) -> Iterator[Switch]:
    """Let an update come to its switch, and keep that moment: what is before it is the same for all that may follow."""
    machine = start.machine
    machine.cut_power()
    began_s = machine.processor_s()
    machine.switch_on(moment=MOMENT)
    before = current(machine)
    bring(machine, the_image)
    with machine.measured("an update until it switches"):
        machine.text(f"(kiosk update {FILE}; echo $? >{_ENDED}.new; mv {_ENDED}.new {_ENDED}) >{SAID} 2>&1 &")
        machine.text(
            f"for _ in $(seq {TRIED_S * 50:.0f}); do [ -e {_PENDING} ] && exec pkill -STOP -f {_PROCESS};"
            f" [ -e {_ENDED} ] && break; sleep 0.02; done; cat {SAID}; exit 1"
        )
    machine.save(_SWITCHING)
    yield Switch(machine, before, build_of(the_image))
    machine.cut_power()
    print(f"it took {machine.processor_s() - began_s:.0f} s of a processor of the host")


def test_an_update_is_tried_switched_to_and_stays(switch: Switch) -> None:
    machine = switch.begin()
    switch.go_on()
    code, said = switch.end("an update from its switch on")
    assert code == 0
    for line in ("Trying it: its doctor, and a recorded visit.", f"{switch.after} is up and well."):
        assert line in said
    assert current(machine) == switch.after
    is_well(machine, switch.after)
    assert switch.before in machine.text("kiosk update --list")


def test_an_update_that_does_not_come_up_is_taken_back_by_itself(switch: Switch) -> None:
    machine = switch.begin()
    # Its doctor and its recorded visit were well; and yet it does not come up.
    machine.text(
        f"cd /opt/kiosk/versions/{switch.after}/venv/lib/python3*/site-packages/kiosk"
        " && echo 'raise SystemExit(1)' >__init__.py"
    )
    switch.go_on()
    code, said = switch.end("an update that fails, from its switch on, and the way back")
    assert code == 2
    assert "runs again" in said
    assert current(machine) == switch.before
    machine.until(lambda: kiosk.serves(machine), "the version before", own_s=60)


@pytest.mark.appliance(minutes=1, seldom=True)
def test_a_cut_before_the_new_versions_turn_leaves_the_old_one(switch: Switch) -> None:
    machine = switch.begin()
    assert _settled_after_a_cut(machine) == switch.before
    is_well(machine, switch.before)


@pytest.mark.appliance(minutes=1.8, seldom=True)
def test_a_cut_at_the_new_versions_turn_is_settled_by_the_next_start(switch: Switch) -> None:
    machine = switch.begin()
    switch.go_on()
    turn = f"$(readlink -f {_CURRENT}) = /opt/kiosk/versions/{switch.after}"
    machine.text(f"for _ in $(seq 3000); do [ {turn} ] && exit; sleep 0.02; done; exit 1")
    runs = _settled_after_a_cut(machine)
    assert runs in (switch.before, switch.after)
    is_well(machine, runs)


def bring(machine: Machine, image: Image) -> None:
    """Bring the bundle of the later version as a stick does, and copy it."""
    machine.plug_in(image.newer, "stick", "raw")
    stick = "/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_stick"
    machine.text(f"until [ -e {stick} ]; do sleep 0.1; done; cp {stick} {FILE}")
    # A machine with a stick in it cannot be saved.
    machine.unplug("stick")


def build_of(image: Image) -> str:
    """Return the build of the later version, as the folder of its version is called."""
    return image.newer.name.removeprefix("plumbline-").removesuffix(".tar")


def current(machine: Machine) -> str:
    """Return the build that runs."""
    return machine.text(f"basename $(readlink -f {_CURRENT})")


def exists(machine: Machine, path: str) -> bool:
    """Whether there is such a file in the machine."""
    return machine.python(f"import os; say(os.path.lexists({path!r}))") == "True"


def _settled_after_a_cut(machine: Machine) -> str:
    """Pull the plug, switch on again, and return the build that runs once the update is settled."""
    machine.cut_power()
    machine.switch_on()
    settled_s = machine.until(
        lambda: not exists(machine, _PENDING) and kiosk.serves(machine), "the update to be settled", own_s=_SETTLED_S
    )
    runs = current(machine)
    print(f"{runs} runs, settled {settled_s:.0f} s after the machine's first answer")
    return runs


def is_well(machine: Machine, build: str) -> None:
    """The version serves, and nobody did anything: no unit has failed, and the doctor finds nothing wrong."""
    machine.until(lambda: kiosk.serves(machine), "the kiosk after the cut", own_s=START_S)
    assert current(machine) == build
    assert build in machine.text(f"tr '\\0' ' ' </proc/{kiosk.process(machine)}/cmdline")
    machine.until(lambda: kiosk.state(machine) == "idle", "the kiosk to see its room", own_s=60)
    doctor = machine.run("kiosk doctor", check=False)
    assert doctor.code == 0, doctor.text
    assert "This kiosk is fit to scan." in doctor.text
    assert machine.text("systemctl --failed --no-legend --plain") == ""
