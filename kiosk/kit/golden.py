"""Golden recordings: keypoints of a set whose reps, and what each shows, a trainer has told.

A golden recording is two files of one name in the folder ``golden`` of a plugin's project: ``NAME.npz``, a keypoint
file (`kiosk.vision.keypoint_file`), and ``NAME.toml``, its labels. The keys are explained in ``docs/golden.md``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from kiosk.errors import PluginError
from kiosk.movement.assess import agreement
from kiosk.movement.exercise import Check, Exercise
from kiosk.movement.pose import PoseTrack, Side
from kiosk.movement.view import View
from kiosk.toml_fields import (
    FieldError,
    Problems,
    Reader,
    as_is,
    list_of,
    nearest,
    not_negative,
    one_of,
    read_table,
    read_toml,
    slug,
)
from kiosk.vision.keypoint_file import read_keypoints, recorded_with

FOLDER = "golden"


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise FieldError("must be a whole number, 0 or more")
    return value


_REP: dict[str, Reader] = {
    "start_s": not_negative,
    "bottom_s": not_negative,
    "end_s": not_negative,
    "shows": list_of(slug),
    "clear": list_of(slug),
}
_TIMES = ("start_s", "bottom_s", "end_s")
_LABELS: dict[str, Reader] = {
    "exercise": slug,
    "view": lambda value: View(one_of(list(View))(value)),
    "side": lambda value: Side(one_of(list(Side))(value)),
    "held_s": not_negative,
    "reps": as_is,
    "signs": list_of(slug),
    "not_signs": list_of(slug),
}


@dataclass(frozen=True, slots=True)
class LabelledRep:
    """One rep, or one part of a hold, as a trainer saw it; times in seconds of the recording, NaN: nobody marked them.

    ``shows`` and ``clear`` are slugs of checks; a check in neither was not looked at in this rep.
    """

    shows: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    start_s: float = math.nan
    bottom_s: float = math.nan
    end_s: float = math.nan

    def moved(self, by_s: float) -> LabelledRep:
        """Return the same rep so much later, in seconds."""
        return replace(self, start_s=self.start_s + by_s, bottom_s=self.bottom_s + by_s, end_s=self.end_s + by_s)


@dataclass(frozen=True, slots=True)
class Labels:
    """What a trainer says of one set. ``view`` is None where the labels leave it out.

    ``side``: with which side it was done, None where an exercise is not done per side. ``held_s``: for how many seconds
    a posture was kept, NaN where the exercise is no hold; its ``reps`` are then the labelled parts of the hold.

    ``signs``: checks whose sign the set as a whole shows; ``not_signs``: those that it does not show.
    """

    exercise: str
    view: View | None
    reps: tuple[LabelledRep, ...]
    signs: tuple[str, ...] = ()
    not_signs: tuple[str, ...] = ()
    side: Side | None = None
    held_s: float = math.nan

    @property
    def named(self) -> tuple[str, ...]:
        """Every check that is named somewhere, each once."""
        in_reps = [name for rep in self.reps for name in (*rep.shows, *rep.clear)]
        return tuple(dict.fromkeys([*self.signs, *self.not_signs, *in_reps]))

    @property
    def by_rep(self) -> bool:
        """Whether somebody said of single reps what they show."""
        return any(rep.shows or rep.clear for rep in self.reps)

    def in_rep(self, check: str, number: int) -> bool | None:
        """Return whether rep ``number``, from 1, shows a check's sign; None where nobody said."""
        rep = self.reps[number - 1] if number <= len(self.reps) else LabelledRep()
        if check in rep.shows:
            return True
        if check in rep.clear or check in self.not_signs:
            return False
        # What is said of the set holds for each rep only where no rep says otherwise.
        return True if check in self.signs and not self._in_some_rep(check) else None

    def in_set(self, check: str) -> bool | None:
        """Return whether the set as a whole shows a check's sign; None where nobody said, or too few reps agree.

        From labels of single reps it follows as the kiosk itself does it: `kiosk.movement.assess.agreement`.
        """
        if check in self.signs:
            return True
        if check in self.not_signs:
            return False
        said = [self.in_rep(check, number) for number in range(1, len(self.reps) + 1)]
        if not said or None in said:
            return None
        if not any(said):
            return False
        return True if agreement([bool(one) for one in said]) is not None else None

    def moved(self, by_s: float) -> Labels:
        """Return the same labels for a recording that begins ``by_s`` earlier."""
        return replace(self, reps=tuple(rep.moved(by_s) for rep in self.reps))

    def _in_some_rep(self, check: str) -> bool:
        return any(check in rep.shows or check in rep.clear for rep in self.reps)


@dataclass(frozen=True, eq=False, slots=True)
class Golden:
    """One golden recording: its raw keypoints, what found them (None: not named), and its labels."""

    name: str
    track: PoseTrack
    model: str | None
    view: View
    labels: Labels


def read_folder(folder: Path, exercise: Exercise) -> tuple[Golden, ...]:
    """Return the golden recordings of an exercise in a folder, by name; those of other exercises are passed over.

    Raises PluginError, one line for each mistake, where labels are wrong or a recording lacks its labels, and
    SourceError where a keypoint file cannot be read.
    """
    found = []
    for path in sorted(folder.glob("*.npz")):
        labels_path = path.with_suffix(".toml")
        if not labels_path.is_file():
            raise PluginError(f"{path} has no labels: write {labels_path.name} beside it, see docs/golden.md.")
        labels = read_labels(labels_path)
        if labels.exercise == exercise.slug:
            found.append(_golden(path, labels_path, labels, exercise))
    return tuple(found)


