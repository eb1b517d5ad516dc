"""An engine with everything around it replaced by something that remembers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import Pose, PoseTrack
from kiosk.plugins.watch import Watch
from kiosk.station.alarms import HealthWatch
from kiosk.station.buzzer import Buzzer
from kiosk.station.closer import CloserLook
from kiosk.station.engine import Engine
from kiosk.station.notify import Service
from kiosk.station.observers import Observers
from kiosk.station.power import PowerSwitch
from kiosk.station.results import Results
from kiosk.station.screening import Screening
from kiosk.station.visit import VisitTimes
from kiosk.testing import SIDE
from kiosk.vision.camera import Frame

from .fakes import FakeBoard, FakeFrames, FakeLights, FakeModel, FakeStore, frame_of
from .visits import (
    EXERCISES,
    nobody,
    squats,
)

TIMES = VisitTimes(rest_s=4.0, give_up_s=10.0, pain_s=1.0, pain_between_s=1.0, result_s=1.0)


@dataclass
class Station:
    """An engine and all that it touches."""

    model: FakeModel | None = None
    times: VisitTimes = TIMES
    problems: tuple[str, ...] = ()
    exercises: tuple[Exercise, ...] = EXERCISES
    show_picture: bool = False
    closer: CloserLook | None = None
    watch: Watch | None = None
    observers: Observers | None = None
    health: HealthWatch | None = None
    service: Service | None = None
    buzzer: Buzzer | None = None
    power: PowerSwitch | None = None
    events: list[str] = field(default_factory=list)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.store = FakeStore(self.events)
        self.board = FakeBoard(self.events)
        self.lights = FakeLights()
        self.results = Results(self.store)
        self.frames = FakeFrames()
        self.engine = self.over(())

    def over(self, items: Iterable[Frame | str | None]) -> Engine:
        self.frames = FakeFrames(items)
        self.engine = Engine(
            self.frames,
            self.model,
            Screening(self.exercises, self.times),
            self.lights,
            self.board,
            self.results,
            model="fake",
            problems=self.problems,
            show_picture=self.show_picture,
            closer=self.closer,
            watch=self.watch,
            observers=self.observers,
            health=self.health,
            service=self.service,
            buzzer=self.buzzer,
            power=self.power,
            told=lambda line: self.events.append(f"told {line}"),
            clock=lambda: self.now_s,
        )
        return self.engine

    def run(self, *items: Iterable[Frame | str | None]) -> Station:
        self.over(itertools.chain(*items)).run()
        return self

    @property
    def states(self) -> list[str]:
        """The states of the views in their order, each named once."""
        return [state for state, _ in itertools.groupby(view.state for view in self.board.views)]

    @property
    def told(self) -> list[str]:
        return [event.removeprefix("told ") for event in self.events if event.startswith("told ")]


def empty(seconds: float) -> list[Pose]:
    return [nobody() for _ in range(round(30 * seconds))]


def timed(*parts: PoseTrack | list[Pose], start_s: float = 0.0) -> list[Frame]:
    """Tracks and lists of poses one after the other at 30 frames per second."""
    poses: list[Pose] = []
    for part in parts:
        poses += part if isinstance(part, list) else [part.pose(k) for k in range(len(part))]
    return [frame_of(replace(pose, t_s=start_s + k / 30), k) for k, pose in enumerate(poses)]


def visit() -> list[Frame]:
    """Five squats from the front, five from the side, and away."""
    return timed(empty(0.5), squats(5), squats(5, SIDE), empty(6.0))
