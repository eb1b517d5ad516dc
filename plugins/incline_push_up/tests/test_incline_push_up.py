"""What the incline push-up sees, on people whose faults are known."""

import math

import numpy as np
import pytest
from kiosk_incline_push_up import (
    arms_bent,
    bottom_elbow,
    elbow_of_side,
    head_tip,
    incline_push_up,
    kiosk_register_exercises,
    plank_on_hands,
)

from kiosk import Keypoint, Pose, PoseTrack, View, geometry
from kiosk.movement.report import Finding, Report, Status
from kiosk.testing import FRONT, REAR, SIDE, Camera, ExerciseContract, PushUpper, Squatter, perform, record, scanned

CLEAN = PushUpper()
VIEWS = {0.0: View.FRONT, 180.0: View.REAR, 90.0: View.SIDE, -90.0: View.SIDE}
#: A fault of each check, the view that shows it, and someone between its limits.
FAULTS = {
    "hips-sag": (SIDE, PushUpper(sag_deg=20), PushUpper(sag_deg=6.5)),
    "hips-pike": (SIDE, PushUpper(sag_deg=-26), PushUpper(sag_deg=-10)),
    "head-drops": (SIDE, PushUpper(head_deg=30), PushUpper(head_deg=14)),
    "shallow-depth": (SIDE, PushUpper(elbow_deg=109.5), PushUpper(elbow_deg=95.5)),
    "no-lockout": (SIDE, PushUpper(top_elbow_deg=142), PushUpper(top_elbow_deg=159.5)),
    "shoulders-shrug": (SIDE, PushUpper(shrug=0.28), PushUpper(shrug=0.2)),
    "shoulders-out-of-step": (FRONT, PushUpper(lag_s=0.12), PushUpper(lag_s=0.042)),
    "uneven-push": (FRONT, PushUpper(tilt=0.2), PushUpper(tilt=0.08)),
    "elbows-flare": (FRONT, PushUpper(flare_deg=86), PushUpper(flare_deg=54)),
}
ASSESSED = tuple(FAULTS)


class TestContract(ExerciseContract):
    exercise = incline_push_up


def scan(people: list[PushUpper], camera: Camera, **how: float) -> Report:
    return scanned(incline_push_up, (perform(people, camera, **how), VIEWS[camera.yaw_deg]))


def finding(report: Report, slug: str) -> Finding:
    return next(f for f in report.findings if f.check.slug == slug)


def signs(report: Report) -> set[str]:
    return {f.check.slug for f in report.findings if f.status is Status.SIGN}


def top(person: PushUpper | Squatter, camera: Camera) -> Pose:
    return perform([person], camera).pose(0)


def test_the_hook_brings_this_exercise() -> None:
    assert kiosk_register_exercises() == [incline_push_up]


@pytest.mark.parametrize("camera", [SIDE, Camera(yaw_deg=-90), FRONT, REAR], ids=["right", "left", "front", "rear"])
def test_a_clean_set_shows_nothing_and_scores_full(camera: Camera) -> None:
    report = scan([CLEAN] * 10, camera, rep_s=1.6, noise_px=1.0)
    assert len(report.reps) == 10
    assert {f.status for f in report.findings if f.value is not None} == {Status.CLEAR}
    assert report.score.value == 100


@pytest.mark.parametrize("slug", ASSESSED)
def test_each_check_finds_its_own_fault_and_no_other_check_does(slug: str) -> None:
    camera, fault, _ = FAULTS[slug]
    report = scan([fault] * 6, camera, noise_px=1.0)
    assert signs(report) == {slug}
    assert finding(report, slug).reps == (1, 2, 3, 4, 5, 6)
    assert report.first == slug


@pytest.mark.parametrize("slug", ASSESSED)
def test_between_the_limits_it_says_that_it_is_unsure(slug: str) -> None:
    camera, _, between = FAULTS[slug]
    report = scan([between] * 6, camera)
    assert finding(report, slug).status is Status.UNSURE
    assert not signs(report)


@pytest.mark.parametrize("slug", [slug for slug in ASSESSED if FAULTS[slug][0] is SIDE])
def test_it_does_not_matter_which_flank_the_camera_sees(slug: str) -> None:
    _, fault, _ = FAULTS[slug]
    right, left = (scan([fault] * 4, Camera(yaw_deg=yaw)) for yaw in (90.0, -90.0))
    assert signs(left) == {slug}
    assert finding(left, slug).value == pytest.approx(finding(right, slug).value, abs=0.01)


