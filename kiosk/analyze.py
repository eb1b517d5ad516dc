"""The batch way: every frame of a recording, then its report."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kiosk.errors import SourceError
from kiosk.movement.detail import NO_DETAILS, Detail, Details
from kiosk.movement.exercise import Exercise
from kiosk.movement.geometry import pairs
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.key_frames import STANDING_SHARE, key_frames, way_down
from kiosk.movement.notes import place
from kiosk.movement.passes import PassTrack, read_passes
from kiosk.movement.pose import SEEN_SCORE, Keypoint, Pose, PoseTrack, Side
from kiosk.movement.recognise import posture_s, recognise
from kiosk.movement.report import Report, Source
from kiosk.movement.view import View, view_of
from kiosk.vision.camera import Camera, Frame, Image
from kiosk.vision.close_up import close_up
from kiosk.vision.details import DetailReader
from kiosk.vision.movenet import PoseEstimator

#: A recording that gives fewer than this share of the frames that it announces was cut off or is damaged.
_WHOLE_SHARE = 0.9
#: A starting posture that was held for less was not seen.
_HELD_S = 0.2


@dataclass(frozen=True, eq=False, slots=True)
class Recording:
    """What was seen in a source: its name and the raw poses of its frames.

    ``announced``: how many frames it said it has. ``broke``: why it ended early, None when it came to its end.
    """

    name: str
    track: PoseTrack
    announced: int | None = None
    broke: str | None = None

    @property
    def source(self) -> Source:
        """The recording as a report names it; frames per second are those that came."""
        frames, t_s = len(self.track), self.track.t_s
        lasts_s = float(t_s[-1] - t_s[0])
        fps = (frames - 1) / lasts_s if lasts_s > 0 else 0.0
        return Source(self.name, frames, fps, frames / fps if fps else 0.0, self.track.size_px)


def see(
    source: Camera,
    estimator: PoseEstimator | None,
    *,
    seen: Callable[[Frame], None] = lambda frame: None,
    until: Callable[[Frame], bool] = lambda frame: False,
) -> Recording:
    """Return the poses of every frame of an open source, with times counted from the first frame.

    ``seen`` is called after each frame; the first one of which ``until`` is true is left out and ends the
    reading. Raises SourceError when no frame came at all; what came before a later failure is kept.
    """
    poses: list[Pose] = []
    broke = None
    try:
        while (frame := source.read()) is not None and not until(frame):
            poses.append(_pose(frame, estimator))
            seen(frame)
    except SourceError as error:
        if not poses:
            raise
        broke = str(error)
    if not poses:
        raise SourceError(f"{source.name} gave no frame: there is nothing to look at.")
    t_s = np.array([pose.t_s for pose in poses])
    track = PoseTrack(
        np.stack([pose.xy for pose in poses]),
        np.stack([pose.score for pose in poses]),
        t_s - t_s[0] if source.live else t_s,
        poses[0].size_px,
    )
    return Recording(source.name, track, source.frame_count, broke)


def _pose(frame: Frame, estimator: PoseEstimator | None) -> Pose:
    if frame.pose is not None:
        return frame.pose
    image: Image | None = frame.image
    if estimator is None or image is None:
        raise ValueError("frames without poses need a model")
    return estimator.estimate(image, frame.t_s)


def look_closer(source: Camera, raw: PoseTrack, read: PassTrack, view: View, reader: DetailReader) -> Details:
    """Return what the second model sees in the key frames of a pass, by reading a recording once more.

    ``raw`` are the poses of its frames as they came, ``read`` the pass that was made of them. One picture is held at
    a time, none is kept. Without a rep nothing is read.
    """
    wanted, way = set(key_frames(read)), way_down(read)
    if not wanted:
        return Details()
    found: list[Detail] = []
    reader.forget()
    source.open()
    with contextlib.closing(source):
        for index in range(max(wanted) + 1):
            frame = source.read()
            if frame is None:
                break
            shown = close_up(frame.image, raw.pose(index)) if index in wanted and frame.image is not None else None
            if shown is not None:
                found.append(reader.read(shown, view, standing=bool(way[index] <= STANDING_SHARE)))
    return Details(tuple(found))


def report_on(
    recording: Recording,
    exercises: Mapping[str, Exercise],
    *,
    model: str,
    exercise: Exercise | None = None,
    view: View | None = None,
    done_on: Side | None = None,
    closer: Callable[[PassTrack, View], Details] = lambda read, view: NO_DETAILS,
) -> Report:
    """Return the report on a recording; exercise and view are recognised where they are not given.

    ``done_on`` looks at one side alone of a given ``exercise`` that is done per side.
    ``closer`` lets a second model look at the key frames of the pass: `look_closer`. Nobody, no rep, or no known
    exercise in it is no error: the notes then say what was seen.
    """
    track = recording.track
    notes = _of_the_recording(recording)
    found = (exercise, read_passes(exercise, track, done_on)) if exercise else recognise(exercises.values(), track)
    if found is None:
        known = ", ".join(sorted(exercises)) or "none is installed"
        seen = view or view_of(track)
        notes.append(f"{_who(track, seen)} No exercise could be told from it (known: {known}).")
        return Report(recording.source, model, None, None, seen, notes=tuple(notes))
    shown, reads = found
    done = any(read.complete for read in reads)
    looked = view_during(reads[0])
    if view is not None and looked is not None and looked is not view:
        seen_from, asked = place(looked, None), place(view, None)
        notes.append(f"The person seems to be seen from {seen_from}; it was judged as seen from {asked}, as asked.")
    if exercise is None and done and posture_s(shown, reads[0].track) < _HELD_S:
        notes.append(
            f"The exercise was told from its reps alone: its starting posture ({shown.start_ask}) was never seen."
        )
    if not done:
        notes.append(_who(track, view or looked))
    side = view or looked
    if side is None:
        notes.append("From which side the person is seen could not be told, so nothing was judged.")
    passes = [SeenPass(read, side, details=closer(read, side)) for read in reads] if side else []
    report = judge(shown, passes, recording.source, model, notes=notes)
    # Without a single complete rep, what looked like attempts is left to the notes.
    return report if done else replace(report, reps=())


def view_during(read: PassTrack) -> View | None:
    """Return the view during the reps; of everything where there are none. Walking in may show another side."""
    reps = read.complete
    return view_of(read.track.part(reps[0].start, reps[-1].end) if reps else read.track)


def _of_the_recording(recording: Recording) -> list[str]:
    frames, announced = len(recording.track), recording.announced
    if recording.broke is not None:
        return [f"The recording ended early: {recording.broke}"]
    if announced is None or frames >= _WHOLE_SHARE * announced:
        return []
    return [f"The recording gave {frames} of the {announced} frames that it announces: it was cut off or is damaged."]


def frames_with_a_person(track: PoseTrack) -> int:
    """Return in how many frames of a track a body was seen: a shoulder, a hip, and three more keypoints."""
    trunk = pairs(track, Keypoint.LEFT_SHOULDER) + pairs(track, Keypoint.LEFT_HIP)
    enough = (track.score >= SEEN_SCORE).sum(axis=1) >= 5
    return int((enough & ~np.isnan(trunk[:, 0])).sum())


def _who(track: PoseTrack, view: View | None) -> str:
    """Say who was seen, for how long and from where."""
    frames, people = len(track), frames_with_a_person(track)
    if not people:
        return f"Nobody was seen in the {frames} {'frame' if frames == 1 else 'frames'}."
    side = f", mostly from {place(view, None)}" if view else ""
    lasts_s = float(track.t_s[-1] - track.t_s[0])
    return f"A person was seen in {people} of {frames} frames ({lasts_s:.1f} s){side}."