def exercises_in(folder: Path) -> tuple[str, ...]:
    """Return the slugs that the labels in a folder name, in the order of the alphabet."""
    labels = (path.with_suffix(".toml") for path in folder.glob("*.npz"))
    return tuple(sorted({read_labels(path).exercise for path in labels if path.is_file()}))


def read_labels(path: Path, exercise: str | None = None) -> Labels:
    """Return the labels in a TOML file. Raises PluginError with one line per mistake: file, key, reason.

    ``exercise`` is taken where the file names none, for labels beside a film that is yet to be recorded.
    """
    problems = Problems(str(path))
    raw = read_toml(path, str(path))
    # A hold is told by its seconds; its parts need no labels of their own.
    required = [*(() if exercise else ("exercise", "view")), *(() if "held_s" in raw else ("reps",))]
    values = read_table(raw, _LABELS, required, "", problems)
    reps = tuple(_reps(values.get("reps", 0), problems))
    both = set(values.get("signs", ())) & set(values.get("not_signs", ()))
    for name in sorted(both):
        problems.add("not_signs", f"'{name}' is also in signs")
    problems.refuse()
    return Labels(
        values.get("exercise", exercise or ""),
        values.get("view"),
        reps,
        values.get("signs", ()),
        values.get("not_signs", ()),
        values.get("side"),
        values.get("held_s", math.nan),
    )


def check_labels(labels: Labels, exercise: Exercise, view: View, where: str) -> None:
    """Raise PluginError, a line for each mistake, where labels name what the exercise cannot show in this view."""
    problems = Problems(where)
    if labels.exercise != exercise.slug:
        problems.add("exercise", f"is '{labels.exercise}', but this is a recording of '{exercise.slug}'")
    if math.isnan(labels.held_s) == (exercise.hold is not None):
        wanted = "held_s, the seconds that it lasted" if exercise.hold else "reps, and no held_s"
        problems.add("held_s", f"does not fit: '{exercise.slug}' is told by {wanted}")
    if labels.side not in exercise.done_on:
        sides = " or ".join(side for side in exercise.done_on if side) or "no side"
        problems.add("side", f"must be {sides}: so '{exercise.slug}' is done")
    known = {check.slug: check for check in exercise.checks}
    for name in labels.named:
        if name not in known:
            problems.add(name, f"is not a check of {exercise.slug}{nearest(name, known)}")
        elif view not in known[name].views:
            views = " or ".join(one.value for one in known[name].views)
            problems.add(name, f"is looked at from the {views}, and this set is seen from the {view.value}")
    problems.refuse()


def write_labels(labels: Labels) -> str:
    """Return labels as the text of a TOML file that `read_labels` reads back."""
    lines = [f"exercise = {_quoted(labels.exercise)}"]
    if labels.view is not None:
        lines.append(f"view = {_quoted(labels.view.value)}")
    if labels.side is not None:
        lines.append(f"side = {_quoted(labels.side.value)}")
    if not math.isnan(labels.held_s):
        lines.append(f"held_s = {labels.held_s:.1f}")
    lines += [f"{key} = {_quoted_list(names)}" for key, names in _set_lists(labels) if names]
    if not labels.by_rep and not _timed(labels.reps):
        counted = [f"reps = {len(labels.reps)}"] if math.isnan(labels.held_s) else []
        return "\n".join([*lines, *counted, ""])
    for rep in labels.reps:
        lines += ["", "[[reps]]"]
        lines += [f"{key} = {getattr(rep, key):.2f}" for key in _TIMES if not math.isnan(getattr(rep, key))]
        lines += [f"{key} = {_quoted_list(getattr(rep, key))}" for key in ("shows", "clear") if getattr(rep, key)]
    return "\n".join([*lines, ""])


def looked_at(exercise: Exercise, view: View) -> tuple[Check, ...]:
    """Return the checks that the keypoints of a golden recording can show in this view."""
    return tuple(
        check
        for check in exercise.checks
        if view in check.views and check.assessed_by.value in ("keypoints", "proxy") and check.measure is not None
    )


def _golden(path: Path, labels_path: Path, labels: Labels, exercise: Exercise) -> Golden:
    view = labels.view
    if view is None:
        raise PluginError(f"{labels_path}: view: is missing")
    check_labels(labels, exercise, view, str(labels_path))
    return Golden(path.stem, read_keypoints(path), recorded_with(path), view, labels)


def _reps(raw: object, problems: Problems) -> Iterator[LabelledRep]:
    """Yield the reps of ``reps = 5`` or of the tables ``[[reps]]``."""
    if not isinstance(raw, list):
        try:
            yield from [LabelledRep()] * _whole(raw)
        except FieldError as error:
            problems.add("reps", f"{error}, or tables [[reps]]")
        return
    reps = []
    for number, table in enumerate(raw, 1):
        where, before = f"reps[{number}]", len(problems.lines)
        values = read_table(table, _REP, (), where, problems)
        for name in sorted(set(values.get("shows", ())) & set(values.get("clear", ()))):
            problems.add(f"{where}.clear", f"'{name}' is also in shows")
        times = [values[key] for key in _TIMES if key in values]
        if times != sorted(times):
            problems.add(where, "must start, reach its bottom and end in that order")
        if len(problems.lines) == before:
            reps.append(LabelledRep(**values))
    if any(after.start_s < before.bottom_s for before, after in pairwise(reps)):
        problems.add("reps", "must stand in the order of time")
    yield from reps


def _set_lists(labels: Labels) -> Iterable[tuple[str, Sequence[str]]]:
    return (("signs", labels.signs), ("not_signs", labels.not_signs))


def _timed(reps: Iterable[LabelledRep]) -> bool:
    return any(not math.isnan(getattr(rep, key)) for rep in reps for key in _TIMES)


def _quoted(word: str) -> str:
    return json.dumps(word)


def _quoted_list(names: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(name) for name in names)}]"
