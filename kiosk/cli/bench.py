"""``kiosk bench``: measure speed, the tracking crop, and the counting and judging of reps."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.accuracy import add_accuracy
from kiosk.cli.output import STDOUT, as_json, check_places, say, write_text
from kiosk.config import load_settings

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
    for verb in (speed, crop, reps, accuracy):
        verb.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")


def bench_speed(args: argparse.Namespace) -> int:
    """Measure speed and print it."""
    settings = load_settings(args.config, os.environ)
    from kiosk.bench.speed import measure

    check_places((args.json,), args.source or "")
    numbers = measure(settings, args.source)
    if args.json is not None:
        write_text(args.json, as_json(numbers))
    if args.json != STDOUT:
        say("\n".join(f"{name:<24}{value}" for name, value in numbers.items()))
    return 0


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
