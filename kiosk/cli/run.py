"""``kiosk run``: the kiosk itself, from camera to page, until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import logging
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from kiosk.config import load_settings
from kiosk.errors import LightsError, PluginError
from kiosk.plugins import Plugins
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.movement.exercise import Exercise
    from kiosk.plugins.watch import Fault, Watch
    from kiosk.station.engine import Engine
    from kiosk.station.lights import Lights
    from kiosk.station.live import LiveBoard
    from kiosk.station.notify import Service
    from kiosk.station.visit import VisitTimes
    from kiosk.vision.camera import Camera
    from kiosk.vision.tracker import PersonTracker
    from kiosk.web.server import Server

log = logging.getLogger(__name__)


def add_parser(commands: Any) -> None:
    """Add ``kiosk run``."""
    parser = commands.add_parser("run", help="run the kiosk: camera, scan, lights, pages", description=__doc__)
    parser.add_argument("--safe", action="store_true", help="start with the two built-in exercises and no other plugin")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Run the kiosk until SIGINT or SIGTERM."""
    settings = load_settings(args.config, os.environ)
    logging.basicConfig(level=settings.logging.level.upper(), format="%(levelname)s %(name)s: %(message)s")
    for talkative in ("alembic", "waitress"):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, logging.getLogger().level))
    from kiosk.plugins.site import live_watch, open_black_box
    from kiosk.station.notify import service
    from kiosk.vision.sources import open_source

    unit = service(os.environ)
    settings = replace(settings, plugins=replace(settings.plugins, hang_s=unit.hang_s(settings.plugins.hang_s)))
    unit.starting("The kiosk is starting.")
    camera = settings.camera
    source = open_source(camera.source, **camera.asked)
    with contextlib.ExitStack() as stack:
        # The signals first: one that comes while the model loads is an orderly stop too.
        stopped = stack.enter_context(stop_signals())
        faults, box = open_black_box(settings)
        if box is not None:
            stack.callback(box.close)
        watch = live_watch(faults, box)
        plugins = usable_plugins(settings, watch, safe=args.safe)
        kiosk = stack.enter_context(
            assembled(settings, source, plugins, times=visit_times(settings), on_fault=faults.add, unit=unit)
        )
        stack.callback(unit.stopping)
        print(f"The kiosk is at {kiosk.server.url} (Ctrl-C stops it)", flush=True)
        kiosk.engine.run(stopped)
    return 0


@dataclass(frozen=True)
class Kiosk:
    """A running kiosk: its loop, its pages, and the board between them."""

    engine: Engine
    server: Server
    board: LiveBoard


