"""What is seen of the person: exactly in each frame where it counts, ten times a second where it is only said."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from kiosk.movement.pose import Pose
from kiosk.movement.view import View
from kiosk.station import sight
from kiosk.station.framing import NOBODY, TOO_FAR, Ask
from kiosk.station.sight import LOOK_S, Sight
from kiosk.testing import SIDE, Camera

from .visits import FPS, arms_up, nobody, standing

FAR = standing(0.1, Camera(torso_px=40.0, at_px=(320.0, 300.0))).pose(0)


def seeing(pose: Pose, t_s: float = 0.0, *, crowd: bool = False, dark: bool = False) -> Sight:
    seen = Sight()
    at = replace(pose, t_s=t_s)
    seen.see(at, at, crowd=crowd, dark=dark)
    return seen


def test_before_the_first_pose_nobody_is_there() -> None:
    seen = Sight()
    assert (seen.there, seen.crowded, seen.dark, seen.view, seen.t_s) == (False, False, False, None, -math.inf)
    assert seen.what_to_change() == NOBODY


def test_somebody_else_makes_a_crowd_only_with_somebody_there() -> None:
    assert seeing(standing(0.1).pose(0), crowd=True).crowded
    assert not seeing(nobody(), crowd=True).crowded


def test_the_view_is_as_of_the_newest_pose_and_is_forgotten_with_the_camera() -> None:
    seen = seeing(arms_up(0.1).pose(0))
    assert seen.view is View.FRONT
    for k in range(60):
        pose = replace(arms_up(0.1, SIDE).pose(0), t_s=k / FPS)
        seen.see(pose, pose, crowd=False, dark=False)
    assert seen.view is View.SIDE
    seen.lose(40.0)
    assert (seen.view, seen.t_s) == (None, 40.0)


def test_how_somebody_stands_is_looked_at_ten_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_s: list[float] = []

    def counted(pose: Pose, *, dark: bool, loose: bool) -> Ask | None:
        looked_s.append(pose.t_s)
        return None

    monkeypatch.setattr(sight, "what_to_change", counted)
    seen = Sight()
    for k in range(90):
        pose = replace(standing(0.1).pose(0), t_s=k / FPS)
        seen.see(pose, pose, crowd=False, dark=False)
        seen.what_to_change()
    assert 25 <= len(looked_s) <= 31


def test_what_is_asked_is_never_older_than_a_look() -> None:
    seen = seeing(FAR)
    assert seen.what_to_change() == TOO_FAR
    good = standing(0.1).pose(0)
    for t_s, asked in ((LOOK_S / 2, TOO_FAR), (1.01 * LOOK_S, None)):
        pose = replace(good, t_s=t_s)
        seen.see(pose, pose, crowd=False, dark=False)
        assert seen.what_to_change() == asked


def test_another_state_looks_afresh_and_has_no_crowd_yet() -> None:
    seen = seeing(FAR, crowd=True)
    seen.what_to_change()
    pose = standing(0.1).pose(0)
    seen.see(pose, pose, crowd=True, dark=False)
    seen.begin()
    assert not seen.crowded
    assert seen.what_to_change() is None


def test_a_clock_that_goes_back_does_not_stop_the_looking() -> None:
    seen = seeing(FAR, 500.0)
    seen.what_to_change()
    pose = standing(0.1).pose(0)
    seen.see(pose, pose, crowd=False, dark=False)
    assert seen.what_to_change() is None
