"""Readings of the machine: what the kernel's files say, and None for everything that they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.health import Power, Roots, clock_synchronised, disk_free, nearest, power, read_health, temperature_c

PI = {
    "sys/class/thermal/thermal_zone0/temp": "61342\n",
    "sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n",
    "proc/meminfo": "MemTotal:        3884340 kB\nMemFree:  1 kB\nMemAvailable:    2000000 kB\n",
    "proc/self/status": "Name:\tkiosk\nVmRSS:\t  200000 kB\n",
    "proc/loadavg": "1.25 0.80 0.50 2/200 999\n",
    "proc/uptime": "3600.50 7000.00\n",
    "proc/sys/kernel/random/boot_id": "f00d\n",
}


def machine(folder: Path, files: dict[str, str], firmware: str | None = None, kernel_clock: int = 0) -> Roots:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Roots(folder / "sys", folder / "proc", folder / "run", lambda: firmware, lambda: kernel_clock)


def test_a_raspberry_pi_is_read_in_bytes_seconds_and_degrees(tmp_path: Path) -> None:
    now = read_health(tmp_path / "not" / "there", machine(tmp_path, PI))
    assert (now.temperature_c, now.load, now.uptime_s, now.boot_id) == (61.342, 1.25, 3600.5, "f00d")
    assert (now.memory_kiosk, now.memory_free, now.memory_total) == (204_800_000, 2_048_000_000, 3_977_564_160)
    assert now.power == Power(True, True, True, True)
    assert now.clock_synchronised is True
    assert now.disk_free is not None
    assert now.disk_free > 0
    assert now.state_written is True
    assert now.at.tzinfo is not None


def test_what_a_machine_does_not_tell_is_none_and_never_a_comfortable_number(tmp_path: Path) -> None:
    now = read_health(tmp_path, machine(tmp_path, {}, kernel_clock=-1))
    unknown = (
        now.temperature_c,
        now.power,
        now.memory_kiosk,
        now.memory_free,
        now.memory_total,
        now.load,
        now.uptime_s,
    )
    assert unknown == (None,) * 7
    assert (now.boot_id, now.clock_synchronised) == (None, None)


@pytest.mark.parametrize("nonsense", ["", "warm\n", "0\n", "-40000\n", "999999\n"])
def test_a_sensor_that_talks_nonsense_is_passed_over(tmp_path: Path, nonsense: str) -> None:
    roots = machine(tmp_path, {"sys/class/thermal/thermal_zone0/temp": nonsense})
    assert temperature_c(roots.sys) is None
    machine(tmp_path, {"sys/class/thermal/thermal_zone1/temp": "45000"})
    assert temperature_c(roots.sys) == 45.0


def test_the_hottest_zone_counts(tmp_path: Path) -> None:
    zones = {f"sys/class/thermal/thermal_zone{k}/temp": f"{milli}" for k, milli in enumerate((50_000, 71_500, 60_000))}
    assert temperature_c(machine(tmp_path, zones).sys) == 71.5


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("throttled=0x0\n", Power(False, False, False, False)),
        ("throttled=0x1\n", Power(True, False, True, False)),
        ("throttled=0x2\n", Power(False, True, False, True)),
        ("throttled=0x4\n", Power(False, True, False, True)),
        ("throttled=0x8\n", Power(False, True, False, True)),
        ("throttled=0x10000\n", Power(False, False, True, False)),
        ("throttled=0x20000\n", Power(False, False, False, True)),
        ("throttled=0x40000\n", Power(False, False, False, True)),
        ("throttled=0x80000\n", Power(False, False, False, True)),
        ("throttled=0x50005\n", Power(True, True, True, True)),
    ],
)
def test_each_bit_of_the_firmware_is_understood(tmp_path: Path, said: str, expected: Power) -> None:
    assert power(machine(tmp_path, {}, firmware=said)) == expected


def test_without_vcgencmd_the_kernels_driver_is_asked_and_without_both_nothing_is_known(tmp_path: Path) -> None:
    assert power(machine(tmp_path / "none", {})) is None
    assert power(machine(tmp_path / "odd", {}, firmware="VCHI initialization failed")) is None
    assert power(machine(tmp_path / "pi", PI, firmware="VCHI initialization failed")) == Power(True, True, True, True)


def test_vcgencmd_is_asked_for_real_and_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "vcgencmd"
    program.write_text('#!/bin/sh\n[ "$1" = get_throttled ] && echo throttled=0x50000\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert power(Roots(sys=tmp_path)) == Power(False, False, True, True)
    program.write_text("#!/bin/sh\nexit 255\n")
    assert power(Roots(sys=tmp_path)) is None


@pytest.mark.parametrize(
    ("files", "kernel", "sure"),
    [
        ({"run/systemd/timesync/synchronized": ""}, 5, True),  # systemd's word goes before the kernel's
        ({"run/systemd/timesync/synchronized": ""}, -1, True),
        ({"run/systemd/timesync/other": ""}, -1, False),
        ({}, 5, False),
        ({}, 0, True),
        ({}, -1, None),
    ],
)
def test_whether_the_clock_was_set(tmp_path: Path, files: dict[str, str], kernel: int, sure: bool | None) -> None:
    assert clock_synchronised(machine(tmp_path, files, kernel_clock=kernel)) is sure


def test_this_very_machine_can_be_read() -> None:
    now = read_health(Path.cwd())
    assert now.boot_id == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert (now.memory_kiosk or 0) > 1_000_000
    assert now.clock_synchronised in (True, False, None)


def test_a_folder_that_is_not_there_yet_is_measured_where_it_would_be(tmp_path: Path) -> None:
    assert nearest(tmp_path / "a" / "b") == tmp_path
    assert disk_free(tmp_path / "a" / "b") is not None
