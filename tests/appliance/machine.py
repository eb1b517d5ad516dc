"""The machine under test: qemu in software emulation, its disks, its clock, and the way in.

The machine counts instructions (`-icount`): its clock goes on by one nanosecond with each, and by the wall while it
idles. So it is as fast as a processor of 1 GHz by all of its own clocks, and the watchdog's, and whatever emulation
costs is slow motion that nobody inside can see; `Machine.slower` says by how much.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from .commands import ApplianceError, run
from .image import Image

WEB, AGENT = 8080, 8081
DISKS = ("root", "state")
#: Host seconds that anything may take at all: a loaded host makes the slow motion slower still.
PATIENCE_S = 900.0
_POLL_S = 1.0
#: What the kernel need not do, and takes a quarter of the work of a start.
_QUICKER = ("mitigations=off", "init_on_alloc=0", "transparent_hugepage=never", "cryptomgr.notests", "no5lvl")
#: Said by the emulator (seen once, with qemu 7.2) when a queue of a disk has come to it damaged: the kernel in there
#: then dies of it before anything of ours has begun.
_LOST_A_DISK = "virtio: zero sized buffers are not allowed"


@dataclass(frozen=True)
class _Answer:
    """What came back from a port of the machine."""

    status: int
    body: bytes
    headers: Message


@dataclass(frozen=True)
class Said:
    """What a command in the machine printed, and its exit code."""

    text: str
    code: int


class EmulatorFault(ApplianceError):
    """It is the emulator that has failed, not what runs in it."""


class Machine:
    """One machine with disks of its own in ``folder``. Use it as a context: the emulator ends with it."""

    def __init__(self, image: Image, folder: Path) -> None:
        self.image, self.folder = image, folder
        self._process: subprocess.Popen[bytes] | None = None
        self._spent_s = 0.0
        self._web, self._agent = _free_port(), _free_port()
        folder.mkdir(parents=True, exist_ok=True)
        for name, backing in zip(DISKS, (image.root, image.state), strict=True):
            if not self.disk(name).exists():
                run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", backing, self.disk(name))

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut_power()

    @property
    def is_on(self) -> bool:
        """Whether the emulator runs."""
        return self._process is not None and self._process.poll() is None

    def disk(self, name: str) -> Path:
        """Return the file of a disk of this machine."""
        return self.folder / f"{name}.qcow2"

    # -- power ---------------------------------------------------------------------------------------------------

    def switch_on(self, *, moment: str | None = None, more: str = "") -> None:
        """Start the machine, or go on from a saved ``moment``. ``more`` is added to the kernel's words.

        Once again where the emulator has failed meanwhile.
        """
        for last in (False, True):
            self._launch(moment, more)
            try:
                self.until(self.answers, "the machine to answer")
            except EmulatorFault as fault:
                if last:
                    raise
                print(f"switched on again: {fault}")
                self.cut_power()
            else:
                return

    def _launch(self, moment: str | None, more: str) -> None:
        words = ["root=LABEL=root", "rootfstype=ext4", "ro", "quiet", "net.ifnames=0", "tsc=reliable", *_QUICKER]
        words += [f"console={self.image.target.console}", more]
        drives = ["-device", "virtio-scsi-pci,id=scsi"]
        for name in DISKS:
            # The disk keeps in its memory what the machine has not asked it to make lasting: a cut loses that.
            drives += ["-drive", f"file={self.disk(name)},if=none,format=qcow2,id={name},cache=writeback"]
            drives += ["-device", f"virtio-blk-pci,drive={name},serial={name}"]
        forwards = f"hostfwd=tcp:127.0.0.1:{self._web}-:{WEB},hostfwd=tcp:127.0.0.1:{self._agent}-:{AGENT}"
        with (self.folder / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *("nice", "-n", "5", *self.image.target.emulator, *self.image.target.board),
                    *("-smp", "1", "-m", "1200"),
                    *("-accel", "tcg", "-icount", "shift=0,sleep=on", "-rtc", "base=utc,clock=vm"),
                    *("-nodefaults", "-display", "none", "-kernel", str(self.image.kernel)),
                    *("-initrd", str(self.image.initrd), "-append", " ".join(words)),
                    *drives,
                    *("-netdev", f"user,id=net,restrict=on,{forwards}"),
                    *("-device", "virtio-net-pci,netdev=net,romfile="),
                    *("-device", "i6300esb", "-action", "watchdog=reset", "-device", "virtio-rng-pci"),
                    *("-serial", f"file:{self.folder / 'console.log'}"),
                    *("-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off"),
                    *(() if moment is None else ("-loadvm", moment)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def cut_power(self) -> None:
        """End the emulator as a pulled plug ends a machine: nothing is told, nothing is put away."""
        if self._process is not None:
            self._spent_s = self.processor_s()
            self._process.kill()
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        """Freeze process 1, right after it has been said: nobody starts a service again, or feeds the watchdog.

        A kernel that panics feeds it no more either, but turns round itself until it is reset: three minutes of a
        processor of the host.
        """
        self.run("(sleep 0.2; echo 1 >/sys/fs/cgroup/init.scope/cgroup.freeze) >/dev/null 2>&1 &")

    def save(self, moment: str) -> None:
        """Keep the whole machine as it is now, memory and disks, under a name."""
        said = self._monitor(f"savevm {moment}")
        if said:
            raise ApplianceError(f"The machine could not be saved: {said}")

    def plug_in(self, disk: Path, name: str, form: str = "qcow2") -> None:
        """Connect another disk to the running machine: /dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_<name>.

        A raw one is a file of the cache, of which other machines read too: it cannot be written to.
        """
        locked = ",read-only=on" if form == "raw" else ""
        self._monitor(f"drive_add 0 if=none,file={disk},format={form},id={name}{locked}")
        self.qmp("device_add", driver="scsi-hd", bus="scsi.0", drive=name, id=f"device-{name}", device_id=name)

    def unplug(self, name: str) -> None:
        """Pull such a disk."""
        self.qmp("device_del", id=f"device-{name}")

    def _monitor(self, line: str) -> str:
        said: str = self.qmp("human-monitor-command", **{"command-line": line})
        return said

    def qmp(self, command: str, **arguments: str) -> Any:
        """Ask the emulator itself."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE_S)
            line.connect(str(self.folder / "qmp"))
            stream = line.makefile("rw")
            stream.readline()
            for request in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                stream.write(json.dumps(request) + "\n")
                stream.flush()
                answer = _answer(stream)
            if "error" in answer:
                raise ApplianceError(f"The emulator refuses {command}: {answer['error']['desc']}")
            return answer["return"]

    # -- the way in ----------------------------------------------------------------------------------------------

    def answers(self) -> bool:
        """Whether the agent in the machine answers. Raises ApplianceError when the emulator has ended."""
        self._check_running()
        try:
            return self._ask(self._agent, "GET", "/", timeout_s=20).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def run(self, command: str, *, check: bool = True) -> Said:
        """Run a shell command as root in the machine. With ``check``, raises AssertionError when it fails."""
        answer = self._ask(self._agent, "POST", "/", command)
        said = Said(answer.body.decode(errors="replace").strip(), int(answer.headers["X-Exit-Code"]))
        assert said.code == 0 or not check, f"{command}\n{said.text}"
        return said

    def python(self, code: str) -> str:
        """Run Python as root in the machine, in its agent, and return what it gave to ``say``.

        No interpreter is started for it, so it may be asked often. Raises AssertionError when it fails.
        """
        answer = self._ask(self._agent, "POST", "/python", code)
        said = answer.body.decode()
        assert answer.headers["X-Exit-Code"] == "0", f"{code}\n{said}"
        return said

    def text(self, command: str) -> str:
        """Return what a command prints that must succeed."""
        return self.run(command).text

    @contextmanager
    def follow(self, command: str) -> Iterator[Iterator[str]]:
        """Run a command and read its lines as they come, until the context or the machine ends."""
        connection = http.client.HTTPConnection("127.0.0.1", self._agent, timeout=PATIENCE_S)
        connection.request("POST", "/follow", command)
        answer = connection.getresponse()
        try:
            yield (line.decode().strip() for line in answer)
        finally:
            connection.close()

    def page(self, path: str) -> tuple[int, str]:
        """Return status and text of a page of the kiosk, through the network; status 0 when nobody answers."""
        try:
            answer = self._ask(self._web, "GET", path)
        except (OSError, http.client.HTTPException):
            return 0, ""
        return answer.status, answer.body.decode()

    def view(self) -> dict[str, Any]:
        """Return the newest view of the live page; empty when nobody answers."""
        status, text = self.page("/live.json")
        found: dict[str, Any] = json.loads(text) if status == 200 else {}
        return found

    def put(self, file: Path, place: str) -> None:
        """Copy a file of the host into the machine."""
        content = file.read_bytes()
        step = 3_000_000
        self.run(f"mkdir -p {Path(place).parent} && : >{place}")
        for start in range(0, len(content), step):
            piece = base64.b64encode(content[start : start + step]).decode()
            self.python(f"import base64\nwith open({place!r}, 'ab') as file: file.write(base64.b64decode('{piece}'))")

    def _ask(self, port: int, method: str, path: str, body: str = "", timeout_s: float = PATIENCE_S) -> _Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
        try:
            connection.request(method, path, body or None)
            answer = connection.getresponse()
            return _Answer(answer.status, answer.read(), answer.headers)
        finally:
            connection.close()

    # -- time ----------------------------------------------------------------------------------------------------

    def uptime_s(self) -> float:
        """Return the seconds since the machine's start, by its own clock."""
        return float(self._ask(self._agent, "GET", "/").headers["X-Uptime"])

    def processor_s(self) -> float:
        """Return the seconds of the host's processors that this machine has taken, through all of its starts."""
        if self._process is None or not self.is_on:
            return self._spent_s
        numbers = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return self._spent_s + (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def measured(self, what: str) -> Iterator[None]:
        """Print how long something took by the machine's clock, by the wall's, and so by what factor it was slowed."""
        own_s, wall_s, processor_s = self.uptime_s(), time.monotonic(), self.processor_s()
        yield
        own_s, wall_s = self.uptime_s() - own_s, time.monotonic() - wall_s
        took = f"{own_s:.1f} s of the machine's time, {wall_s:.0f} s by the wall"
        host = f"{self.processor_s() - processor_s:.0f} s of a processor of the host"
        print(f"{what}: {took}, {host}: slowed {wall_s / own_s:.1f} times")

    def until(self, reached: Callable[[], object], what: str, *, own_s: float | None = None) -> float:
        """Wait until it is so. Raises AssertionError after ``own_s`` seconds of the machine's own time.

        Returns the machine's seconds that it took, 0 without ``own_s``.
        """
        wall_s = time.monotonic() + PATIENCE_S
        began_s = self.uptime_s() if own_s is not None else 0.0
        while not reached():
            self._check_running()
            assert time.monotonic() < wall_s, f"waited {PATIENCE_S:.0f} s for {what}"
            if own_s is not None:
                waited_s = self.uptime_s() - began_s
                assert waited_s < own_s, f"waited {waited_s:.1f} s of the machine's time for {what}"
            time.sleep(_POLL_S)
        return self.uptime_s() - began_s if own_s is not None else 0.0

    def _check_running(self) -> None:
        said = (self.folder / "qemu.log").read_text()[-2000:]
        if not self.is_on:
            raise ApplianceError(f"The emulator has ended: {said}")
        if _LOST_A_DISK in said:
            raise EmulatorFault(f"The emulator has lost a disk: {said.strip()}")


def _answer(stream: Any) -> dict[str, Any]:
    """Return the answer to a request, past the events that come in between."""
    while True:
        said: dict[str, Any] = json.loads(stream.readline())
        if "return" in said or "error" in said:
            return said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
