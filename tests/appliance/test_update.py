"""A later version comes as a bundle: it is tried, switched to, and left again by itself when it does not work."""

from __future__ import annotations

import pytest

from . import kiosk_in as kiosk
from .image import Image
from .machine import Machine

pytestmark = pytest.mark.appliance(minutes=3)

_FILE = "/var/tmp/bundle.tar"


def test_an_update_is_tried_switched_to_and_stays(machine: Machine, the_image: Image) -> None:
    before = current(machine)
    bring(machine, the_image)
    with machine.measured("an update"):
        said = machine.run(f"kiosk update {_FILE}", check=False)
    print(said.text)
    assert said.code == 0
    assert current(machine) == build_of(the_image)
    assert kiosk.serves(machine)
    assert build_of(the_image) in machine.text(f"tr '\\0' ' ' </proc/{kiosk.process(machine)}/cmdline")
    assert before in machine.text("kiosk update --list")


def test_an_update_that_does_not_come_up_is_taken_back_by_itself(machine: Machine, the_image: Image) -> None:
    before = current(machine)
    bring(machine, the_image)
    # Its doctor and its recorded visit are well; only the kiosk itself does not come up.
    machine.text(
        f"cd /opt/kiosk/versions/{build_of(the_image)}/venv/lib/python3*/site-packages/kiosk/cli"
        " && sed -i 's/^def run(args.*/&\\n    raise SystemExit(1)/' run.py && grep -q 'raise SystemExit' run.py"
    )
    with machine.measured("an update that fails, and the way back"):
        said = machine.run(f"kiosk update {_FILE}", check=False)
    print(said.text)
    assert said.code == 2
    assert "runs again" in said.text
    assert current(machine) == before
    machine.until(lambda: kiosk.serves(machine), "the version before", own_s=60)


def bring(machine: Machine, image: Image) -> str:
    """Bring the bundle of the later version as a stick does, and copy it; return where it is."""
    machine.plug_in(image.newer, "stick", "raw")
    stick = "/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_stick"
    machine.text(f"until [ -e {stick} ]; do sleep 0.1; done; cp {stick} {_FILE}")
    # A machine with a stick in it cannot be saved.
    machine.unplug("stick")
    return _FILE


def build_of(image: Image) -> str:
    """Return the build of the later version, as the folder of its version is called."""
    return image.newer.name.removeprefix("plumbline-").removesuffix(".tar")


def current(machine: Machine) -> str:
    """Return the build that runs."""
    return machine.text("basename $(readlink -f /opt/kiosk/current)")
