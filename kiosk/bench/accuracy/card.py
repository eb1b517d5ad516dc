"""From outcomes to the card of an exercise: corrections from one part of the recordings, figures from the other."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.bench.accuracy.correction import fitted
from kiosk.bench.accuracy.figures import check_accuracy, rep_accuracy
from kiosk.bench.accuracy.groups import group_figures
from kiosk.bench.accuracy.outcome import SetOutcome
from kiosk.bench.accuracy.pool import by_model
from kiosk.bench.accuracy.recordings import KEYPOINTS_MODEL, Labelled
from kiosk.bench.accuracy.settled import IDENTITY, said_of
from kiosk.bench.accuracy.targets import targets
from kiosk.movement.accuracy import Card, ModelAccuracy
from kiosk.movement.exercise import AssessedBy, Exercise

FITTED_ON, REPORTED = "tune", "report"


def card_of(exercise: Exercise, recordings: Sequence[Labelled], found: Sequence[SetOutcome], part: str) -> Card:
    """Return the card of an exercise over one part of the recordings. Negatives belong to every exercise."""
    mine = [one for one in recordings if one.part == part and one.exercise == exercise.slug]
    negatives = [one for one in recordings if one.part == part and one.exercise is None]
    people = {one.factors["body"] for one in mine if one.factors.get("body") is not None}
    models = {name: model_accuracy(exercise, outcomes, part) for name, outcomes in by_model(found).items()}
    return Card(
        exercise=exercise.slug,
        part=part,
        source=", ".join(sorted({one.source for one in mine})),
        recordings=len(mine),
        negatives=len(negatives),
        people=len(people),
        models={name: model for name, model in models.items() if model.reps.sets},
    )


def model_accuracy(exercise: Exercise, found: Sequence[SetOutcome], part: str) -> ModelAccuracy:
    """Return the figures of one model.

    A correction is fitted on part "tune" alone; that a check cannot be told at all is said after looking at all parts.
    """
    sets = [one for one in found if one.exercise == exercise.slug]
    tune, reported = ([one for one in sets if one.part == name] for name in (FITTED_ON, part))
    negatives = [one for one in found if one.exercise is None and one.part == part]
    checks = {check.slug: check for check in exercise.checks if check.assessed_by is not AssessedBy.NOTHING}
    corrects = any(one.model != KEYPOINTS_MODEL for one in found)
    accuracy, said = {}, {}
    for slug, check in checks.items():
        line = fitted(check, said_of(check, tune)) if corrects else IDENTITY
        told = list(said_of(check, reported, line))
        if told:
            accuracy[slug] = check_accuracy(check, line, told, list(said_of(check, sets, line)))
            said[slug] = told
    reps = rep_accuracy(reported, negatives)
    shown = {slug: sets for slug, sets in said.items() if accuracy[slug].assessed}
    groups = group_figures(reported, shown, checks)
    return ModelAccuracy(reps, accuracy, groups, targets(reps, accuracy, shown, groups, checks))
