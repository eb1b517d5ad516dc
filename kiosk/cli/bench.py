"""``kiosk bench``: measure speed, the tracking crop, and the counting and judging of reps."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.accuracy import add_accuracy
from kiosk.cli.output import STDOUT, as_json, check_places, say, write_text
from kiosk.config import load_settings
from kiosk.errors import KioskError

if TYPE_CHECKING:
    from kiosk.bench.clips import Clip
    from kiosk.movement.pose import PoseTrack
    from kiosk.settings import Settings
    from kiosk.vision.models import ModelFile


def add_parser(commands: Any) -> None:
    """Add ``kiosk bench``."""
    parser = commands.add_parser("bench", help="measure speed and accuracy", description=__doc__)
    verbs = parser.add_subparsers(title="commands", dest="verb", metavar="COMMAND", required=True)
    about = "the pipeline's frame rate beside the bare model's: one run, one thread, Lightning int8"
    speed = verbs.add_parser("speed", help=about, description=about)
    speed.add_argument("source", metavar="SOURCE", nargs="?", help="a video; a recording in the package when left out")
    speed.add_argument("--json", metavar="FILE", help="write the numbers as JSON; - for standard output alone")
    speed.set_defaults(handler=bench_speed)
    about = "what open pages cost the pipeline: its frame rate with them and without, in turns"
    pages = verbs.add_parser("pages", help=about, description=about)
    pages.add_argument("source", metavar="SOURCE", nargs="?", help="a video; a recording in the package when left out")
    pages.add_argument("--pages", metavar="N", type=_at_least(1), default=20, help="how many pages are open (20)")
    pages.add_argument("--slow", metavar="N", type=_at_least(0), default=2, help="so many of them read slowly (2)")
    pages.add_argument("--dead", metavar="N", type=_at_least(0), default=2, help="so many of them never read (2)")
    pages.add_argument("--seconds", metavar="S", type=_at_least(1), default=20, help="for how long (20)")
    pages.add_argument("--json", metavar="FILE", help="write the numbers as JSON; - for standard output alone")
    pages.set_defaults(handler=bench_pages)
    about = "what the tracking crop gains on labelled clips"
    crop = verbs.add_parser("crop", help=about, description=about)
    crop.set_defaults(handler=bench_crop)
    about = "how well reps are counted and judged, on labelled clips and on captured squats"
    reps = verbs.add_parser("reps", help=about, description=about)
    reps.set_defaults(handler=bench_reps)
    for verb in (crop, reps):
        verb.add_argument("--shared", type=Path, metavar="DIR", required=True, help="the folder with clips/ and data/")
        verb.add_argument("--model", metavar="NAME", default="thunder_f16", help="the pose model (thunder_f16)")
        verb.add_argument("--cache", type=Path, metavar="DIR", help="keep what the model saw, and use it next time")
    accuracy = add_accuracy(verbs)
    for verb in (speed, pages, crop, reps, accuracy):
        verb.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")


def _at_least(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"a whole number from {least} on is needed, not {text!r}")
        return int(text)

    return whole


def bench_speed(args: argparse.Namespace) -> int:
    """Measure speed and print it."""
    settings = load_settings(args.config, os.environ)
    from kiosk.bench.speed import measure

    check_places((args.json,), args.source or "")
    _tell(measure(settings, args.source), args.json)
    return 0


def bench_pages(args: argparse.Namespace) -> int:
    """Measure what open pages cost and print it."""
    settings = load_settings(args.config, os.environ)
    from kiosk.bench.pages import Readers, measure_pages

    check_places((args.json,), args.source or "")
    if args.slow + args.dead > args.pages:
        raise KioskError(f"Of {args.pages} pages not {args.slow + args.dead} can be slow or dead: give more --pages.")
    readers = Readers(args.pages, args.slow, args.dead)
    _tell(measure_pages(settings, args.source, readers, args.seconds), args.json)
    return 0


def _tell(numbers: dict[str, Any], place: str | None) -> None:
    if place is not None:
        write_text(place, as_json(numbers))
    if place != STDOUT:
        say("\n".join(f"{name:<24}{value}" for name, value in numbers.items()))


def bench_crop(args: argparse.Namespace) -> int:
    """Print the tables of the whole frame beside the crop."""
    settings = load_settings(args.config, os.environ)
    from kiosk.bench.clips import read_labels
    from kiosk.bench.crop import compare, crop_tables

    model, exercises = _model(args, settings), _exercises(settings)
    looks = []
    for clip in _shown(read_labels(args.shared)):
        whole, crop = (_seen(clip, model, way, args, settings) for way in ("whole", "crop"))
        looks.append(compare(clip, whole, crop, exercises))
    say(f"Model {model.name}, {len(looks)} clips\n\n{crop_tables(looks)}")
    return 0


def bench_reps(args: argparse.Namespace) -> int:
    """Print the tables of counts on clips, and of counts and separation on captured squats."""
    settings = load_settings(args.config, os.environ)
    from kiosk.bench.real_people import captured_tables, clip_tables

    model, exercises = _model(args, settings), _exercises(settings)
    threads = settings.model.thread_count
    say(clip_tables(args.shared, model, exercises, threads=threads, cache=args.cache, shown=_shown))
    say(f"\n{captured_tables(args.shared, exercises['overhead-squat'])}")
    return 0


def _model(args: argparse.Namespace, settings: Settings) -> ModelFile:
    from kiosk.vision.models import find_model, models_dir

    return find_model(args.model, models_dir(settings.model.folder))


def _exercises(settings: Settings) -> Any:
    """Return our two exercises. Raises `PluginError` where one is missing."""
    from kiosk.plugins.site import site_plugins

    plugins = site_plugins(settings)
    return {slug: plugins.get(slug) for slug in ("overhead-squat", "incline-push-up")}


def _seen(clip: Clip, model: ModelFile, way: str, args: argparse.Namespace, settings: Settings) -> PoseTrack:
    from kiosk.bench.clips import keypoints

    return keypoints(clip.path, model, way, threads=settings.model.thread_count, cache=args.cache)


def _shown(clips: list[Clip]) -> Any:
    """Return the clips with a progress bar over them on a terminal."""
    from tqdm import tqdm

    return tqdm(clips, unit="clip", disable=sys.stderr is None or not sys.stderr.isatty(), leave=False)