def test_hips_that_hang_do_not_count_as_hips_that_rise() -> None:
    sagging, piking = scan([PushUpper(sag_deg=20)] * 5, SIDE), scan([PushUpper(sag_deg=-26)] * 5, SIDE)
    assert finding(sagging, "hips-sag").value == pytest.approx(20, abs=2)
    assert finding(sagging, "hips-pike").status is Status.CLEAR
    assert finding(piking, "hips-pike").value == pytest.approx(26, abs=2)
    assert finding(piking, "hips-sag").status is Status.CLEAR


@pytest.mark.parametrize("slug", ["hips-sag", "hips-pike", "head-drops", "shoulders-shrug"])
def test_a_fault_of_the_whole_rep_is_pictured_where_it_is_worst(slug: str) -> None:
    found = finding(scan([FAULTS[slug][1]] * 4, SIDE, noise_px=1.0), slug)
    assert found.moment is not None
    assert found.moment.value is not None
    of_rep = {number: value for number, value, _ in found.per_rep}
    assert found.moment.value >= of_rep[found.moment.rep] - 1.0
    assert found.check.sign is not None
    assert found.moment.value > found.check.sign


def test_a_sag_that_comes_with_fatigue_is_named_from_its_rep() -> None:
    report = scan([CLEAN] * 5 + [PushUpper(sag_deg=18)] * 5, SIDE, rep_s=1.6, noise_px=1.0)
    found = finding(report, "hips-sag")
    assert found.status is Status.SIGN
    assert found.from_rep == 6
    assert found.reps == (6, 7, 8, 9, 10)
    assert found.check.cue == "Tuck your tailbone"


def test_shoulders_out_of_step_from_rep_6_are_found_as_the_source_document_tells_it() -> None:
    report = scan([CLEAN] * 5 + [PushUpper(lag_s=0.12)] * 5, FRONT, rep_s=1.6, noise_px=1.0)
    found = finding(report, "shoulders-out-of-step")
    assert found.status is Status.SIGN
    assert found.from_rep == 6


@pytest.mark.parametrize("lag_s", [0.08, -0.08])
@pytest.mark.parametrize("fps", [24, 30, 60])
def test_a_lag_of_80_ms_is_measured_within_10(lag_s: float, fps: int) -> None:
    report = scan([PushUpper(lag_s=lag_s)] * 5, FRONT, noise_px=0.5, fps=fps)
    value = finding(report, "shoulders-out-of-step").value
    assert value == pytest.approx(1000 * lag_s, abs=10)


@pytest.mark.parametrize(("lag_s", "side"), [(0.12, "right"), (-0.12, "left")])
@pytest.mark.parametrize("camera", [FRONT, REAR], ids=["front", "rear"])
def test_a_lag_names_the_side_that_comes_later(lag_s: float, side: str, camera: Camera) -> None:
    found = finding(scan([PushUpper(lag_s=lag_s)] * 5, camera), "shoulders-out-of-step")
    assert found.side is not None
    assert side in found.side


@pytest.mark.parametrize("camera", [FRONT, REAR], ids=["front", "rear"])
def test_an_uneven_push_has_a_side_that_does_not_depend_on_the_view(camera: Camera) -> None:
    left = finding(scan([PushUpper(tilt=0.2)] * 4, camera), "uneven-push")
    right = finding(scan([PushUpper(tilt=-0.2)] * 4, camera), "uneven-push")
    assert left.value == pytest.approx(0.2, abs=0.03)
    assert right.value == pytest.approx(-0.2, abs=0.03)
    assert left.side != right.side


def test_a_finding_about_left_and_right_asks_a_question_instead_of_naming_a_muscle() -> None:
    report = scan([PushUpper(lag_s=0.12)] * 5, FRONT)
    assert report.questions
    assert not report.programme
    assert finding(report, "shoulders-out-of-step").check.muscles.underactive == ()


def test_a_sag_gets_a_programme_and_no_question() -> None:
    report = scan([PushUpper(sag_deg=20)] * 5, SIDE)
    assert [step.phase for step in report.programme] == ["inhibit", "lengthen", "activate", "integrate"]
    assert not report.questions


def test_elbows_are_compared_left_against_right_from_the_front() -> None:
    (difference,) = scan([CLEAN] * 4, FRONT).differences
    assert difference.index_percent == pytest.approx(0, abs=1)


# -- the posture and the signal ---------------------------------------------------------------------------------


@pytest.mark.parametrize("camera", [SIDE, Camera(yaw_deg=-90), FRONT, REAR], ids=["right", "left", "front", "rear"])
def test_a_plank_with_straight_arms_starts_it(camera: Camera) -> None:
    assert plank_on_hands(top(CLEAN, camera))


@pytest.mark.parametrize("person", [Squatter(), Squatter(arms_up=0.0)], ids=["arms overhead", "arms hang"])
@pytest.mark.parametrize("camera", [FRONT, SIDE, REAR], ids=["front", "side", "rear"])
def test_someone_who_stands_does_not(person: Squatter, camera: Camera) -> None:
    assert not plank_on_hands(top(person, camera))


