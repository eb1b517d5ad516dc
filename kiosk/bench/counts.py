"""How many reps are counted in clips, beside how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.bench.clips import Clip
from kiosk.bench.tables import share, table
from kiosk.movement.exercise import Exercise
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import PoseTrack
from kiosk.movement.recognise import recognise


@dataclass(frozen=True, slots=True)
class Count:
    """The complete reps of one clip: counted for its own exercise (for a negative, all exercises together).

    ``recognised`` is what it is taken for when nobody says.
    """

    clip: Clip
    counted: int
    recognised: str | None

    @property
    def right(self) -> bool:
        """Whether the count is one that the label accepts; for a negative, that it is 0."""
        least, most = self.clip.acceptable if self.clip.exercise else (0, 0)
        return least <= self.counted <= most


def count(clip: Clip, track: PoseTrack, exercises: Mapping[str, Exercise]) -> Count:
    """Return the count of one clip."""
    own = [exercises[clip.exercise]] if clip.exercise else list(exercises.values())
    counted = sum(len(read_pass(exercise, track).complete) for exercise in own)
    found = recognise(exercises.values(), track)
    return Count(clip, counted, found[0].slug if found else None)


def rep_tables(counts: Sequence[Count]) -> str:
    """Return the tables of counts: by kind of clip, then every clip that is not right."""
    exercises = sorted({c.clip.exercise for c in counts if c.clip.exercise})
    rows = [
        _row(f"{slug}, usable", [c for c in counts if c.clip.exercise == slug and c.clip.usable]) for slug in exercises
    ]
    rows.append(_row("all usable", [c for c in counts if c.clip.exercise and c.clip.usable]))
    rows.append(_row("not usable (for interest)", [c for c in counts if c.clip.exercise and not c.clip.usable]))
    negatives = [c for c in counts if c.clip.exercise is None]
    rows.append(["negatives", share(sum(c.right for c in negatives), len(negatives)), "-", false_reps(counts), "-"])
    heads = [
        "clips",
        "as many as the label accepts",
        "exactly the label's reps",
        "false reps",
        "exercise recognised",
    ]
    wrong = [
        [
            c.clip.path.name,
            c.clip.exercise or "negative",
            "yes" if c.clip.usable else "no",
            c.counted,
            c.clip.reps,
        ]
        for c in counts
        if not c.right
    ]
    parts = [table(heads, rows)]
    if wrong:
        parts += ["", table(["not right", "exercise", "usable", "counted", "label"], wrong)]
    return "\n".join(parts)


def _row(name: str, counts: Sequence[Count]) -> list[object]:
    whole = len(counts)
    return [
        name,
        share(sum(c.right for c in counts), whole),
        share(sum(c.counted == c.clip.reps for c in counts), whole),
        "-",
        share(sum(c.recognised == c.clip.exercise for c in counts), whole),
    ]


def false_reps(counts: Iterable[Count]) -> int:
    """Return how many reps were counted in the negatives."""
    return sum(c.counted for c in counts if c.clip.exercise is None)
