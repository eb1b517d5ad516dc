from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kiosk.movement.pose import Keypoint
from kiosk.movement.view import View
from tests.people.body import Body
from tests.people.measured import elbow_deg, middle
from tests.people.motion import SPREADS, Performance, at_depth, mixed
from tests.people.mounting import camera_of
from tests.people.push_up import PushUpFaults
from tests.people.scenario import FAULTS, PUSH_UP, SQUAT, Motion, Person, RepPlan, Scenario
from tests.people.squat import SquatFaults

BODY = "woman-30-light"
#: Skin moves so much over a joint that stands.
STILL_M = 0.002
STEADY = Motion(jitter=0.0)


def scenario(
    exercise: str = SQUAT, reps: int = 2, seed: int = 5, motion: Motion = STEADY, lag_ms: float = 0
) -> Scenario:
    plans = () if exercise not in FAULTS else (RepPlan({}, lag_ms),) * reps
    return Scenario(exercise, View.FRONT, "tune", seed, Person(BODY), motion=motion, reps=plans)


def performed(wanted: Scenario) -> Performance:
    return Performance(wanted, Body.load(BODY), Body.load("man-35-heavy") if wanted.motion.second_person else None)


def points(performance: Performance, t_s: float) -> np.ndarray:
    return performance.body.keypoints_at(performance.at(t_s).person)


# -- from the seed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", [SQUAT, PUSH_UP, "idle", "bend"])
def test_the_same_seed_gives_the_same_postures_and_another_one_others(exercise: str) -> None:
    first, again, other = (performed(scenario(exercise, seed=seed, motion=Motion())) for seed in (5, 5, 6))
    for t_s in (0.4, 2.1, 3.3):
        np.testing.assert_array_equal(points(first, t_s), points(again, t_s))
        assert not np.array_equal(points(first, t_s), points(other, t_s))


def test_a_moment_does_not_depend_on_which_were_looked_at_before() -> None:
    performance = performed(scenario(motion=Motion()))
    before = points(performance, 1.7)
    points(performance, 3.9)
    np.testing.assert_array_equal(points(performance, 1.7), before)


def test_without_jitter_every_rep_is_alike_and_as_long_as_asked() -> None:
    motion = replace(STEADY, lead_s=0.7, down_s=1.5, hold_s=0.25, up_s=1.1, rest_s=0.4, tail_s=0.6)
    performance = performed(scenario(reps=3, motion=motion))
    begins = [rep.begins_s for rep in performance.reps]
    assert begins == pytest.approx([0.7, 0.7 + 3.25, 0.7 + 6.5])
    assert performance.duration_s == pytest.approx(0.7 + 3 * 3.25 - 0.4 + 0.6)
    for t_s in (0.0, 0.6, 1.6):
        np.testing.assert_allclose(
            points(performance, begins[0] + t_s), points(performance, begins[2] + t_s), atol=1e-9
        )


def test_with_jitter_reps_differ_in_tempo_and_faults_but_only_a_little() -> None:
    reps = performed(scenario(reps=30, motion=Motion())).reps
    lengths_s = np.array([rep.down_s for rep in reps])
    assert lengths_s.mean() == pytest.approx(1.3, rel=0.05)
    assert 0.03 < lengths_s.std() / lengths_s.mean() < 0.12
    leans = np.array([rep.faults.lean_extra for rep in reps if isinstance(rep.faults, SquatFaults)])
    assert leans.std() == pytest.approx(SPREADS[SQUAT]["lean_extra"], rel=0.4)


def test_frames_come_evenly_and_the_first_at_0() -> None:
    performance = performed(scenario())
    times_s = performance.frame_times(15.0)
    assert times_s[0] == 0
    np.testing.assert_allclose(np.diff(times_s), 1 / 15)
    assert performance.duration_s - times_s[-1] == pytest.approx(1 / 15, abs=0.5 / 15)


