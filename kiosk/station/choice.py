"""Which exercise a visit is to, and how the screen invites to those there are."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kiosk.movement.exercise import Exercise
from kiosk.movement.geometry import torso_px
from kiosk.movement.pose import Pose


def fitting(exercises: Sequence[Exercise], smooth: Pose | None) -> Exercise:
    """Return the first exercise that the person's pose can belong to; the first of all where none does."""
    torso = torso_px(smooth) if smooth is not None else math.nan
    if smooth is not None and torso > 0:
        for exercise in exercises:
            if exercise.fits(smooth, torso):
                return exercise
    return exercises[0]


def how_to_start(exercises: Sequence[Exercise]) -> str:
    """Return how to start, at most seven words."""
    if len(exercises) > 1:
        return "Take the starting posture"
    return exercises[0].start_ask if exercises else "No exercise is installed"


def all_starts(exercises: Sequence[Exercise]) -> str:
    """Return the starting posture of each exercise."""
    return " · ".join(f"{e.title}: {e.start_ask}" for e in exercises)
