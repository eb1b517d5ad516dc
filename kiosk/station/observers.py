"""Plugins that look on: each in a thread of its own, behind a short queue, so that none of them costs a frame.

The loop only puts an event into the queues, which takes microseconds. An observer that raises, dawdles or hangs hurts
nobody: its queue runs full, events are left out, and the status page says so.
"""

from __future__ import annotations

import copy
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from kiosk.observing import Due, Light
from kiosk.plugins.loading import Observer
from kiosk.plugins.watch import Fault, attempt
from kiosk.station.lights import PATTERNS, Lights
from kiosk.station.live import Lit

log = logging.getLogger(__name__)

#: So many events may wait for one observer; a set of reps makes ten.
MOST_WAITING = 50
#: An event that takes longer than this is told as "busy since", and a thread is given so long to end.
SLOW_S, END_S = 10.0, 3.0
#: How nice the threads are to the others (POSIX: 0 as usual, 19 the most).
NICE = 10
#: So many results are read at once for a job.
PAGE = 50
_LIGHT = "kiosk_light_changed"


class Archive(Protocol):
    """What is needed of `kiosk.station.history.History`."""

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return a stored report."""

    def recent(self, limit: int, offset: int) -> Iterable[Any]:
        """Return the newest results in short."""


class Stored:
    """The stored results as a job sees them."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def newest(self) -> Iterator[dict[str, Any]]:
        """Yield the reports, newest first; each once, also while new ones come."""
        seen: set[str] = set()
        while page := [one.id for one in self._archive.recent(PAGE, len(seen))]:
            for result_id in page:
                report = None if result_id in seen else self._archive.load(result_id)
                seen.add(result_id)
                if report is not None:
                    yield report
            if len(page) < PAGE:
                return


@dataclass(frozen=True, slots=True)
class _Event:
    hook: str
    arguments: dict[str, Any]


