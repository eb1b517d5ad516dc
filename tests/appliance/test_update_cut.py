"""The plug is pulled while a later version is being installed: the machine comes up with the old one."""

from __future__ import annotations

import pytest

from .image import Image
from .machine import Machine
from .test_update import FILE, SAID, TRIED_S, bring, build_of, current, exists, is_well

pytestmark = pytest.mark.appliance(minutes=1.3, seldom=True)


def test_a_cut_while_the_new_version_is_being_installed_leaves_the_old_one(machine: Machine, the_image: Image) -> None:
    before, new = current(machine), f"/opt/kiosk/versions/{build_of(the_image)}"
    bring(machine, the_image)
    # The image has it made already, since pip takes its time here; now it is made in earnest.
    machine.text(f"rm -r {new}; sync; (kiosk update {FILE} >{SAID} 2>&1 &)")
    machine.until(lambda: exists(machine, f"{new}/venv/bin/python"), "the new version's first files", own_s=TRIED_S)
    assert "beside the version that runs" in machine.text(f"cat {SAID}")
    machine.cut_power()
    machine.switch_on()
    is_well(machine, before)
    assert not exists(machine, f"{new}/complete")
    assert build_of(the_image) not in machine.text("kiosk update --list")
