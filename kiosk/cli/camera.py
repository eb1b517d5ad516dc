"""``kiosk camera``: put the camera up. Its picture with focus and framing, which cameras there are, and the check."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import say, tell
from kiosk.config import load_settings
from kiosk.errors import ConfigError, KioskError
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.mounting.geometry import Known
    from kiosk.mounting.watching import Outcome, Watching
    from kiosk.vision.camera import Camera
    from kiosk.vision.devices import VideoDevice

#: Seconds after which a check gives up, if no other number is given.
PATIENCE_S = 180.0
#: What a person's stature may be, in metres.
STATURES_M = (1.2, 2.2)
_MARKS = {True: "ok", None: "note", False: "WRONG"}
_LOOK_S = 0.2
_MOST_FORMATS = 4


def add_parser(commands: Any) -> None:
    """Add ``kiosk camera`` and its verbs."""
    parser = commands.add_parser(
        "camera", help="picture, focus, framing and the check of the mounting", description=__doc__
    )
    _add_source(parser)
    parser.add_argument("--port", type=int, help="the page's port; that of the settings (8080) when left out")
    parser.set_defaults(handler=look)
    verbs = parser.add_subparsers(title="commands", dest="verb", metavar="COMMAND", help="what else there is")
    about = "List the cameras of this machine: how to name them, and what they can do."
    one = verbs.add_parser("list", help="which cameras there are", description=about)
    one.set_defaults(handler=list_cameras)
    about = "Measure how the camera hangs, from a person on the mark, and store it."
    other = verbs.add_parser("check", help="check height, distance, tilt, yaw and framing", description=about)
    _add_source(other)
    other.add_argument(
        "--stature", type=_metres(*STATURES_M), metavar="M", help="stature of the person on the mark, metres"
    )
    other.add_argument(
        "--distance", type=_metres(0.5, 12), metavar="M", help="from mark to lens along the floor, by tape"
    )
    other.add_argument("--height", type=_metres(0.1, 4), metavar="M", help="of the lens over the floor, by tape")
    other.add_argument("--seconds", type=float, default=PATIENCE_S, metavar="S", help="give up after so many (180)")
    other.set_defaults(handler=check)


def _add_source(parser: Any) -> None:
    parser.add_argument("--source", metavar="SOURCE", help="another camera, or a recording, than the configured one")
    parser.add_argument("--lens", type=float, metavar="DEG", help="the lens's horizontal angle of view, degrees")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")


def _metres(least: float, most: float) -> Callable[[str], float]:
    def read(word: str) -> float:
        value = float(word)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be from {least:g} to {most:g} metres, not {word}")
        return value

    read.__name__ = "length"
    return read


def list_cameras(_args: argparse.Namespace) -> int:
    """Print every camera; 0 where there is one, 1 where there is none."""
    from kiosk.vision.devices import find_cameras

    found = find_cameras()
    for device in found.devices:
        say("\n".join(_about(device)))
    if found.ribbon:
        say('Ribbon-cable camera\n  camera.source = "csi"')
    for node in found.forbidden:
        say(f"{node} may not be opened by this user: add the user to the group video.")
    if not found.sources:
        say("No camera is connected to this machine.")
    return 0 if found.sources else 1


def _about(device: VideoDevice) -> Iterator[str]:
    yield f"{device.card} ({device.node})"
    yield f'  camera.source = "{device.stable}"'
    largest = sorted(device.formats, key=lambda one: (-one.size_px[0] * one.size_px[1], one.fourcc))
    for one in largest[:_MOST_FORMATS]:
        rate = f" at {one.fps:g} frames/s" if one.fps else ""
        yield f"  {one.fourcc} {one.size_px[0]} x {one.size_px[1]}{rate}"


def look(args: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C."""
    settings = load_settings(args.config, os.environ)
    from kiosk.cli.run import stop_signals
    from kiosk.web.camera import CameraSide, create_camera_app
    from kiosk.web.language import find_languages
    from kiosk.web.server import serve

    with contextlib.ExitStack() as stack:
        stopped = stack.enter_context(stop_signals())
        source, watching = stack.enter_context(_watching(args, settings, None))
        languages = find_languages(own=settings.web.languages)
        if settings.web.language not in languages:
            raise ConfigError(f"web.language: there is no translation '{settings.web.language}'.")

        def begin(stature_m: float, distance_m: float | None) -> None:
            told = argparse.Namespace(lens=args.lens, distance=distance_m, height=None)
            watching.begin(partial(_known, told, settings, source, stature_m))

        side = CameraSide(lambda: watching.sight, begin, lambda: _lens_deg(args, settings, source) is not None)
        app = create_camera_app(side, languages=languages, language=settings.web.language, theme=settings.web.theme)
        server = serve(app, "127.0.0.1", settings.web.port if args.port is None else args.port)
        stack.callback(server.close)
        say(f"The camera's page is at {server.url}camera (Ctrl-C stops it)")
        watching.run(stopped)
        # A recording has an end; the page stays until it is stopped.
        waiting = threading.Event()
        while not stopped():
            waiting.wait(_LOOK_S)
    return 0


