"""What open pages cost the pipeline: its frame rate with many readers of the live stream, and without any.

The pages stay open for the whole run, and one pipeline works all the time. In turns of a few hundred milliseconds its
views go to the board that the pages read, or to one that nobody reads. Whatever else the machine does slows both alike.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from kiosk.bench.reel import Reel, decoded, recording
from kiosk.bench.speed import MODEL, Feeder, no_frames, pages, pipeline
from kiosk.settings import Settings
from kiosk.station.live import LiveBoard, LiveView
from kiosk.vision.models import find_model, models_dir

#: Frames in one turn, and the rest after it in which readers take what is still on its way.
FRAMES_A_TURN, REST_S = 30, 0.3


@dataclass(frozen=True, slots=True)
class Readers:
    """How many pages are open in all, and how many of them are slow or dead."""

    count: int = 20
    slow: int = 2
    dead: int = 2


class Steps(Protocol):
    """What is needed of a `kiosk.bench.speed.Feeder`."""

    def fetch(self) -> None:
        """Get the next frame ready."""

    def step(self) -> None:
        """Take it all the way."""


class GatedBoard(LiveBoard):
    """A board whose readers get views only while it is ``watched``; the others go to a board that nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.watched = True
        self._unread = LiveBoard()

    def publish(self, view: LiveView) -> None:
        """Publish a view, to the readers or to nobody."""
        if self.watched:
            super().publish(view)
        else:
            self._unread.publish(view)


@dataclass(slots=True)
class Pace:
    """How many frames took how long."""

    frames: int = 0
    taken_s: float = 0.0

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self.frames / self.taken_s


def measure_pages(settings: Settings, source: str | None, readers: Readers, seconds: float) -> dict[str, Any]:
    """Return the numbers of ``kiosk bench pages``, by name; the unit is in the name.

    ``ratio`` is the frame rate with pages over that without: 0.9 and more is what the kiosk promises.
    """
    model = find_model(MODEL, models_dir(settings.model.folder))
    board = GatedBoard()
    with recording(source) as spec, contextlib.ExitStack() as stack:
        frames = decoded(spec)
        engine = stack.enter_context(pipeline(settings, model, no_frames(frames), board))
        events = stack.enter_context(pages(board, readers.count, slow=readers.slow, dead=readers.dead))
        with_pages, without = in_turns_with_pages(Feeder(engine, Reel(frames)), board, seconds)
    return {
        "model": model.name,
        "pages": readers.count,
        "slow": readers.slow,
        "dead": readers.dead,
        "seconds": round(seconds, 1),
        "frames": with_pages.frames + without.frames,
        "alone_fps": round(without.fps, 1),
        "pages_fps": round(with_pages.fps, 1),
        "ratio": round(with_pages.fps / without.fps, 3),
        "events": events[0],
    }


def in_turns_with_pages(
    feeder: Steps,
    board: GatedBoard,
    seconds: float,
    *,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Pace, Pace]:
    """Work for so many seconds; returns the pace with the pages and that without. The first round only warms up."""
    with_pages, without = Pace(), Pace()
    turns = [(True, with_pages), (False, without)]
    for watched, _ in turns:
        board.watched = watched
        _turn(feeder, Pace(), clock)
    begun_s = clock()
    while clock() - begun_s < seconds or not without.frames:
        for watched, pace in turns:
            board.watched = watched
            _turn(feeder, pace, clock)
            sleep(REST_S)
        # Who came second comes first: whatever the first of a round has of it evens out.
        turns.reverse()
    return with_pages, without


def _turn(feeder: Steps, pace: Pace, clock: Callable[[], float]) -> None:
    for _ in range(FRAMES_A_TURN):
        feeder.fetch()
        begun_s = clock()
        feeder.step()
        pace.taken_s += clock() - begun_s
    pace.frames += FRAMES_A_TURN
