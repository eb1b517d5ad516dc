"""What the readings of the machine mean to whoever looks after it: temperature, power, memory, disk, clock, results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.health import FULL_BYTES, HOT_C, Readings, nearest
from kiosk.item import Item, Value

if TYPE_CHECKING:
    from kiosk.station.history import Summary

#: From here on it is worth knowing how warm the processor is.
WARM_C = 70.0
#: Less free space than this is worth knowing.
TIGHT_BYTES = 500_000_000
#: With less memory than this for other programs, something will soon be ended by the kernel.
SHORT_BYTES = 100_000_000


def health_items(readings: Readings, state_dir: Path, *, trust_clock: bool) -> list[Item]:
    """Return what the readings say, an item for each matter."""
    return [
        temperature(readings),
        power(readings),
        memory(readings),
        disk(readings, state_dir),
        clock(readings, trust_clock=trust_clock),
    ]


def temperature(readings: Readings) -> Item:
    """Return whether the processor is cool enough."""
    at = readings.temperature_c
    values: Mapping[str, Value] = {"temperature_c": at}
    if at is None:
        return Item("Temperature", None, "this machine does not tell", "Nobody is warned when it gets too hot.", values)
    says = f"{at:.0f} °C"
    if at >= HOT_C:
        return Item("Temperature", False, says, "The machine slows down. Give it air, or a fan.", values)
    if at >= WARM_C:
        return Item("Temperature", None, says, "It is getting warm: from 80 °C on the machine slows down.", values)
    return Item("Temperature", True, says, "From 80 °C on the machine slows down.", values)


def power(readings: Readings) -> Item:
    """Return whether the power supply is strong enough, and whether the machine slowed itself down."""
    known = readings.power
    if known is None:
        means = "Only a Raspberry Pi tells whether its power supply is strong enough."
        return Item("Power", None, "this machine does not tell", means, {"under_voltage": None, "throttled": None})
    values = {
        "under_voltage": known.under_voltage,
        "throttled": known.throttled,
        "under_voltage_since_start": known.under_voltage_since_start,
        "throttled_since_start": known.throttled_since_start,
    }
    if known.under_voltage:
        return Item("Power", False, "too little voltage just now", _SUPPLY, values)
    if known.throttled:
        return Item("Power", False, "the machine is slowed down just now", "Give it air, or a fan.", values)
    if known.under_voltage_since_start:
        return Item("Power", None, "fine now; too little voltage at some time since the start", _SUPPLY, values)
    if known.throttled_since_start:
        means = "Scanning was slower meanwhile. Give it air, or a fan."
        return Item("Power", None, "fine now; slowed down at some time since the start", means, values)
    return Item("Power", True, "enough voltage at all times, never slowed down", "The power supply is right.", values)


_SUPPLY = "Use the power supply that is made for this Raspberry Pi, with its own cable."


def memory(readings: Readings) -> Item:
    """Return how much memory is left; of the kiosk's own only where it is the kiosk that asks."""
    free, total, own = readings.memory_free, readings.memory_total, readings.memory_kiosk
    values = {"available_bytes": free, "total_bytes": total, "process_bytes": own, "load_1min": readings.load}
    if free is None or total is None:
        return Item("Memory", None, "this machine does not tell", "Nobody is warned when it runs short.", values)
    says = f"{free / 1e6:.0f} of {total / 1e6:.0f} MB free"
    if free < SHORT_BYTES:
        return Item("Memory", False, says, "Programs may be ended soon: end others, or restart the machine.", values)
    return Item("Memory", True, says, "There is enough for the kiosk and its screen.", values)


def disk(readings: Readings, state_dir: Path) -> Item:
    """Return how much room is left where results are kept, and whether it can be written at all."""
    free, folder = readings.disk_free, nearest(state_dir)
    values = {"free_bytes": free, "writable": readings.state_written}
    if readings.state_written is False:
        means = "New results stay in memory and are lost with the power. Mount it to be written (docs/read-only.md)."
        return Item("Disk", False, f"{folder} is read-only", means, values)
    if free is None:
        return Item("Disk", None, "this machine does not tell", "Nobody is warned when it is full.", values)
    says = f"{free / 1e9:.1f} GB free at {folder}"
    if free < FULL_BYTES:
        return Item("Disk", False, says, "New results may not be saved: make room.", values)
    if free < TIGHT_BYTES:
        return Item("Disk", None, says, "It is getting tight: make room soon.", values)
    return Item("Disk", True, says, f"Room for about {int(free / 50_000):,} results.", values)


def clock(readings: Readings, *, trust_clock: bool) -> Item:
    """Return whether the time of results can be relied on."""
    sure = clock_is_sure(readings, trust_clock=trust_clock)
    values = {
        "synchronised": readings.clock_synchronised,
        "trusted": trust_clock,
        "time": readings.at.isoformat(timespec="seconds"),
        "boot_id": readings.boot_id,
        "uptime_s": readings.uptime_s,
    }
    says = f"{readings.at:%Y-%m-%d %H:%M} UTC"
    if readings.clock_synchronised:
        return Item("Clock", True, f"{says}, set by the network", "Results have the right time.", values)
    if sure:
        means = "The owner looks after the clock (history.trust_clock)."
        return Item("Clock", None, f"{says}, not set by the network", means, values)
    means = "Results keep their order and say that their time is unsure; nothing old is deleted until the clock is set."
    return Item("Clock", None, f"{says}, not set by the network since the start", means, values)


def clock_is_sure(readings: Readings, *, trust_clock: bool) -> bool:
    """Whether the wall clock can be relied on: it was set since the start, or its owner says so."""
    return trust_clock or readings.clock_synchronised is True


def last_result(newest: Summary | None, now: datetime | None = None) -> Item:
    """Return when the last result was stored. ``newest`` None: there is none yet."""
    if newest is None:
        return Item("Last result", None, "none yet", "Nobody was scanned so far.", {"created": None, "age_s": None})
    age_s = ((now or datetime.now(UTC)) - newest.created).total_seconds()
    unsure = bool(newest.time_unsure)
    values: Mapping[str, Value] = {
        "created": newest.created.isoformat(timespec="seconds"),
        # A clock that was set back since would make it an age below 0.
        "age_s": round(age_s) if age_s >= 0 and not unsure else None,
        "time_unsure": unsure,
    }
    says = f"{newest.created:%Y-%m-%d %H:%M} UTC"
    if unsure or age_s < 0:
        return Item("Last result", None, says, "Its time is unsure: the clock was not set.", values)
    return Item("Last result", True, f"{says}, {_ago(age_s)}", "It was stored when somebody was scanned.", values)


def _ago(age_s: float) -> str:
    minutes = int(age_s // 60)
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"
