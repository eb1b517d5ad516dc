"""What the readings mean: each has a sentence, a value, and a fault only where something is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk import health_items
from kiosk.health import Power, Readings
from kiosk.health_items import clock_is_sure
from kiosk.health_items import health_items as items
from kiosk.station.history import Summary

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WELL = Readings(
    temperature_c=48.2,
    power=Power(False, False, False, False),
    memory_kiosk=180_000_000,
    memory_free=2_000_000_000,
    memory_total=4_000_000_000,
    disk_free=20_000_000_000,
    state_written=True,
    load=0.5,
    uptime_s=100.0,
    boot_id="f00d",
    clock_synchronised=True,
    at=NOON,
)
UNKNOWN = Readings(None, None, None, None, None, None, None, None, None, None, None, NOON)


def test_on_a_machine_that_is_well_nothing_is_wrong() -> None:
    found = items(WELL, Path("/"), trust_clock=False)
    assert [(item.name, item.ok) for item in found] == [
        (name, True) for name in ("Temperature", "Power", "Memory", "Disk", "Clock")
    ]


def test_what_is_unknown_is_said_and_is_no_fault() -> None:
    for item in items(UNKNOWN, Path("/"), trust_clock=False):
        assert item.ok is None
        assert item.says
        assert item.means


@pytest.mark.parametrize(("at", "ok"), [(69.9, True), (70.0, None), (79.9, None), (80.0, False), (95.0, False)])
def test_a_hot_machine_is_a_fault(at: float, ok: bool | None) -> None:
    item = health_items.temperature(replace(WELL, temperature_c=at))
    assert (item.ok, item.values["temperature_c"]) == (ok, at)


@pytest.mark.parametrize(
    ("power", "ok", "word"),
    [
        (Power(True, False, True, False), False, "voltage"),
        (Power(False, True, False, True), False, "slowed down"),
        (Power(False, False, True, False), None, "voltage"),
        (Power(False, False, False, True), None, "slowed down"),
    ],
)
def test_weak_power_is_a_fault_now_and_worth_knowing_later(power: Power, ok: bool | None, word: str) -> None:
    item = health_items.power(replace(WELL, power=power))
    assert item.ok is ok
    assert word in item.says
    assert item.values["under_voltage"] is power.under_voltage


def test_little_memory_is_a_fault() -> None:
    assert health_items.memory(replace(WELL, memory_free=99_000_000)).ok is False
    assert health_items.memory(WELL).values["process_bytes"] == 180_000_000


@pytest.mark.parametrize(("free", "ok"), [(10_000_000, False), (300_000_000, None), (10_000_000_000, True)])
def test_a_full_disk_is_a_fault_and_a_tight_one_worth_knowing(free: int, ok: bool | None) -> None:
    item = health_items.disk(replace(WELL, disk_free=free), Path("/"))
    assert item.ok is ok
    assert f"{free / 1e9:.1f} GB" in item.says


def test_a_disk_that_is_read_only_is_a_fault_however_empty_it_is() -> None:
    item = health_items.disk(replace(WELL, state_written=False), Path("/"))
    assert item.ok is False
    assert "read-only" in item.says
    assert item.values["writable"] is False


@pytest.mark.parametrize(
    ("synchronised", "trusted", "sure"),
    [(True, False, True), (False, False, False), (None, False, False), (False, True, True), (None, True, True)],
)
def test_the_clock_is_sure_when_it_was_set_or_its_owner_says_so(
    synchronised: bool | None, trusted: bool, sure: bool
) -> None:
    now = replace(WELL, clock_synchronised=synchronised)
    assert clock_is_sure(now, trust_clock=trusted) is sure
    item = health_items.clock(now, trust_clock=trusted)
    assert item.values["synchronised"] is synchronised
    assert ("nothing old is deleted" in item.means) is not sure


def line(created: datetime, *, unsure: bool | None = None) -> Summary:
    return Summary("a1", created, "squat", "Squat", 72, 84, None, 5, None, unsure)


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(0, "0 min ago"), (119, "119 min ago"), (120, "2 h ago"), (2879, "47 h ago"), (2880, "2 days ago")],
)
def test_the_last_result_is_told_with_its_age(minutes: int, says: str) -> None:
    item = health_items.last_result(line(NOON - timedelta(minutes=minutes)), NOON)
    assert item.says.endswith(says)
    assert item.values["age_s"] == 60 * minutes


def test_an_age_that_nobody_can_know_is_none() -> None:
    ahead = health_items.last_result(line(NOON + timedelta(days=1)), NOON)
    unsure = health_items.last_result(line(NOON - timedelta(days=1), unsure=True), NOON)
    assert (ahead.values["age_s"], unsure.values["age_s"]) == (None, None)
    assert "unsure" in ahead.means
    assert health_items.last_result(None).says == "none yet"
