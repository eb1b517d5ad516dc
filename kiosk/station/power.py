"""Shutting the machine down: asked for by a button, told on page and lights first, done by a configured command."""

from __future__ import annotations

import logging
import shlex
import subprocess
import threading
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

#: Members and staff get so long to see that it was understood.
TELL_S = 1.5
#: A command that has not come back by then is given up.
PATIENCE_S = 30.0


def carried_out(command: Sequence[str]) -> str | None:
    """Run the command; None when it went well, else what went wrong."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except OSError as error:
        return f"{error.strerror}: {command[0]}"
    except subprocess.TimeoutExpired:
        return f"it took longer than {PATIENCE_S:g} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    return None


class PowerSwitch:
    """Turns a held button into an end of the machine. Without a command it does nothing at all."""

    def __init__(self, command: str | None, run: Callable[[Sequence[str]], str | None] = carried_out) -> None:
        self._command, self._run = shlex.split(command or ""), run
        self._asked_s: float | None = None
        self._pressed = False
        self._worker: threading.Thread | None = None
        #: Why the machine did not shut down; None while nothing went wrong.
        self.problem: str | None = None

    @property
    def is_wired(self) -> bool:
        """Whether there is a command to run."""
        return bool(self._command)

    @property
    def leaving(self) -> bool:
        """Whether the machine is about to shut down."""
        return self._asked_s is not None

    def ask(self) -> None:
        """Shut the machine down; from any thread. The engine tells it first (`turn`)."""
        if self.is_wired:
            self._pressed = True

    def turn(self, now_s: float) -> bool:
        """The engine's loop went round; returns whether from now on it is to be shown that the machine shuts down.

        A moment later the command runs, beside the loop.
        """
        begins = self._pressed and self._asked_s is None
        if begins:
            self._asked_s, self.problem = now_s, None
            log.warning("The button was held: shutting down by %s", shlex.join(self._command))
        if self._asked_s is not None and now_s - self._asked_s >= TELL_S and self._worker is None:
            self._worker = threading.Thread(target=self._carry_out, name="shut down", daemon=True)
            self._worker.start()
        return begins

    def _carry_out(self) -> None:
        wrong = self._run(self._command)
        if wrong is None:
            return  # systemd ends this process in its own time
        self.problem = f"The machine could not be shut down ({wrong}). Look at buttons.shutdown."
        log.error("%s", self.problem)
        self._pressed, self._asked_s, self._worker = False, None, None
