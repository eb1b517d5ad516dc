"""``kiosk record``: what the pose model sees in a source, as a keypoint file. No picture is ever stored.

With ``--exercise`` it becomes a golden recording: cut to the set, with a trainer's labels beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.model import RECORDED, estimator_for, named_model
from kiosk.cli.output import check_places, say, tell
from kiosk.config import load_settings
from kiosk.errors import KioskError, OutputError, SourceError

if TYPE_CHECKING:
    from kiosk.analyze import Recording
    from kiosk.settings import Settings
    from kiosk.vision.camera import Frame


def add_parser(commands: Any) -> None:
    """Add ``kiosk record``."""
    parser = commands.add_parser(
        "record", help="write the keypoints of a camera or a video to a file", description=__doc__
    )
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        help="a camera (0, /dev/video0), a video or a keypoint file; the configured camera when left out",
    )
    parser.add_argument("--out", metavar="FILE.npz", help="the keypoint file to write; needed without --exercise")
    parser.add_argument("--exercise", metavar="SLUG", help="make a golden recording of this exercise, with labels")
    parser.add_argument("--view", metavar="VIEW", help="front, side or rear; told from the skeleton when left out")
    parser.add_argument("--side", metavar="SIDE", help="left or right, of an exercise that is done per side")
    parser.add_argument("--labels", type=Path, metavar="FILE.toml", help="the labels of a golden recording")
    parser.add_argument("--model", metavar="NAME", help="the pose model; the configured one when left out")
    parser.add_argument("--seconds", type=seconds, metavar="N", help="end after so many seconds of the source")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=record)


def seconds(word: str) -> float:
    """Return a positive number of seconds. Raises ArgumentTypeError."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"'{word}' is not a number of seconds above 0")
    return value


def record(args: argparse.Namespace) -> int:
    """Record a source to its end, a camera until Ctrl-C or for ``--seconds``."""
    if args.exercise is not None:
        from kiosk.cli.record_golden import record_golden

        return record_golden(args)
    if args.out is None:
        raise OutputError("Where to? Name the keypoint file with --out, or an exercise with --exercise.")
    for name in ("view", "side", "labels"):
        if getattr(args, name) is not None:
            raise KioskError(f"--{name} belongs to golden recordings: name the exercise with --exercise.")
    settings = load_settings(args.config, os.environ)
    from kiosk.analyze import frames_with_a_person
    from kiosk.vision.keypoint_file import write_keypoints

    out = keypoint_place(args.out)
    recording, model = watched(args, settings, args.out)
    track = recording.track
    write_keypoints(out, track, model)
    lasts_s = float(track.t_s[-1] - track.t_s[0])
    say(f"{args.out}: {len(track)} frames, {lasts_s:.1f} s, a person in {frames_with_a_person(track)} of them")
    if recording.broke is not None:
        raise SourceError(f"{recording.broke} What came before is in {args.out}.")
    return 0


def keypoint_place(name: str) -> Path:
    """Return the path of a keypoint file to write. Raises OutputError for a name that does not end in .npz."""
    out = Path(name)
    if out.suffix.lower() != ".npz":
        raise OutputError(f"{out} cannot be written: the name of a keypoint file ends in .npz.")
    return out


def watched(args: argparse.Namespace, settings: Settings, *places: str) -> tuple[Recording, str | None]:
    """Return what the pose model sees in the source, and its name; None for keypoints that name none.

    ``places`` are what will be written: that they can be is tried once the source is known to be there.
    """
    from kiosk.analyze import see
    from kiosk.cli.run import stop_signals
    from kiosk.vision.prefetch import Prefetched
    from kiosk.vision.sources import open_source

    wish = settings.camera
    word = wish.source if args.source is None else args.source
    source = open_source(word, **wish.asked)
    settings = named_model(settings, args.model)
    check_places(places, word)
    # A camera is read straight, so that its newest picture is the next; a recording is decoded ahead.
    frames = source if source.live else Prefetched(source)
    frames.open()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.closing(frames))
        estimator, model = estimator_for(source, settings)
        stopped: Callable[[], bool] = never
        if source.live:
            # Ctrl-C is how a camera's recording ends; that of a file is given up by it.
            stopped = stack.enter_context(stop_signals())
            tell("recording; Ctrl-C ends it")
        recording = see(frames, estimator, until=until(args.seconds, stopped))
    return recording, None if model == RECORDED else model


def never() -> bool:
    """Return False: nothing but its end stops a recording of a file."""
    return False


def until(longest_s: float | None, stopped: Callable[[], bool]) -> Callable[[Frame], bool]:
    """Return what is true of the first frame that comes ``longest_s`` after the first one, or once stopped."""
    start_s: float | None = None

    def over(frame: Frame) -> bool:
        nonlocal start_s
        if start_s is None:
            start_s = frame.t_s
        return stopped() or (longest_s is not None and frame.t_s - start_s >= longest_s)

    return over
