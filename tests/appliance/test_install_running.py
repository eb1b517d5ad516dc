"""install.sh once more in a machine that runs, where it stops and starts services; and taken away there."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .image import Image
from .leds import lines_while
from .machine import Machine

pytestmark = pytest.mark.appliance(minutes=1.5, seldom=True)

_UNPACKED = "/var/tmp/plumbline"
#: What this test bed has put beside the kiosk's own.
_OURS = ("/etc/systemd/system/kiosk.service.d", "/usr/local/lib/appliance")


def test_once_more_over_a_running_kiosk_changes_nothing_and_taken_away_it_leaves_what_it_names(
    machine: Machine, the_image: Image
) -> None:
    # What install.sh asks of the doctor is not asked inside the unit, which alone sees a Pi here.
    machine.text("mount --bind /run/cpuinfo /proc/cpuinfo")
    _unpack(machine, the_image.bundle)
    machine.text("echo '# ours' >>/etc/kiosk/kiosk.toml")
    first = _files(machine)
    with machine.measured("install.sh over a running kiosk"):
        said = machine.run(f"bash {_UNPACKED}/systemd/install.sh --no-screen 2>&1", check=False)
    assert said.code == 0, said.text
    assert "installing version" not in said.text
    assert "what kiosk doctor says:" in said.text
    assert "install: done. The kiosk is at http://kiosk.local:8080/" in said.text
    assert kiosk.serves(machine)
    assert _files(machine) == first
    assert machine.text("tail -n 1 /etc/kiosk/kiosk.toml") == "# ours"

    put = machine.text("cat /opt/kiosk/installed").split()
    assert all(f"/etc/systemd/system/{unit}" in put for unit in ("kiosk.service", "kiosk-retry.timer"))
    # As the owner does it, with nothing but what is on the machine.
    said = machine.run("bash /opt/kiosk/systemd/install.sh --uninstall 2>&1", check=False)
    assert said.code == 0, said.text
    assert "Kept, because it is yours" in said.text
    assert machine.page("/")[0] == 0, "somebody still serves"
    assert machine.text("ps -o user= -e | grep -c '^kiosk' || true") == "0"
    assert machine.text("systemctl list-unit-files --no-legend 'kiosk*' || true") == ""
    # What remains are names in others' settings, such as the order of this test bed's hardware.
    known = machine.text("systemctl list-units --all --plain --no-legend 'kiosk*'").splitlines()
    assert {tuple(line.split()[1:3]) for line in known} <= {("not-found", "inactive")}
    assert machine.text("ls -d " + " ".join(put) + " 2>/dev/null || true") == ""
    left = {name for name in _files(machine) if "kiosk" in name and not name.startswith(_OURS)}
    assert left, "settings and results are kept"
    assert {name for name in left if not name.startswith(("/etc/kiosk", "/var/lib/kiosk"))} == set()
    users = machine.text("getent passwd | cut -d : -f 1 | grep kiosk")
    assert users == "kiosk", "whoever owns the data stays, and nobody else"
    assert lines_while(machine, 1).colours() in ([], ["dark"])


def _unpack(machine: Machine, bundle: Path) -> None:
    """Bring a bundle as a stick does, and unpack it as the owner's guide says."""
    machine.plug_in(bundle, "stick", "raw")
    stick = "/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_stick"
    machine.text(f"until [ -e {stick} ]; do sleep 0.1; done; mkdir {_UNPACKED} && tar -xf {stick} -C {_UNPACKED}")


def _files(machine: Machine) -> set[str]:
    """All files and folders of system and settings, but for what comes and goes with running programs."""
    passing = " -o ".join(
        f"-path {place}" for place in ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp", "/var/log")
    )
    find = f"find / \\( {passing} -o -name __pycache__ -o -name '*.db-*' \\) -prune -o -print"
    return set(machine.text(find).splitlines())
