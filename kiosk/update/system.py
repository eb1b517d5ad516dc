"""What an update does to the machine beside writing files: programs that it runs, and the kiosk that it asks."""

from __future__ import annotations

import http.client
import json
import os
import platform
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

#: The longest that any program of an update may take: pip and the compiler on a slow card.
PATIENCE_S = 1800.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def last_words(self) -> str:
        """The last line that it said, for a sentence about what went wrong."""
        lines = [line for line in (self.err or self.out).splitlines() if line.strip()]
        return lines[-1].strip() if lines else f"exit code {self.code}"


class System(Protocol):
    """A machine with a kiosk on it."""

    @property
    def home(self) -> Path:
        """Where the program is: /opt/kiosk."""

    @property
    def user(self) -> str | None:
        """Who the kiosk runs as; None: as whoever updates it."""

    @property
    def python(self) -> str:
        """The Python that new versions are made with; its venv module is needed."""

    @property
    def kind(self) -> tuple[str, str]:
        """Python (``3.13``) and architecture (``aarch64``)."""

    def run(self, command: Sequence[str | Path], environ: Mapping[str, str] | None = None) -> Done:
        """Run a program to its end."""

    def health(self) -> dict[str, Any] | None:
        """What /healthz answers, None when nobody does or it says that no view was published yet."""

    def now_s(self) -> float:
        """Seconds by a clock that only goes forward."""

    def wait(self, seconds: float) -> None:
        """Let time pass."""


class Pi:
    """The real machine. ``port`` is where its kiosk serves its pages."""

    def __init__(self, port: int, home: Path = Path("/opt/kiosk"), user: str = "kiosk") -> None:
        self.home, self._port = home, port
        self.user: str | None = user

    @property
    def python(self) -> str:
        """The Python that this one's virtual environment came from."""
        return str(Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}"))

    @property
    def kind(self) -> tuple[str, str]:
        """Python (``3.13``) and architecture (``aarch64``)."""
        return f"{sys.version_info[0]}.{sys.version_info[1]}", platform.machine()

    def run(self, command: Sequence[str | Path], environ: Mapping[str, str] | None = None) -> Done:
        """Run a program to its end."""
        try:
            done = subprocess.run(
                [str(word) for word in command],
                # lgpio makes a pipe where it is started, and the kiosk's user may not write everywhere.
                cwd="/run/kiosk" if Path("/run/kiosk").is_dir() else "/",
                env={**os.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=PATIENCE_S,
                check=False,
            )
        except OSError as error:
            return Done(127, "", f"{command[0]}: {error.strerror}")
        except subprocess.TimeoutExpired:
            return Done(124, "", f"{command[0]} took longer than {PATIENCE_S:g} s")
        return Done(done.returncode, done.stdout, done.stderr)

    def health(self) -> dict[str, Any] | None:
        """What /healthz answers, None when nobody does or it says that no view was published yet."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=5) as answer:
                said = json.load(answer)
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
            return None
        return said if isinstance(said, dict) else None

    def now_s(self) -> float:
        """Seconds by a clock that only goes forward."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)
