"""The plug is pulled in the middle of an update: the machine comes up by itself, with the old version or the new."""

from __future__ import annotations

import pytest

from . import kiosk_in as kiosk
from .image import Image
from .machine import Machine
from .ready import START_S
from .test_update import bring, build_of, current

_SAID = "/var/tmp/said"
_PENDING = "/opt/kiosk/pending"
#: By the machine's clock: until the doctor and the recorded visit of the new version are through.
_TRIED_S = 240.0
#: From the start on an open update is settled: three minutes to come up, one to be well.
_SETTLED_S = 240.0


@pytest.mark.appliance(minutes=3)
def test_a_cut_while_the_new_version_is_being_installed_leaves_the_old_one(machine: Machine, the_image: Image) -> None:
    before, new = current(machine), f"/opt/kiosk/versions/{build_of(the_image)}"
    file = bring(machine, the_image)
    # The image has it made already, since pip takes its time here; now it is made in earnest.
    machine.text(f"rm -r {new}; sync; (kiosk update {file} >{_SAID} 2>&1 &)")
    machine.until(lambda: _exists(machine, f"{new}/venv/bin/python"), "the new version's first files", own_s=_TRIED_S)
    assert "beside the version that runs" in machine.text(f"cat {_SAID}")
    machine.cut_power()
    machine.switch_on()
    _is_well(machine, before)
    assert not _exists(machine, f"{new}/complete")
    assert build_of(the_image) not in machine.text("kiosk update --list")


@pytest.mark.appliance(minutes=6)
def test_a_cut_in_the_switch_and_one_right_after_it_are_settled_by_the_next_start(
    machine: Machine, the_image: Image
) -> None:
    before, after = current(machine), build_of(the_image)
    machine.text(f"(kiosk update {bring(machine, the_image)} >{_SAID} 2>&1 &)")
    machine.until(lambda: _exists(machine, _PENDING), "the switch to begin", own_s=_TRIED_S)
    machine.save("switching")
    assert current(machine) == before
    _cut_and_settled(machine, "before the new version's turn", before, (before,))

    machine.cut_power()
    machine.switch_on(moment="switching")
    machine.until(lambda: current(machine) == after, "the new version's turn", own_s=60)
    _cut_and_settled(machine, "at the new version's turn", before, (before, after))


def _cut_and_settled(machine: Machine, when: str, before: str, may_run: tuple[str, ...]) -> None:
    machine.cut_power()
    machine.switch_on()
    settled_s = machine.until(
        lambda: not _exists(machine, _PENDING) and kiosk.serves(machine), "the update to be settled", own_s=_SETTLED_S
    )
    runs = current(machine)
    print(f"cut {when}: {'as before' if runs == before else 'the new version'}, settled after {settled_s:.0f} s")
    assert runs in may_run
    _is_well(machine, runs)


def _is_well(machine: Machine, build: str) -> None:
    """The version serves, and nobody did anything: no unit has failed, and the doctor finds nothing wrong."""
    machine.until(lambda: kiosk.serves(machine), "the kiosk after the cut", own_s=START_S)
    assert current(machine) == build
    assert build in machine.text(f"tr '\\0' ' ' </proc/{kiosk.process(machine)}/cmdline")
    machine.until(lambda: kiosk.state(machine) == "idle", "the kiosk to see its room", own_s=60)
    doctor = machine.run("kiosk doctor", check=False)
    assert doctor.code == 0, doctor.text
    assert "This kiosk is fit to scan." in doctor.text
    assert machine.text("systemctl --failed --no-legend --plain") == ""


def _exists(machine: Machine, path: str) -> bool:
    return machine.run(f"test -e {path}", check=False).code == 0
