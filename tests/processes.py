"""A kiosk in a process of its own, as systemd or a person at a terminal starts it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .commands import process_environ

#: What a test waits at most for something that has to happen; it is never waited out when all is well.
PATIENCE_S = 60.0


def until(reached: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Return once another process has made it true."""
    pause = threading.Event()
    for _ in range(int(patience_s / 0.05)):
        if reached():
            return
        pause.wait(0.05)
    raise AssertionError("it never happened")


class KioskProcess:
    """A running ``kiosk``, what it printed so far, and its pages."""

    def __init__(self, folder: Path, *words: str | Path, **environ: str) -> None:
        self._out, self._err = folder / "stdout", folder / "stderr"
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiosk", *map(str, words)],
                cwd=folder,
                env=process_environ(folder, environ),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    @property
    def url(self) -> str:
        """The address that it printed, as soon as it has."""
        until(lambda: "http://" in self.out or self.process.poll() is not None)
        found = re.search(r"http://\S+/", self.out)
        assert found, self.err
        return found[0]

    def json(self) -> dict[str, Any]:
        """The newest view, as a page sees it."""
        with urllib.request.urlopen(self.url + "live.json", timeout=PATIENCE_S) as answer:
            view: dict[str, Any] = json.load(answer)
        return view

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE_S) as answer:
            text: str = answer.read().decode()
        return text

    def press(self, command: str) -> None:
        request = urllib.request.Request(f"{self.url}command/{command}", method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            assert answer.status == 204

    def wait(self, patience_s: float = PATIENCE_S) -> int:
        """Return the exit code once it has ended by itself."""
        return self.process.wait(patience_s)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
