"""Visits, act by act: what a test writes is what a member does in front of the camera."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import KEYPOINTS, Pose, PoseTrack
from kiosk.movement.smoothing import LivePose
from kiosk.station.screening import Screening
from kiosk.station.visit import Screen, State, Visit, VisitTimes
from kiosk.testing import FRONT, Body, Camera, PushUpper, Squatter, Walker, perform, record

EXERCISES: tuple[Exercise, ...] = (overhead_squat, incline_push_up)
SIZE_PX = (640, 480)
FPS = 30.0
#: Where someone leans on the bar: the feet are left of the middle, so that all of the body is in the picture.
BAR = Camera(yaw_deg=90.0, at_px=(190.0, 440.0))
BAR_FRONT = Camera(yaw_deg=0.0, torso_px=130.0)
REAR = Camera(yaw_deg=180.0)
STANDING = Squatter(arms_up=0.0)


def nobody(t_s: float = 0.0) -> Pose:
    return Pose(np.full((KEYPOINTS, 2), math.nan), np.zeros(KEYPOINTS), t_s, SIZE_PX)


def squats(count: int, camera: Camera = FRONT, *, lead_s: float = 2.2, **faults: float) -> PoseTrack:
    """Arms up, a moment of standing, and so many squats."""
    return perform([Squatter(**faults)] * count, camera, lead_s=lead_s)


def push_ups(count: int, camera: Camera = BAR, *, lead_s: float = 2.2, **faults: float) -> PoseTrack:
    return perform([PushUpper(**faults)] * count, camera, lead_s=lead_s, rep_s=1.6)


def still(body: Body, seconds: float, camera: Camera = FRONT) -> PoseTrack:
    return record(lambda _t: body, seconds, camera)


def arms_up(seconds: float, camera: Camera = FRONT) -> PoseTrack:
    """Standing with the arms overhead."""
    return still(Squatter().body(0.0), seconds, camera)


def standing(seconds: float, camera: Camera = FRONT) -> PoseTrack:
    return still(STANDING.body(0.0), seconds, camera)


def raising_arms(camera: Camera = FRONT, seconds: float = 1.2) -> PoseTrack:
    return record(lambda t: Squatter(arms_up=min(1.0, t / seconds)).body(0.0), seconds, camera)


def walking(seconds: float, start_px: float, speed: float = 2.0, yaw_deg: float = 90.0) -> PoseTrack:
    """Across the picture: at 90 degrees to the right, at -90 to the left."""
    return record(Walker(speed=speed).body, seconds, Camera(yaw_deg=yaw_deg, at_px=(start_px, 440.0)))


def scratching_head(seconds: float, camera: Camera = FRONT) -> PoseTrack:
    """One hand goes to the head and rubs it, the other hangs."""

    def body(t_s: float) -> Body:
        out = STANDING.body(0.0)
        head = out[4] + np.array([0.05, 0.1 + 0.05 * math.sin(9 * t_s), -0.05])
        up = min(1.0, 2 * t_s)
        out[10] += up * (head - out[10])
        out[8] += up * (out[6] + np.array([0.1, 0.25, -0.5]) - out[8])
        return out

    return record(body, seconds, camera)


def turning(from_deg: float, to_deg: float, seconds: float = 1.5) -> list[Pose]:
    """Standing with the arms up while turning round."""
    count = round(seconds * FPS)
    body = Squatter().body(0.0)
    return [
        Pose(
            Camera(yaw_deg=from_deg + (to_deg - from_deg) * k / count).see(body),
            np.full(KEYPOINTS, 0.9),
            k / FPS,
            SIZE_PX,
        )
        for k in range(count)
    ]


class Stage:
    """A screening, what it is shown, and what came of it."""

    def __init__(
        self, exercises: Iterable[Exercise] = EXERCISES, times: VisitTimes | None = None, model: str = ""
    ) -> None:
        self.screening = Screening(exercises, times, model)
        self.t_s = 100.0
        self.screens: list[Screen] = []
        self._live = LivePose()

    # -- acts --------------------------------------------------------------------------------------------------

    def see(self, pose: Pose, *, crowd: bool = False, after_s: float = 1 / FPS) -> Screen:
        """One pose, ``after_s`` after the last."""
        self.t_s += after_s
        raw = replace(pose, t_s=self.t_s)
        screen = self.screening.step(raw, self._live.update(raw), crowd=crowd)
        self.screens.append(screen)
        return screen

    def play(
        self, track: PoseTrack | list[Pose], *, crowd: bool = False, until: Callable[[Screen], bool] = lambda _: False
    ) -> Stage:
        """A recording, at its own speed, to its end or until something is on the screen."""
        poses = track if isinstance(track, list) else [track.pose(k) for k in range(len(track))]
        before_s = poses[0].t_s - 1 / FPS
        for pose in poses:
            after_s, before_s = pose.t_s - before_s, pose.t_s
            if until(self.see(pose, crowd=crowd, after_s=after_s)):
                break
        return self

    def hold(self, pose: Pose, seconds: float, *, crowd: bool = False) -> Stage:
        for _ in range(round(seconds * FPS)):
            self.see(pose, crowd=crowd)
        return self

    def empty(self, seconds: float) -> Stage:
        """Nobody is in the picture."""
        return self.hold(nobody(), seconds)

    def press(self, command: str) -> Screen:
        """A command, and the next frame: the person stays as they were, or the room empty."""
        self.screening.command(command)
        return self.see(nobody())

    # -- what came of it ---------------------------------------------------------------------------------------

    @property
    def now(self) -> Screen:
        return self.screens[-1]

    @property
    def state(self) -> State:
        return self.screening.state

    @property
    def visits(self) -> list[Visit]:
        return [screen.visit for screen in self.screens if screen.visit is not None]

    @property
    def reps(self) -> int:
        """How many reps the screens announced."""
        return sum(screen.rep is not None for screen in self.screens)

    @property
    def story(self) -> list[State]:
        """The states in their order, each named once."""
        states = [screen.state for screen in self.screens]
        return [state for k, state in enumerate(states) if k == 0 or states[k - 1] is not state]

    def since(self, mark: int) -> list[Screen]:
        """The screens from a mark on: ``len(stage.screens)`` at that time."""
        return self.screens[mark:]


def counted(visit: Visit) -> list[int]:
    """The complete reps of each pass of a visit, as the report will count them."""
    from kiosk.movement.passes import read_pass
    from kiosk.movement.pose import track_of

    return [len(read_pass(visit.exercise, track_of(list(done.poses))).complete) for done in visit.passes]


def scanning(reps: int = 0, times: VisitTimes | None = None) -> Stage:
    """A stage with the front pass of an overhead squat running, and so many reps done."""
    stage = Stage(times=times).play(arms_up(2.2), until=lambda s: s.state is State.SCAN)
    assert stage.state is State.SCAN
    if reps:
        stage.play(squats(reps, lead_s=0.5))
        assert stage.now.reps == reps
    return stage


def turned_stage(times: VisitTimes | None = None) -> Stage:
    """A stage whose front pass is done without pain, and which waits for the turn."""
    stage = scanning(times=times).play(squats(5, lead_s=0.5), until=lambda s: s.state is State.PAIN)
    stage.screening.command("no-pain")
    stage.play(arms_up(0.1))
    assert stage.state is State.TURN
    return stage


def asked_for_pain(times: VisitTimes | None = None) -> Stage:
    """A stage after five squats from the front, given up at the turn: the pain question is on the screen."""
    stage = turned_stage(times)
    stage.press("next")
    assert stage.state is State.PAIN
    return stage


def with_result(times: VisitTimes | None = None) -> Stage:
    stage = asked_for_pain(times)
    stage.press("no-pain")
    assert stage.state is State.RESULT
    return stage