def check(args: argparse.Namespace) -> int:
    """Lead through the check in the terminal; 0 when the camera hangs well, 1 when something is to be changed."""
    settings = load_settings(args.config, os.environ)
    from kiosk.cli.run import stop_signals

    stature_m = args.stature if args.stature is not None else _asked()
    with contextlib.ExitStack() as stack:
        stopped = stack.enter_context(stop_signals())
        _, watching = stack.enter_context(_watching(args, settings, stature_m))
        told = _Told(watching, args.seconds, stopped)
        watching.run(told.over)
    outcome = watching.outcome
    if outcome is None:
        says = watching.sight.state.get("trouble") or watching.sight.state.get("says") or "No picture came."
        raise KioskError(f"The check was not finished. {says} Nothing was stored.")
    say("\n".join(lines(outcome)))
    return 0 if outcome.well else 1


def lines(outcome: Outcome) -> Iterator[str]:
    """Yield what is printed of a check: a mark and what was found, and below it what to change."""
    for line in outcome.lines:
        yield f"{_MARKS[line.ok]:<6}{line.name}: {line.says}"
        if line.change:
            yield f"      {line.change}"
    yield ""
    yield "The camera hangs well." if outcome.well else "Change what is WRONG, and check again."


class _Told:
    """Says each new step in the terminal, and when a check is over."""

    def __init__(self, watching: Watching, longest_s: float, stopped: Callable[[], bool]) -> None:
        from time import monotonic

        self._watching = watching
        self._clock = monotonic
        self._end_s = monotonic() + longest_s
        self._stopped = stopped
        self._said = ""

    def over(self) -> bool:
        state = self._watching.sight.state
        says = state.get("trouble") or state.get("says") or ""
        if says and says != self._said:
            self._said = says
            tell(says)
        return self._stopped() or self._watching.outcome is not None or self._clock() > self._end_s


@contextlib.contextmanager
def _watching(
    args: argparse.Namespace, settings: Settings, stature_m: float | None
) -> Iterator[tuple[Camera, Watching]]:
    """Open the camera and the pose model. Without a stature nothing is checked until the page begins."""
    from kiosk.cli.run import tracker_for
    from kiosk.mounting.watching import EveryFrame, Watching
    from kiosk.vision.camera import LatestFrames
    from kiosk.vision.sources import open_source

    source = open_source(args.source or settings.camera.source, **settings.camera.asked)
    estimator, _, _ = tracker_for(settings)
    # Of a camera, and on the page, the newest frame counts; of a recording that is checked none may be skipped.
    frames = LatestFrames(source) if source.live or stature_m is None else EveryFrame(source)
    frames.open()
    with contextlib.closing(frames):
        known = None
        if stature_m is not None:
            known = partial(_known, args, settings, source, stature_m)
        yield source, Watching(frames, estimator, known, settings.model.min_fps, partial(_store, settings, source))


def _known(args: argparse.Namespace, settings: Settings, source: Camera, stature_m: float) -> Known:
    """Return what was told. The lens is asked for late: a camera knows its own once it is open."""
    from kiosk.mounting.geometry import Known

    lens_deg = _lens_deg(args, settings, source)
    # With both, the tape is believed and the lens measured by it.
    return Known(stature_m, None if args.distance is not None else lens_deg, args.distance, args.height)


def _lens_deg(args: argparse.Namespace, settings: Settings, source: Camera) -> float | None:
    """Return the lens's horizontal angle: as told, as set, or as the camera's kind has it; None if nobody knows."""
    from kiosk.vision.auto import AutoCamera
    from kiosk.vision.csi import CsiCamera

    told: float | None = args.lens
    if told is not None or settings.camera.lens_deg > 0:
        return told if told is not None else settings.camera.lens_deg
    camera = source.camera if isinstance(source, AutoCamera) else source
    return camera.lens_deg if isinstance(camera, CsiCamera) else None


def _store(settings: Settings, source: Camera, outcome: Outcome) -> None:
    from kiosk.mounting.file import write_mounting

    today = datetime.now().astimezone().date().isoformat()
    write_mounting(settings.state_dir, outcome.place, outcome.lines, checked=today, camera=source.name)


def _asked() -> float:
    if not sys.stdin.isatty():
        raise KioskError("Whose stature? Name that of the person on the mark with --stature 1.75, in metres.")
    word = input("Stature of the person on the mark, in metres (1.75): ").strip().replace(",", ".") or "1.75"
    try:
        return _metres(*STATURES_M)(word)
    except (ValueError, argparse.ArgumentTypeError):
        least, most = STATURES_M
        raise KioskError(f"{word} is no stature: name one from {least:g} to {most:g} metres.") from None
