import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.movement.pose import FloatArray, Pose
from kiosk.movement.reps import LONGEST_S, Rep, RepTrace, edge, find_swings, make_rep, number_reps, own_range
from kiosk.movement.view import View
from kiosk.testing import SIDE, Squatter, perform

LEAST = 0.3


def ramp(*heights: float, seconds: float = 1.0, fps: int = 30) -> tuple[FloatArray, FloatArray]:
    """A signal that runs smoothly from height to height, each way in ``seconds``."""
    way = 0.5 - 0.5 * np.cos(np.pi * np.arange(round(seconds * fps)) / (seconds * fps))
    parts = [a + (b - a) * way for a, b in itertools.pairwise(heights)]
    effort = np.concatenate([*parts, [heights[-1]]])
    return effort, np.arange(len(effort)) / fps


def reps_of(effort: FloatArray, t_s: FloatArray, shortest_s: float = 0.5) -> list[Rep]:
    swings = find_swings(effort, 0.7 * LEAST)
    own = own_range(swings, LEAST)
    made = [make_rep(swing, effort, t_s, own, LEAST, shortest_s) for swing in swings]
    return number_reps([rep for rep in made if rep is not None])


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    depths=st.lists(st.floats(0.6, 1.4), min_size=1, max_size=12),
    fps=st.sampled_from([10, 15, 24, 30, 60]),
    seconds=st.floats(0.5, 2.5),
    zero=st.floats(-3, 3),
)
def test_every_way_down_and_up_is_one_rep(depths: list[float], fps: int, seconds: float, zero: float) -> None:
    heights = [zero, *(height for depth in depths for height in (zero + depth, zero))]
    reps = reps_of(*ramp(*heights, seconds=seconds, fps=fps))
    assert [rep.complete for rep in reps] == [True] * len(depths)
    for rep, depth in zip(reps, depths, strict=True):
        assert rep.range_of_motion == pytest.approx(depth, abs=0.1 * depth + 0.02)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.floats(-2, 2) | st.just(math.nan), max_size=80), st.floats(0.05, 1.0))
def test_whatever_the_signal_its_swings_lie_in_order_and_reach_the_threshold(
    values: list[float], threshold: float
) -> None:
    effort = np.array(values, float)
    swings = find_swings(effort, threshold)
    for swing in swings:
        assert swing.left <= swing.bottom <= swing.right
        assert max(swing.down, swing.up) >= threshold
        assert not math.isnan(effort[swing.bottom])
    assert all(a.right <= b.left for a, b in itertools.pairwise(swings))


def test_trembling_below_the_threshold_is_no_turn() -> None:
    effort, t_s = ramp(0, 1, 0)
    trembling = effort + 0.05 * np.sin(40 * t_s)
    assert len(find_swings(trembling, 0.21)) == 1
    assert find_swings(0.1 * np.sin(3 * t_s), 0.21) == []
    assert find_swings(np.array([]), 0.21) == []
    assert find_swings(np.full(30, math.nan), 0.21) == []


def test_a_gap_neither_ends_nor_makes_a_turn() -> None:
    effort, _ = ramp(0, 1, 0)
    whole = find_swings(effort, 0.21)
    effort[40:46] = math.nan
    (swing,) = find_swings(effort, 0.21)
    assert swing == whole[0]


def test_the_times_of_a_rep_are_those_of_its_phases() -> None:
    effort, t_s = ramp(0, 0, 1, 1, 0, 0, seconds=1.0)
    (rep,) = reps_of(effort, t_s)
    assert rep.start_s == pytest.approx(1.2, abs=0.05)
    assert rep.end_s == pytest.approx(3.8, abs=0.05)
    assert rep.eccentric_s == pytest.approx(0.8, abs=0.1)
    assert rep.pause_s == pytest.approx(1.0, abs=0.15)
    assert rep.concentric_s == pytest.approx(0.8, abs=0.1)
    assert rep.eccentric_s + rep.pause_s + rep.concentric_s == pytest.approx(rep.end_s - rep.start_s)


@pytest.mark.parametrize(("down_s", "up_s"), [(1.0, 1.0), (3.0, 1.0), (0.6, 2.0)])
def test_tempo_is_told_for_the_way_down_and_the_way_up(down_s: float, up_s: float) -> None:
    down, _ = ramp(0, 1, seconds=down_s)
    up, _ = ramp(1, 0, seconds=up_s)
    effort = np.concatenate([np.zeros(20), down[:-1], up, np.zeros(20)])
    (rep,) = reps_of(effort, np.arange(len(effort)) / 30)
    assert rep.eccentric_s == pytest.approx(0.8 * down_s, rel=0.1)
    assert rep.concentric_s == pytest.approx(0.8 * up_s, rel=0.1)


