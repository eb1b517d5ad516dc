"""A kiosk that dies again and again is left alone after a while, and tried again later."""

from __future__ import annotations

import pytest

from . import kiosk_in as kiosk
from .leds import NAMES, lines_while
from .machine import Machine

pytestmark = pytest.mark.appliance(minutes=1.5, seldom=True)

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