@contextlib.contextmanager
def assembled(
    settings: Settings,
    source: Camera,
    plugins: Plugins,
    *,
    times: VisitTimes,
    told: Callable[[str], None] = log.info,
    board: LiveBoard | None = None,
    on_fault: Callable[[Fault], None] = lambda _fault: None,
    unit: Service | None = None,
) -> Iterator[Kiosk]:
    """Build the kiosk around a source, start its pages and its camera, and take all of it down afterwards.

    ``on_fault`` is told of the first error of each plugin that observes, ``unit`` of how the start and the loop get on.
    """
    from kiosk.cli.model import RECORDED, detail_reader_for
    from kiosk.health import read_health
    from kiosk.health_items import clock_is_sure
    from kiosk.languages import site_languages
    from kiosk.start_figures import start_figures
    from kiosk.station.alarms import HealthWatch
    from kiosk.station.closer import CloserLook
    from kiosk.station.code_look import CodeLook
    from kiosk.station.engine import Engine
    from kiosk.station.history import open_history
    from kiosk.station.keeping import Keeping
    from kiosk.station.live import LiveBoard
    from kiosk.station.observers import ObservedLights, Observers
    from kiosk.station.panel import Panel
    from kiosk.station.power import PowerSwitch
    from kiosk.station.results import Results, Stamp
    from kiosk.station.screening import Screening
    from kiosk.vision.camera import LatestFrames
    from kiosk.vision.details import MISSING
    from kiosk.vision.keypoint_file import KeypointSource
    from kiosk.vision.qr import QrReader
    from kiosk.web.app import create_app
    from kiosk.web.secret import read_or_make_secret
    from kiosk.web.server import serve
    from kiosk.web.share import Sharing
    from kiosk.web.trainer.overlays import Overlays
    from kiosk.web.trainer.side import Sessions, TrainerSide

    board = board or LiveBoard()
    languages = site_languages(settings, plugins)
    for problem in languages.problems:
        log.warning("A translation is left out: %s", problem)
    with contextlib.ExitStack() as stack:
        # The camera takes longest to wake, so it goes first, in its own thread.
        frames = stack.enter_context(LatestFrames(source))
        history = stack.enter_context(contextlib.closing(open_history(settings.history_place, patient=True)))
        observers = stack.enter_context(contextlib.closing(Observers(plugins.observers, history, on_fault)))

        def also() -> list[str]:
            why = "does not work as it should: the page /status says why."
            return [f"Plugin {name} {why}" for name in observers.troubles]

        health = stack.enter_context(contextlib.closing(HealthWatch(lambda: read_health(settings.state_dir), also)))

        def sure() -> bool:
            return clock_is_sure(health.now, trust_clock=settings.history.trust_clock)

        results = Results(history, lambda: Stamp(datetime.now(UTC), not sure(), health.now.boot_id))
        own_lights, dark = lights_or_note(settings)
        lights = ObservedLights(own_lights, observers)
        stack.callback(lights.close)
        lights.show("starting")
        power = PowerSwitch(settings.buttons.shutdown)
        panel = stack.enter_context(contextlib.closing(Panel(settings, board, power.ask)))
        if unit is not None:
            unit.starting("The pose model is being loaded.")
        estimator, model, why = (None, RECORDED, "recorded keypoints need no model")
        if not isinstance(source, KeypointSource):
            estimator, model, why = tracker_for(settings)
        elif source.model:
            model = source.model
        log.info("Model: %s", why)
        reader, not_closer = detail_reader_for(source, settings)
        blind = (_BLIND,) if not_closer == MISSING else ()
        closer = None if reader is None else stack.enter_context(contextlib.closing(CloserLook(reader)))

        def about() -> dict[str, Any]:
            from kiosk.doctor import status_page

            return status_page(settings, plugins, history, board.view, why, observers.troubles, languages, health.now)

        numbers = None
        if settings.web.metrics:
            # What it takes (20 MB, and a moment to start) is for those who want it.
            from kiosk.metrics import metrics

            numbers = metrics(plugins, history, lambda: board.view, lambda: health.now)

        in_use = list(plugins.exercises.values())
        plugins.watch.mark.alive()  # a plugin that does not come back from being asked is noticed
        figures = start_figures(in_use)
        plugins.watch.mark.rest()

        def adopt(exercise: Exercise) -> None:
            in_use[:] = [exercise if one.slug == exercise.slug else one for one in in_use]
            board.put_exercise(exercise)

        app = create_app(
            board,
            results,
            show_picture=settings.camera.show_picture,
            max_streams=settings.web.max_streams,
            about=about,
            exercises=in_use,
            languages=languages.by_code,
            default_language=languages.default,
            sharing=Sharing(
                read_or_make_secret(settings.state_dir),
                settings.web.share_hours,
                settings.web.host,
                settings.web.address,
            ),
            store=history,
            keep_days=settings.history.keep_days,
            theme=settings.web.theme,
            watchers=settings.web.watchers,
            trainer=TrainerSide(
                settings.state_dir,
                Sessions(60.0 * settings.web.trainer_minutes),
                Overlays(settings.overlays_folder),
                plugins.shipped,
                adopt,
                plugins.problems,
            ),
            metrics=numbers,
            figures=figures,
        )
        server = serve(app, settings.web.host, settings.web.port)
        stack.callback(server.close)
        engine = Engine(
            frames,
            estimator,
            Screening(plugins.exercises.values(), times, model),
            lights,
            board,
            results,
            model=model,
            problems=(*plugins.problems, *dark, *blind, *panel.problems),
            show_picture=settings.camera.show_picture,
            closer=closer,
            not_closer=not_closer,
            told=told,
            watch=plugins.watch,
            observers=observers,
            codes=CodeLook(QrReader(), board),
            keeping=Keeping(history, settings.history.keep_guest_days, settings.history.keep_days, sure=sure),
            health=health,
            service=unit,
            buzzer=panel.buzzer,
            power=power,
        )
        give_back_memory()
        yield Kiosk(engine, server, board)


_BLIND = "The second model is missing or damaged: feet and backs are not assessed."


def visit_times(settings: Settings) -> VisitTimes:
    """Return how long the parts of a visit take, as configured."""
    from kiosk.station.visit import VisitTimes

    return VisitTimes(**asdict(settings.visit))


def usable_plugins(settings: Settings, watch: Watch, *, safe: bool = False) -> Plugins:
    """Return the exercises to scan. Raises `PluginError` when there is none: then nothing could be done."""
    from kiosk.plugins.site import site_plugins

    plugins = site_plugins(settings, watch, safe=safe)
    # The other parts may take their time to start: a model is measured for seconds.
    watch.mark.rest()
    if not plugins.exercises:
        reasons = " ".join(plugins.problems) or "None is installed: run make setup."
        raise PluginError(f"No exercise plugin can be used. {reasons}")
    return plugins


def lights_or_note(settings: Settings) -> tuple[Lights, tuple[str, ...]]:
    """Return the lights as configured; without them, dark ones and the note that the page then shows."""
    from kiosk.station.lights import NoLights, make_lights

    try:
        return make_lights(settings.lights), ()
    except LightsError as error:
        log.warning("The lights stay dark: %s", error)
        return NoLights(), (f"The lights stay dark: {error}",)


def tracker_for(settings: Settings) -> tuple[PersonTracker, str, str]:
    """Return the pose model as configured, its name, and the sentence that says why this one."""
    from kiosk.vision.models import choose_model, find_model, models_dir
    from kiosk.vision.movenet import MoveNet
    from kiosk.vision.tracker import PersonTracker

    threads, folder = settings.model.thread_count, models_dir(settings.model.folder)
    if settings.model.name == "auto":
        choice = choose_model(folder, threads=threads, min_fps=settings.model.min_fps)
        model, why = choice.model, choice.reason
        give_back_memory()
    else:
        model = find_model(settings.model.name, folder)
        why = f"{model.name}, as configured"
    return PersonTracker(MoveNet(model.path, threads=threads)), model.name, why


def give_back_memory() -> None:
    """Return freed memory to the system: timing the models leaves 20 MB behind that glibc would keep."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@contextlib.contextmanager
def stop_signals() -> Iterator[Callable[[], bool]]:
    """Turn SIGINT and SIGTERM into an answer to "stop?", so that everything is put away in order."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
