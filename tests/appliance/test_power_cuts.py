"""The plug is pulled twenty times: in the middle of visits, and in the middle of writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .machine import Machine
from .power_cuts import Cut, cut, look_at

pytestmark = pytest.mark.appliance

VISITS, WRITES = 10, 10
#: From the end of the first pass the visit goes on for some 7 s to its result: the cuts come before, at and after it.
_EVERY_S = 0.9


def test_twenty_cuts_of_the_power_lose_nothing_that_was_finished(
    machine: Machine, recorded_visit: Path, tmp_path: Path
) -> None:
    cuts = _in_visits(machine, recorded_visit, tmp_path) + _in_writes(machine, tmp_path)
    machine.switch_on(moment="ready")
    assert len(cuts) == VISITS + WRITES
    for k, one in enumerate(cuts):
        found = look_at(machine, one, f"cut{k}")
        more = [result for result in found.ids if result not in one.heard_of]
        print(f"{one.when}: {len(one.heard_of)} results were known, {len(found.ids)} are there, {found.integrity}")
        assert found.integrity == "ok"
        assert found.whole
        assert not set(one.heard_of) - set(found.ids), f"{one.when}: a finished result is lost"
        # What was stored and not yet told is no loss; more than one such would be an invention.
        assert len(more) <= 1


def _in_visits(machine: Machine, recorded_visit: Path, into: Path) -> list[Cut]:
    """Cut the power at ten moments of a visit, after another one that has its result."""
    kiosk.play_recorded(machine, recorded_visit)
    machine.until(lambda: kiosk.stored(machine), "a first result", own_s=90)
    machine.text("systemctl restart kiosk")
    machine.until(lambda: kiosk.state(machine) == "turn", "the next visit, after its first pass", own_s=60)
    machine.save("visit")
    cuts = []
    for k in range(VISITS):
        machine.cut_power()
        machine.switch_on(moment="visit")
        machine.text(f"sleep {k * _EVERY_S:.1f}")
        # What the page shows as a result is what somebody has heard of.
        shown = machine.view().get("result_id")
        known = [*kiosk.stored(machine)[:1], *([shown] if shown else [])]
        cuts.append(cut(machine, into, f"visit {k * _EVERY_S:.1f} s", known))
    return cuts


def _in_writes(machine: Machine, into: Path) -> list[Cut]:
    """Cut the power while results are being stored one after the other, as fast as the disk takes them."""
    cuts = []
    for k in range(WRITES):
        machine.switch_on(moment="visit")
        machine.text("systemctl stop kiosk")
        known = kiosk.stored(machine)
        with machine.follow(
            "runuser -u kiosk -- /opt/kiosk/current/venv/bin/python /usr/local/lib/appliance/write_results.py"
            f" {kiosk.DATABASE}"
        ) as told:
            for _ in range(3 * k + 1):
                known.append(next(told))
            cuts.append(cut(machine, into, f"write {k}", known))
    return cuts
