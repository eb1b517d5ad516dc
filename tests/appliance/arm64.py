"""The kiosk's arm64 wheels on this machine: Debian's arm64 Python under qemu's user emulation.

qemu 7.2, which Debian 12 has, computes wrong keypoints (44 px of 192 on average) without a word, so only 10 and newer
are taken, from trixie's package if need be. Nothing of arm64 is installed on the host, and no binfmt entry is made.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from . import image
from .commands import ApplianceError, run, step

#: The first qemu whose arithmetic was seen to be right.
OLDEST_QEMU = 10
_PYTHON = "3.13"


def check_emulator(says: str) -> None:
    """Raise ApplianceError for what ``qemu-aarch64 --version`` says of one that computes garbage."""
    found = re.search(r"version (\d+)\.", says)
    if found is None or int(found[1]) < OLDEST_QEMU:
        who = says.splitlines()[0] if says else "This qemu"
        raise ApplianceError(f"{who} computes wrong keypoints: qemu {OLDEST_QEMU} or newer is needed.")


class Arm64:
    """An arm64 Python with the kiosk and all that it needs, from the wheels of the bundle."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is what `made` made. Raises ApplianceError where its emulator is too old."""
        self._emulator, self._root = folder / "qemu/usr/bin/qemu-aarch64", folder / "root"
        self._packages = folder / "packages"
        check_emulator(run(self._emulator, "--version"))

    def python(self, *words: str | Path) -> str:
        """Run the arm64 Python and return what it printed. Raises AssertionError when it fails."""
        done = subprocess.run(
            ["nice", self._emulator, "-L", self._root, self._root / f"usr/bin/python{_PYTHON}", *words],
            env={**os.environ, "PYTHONPATH": str(self._packages), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def made() -> Path:
    """Return the folder with emulator, Debian and packages, made where it is not there. Raises ApplianceError."""
    parts: list[str | Path] = [image.SUITE, Path(__file__), *(image.ROOT / name for name in image.SOURCES)]
    return image.kept("arm64", parts, _make)


def _make(place: Path) -> None:
    with step("qemu's user emulation, and Debian's arm64 Python"):
        _extract(place / "qemu", "amd64", "qemu-user")
        _extract(place / "root", "arm64", "python3,libstdc++6")
        # The links of a merged /usr, which the package base-files would make.
        for name in ("lib", "bin", "sbin"):
            (place / "root" / name).symlink_to(f"usr/{name}")
    with step("the bundle for arm64"):
        bundle = image.ROOT / "systemd/bundle.py"
        run(sys.executable, bundle, "--arch", "aarch64", "--python", _PYTHON, "--out", place / "bundle")
        (file,) = (place / "bundle").glob("*.tar")
        run("tar", "-xf", file, "-C", place / "bundle", "wheels")
        for wheel in (place / "bundle/wheels").glob("*.whl"):
            with ZipFile(wheel) as packed:
                packed.extractall(place / "packages")


def _extract(into: Path, architecture: str, packages: str) -> None:
    """Unpack Debian packages without running anything of them."""
    run(
        *("mmdebstrap", "--mode=root", "--variant=extract", f"--architectures={architecture}"),
        *(f"--include={packages}", image.SUITE, into),
    )
