"""Every call into a plugin: what it raises, returns and takes is its own problem, and nobody else's."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from kiosk_overhead_squat import overhead_squat

from kiosk.errors import PluginError
from kiosk.movement.exercise import Exercise, Hold
from kiosk.movement.pose import Pose
from kiosk.movement.reps import RepPercentile
from kiosk.plugins.watch import CREDIT_S, POSE_BUDGET_S, Fault, Watch, attempt, label, reason_of
from kiosk.testing import FRONT, Squatter, perform

POSE = perform([Squatter()], FRONT).pose(0)


class Clock:
    """A clock that a test, or a plugin's function, moves on."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Marks:
    """Remembers what was noted."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def enter(self, label: bytes) -> None:
        self.events.append(label.decode())

    def leave(self) -> None:
        self.events.append("left")

    def alive(self, at_least_s: float = 0.0) -> None:
        self.events.append("alive")

    def rest(self) -> None:
        self.events.append("rest")


@pytest.fixture
def faults() -> list[Fault]:
    return []


@pytest.fixture
def watch(faults: list[Fault]) -> Watch:
    return Watch(faults.append)


def with_effort(effort: Callable[[Pose, float], object]) -> Exercise:
    return replace(overhead_squat, effort=effort)


def with_measure(measure: Callable[..., object], slug: str = "knees-in") -> Exercise:
    checks = [replace(one, measure=measure) if one.slug == slug else one for one in overhead_squat.checks]
    return replace(overhead_squat, checks=tuple(checks))


def raise_one(*_: object) -> float:
    raise ZeroDivisionError("no torso")


def test_a_sound_exercise_answers_behind_its_guard_as_it_does_without(watch: Watch, faults: list[Fault]) -> None:
    guarded = watch.guard("squat", overhead_squat)
    assert guarded.start(POSE) == overhead_squat.start(POSE)
    assert guarded.effort(POSE, 100.0) == overhead_squat.effort(POSE, 100.0)
    for ours, theirs in zip(guarded.checks, overhead_squat.checks, strict=True):
        assert ours == replace(theirs, measure=ours.measure)
    assert guarded.sides[0].of_side(POSE, POSE, 1) == overhead_squat.sides[0].of_side(POSE, POSE, 1)
    assert (watch.out, faults) == (frozenset(), [])


def test_what_raises_is_named_with_function_words_and_line_and_is_not_seen(watch: Watch, faults: list[Fault]) -> None:
    guarded = watch.guard("split", with_effort(raise_one))
    assert math.isnan(guarded.effort(POSE, 100.0))
    (fault,) = faults
    assert (fault.plugin, fault.kind) == ("split", "raised")
    assert fault.says.startswith("effort of 'overhead-squat' raised ZeroDivisionError: no torso (test_watch.py, line ")
    assert watch.out == {"overhead-squat"}


def test_after_its_first_fault_no_function_of_the_plugin_is_called(watch: Watch, faults: list[Fault]) -> None:
    called: list[Pose] = []

    def start(pose: Pose) -> bool:
        called.append(pose)
        return True

    guarded = watch.guard("split", replace(with_effort(raise_one), start=start))
    assert guarded.start(POSE)
    guarded.effort(POSE, 100.0)
    assert not guarded.start(POSE)
    assert math.isnan(guarded.effort(POSE, 100.0))
    assert (len(called), len(faults)) == (1, 1)


def test_a_fault_of_one_plugin_leaves_the_others_in_use(watch: Watch) -> None:
    bad = watch.guard("bad", with_effort(raise_one))
    good = watch.guard("good", replace(overhead_squat, slug="good-squat"))
    bad.effort(POSE, 100.0)
    assert not math.isnan(good.effort(POSE, 100.0))
    assert watch.out == {"overhead-squat"}


def test_all_exercises_of_a_faulty_plugin_are_out(watch: Watch) -> None:
    bad = watch.guard("bad", with_effort(raise_one))
    watch.guard("bad", replace(overhead_squat, slug="other"))
    bad.effort(POSE, 100.0)
    assert watch.out == {"overhead-squat", "other"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("deep", "str ('deep')"),
        (None, "NoneType"),
        (True, "bool (True)"),
        (math.inf, "inf, and must return a finite number"),
        (-math.inf, "-inf"),
        (np.zeros(3), "an array of the shape (3,)"),
        (np.array(1.0), "an array of the shape ()"),
        ([0.5], "list"),
        (1j, "complex"),
    ],
)
def test_nonsense_for_a_number_is_a_fault(watch: Watch, faults: list[Fault], answer: object, said: str) -> None:
    for guarded in (watch.guard("a", with_effort(lambda *_: answer)), Watch(faults.append).guard("b", overhead_squat)):
        guarded.effort(POSE, 100.0)
    (fault,) = faults
    assert fault.kind == "nonsense"
    assert said in fault.says


@pytest.mark.parametrize("answer", [0.5, 1, math.nan, np.float32(0.25), np.float64(0.5), np.int64(3)])
def test_every_kind_of_finite_number_and_nan_is_an_answer(watch: Watch, faults: list[Fault], answer: float) -> None:
    value = watch.guard("a", with_effort(lambda *_: answer)).effort(POSE, 100.0)
    assert type(value) is float
    assert value == answer or (math.isnan(value) and math.isnan(answer))
    assert faults == []


@pytest.mark.parametrize("answer", [1, 0.0, "yes", None, np.array([True])])
def test_a_posture_that_is_not_yes_or_no_is_a_fault(watch: Watch, faults: list[Fault], answer: object) -> None:
    guarded = watch.guard("a", replace(overhead_squat, start=lambda _: answer, hold=Hold(lambda _: True)))
    assert guarded.start(POSE) is False
    assert "must return True or False" in faults[0].says
    assert guarded.hold is not None
    assert guarded.hold.posture(POSE) is False


def test_the_truth_of_numpy_is_a_truth(watch: Watch, faults: list[Fault]) -> None:
    guarded = watch.guard("a", replace(overhead_squat, start=lambda _: np.bool_(True)))
    assert guarded.start(POSE) is True
    assert faults == []


def test_a_check_is_named_by_its_slug_and_so_is_a_side_measure(watch: Watch, faults: list[Fault]) -> None:
    guarded = watch.guard("a", with_measure(raise_one))
    check = next(check for check in guarded.checks if check.slug == "knees-in")
    assert check.measure is not None
    assert math.isnan(check.measure(POSE, POSE))
    assert faults[0].says.startswith("the check 'knees-in' of 'overhead-squat' raised")
    other = Watch(faults.append)
    sides = tuple(replace(side, of_side=raise_one) for side in overhead_squat.sides)
    assert math.isnan(other.guard("b", replace(overhead_squat, sides=sides)).sides[0].of_side(POSE, POSE, 0))
    assert "the side measure 'Knee outside the ankle at the bottom'" in faults[1].says


def test_a_plugin_that_wants_to_end_the_process_is_only_out_itself(watch: Watch, faults: list[Fault]) -> None:
    def leave(*_: object) -> float:
        raise SystemExit(3)

    assert math.isnan(watch.guard("a", with_effort(leave)).effort(POSE, 100.0))
    assert "SystemExit" in faults[0].says


def test_ctrl_c_in_the_middle_of_a_plugin_is_still_ctrl_c(watch: Watch, faults: list[Fault]) -> None:
    def interrupted(*_: object) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch.guard("a", with_effort(interrupted)).effort(POSE, 100.0)
    assert faults == []


def test_without_a_reader_of_faults_the_first_one_ends_the_command_in_one_sentence() -> None:
    with pytest.raises(PluginError, match=r"^Plugin split: effort of 'overhead-squat' raised ZeroDivisionError"):
        Watch().guard("split", with_effort(raise_one)).effort(POSE, 100.0)


# -- the time of a frame -------------------------------------------------------------------------------------------


def calls_until_out(took_s: float, most: int = 2000) -> int | None:
    """How many calls of so many seconds each it takes until the plugin is out; None: it stays in."""
    clock, faults = Clock(), list[Fault]()

    def effort(*_: object) -> float:
        clock.now_s += took_s
        return 0.0

    guarded = Watch(faults.append, clock=clock).guard("slow", with_effort(effort))
    for call in range(1, most + 1):
        guarded.effort(POSE, 100.0)
        if faults:
            assert faults[0].kind == "slow"
            assert f"{1000 * took_s:.0f} ms for a call" in faults[0].says
            return call
    return None


def test_a_function_within_its_budget_stays_for_ever() -> None:
    assert calls_until_out(0.9 * POSE_BUDGET_S) is None


def test_a_function_beyond_its_budget_is_out_once_its_credit_is_used_up() -> None:
    took_s = 10 * POSE_BUDGET_S
    calls = calls_until_out(took_s)
    assert calls is not None
    assert calls == pytest.approx(CREDIT_S / (took_s - POSE_BUDGET_S), abs=2)


def test_one_call_that_takes_all_the_credit_is_enough() -> None:
    assert calls_until_out(CREDIT_S + 2 * POSE_BUDGET_S) == 1


def test_one_hiccup_of_the_machine_is_forgiven_again_and_again() -> None:
    clock, faults, hiccup = Clock(), list[Fault](), 0.5
    count = 0

    def effort(*_: object) -> float:
        nonlocal count
        count += 1
        clock.now_s += hiccup if count % 200 == 0 else 0.0001
        return 0.0

    guarded = Watch(faults.append, clock=clock).guard("fine", with_effort(effort))
    for _ in range(2000):
        guarded.effort(POSE, 100.0)
    assert faults == []


def test_a_measure_of_a_whole_rep_may_take_longer_than_one_of_a_pose() -> None:
    clock, faults = Clock(), list[Fault]()

    def measure(*_: object) -> float:
        clock.now_s += 4 * POSE_BUDGET_S
        return 0.0

    checks = Watch(faults.append, clock=clock).guard("a", with_measure(measure, "heels-rise")).checks
    of_rep = next(check for check in checks if check.slug == "heels-rise")
    assert of_rep.measure is not None
    for _ in range(1000):
        of_rep.measure(POSE, POSE)
    assert faults == []


def test_the_guard_of_a_percentile_is_round_its_function_of_a_pose() -> None:
    clock, faults = Clock(), list[Fault]()

    def measure(*_: object) -> float:
        clock.now_s += 4 * POSE_BUDGET_S
        return 0.0

    checks = Watch(faults.append, clock=clock).guard("a", with_measure(RepPercentile(measure, 90), "heels-rise")).checks
    guarded = next(check for check in checks if check.slug == "heels-rise").measure
    assert isinstance(guarded, RepPercentile)
    assert guarded.percent == 90
    for _ in range(1000):
        guarded.measure(POSE, POSE)
    assert [fault.kind for fault in faults] == ["slow"]


def test_without_a_clock_nothing_is_too_slow(watch: Watch, faults: list[Fault]) -> None:
    guarded = watch.guard("a", overhead_squat)
    for _ in range(50):
        guarded.effort(POSE, 100.0)
    assert faults == []


# -- the note of what is being called ------------------------------------------------------------------------------


def test_each_call_is_noted_before_and_wiped_after_also_where_it_raises() -> None:
    marks = Marks()
    watch = Watch(lambda _: None, mark=marks)
    watch.guard("fine", overhead_squat).start(POSE)
    watch.guard("bad", with_effort(raise_one)).effort(POSE, 100.0)
    assert marks.events == [
        "fine\nstart of 'overhead-squat'",
        "left",
        "bad\neffort of 'overhead-squat'",
        "left",
    ]


def test_a_note_has_room_in_its_file_however_long_the_names_are() -> None:
    assert len(label("p" * 300, "start")) <= 250


# -- the door to hooks ---------------------------------------------------------------------------------------------


def test_a_hook_that_comes_back_has_no_reason_and_one_that_raises_has() -> None:
    assert attempt(lambda: None) is None
    said = attempt(lambda: raise_one())
    assert said is not None
    assert said.startswith("ZeroDivisionError: no torso (test_watch.py")


def test_an_error_whose_own_words_cannot_be_had_is_told_all_the_same() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "Mute" in reason_of(Mute())


def test_who_only_looks_on_is_not_said_to_be_out_of_use() -> None:
    assert Fault("a", "observer", "it raised").outcome == "it raised"
    assert Fault("a", "raised", "it raised").outcome == "taken out of use: it raised"


def test_a_guarded_function_still_says_from_which_package_it_is(watch: Watch) -> None:
    guarded = watch.guard("squat", overhead_squat)
    assert guarded.effort.__module__ == "kiosk_overhead_squat"
    assert {check.measure.__module__ for check in guarded.checks if check.measure} == {"kiosk_overhead_squat"}
