"""The kinds of machine that can be under test, and how programs of each are run while its image is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .commands import chroot_script


@dataclass(frozen=True)
class Target:
    """A kind of machine.

    ``debian`` and ``machine`` are its architecture as packages and as ``uname -m`` call it, ``console`` is its serial
    line for the kernel. ``emulator`` are the words that start its qemu, and ``board`` say which board and processor.
    ``foreign`` goes before a command that runs its programs on this host, and is empty for the host's own kind.
    """

    debian: str
    machine: str
    console: str
    emulator: tuple[str, ...]
    board: tuple[str, ...]
    foreign: tuple[str, ...] = ()

    @property
    def compiler(self) -> str:
        """What the names of the compiler's programs begin with; "" where it is the host's own."""
        return f"{self.machine}-linux-gnu-" if self.foreign else ""

    def named(self, step: str) -> str:
        """Return the name under which a step of the image is kept."""
        return f"{step}_{self.debian}" if self.foreign else step

    def script(self, root: Path, script: str) -> str:
        """Run a bash script inside a root file system of this kind."""
        return chroot_script(root, script, self.foreign)


AMD64 = Target("amd64", "x86_64", "ttyS0", ("qemu-system-x86_64",), ("-machine", "q35", "-cpu", "max"))
