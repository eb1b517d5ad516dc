"""Keypoints as a pose model would have seen them: the truth, with noise like that of a model on rendered people.

`measured` takes the noise from recordings that a model has seen, `noisy` lays it over other truth. Per exercise and
view, and per keypoint: an offset at the top and at the bottom of a rep, which differs from person to person; a jitter
that lasts from frame to frame; scores; and times in which it is not seen. Lengths are in torso lengths.

A view from the right is measured and made as its mirror image, so that "left" is always the near side.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.movement.pose import KEYPOINTS, SEEN_SCORE, FloatArray, Keypoint, PoseTrack

FILE = Path(__file__).with_name("noise.json")
#: Farther off, in torso lengths, it is no noise but another thing that was taken for the joint.
_FARTHEST = 0.6
#: Around the reps so much is looked at, seconds.
_AROUND_S = 0.4
#: The score of what is not seen.
_UNSEEN_SCORE = 0.1
_MIRRORED = (0, *(index + 1 if index % 2 else index - 1 for index in range(1, KEYPOINTS)))
Span = tuple[float, float, float]


@dataclass(frozen=True)
class KeypointNoise:
    """The noise of one keypoint: x and y in torso lengths, times in seconds.

    top, bottom: mean offset. differs: spread of the offset from recording to recording. jitter: spread from frame to
    frame, which fades with the time ``lasts_s``. unseen: share of the time that it is not seen, each for ``gone_s``.
    """

    top: tuple[float, float]
    bottom: tuple[float, float]
    differs: tuple[float, float]
    jitter: tuple[float, float]
    lasts_s: float
    score: float
    score_spread: float
    unseen: float
    gone_s: float


@dataclass(frozen=True, eq=False)
class Seen:
    """What a model saw of a recording: true keypoints (T, 17, 2) px, its reps' start, bottom and end in seconds."""

    truth: FloatArray
    track: PoseTrack
    reps: Sequence[Span]
    from_right: bool = False


def measured(recordings: Iterable[Seen]) -> tuple[KeypointNoise, ...]:
    """Return the noise of each of the 17 keypoints over recordings of one exercise and view.

    Raises ValueError where there is no recording.
    """
    errors = [_errors(one) for one in recordings]
    if not errors:
        raise ValueError("noise is measured on one recording at least")
    return tuple(_of_keypoint([each.of(index) for each in errors]) for index in range(KEYPOINTS))


def noisy(
    truth: FloatArray,
    t_s: FloatArray,
    size_px: tuple[int, int],
    reps: Sequence[Span],
    noise: Sequence[KeypointNoise],
    seed: int,
    *,
    from_right: bool = False,
) -> PoseTrack:
    """Return true keypoints (T, 17, 2) px with noise laid over; the same seed gives the same."""
    rng = np.random.default_rng((seed, 3))
    amount, torso_px = amounts(reps, t_s), torso_of(truth)
    step_s = float(np.median(np.diff(t_s)))
    xy, score = (_mirrored(truth) if from_right else truth).copy(), np.zeros(truth.shape[:2])
    for index, one in enumerate(noise):
        offset = np.outer(1 - amount, one.top) + np.outer(amount, one.bottom) + rng.normal(0, one.differs)
        xy[:, index] += torso_px * (offset + _jitter(rng, one, len(t_s), step_s))
        here = np.clip(rng.normal(one.score, one.score_spread, len(t_s)), SEEN_SCORE + 0.01, 1.0)
        score[:, index] = np.where(_gone(rng, one, len(t_s), step_s), _UNSEEN_SCORE, here)
    if from_right:
        xy, score = _mirrored(xy), score[:, _MIRRORED]
    xy[score < SEEN_SCORE] = np.nan
    return PoseTrack(xy, score, t_s, size_px)


def amounts(reps: Sequence[Span], t_s: FloatArray) -> FloatArray:
    """Return (T,): how far down it is, 0 at the top and between reps to 1 at the bottom, going there smoothly."""
    amount = np.zeros(len(t_s))
    for start_s, bottom_s, end_s in reps:
        share = np.interp(t_s, (start_s, bottom_s, end_s), (0.0, 1.0, 0.0))
        amount = np.maximum(amount, 0.5 - 0.5 * np.cos(np.pi * share))
    return amount


def torso_of(xy: FloatArray) -> float:
    """Return the length from the middle of the hips to the middle of the shoulders, px: a long one of the track."""
    shoulders, hips = (xy[:, left : left + 2].mean(axis=1) for left in (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP))
    return float(np.percentile(np.linalg.norm(shoulders - hips, axis=1), 90))


