"""Running the tools of the host, with a sentence when one is missing or fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

#: The tools that the set-up needs, and the Debian packages that they come with.
NEEDED = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
    "mmdebstrap": "mmdebstrap",
    "mke2fs": "e2fsprogs",
    "dpkg-deb": "dpkg",
    "make": "make",
}


class ApplianceError(Exception):
    """The machine under test cannot be made: a sentence that says why and what to do."""


def missing() -> list[str]:
    """Return the Debian packages that are to be installed first."""
    return sorted({package for tool, package in NEEDED.items() if shutil.which(tool) is None})


def check_host() -> None:
    """Raise ApplianceError where a tool is missing, or where this is not root (chroot and device nodes need it)."""
    packages = missing()
    if packages:
        raise ApplianceError(f"Some tools are missing. On Debian: apt install {' '.join(packages)}")
    if os.geteuid() != 0:
        raise ApplianceError("The image is made in a chroot, for which this must run as root: sudo make test-appliance")


def run(*words: str | Path, cwd: Path | None = None) -> str:
    """Run a command of the host at low priority and return what it printed. Raises ApplianceError when it fails."""
    done = subprocess.run(
        ["nice", *map(str, words)], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        raise ApplianceError(f"{said}\n`{' '.join(map(str, words[:6]))}` failed; its last words are above.")
    return done.stdout


def in_root(root: Path, *words: str | Path, before: Sequence[str] = ()) -> str:
    """Run a command inside a root file system that has no network of its own to rely on.

    ``before`` are the words that make this host run the programs in it, where they are of another architecture.
    """
    mounts = "".join(f"mount --rbind /{name} {root}/{name}; " for name in ("proc", "sys", "dev"))
    # A mount namespace of its own: whatever happens, nothing stays mounted.
    return run(*before, "unshare", "--mount", "bash", "-c", f'set -e; {mounts} exec chroot "$@"', "-", root, *words)


def chroot_script(root: Path, script: str, before: Sequence[str] = ()) -> str:
    """Run a bash script inside a root file system. ``before`` as for `in_root`."""
    environment = ("/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8")
    return in_root(root, *environment, "bash", "-euc", script, before=before)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being made, and how long it took."""
    print(f"appliance: {what} ...", flush=True)
    began = time.monotonic()
    yield
    print(f"appliance: {what}: {time.monotonic() - began:.0f} s", flush=True)
