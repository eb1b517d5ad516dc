"""The one loop: a frame comes in; poses, lights, history and the pages follow. Whoever reads this has read the product.

    frame -> pose -> smoothing -> screening -> lights, history, page

It runs on the main thread: a dead engine is a dead process, with an exit code that systemd sees.
"""

from __future__ import annotations

import gc
import logging
import math
import time
from collections.abc import Callable
from typing import Protocol

from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.notes import place
from kiosk.movement.pose import Pose
from kiosk.movement.report_json import rep_json, report_json
from kiosk.movement.smoothing import LivePose
from kiosk.plugins.watch import Watch
from kiosk.station.alarms import HealthWatch
from kiosk.station.buzzer import Buzzer, NoBuzzer
from kiosk.station.closer import CloserLook
from kiosk.station.code_look import CodeLook
from kiosk.station.crowd import Crowd
from kiosk.station.display import Display, Pace
from kiosk.station.keeping import Keeping
from kiosk.station.lights import Lights
from kiosk.station.live import LiveBoard, LiveView
from kiosk.station.notify import Service
from kiosk.station.observers import Observers
from kiosk.station.outcome import judge_visit, summary
from kiosk.station.power import PowerSwitch
from kiosk.station.results import STORE_S, Results
from kiosk.station.screening import Screening
from kiosk.station.visit import CAMERA_AWAY_S, Screen, State, Visit
from kiosk.vision.camera import Frame, Image
from kiosk.vision.light import LightMeter

log = logging.getLogger(__name__)

#: The loop looks for trouble at least this often when no frame comes.
_WAIT_S = 0.2
#: What is waiting for a full disk is tried again this often.
_RETRY_S = 30.0
#: What a result says whose exercise went wrong while it was judged.
_NOT_ALL_JUDGED = "The plugin of this exercise made an error meanwhile, so not all that it looks at was judged."


class Frames(Protocol):
    """What is needed of `kiosk.vision.camera.LatestFrames`."""

    @property
    def name(self) -> str:
        """How to call the source."""

    @property
    def trouble(self) -> str | None:
        """Why no frames come."""

    @property
    def ended(self) -> bool:
        """Whether a recording is over."""

    def next(self, timeout_s: float) -> Frame | None:
        """Return the newest frame, or None when none came in time."""


class Estimator(Protocol):
    """What is needed of `kiosk.vision.tracker.PersonTracker`."""

    def estimate(self, image: Image, t_s: float) -> Pose:
        """Return the pose in a picture."""

    def sees_another(self, image: Image, pose: Pose) -> bool:
        """Whether a second person is in the picture."""

    def reset(self) -> None:
        """Forget the person."""


