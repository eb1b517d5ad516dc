"""A recorded set made into a golden one: cut to its reps, and labelled by questions in a terminal."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kiosk.errors import KioskError, OutputError
from kiosk.kit.golden import LabelledRep, Labels, looked_at
from kiosk.movement.assess import agreement
from kiosk.movement.exercise import Check, Exercise
from kiosk.movement.holds import held_s
from kiosk.movement.passes import PassTrack
from kiosk.movement.pose import PoseTrack
from kiosk.movement.reps import Rep
from kiosk.movement.view import View

#: What is kept before the first rep and after the last: the person's own top is taken from the second before a rep.
MARGIN_S = 1.5
#: Keypoints err by pixels: tenths of one make files a third of the size, and change no value that is shown.
_PIXEL_DIGITS, _SCORE_DIGITS, _TIME_DIGITS = 1, 3, 4

#: Puts a question and returns the answer.
Ask = Callable[[str], str]
#: Prints a line.
Say = Callable[[str], None]


def cut_to_the_set(track: PoseTrack, read: PassTrack) -> tuple[PoseTrack, float]:
    """Return the raw track from a moment before its first attempt to one after its last, and where it begins.

    Times of the cut count from its own first frame; the second value is that frame's time in seconds of ``track``.
    A track without a rep is kept whole.
    """
    first, last = 0, len(track) - 1
    if read.reps:
        first = int(np.searchsorted(track.t_s, read.reps[0].start_s - MARGIN_S))
        last = int(np.searchsorted(track.t_s, read.reps[-1].end_s + MARGIN_S, side="right")) - 1
    part = track.part(first, last)
    begins_s = float(part.t_s[0])
    cut = PoseTrack(
        part.xy.round(_PIXEL_DIGITS),
        part.score.round(_SCORE_DIGITS),
        (part.t_s - begins_s).round(_TIME_DIGITS),
        part.size_px,
    )
    return cut, begins_s


def ask_labels(exercise: Exercise, view: View, read: PassTrack, ask: Ask, say: Say) -> Labels:
    """Return what a trainer answers: how many reps there were, which signs they showed, and in which reps.

    ``read`` is the set as the exercise counts it. Where the trainer counted as many, each rep gets the times at which
    it was counted. Checks that were asked about and not named are labelled as clean. Of a hold it is the seconds that
    it lasted, and its parts are asked about in the place of reps.
    """
    counted = read.complete
    what = "parts of a hold" if exercise.hold else "complete reps"
    say(f"The exercise counts {len(counted)} {what}.")
    for number, rep in enumerate(counted, 1):
        say(f"  {number:>2}  from {rep.start_s:.1f} to {rep.end_s:.1f} s")
    if exercise.hold:
        lasted_s, many = _ask_seconds(held_s(counted), ask, say), len(counted)
    else:
        lasted_s, many = math.nan, _ask_count(len(counted), ask, say)
    shown = _ask_signs(looked_at(exercise, view), many, ask, say) if many else {}
    reps = _labelled(many, shown, counted if len(counted) == many else ())
    return Labels(
        exercise.slug,
        view,
        tuple(reps),
        tuple(slug for slug, numbers in shown.items() if _agrees(numbers, many)),
        tuple(slug for slug, numbers in shown.items() if not numbers),
        read.done_on,
        lasted_s,
    )


def ask_view(ask: Ask, say: Say) -> View:
    """Return the view that a trainer names."""
    names = {view.value: view for view in View}
    while True:
        answer = ask(f"From where is the person seen: {', '.join(names)}? ").strip().lower()
        if answer in names:
            return names[answer]
        say("One of these words, please.")


def free_place(folder: Path, stem: str) -> Path:
    """Return the first of STEM-1.npz, STEM-2.npz ... of which neither the keypoints nor the labels are there."""
    number = 1
    while any((folder / f"{stem}-{number}{suffix}").exists() for suffix in (".npz", ".toml")):
        number += 1
    return folder / f"{stem}-{number}.npz"


def refuse_taken(path: Path) -> None:
    """Raise OutputError where a golden recording of this name is there: what a trainer has labelled is never lost."""
    for place in (path, path.with_suffix(".toml")):
        if place.exists():
            raise OutputError(f"{place} is already there, and golden recordings are not overwritten: choose a name.")


def _ask_signs(checks: Sequence[Check], many: int, ask: Ask, say: Say) -> dict[str, list[int]]:
    """Return the numbers of the reps that show it, for every check that was asked about."""
    for number, check in enumerate(checks, 1):
        say(f"  {number:>2}  {check.title} ({check.slug})")
    seen = _ask_numbers("Which of these did you see? Numbers; Enter for none: ", len(checks), [], ask, say)
    every = list(range(1, many + 1))
    return {
        check.slug: _ask_numbers(f"{check.title}: in which? Numbers; Enter for all: ", many, every, ask, say)
        if place in seen
        else []
        for place, check in enumerate(checks, 1)
    }


def _labelled(many: int, shown: dict[str, list[int]], counted: Sequence[Rep]) -> Iterator[LabelledRep]:
    """Yield the reps; what none of them shows is said once, of the set."""
    for number in range(1, many + 1):
        rep = LabelledRep(
            shows=tuple(slug for slug, numbers in shown.items() if number in numbers),
            clear=tuple(slug for slug, numbers in shown.items() if numbers and number not in numbers),
        )
        if counted:
            seen = counted[number - 1]
            rep = replace(rep, start_s=seen.start_s, bottom_s=seen.bottom_s, end_s=seen.end_s)
        yield rep


def _agrees(numbers: Sequence[int], many: int) -> bool:
    return agreement([number in numbers for number in range(1, many + 1)]) is not None


def _ask_count(counted: int, ask: Ask, say: Say) -> int:
    while True:
        answer = ask(f"How many complete reps did the person do? [{counted}] ").strip()
        if not answer:
            return counted
        if re.fullmatch(r"\d{1,3}", answer):
            return int(answer)
        say("A whole number, such as 5.")


def _ask_seconds(counted_s: float, ask: Ask, say: Say) -> float:
    while True:
        answer = ask(f"For how many seconds was it held? [{counted_s:.1f}] ").strip()
        if not answer:
            return counted_s
        if re.fullmatch(r"\d{1,4}(\.\d+)?", answer):
            return float(answer)
        say("A number of seconds, such as 30.")


def _ask_numbers(question: str, most: int, usual: list[int], ask: Ask, say: Say) -> list[int]:
    """Return the numbers that a trainer types, such as "1 3-5"; ``usual`` for a bare Enter."""
    while True:
        answer = ask(question).replace(",", " ").split()
        if not answer:
            return usual
        numbers = [_numbers(word, most) for word in answer]
        if all(numbers):
            return sorted({number for some in numbers for number in some})
        say(f"Numbers from 1 to {most}, such as 1 3-5.")


def _numbers(word: str, most: int) -> range:
    """Return the numbers that one word such as 4 or 3-5 stands for; none where it is no such word."""
    match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", word)
    if match is None:
        return range(0)
    first, last = int(match[1]), int(match[2] or match[1])
    return range(first, last + 1) if first >= 1 and last <= most else range(0)


def at_the_terminal(question: str) -> str:
    """Put a question on the terminal. Raises KioskError where the answers end."""
    try:
        return input(question)
    except EOFError as error:
        raise KioskError(
            "The questions were left unanswered: answer them, or give the labels in a file with --labels."
        ) from error