# -- the course of a set ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", [SQUAT, PUSH_UP])
def test_a_rep_goes_from_the_top_to_its_bottom_and_back(exercise: str) -> None:
    performance = performed(scenario(exercise))
    rep = performance.reps[0]
    assert (rep.amount(rep.begins_s), rep.amount(rep.bottom_s), rep.amount(rep.ends_s)) == (0.0, 1.0, 0.0)
    joint = Keypoint.LEFT_HIP if exercise == SQUAT else Keypoint.LEFT_SHOULDER
    down, up = np.linspace(rep.begins_s, rep.bottom_s, 7), np.linspace(rep.bottom_s, rep.ends_s, 7)
    falling, rising = ([middle(points(performance, t_s), joint)[2] for t_s in times] for times in (down, up))
    assert all(after <= before + STILL_M for before, after in pairwise(falling))
    assert all(after >= before - STILL_M for before, after in pairwise(rising))
    assert falling[0] - falling[-1] > 0.15


def test_feet_stand_still_through_a_set_of_squats() -> None:
    performance = performed(scenario(reps=2))
    feet = [performance.body.feet_at(performance.at(float(t)).person) for t in performance.frame_times(6.0)]
    assert np.ptp(feet, axis=0).max() < 0.003


def test_feet_stay_on_the_floor_while_somebody_stands_and_sways() -> None:
    performance = performed(scenario("idle", motion=Motion(lasts_s=8.0)))
    shown = [points(performance, float(t)) for t in np.arange(0, 8, 0.5)]
    ankles, noses = (np.ptp([each[joint] for each in shown], axis=0) for joint in (Keypoint.LEFT_ANKLE, Keypoint.NOSE))
    assert ankles.max() < 0.005
    assert 0.005 < noses[:2].max() < 0.05


def test_hands_and_toes_stay_where_they_are_through_a_set_of_push_ups() -> None:
    performance = performed(scenario(PUSH_UP, reps=2))
    shown = np.array([points(performance, float(t)) for t in performance.frame_times(6.0)])
    assert np.ptp(shown[:, [Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]], axis=0).max() < 0.03
    toes = np.array(
        [performance.body.feet_at(performance.at(float(t)).person)[:2] for t in performance.frame_times(6.0)]
    )
    assert np.ptp(toes, axis=0).max() < 0.03


@pytest.mark.parametrize("lag_ms", [120.0, -120.0])
def test_a_lag_makes_the_right_side_late_and_a_negative_one_the_left(lag_ms: float) -> None:
    performance = performed(scenario(PUSH_UP, reps=1, lag_ms=lag_ms))
    rep = performance.reps[0]
    times_s = np.linspace(rep.begins_s, rep.bottom_s, 40)
    shown = np.array([points(performance, float(t)) for t in times_s])
    elbows_deg = ([elbow_deg(each, side) for each in shown] for side in (0, 1))
    shoulders_m = (shown[:, Keypoint.LEFT_SHOULDER + side, 2] for side in (0, 1))
    for left, right in (elbows_deg, shoulders_m):
        halfway = (left[0] + left[-1]) / 2
        late_s = [float(np.interp(-halfway, -np.asarray(side), times_s)) for side in (left, right)]
        # The trunk joins both sides, and so each takes the other along a little.
        assert 0.65 < 1000 * (late_s[1] - late_s[0]) / lag_ms < 1


def test_without_a_lag_both_sides_come_together() -> None:
    performance = performed(scenario(PUSH_UP, reps=1))
    for t_s in np.arange(1.0, 3.0, 0.25):
        shown = points(performance, float(t_s))
        assert elbow_deg(shown, 0) == pytest.approx(elbow_deg(shown, 1), abs=0.5)


def test_faults_change_in_the_rest_between_two_reps_and_not_at_once() -> None:
    plans = (RepPlan(), RepPlan({"arms_fwd": 40.0}))
    performance = performed(replace(scenario(), reps=plans))
    first, second = performance.reps
    before, after = (points(performance, t_s) for t_s in (first.ends_s, second.begins_s))
    halfway = points(performance, (first.ends_s + second.begins_s) / 2)[Keypoint.LEFT_WRIST]
    assert before[Keypoint.LEFT_WRIST][1] > halfway[1] > after[Keypoint.LEFT_WRIST][1]
    times_s = np.arange(first.ends_s - 0.1, second.begins_s + 0.1, 1 / 30)
    steps_m = np.diff([points(performance, float(t))[Keypoint.LEFT_WRIST] for t in times_s], axis=0)
    assert np.linalg.norm(steps_m, axis=1).max() < 0.12