class ObserverThread:
    """One plugin that looks on. ``on_fault`` is called with its first error, on its own thread."""

    def __init__(
        self,
        observer: Observer,
        stored: Stored,
        on_fault: Callable[[Fault], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.plugin = observer.plugin
        self._observer, self._stored, self._on_fault, self._clock = observer, stored, on_fault, clock
        self._waiting: deque[_Event] = deque()
        self._change = threading.Condition()
        self._stopping = False
        self._due = [Due(job, clock()) for job in observer.jobs]
        self._busy: tuple[str, float] | None = None
        self._left_out = self._failed = 0
        self._last: tuple[str, str] | None = None
        self._thread = threading.Thread(target=self._run, name=f"plugin {self.plugin}", daemon=True)

    def start(self) -> None:
        """Begin to call the plugin."""
        self._thread.start()

    def tell(self, hook: str, arguments: dict[str, Any]) -> None:
        """Put an event in the queue, if the plugin has this hook; leave it out where the queue is full."""
        if hook not in self._observer.hooks:
            return
        with self._change:
            if hook == _LIGHT:
                # Nobody wants to see the lights of a moment ago.
                self._waiting = deque(event for event in self._waiting if event.hook != _LIGHT)
            if len(self._waiting) >= MOST_WAITING:
                self._left_out += 1
            else:
                self._waiting.append(_Event(hook, arguments))
                self._change.notify_all()

    @property
    def trouble(self) -> str | None:
        """What is wrong with it, in words; None while all is well."""
        said, busy = [], self._busy
        last = self._last
        if last is not None:
            said.append(f"{last[0]} raised {last[1]} ({_times(self._failed)} since the start)")
        if busy is not None and self._clock() - busy[1] > SLOW_S:
            said.append(f"{busy[0]} has been busy for {self._clock() - busy[1]:.0f} s")
        if self._left_out:
            said.append(f"it is too slow: {self._left_out} events were left out")
        return "; ".join(said) or None

    def close(self) -> None:
        """Let it finish what waits, for `END_S` at the most."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join(END_S)
        if self._thread.is_alive():
            log.warning("Plugin %s does not come back, and is left behind.", self.plugin)

    def _run(self) -> None:
        # Linux gives each thread its own niceness.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        while (event := self._next()) is not None:
            hook = self._observer.hooks[event.hook]
            # What the plugin is handed is its own: the engine and the other plugins keep theirs.
            self._call(event.hook, partial(hook, **copy.deepcopy(event.arguments)))

    def _next(self) -> _Event | None:
        """Return the next event, after the jobs that are due; None when all is over."""
        while True:
            with self._change:
                if self._waiting:
                    return self._waiting.popleft()
                if self._stopping:
                    return None
                now_s = self._clock()
                due = next((one for one in self._due if one.at_s <= now_s), None)
                if due is None:
                    first_s = min((one.at_s for one in self._due), default=None)
                    self._change.wait(None if first_s is None else max(0.0, first_s - now_s))
            if due is not None:
                self._call(f"the job '{due.job.name}'", partial(due.job.run, self._stored))
                due.ran(self._clock())

    def _call(self, what: str, call: Callable[[], object]) -> None:
        self._busy = (what, self._clock())
        reason = attempt(call)
        self._busy = None
        if reason is None:
            # What works again is no trouble any more; how often it failed stays counted.
            self._last = None if self._last is not None and self._last[0] == what else self._last
            return
        self._failed, self._last = self._failed + 1, (what, reason)
        said = f"{what} raised {reason}"
        log.warning("Plugin %s: %s", self.plugin, said)
        if self._failed == 1:
            self._on_fault(Fault(self.plugin, "observer", said))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


class Observers:
    """All plugins that look on. Close it at the end: what waits is still told."""

    def __init__(
        self,
        observers: Iterable[Observer] = (),
        archive: Archive | None = None,
        on_fault: Callable[[Fault], None] = lambda _fault: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threads: list[ObserverThread] = []
        if archive is not None:
            self._threads = [ObserverThread(one, Stored(archive), on_fault, clock) for one in observers]
        for thread in self._threads:
            thread.start()

    def rep_finished(self, exercise: str, rep: dict[str, Any]) -> None:
        """Tell of a rep: the slug of its exercise, and its JSON as in a report."""
        self._tell("kiosk_rep_finished", exercise=exercise, rep=rep)

    def scan_finished(self, report: dict[str, Any]) -> None:
        """Tell of a visit that is over: the JSON of its report, with its ``id``."""
        self._tell("kiosk_scan_finished", report=report)

    def light_changed(self, light: Light) -> None:
        """Tell what the light shows from now on."""
        self._tell(_LIGHT, light=light)

    @property
    def troubles(self) -> dict[str, str]:
        """What is wrong with observers, by the names of their plugins."""
        return {thread.plugin: said for thread in self._threads if (said := thread.trouble) is not None}

    def close(self) -> None:
        """End all threads."""
        for thread in self._threads:
            thread.close()

    def _tell(self, hook: str, **arguments: Any) -> None:
        for thread in self._threads:
            thread.tell(hook, arguments)


class ObservedLights:
    """The kiosk's lights, with the lights of plugins beside them."""

    def __init__(self, lights: Lights, observers: Observers) -> None:
        self._lights, self._observers = lights, observers
        self._shown: str | None = None

    @property
    def name(self) -> str:
        """What drives the kiosk's own LEDs."""
        return self._lights.name

    @property
    def lit(self) -> Lit:
        """What the kiosk's own LEDs show now."""
        return self._lights.lit

    def show(self, pattern: str) -> None:
        """Show a pattern on all of them."""
        self._lights.show(pattern)
        if pattern != self._shown:
            self._shown, what = pattern, PATTERNS[pattern]
            self._observers.light_changed(Light(pattern, what.colour, what.levels, what.step_s))

    def close(self) -> None:
        """Switch everything off."""
        if self._shown != "off":
            self._shown = "off"
            self._observers.light_changed(Light("off"))
        self._lights.close()
