"""The batch way from frames to a report, on poses of known content."""

from collections.abc import Sequence

import numpy as np
import pytest

from kiosk.analyze import Recording, frames_with_a_person, look_closer, report_on, see
from kiosk.errors import SourceError
from kiosk.movement.detail import BACK_SHARES, NO_DETAILS, Detail, Details
from kiosk.movement.exercise import Exercise
from kiosk.movement.key_frames import key_frames
from kiosk.movement.passes import PassTrack, read_pass
from kiosk.movement.pose import Pose, PoseTrack
from kiosk.movement.report import Status
from kiosk.movement.view import View
from kiosk.plugins import load_plugins
from kiosk.testing import FRONT, REAR, SIDE, Squatter, Walker, perform, record
from kiosk.vision.camera import Frame, Image
from kiosk.vision.close_up import CloseUp
from kiosk.vision.details import DetailReader


@pytest.fixture(scope="module")
def exercises() -> dict[str, Exercise]:
    return load_plugins().exercises


class Played:
    """A source that gives frames out of a list, and fails where an error stands in it."""

    name = "played"
    fps = 30.0

    def __init__(self, frames: Sequence[Frame | SourceError], *, live: bool = False) -> None:
        self._frames = iter(frames)
        self.live = live
        self.frame_count = len(frames)

    def open(self) -> None: ...

    def close(self) -> None: ...

    def read(self) -> Frame | None:
        frame = next(self._frames, None)
        if isinstance(frame, SourceError):
            raise frame
        return frame


def posed(track: PoseTrack) -> list[Frame]:
    return [Frame(k, float(track.t_s[k]), track.size_px, None, track.pose(k)) for k in range(len(track))]


