"""How fast the whole pipeline is beside the bare model, alone and while pages are looking.

Both are measured in turns, a few frames each, so that whatever else this machine does slows both alike.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.bench.reel import Reel, ReelCamera, decoded, recording
from kiosk.bench.started import run_once
from kiosk.errors import KioskError
from kiosk.plugins.site import site_plugins
from kiosk.settings import LightsSettings, Settings
from kiosk.station.closer import CloserLook
from kiosk.station.engine import Engine
from kiosk.station.history import open_history
from kiosk.station.lights import make_lights
from kiosk.station.live import LiveBoard, LiveView
from kiosk.station.results import Results
from kiosk.station.screening import Screening
from kiosk.station.visit import VisitTimes
from kiosk.vision.camera import Frame, Image, LatestFrames
from kiosk.vision.crop import whole_picture
from kiosk.vision.details import DetailReader
from kiosk.vision.models import ModelFile, find_detail_model, find_model, models_dir
from kiosk.vision.movenet import MoveNet, load_interpreter
from kiosk.vision.tracker import PersonTracker
from kiosk.web.app import create_app
from kiosk.web.server import serve

MODEL = "movenet_lightning_int8"
PAGES = 3
#: So many turns of so many frames: a turn is short against whatever else happens on a machine.
TURNS, FRAMES_A_TURN = 40, 15
#: How many frames are played at their own pace for the delay from frame to view; the first ones warm up.
PACED_FRAMES, WARM_UP = 300, 60


def measure(settings: Settings, source: str | None) -> dict[str, Any]:
    """Return the numbers of ``kiosk bench speed``, by name; the unit is in the name."""
    model = find_model(MODEL, models_dir(settings.model.folder))
    with recording(source) as spec:
        frames = decoded(spec)
        bare = bare_model(model, prepared(model, frames))
        none = no_frames(frames)
        with pipeline(settings, model, none, LiveBoard()) as engine:
            feeder = Feeder(engine, Reel(frames))
            alone, interpreter = in_turns(feeder.step, bare, before_one=feeder.fetch)
        board = LiveBoard()
        with pipeline(settings, model, none, board) as engine, pages(board, PAGES) as count:
            feeder = Feeder(engine, Reel(frames))
            looked_at, interpreter_then = in_turns(feeder.step, bare, before_one=feeder.fetch)
        delays_s = publishing(settings, model, frames)
        closer_s, looked = publishing_with_closer(settings, model, frames)
        started = run_once(settings, spec)
    inference_ms = 1000 / interpreter
    return {
        "model": model.name,
        "pipeline_fps": round(alone, 1),
        "interpreter_fps": round(interpreter, 1),
        "ratio": round(alone / interpreter, 3),
        "pages": PAGES,
        "pages_fps": round(looked_at, 1),
        "pages_interpreter_fps": round(interpreter_then, 1),
        "pages_ratio": round(looked_at / interpreter_then, 3),
        "pages_events": count[0],
        "publish_p99_ms": round(1000 * float(np.percentile(delays_s, 99)), 1),
        "publish_limit_ms": round(1000 * Reel(frames).period_s + inference_ms, 1),
        "closer_looks": looked,
        "closer_frames_ratio": round(len(closer_s) / len(delays_s), 3),
        "closer_publish_p99_ms": round(1000 * float(np.percentile(closer_s, 99)), 1),
        **started,
    }


def no_frames(frames: Sequence[Frame]) -> LatestFrames:
    """Return the camera of an engine that is handed its frames one by one."""
    return LatestFrames(ReelCamera(Reel(frames), 0))


def prepared(model: ModelFile, frames: Sequence[Frame]) -> list[Image]:
    """Return the squares that the model gets to see of these frames when it follows the person."""
    net = MoveNet(model.path)
    squares = []
    for frame in frames:
        if frame.image is not None:
            squares.append(net.look(frame.image, net.square or whole_picture(frame.size_px)).copy())
            net.estimate(frame.image, frame.t_s)
    return squares


def bare_model(model: ModelFile, squares: Sequence[Image]) -> Callable[[], None]:
    """Return what runs the bare interpreter, on one thread, on one prepared square after the other."""
    interpreter = load_interpreter(model.path, 1)
    takes, gives = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    inputs = cycle([square[None].astype(takes["dtype"]) for square in squares])

    def run() -> None:
        interpreter.set_tensor(takes["index"], next(inputs))
        interpreter.invoke()
        interpreter.get_tensor(gives["index"])

    return run


@contextlib.contextmanager
def pipeline(
    settings: Settings, model: ModelFile, frames: LatestFrames, board: LiveBoard, closer: CloserLook | None = None
) -> Iterator[Engine]:
    """Build the whole kiosk but for its pages: both exercises, mock pins, a database in a folder of its own."""
    plugins = site_plugins(settings)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-bench-"))
        history = stack.enter_context(contextlib.closing(open_history(Path(folder) / "history.db")))
        lights = stack.enter_context(contextlib.closing(make_lights(LightsSettings(kind="mock"))))
        yield Engine(
            frames,
            PersonTracker(MoveNet(model.path)),
            Screening(plugins.exercises.values(), VisitTimes(), model.name),
            lights,
            board,
            Results(history),
            model=model.name,
            closer=closer,
        )


class Feeder:
    """Hands an engine the reel's frames, one by one, each as a decoder leaves it: written a moment ago.

    `fetch` is the decoder's part and not measured. Without it every frame would come from memory that no cache
    holds any more, which no camera does.
    """

    def __init__(self, engine: Engine, reel: Reel) -> None:
        self._engine, self._reel = engine, reel
        self._buffer: Image | None = None
        self._frame: Frame | None = None

    def fetch(self) -> None:
        """Write the next frame's picture into the buffer."""
        frame = self._reel.take()
        if frame.image is None:
            raise ValueError("speed is measured on pictures")
        if self._buffer is None:
            self._buffer = np.empty_like(frame.image)
        np.copyto(self._buffer, frame.image)
        self._frame = replace(frame, image=self._buffer)

    def step(self) -> None:
        """Take the fetched frame all the way."""
        if self._frame is None:
            raise ValueError("nothing was fetched")
        self._engine.step(self._frame)


