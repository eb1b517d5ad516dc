"""What the plank hold sees, on people whose faults are known."""

from dataclasses import replace

import pytest
from kiosk_plank_hold import kiosk_register_exercises, on_forearms, plank_hold

from kiosk import Pose, PoseTrack, View
from kiosk.testing import (
    FLOOR_SIDE,
    FRONT,
    SIDE,
    Build,
    Camera,
    ExerciseContract,
    Finding,
    JointCurves,
    Person,
    PushUpper,
    Report,
    Squatter,
    Status,
    Support,
    hold,
    record,
    scanned,
)

PLANK = JointCurves(Support.FOREARMS, shoulder_deg=78, hip_deg=178)
KNEELING = JointCurves(Support.KNEES, knee_deg=60, hip_deg=120, shoulder_deg=90)
SIGNS = {
    "hips-sag": replace(PLANK, hip_deg=194),
    "hips-rise": replace(PLANK, hip_deg=158, shoulder_deg=82),
    "head-hangs": replace(PLANK, head_deg=30),
    "shoulders-off": replace(PLANK, shoulder_deg=106),
}
BETWEEN = {
    "hips-sag": replace(PLANK, hip_deg=186.5),
    "hips-rise": replace(PLANK, hip_deg=166.5, shoulder_deg=80),
    "head-hangs": replace(PLANK, head_deg=14.5),
    "shoulders-off": replace(PLANK, shoulder_deg=97.5),
}
BUILDS = {
    "usual": Build(),
    "long legs": Build(thigh=1.0, shin=1.0),
    "short legs and arms": Build(thigh=0.7, shin=0.7, upper_arm=0.5, forearm=0.42),
    "broad": Build(shoulders=0.85, hips=0.55),
}


class TestContract(ExerciseContract):
    exercise = plank_hold


def scan(person: JointCurves, camera: Camera = FLOOR_SIDE, *, seconds: float = 30.0, fps: float = 30.0) -> Report:
    track = hold(person, seconds, camera, resting=KNEELING, fps=fps, noise_px=1.0)
    return scanned(plank_hold, (track, View.SIDE))


def finding(report: Report, slug: str) -> Finding:
    return next(f for f in report.findings if f.check.slug == slug)


def signs(report: Report) -> set[str]:
    return {f.check.slug for f in report.findings if f.status is Status.SIGN}


def held_s(report: Report) -> float:
    (one,) = report.passes
    assert one.held_s is not None
    return one.held_s


def pose_of(person: Person, camera: Camera = FLOOR_SIDE) -> Pose:
    return record(lambda _t: person.body(0.0, 0.0), 0.1, camera).pose(0)


def test_the_hook_brings_this_exercise() -> None:
    assert kiosk_register_exercises() == [plank_hold]


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
@pytest.mark.parametrize("camera", [FLOOR_SIDE, Camera(yaw_deg=-90, at_px=(510, 400))], ids=["right", "left"])
def test_a_clean_hold_of_anybody_shows_nothing_and_scores_full(build: Build, camera: Camera) -> None:
    report = scan(replace(PLANK, build=build), camera)
    assert {f.status for f in report.findings} == {Status.CLEAR}
    assert report.score.value == 100
    assert held_s(report) == pytest.approx(30, abs=0.3)


@pytest.mark.parametrize("slug", SIGNS)
def test_each_check_finds_its_own_sign_and_no_other_check_does(slug: str) -> None:
    report = scan(SIGNS[slug])
    assert signs(report) == {slug}
    assert finding(report, slug).from_rep == 1


@pytest.mark.parametrize("slug", BETWEEN)
def test_between_the_limits_it_says_that_it_is_unsure(slug: str) -> None:
    assert finding(scan(BETWEEN[slug]), slug).status is Status.UNSURE


def test_hips_that_sink_from_the_middle_on_are_seen_from_there_on() -> None:
    tiring = replace(PLANK, hip_deg=lambda share: 178 + 22 * max(0.0, min(1.0, 8 * (share - 0.4))))
    report = scan(tiring)
    assert signs(report) == {"hips-sag", "hips-sink"}
    sag, sink = finding(report, "hips-sag"), finding(report, "hips-sink")
    assert (sag.from_rep, sink.from_rep) == (4, 4)
    begins = {one.rep.number: one.rep.held_before_s for one in report.reps}
    assert begins[4] == pytest.approx(15, abs=0.3)


def test_hips_that_hang_all_through_have_not_sunk() -> None:
    report = scan(SIGNS["hips-sag"])
    assert finding(report, "hips-sink").status is Status.CLEAR


@pytest.mark.parametrize("fps", [10.0, 15.0, 60.0])
def test_the_time_under_tension_is_the_same_at_any_speed_of_the_camera(fps: float) -> None:
    assert held_s(scan(PLANK, seconds=12.0, fps=fps)) == pytest.approx(12, abs=0.3)


def test_knees_on_the_floor_end_the_time() -> None:
    def gives_up(t_s: float) -> JointCurves:
        return PLANK if t_s < 8 else KNEELING

    track = record(lambda t_s: gives_up(t_s).body(0.0), 20.0, FLOOR_SIDE)
    assert held_s(scanned(plank_hold, (track, View.SIDE))) == pytest.approx(8, abs=0.3)


def test_the_far_limbs_need_not_be_seen() -> None:
    track = hold(PLANK, 20.0, resting=KNEELING)
    xy = track.xy.copy()
    xy[:, [5, 7, 9, 11, 13, 15]] = float("nan")
    report = scanned(plank_hold, (PoseTrack(xy, track.score, track.t_s, track.size_px), View.SIDE))
    assert held_s(report) == pytest.approx(20, abs=0.3)
    assert signs(report) == set()


OTHERS: dict[str, tuple[Person, Camera]] = {
    "standing": (Squatter(), SIDE),
    "the bottom of a squat": (JointCurves(knee_deg=90, hip_deg=70, shin_deg=30), SIDE),
    "kneeling": (KNEELING, FLOOR_SIDE),
    "an incline push-up": (PushUpper(), SIDE),
    "a push-up on the floor": (JointCurves(Support.HANDS, shoulder_deg=70), FLOOR_SIDE),
    "its bottom": (JointCurves(Support.HANDS, shoulder_deg=70, elbow_deg=(175, 80)), FLOOR_SIDE),
    "facing the camera": (Squatter(), FRONT),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_plank_on_the_forearms_does_not_start_it(name: str) -> None:
    person, camera = OTHERS[name]
    assert not on_forearms(pose_of(person, camera))
    bottom = record(lambda _t: person.body(1.0, 1.0), 0.1, camera).pose(0)
    assert not on_forearms(bottom)


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_a_plank_on_the_forearms_starts_it_however_bad(build: Build) -> None:
    for person in (PLANK, *SIGNS.values()):
        assert on_forearms(pose_of(replace(person, build=build)))