class Counting:
    """An estimator that sees in every picture a pose that tells its number."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def estimate(self, image: Image, t_s: float) -> Pose:
        self.times.append(t_s)
        return Pose(np.full((17, 2), float(image[0, 0, 0])), np.ones(17), t_s, (image.shape[1], image.shape[0]))

    def reset(self) -> None: ...


def test_every_frame_is_looked_at_in_order() -> None:
    images = [Frame(k, k / 10, (8, 6), np.full((6, 8, 3), k, np.uint8), None) for k in range(5)]
    estimator, seen = Counting(), list[int]()
    recording = see(Played(images), estimator, seen=lambda frame: seen.append(frame.number))
    assert recording.track.xy[:, 0, 0].tolist() == [0, 1, 2, 3, 4]
    assert estimator.times == [0, 0.1, 0.2, 0.3, 0.4]
    assert seen == [0, 1, 2, 3, 4]
    assert recording.track.size_px == (8, 6)
    assert recording.announced == 5


def test_recorded_poses_come_through_as_they_are() -> None:
    track = perform([Squatter()], FRONT)
    again = see(Played(posed(track)), None).track
    np.testing.assert_array_equal(again.xy, track.xy)
    np.testing.assert_array_equal(again.t_s, track.t_s)


def test_the_reading_ends_where_it_is_told_to() -> None:
    recording = see(Played(posed(perform([Squatter()], FRONT))), None, until=lambda frame: frame.t_s >= 1)
    assert len(recording.track) == 30


def test_a_cameras_clock_is_set_to_zero() -> None:
    track = perform([Squatter()], FRONT)
    late = PoseTrack(track.xy, track.score, track.t_s + 1000, track.size_px)
    assert see(Played(posed(late), live=True), None).track.t_s[0] == 0
    assert see(Played(posed(late)), None).track.t_s[0] == 1000


def test_a_source_without_any_frame_is_an_error() -> None:
    with pytest.raises(SourceError, match="played gave no frame"):
        see(Played([]), None)


def test_a_source_that_fails_at_once_says_why_itself() -> None:
    with pytest.raises(SourceError, match="unplugged"):
        see(Played([SourceError("unplugged")]), None)


def test_what_came_before_a_failure_is_kept_and_the_failure_told(exercises: dict[str, Exercise]) -> None:
    frames = posed(perform([Squatter()] * 3, FRONT))
    recording = see(Played([*frames, SourceError("The camera was unplugged.")]), None)
    assert len(recording.track) == len(frames)
    report = report_on(recording, exercises, model="m")
    assert report.notes[0] == "The recording ended early: The camera was unplugged."
    assert len(report.reps) == 3


def test_pictures_without_a_model_are_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="need a model"):
        see(Played([Frame(0, 0.0, (8, 6), np.zeros((6, 8, 3), np.uint8), None)]), None)


def test_frames_per_second_are_those_that_came() -> None:
    source = Recording("x", perform([Squatter()], FRONT, fps=12.5)).source
    assert source.fps == pytest.approx(12.5)
    assert source.duration_s == pytest.approx(source.frames / 12.5)


def test_a_single_frame_has_no_rate() -> None:
    source = Recording("x", perform([Squatter()], FRONT).part(0, 0)).source
    assert (source.frames, source.fps, source.duration_s) == (1, 0.0, 0.0)


@pytest.mark.parametrize(("camera", "view"), [(FRONT, View.FRONT), (SIDE, View.SIDE), (REAR, View.REAR)])
def test_exercise_and_view_are_recognised(exercises: dict[str, Exercise], camera: object, view: View) -> None:
    track = perform([Squatter()] * 4, camera)  # type: ignore[arg-type]  # the three cameras above
    report = report_on(Recording("x", track), exercises, model="m")
    assert (report.exercise, report.view, len(report.reps)) == ("overhead-squat", view, 4)
    assert report.notes == ()


def test_the_view_is_that_of_the_reps_and_not_of_the_way_to_the_spot(exercises: dict[str, Exercise]) -> None:
    walk, squats = record(Walker().body, 14.0, SIDE), perform([Squatter()] * 3, FRONT)
    both = PoseTrack(
        np.concatenate([walk.xy, squats.xy]),
        np.concatenate([walk.score, squats.score]),
        np.concatenate([walk.t_s, squats.t_s + 14.1]),
        squats.size_px,
    )
    report = report_on(Recording("x", both), exercises, model="m")
    assert (report.view, len(report.reps)) == (View.FRONT, 3)


def test_a_view_that_was_asked_for_is_judged_and_a_doubt_told(exercises: dict[str, Exercise]) -> None:
    report = report_on(Recording("x", perform([Squatter()] * 4, SIDE)), exercises, model="m", view=View.FRONT)
    assert report.view is View.FRONT
    seen = "The person seems to be seen from the side"
    assert report.notes[0] == f"{seen}; it was judged as seen from the front, as asked."


def test_reps_without_the_starting_posture_are_told_apart(exercises: dict[str, Exercise]) -> None:
    report = report_on(Recording("x", perform([Squatter(arms_up=0.0)] * 4, FRONT)), exercises, model="m")
    assert (report.exercise, len(report.reps)) == ("overhead-squat", 4)
    assert "its starting posture (Raise both arms overhead) was never seen" in report.notes[0]


def test_a_named_exercise_needs_no_starting_posture(exercises: dict[str, Exercise]) -> None:
    track = perform([Squatter(arms_up=0.0)] * 4, FRONT)
    report = report_on(Recording("x", track), exercises, model="m", exercise=exercises["overhead-squat"])
    assert report.notes == ()


def cut(track: PoseTrack, seconds: float) -> PoseTrack:
    return track.part(0, int(np.searchsorted(track.t_s, seconds)))


def test_attempts_alone_are_left_to_the_notes(exercises: dict[str, Exercise]) -> None:
    track = cut(perform([Squatter()], FRONT), 2.3)  # it ends near the bottom
    report = report_on(Recording("x", track), exercises, model="m")
    assert report.exercise == "overhead-squat", "its starting posture was held"
    assert report.reps == ()
    assert any("attempt" in note for note in report.notes)
    assert all(finding.status is Status.NOT_ASSESSED for finding in report.findings)


def test_an_attempt_beside_complete_reps_is_listed(exercises: dict[str, Exercise]) -> None:
    track = cut(perform([Squatter()] * 4, FRONT), 1.0 + 3 * 3.1 + 1.3)
    report = report_on(Recording("x", track), exercises, model="m")
    assert [result.rep.complete for result in report.reps] == [True, True, True, False]


def test_no_exercise_at_all_says_who_was_seen(exercises: dict[str, Exercise]) -> None:
    report = report_on(Recording("x", record(Walker().body, 3.0, SIDE)), exercises, model="m")
    assert (report.exercise, report.view, report.findings) == (None, View.SIDE, ())
    assert report.notes == (
        "A person was seen in 91 of 91 frames (3.0 s), mostly from the side. No exercise could be told from it "
        "(known: incline-push-up, overhead-squat).",
    )


def test_without_plugins_nothing_can_be_told_and_that_is_said() -> None:
    report = report_on(Recording("x", perform([Squatter()] * 3, FRONT)), {}, model="m")
    assert "(known: none is installed)" in report.notes[0]


def test_fewer_frames_than_announced_are_told(exercises: dict[str, Exercise]) -> None:
    track = perform([Squatter()] * 3, FRONT)
    cut_off = report_on(Recording("x", track, announced=2 * len(track)), exercises, model="m")
    assert "cut off or is damaged" in cut_off.notes[0]
    assert report_on(Recording("x", track, announced=len(track) + 3), exercises, model="m").notes == ()


def test_a_person_is_a_trunk_and_a_little_more() -> None:
    track = perform([Squatter()], FRONT)
    assert frames_with_a_person(track) == len(track)
    xy, score = track.xy.copy(), track.score.copy()
    xy[:10, 11:13], score[:10, 11:13] = np.nan, 0.0  # no hips
    assert frames_with_a_person(PoseTrack(xy, score, track.t_s, track.size_px)) == len(track) - 10


# -- a second look -------------------------------------------------------------------------------------------------


class Filmed(Played):
    """A recording that can be read more than once; it counts how often it was opened and closed."""

    def __init__(self, track: PoseTrack) -> None:
        picture = np.zeros((480, 640, 3), np.uint8)
        self._all = [Frame(k, float(t_s), (640, 480), picture, None) for k, t_s in enumerate(track.t_s)]
        super().__init__(self._all)
        self.opened = self.closed = self.taken = 0

    def open(self) -> None:
        self.opened += 1
        self._frames = iter(self._all)

    def close(self) -> None:
        self.closed += 1

    def read(self) -> Frame | None:
        self.taken += 1
        return super().read()


class Noting(DetailReader):
    """A second model that sees nothing, and notes what it was shown."""

    def __init__(self) -> None:
        self.looks: list[tuple[float, View, bool]] = []
        self.forgot = 0

    def read(self, shown: CloseUp, view: View, *, standing: bool) -> Detail:
        self.looks.append((shown.pose.t_s, view, standing))
        return Detail(shown.pose, np.full((4, 2), np.nan), 7.0, np.full((len(BACK_SHARES), 2), np.nan))

    def forget(self) -> None:
        self.forgot += 1


def test_only_key_frames_are_looked_at_and_the_standing_ones_are_named(exercises: dict[str, Exercise]) -> None:
    track = perform([Squatter()] * 3, SIDE)
    read = read_pass(exercises["overhead-squat"], track)
    source, reader = Filmed(track), Noting()
    details = look_closer(source, track, read, View.SIDE, reader)
    wanted = key_frames(read)
    assert [t_s for t_s, _, _ in reader.looks] == [float(track.t_s[k]) for k in wanted]
    assert [one.pose.t_s for one in details.frames] == [t_s for t_s, _, _ in reader.looks]
    assert details.why is None
    assert {view for _, view, _ in reader.looks} == {View.SIDE}
    assert [standing for _, _, standing in reader.looks][:3] == [True] * 3
    assert (source.opened, source.closed, reader.forgot) == (1, 1, 1)
    assert source.taken == wanted[-1] + 1, "nothing is read after the last key frame"


def test_without_a_rep_the_recording_is_not_read_again(exercises: dict[str, Exercise]) -> None:
    track = record(lambda _t: Squatter().body(0.0), 3.0, SIDE)
    read = read_pass(exercises["overhead-squat"], track)
    source = Filmed(track)
    assert look_closer(source, track, read, View.SIDE, Noting()).frames == ()
    assert source.opened == 0


def test_what_the_second_look_saw_is_in_the_report(exercises: dict[str, Exercise]) -> None:
    track = perform([Squatter()] * 3, SIDE)
    source = Filmed(track)

    def closer(read: PassTrack, view: View) -> Details:
        return look_closer(source, track, read, view, Noting())

    report = report_on(Recording("filmed", track), exercises, model="a-model", closer=closer)
    heels = next(finding for finding in report.findings if finding.check.slug == "heels-rise")
    assert (heels.value, len(heels.per_rep)) == (0, 3)
    without = report_on(Recording("filmed", track), exercises, model="a-model")
    heels = next(finding for finding in without.findings if finding.check.slug == "heels-rise")
    assert heels.reason == NO_DETAILS.why
