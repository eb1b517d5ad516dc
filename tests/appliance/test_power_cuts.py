"""The plug is pulled twenty times: in the middle of visits, and in the middle of writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .machine import Machine
from .power_cuts import Cut, cut, look_at
from .ready import MOMENT, START_S

pytestmark = pytest.mark.appliance(minutes=3)

VISITS, WRITES = 10, 10
#: After this cut in a write the machine is switched on again just as it is, and nobody helps it. (After a visit:
#: test_reset.py.)
_STARTED_AFTER = 4
#: From the end of the first pass the visit goes on for some 7 s to its result: the cuts come before, at and after it.
_EVERY_S = 0.9
_FOLDER = "/run/written"


def test_twenty_cuts_of_the_power_lose_nothing_that_was_finished(
    machine: Machine, recorded_visit: Path, tmp_path: Path
) -> None:
    with_a_result = _visit(machine, recorded_visit)
    in_visits = _in_visits(machine, with_a_result, tmp_path)
    in_writes = _in_writes(machine, tmp_path)
    machine.switch_on(moment=MOMENT)
    assert len(in_visits) + len(in_writes) == VISITS + WRITES
    for k, one in enumerate([*in_visits, *in_writes]):
        found = look_at(machine, one, f"cut{k}")
        print(f"{one.when}: {len(one.heard_of)} results were known, {len(found.ids)} are there, {found.integrity}")
        assert found.integrity == "ok"
        assert found.whole
        # What was stored and not yet told comes after those.
        assert found.ids[: len(one.heard_of)] == one.heard_of, f"{one.when}: a finished result is lost"
        assert one in in_writes or len(found.ids) <= len(one.heard_of) + 1


def _visit(machine: Machine, recorded_visit: Path) -> str:
    """Let a visit end in a result, and keep the moment at which the next has made its first pass; return the result."""
    kiosk.play_recorded(machine, recorded_visit)
    machine.until(lambda: kiosk.stored(machine), "a first result", own_s=90)
    machine.text("systemctl restart kiosk")
    machine.until(lambda: kiosk.state(machine) == "turn", "the next visit, after its first pass", own_s=60)
    machine.save("visit")
    (result,) = kiosk.stored(machine)
    return result


def _in_visits(machine: Machine, with_a_result: str, into: Path) -> list[Cut]:
    """Cut the power at ten moments of a visit, after another one that has its result."""
    cuts = []
    for k in range(VISITS):
        machine.cut_power()
        machine.switch_on(moment="visit")
        machine.text(f"sleep {k * _EVERY_S:.1f}")
        # What the page shows as a result is what somebody has heard of.
        shown = machine.view().get("result_id")
        known = [with_a_result, *([shown] if shown else [])]
        cuts.append(cut(machine, into, f"visit {k * _EVERY_S:.1f} s", known))
    return cuts


def _in_writes(machine: Machine, into: Path) -> list[Cut]:
    """Cut the power while results are being stored one after the other, as fast as the disk takes them."""
    machine.cut_power()
    machine.switch_on(moment="visit")
    machine.text(f"systemctl stop kiosk; mkdir -m 777 {_FOLDER}; mkfifo -m 666 {_FOLDER}/told")
    known = kiosk.stored(machine)
    machine.text(
        "runuser -u kiosk -- /opt/kiosk/current/venv/bin/python /usr/local/lib/appliance/write_results.py"
        f" {kiosk.DATABASE} {_FOLDER} >{_FOLDER}/said 2>&1 &"
    )
    machine.until(lambda: machine.run(f"test -e {_FOLDER}/waits", check=False).code == 0, "the writer", own_s=60)
    machine.save("write")
    cuts = []
    for k in range(WRITES):
        machine.cut_power()
        machine.switch_on(moment="write")
        with machine.follow(f"cat {_FOLDER}/told") as told:
            heard_of = [*known, *(next(told) for _ in range(3 * k + 1))]
            cuts.append(cut(machine, into, f"write {k}", heard_of))
        if k == _STARTED_AFTER:
            _comes_up(machine, cuts[-1])
    return cuts


def _comes_up(machine: Machine, after: Cut) -> None:
    """Switch the machine on again with its disks as they are: its kiosk serves, and has what it had."""
    machine.switch_on()
    up_s = machine.until(lambda: kiosk.serves(machine), f"the kiosk after {after.when}", own_s=START_S)
    results: Sequence[str] = kiosk.stored(machine)
    assert tuple(results[: len(after.heard_of)]) == after.heard_of
    assert machine.text("systemctl --failed --no-legend --plain") == ""
    print(f"{after.when}: switched on again, serving {up_s:.0f} s after the machine's first answer")
