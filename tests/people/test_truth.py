import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.bench.accuracy.recordings import ideal_track, read_recording
from kiosk.bench.accuracy.truth import true_values
from kiosk.movement.view import View
from tests.people.body import Body
from tests.people.motion import Performance
from tests.people.scenario import PUSH_UP, SQUAT, Motion, Mounting, Person, RepPlan, Scenario
from tests.people.sizes import exercise_of
from tests.people.truth import Truth, truth_file, truth_of, write_truth

BODY = "man-40-light"
FPS = 10.0


def scenario(exercise: str, view: View, *faults: dict[str, float], **camera: Any) -> Scenario:
    return Scenario(
        exercise,
        view,
        "tune",
        3,
        Person(BODY),
        camera=Mounting(fps=FPS, **camera),
        motion=Motion(jitter=0.0),
        reps=tuple(RepPlan(one) for one in faults),
    )


def performed(wanted: Scenario) -> Performance:
    return Performance(wanted, Body.load(BODY))


def truth(wanted: Scenario) -> Truth:
    return truth_of(wanted, Body.load(BODY), performed(wanted))


def written(wanted: Scenario, folder: Path) -> Path:
    """The truth of a scenario beside an empty recording; its truth.json."""
    stem = folder / "some"
    write_truth(stem, truth(wanted), {"made_from": {}})
    stem.with_name("some.mp4").touch()
    return truth_file(stem)


# -- keypoints -------------------------------------------------------------------------------------------------------


def test_a_camera_like_the_ideal_one_sees_what_it_sees() -> None:
    seen = truth(scenario(SQUAT, View.FRONT, {}, tilt_deg=0.0, width_px=1280, height_px=960))
    np.testing.assert_allclose(seen.xy, seen.ideal_xy, atol=1e-6)
    assert seen.facts["ideal_size_px"] == [1280, 960]


def test_a_camera_that_hangs_askew_moves_what_is_seen_and_not_the_ideal() -> None:
    straight, askew = (truth(scenario(SQUAT, View.FRONT, {}, yaw_deg=yaw, height_m=1.3)) for yaw in (0.0, 15.0))
    np.testing.assert_array_equal(straight.ideal_xy, askew.ideal_xy)
    assert np.abs(straight.xy - askew.xy).max() > 3


def test_there_is_a_pose_for_every_frame() -> None:
    seen = truth(scenario(PUSH_UP, View.SIDE, {}, {}))
    assert seen.xy.shape == seen.ideal_xy.shape == (len(seen.t_s), 17, 2)
    assert seen.facts["duration_s"] == pytest.approx(len(seen.t_s) / FPS)
    assert np.isfinite(seen.xy).all() and np.isfinite(seen.ideal_xy).all()


# -- the times of reps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("exercise", "view"), [(SQUAT, View.FRONT), (PUSH_UP, View.SIDE)])
def test_a_rep_starts_and_ends_at_a_tenth_of_its_way(exercise: str, view: View) -> None:
    wanted = scenario(exercise, view, {}, {"head_drop": 20.0})
    performance, joints = performed(wanted), [11, 12] if exercise == SQUAT else [5, 6]

    def height_m(t_s: float) -> float:
        return float(performance.body.keypoints_at(performance.at(t_s).person)[joints, 2].mean())

    facts = truth(wanted).facts["reps"]
    assert len(facts) == 2
    for rep, timed in zip(facts, performance.reps, strict=True):
        assert timed.begins_s < rep["start_s"] < rep["bottom_s"] < rep["end_s"] < timed.ends_s
        assert rep["bottom_s"] == pytest.approx(timed.bottom_s, abs=1e-3)
        bottom_m = height_m(timed.bottom_s)
        for top_s, edge_s in ((timed.begins_s, rep["start_s"]), (timed.ends_s, rep["end_s"])):
            assert (height_m(top_s) - height_m(edge_s)) / (height_m(top_s) - bottom_m) == pytest.approx(0.1, abs=0.01)


# -- the size of faults ----------------------------------------------------------------------------------------------

#: What grows by which check's measure on the ideal keypoints; the least difference, in the check's own units.
MOVED = [
    (SQUAT, View.FRONT, "knees-in", {"knee_in": 20.0}, -0.4),
    (SQUAT, View.FRONT, "weight-shift", {"shift": 0.06}, 0.08),
    (SQUAT, View.SIDE, "forward-lean", {"lean_extra": 20.0}, 12),
    (SQUAT, View.SIDE, "arms-fall-forward", {"arms_fwd": 35.0}, 25),
    (SQUAT, View.SIDE, "shallow-depth", {"depth": 0.6}, 0.25),
    (PUSH_UP, View.SIDE, "hips-sag", {"sag": 20.0}, 12),
    (PUSH_UP, View.SIDE, "hips-pike", {"sag": -25.0}, 12),
    (PUSH_UP, View.SIDE, "shallow-depth", {"depth": 0.6}, 15),
    (PUSH_UP, View.SIDE, "no-lockout", {"lockout": 40.0}, -20),
    (PUSH_UP, View.FRONT, "uneven-push", {"roll": -12.0}, 0.08),
]


