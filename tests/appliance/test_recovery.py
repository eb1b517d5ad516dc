"""What goes wrong in a gym, done to the machine; everything mends itself, and nobody touches a keyboard."""

from __future__ import annotations

import pytest

from tests.systemd.units import value

from . import kiosk_in as kiosk
from .leds import lines_while
from .machine import Machine

pytestmark = pytest.mark.appliance(minutes=0.4)

#: The watchdog of kiosk.service.
WATCHDOG_S = float(value("kiosk.service", "WatchdogSec"))
#: Until a driver notices that its camera is gone, and until the kiosk has let go of it.
NOTICED_S = 60.0


def test_a_camera_that_is_pulled_is_told_and_comes_back_by_its_name_under_another_number(machine: Machine) -> None:
    before = kiosk.process(machine)
    machine.text(f"{kiosk.HARDWARE} no-camera")
    told_s = machine.until(lambda: kiosk.state(machine) == "trouble", "the trouble", own_s=NOTICED_S)
    lines = lines_while(machine, 4)
    assert lines.share("trouble") == 1.0
    assert 0.1 < lines.share("red") < 0.5
    assert lines.share("green") == lines.share("blue") == 0.0
    # The pages go on, and say what is wrong.
    assert "usb-gym-camera" in machine.view()["camera"]
    machine.text(f"{kiosk.HARDWARE} camera 11")
    back_s = machine.until(lambda: kiosk.state(machine) == "idle", "the picture to come back", own_s=30)
    print(f"unplugged: told within {told_s:.0f} s after the cable was free; replugged: a picture after {back_s:.0f} s")
    assert kiosk.process(machine) == before


def test_a_killed_kiosk_is_back_within_twenty_seconds(machine: Machine) -> None:
    before = kiosk.process(machine)
    with machine.measured("kill -9 to serving again"):
        machine.text(f"kill -9 {before}")
        back_s = machine.until(
            lambda: kiosk.process(machine) != before and kiosk.serves(machine), "the kiosk", own_s=kiosk.BACK_S
        )
    assert back_s <= kiosk.BACK_S
    assert lines_while(machine, 2).share("ready") == 1.0


def test_a_frozen_kiosk_is_bitten_by_its_watchdog_and_back_within_twenty_seconds(machine: Machine) -> None:
    before = kiosk.process(machine)
    frozen_s = machine.uptime_s()
    with machine.measured("frozen to serving again"):
        machine.text(f"kill -STOP {before}")
        machine.text(f"sleep {WATCHDOG_S - 2}")
        machine.until(lambda: kiosk.process(machine) != before, "the watchdog", own_s=WATCHDOG_S)
        machine.until(lambda: kiosk.process(machine) and kiosk.serves(machine), "the kiosk", own_s=2 * kiosk.BACK_S)
    bitten_s = kiosk.journal(machine, "Watchdog timeout")[-1]
    back_s = kiosk.journal(machine, "Started kiosk")[-1]
    print(f"bitten {bitten_s - frozen_s:.1f} s after it froze, back {back_s - bitten_s:.1f} s after that")
    assert bitten_s - frozen_s <= WATCHDOG_S + 2
    assert back_s - frozen_s <= kiosk.BACK_S


def test_a_broken_plugin_is_named_and_everything_else_goes_on(machine: Machine) -> None:
    machine.text(
        "cd /opt/kiosk/current/venv/lib/python3*/site-packages"
        " && echo 'raise RuntimeError(\"a screw is loose\")' >kiosk_loose.py"
        " && mkdir kiosk_loose-1.0.dist-info"
        " && printf 'Metadata-Version: 2.1\\nName: kiosk-loose\\nVersion: 1.0\\n' >kiosk_loose-1.0.dist-info/METADATA"
        " && printf '[kiosk]\\nloose = kiosk_loose\\n' >kiosk_loose-1.0.dist-info/entry_points.txt"
        " && systemctl restart kiosk"
    )
    machine.until(lambda: kiosk.state(machine) == "idle", "the kiosk to be ready all the same", own_s=60)
    assert any("a screw is loose" in problem for problem in machine.view()["problems"])
    assert kiosk.restarts(machine) == 0


def test_without_its_pins_the_kiosk_scans_in_the_dark_and_with_them_shines_again(machine: Machine) -> None:
    machine.text("systemctl stop kiosk")
    machine.text(f"{kiosk.HARDWARE} no-pins && systemctl start kiosk")
    machine.until(lambda: kiosk.state(machine) == "idle", "the kiosk without pins", own_s=60)
    assert any("lights stay dark" in problem for problem in machine.view()["problems"])
    machine.text(f"{kiosk.HARDWARE} pins && udevadm settle && kill -9 {kiosk.process(machine)}")
    machine.until(lambda: kiosk.state(machine) == "idle", "the kiosk with pins", own_s=60)
    machine.until(lambda: lines_while(machine, 1).share("ready") == 1.0, "the lights", own_s=10)
