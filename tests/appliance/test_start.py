"""The machine is switched on, and nobody touches it."""

from __future__ import annotations

import re

import pytest

from . import kiosk_in as kiosk
from .conftest import Start
from .leds import lines_while
from .machine import Machine

pytestmark = [pytest.mark.appliance(minutes=0.36), pytest.mark.either_arch]

#: The score of `systemd-analyze security` that the kiosk may have at most; 10 is a service without any fence.
MOST_EXPOSED = 2.0


def test_the_kiosk_starts_by_itself_and_reports_that_it_is_ready(start: Start, machine: Machine) -> None:
    print(f"active {start.first.active_s:.1f} s after power, by the machine's clock")
    assert start.first.restarts == 0
    # Type=notify: systemd calls it active only once the engine has said READY=1 itself.
    assert machine.text("systemctl show kiosk --property Type --value") in ("notify", "notify-reload")


def test_the_pages_are_served_to_the_network(machine: Machine) -> None:
    for path in ("/", "/healthz", "/status", "/live.json"):
        status, text = machine.page(path)
        assert status == 200, f"{path}: {status} {text[:200]}"


def test_nothing_has_failed_and_the_doctor_finds_nothing_wrong(machine: Machine) -> None:
    assert machine.text("systemctl --failed --no-legend --plain") == ""
    said = machine.run("cd / && kiosk doctor", check=False)
    print(said.text)
    assert said.code == 0


def test_the_kiosk_runs_as_a_user_of_its_own_behind_its_fences(machine: Machine) -> None:
    assert machine.text("ps -o user= -p $(systemctl show kiosk -p MainPID --value)") == "kiosk"
    said = machine.text("systemd-analyze security --no-pager kiosk.service | tail -n 1")
    found = re.search(r"kiosk\.service:? *([\d.]+)", said)
    assert found, said
    assert float(found[1]) <= MOST_EXPOSED, said


def test_an_idle_kiosk_breathes_white_and_lights_ready(machine: Machine) -> None:
    lines = lines_while(machine, 6)
    assert lines.share("ready") == 1.0
    assert lines.share("busy") == lines.share("trouble") == 0.0
    assert all(0.1 < lines.share(colour) < 0.95 for colour in ("red", "green", "blue"))


def test_an_idle_kiosk_writes_nothing_to_the_disk(machine: Machine) -> None:
    # What the kernel counts for the kiosk's own process: bytes that it has caused to go to any disk.
    written = f"awk '/^write_bytes/ {{print $2}}' /proc/{kiosk.process(machine)}/io"
    before = int(machine.text(written))
    machine.text("sleep 20")
    assert int(machine.text(written)) == before
