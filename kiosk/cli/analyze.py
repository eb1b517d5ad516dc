"""``kiosk analyze``: a recording in, reps, findings and a programme out."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.model import detail_reader_for, estimator_for, named_model
from kiosk.cli.output import STDOUT, as_json, check_places, say, write_text
from kiosk.config import load_settings
from kiosk.errors import KioskError, SourceError
from kiosk.movement.view import View

if TYPE_CHECKING:
    from kiosk.analyze import Recording
    from kiosk.movement.exercise import Exercise
    from kiosk.movement.passes import PassTrack
    from kiosk.movement.pose import Side
    from kiosk.plugins import Plugins
    from kiosk.settings import Settings
    from kiosk.vision.camera import Camera
    from kiosk.web.language import Language


def add_parser(commands: Any) -> None:
    """Add ``kiosk analyze``."""
    parser = commands.add_parser("analyze", help="judge a recording: reps, findings, programme", description=__doc__)
    parser.add_argument("source", metavar="SOURCE", help="a video file (GIF too) or a keypoint file (.npz)")
    parser.add_argument("--exercise", metavar="SLUG", help="the exercise; recognised when left out")
    parser.add_argument("--view", metavar="VIEW", help="front, side or rear; recognised when left out")
    parser.add_argument("--side", metavar="SIDE", help="left or right, of an exercise done per side; both else")
    parser.add_argument("--model", metavar="NAME", help="the pose model; the configured one when left out")
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON; - for standard output alone")
    parser.add_argument("--html", metavar="FILE", help="write the result as one HTML page")
    parser.add_argument("--lang", metavar="CODE", help="the language of that page, such as de; en when left out")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=analyze)


def analyze(args: argparse.Namespace) -> int:
    """Analyse one recording. Raises a `KioskError` for everything that a user can mend."""
    settings = load_settings(args.config, os.environ)
    from kiosk.analyze import look_closer, report_on
    from kiosk.movement.detail import Details
    from kiosk.movement.report_json import report_json
    from kiosk.plugins.site import site_plugins, tolerant_watch
    from kiosk.vision.sources import open_source

    # Who asks for an exercise wants to know of its faults at once; of the others they are for the notes.
    plugins = site_plugins(settings, None if args.exercise is not None else tolerant_watch())
    exercise = plugins.get(args.exercise) if args.exercise is not None else None
    view = named_view(args.view)
    if args.side is not None and exercise is None:
        raise KioskError("A side is one of an exercise: name that with --exercise too.")
    done_on = named_side(args.side, exercise) if exercise is not None else None
    source = open_source(args.source)
    if source.live:
        raise SourceError(f"{args.source} is a camera, and recordings are analysed: record it first with kiosk record.")
    settings = named_model(settings, args.model)
    spoken = named_language(args.lang, settings, plugins)
    check_places((args.json, args.html), args.source)
    recording, model = look_through(source, settings)

    def closer(read: PassTrack, side: View) -> Details:
        reader, why = detail_reader_for(source, settings)
        return Details(why=why) if reader is None else look_closer(source, recording.track, read, side, reader)

    judged = report_on(
        recording, plugins.exercises, model=model, exercise=exercise, view=view, done_on=done_on, closer=closer
    )
    report = report_json(judged)
    report["notes"] += [f"Plugin {fault.plugin}: {fault.outcome}" for fault in plugins.watch.faults.values()]
    if args.html is not None:
        from kiosk.web.standalone import result_page

        write_text(args.html, result_page(report, spoken))
    if args.json is not None:
        write_text(args.json, as_json(report))
    if args.json != STDOUT:
        from kiosk.cli.summary import summary

        say(summary(report))
    return 0


def named_view(name: str | None) -> View | None:
    """Return the view of a name, None for none. Raises `KioskError`, naming the views, for an unknown one."""
    if name is None:
        return None
    views = {view.value: view for view in View}
    if name not in views:
        raise KioskError(f"There is no view '{name}'. Known views: {', '.join(views)}.")
    return views[name]


def named_language(code: str | None, settings: Settings, plugins: Plugins) -> Language | None:
    """Return the language of a code, None for none. Raises `KioskError`, naming the languages, for an unknown one."""
    if code is None:
        return None
    from kiosk.languages import site_languages

    known = site_languages(settings, plugins).by_code
    if code not in known:
        raise KioskError(f"There is no translation '{code}'. Known languages: {', '.join(known)}.")
    return known[code]


def named_side(name: str | None, exercise: Exercise) -> Side | None:
    """Return the side of a name, None for none. Raises KioskError for one that the exercise is not done with."""
    if name is None:
        return None
    known = {side.value: side for side in exercise.done_on if side is not None}
    if name not in known:
        sides = ", ".join(known) or "it is not done per side"
        raise KioskError(f"'{exercise.slug}' has no side '{name}'. Known: {sides}.")
    return known[name]


def look_through(source: Camera, settings: Settings) -> tuple[Recording, str]:
    """Return the poses of a whole recording and the model's name, with a progress bar on a terminal."""
    from tqdm import tqdm

    from kiosk.analyze import see
    from kiosk.vision.prefetch import Prefetched

    frames = Prefetched(source)
    frames.open()
    with contextlib.closing(frames):
        estimator, model = estimator_for(source, settings)
        # On anything but a terminal the bar would be lines of noise.
        quiet = sys.stderr is None or not sys.stderr.isatty()
        with tqdm(total=source.frame_count, unit="frame", desc=source.name, disable=quiet, leave=False) as bar:
            return see(frames, estimator, seen=lambda _: bar.update()), model