@pytest.mark.parametrize(("exercise", "view", "check", "faults", "least"), MOVED)
@pytest.mark.parametrize("flank", ["left", "right"])
def test_a_fault_moves_the_measure_of_its_check_in_its_rep(
    tmp_path: Path, exercise: str, view: View, check: str, faults: dict[str, float], least: float, flank: str
) -> None:
    if flank == "right" and view is not View.SIDE:
        return
    wanted = scenario(exercise, view, {}, faults)
    wanted = replace(wanted, camera=replace(wanted.camera, flank=flank, yaw_deg=12.0))
    clean, faulty = true_values(exercise_of(wanted), read_recording(written(wanted, tmp_path)))[check]
    assert (faulty - clean) / least > 1


def test_what_keypoints_cannot_give_is_told_of_squats() -> None:
    plain, shaped = truth(
        scenario(SQUAT, View.FRONT, {}, {"toe_out": 30.0, "heel_lift": 15.0, "rounding": 25.0})
    ).facts["reps"]
    assert set(plain["truths"]) == {
        *("feet-turn-out", "feet-turn-in", "heels-rise", "low-back-rounds", "low-back-arches"),
    }
    assert abs(plain["truths"]["heels-rise"]) < 1.5
    assert 10 < shaped["truths"]["heels-rise"] < 20
    assert shaped["truths"]["low-back-rounds"] - plain["truths"]["low-back-rounds"] == pytest.approx(25, abs=2)
    assert shaped["truths"]["low-back-arches"] == -shaped["truths"]["low-back-rounds"]
    # As the standing foot counts, the fault of one rep is there only from that rep on.
    assert shaped["truths"]["feet-turn-out"] - plain["truths"]["feet-turn-out"] > 12


def test_the_lag_of_a_push_up_is_measured_on_its_shoulders() -> None:
    wanted = scenario(PUSH_UP, View.FRONT, {})
    lags_ms = (-120.0, 0.0, 40.0, 120.0)
    facts = truth(replace(wanted, reps=tuple(RepPlan({}, lag_ms) for lag_ms in lags_ms))).facts["reps"]
    measured_ms = [rep["truths"]["lag_ms"] for rep in facts]
    # The trunk takes the one shoulder along with the other a little.
    np.testing.assert_allclose(measured_ms, np.multiply(0.88, lags_ms), atol=3)
    assert [rep["faults"] for rep in facts] == [{"lag_ms": -120.0}, {}, {"lag_ms": 40.0}, {"lag_ms": 120.0}]


# -- the files -------------------------------------------------------------------------------------------------------


def test_the_files_are_a_labelled_recording(tmp_path: Path) -> None:
    wanted = scenario(SQUAT, View.SIDE, {}, {"arms_fwd": 30.0}, yaw_deg=8.0)
    facts = written(wanted, tmp_path)
    recording = read_recording(facts)
    assert (recording.exercise, recording.view, recording.part) == (SQUAT, View.SIDE, "tune")
    assert len(recording.reps) == 2
    assert recording.factors["body"] == BODY and recording.factors["yaw_deg"] == 8.0
    assert recording.factors["sex"] == "male" and recording.factors["age"] == "40"
    track = ideal_track(recording)
    np.testing.assert_allclose(track.t_s, truth(wanted).t_s)
    assert json.loads(facts.read_text(encoding="utf-8"))["reps"][1]["faults"] == {"arms_fwd": 30.0}
    assert not list(tmp_path.glob(".*"))


def test_what_is_no_exercise_has_no_reps(tmp_path: Path) -> None:
    idle = replace(scenario("idle", View.FRONT), motion=Motion(lasts_s=2.0))
    recording = read_recording(written(idle, tmp_path))
    assert recording.exercise is None and recording.reps == ()
    assert recording.factors["negative"] == "idle"


def test_every_true_value_is_a_number(tmp_path: Path) -> None:
    for exercise, view in ((SQUAT, View.SIDE), (PUSH_UP, View.FRONT)):
        wanted = scenario(exercise, view, {}, {})
        values = true_values(exercise_of(wanted), read_recording(written(wanted, tmp_path)))
        assert all(math.isfinite(value) for each in values.values() for value in each)
        assert all(len(each) == 2 for each in values.values())
