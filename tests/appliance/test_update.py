"""A later version comes as a bundle: it is tried, switched to, and left again by itself when it does not work."""

from __future__ import annotations

import pytest

from . import kiosk_in as kiosk
from .image import Image
from .machine import Machine

pytestmark = pytest.mark.appliance

_FILE = "/var/tmp/bundle.tar"


def test_an_update_is_tried_switched_to_and_stays(machine: Machine, the_image: Image) -> None:
    before = _current(machine)
    _bring(machine, the_image)
    with machine.measured("an update"):
        said = machine.run(f"kiosk update {_FILE}", check=False)
    print(said.text)
    assert said.code == 0
    assert _current(machine) == _build(the_image)
    assert kiosk.serves(machine)
    assert _build(the_image) in machine.text(f"tr '\\0' ' ' </proc/{kiosk.process(machine)}/cmdline")
    assert before in machine.text("kiosk update --list")


def test_an_update_that_does_not_come_up_is_taken_back_by_itself(machine: Machine, the_image: Image) -> None:
    before = _current(machine)
    _bring(machine, the_image)
    # Its doctor and its recorded visit are well; only the kiosk itself does not come up.
    machine.text(
        f"cd /opt/kiosk/versions/{_build(the_image)}/venv/lib/python3*/site-packages/kiosk/cli"
        " && sed -i 's/^def run(args.*/&\\n    raise SystemExit(1)/' run.py && grep -q 'raise SystemExit' run.py"
    )
    with machine.measured("an update that fails, and the way back"):
        said = machine.run(f"kiosk update {_FILE}", check=False)
    print(said.text)
    assert said.code == 2
    assert "runs again" in said.text
    assert _current(machine) == before
    machine.until(lambda: kiosk.serves(machine), "the version before", own_s=60)


def _bring(machine: Machine, image: Image) -> None:
    """Bring the bundle as a stick does, and copy it."""
    machine.plug_in(image.newer, "stick", "raw")
    stick = "/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_stick"
    machine.text(f"until [ -e {stick} ]; do sleep 0.1; done; cp {stick} {_FILE}")


def _build(image: Image) -> str:
    return image.newer.name.removeprefix("plumbline-").removesuffix(".tar")


def _current(machine: Machine) -> str:
    return machine.text("basename $(readlink -f /opt/kiosk/current)")
