"""Whatever members, passers-by and fingers do: what must hold on every screen of every visit."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.movement.pose import KEYPOINTS, Pose
from kiosk.station.visit import Screen, State, Visit
from kiosk.testing import SIDE

from .visits import (
    BAR,
    BAR_FRONT,
    FRONT,
    REAR,
    SIZE_PX,
    STANDING,
    Body,
    Camera,
    PushUpper,
    Squatter,
    Stage,
    asked_for_pain,
    nobody,
    scanning,
    standing,
    turned_stage,
    with_result,
)

COMMANDS = ("next", "stop", "pain", "no-pain", "done")
SCANNING = (State.SCAN, State.PAUSED)


def pose_of(body: Body, camera: Camera) -> Pose:
    return Pose(camera.see(body), np.full(KEYPOINTS, 0.9), 0.0, SIZE_PX)


POSES = {
    "nobody": nobody(),
    "standing": pose_of(STANDING.body(0.0), FRONT),
    "arms up": pose_of(Squatter().body(0.0), FRONT),
    "arms up, side": pose_of(Squatter().body(0.0), SIDE),
    "arms up, back": pose_of(Squatter().body(0.0), REAR),
    "squat": pose_of(Squatter().body(1.0), FRONT),
    "squat, side": pose_of(Squatter().body(1.0), SIDE),
    "plank": pose_of(PushUpper().body(0.0), BAR),
    "low plank": pose_of(PushUpper().body(1.0), BAR),
    "plank, front": pose_of(PushUpper().body(0.0), BAR_FRONT),
    "one point": Pose(np.full((KEYPOINTS, 2), 200.0), np.ones(KEYPOINTS), 0.0, SIZE_PX),
}


def scattered(numbers: list[float]) -> Pose:
    """Keypoints anywhere, some of them not seen."""
    xy = np.array(numbers).reshape(KEYPOINTS, 2)
    return Pose(np.where(np.isnan(xy).any(axis=1, keepdims=True), np.nan, xy), np.ones(KEYPOINTS), 0.0, SIZE_PX)


garbage = st.lists(
    st.one_of(st.just(math.nan), st.floats(-50, 700)), min_size=2 * KEYPOINTS, max_size=2 * KEYPOINTS
).map(scattered)
poses = st.one_of(st.sampled_from(sorted(POSES)).map(POSES.__getitem__), garbage)
#: A pose, how many frames it lasts, the time between them, someone else in the picture, a command at its beginning.
acts = st.tuples(
    poses,
    st.integers(1, 25),
    st.sampled_from([0.0, 1 / 30, 0.1, 0.1, 0.1, 0.5, 3.0, 400.0]),
    st.booleans(),
    st.sampled_from([None, None, None, *COMMANDS, "dance", ""]),
)


def hold_good(before: Screen, now: Screen) -> None:
    """What must be true of two screens in a row."""
    assert isinstance(now.state, State)
    assert 1 <= len(now.instruction.split()) <= 7, now.instruction
    assert (now.visit is not None) == (now.state is State.RESULT and before.state is not State.RESULT)
    assert now.effort is None or math.isfinite(now.effort)
    if now.rep is not None:
        assert now.reps > before.reps
    if now.state in SCANNING and before.state in SCANNING and now.pass_number == before.pass_number:
        assert now.reps >= before.reps
    if now.state in (State.READY, *SCANNING, State.TURN, State.PAIN):
        assert now.exercise is not None
        assert now.target_reps == now.exercise.passes[now.pass_number - 1].reps
    if now.visit is not None:
        is_whole(now.visit)


def is_whole(visit: Visit) -> None:
    """A visit has a reason to be judged, and its poses are in the order of time."""
    assert visit.passes or visit.pain
    assert len(visit.passes) <= len(visit.exercise.passes)
    for done in visit.passes:
        times = [pose.t_s for pose in done.poses]
        assert times
        assert times == sorted(times)
    assert visit.answered or not visit.pain


def framing() -> Stage:
    return Stage().play(standing(1.0))


def ready() -> Stage:
    stage = framing()
    while stage.state is not State.READY:
        stage.see(POSES["arms up"])
    return stage


def paused() -> Stage:
    return scanning(reps=1).empty(1.5)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([Stage, ready, scanning, turned_stage]), st.lists(acts, min_size=1, max_size=25))
def test_every_walk_through_a_visit_keeps_its_promises(
    begin: Callable[[], Stage], walk: list[tuple[Pose, int, float, bool, str | None]]
) -> None:
    stage = begin()
    before = stage.now if stage.screens else Screen()
    for pose, frames, step_s, crowd, command in walk:
        if command is not None:
            stage.screening.command(command)
        for _ in range(frames):
            now = stage.see(pose, crowd=crowd, after_s=step_s)
            hold_good(before, now)
            before = now
    results = sum(
        a.state is not State.RESULT and b.state is State.RESULT
        for a, b in zip([Screen(), *stage.screens], stage.screens, strict=False)
    )
    assert len(stage.visits) == results


STAGES = {
    State.IDLE: Stage,
    State.FRAMING: framing,
    State.READY: ready,
    State.SCAN: lambda: scanning(reps=1),
    State.PAUSED: paused,
    State.TURN: turned_stage,
    State.PAIN: asked_for_pain,
    State.RESULT: with_result,
}
#: Where each command leads from each state; the state itself where it is out of place.
LEADS = {
    "next": {
        State.FRAMING: State.SCAN,
        State.READY: State.SCAN,
        State.SCAN: State.PAIN,
        State.PAUSED: State.SCAN,
        State.TURN: State.PAIN,
        State.RESULT: State.IDLE,
    },
    "stop": {
        State.FRAMING: State.IDLE,
        State.READY: State.IDLE,
        State.SCAN: State.PAIN,
        State.PAUSED: State.PAIN,
        State.TURN: State.PAIN,
        State.RESULT: State.IDLE,
    },
    "pain": dict.fromkeys((State.SCAN, State.PAUSED, State.TURN, State.PAIN), State.RESULT),
    "no-pain": {State.PAIN: State.RESULT},
    "done": dict.fromkeys((State.FRAMING, State.READY, State.RESULT), State.IDLE),
    "dance": {},
    "": {},
}


@pytest.mark.parametrize("command", list(LEADS))
@pytest.mark.parametrize("state", list(STAGES))
def test_each_command_in_each_state_leads_where_the_table_says_and_else_does_nothing(
    state: State, command: str
) -> None:
    stage = STAGES[state]()
    assert stage.state is state
    assert stage.press(command).state is LEADS[command].get(state, state)


@pytest.mark.parametrize("state", list(STAGES))
def test_a_command_that_does_nothing_leaves_the_screen_as_it_would_have_been(state: State) -> None:
    touched, untouched = STAGES[state](), STAGES[state]()
    touched.press("dance")
    untouched.see(nobody())
    assert (touched.now.state, touched.now.instruction) == (untouched.now.state, untouched.now.instruction)


@pytest.mark.parametrize("state", list(STAGES))
def test_equal_timestamps_and_unseen_bodies_never_raise(state: State) -> None:
    stage = STAGES[state]()
    for _ in range(5):
        stage.see(nobody(), after_s=0.0)
        stage.see(POSES["arms up"], after_s=0.0)
    assert isinstance(stage.see(nobody(), after_s=600.0).state, State)


@pytest.mark.parametrize("command", ["next", "hold"])
def test_touch_starts_a_scan_as_the_posture_does(command: str) -> None:
    stage = ready()
    if command == "next":
        stage.screening.command("next")
        stage.see(POSES["arms up"])
    else:
        stage.hold(POSES["arms up"], 1.3)
    assert (stage.state, stage.now.pass_number, stage.now.reps) == (State.SCAN, 1, 0)


def test_a_touch_before_any_posture_starts_what_the_pose_can_belong_to() -> None:
    stage = STAGES[State.FRAMING]()
    stage.see(POSES["standing"])
    stage.press("next")
    assert stage.now.exercise is not None
    assert stage.now.exercise.slug == "overhead-squat"
