"""The Pi's own architecture on this machine: a whole arm64 machine, and arm64 programs under qemu's user emulation.

qemu 7.2, which Debian 12 has, computes wrong keypoints (44 px of 192 on average) without a word, so only 10 and newer
are taken: Debian trixie's packages, unpacked into the cache. Nothing of arm64 is installed on the host, and the host's
list of foreign programs stays as it is.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

from . import image
from .commands import ApplianceError, check_host, run, step
from .target import AMD64, Target

#: The first qemu whose arithmetic was seen to be right.
OLDEST_QEMU = 10
#: The Pi 5's processor. Its instructions, that is: how fast they are is another matter.
PROCESSOR = "cortex-a76"
#: What ``--arch`` may ask for, the usual one first.
ARCHITECTURES = ("x86_64", "arm64")
#: Debian's packages with qemu's machines and with its user emulation.
_EMULATORS = "qemu-system-arm,qemu-user"
_PYTHON = "3.13"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"


def check_emulator(says: str) -> None:
    """Raise ApplianceError for what a qemu's ``--version`` says of one that computes garbage."""
    found = re.search(r"version (\d+)\.", says)
    if found is None or int(found[1]) < OLDEST_QEMU:
        who = says.splitlines()[0] if says else "This qemu"
        raise ApplianceError(f"{who} computes wrong keypoints: qemu {OLDEST_QEMU} or newer is needed.")


def target() -> Target:
    """Return the arm64 machine, its emulators fetched where they are not there. Raises ApplianceError."""
    check_host()
    qemu = image.kept("qemu", [image.SUITE, _EMULATORS], _fetch_emulators)
    system, user = _system_emulator(qemu), qemu / "root/usr/bin/qemu-aarch64"
    for emulator in (system, (user,)):
        check_emulator(run(*emulator, "--version"))
    foreign = ("bash", str(image.HERE / "as_arm64.sh"), str(user))
    return Target("arm64", "aarch64", "ttyAMA0", system, ("-machine", "virt", "-cpu", PROCESSOR), foreign)


def target_of(architecture: str) -> Target:
    """Return the kind of machine that ``--arch`` asks for. Raises ApplianceError."""
    return target() if architecture == "arm64" else AMD64


class Arm64:
    """An arm64 Python with the kiosk and all that it needs, from the wheels of the bundle, under user emulation."""

    def __init__(self, machine: Target) -> None:
        """Raises ApplianceError where Debian, bundle or packages cannot be made."""
        self._emulator = machine.foreign[-1]
        self._root = image.base(machine) / "root"
        self._wheels = image.bundles(machine) / "first"
        self._packages = image.kept("wheels_arm64", [self._wheels.parent.name], self._unpack_wheels)

    def _unpack_wheels(self, place: Path) -> None:
        (bundle,) = self._wheels.glob("*.tar")
        run("tar", "-xf", bundle, "-C", place, "wheels")
        for wheel in (place / "wheels").glob("*.whl"):
            with ZipFile(wheel) as packed:
                packed.extractall(place / "packages")

    def python(self, *words: str | Path) -> str:
        """Run the arm64 Python and return what it printed. Raises AssertionError when it fails."""
        done = subprocess.run(
            ["nice", self._emulator, "-L", self._root, self._root / f"usr/bin/python{_PYTHON}", *words],
            env={**os.environ, "PYTHONPATH": str(self._packages / "packages"), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _fetch_emulators(place: Path) -> None:
    with step("qemu for arm64: its machines, and its user emulation"):
        run(
            *("mmdebstrap", "--mode=root", "--variant=extract", f"--include={_EMULATORS}"),
            *(image.SUITE, place / "root"),
        )


def _system_emulator(qemu: Path) -> tuple[str, ...]:
    """Return the words that start it with the libraries that it was built with, which are not this host's."""
    root = qemu / "root"
    libraries = root / _LIBRARIES
    start = (str(libraries / "ld-linux-x86-64.so.2"), "--library-path", str(libraries))
    return (*start, str(root / "usr/bin/qemu-system-aarch64"), "-L", str(root / "usr/share/qemu"))
