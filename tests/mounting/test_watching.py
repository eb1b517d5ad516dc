"""The check as it runs: what the page is shown, and when an outcome is told."""

from __future__ import annotations

import numpy as np

from kiosk.mounting.geometry import Known
from kiosk.mounting.steps import ARMS, MARK, STILL_S
from kiosk.mounting.watching import EveryFrame, Outcome, Watching
from kiosk.movement.pose import Pose
from kiosk.vision.camera import Frame, Image
from kiosk.vision.focus import sharpness
from tests.vision.fake_cameras import TestedCamera

from .placed import STEP_M, Hung, exact, somebody

HUNG, STATURE_M, FPS = Hung(1.0, 3.2, fov_deg=80), 1.78, 10
BODY = somebody("man-30-medium", STATURE_M)
NOISE = np.random.default_rng(1).integers(60, 200, (720, 1280, 3)).astype(np.uint8)


class Seer:
    """A pose model that sees what it is told."""

    def __init__(self) -> None:
        self.pose = exact(HUNG, BODY)

    def estimate(self, _image: Image, t_s: float) -> Pose:
        return Pose(self.pose.xy, self.pose.score, t_s, self.pose.size_px)


class Check:
    """A check whose frames the test gives."""

    def __init__(self, known: Known | None = Known(STATURE_M, lens_deg=80.0)) -> None:  # noqa: B008 - a frozen one
        self.outcomes: list[Outcome] = []
        self.seer = Seer()
        self.camera = TestedCamera(live=False)
        self.frames = EveryFrame(self.camera)
        self.watching = Watching(
            self.frames, self.seer, None if known is None else lambda: known, 24.0, self.outcomes.append
        )
        self.number = 0

    def shows(self, pose: Pose, image: Image = NOISE, every: int = 1) -> None:
        self.seer.pose = pose
        for _ in range(round((STILL_S + 0.5) * FPS)):
            self.watching.look(Frame(self.number * every, self.number / FPS, (1280, 720), image, None), image)
            self.number += 1

    def goes_well(self) -> None:
        for step, arms in ((0.0, 0.0), (0.0, 1.0), (-STEP_M, 0.0)):
            self.shows(exact(HUNG, BODY, step_m=step, arms=arms))


def test_a_check_that_is_gone_through_tells_its_outcome_once() -> None:
    check = Check()
    check.goes_well()
    check.shows(exact(HUNG, BODY))
    (outcome,) = check.outcomes
    assert outcome.place is not None
    assert abs(outcome.place.height_m - 1.0) < 0.05
    assert outcome.well is all(line.ok is not False for line in outcome.lines)
    assert [line["name"] for line in check.watching.sight.state["lines"]] == [line.name for line in outcome.lines]


def test_nothing_is_checked_before_somebody_begins() -> None:
    check = Check(None)
    check.goes_well()
    assert check.outcomes == []
    assert check.watching.sight.state["asked"] is False
    check.watching.begin(lambda: Known(STATURE_M, lens_deg=80.0))
    check.goes_well()
    assert len(check.outcomes) == 1


def test_beginning_anew_forgets_what_was_found() -> None:
    check = Check()
    check.goes_well()
    check.watching.begin(lambda: Known(STATURE_M, lens_deg=80.0))
    check.shows(exact(HUNG, BODY, arms=1.0))
    state = check.watching.sight.state
    assert (state["step"], state["says"], state["lines"]) == (0, MARK, [])


def test_the_page_is_shown_where_the_body_is_and_what_to_do() -> None:
    check = Check()
    check.shows(exact(HUNG, BODY))
    state = check.watching.sight.state
    assert check.watching.sight.image is NOISE
    assert state["says"] == ARMS
    assert state["step"] == 1
    assert all(0 < x < 1 and 0 < y < 1 for x, y in state["keypoints"])
    assert 120 < state["brightness"] < 140


def test_frames_that_were_passed_over_count_for_the_rate_of_the_camera() -> None:
    check = Check()
    check.shows(exact(HUNG, BODY), every=3)
    assert check.watching.sight.state["fps"] == 30.0


def test_a_blurred_picture_is_told_against_the_sharpest_one() -> None:
    check = Check()
    check.shows(exact(HUNG, BODY))
    assert check.watching.sight.state["focus"] == 1.0
    flat = np.repeat(np.repeat(NOISE[::16, ::16], 16, axis=0), 16, axis=1)
    check.shows(exact(HUNG, BODY), np.ascontiguousarray(flat))
    assert check.watching.sight.state["focus"] < 0.6


def test_a_recording_is_looked_at_to_its_end_and_the_last_moment_stays() -> None:
    check = Check()
    check.camera.put(*(Frame(n, n / FPS, (1280, 720), NOISE, None) for n in range(3)), None)
    check.watching.run(lambda: False)
    assert check.frames.ended
    assert check.watching.sight.image is NOISE


def test_sharpness_is_that_of_the_person_not_of_the_wall() -> None:
    pose = exact(HUNG, BODY)
    image = np.full((720, 1280, 3), 90, np.uint8)
    image[:, :300] = NOISE[:, :300]
    assert sharpness(image) > 0
    assert sharpness(image, pose) == 0.0
    nobody = Pose(np.full((17, 2), np.nan), np.zeros(17), 0.0, (1280, 720))
    assert sharpness(image, nobody) == sharpness(image)
