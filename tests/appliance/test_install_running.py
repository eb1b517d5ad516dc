"""install.sh in a machine that runs, where services are stopped and started by it, and its limits of restarting."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .image import Image
from .leds import NAMES, lines_while
from .machine import Machine

_UNPACKED = "/var/tmp/plumbline"
#: What this test bed has put beside the kiosk's own.
_OURS = ("/etc/systemd/system/kiosk.service.d", "/usr/local/lib/appliance")
#: Half a minute for three starts, and one until the next try: a tenth of what kiosk.service and kiosk-retry.timer say,
#: so that nobody waits for ten minutes here.
_QUICKER = """
mkdir -p /run/systemd/system/kiosk.service.d /run/systemd/system/kiosk-retry.timer.d
printf '[Unit]\\nStartLimitIntervalSec=30\\nStartLimitBurst=3\\n' >/run/systemd/system/kiosk.service.d/quicker.conf
printf '[Timer]\\nOnActiveSec=\\nOnActiveSec=60\\n' >/run/systemd/system/kiosk-retry.timer.d/quicker.conf
systemctl daemon-reload
"""
_KILL_UNTIL_IT_GIVES_UP = """
for _ in $(seq 200); do
    if systemctl is-failed --quiet kiosk; then exit 0; fi
    pid=$(systemctl show kiosk --property MainPID --value)
    if [ "$pid" != 0 ]; then kill -9 "$pid" || true; fi
    sleep 0.2
done
exit 1
"""


@pytest.mark.appliance(minutes=6)
def test_twice_over_a_running_kiosk_changes_nothing_and_taken_away_it_leaves_what_it_names(
    machine: Machine, the_image: Image
) -> None:
    # What install.sh asks of the doctor is not asked inside the unit, which alone sees a Pi here.
    machine.text("mount --bind /run/cpuinfo /proc/cpuinfo")
    _unpack(machine, the_image.bundle)
    machine.text("echo '# ours' >>/etc/kiosk/kiosk.toml")
    first = _files(machine)
    for which in ("once more", "and again"):
        with machine.measured(f"install.sh over a running kiosk, {which}"):
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


@pytest.mark.appliance(minutes=4)
def test_a_kiosk_that_was_killed_beyond_its_limits_is_dark_and_comes_back_without_a_keyboard(machine: Machine) -> None:
    machine.text(_QUICKER)
    for which in ("once", "a second time"):
        machine.text(_KILL_UNTIL_IT_GIVES_UP)
        assert machine.text("systemctl show kiosk --property Result --value") in ("start-limit-hit", "signal")
        assert machine.text("systemctl is-active kiosk-retry.timer") == "active"
        # Killed with its lights on; what was left of them is switched off.
        lines = lines_while(machine, 2)
        assert {name: lines.share(name) for name in NAMES} == dict.fromkeys(NAMES, 0.0)
        back_s = machine.until(lambda: kiosk.serves(machine), "the kiosk, by its timer", own_s=60 + kiosk.BACK_S + 20)
        print(f"given up {which}: serving again after {back_s:.0f} s (in a gym: after ten minutes)")
    assert machine.text("systemctl --failed --no-legend --plain") == ""


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
