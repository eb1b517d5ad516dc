"""How the machine is: plain readings of the kernel's files, with nothing judged and nothing guessed.

Whatever cannot be read is None, and never a comfortable number. `kiosk.health_items` says what the readings mean.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

#: What the firmware's number of troubles means, bit by bit (Raspberry Pi documentation, "vcgencmd get_throttled"):
#: now; the same bits 16 higher: at some time since the machine was switched on.
UNDER_VOLTAGE, CAPPED, THROTTLED, SOFT_LIMIT = 0x1, 0x2, 0x4, 0x8
SINCE_START = 16
#: A Raspberry Pi slows down by itself from here on, and more at 85 (Raspberry Pi documentation, "Frequency management
#: and thermal control").
HOT_C = 80.0
#: With less room than this a result may not be stored. One takes about 50 kB.
FULL_BYTES = 50_000_000
#: adjtimex(2): the answer of a kernel whose clock nobody keeps in step.
_TIME_ERROR = 5
#: Far more than `struct timex` takes on any machine (208 bytes on 64-bit ones).
_TIMEX_BYTES = 512
#: The firmware answers at once, or not at all.
_FIRMWARE_S = 3.0


@dataclass(frozen=True, slots=True)
class Power:
    """What the Raspberry Pi's firmware says of power and heat: of now, and of any time since it was switched on."""

    under_voltage: bool
    throttled: bool
    under_voltage_since_start: bool
    throttled_since_start: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """The machine at one moment. None: this machine does not tell.

    Bytes, seconds and degrees Celsius; ``load`` is the average number of busy processes over a minute, ``memory_kiosk``
    what this very process holds, ``boot_id`` the kernel's random name for the time since it was started.
    ``state_written`` is whether the file system of the state folder can be written (False: it is read-only).
    """

    temperature_c: float | None
    power: Power | None
    memory_kiosk: int | None
    memory_free: int | None
    memory_total: int | None
    disk_free: int | None
    state_written: bool | None
    load: float | None
    uptime_s: float | None
    boot_id: str | None
    clock_synchronised: bool | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the kernel's files are, and the two things that are no file; tests have others."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    run: Path = Path("/run")
    firmware: Callable[[], str | None] = lambda: _ask_firmware()
    kernel_clock: Callable[[], int] = lambda: _adjtimex()


def read_health(state_dir: Path, roots: Roots = Roots()) -> Readings:
    """Return how the machine is now. Takes milliseconds, with ``vcgencmd`` more: not for the loop of the engine."""
    total, free = memory(roots.proc)
    return Readings(
        temperature_c=temperature_c(roots.sys),
        power=power(roots),
        memory_kiosk=_status_bytes(roots.proc / "self" / "status", "VmRSS"),
        memory_free=free,
        memory_total=total,
        disk_free=disk_free(state_dir),
        state_written=is_written(state_dir),
        load=_first_number(roots.proc / "loadavg"),
        uptime_s=_first_number(roots.proc / "uptime"),
        boot_id=boot_id(roots.proc),
        clock_synchronised=clock_synchronised(roots),
        at=datetime.now(UTC),
    )


def temperature_c(sys: Path) -> float | None:
    """Return the temperature of the processor: that of the hottest zone which gives one."""
    found = []
    for zone in sorted((sys / "class" / "thermal").glob("thermal_zone*/temp")):
        milli = _first_number(zone)
        # A zone that is switched off says 0, or nonsense far below freezing.
        if milli is not None and 0 < milli < 200_000:
            found.append(milli / 1000)
    return max(found, default=None)


def power(roots: Roots) -> Power | None:
    """Return what the firmware says: through vcgencmd, else through the kernel's driver; None: neither is here."""
    said = roots.firmware()
    bits = None if said is None else _hexadecimal(said.strip().removeprefix("throttled="))
    if bits is None:
        bits = _hexadecimal(_text(roots.sys / "devices/platform/soc/soc:firmware/get_throttled") or "")
    if bits is None:
        return None
    ever, slow = bits | bits >> SINCE_START, CAPPED | THROTTLED | SOFT_LIMIT
    return Power(bool(bits & UNDER_VOLTAGE), bool(bits & slow), bool(ever & UNDER_VOLTAGE), bool(ever & slow))


def memory(proc: Path) -> tuple[int | None, int | None]:
    """Return all memory of the machine and what of it programs could still have, in bytes."""
    file = proc / "meminfo"
    return _status_bytes(file, "MemTotal"), _status_bytes(file, "MemAvailable")


def disk_free(folder: Path) -> int | None:
    """Return the bytes that are free where a folder is, or would be made."""
    try:
        return shutil.disk_usage(nearest(folder)).free
    except OSError:
        return None


def is_written(folder: Path) -> bool | None:
    """Return whether the file system of a folder is mounted to be written; who may write is another question."""
    try:
        return not os.statvfs(nearest(folder)).f_flag & os.ST_RDONLY
    except OSError:
        return None


def nearest(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that is there."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())


def boot_id(proc: Path = Path("/proc")) -> str | None:
    """Return the kernel's name for the time since it was started: another one after each start."""
    return _text(proc / "sys/kernel/random/boot_id")


def clock_synchronised(roots: Roots = Roots()) -> bool | None:
    """Return whether the network, or a person, has set the clock since the start; None where nobody can tell.

    systemd's own time service leaves a file. Others keep the kernel told, which a hardened service may not ask.
    """
    if (roots.run / "systemd/timesync/synchronized").exists():
        return True
    state = roots.kernel_clock()
    if state >= 0:
        return state != _TIME_ERROR
    # The time service is there, and has not come to an end yet.
    return False if (roots.run / "systemd/timesync").is_dir() else None


def _adjtimex() -> int:
    """Return what adjtimex(2) says when it is only asked (all zeros: nothing is to change); -1 where it may not be."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    return -1 if ask is None else int(ask(ctypes.create_string_buffer(_TIMEX_BYTES)))


def _ask_firmware() -> str | None:
    program = shutil.which("vcgencmd")
    if program is None:
        return None
    ask = [program, "get_throttled"]
    try:
        done = subprocess.run(ask, capture_output=True, text=True, timeout=_FIRMWARE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _hexadecimal(word: str) -> int | None:
    try:
        return int(word, 16)
    except ValueError:
        return None


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None


def _first_number(file: Path) -> float | None:
    try:
        return float((_text(file) or "").split()[0])
    except (IndexError, ValueError):
        return None


def _status_bytes(file: Path, name: str) -> int | None:
    """Return a line such as ``VmRSS:  1234 kB`` of the kernel in bytes."""
    for line in (_text(file) or "").splitlines():
        key, _, value = line.partition(":")
        if key == name:
            words = value.split()
            return 1024 * int(words[0]) if words and words[0].isdigit() else None
    return None