class Engine:
    """Owns the pipeline. ``told`` is called with one line for each thing that a terminal should print.

    ``closer`` has the second model look at key frames; without it ``not_closer`` says why none looks. ``codes`` looks
    for a member's QR code when a page asks for it, ``keeping`` deletes old results while nobody is there. ``watch``
    is what stands guard around the exercises: whatever it finds out of order is left out from the next frame on.
    ``service`` is told of every turn of the loop, ``power`` shuts the machine down when its button was held, ``health``
    sees when the machine needs somebody.
    """

    def __init__(
        self,
        frames: Frames,
        estimator: Estimator | None,
        screening: Screening,
        lights: Lights,
        board: LiveBoard,
        results: Results,
        *,
        model: str,
        problems: tuple[str, ...] = (),
        show_picture: bool = False,
        closer: CloserLook | None = None,
        not_closer: str | None = NO_DETAILS.why,
        watch: Watch | None = None,
        observers: Observers | None = None,
        codes: CodeLook | None = None,
        keeping: Keeping | None = None,
        service: Service | None = None,
        buzzer: Buzzer | None = None,
        power: PowerSwitch | None = None,
        health: HealthWatch | None = None,
        told: Callable[[str], None] = log.info,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._frames, self._estimator, self._screening = frames, estimator, screening
        self._board, self._results = board, results
        self._model, self._show_picture = model, show_picture
        self._closer, self._not_closer = closer, not_closer
        self._codes, self._keeping = codes, keeping
        self._service, self._buzzer = service or Service(None, None), buzzer or NoBuzzer()
        self._power = power or PowerSwitch(None)
        self._display = Display(lights, board, results, self._power, health, model, problems)
        self._watch, self._observers = watch or Watch(), observers or Observers()
        self._faults = 0
        self._told, self._clock = told, clock
        self._live = LivePose()
        self._crowd, self._light, self._pace = Crowd(estimator), LightMeter(), Pace()
        self._screen = Screen()
        self._trouble_s = math.inf
        self._retried_s = -math.inf

    def run(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Run until a recording ends or ``stop`` says so."""
        # What is there now stays: the collector need not walk through all modules in the middle of a scan.
        gc.freeze()
        while not stop():
            self._watch.mark.alive()
            frame = self._frames.next(_WAIT_S)
            if frame is not None:
                self.step(frame)
            elif self._frames.ended:
                break
            else:
                self.wait()
            self._service.turn(self._board.view)

    def step(self, frame: Frame) -> LiveView:
        """Take one frame all the way, and return what the pages show then."""
        self._end_trouble()
        started = self._clock()
        pose = self._pose(frame)
        self._pace.frame(frame.t_s, self._clock() - started)
        smooth = self._live.update(pose)
        self._hand_on_commands()
        dark = frame.image is not None and self._light.update(frame.image, frame.t_s)
        crowd = self._crowd.look(frame, pose, self._screen.state)
        screen = self._screening.step(pose, smooth, crowd=crowd, dark=dark)
        screen = self._leave_out_faulty(frame.t_s) or screen
        if self._closer is not None:
            self._closer.follow(frame, pose, screen)
        self._take(screen, frame.t_s)
        if self._codes is not None:
            self._codes.follow(frame, screen.state)
        if self._show_picture and frame.image is not None and self._board.wants_picture:
            self._board.offer_picture(frame.image)
        return self._publish(smooth)

    def wait(self) -> None:
        """No frame came: say what is wrong, and end a visit whose camera does not come back."""
        trouble = self._frames.trouble
        if trouble is None:
            return
        now = self._clock()
        if self._display.trouble is None:
            self._trouble_s = now
            log.warning("Camera: %s", trouble)
            self._buzzer.sound("trouble")
        self._display.trouble = trouble
        self._hand_on_commands()
        if now - self._trouble_s > CAMERA_AWAY_S and self._screen.state not in (State.IDLE, State.RESULT):
            self._take(self._screening.give_up(self._pace.frame_s), self._pace.frame_s)
        self._publish(None)

    # -- steps of the way --------------------------------------------------------------------------------------

    def _pose(self, frame: Frame) -> Pose:
        if frame.pose is not None:
            return frame.pose
        if self._estimator is None or frame.image is None:
            raise RuntimeError("frames without poses need a model")
        return self._estimator.estimate(frame.image, frame.t_s)

    def _hand_on_commands(self) -> None:
        if self._screen.state is State.IDLE:
            for exercise in self._board.take_exercises():
                self._screening.adopt(exercise)
        for name in self._board.take_commands():
            self._screening.command(name)

    def _leave_out_faulty(self, t_s: float) -> Screen | None:
        """Go on without the exercises of plugins that went wrong since the last frame."""
        faults = list(self._watch.faults.values())
        if len(faults) == self._faults:
            return None
        self._display.problems += tuple(f"Plugin {fault.plugin}: {fault.says}" for fault in faults[self._faults :])
        self._faults = len(faults)
        return self._screening.leave_out(self._watch.out, t_s)

    def _take(self, screen: Screen, t_s: float) -> None:
        before, self._screen = self._screen, screen
        if screen.state is not before.state:
            log.info("%s -> %s", before.state.value, screen.state.value)
            if screen.state is State.SCAN and before.state is not State.PAUSED and screen.exercise and screen.view:
                self._told(f"{screen.exercise.title}, seen from {place(screen.view, screen.side)}:")
            if screen.state is State.IDLE:
                self._display.result_id = None
                if self._closer is not None:
                    self._closer.forget()
                if self._estimator is not None:
                    self._estimator.reset()
        if screen.rep is not None:
            verdict = self._display.judge(screen.rep, t_s)
            self._buzzer.sound("rep")
            score = "" if screen.rep.score is None else f", score {screen.rep.score}"
            signs = ", ".join(screen.rep.signs)
            each = f"rep {screen.reps}" if screen.held_s is None else f"{screen.held_s:.0f} s"
            self._told(f"  {each}: {verdict}{score}{f' ({signs})' if signs else ''}")
            if screen.exercise is not None:
                rep = rep_json(screen.rep) | {"number": screen.reps}
                self._observers.rep_finished(screen.exercise.slug, rep)
        if screen.visit is not None:
            self._display.result_id = self._conclude(screen.visit)
            self._buzzer.sound("done")
        if screen.state is State.IDLE:
            self._tidy_up(t_s)
        self._display.light(screen, t_s)

    def _tidy_up(self, t_s: float) -> None:
        """Nobody is there: store what could not be stored, and delete what was kept for long enough."""
        if self._results.problem and t_s - self._retried_s > _RETRY_S:
            self._retried_s = t_s
            self._results.retry()
        if self._keeping is not None:
            self._keeping.look(t_s)

    def _conclude(self, visit: Visit) -> str:
        """Judge a visit, store its result, and only then tell of it."""
        details = Details(why=self._not_closer) if self._closer is None else self._closer.details()
        report = report_json(judge_visit(visit, self._frames.name, self._model, details))
        if visit.exercise.slug in self._watch.out:
            report["notes"].append(_NOT_ALL_JUDGED)
        self._service.step()
        self._watch.mark.alive(STORE_S)
        key = self._results.add(report)
        self._observers.scan_finished({**report, "id": key})
        self._told(summary(report, key))
        return key

    def _end_trouble(self) -> None:
        if self._display.trouble is not None:
            log.info("Camera: frames are back")
            self._display.trouble, self._trouble_s = None, math.inf
            if self._estimator is not None:
                self._estimator.reset()

    def _publish(self, smooth: Pose | None) -> LiveView:
        if self._power.turn(self._clock()):
            self._buzzer.sound("goodbye")
        return self._display.publish(self._screen, smooth, self._pace)
