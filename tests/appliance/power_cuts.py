"""Disks as cuts of the power left them, and what the machine finds on them when it is on again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .kiosk_in import DATABASE
from .machine import Machine

_MOUNT = """
set -e
device=/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_{name}
for _ in $(seq 100); do [ -e $device ] && break; sleep 0.1; done
mkdir -p /mnt/{name}
mount -t ext4 $device /mnt/{name}
"""
_READ = """
history = sqlite3.connect("/mnt/{name}/{file}")
say(json.dumps({{
    "integrity": history.execute("pragma integrity_check").fetchone()[0],
    "ids": [row[0] for row in history.execute("select id from results order by number")],
    "whole": all(json.loads(row[0]) for row in history.execute("select report from results")),
}}))
history.close()
"""


@dataclass(frozen=True)
class Cut:
    """The state's disk as a cut left it, when that was, and the results of which somebody had heard before."""

    disk: Path
    when: str
    heard_of: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What is on such a disk: what SQLite says of the database, and the ids of its results in order."""

    integrity: str
    ids: tuple[str, ...]
    whole: bool


def read_file(machine: Machine, disk: Path, file: str) -> str:
    """Return the text of a file on a disk, read by a running machine."""
    with _mounted(machine, disk, "other"):
        return machine.text(f"cat /mnt/other{file}")


@contextmanager
def _mounted(machine: Machine, disk: Path, name: str) -> Iterator[None]:
    machine.plug_in(disk, name)
    machine.text(_MOUNT.format(name=name))
    yield
    machine.text(f"umount /mnt/{name}")
    machine.unplug(name)


def cut(machine: Machine, into: Path, when: str, heard_of: list[str]) -> Cut:
    """Pull the plug, and put the state's disk aside."""
    machine.cut_power()
    disk = into / f"{when}.qcow2".replace(" ", "-")
    shutil.copy(machine.disk("state"), disk)
    return Cut(disk, when, tuple(heard_of))


def look_at(machine: Machine, one: Cut, name: str) -> Found:
    """Connect such a disk to a running machine, let its kernel mount it as after a start, and read the results."""
    with _mounted(machine, one.disk, name):
        found = json.loads(machine.python(_READ.format(name=name, file=Path(DATABASE).name)))
    return Found(found["integrity"], tuple(found["ids"]), found["whole"])