def in_turns(
    one: Callable[[], None],
    other: Callable[[], None],
    *,
    before_one: Callable[[], None] = lambda: None,
    turns: int = TURNS,
    frames: int = FRAMES_A_TURN,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Return the calls per second of both, made in turns of so many; the first turn only warms up.

    ``before_one`` is called before each call of ``one``, outside the measured time.
    """
    taken_s = [0.0, 0.0]
    for turn in range(turns + 1):
        for which, call in enumerate((one, other)):
            for _ in range(frames):
                if which == 0:
                    before_one()
                begun_s = clock()
                call()
                if turn:
                    taken_s[which] += clock() - begun_s
    return turns * frames / taken_s[0], turns * frames / taken_s[1]


@contextlib.contextmanager
def pages(board: LiveBoard, count: int, *, slow: int = 0, dead: int = 0) -> Iterator[list[int]]:
    """Serve the pages, and let so many streams be read by another process; the list then holds how many events came.

    ``slow`` and ``dead`` of them hardly read, or not at all.
    Raises KioskError when the streams do not come to life.
    """
    events = [0]
    app = create_app(board, NoResults(), show_picture=False, max_streams=count + 1, about=dict)
    with contextlib.closing(serve(app, "127.0.0.1", 0)) as server:
        command = [sys.executable, "-m", "kiosk.bench.readers", server.url, *map(str, (count, slow, dead))]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as readers:
            said = readers.stdout.readline() if readers.stdout else ""
            if said != "ready\n":
                raise KioskError("The pages' live streams cannot be read on this machine, so their cost is not known.")
            yield events
            rest, _ = readers.communicate(timeout=30)
            events[0] = int(rest or 0)


class NoResults:
    """A history without results: the pages that are measured show the live view."""

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return None: there is no result."""

    def recent(self, limit: int, offset: int) -> Sequence[Any]:
        """Return no results."""
        return ()

    def count(self) -> int:
        """Return 0."""
        return 0


class NotingBoard(LiveBoard):
    """A board that notes when each view was published, by the time of its frame."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._now = clock
        self.shown_s: dict[float, float] = {}

    @property
    def is_read(self) -> bool:
        """Whether somebody looks on: it is the views that are measured here."""
        return True

    def publish(self, view: LiveView) -> None:
        """Publish a view, and note when that was done."""
        super().publish(view)
        self.shown_s.setdefault(view.t_s, self._now())


def publishing_with_closer(
    settings: Settings, model: ModelFile, frames: Sequence[Frame], played: int = PACED_FRAMES
) -> tuple[list[float], int]:
    """Return what `publishing` does while the second model looks at key frames, and how many it looked at.

    Where it cost the loop a frame, fewer views than frames would be published.
    """
    reader = DetailReader.of(find_detail_model(models_dir(settings.model.folder)).path)
    with contextlib.closing(CloserLook(reader)) as closer:
        delays_s = publishing(settings, model, frames, played, closer)
        return delays_s, len(closer.details().frames)


def publishing(
    settings: Settings,
    model: ModelFile,
    frames: Sequence[Frame],
    played: int = PACED_FRAMES,
    closer: CloserLook | None = None,
) -> list[float]:
    """Return the seconds from each frame to its published view, with frames coming at their own pace."""
    camera, board = ReelCamera(Reel(frames), played), NotingBoard()
    with LatestFrames(camera) as latest, pipeline(settings, model, latest, board, closer) as engine:
        engine.run()
    came = list(camera.came_s.items())
    # The camera starts before the pipeline is built, so the first frames are late or lost.
    return _delays_s(came[WARM_UP:], board) or _delays_s(came, board)


def _delays_s(came: Sequence[tuple[float, float]], board: NotingBoard) -> list[float]:
    """Return how long each of these frames (its time, when it came) took to be shown; some never were."""
    return [board.shown_s[t_s] - came_s for t_s, came_s in came if t_s in board.shown_s]
