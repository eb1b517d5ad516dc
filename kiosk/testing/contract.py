"""What every exercise must keep, as tests that a plugin inherits."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import cast

import numpy as np

from kiosk.movement import geometry
from kiosk.movement.detail import BACK_SHARES, Detail
from kiosk.movement.exercise import AssessedBy, Check, DetailMeasure, Exercise, PoseMeasure, RepMeasure
from kiosk.movement.pose import KEYPOINTS, FloatArray, Keypoint, Pose, PoseTrack
from kiosk.movement.reps import Phase, Rep, RepTrace
from kiosk.movement.view import View
from kiosk.testing.joints import JointCurves, Support
from kiosk.testing.people import FRONT, SIDE, PushUpper, Squatter

#: What a screen can show across a room.
MOST_WORDS = 7
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TORSO_PX = 110.0
_ON_ONE_LEG = JointCurves(Support.LEFT_LEG, knee_deg=(178, 120), shin_deg=(0, 25))
_PLANK = JointCurves(Support.FOREARMS, shoulder_deg=80)


class ExerciseContract:
    """Subclass it in a plugin's tests, name the class ``Test...`` and give it the ``exercise``.

    Each inherited test says one thing that the kiosk relies on, whatever the exercise is.
    """

    exercise: Exercise

    def test_its_slugs_are_small_letters_digits_and_single_hyphens(self) -> None:
        """Slugs go into addresses, file names and reports."""
        slugs = [self.exercise.slug, *(check.slug for check in self.exercise.checks)]
        wrong = [slug for slug in slugs if not _SLUG.fullmatch(slug)]
        assert not wrong, f"not a slug: {wrong}"

    def test_each_check_is_declared_once(self) -> None:
        """A report names a check by its slug."""
        slugs = [check.slug for check in self.exercise.checks]
        assert slugs, "an exercise without checks has nothing to say"
        assert len(slugs) == len(set(slugs)), f"declared twice: {sorted({s for s in slugs if slugs.count(s) > 1})}"

    def test_it_has_passes_that_ask_for_reps_or_for_a_hold(self) -> None:
        """A pass of nothing would never end; all of an exercise are of one kind."""
        assert self.exercise.passes, "an exercise needs at least one pass"
        asked = [(one.reps, one.hold_s) for one in self.exercise.passes]
        if self.exercise.hold is None:
            assert all(reps > 0 and not hold_s for reps, hold_s in asked), "each pass asks for reps"
        else:
            assert all(hold_s > 0 and not reps for reps, hold_s in asked), "each pass of a hold asks for seconds"
            assert 1 <= self.exercise.hold.part_s <= 15, "parts of a hold are seconds long"

    def test_all_of_its_passes_are_done_per_side_or_none_is(self) -> None:
        """Results are told per side; a pass of both would belong nowhere."""
        sides = {one.side for one in self.exercise.passes}
        assert sides == {None} or None not in sides, "give every pass a side, or none"

    def test_its_checks_are_measured_when_it_happens(self) -> None:
        """A hold has no top and no bottom, and reps are not held."""
        for check in self._assessed():
            if self.exercise.hold is not None:
                assert check.phase in (Phase.HOLD, Phase.WHOLE), f"{check.slug}: a hold has no {check.phase.value}"
                assert check.assessed_by is not AssessedBy.SECOND_MODEL, f"{check.slug}: it looks at reps only"
            else:
                assert check.phase is not Phase.HOLD, f"{check.slug}: there are reps, so name a phase of them"

    def test_what_it_asks_can_be_read_across_the_room(self) -> None:
        """At most seven words, and never none."""
        asks = [self.exercise.start_ask, *(one.ask for one in self.exercise.passes)]
        wrong = [ask for ask in asks if not 0 < len(ask.split()) <= MOST_WORDS]
        assert not wrong, f"not 1 to {MOST_WORDS} words: {wrong}"

    def test_every_check_is_seen_in_a_pass_or_says_why_not(self) -> None:
        """A check whose view no pass shows would be declared for nothing; the rear serves where the front does."""
        shown = {one.view for one in self.exercise.passes}
        for check in self.exercise.checks:
            assert shown & set(check.views), f"{check.slug}: no pass shows {[view.value for view in check.views]}"

    def test_assessed_checks_have_limits_and_a_measure(self) -> None:
        """Without two limits there is no band."""
        for check in self._assessed():
            assert check.measure is not None, f"{check.slug} has no measure"
            assert check.clear is not None and check.sign is not None, f"{check.slug} has no limits"
            assert check.clear != check.sign, f"{check.slug}: between the limits lies what the camera cannot tell"
            assert check.weight >= 0, f"{check.slug}: a sign cannot win points"

    def test_what_is_not_assessed_says_why(self) -> None:
        """The member reads the reason."""
        for check in self.exercise.checks:
            if check.assessed_by in (AssessedBy.PROXY, AssessedBy.NOTHING):
                assert check.reason, f"{check.slug} is {check.assessed_by.value} and gives no reason"

    def test_its_least_range_and_planted_keypoints_make_sense(self) -> None:
        """A range of 0 would count breathing; nothing planted would count walking. A hold counts nothing."""
        if self.exercise.hold is not None:
            return
        assert 0 < self.exercise.least_range <= 1
        assert self.exercise.shortest_s > 0
        assert self.exercise.planted
        assert all(keypoint in set(Keypoint) for keypoint in self.exercise.planted)

    def test_its_start_answers_yes_or_no_whatever_was_seen(self) -> None:
        """Keypoints come and go; a start that raises would end the visit."""
        for pose in _poses():
            assert isinstance(self.exercise.start(pose), bool), "start must return a bool"
            if self.exercise.hold is not None:
                assert isinstance(self.exercise.hold.posture(pose), bool), "the posture of a hold must return a bool"

    def test_nobody_at_all_does_not_start_it(self) -> None:
        """Comparisons with NaN are false; `not ...` turns them to true."""
        assert self.exercise.start(_nobody()) is False
        assert self.exercise.hold is None or self.exercise.hold.posture(_nobody()) is False

    def test_its_effort_is_a_number_whatever_was_seen(self) -> None:
        """NaN where it cannot be told, never an exception and never infinite."""
        for pose, torso_px in itertools.product(_poses(), (_TORSO_PX, math.nan)):
            effort = self.exercise.effort(pose, torso_px)
            assert isinstance(effort, float), f"effort must return a float, not {type(effort).__name__}"
            assert not math.isinf(effort)
        assert math.isnan(self.exercise.effort(_nobody(), _TORSO_PX)), "nobody has no effort"

    def test_its_measures_are_numbers_whatever_was_seen(self) -> None:
        """NaN where it was not seen, never an exception and never infinite."""
        for check in self._assessed():
            for pose in _poses():
                value = _measured(check, pose)
                assert isinstance(value, float), f"{check.slug} must return a float, not {type(value).__name__}"
                assert not math.isinf(value), f"{check.slug} is infinite"

    def test_its_measures_see_nothing_in_nobody(self) -> None:
        """What was not seen is never guessed."""
        for check in self._assessed():
            assert math.isnan(_measured(check, _nobody())), f"{check.slug} has a value although nothing was seen"

    def test_its_side_measures_are_numbers_whatever_was_seen(self) -> None:
        """Left against right, with the same care."""
        for measure in self.exercise.sides:
            for pose in _poses():
                for side in (0, 1):
                    assert isinstance(measure.of_side(pose, pose, side), float), f"{measure.name}: not a float"

    def _assessed(self) -> Iterator[Check]:
        return (check for check in self.exercise.checks if check.assessed_by is not AssessedBy.NOTHING)


def _measured(check: Check, pose: Pose) -> float:
    if check.assessed_by is AssessedBy.SECOND_MODEL:
        detail = _detail(pose)
        return cast(DetailMeasure, check.measure)(detail, detail)
    if check.phase is not Phase.WHOLE:
        return cast(PoseMeasure, check.measure)(pose, pose)
    track = PoseTrack(np.stack([pose.xy] * 12), np.stack([pose.score] * 12), np.arange(12) / 30, pose.size_px)
    rep = Rep(1, 0, 6, 11, 0.0, 0.2, 11 / 30, 0.2, 0.0, 0.2, 1.0, complete=True)
    return cast(RepMeasure, check.measure)(RepTrace(rep, track, pose, View.SIDE))


def _detail(pose: Pose) -> Detail:
    """Return what a second model could have seen of a pose: feet below the ankles, a straight back behind the hips."""
    ankles, hips = pose.xy[[15, 16, 15, 16]], geometry.pair(pose, Keypoint.LEFT_HIP)
    feet = ankles + np.array([[-5.0, 8.0], [-5.0, 8.0], [20.0, 10.0], [20.0, 10.0]])
    back = np.column_stack((np.full(len(BACK_SHARES), hips[0] - 20), hips[1] - 80 * np.array(BACK_SHARES)))
    return Detail(pose, feet, 0.0 if pose.sees(15) else math.nan, back)


def _poses() -> Iterator[Pose]:
    """Yield people whole, with each keypoint missing, with only one keypoint, all in one spot, and nobody."""
    for camera in (FRONT, SIDE):
        for body in (
            Squatter().body(0.0),
            Squatter().body(1.0),
            PushUpper().body(0.0),
            PushUpper().body(1.0),
            _ON_ONE_LEG.body(0.0),
            _ON_ONE_LEG.body(1.0),
            _PLANK.body(0.0),
        ):
            whole = camera.see(body)
            yield _pose(whole)
            for keypoint in range(KEYPOINTS):
                without, alone = whole.copy(), np.full_like(whole, np.nan)
                without[keypoint] = np.nan
                alone[keypoint] = whole[keypoint]
                yield _pose(without)
                yield _pose(alone)
    yield _pose(np.full((KEYPOINTS, 2), 100.0))
    yield _nobody()


def _nobody() -> Pose:
    return _pose(np.full((KEYPOINTS, 2), np.nan))


def _pose(xy: FloatArray) -> Pose:
    return Pose(xy, np.where(np.isnan(xy[:, 0]), 0.0, 0.9), 0.0, (640, 480))
