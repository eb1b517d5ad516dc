"""The meter: how far somebody is in a movement, above their own top."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from kiosk_overhead_squat import overhead_squat

from kiosk.movement.meter import EffortMeter
from kiosk.movement.pose import Pose, PoseTrack
from kiosk.testing import Squatter, perform

FRONT_PASS = overhead_squat.passes[0]


def squatting(reps: int = 2) -> PoseTrack:
    return perform([Squatter()] * reps, lead_s=1.0)


def read(meter: EffortMeter, track: PoseTrack) -> list[float | None]:
    return [meter.update(track.pose(k)) for k in range(len(track))]


def test_it_is_nothing_at_the_top_and_a_full_range_at_the_bottom() -> None:
    shown = read(EffortMeter(overhead_squat, FRONT_PASS), squatting())
    known = [value for value in shown if value is not None]
    assert len(known) == len(shown)
    assert min(known) == pytest.approx(0.0, abs=1e-9)
    assert max(known) > 2 * overhead_squat.least_range


def test_it_says_nothing_of_somebody_who_is_not_seen_and_goes_on_afterwards() -> None:
    track, meter = squatting(), EffortMeter(overhead_squat, FRONT_PASS)
    before = read(meter, track)[-1]
    last = track.pose(len(track) - 1)
    gone = Pose(last.xy * math.nan, last.score * 0, last.t_s + 1, last.size_px)
    assert meter.update(gone) is None
    assert (meter.level, meter.above_top) == (None, None)
    assert meter.update(replace(last, t_s=last.t_s + 2)) == pytest.approx(before, abs=0.1)


def test_whoever_sinks_slowly_gets_a_new_top() -> None:
    track, meter = squatting(1), EffortMeter(overhead_squat, FRONT_PASS)
    shown = read(meter, track)
    deepest = max(range(len(shown)), key=lambda k: shown[k] or 0.0)
    low = track.pose(deepest)
    at_first = meter.update(replace(low, t_s=10.0))
    for second in range(11, 120):
        later = meter.update(replace(low, t_s=float(second)))
    assert at_first is not None
    assert later is not None
    assert later < 0.2 * at_first


def test_a_movement_without_reps_has_no_meter() -> None:
    still = replace(overhead_squat, effort=lambda _pose, _torso: math.nan)
    assert set(read(EffortMeter(still, FRONT_PASS), squatting(1))) == {None}