def write_noise(model: str, recordings: int, noise: Mapping[str, Sequence[KeypointNoise]], path: Path = FILE) -> None:
    """Write what was measured; keys of ``noise`` are "exercise view"."""
    groups = {
        group: {Keypoint(index).name.lower(): asdict(one) for index, one in enumerate(keypoints)}
        for group, keypoints in sorted(noise.items())
    }
    facts: dict[str, Any] = {"model": model, "recordings": recordings, "noise": groups}
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def read_noise(path: Path = FILE) -> tuple[str, dict[str, tuple[KeypointNoise, ...]]]:
    """Return the model whose noise it is, and the noise by "exercise view"."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    return facts["model"], {
        group: tuple(_read(keypoints[Keypoint(index).name.lower()]) for index in range(KEYPOINTS))
        for group, keypoints in facts["noise"].items()
    }


def _read(raw: Mapping[str, Any]) -> KeypointNoise:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return KeypointNoise(**values)


def _mirrored(xy: FloatArray) -> FloatArray:
    """Return (T, 17, 2): as a mirror shows it, left and right changed over; x about 0."""
    mirror: FloatArray = xy[:, _MIRRORED] * (-1.0, 1.0)
    return mirror


@dataclass(frozen=True, eq=False)
class _Errors:
    """Errors of a recording: ``off`` (T, K, 2) torso lengths, ``score`` (T, K), ``amount`` (T,), time of a frame."""

    off: FloatArray
    score: FloatArray
    amount: FloatArray
    step_s: float

    def of(self, index: int) -> _Errors:
        return _Errors(self.off[:, index], self.score[:, index], self.amount, self.step_s)


def _errors(seen: Seen) -> _Errors:
    t_s = seen.track.t_s
    during = (t_s >= seen.reps[0][0] - _AROUND_S) & (t_s <= seen.reps[-1][2] + _AROUND_S)
    off, score = (seen.track.xy - seen.truth) / torso_of(seen.truth), seen.track.score
    if seen.from_right:
        off, score = _mirrored(off), score[:, _MIRRORED]
    amount = amounts(seen.reps, t_s)
    return _Errors(off[during], score[during], amount[during], float(np.median(np.diff(t_s))))


def _of_keypoint(errors: Sequence[_Errors]) -> KeypointNoise:
    ends, rests, again, steps = [], [], [], []
    scores, gone, runs = [], [], []
    for each in errors:
        here = np.linalg.norm(each.off, axis=1) < _FARTHEST
        seen = each.score >= SEEN_SCORE
        scores.append(each.score[seen])
        gone.append(~seen)
        runs += [length * each.step_s for length in _run_lengths(~seen)]
        if here.sum() >= 4:
            basis = np.stack([1 - each.amount[here], each.amount[here]], axis=1)
            fit, *_ = np.linalg.lstsq(basis, each.off[here], rcond=None)
            rest = np.full(each.off.shape, np.nan)
            rest[here] = each.off[here] - basis @ fit
            ends.append(fit)
            rests.append(rest[here])
            both = here[1:] & here[:-1]
            again.append((np.sum(rest[1:][both] * rest[:-1][both]), np.sum(rest[:-1][both] ** 2)))
            steps.append(each.step_s)
    offsets = np.array(ends) if ends else np.zeros((1, 2, 2))
    jitter = np.concatenate(rests).std(axis=0) if rests else np.zeros(2)
    shared, whole = np.sum(again, axis=0) if again else (0.0, 0.0)
    all_scores, all_gone = np.concatenate(scores), np.concatenate(gone)
    return KeypointNoise(
        top=_pair(offsets[:, 0].mean(axis=0)),
        bottom=_pair(offsets[:, 1].mean(axis=0)),
        differs=_pair(offsets.mean(axis=1).std(axis=0)),
        jitter=_pair(jitter),
        lasts_s=_lasts_s(shared / whole if whole else 0.0, float(np.mean(steps)) if steps else 0.0),
        score=round(float(all_scores.mean()), 3) if len(all_scores) else SEEN_SCORE,
        score_spread=round(float(all_scores.std()), 3) if len(all_scores) else 0.0,
        unseen=round(float(all_gone.mean()), 4),
        gone_s=round(float(np.mean(runs)), 3) if runs else 0.0,
    )


def _pair(values: FloatArray) -> tuple[float, float]:
    return round(float(values[0]), 4), round(float(values[1]), 4)


def _lasts_s(correlation: float, step_s: float) -> float:
    """Return the time in which a jitter with this correlation from frame to frame fades to 1/e; 0 for none."""
    return round(-step_s / math.log(min(correlation, 0.99)), 3) if correlation > 0.01 else 0.0


def _jitter(rng: np.random.Generator, one: KeypointNoise, frames: int, step_s: float) -> FloatArray:
    keeps = math.exp(-step_s / one.lasts_s) if one.lasts_s > 0 else 0.0
    news = rng.standard_normal((frames, 2))
    values = np.empty((frames, 2))
    values[0] = news[0]
    for frame in range(1, frames):
        values[frame] = keeps * values[frame - 1] + math.sqrt(1 - keeps**2) * news[frame]
    jitter: FloatArray = values * one.jitter
    return jitter


def _gone(
    rng: np.random.Generator, one: KeypointNoise, frames: int, step_s: float
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return (T,): when it is not seen, for ``gone_s`` on average each time."""
    if one.unseen >= 1:
        return np.ones(frames, bool)
    returns = min(1.0, step_s / one.gone_s) if one.gone_s > 0 else 1.0
    goes = min(1.0, returns * one.unseen / (1 - one.unseen))
    chance = rng.random(frames)
    gone = np.zeros(frames, bool)
    now = chance[0] < one.unseen
    for frame in range(frames):
        gone[frame] = now
        now = chance[frame] >= returns if now else chance[frame] < goes
    return gone


def _run_lengths(flags: np.ndarray[Any, np.dtype[np.bool_]]) -> list[int]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [int(end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
