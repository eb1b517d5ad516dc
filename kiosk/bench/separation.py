"""How well each check tells correct squats from incorrect ones, on motion-captured people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.bench.captured import KINDS, CapturedSet
from kiosk.bench.tables import share, table
from kiosk.movement.assess import assess_pass
from kiosk.movement.exercise import Check, Exercise
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import FloatArray
from kiosk.movement.report import Status
from kiosk.movement.view import View, view_of

#: Limits are fitted on the first so many people and reported on the others.
FITTED_ON = 4
#: The share of correct reps that a fitted limit may call a sign.
FALSE_SIGNS = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """One complete rep's value of one check, turned so that more is nearer to the sign; and its verdict."""

    check: str
    view: View
    kind: str
    person: int
    value: float
    sign: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """One set: how many reps it has, how many were counted, and whether its view was told right."""

    kind: str
    view: View
    reps: int
    counted: int
    view_told: bool


def judge_sets(exercise: Exercise, sets: Iterable[CapturedSet]) -> tuple[list[Counted], list[Judged]]:
    """Return the counts of all sets and the values of all their complete reps."""
    checks = {check.slug: check for check in exercise.checks}
    counted, judged = [], []
    for one in sets:
        read = read_pass(exercise, one.track)
        results, _ = assess_pass(exercise, read, one.view)
        counted.append(Counted(one.kind, one.view, one.reps, len(read.complete), view_of(one.track) is one.view))
        for result in results:
            for slug, value in result.values.items():
                if not math.isnan(value):
                    sign = result.verdicts[slug] is Status.SIGN
                    judged.append(Judged(slug, one.view, one.kind, one.person, _towards(checks[slug], value), sign))
    return counted, judged


def _towards(check: Check, value: float) -> float:
    size = abs(value) if check.two_sided else value
    return size if (check.sign or 0.0) > (check.clear or 0.0) else -size


def auc(sign: FloatArray, clear: FloatArray) -> float:
    """Return how often a value of ``sign`` (N,) is larger than one of ``clear`` (M,); ties count a half."""
    larger = (sign[:, None] > clear[None, :]).mean()
    return float(larger + 0.5 * (sign[:, None] == clear[None, :]).mean())


def best_limit(sign: FloatArray, clear: FloatArray) -> float:
    """Return the limit between two values that has the best sum of sensitivity and specificity.

    Of those with at most `FALSE_SIGNS` on correct reps, where there are any: a kiosk that cries wolf is not heard.
    """
    values = np.unique(np.concatenate([sign, clear]))
    limits = (values[1:] + values[:-1]) / 2 if len(values) > 1 else values
    specificity = np.array([(clear <= limit).mean() for limit in limits])
    merit = np.array([(sign > limit).mean() for limit in limits]) + specificity
    quiet = specificity >= 1 - FALSE_SIGNS
    if quiet.any():
        merit[~quiet] = -1.0
    return float(limits[int(np.argmax(merit))])


def count_table(counted: Sequence[Counted]) -> str:
    """Return how many reps of the sets were counted exactly, by view and kind."""
    rows: list[list[object]] = []
    for view in (View.FRONT, View.SIDE):
        for kind in KINDS:
            rows.append([f"{kind}, {view}", *_exact([c for c in counted if c.view is view and c.kind == kind])])
    rows.append(["all", *_exact(counted)])
    return table(["sets", "reps in sets counted exactly", "reps counted", "view told"], rows)


def _exact(counted: Sequence[Counted]) -> list[object]:
    whole = sum(c.reps for c in counted)
    exact = sum(c.reps for c in counted if c.counted == c.reps)
    told = share(sum(c.view_told for c in counted), len(counted))
    return [share(exact, whole), f"{sum(c.counted for c in counted)} of {whole}", told]


def separation_table(judged: Sequence[Judged]) -> str:
    """Return one line a check: its AUC, a fitted limit on unseen people, and the shipped limit on all."""
    people = sorted({one.person for one in judged})
    fitted, unseen = people[:FITTED_ON], people[FITTED_ON:]
    rows = []
    for slug, view in sorted({(one.check, one.view) for one in judged}):
        mine = [one for one in judged if (one.check, one.view) == (slug, view)]
        limit = best_limit(*_groups(mine, fitted))
        bad, good = _groups(mine, unseen)
        rows.append(
            [
                slug,
                view.value,
                auc(*_groups(mine, people)),
                auc(bad, good),
                float((bad > limit).mean()),
                float((good <= limit).mean()),
                f"{_signs(mine, 'incorrect'):.0%}",
                f"{_signs(mine, 'correct'):.1%}",
            ]
        )
    heads = ["check", "view", "AUC, all", "AUC, unseen", "sensitivity, unseen", "specificity, unseen"]
    return table([*heads, "signs on incorrect reps", "false signs on correct reps"], rows)


def _groups(judged: Sequence[Judged], people: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """Return the values of incorrect and of correct reps of these people."""
    bad, good = (
        np.array([one.value for one in judged if one.kind == kind and one.person in people]) for kind in KINDS[::-1]
    )
    return bad, good


def _signs(judged: Sequence[Judged], kind: str) -> float:
    return float(np.mean([one.sign for one in judged if one.kind == kind]))
