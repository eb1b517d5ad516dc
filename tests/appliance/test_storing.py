"""A disk without room, and a clock that goes back: no result is lost, and their order stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .machine import Machine

pytestmark = pytest.mark.appliance(minutes=0.7)

#: A recorded visit, from the start of the kiosk to its result.
VISIT_S = 90.0


@pytest.mark.parametrize("full", ["before the start", "in a visit"])
def test_a_result_waits_for_room_on_a_full_disk_and_is_stored_then(
    machine: Machine, recorded_visit: Path, full: str
) -> None:
    if full == "before the start":
        _fill(machine)
    kiosk.play_recorded(machine, recorded_visit)
    machine.until(lambda: kiosk.state(machine) == "scan", "the visit", own_s=60)
    if full == "in a visit":
        _fill(machine)
    machine.until(lambda: kiosk.state(machine) in ("result", "idle"), "the visit to end", own_s=VISIT_S)
    machine.until(lambda: _problem(machine), "the kiosk to say that nothing is saved", own_s=10)
    machine.text("rm /var/lib/kiosk/full")
    machine.until(lambda: len(kiosk.stored(machine)) == 1, "the result to be stored", own_s=60)
    machine.until(lambda: not _problem(machine), "the problem to be gone", own_s=10)


def test_results_keep_their_order_when_the_clock_goes_back_and_say_that_their_time_is_unsure(
    machine: Machine, recorded_visit: Path
) -> None:
    # As systemd-timesyncd says it: the network has set the clock. It still says so when somebody sets it back.
    machine.text("mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized")
    kiosk.play_recorded(machine, recorded_visit)
    machine.until(lambda: len(kiosk.stored(machine)) == 1, "the first result", own_s=VISIT_S)
    first = kiosk.stored(machine)[0]
    assert kiosk.report(machine, first)["time_unsure"] is False
    machine.text("date --set '2001-01-01 12:00'")
    machine.text("systemctl restart kiosk")
    machine.until(lambda: len(kiosk.stored(machine)) == 2, "the second result", own_s=VISIT_S)
    second = kiosk.stored(machine)[1]
    # The kiosk's own screen may see it for as long as it stands there.
    machine.until(lambda: kiosk.state(machine) == "result", "the second result on the screen", own_s=10)
    assert "(time unsure)" in kiosk.own_screen(machine, f"/result/{second}")
    # The newest first, though its own date is the older one; and nobody believes that date.
    assert kiosk.newest_first(machine) == [second, first]
    now = kiosk.report(machine, second)
    assert now["created"] < kiosk.report(machine, first)["created"]
    assert now["time_unsure"] is True


def _fill(machine: Machine) -> None:
    machine.text("dd if=/dev/zero of=/var/lib/kiosk/full bs=1M 2>/dev/null || true; sync")


def _problem(machine: Machine) -> bool:
    return any("not being saved" in problem for problem in machine.view().get("problems", ()))
