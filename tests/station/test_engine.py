"""The one loop, with everything around it replaced by something that remembers."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kiosk.movement.detail import BACK_SHARES, NO_DETAILS, Detail
from kiosk.movement.pose import Pose
from kiosk.movement.view import View
from kiosk.station.closer import CloserLook
from kiosk.station.display import PATTERNS as SHOWN
from kiosk.station.display import VERDICT_S
from kiosk.station.lights import PATTERNS
from kiosk.station.live import Shares
from kiosk.station.visit import State, VisitTimes
from kiosk.vision.camera import Frame
from kiosk.vision.close_up import CloseUp

from .fakes import FakeModel, frame_of, picture_at
from .stations import Station, empty, timed, visit
from .visits import (
    arms_up,
    nobody,
    squats,
    standing,
)

# -- frames and views --------------------------------------------------------------------------------------------


def test_each_frame_becomes_one_view_with_a_rising_number() -> None:
    frames = timed(standing(2.0))
    station = Station().run(frames)
    assert [view.sequence for view in station.board.views] == list(range(1, len(frames) + 1))
    assert [view.t_s for view in station.board.views] == [round(frame.t_s, 3) for frame in frames]


def test_step_returns_the_view_that_was_published() -> None:
    station = Station()
    assert station.engine.step(timed(standing(0.1))[0]) is station.board.view


def test_the_skeleton_is_published_as_shares_of_the_picture() -> None:
    station = Station().run(timed(standing(0.1)))
    pose = standing(0.1).pose(0)
    view = station.board.view
    assert view.size_px == (640, 480)
    assert len(view.keypoints) == 17
    assert view.keypoints[0] == pytest.approx((*(pose.xy[0] / (640, 480)), 0.9), abs=1e-3)


def test_what_was_not_seen_is_none_in_the_shares() -> None:
    assert Shares(nobody()) == (None,) * 17
    half = replace(standing(0.1).pose(0), xy=np.where(np.arange(17)[:, None] < 5, np.nan, standing(0.1).pose(0).xy))
    assert [point is None for point in Shares(half)] == [True] * 5 + [False] * 12


def test_every_view_of_a_visit_can_be_sent_as_json() -> None:
    station = Station().run(visit())
    for view in station.board.views:
        assert json.loads(view.as_json)["sequence"] == view.sequence


def test_a_recording_that_ends_ends_the_run() -> None:
    station = Station().run(timed(standing(0.5)))
    assert station.frames.ended


def test_asked_to_stop_it_stops_before_the_next_frame() -> None:
    station = Station()
    station.over(timed(standing(1.0))).run(lambda: len(station.board.views) >= 5)
    assert len(station.board.views) == 5


def test_frames_without_poses_and_without_a_model_end_the_process() -> None:
    with pytest.raises(RuntimeError, match="need a model"):
        Station().run([picture_at(0.0)])


def test_a_model_that_dies_takes_the_process_with_it() -> None:
    def die(_t_s: float) -> Pose:
        raise MemoryError("no room for the picture")

    with pytest.raises(MemoryError):
        Station(model=FakeModel(die)).run([picture_at(0.0)])


def test_the_views_name_model_speed_and_standing_problems() -> None:
    station = Station(problems=("The lights stay dark.",)).run(timed(standing(3.0)))
    view = station.board.view
    assert (view.model, view.problems) == ("fake", ("The lights stay dark.",))
    assert view.fps == pytest.approx(30.0, rel=0.1)
    assert view.camera == "ok"


def test_inference_time_is_measured_with_the_clock() -> None:
    station = Station()

    def pose_at(t_s: float) -> Pose:
        station.now_s += 0.02
        return nobody(t_s)

    station.model = FakeModel(pose_at)
    station.run([picture_at(k / 10) for k in range(5)])
    assert station.board.view.inference_ms == pytest.approx(20.0)


# -- a visit -----------------------------------------------------------------------------------------------------


def test_a_visit_is_seen_counted_judged_and_stored() -> None:
    station = Station().run(visit())
    assert station.states == ["idle", "framing", "ready", "scan", "pain", "turn", "scan", "pain", "result", "idle"]
    (report,) = station.store.stored.values()
    assert report["exercise"] == "overhead-squat"
    assert [rep["view"] for rep in report["reps"]] == ["front"] * 5 + ["side"] * 5
    assert report["source"]["name"] == "the test's camera"
    assert report["model"] == "fake"


def test_the_result_is_stored_before_it_is_told_and_before_it_is_published() -> None:
    events = Station().run(visit()).events
    stored = events.index("stored id1")
    told = next(k for k, event in enumerate(events) if event.startswith("told Result id1"))
    assert stored < told < events.index("published id1")


def test_the_result_is_named_only_while_it_is_shown() -> None:
    views = Station().run(visit()).board.views
    assert {view.result_id for view in views if view.state == "result"} == {"id1"}
    assert {view.result_id for view in views if view.state != "result"} == {None}


def test_reps_are_told_one_by_one_with_their_verdict() -> None:
    told = Station().run(visit()).told
    assert "Overhead squat, seen from the front:" in told
    assert "Overhead squat, seen from the side:" in told
    reps = [line for line in told if line.startswith("  rep ")]
    assert [line.split(":")[0] for line in reps] == [f"  rep {number}" for number in (1, 2, 3, 4, 5)] * 2


def test_the_summary_names_signs_score_and_what_to_work_on_first() -> None:
    frames = timed(squats(5, knees_ratio=0.5), empty(14.0))
    summary = Station().run(frames).told[-1]
    assert "Result id1: Overhead squat" in summary
    assert "sign: Knees move inward (0.5 " in summary
    assert "Work on first: Knees over your toes" in summary


def test_an_unanswered_pain_question_is_noted_in_the_report() -> None:
    (report,) = Station().run(visit()).store.stored.values()
    assert "The question about pain was not answered." in report["notes"]


def test_commands_from_the_board_reach_the_visit() -> None:
    station = Station()
    frames = timed(squats(3), standing(1.0))
    for frame in frames[:-10]:
        station.engine.step(frame)
    station.board.command("pain")
    assert station.engine.step(frames[-10]).state == "result"
    (report,) = station.store.stored.values()
    assert report["pain"] is True
    assert report["score"]["value"] is None
    assert report["programme"] == []
    assert not any("not answered" in note for note in report["notes"])


def test_pain_in_the_first_frame_of_a_scan_is_a_result_without_reps() -> None:
    station = Station()
    for frame in timed(arms_up(3.0)):
        if station.engine.step(frame).state == "scan":
            break
    station.board.command("pain")
    station.engine.step(frame_of(nobody(4.0)))
    (report,) = station.store.stored.values()
    assert (report["pain"], report["reps"]) == (True, [])
    assert report["source"]["size_px"] == [0, 0]


def test_a_stop_after_a_single_frame_of_scan_can_be_judged() -> None:
    station = Station()
    frames = timed(arms_up(3.0))
    scan = next(k for k, frame in enumerate(frames) if station.engine.step(frame).state == "scan")
    station.engine.step(frames[scan + 1])
    station.board.command("pain")
    station.engine.step(frames[scan + 2])
    assert len(station.store.stored) == 1


def test_two_visits_are_two_results() -> None:
    first, pause = visit(), 200.0
    second = [replace(f, t_s=f.t_s + pause, pose=replace(f.pose, t_s=f.t_s + pause)) for f in visit() if f.pose]
    station = Station().run(first, second)
    assert list(station.store.stored) == ["id1", "id2"]


# -- lights ------------------------------------------------------------------------------------------------------


def test_the_lights_tell_the_story_of_a_visit() -> None:
    shown = Station().run(visit()).lights.shown
    whole = [pattern for pattern in shown if pattern not in ("clean", "unsure", "sign")]
    story = [pattern for pattern, _ in itertools.groupby(whole)]
    assert story == ["idle", "framing", "ready", "scan", "framing", "scan", "result", "idle"]


@pytest.mark.parametrize(("ratio", "pattern"), [(1.25, "clean"), (0.5, "sign")])
def test_a_rep_shows_its_verdict_for_a_second_and_a_half_of_frame_time(ratio: float, pattern: str) -> None:
    # An arm raised high keeps every check of the front view clear.
    station = Station(times=VisitTimes())
    station.run(timed(squats(1, knees_ratio=ratio), arms_up(4.0)))
    first = next(k for k, view in enumerate(station.board.views) if view.last_rep)
    lit = [view.lit.pattern for view in station.board.views[first : first + 60]]
    assert lit.count(pattern) == pytest.approx(VERDICT_S * 30, abs=1)
    assert lit[0] == pattern
    assert lit[-1] == "scan"
    assert station.board.views[first + 59].last_rep is None


@pytest.mark.parametrize(
    ("items", "pattern"),
    [
        (lambda: timed(empty(1.0)), "idle"),
        (lambda: timed(standing(1.0)), "framing"),
        (lambda: timed(arms_up(1.2)), "ready"),
        (lambda: timed(arms_up(3.0)), "scan"),
        (lambda: timed(arms_up(3.0), empty(1.5)), "framing"),
        (lambda: timed(squats(5), arms_up(3.0)), "framing"),
        (lambda: [*timed(standing(1.0)), "The camera is away."], "trouble"),
    ],
    ids=["idle", "framing", "ready", "scan", "paused", "turn", "trouble"],
)
def test_each_state_has_its_light(items: Callable[[], list[Frame | str]], pattern: str) -> None:
    assert Station().run(items()).lights.lit.pattern == pattern


def test_every_state_has_a_pattern_that_the_lights_know() -> None:
    assert set(SHOWN) == set(State)
    assert set(SHOWN.values()) <= set(PATTERNS)


# -- the model ---------------------------------------------------------------------------------------------------


def pictures(seconds: float, start_s: float = 0.0) -> list[Frame]:
    return [picture_at(start_s + k / 30) for k in range(round(30 * seconds))]


def standing_at(t_s: float) -> Pose:
    return replace(standing(0.1).pose(0), t_s=t_s)


def test_the_model_forgets_the_person_after_the_visit() -> None:
    model = FakeModel(lambda t_s: standing_at(t_s) if t_s < 2 else nobody(t_s))
    Station(model=model).run(pictures(6.0))
    assert model.resets == 1


# -- the second model ----------------------------------------------------------------------------------------------


class TiltingReader:
    """A second model to which every heel is up at the bottom."""

    def read(self, shown: CloseUp, view: View, *, standing: bool) -> Detail:
        up = 0.0 if standing or view is View.FRONT else 14.0
        return Detail(shown.pose, np.full((4, 2), np.nan), up, np.full((len(BACK_SHARES), 2), np.nan))

    def forget(self) -> None: ...

    def rest(self) -> None: ...


def filmed_visit() -> tuple[FakeModel, list[Frame]]:
    """The usual visit as pictures, and a model that finds its poses in them."""
    frames = visit()
    poses = {frame.t_s: frame.pose for frame in frames}
    large = np.zeros((480, 640, 3), np.uint8)

    def pose_at(t_s: float) -> Pose:
        pose = poses[t_s]
        assert pose is not None
        return pose

    return FakeModel(pose_at), [replace(frame, image=large, pose=None) for frame in frames]


def heels_of(station: Station) -> dict[str, Any]:
    (report,) = station.store.stored.values()
    return next(check for check in report["checks"] if check["slug"] == "heels-rise")


def test_what_the_second_model_saw_reaches_the_result() -> None:
    model, frames = filmed_visit()
    with contextlib.closing(CloserLook(TiltingReader())) as closer:
        heels = heels_of(Station(model=model, closer=closer).run(frames))
    assert (heels["status"], heels["value"]) == ("sign", 14.0)
    assert len(heels["per_rep"]) >= 3


def test_without_a_second_model_the_result_says_so() -> None:
    model, frames = filmed_visit()
    heels = heels_of(Station(model=model).run(frames))
    assert (heels["status"], heels["reason"]) == ("not-assessed", NO_DETAILS.why)


def test_a_visit_that_ends_leaves_nothing_to_the_next_one() -> None:
    model, frames = filmed_visit()
    with contextlib.closing(CloserLook(TiltingReader())) as closer:
        Station(model=model, closer=closer).run(frames)
        assert closer.details().frames == ()


# -- the picture -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("enabled", "wanted"), [(True, True), (True, False), (False, True), (False, False)])
def test_the_picture_is_offered_only_when_enabled_and_wanted(enabled: bool, wanted: bool) -> None:
    station = Station(model=FakeModel(nobody), show_picture=enabled)
    if wanted:
        station.board.picture()
    station.engine.step(picture_at(0.0))
    offered = station.board._picture
    assert (offered is not None) == (enabled and wanted)


def test_a_time_gap_of_minutes_or_equal_times_break_nothing() -> None:
    pose = arms_up(0.1).pose(0)
    poses = [frame_of(replace(pose, t_s=t_s)) for t_s in (0.0, 0.0, 0.0, 500.0, 500.0)]
    station = Station().run(poses, timed(squats(1), start_s=900.0))
    assert len(station.board.views) == 5 + len(timed(squats(1)))


def test_the_view_carries_the_code_of_what_is_wrong_what_is_lit_and_whether_it_is_coached() -> None:
    station = Station().run(visit())
    empty_room, scanned = station.board.views[3], [view for view in station.board.views if view.state == "scan"]
    assert (empty_room.hint, empty_room.focus, empty_room.coached) == ("nobody", (), False)
    assert {view.hint for view in scanned} == {None}
    assert all("knees" in view.focus and not view.coached for view in scanned[:100])
    asked = [view.left_s for view in station.board.views if view.state == "pain" and view.left_s is not None]
    assert 0 <= min(asked) < max(asked) <= 1.0


def test_a_dark_picture_is_named_and_a_light_one_is_not() -> None:
    def said(level: int) -> set[str | None]:
        station = Station(model=FakeModel(lambda t_s: nobody(t_s)))
        image = np.full((48, 64, 3), level, np.uint8)
        station.run([Frame(k, k / 10, (64, 48), image, None) for k in range(40)])
        return {view.hint for view in station.board.views[-10:]}

    assert said(5) == {"dark"}
    assert said(90) == {"nobody"}
