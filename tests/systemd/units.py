"""What the tests of systemd/ share: the files, and units as plain lists."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("*.service"))
TIMERS = sorted(path.name for path in SYSTEMD.glob("*.timer"))
SCRIPTS = ["install.sh", "packages.sh", "program.sh", "kiosk-command", "screen/session", "screen/browser"]


def settings(name: str) -> list[tuple[str, str]]:
    """Every setting of a unit in its order, with what it is set to."""
    lines = (SYSTEMD / name).read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return [(key, value) for key, value in pairs]


def values(name: str, key: str) -> list[str]:
    """All that a unit sets ``key`` to."""
    return [value for its, value in settings(name) if its == key]


def value(name: str, key: str) -> str:
    """What a unit sets ``key`` to, once."""
    (only,) = values(name, key)
    return only


def commands(name: str) -> list[str]:
    """All command lines of a service, without systemd's signs in front of them."""
    return [line.lstrip("+-!:@") for key, line in settings(name) if key.startswith("Exec")]