def test_faults_of_a_push_up_grow_on_the_way_down() -> None:
    faults = PushUpFaults(sag=20.0, roll=10.0, shift=0.1, shrug=30.0)
    top, bottom = (at_depth(faults, amount) for amount in (0.0, 1.0))
    assert bottom == faults
    assert (top.roll, top.shift, top.shrug) == (0, 0, 0)
    assert 0 < top.sag < bottom.sag


def test_mixed_faults_lie_between_and_end_where_they_should() -> None:
    start, end = SquatFaults(knee_in=10.0), SquatFaults(knee_in=20.0, knee_in_right=0.0)
    assert mixed(start, end, 0.25) == SquatFaults(knee_in=12.5)
    assert mixed(start, end, 1.0) == end


# -- what is around it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("exercise", "raises_arms_s"), [(SQUAT, 1.2), (PUSH_UP, 0.0), ("idle", 0.0)])
def test_walking_in_begins_out_of_sight_and_ends_on_the_mark(exercise: str, raises_arms_s: float) -> None:
    motion = Motion(jitter=0.0, walks_in=True, raises_arms_s=raises_arms_s)
    wanted = scenario(exercise, motion=motion)
    performance, plain = performed(wanted), performed(replace(wanted, motion=STEADY))
    camera = camera_of(wanted, performance.station)
    xy, _ = camera.project(points(performance, 0.0))
    assert (xy[:, 0] < 0).all() or (xy[:, 0] > camera.size_px[0]).all()
    arrives_s = performance.duration_s - plain.duration_s
    np.testing.assert_allclose(points(performance, arrives_s + 0.5), points(plain, 0.5), atol=1e-6)


def test_walking_out_ends_out_of_sight() -> None:
    wanted = scenario(motion=Motion(jitter=0.0, walks_out=True))
    performance = performed(wanted)
    camera = camera_of(wanted, None)
    xy, _ = camera.project(points(performance, performance.duration_s - 1e-3))
    assert (xy[:, 0] < 0).all() or (xy[:, 0] > camera.size_px[0]).all()


@pytest.mark.parametrize("exercise", [SQUAT, PUSH_UP])
def test_nobody_jumps_from_one_thing_to_the_next(exercise: str) -> None:
    raises_arms_s = 1.2 if exercise == SQUAT else 0.0
    motion = Motion(walks_in=True, walks_out=True, raises_arms_s=raises_arms_s)
    performance = performed(scenario(exercise, reps=1, motion=motion))
    shown = np.array([points(performance, float(t)) for t in performance.frame_times(20.0)])
    # A foot that swings forward is the fastest part of somebody who walks: about 4 m/s.
    assert np.linalg.norm(np.diff(shown, axis=0), axis=2).max() * 20.0 < 5.0


def test_a_second_person_passes_behind_for_a_while_and_is_gone() -> None:
    performance = performed(scenario(reps=4, motion=Motion(second_person=True)))
    there = [performance.at(float(t)).passer_by is not None for t in performance.frame_times(4.0)]
    assert not there[0] and any(there)
    passes = next(seen for t in performance.frame_times(4.0) if (seen := performance.at(float(t)).passer_by))
    assert Body.load("man-35-heavy").keypoints_at(passes)[:, 1].min() > 0.5


def test_who_bends_or_raises_the_arms_does_it_as_often_as_asked() -> None:
    once, thrice = (performed(scenario("bend", motion=Motion(repeats=count))).duration_s for count in (1, 3))
    assert thrice == pytest.approx(3 * once)
    arms = performed(scenario("arms", motion=Motion(jitter=0.0, repeats=1)))
    wrists_m = [points(arms, float(t))[Keypoint.LEFT_WRIST][2] for t in arms.frame_times(10.0)]
    assert max(wrists_m) - wrists_m[0] > 0.9 and abs(wrists_m[-1] - wrists_m[0]) < 0.05
