"""``kiosk demo``: the whole kiosk on the recordings in the package, at their own speed.

An overhead squat from the front and from the side, then an incline push-up, by rendered people with known faults;
real model, real pipeline, lights on the page (mock pins), results stored and served.
"""

from __future__ import annotations

import argparse
import importlib.resources
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kiosk.cli.run import assembled, stop_signals, usable_plugins
from kiosk.config import load_settings
from kiosk.settings import WebSettings
from kiosk.station.live import LiveBoard
from kiosk.station.visit import State, VisitTimes
from kiosk.vision.camera import Frame

if TYPE_CHECKING:
    from kiosk.vision.sources import VideoFile

#: A visit without waiting for anybody: the people of the demo neither think nor answer.
TIMES = VisitTimes(hold_s=0.8, rest_s=3.0, give_up_s=8.0, pain_s=4.0, pain_between_s=3.0, result_s=8.0)
#: Between two recordings the room is empty for at least this long.
EMPTY_S = 2.5
#: A scene whose moment has not come for so long is left out: a machine too slow to count, or a visit ended by hand.
MISSED_S = 60.0
_EMPTY_FPS = 15.0
_WALL_GREY = 96


@dataclass(frozen=True, slots=True)
class Scene:
    """A recording, and the state of the visit in which the person steps in."""

    clip: str
    begins_in: State


SCENES = (
    Scene("overhead_squat_front.mp4", State.IDLE),
    Scene("overhead_squat_side.mp4", State.TURN),
    Scene("incline_push_up_side.mp4", State.IDLE),
)


class DemoCamera:
    """Plays the scenes one after the other, each when the visit has come to it, with an empty room between."""

    live = False
    fps = 30.0
    frame_count = None

    def __init__(self, state: Callable[[], str], *, again: bool) -> None:
        self.name = "the demo's recordings"
        self._state = state
        self._again = again
        self._scene = 0
        self._playing: VideoFile | None = None
        self._number = 0
        self._t_s = 0.0
        self._empty_since_s = 0.0
        self._offset_s = 0.0
        self._size_px = (640, 480)

    def open(self) -> None:
        """Begin with an empty room."""
        self._scene, self._number, self._t_s, self._empty_since_s = 0, 0, 0.0, 0.0

    def close(self) -> None:
        """Let go of the recording."""
        if self._playing is not None:
            self._playing.close()
            self._playing = None

    def read(self) -> Frame | None:
        """Return the next frame of the scene, or of the empty room; None when all has been shown."""
        if self._playing is None and self._t_s - self._empty_since_s > MISSED_S and self._scene < len(SCENES):
            self._scene += 1
            self._empty_since_s = self._t_s
        if self._playing is None and self._may_begin():
            self._begin()
        frame = self._playing.read() if self._playing is not None else None
        if frame is not None:
            self._size_px = frame.size_px
            self._t_s = self._offset_s + frame.t_s
            return self._numbered(replace(frame, t_s=self._t_s))
        if self._playing is not None:
            self.close()
            self._scene += 1
            self._empty_since_s = self._t_s
        if self._over():
            return None
        self._t_s += 1 / _EMPTY_FPS
        width, height = self._size_px
        room = np.full((height, width, 3), _WALL_GREY, np.uint8)
        return self._numbered(Frame(0, self._t_s, self._size_px, room, None))

    def _may_begin(self) -> bool:
        if self._scene >= len(SCENES):
            return False
        rested = self._t_s - self._empty_since_s >= (EMPTY_S if self._scene else 0.5)
        return rested and self._state() == SCENES[self._scene].begins_in

    def _begin(self) -> None:
        from kiosk.vision.sources import VideoFile

        with importlib.resources.as_file(importlib.resources.files("kiosk.demo") / SCENES[self._scene].clip) as clip:
            self._playing = VideoFile(clip)
            self._playing.open()
        self._offset_s = self._t_s + 1 / _EMPTY_FPS

    def _over(self) -> bool:
        """Whether the last visit is over; with ``again`` the first scene follows instead."""
        if self._scene < len(SCENES) or self._state() != State.IDLE or self._t_s - self._empty_since_s < EMPTY_S:
            return False
        if self._again:
            self._scene = 0
            return False
        return True

    def _numbered(self, frame: Frame) -> Frame:
        self._number += 1
        return replace(frame, number=self._number - 1)


def on_free_port(web: WebSettings) -> WebSettings:
    """Return the settings with another port where theirs is taken: the demo prints its address anyway."""
    try:
        socket.create_server((web.host, web.port)).close()
    except OSError:
        return replace(web, port=0)
    return web


def add_parser(commands: Any) -> None:
    """Add ``kiosk demo``."""
    parser = commands.add_parser("demo", help="run the whole kiosk on recordings in the package", description=__doc__)
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.add_argument("--once", action="store_true", help="end after the visits instead of going on until Ctrl-C")
    parser.set_defaults(handler=demo)


def demo(args: argparse.Namespace) -> int:
    """Play the demo; ends after the visits with ``--once``, else with Ctrl-C."""
    settings = load_settings(args.config, os.environ)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = replace(settings, lights=replace(settings.lights, kind="mock"), web=on_free_port(settings.web))
    board = LiveBoard()
    from kiosk.plugins.site import live_watch

    plugins = usable_plugins(settings, live_watch(None, None))
    camera = DemoCamera(lambda: board.view.state, again=not args.once)
    with (
        stop_signals() as stopped,
        assembled(
            settings, camera, plugins, times=TIMES, told=lambda line: print(line, flush=True), board=board
        ) as kiosk,
    ):
        print(f"The demo is at {kiosk.server.url} - two visits of about a minute (Ctrl-C ends it)", flush=True)
        kiosk.engine.run(stopped)
    return 0
