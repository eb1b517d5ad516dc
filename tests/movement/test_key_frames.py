"""Which frames the second model looks at, and what the judging makes of what it saw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from kiosk import Detail
from kiosk.movement.assess import assess_pass
from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.exercise import AssessedBy, Check
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.key_frames import (
    BOTTOM_SHARE,
    LOOKS,
    STANDING_SHARE,
    detail_value,
    key_frames,
    standing_and_bottoms,
    way_down,
)
from kiosk.movement.passes import PassTrack
from kiosk.movement.report import Finding, Source, Status
from kiosk.movement.view import View

from .details import a_detail
from .made import REP_FRAMES, a_check, a_pass, an_exercise


def heel(bottom: Detail, standing: Detail) -> float:
    return bottom.heel_up_deg - standing.heel_up_deg


HEELS = a_check("heels", clear=5, sign=10, assessed_by=AssessedBy.SECOND_MODEL, measure=heel)


def looked(read: PassTrack, heels: Sequence[float]) -> Details:
    """A detail at the first frame, standing, and one at each bottom with the heel up by so much."""
    bottoms = [a_detail(rep.bottom_s, heel_up_deg=up) for rep, up in zip(read.complete, heels, strict=True)]
    return Details((a_detail(0.0), *bottoms))


def found(heels: Sequence[float], details: Details | None = None, check: Check = HEELS) -> Finding:
    read = a_pass([0.0] * len(heels))
    return assess_pass(an_exercise(check), read, View.FRONT, details or looked(read, heels))[1][0]


# -- which frames --------------------------------------------------------------------------------------------------


def test_each_rep_has_frames_before_it_and_at_its_bottom() -> None:
    read = a_pass([0, 0, 0])
    frames, way = key_frames(read), way_down(read)
    for rep in read.complete:
        before = [k for k in frames if rep.start - 30 <= k < rep.start + 8]
        bottom = [k for k in frames if abs(k - rep.bottom) <= 4]
        assert len(before) == LOOKS
        assert len(bottom) == LOOKS
        assert all(way[k] <= STANDING_SHARE for k in before)
        assert all(way[k] >= BOTTOM_SHARE for k in bottom)
    assert frames == sorted(set(frames))
    assert len(frames) == 2 * LOOKS * 3


def test_what_did_not_count_as_a_rep_is_not_looked_at() -> None:
    read = a_pass([0, 0, 0], incomplete=[2])
    middle = read.reps[1]
    assert [k for k in key_frames(read) if middle.start + 8 < k < middle.end] == []


def test_without_a_rep_there_is_nothing_to_look_at() -> None:
    read = a_pass([0], incomplete=[1])
    assert key_frames(read) == []
    assert np.isnan(way_down(read)).all()


def test_the_way_down_is_0_standing_and_1_at_the_usual_bottom() -> None:
    read = a_pass([0, 0, 0])
    way = way_down(read)
    assert [way[rep.bottom] for rep in read.complete] == pytest.approx([1, 1, 1])
    assert way[0] == pytest.approx(0)


def test_details_are_told_apart_by_where_their_frame_lies() -> None:
    read = a_pass([0, 0])
    second = read.complete[1]
    on_the_way = a_detail(read.complete[0].start_s + 0.33)
    between = a_detail((read.complete[0].end_s + second.start_s) / 2)
    details = Details((a_detail(0.0), on_the_way, between, a_detail(second.bottom_s)))
    standing, bottoms = standing_and_bottoms(read, details)
    assert [one.pose.t_s for one in standing] == [0.0, between.pose.t_s]
    assert {number: [one.pose.t_s for one in ones] for number, ones in bottoms.items()} == {1: [], 2: [second.bottom_s]}


# -- the value of a rep --------------------------------------------------------------------------------------------


def test_a_value_is_the_median_over_all_that_was_seen() -> None:
    bottoms = [a_detail(heel_up_deg=up) for up in (10.0, 12.0, 40.0, math.nan)]
    assert detail_value(HEELS, bottoms, [a_detail(), a_detail(heel_up_deg=math.nan)]) == 12.0


@pytest.mark.parametrize(("bottoms", "standing"), [(0, 1), (1, 0)])
def test_without_a_bottom_or_without_a_standing_frame_there_is_no_value(bottoms: int, standing: int) -> None:
    assert math.isnan(detail_value(HEELS, [a_detail()] * bottoms, [a_detail()] * standing))


def test_a_check_without_a_measure_has_no_value() -> None:
    assert math.isnan(detail_value(replace(HEELS, measure=None), [a_detail()], [a_detail()]))


# -- the finding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("up", "status"), [(0, Status.CLEAR), (7, Status.UNSURE), (14, Status.SIGN)])
def test_what_the_second_model_saw_is_judged_like_anything_else(up: float, status: Status) -> None:
    finding = found([up] * 5)
    assert finding.status is status
    assert finding.value == up


def test_an_onset_is_told_too() -> None:
    assert found([0, 0, 14, 14, 14]).from_rep == 3


def test_where_nobody_looked_the_reason_is_said() -> None:
    finding = found([14] * 5, NO_DETAILS)
    assert (finding.status, finding.reason) == (Status.NOT_ASSESSED, NO_DETAILS.why)


def test_where_the_feet_were_not_seen_it_is_not_assessed() -> None:
    finding = found([math.nan] * 5)
    assert finding.status is Status.NOT_ASSESSED
    assert finding.reason == "What it needs was seen in only 0 of 5 reps."


def test_without_a_standing_frame_it_is_not_assessed() -> None:
    read = a_pass([0] * 5)
    details = Details(looked(read, [14] * 5).frames[1:])
    assert found([14] * 5, details).status is Status.NOT_ASSESSED


def test_a_rep_carries_its_value_and_its_sign() -> None:
    read = a_pass([0, 0, 0])
    results, _ = assess_pass(an_exercise(HEELS), read, View.FRONT, looked(read, [0, 0, 14]))
    assert [result.values["heels"] for result in results] == [0, 0, 14]
    assert [result.signs for result in results] == [(), (), ("heels",)]


def test_other_checks_do_not_notice_a_second_model() -> None:
    read = a_pass([25] * 3)
    with_one = assess_pass(an_exercise(a_check()), read, View.FRONT, looked(read, [0] * 3))[1][0]
    without = assess_pass(an_exercise(a_check()), read, View.FRONT)[1][0]
    assert with_one.per_rep == without.per_rep
    assert (with_one.status, with_one.value) == (without.status, without.value) == (Status.SIGN, 25)


def test_key_frames_of_somebody_who_faces_left_are_turned_as_the_poses_are() -> None:
    def toe_ahead(bottom: Detail, _standing: Detail) -> float:
        return float(bottom.feet[2, 0] - bottom.feet[0, 0])

    check = replace(HEELS, views=(View.SIDE,), measure=toe_ahead)
    read = a_pass([0] * 3)
    read.track.xy[:, 0, 0] = -5.0  # the nose is left of the ears
    details = Details(tuple(a_detail(t, askew_deg=-30) for t in (0.0, *(rep.bottom_s for rep in read.complete))))
    finding = assess_pass(an_exercise(check), read, View.SIDE, details)[1][0]
    assert finding.value == pytest.approx(22, abs=1)


def test_the_report_takes_the_details_of_each_pass() -> None:
    read = a_pass([0] * 3)
    source = Source("clip.mp4", REP_FRAMES, 30.0, 2.0, (640, 480))
    seen = SeenPass(read, View.FRONT, details=looked(read, [14] * 3))
    report = judge(an_exercise(HEELS), [seen], source, "a-model")
    assert report.findings[0].status is Status.SIGN
    unseen = judge(an_exercise(HEELS), [SeenPass(read, View.FRONT)], source, "a-model")
    assert unseen.findings[0].reason == NO_DETAILS.why
