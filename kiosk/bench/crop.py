"""What the tracking crop gains over always looking at the whole frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.bench.clips import Clip
from kiosk.bench.counts import Count, count, false_reps
from kiosk.bench.tables import share, table
from kiosk.movement.exercise import Exercise
from kiosk.movement.passes import torso_lengths
from kiosk.movement.pose import FloatArray, PoseTrack
from kiosk.movement.smoothing import smooth

_WAYS = ("whole", "crop")


@dataclass(frozen=True, slots=True)
class Looks:
    """One clip in both ways, whole frame and crop: its counts, the shares of keypoints seen, and the jitter.

    Jitter is the median distance of a keypoint from its smoothed track, in percent of the torso, over the
    keypoints that both ways saw.
    """

    counts: tuple[Count, Count]
    seen: tuple[float, float]
    jitter_percent: tuple[float, float]


def compare(clip: Clip, whole: PoseTrack, crop: PoseTrack, exercises: Mapping[str, Exercise]) -> Looks:
    """Return what both ways make of one clip."""
    tracks = (whole, crop)
    off = [_off_percent(track) for track in tracks]
    frames = min(len(values) for values in off)
    both = ~np.isnan(off[0][:frames]) & ~np.isnan(off[1][:frames])
    jitter = [float(np.median(values[:frames][both])) if both.any() else 0.0 for values in off]
    seen = [float((~np.isnan(track.xy[..., 0])).mean()) for track in tracks]
    return Looks(
        (count(clip, whole, exercises), count(clip, crop, exercises)),
        (seen[0], seen[1]),
        (jitter[0], jitter[1]),
    )


def _off_percent(track: PoseTrack) -> FloatArray:
    """Return (T, 17) how far each keypoint is from its smoothed track, in percent of the torso."""
    off = np.hypot(*np.moveaxis(track.xy - smooth(track).xy, -1, 0))
    return np.asarray(100 * off / torso_lengths(track)[:, None], np.float64)


def crop_tables(looks: Sequence[Looks]) -> str:
    """Return the table of both ways over all clips, and one line a clip."""
    rows = [_row(way, which, looks) for which, way in enumerate(_WAYS)]
    heads = [
        "looks at",
        "usable clips counted right",
        "false reps on negatives",
        "keypoints seen",
        "jitter, % of torso",
    ]
    each = [
        [
            look.counts[0].clip.path.stem,
            f"{look.counts[0].counted} / {look.counts[1].counted} of {look.counts[0].clip.reps}",
            f"{look.seen[0]:.0%} / {look.seen[1]:.0%}",
            f"{look.jitter_percent[0]:.1f} / {look.jitter_percent[1]:.1f}",
        ]
        for look in looks
    ]
    return "\n".join(
        [table(heads, rows), "", table(["clip: whole / crop", "reps", "keypoints seen", "jitter, %"], each)]
    )


def _row(way: str, which: int, looks: Sequence[Looks]) -> list[object]:
    counts = [look.counts[which] for look in looks]
    usable = [c for c in counts if c.clip.exercise and c.clip.usable]
    return [
        {"whole": "the whole frame", "crop": "the tracking crop"}[way],
        share(sum(c.right for c in usable), len(usable)),
        false_reps(counts),
        f"{_mean(look.seen[which] for look in looks):.1%}",
        _mean(look.jitter_percent[which] for look in looks),
    ]


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