def test_bent_arms_do_not() -> None:
    assert not plank_on_hands(top(PushUpper(top_elbow_deg=110), SIDE))


def test_there_is_no_effort_when_standing_with_raised_arms() -> None:
    assert math.isnan(arms_bent(top(Squatter(), FRONT), 110))
    assert math.isnan(arms_bent(top(Squatter(), SIDE), 110))


@pytest.mark.parametrize("incline_deg", [15, 30, 45, 60])
def test_the_height_of_the_bar_changes_no_count_and_no_finding(incline_deg: float) -> None:
    report = scan([PushUpper(incline_deg=incline_deg)] * 5, SIDE, noise_px=1.0)
    assert len(report.reps) == 5
    assert not signs(report)


@pytest.mark.parametrize("far", [Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_SHOULDER])
def test_the_near_side_alone_is_enough_from_the_side(far: Keypoint) -> None:
    track = perform([PushUpper(sag_deg=20)] * 5, SIDE, noise_px=1.0)
    track.xy[:, list(range(far, 17, 2))] = math.nan
    report = scanned(incline_push_up, (track, View.SIDE))
    assert len(report.reps) == 5
    assert signs(report) == {"hips-sag"}


@pytest.mark.parametrize("elbow_deg", [60, 90, 110])
def test_depth_is_told_by_how_near_the_hand_comes_wherever_the_elbow_seems_to_be(elbow_deg: float) -> None:
    track = perform([PushUpper(elbow_deg=elbow_deg)], SIDE)
    top, bottom = track.pose(0), track.pose(int(np.argmax(effort_of(track))))
    straight = elbow_of_side(top, top, 0)
    assert straight > 165
    assert bottom_elbow(bottom, top) == pytest.approx(elbow_deg, abs=4)
    xy = bottom.xy.copy()
    xy[[Keypoint.LEFT_ELBOW, Keypoint.RIGHT_ELBOW]] += (30, -40)
    astray = Pose(xy, bottom.score, bottom.t_s, bottom.size_px)
    assert bottom_elbow(astray, top) == bottom_elbow(bottom, top)


def test_where_the_near_hand_is_hidden_the_other_one_tells_the_depth() -> None:
    track = perform([PushUpper()], SIDE)
    top, bottom = track.pose(0), track.pose(int(np.argmax(effort_of(track))))
    xy = bottom.xy.copy()
    xy[Keypoint.LEFT_WRIST] = np.nan
    hidden = Pose(xy, bottom.score, bottom.t_s, bottom.size_px)
    assert bottom_elbow(hidden, top) == pytest.approx(bottom_elbow(bottom, top), abs=1)
    xy[Keypoint.RIGHT_WRIST] = np.nan
    assert math.isnan(bottom_elbow(Pose(xy, bottom.score, bottom.t_s, bottom.size_px), top))


@pytest.mark.parametrize("head_deg", [10, 20, 30])
def test_a_head_that_drops_tips_by_what_the_nose_goes_ahead(head_deg: float) -> None:
    tracks = [perform([PushUpper(head_deg=angle)], SIDE) for angle in (0.0, head_deg)]
    ahead, down = (track.pose(int(np.argmax(effort_of(track)))) for track in tracks)
    tipped = head_tip(down, down) - head_tip(ahead, ahead)
    assert 0.4 * head_deg < tipped < 1.1 * head_deg


def test_shoulders_that_are_drawn_up_are_no_head_that_hangs() -> None:
    report = scan([PushUpper(shrug=0.3)] * 5, SIDE)
    assert signs(report) == {"shoulders-shrug"}
    assert finding(report, "head-drops").status is not Status.SIGN


@pytest.mark.parametrize("elbow_deg", [30, 50, 70, 90])
def test_more_bend_is_more_effort_however_deep(elbow_deg: float) -> None:
    deep, deeper = (
        max(effort_of(perform([PushUpper(elbow_deg=angle)], SIDE))) for angle in (elbow_deg + 10, elbow_deg)
    )
    assert deeper > deep


def effort_of(track: PoseTrack) -> list[float]:
    return [arms_bent(track.pose(k), geometry.torso_px(track.pose(0))) for k in range(len(track))]


@pytest.mark.parametrize("camera", [FRONT, REAR])
def test_someone_who_stands_with_hanging_arms_does_no_push_up(camera: Camera) -> None:
    track = record(lambda _t_s: Squatter(arms_up=0.0).body(0.0), 3.0, camera)
    assert not any(plank_on_hands(track.pose(k)) for k in range(0, len(track), 10))
