"""What ended the kiosk: a note of the plugin that is being called, which outlives the process, and its last trace.

One main thread calls the plugins, so a function that never returns stops everything, and nothing that is written in
Python can be relied on to notice: a regular expression that runs away keeps the interpreter to itself. Hence two
files in a folder that outlives the process, best one in memory. In one, mapped into memory, each call is noted before
it begins and wiped when it is back, which costs less than a microsecond and needs no disk. The other belongs to
Python's fault handler, whose own thread needs no interpreter: the loop tells it every second that it is alive; after
``hang_s`` seconds without a word it writes there where every thread was, and ends the process with exit code 1. After
a crash (a segmentation fault in a plugin's own library) it writes there too. Whoever starts the kiosk again (systemd,
Restart=on-failure) finds both: a trace, and the plugin that was being called. A process that was killed, or lost its
power, leaves no trace, and nobody is blamed.
"""

from __future__ import annotations

import faulthandler
import fcntl
import mmap
import re
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.plugins.watch import Fault

_NOTE, _TRACE, _LAST_TRACE = "plugin_call", "plugin_trace.txt", "plugin_trace_last.txt"
_NOTE_BYTES = 256
#: How a trace begins whose time was up: hours, minutes, seconds.
_WAITED = re.compile(r"Timeout \((\d+):(\d\d):(\d\d(?:\.\d+)?)\)!")
#: The fault handler is told so often that the loop is alive: each time costs it a new thread.
_TELL_S = 1.0


class BlackBox:
    """Notes calls while a kiosk runs. Close it in order, and it says nothing of this run.

    Raises OSError where the folder cannot be written, and BlockingIOError where another kiosk uses it.
    """

    def __init__(self, folder: Path, hang_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._hang_s, self._clock = hang_s, clock
        self._told_s = -float("inf")
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / _NOTE).open("ab+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Never shorter, not even for a moment: the memory of whoever has it mapped would be gone.
            self._file.truncate(_NOTE_BYTES)
            self._note = mmap.mmap(self._file.fileno(), _NOTE_BYTES)
            self._note[:] = bytes(_NOTE_BYTES)
            self._trace = (folder / _TRACE).open("wb")
        except OSError:
            self._file.close()
            raise
        self._handled_before = faulthandler.is_enabled()
        faulthandler.enable(self._trace)

    def enter(self, label: bytes) -> None:
        """Note a call."""
        self._note[: len(label)] = label
        self._note[len(label)] = 0

    def leave(self) -> None:
        """Note that it came back."""
        self._note[0] = 0

    def alive(self, at_least_s: float = 0.0) -> None:
        """Give the loop another ``hang_s`` seconds, or ``at_least_s``; without that cheap enough for every frame."""
        now_s = self._clock()
        if at_least_s or now_s - self._told_s >= _TELL_S:
            self._told_s = now_s
            faulthandler.dump_traceback_later(max(self._hang_s, at_least_s), exit=True, file=self._trace)

    def rest(self) -> None:
        """Stop waiting for the loop: what comes now may take its time."""
        self._told_s = -float("inf")
        faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        """End in order. Harmless twice."""
        if self._trace.closed:
            return
        self.rest()
        faulthandler.disable()
        if self._handled_before:
            faulthandler.enable()
        self.leave()
        self._note.close()
        self._file.close()
        self._trace.close()


def last_run(folder: Path, keep_in: Path | None = None) -> Fault | None:
    """Return which plugin ended the last run in this folder, None where none did.

    Its trace is put aside, so that it is told once and can still be read: in the folder ``keep_in``, None: in this one.
    """
    trace, note = folder / _TRACE, folder / _NOTE
    try:
        traced, noted = trace.read_text(encoding="utf-8", errors="replace"), note.read_bytes()
    except OSError:
        return None
    name, _, what = noted.partition(b"\0")[0].decode("utf-8", "replace").partition("\n")
    if not traced:
        return None
    kept = _put_aside(trace, traced, (keep_in or folder) / _LAST_TRACE)
    if not name:
        return None
    hung = _WAITED.match(traced)
    did = f"did not come back within {_seconds(hung):g} s" if hung else "crashed the kiosk"
    where = f"where it was is in {kept}"
    return Fault(name, "hung" if hung else "crashed", f"{what} {did}, and the kiosk had to start again ({where})")


def _seconds(waited: re.Match[str]) -> float:
    hours, minutes, seconds = map(float, waited.groups())
    return 3600 * hours + 60 * minutes + seconds


def _put_aside(trace: Path, traced: str, place: Path) -> Path:
    """Keep a trace elsewhere, or where it is if that cannot be written; return where it is kept."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(traced, encoding="utf-8")
    except OSError:
        return trace.replace(trace.with_name(_LAST_TRACE))
    trace.unlink()
    return place