def test_a_recording_that_starts_in_mid_descent_has_an_incomplete_rep_first() -> None:
    effort, t_s = ramp(0.7, 1, 0, 1, 0)
    first, second = reps_of(effort, t_s)
    assert (first.complete, first.reason) == (False, "it did not start from the top")
    assert second.complete
    assert (first.number, second.number) == (1, 2)


def test_a_rep_that_does_not_come_back_up_is_incomplete() -> None:
    effort, t_s = ramp(0, 1, 0, 1, 0.6)
    first, second = reps_of(effort, t_s)
    assert first.complete
    assert (second.complete, second.reason) == (False, "it did not come back to the top")


def test_a_recording_that_ends_at_the_bottom_has_an_incomplete_rep_last() -> None:
    *_, last = reps_of(*ramp(0, 1, 0, 1))
    assert not last.complete


def test_a_shallow_rep_is_a_rep() -> None:
    reps = reps_of(*ramp(0, 1, 0, 0.5, 0, 1, 0))
    assert [rep.complete for rep in reps] == [True, True, True]
    assert reps[1].range_of_motion == pytest.approx(0.5, abs=0.03)


def test_small_swings_are_not_even_attempts() -> None:
    assert len(reps_of(*ramp(0, 1, 0, 0.25, 0, 1, 0))) == 2
    assert reps_of(*ramp(0, 0.25, 0, 0.25, 0)) == []


def test_a_rest_at_the_bottom_is_no_rep() -> None:
    effort = np.concatenate([ramp(0, 1)[0], np.ones(round(30 * LONGEST_S)), ramp(1, 0)[0]])
    (rep,) = reps_of(effort, np.arange(len(effort)) / 30)
    assert not rep.complete
    assert rep.reason is not None
    assert f"longer than {LONGEST_S:.0f} s" in rep.reason


def test_nobody_is_that_fast() -> None:
    assert reps_of(*ramp(0, 1, 0, seconds=0.12), shortest_s=0.1) == []
    assert reps_of(*ramp(0, 1, 0, seconds=0.3), shortest_s=0.7) == []


def test_a_rep_that_was_unseen_for_30_percent_is_void_and_for_10_percent_is_not() -> None:
    for share, complete in ((0.1, True), (0.3, False)):
        effort, t_s = ramp(0, 1, 0, seconds=1.5)
        hidden = round(share * 72)
        effort[48 : 48 + hidden] = math.nan
        (rep,) = reps_of(effort, t_s)
        assert rep.complete is complete
        assert complete or "could not be seen" in (rep.reason or "")


def test_the_own_range_is_the_median_of_the_larger_swings() -> None:
    effort, _ = ramp(0, 1, 0, 1.1, 0, 0.4, 0, 0.9, 0)
    assert own_range(find_swings(effort, 0.21), LEAST) == pytest.approx(1.05, abs=0.06)
    assert own_range([], LEAST) == 0.0


def test_the_edge_is_where_a_tenth_of_the_way_is_left() -> None:
    effort, _ = ramp(0, 1, 0)
    bottom = int(np.argmax(effort))
    left, right = edge(effort, bottom, 0), edge(effort, bottom, len(effort) - 1)
    assert effort[left] <= 0.1 < effort[left + 1]
    assert effort[right] <= 0.1 < effort[right - 1]
    assert edge(effort, bottom, bottom) == bottom


def trace(hidden: int) -> RepTrace:
    track = perform([Squatter()], SIDE).part(0, 9)
    track.xy[:hidden] = np.nan
    rep = Rep(1, 0, 5, 9, 0.0, 0.17, 0.3, 0.17, 0.0, 0.13, 1.0, complete=True)
    return RepTrace(rep, track, track.pose(9), View.SIDE)


def test_a_trace_measures_every_pose_against_the_persons_own_top() -> None:
    one = trace(0)
    np.testing.assert_allclose(one.values(lambda pose, top: pose.t_s - top.t_s), np.arange(10) / 30 - 9 / 30)


def test_a_percentile_needs_half_of_the_rep() -> None:
    def height(pose: Pose, _top: Pose) -> float:
        return float(pose.xy[0, 1])

    assert math.isfinite(trace(5).percentile(height, 50))
    assert math.isnan(trace(6).percentile(height, 50))
