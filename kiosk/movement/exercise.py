"""What a plugin fills in: an exercise is data and small pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, cast

from kiosk.movement.accuracy import Card, CheckAccuracy
from kiosk.movement.detail import Detail
from kiosk.movement.pose import Keypoint, Pose, Side
from kiosk.movement.reps import Phase, RepPercentile, RepTrace
from kiosk.movement.view import View

#: One pose and the person's own pose at the top of the movement; returns the value, NaN when it cannot be seen.
#: In a side view both poses are turned so that the person faces +x, whichever flank the camera sees.
PoseMeasure: TypeAlias = Callable[[Pose, Pose], float]
#: A whole rep; for checks of phase "whole".
RepMeasure: TypeAlias = Callable[[RepTrace], float]
#: A key frame at the bottom of a rep and one of the same person standing, as the second model saw them; turned as
#: above. For checks that are assessed by "second-model".
DetailMeasure: TypeAlias = Callable[[Detail, Detail], float]
Measure: TypeAlias = PoseMeasure | RepMeasure | DetailMeasure


class AssessedBy(StrEnum):
    """How a check sees what it names."""

    KEYPOINTS = "keypoints"
    PROXY = "proxy"
    SECOND_MODEL = "second-model"
    NOTHING = "not-assessed"


@dataclass(frozen=True, slots=True)
class Muscles:
    """What a compensation often goes with. A teaching hypothesis, never a finding."""

    overactive: tuple[str, ...] = ()
    underactive: tuple[str, ...] = ()
    #: True where no source was retrieved: to be confirmed by a qualified trainer.
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """One exercise of the programme that answers a sign."""

    phase: str  # inhibit, lengthen, activate or integrate
    exercise: str  # slug
    title: str
    dose: str
    how: str
    source: str
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at, with its limits and its words. Comes from ``checks.toml``: see docs/checks-file.md.

    Limits: beyond ``sign`` a rep shows the compensation, on the near side of ``clear`` it does not, between them
    the camera cannot tell. Where ``sign`` is below ``clear``, small values are the sign. With ``two_sided`` the
    size of the value is judged and its direction named by ``sides`` (positive, negative).
    ``promised`` is the true size from which on the sign is to be found, None: from ``sign`` on. A limit that lies
    nearer to ``clear`` lets an error of the camera hide fewer of those.
    ``card`` is how well the exercise is measured, None where nobody has measured it.
    """

    slug: str
    title: str
    checkpoint: str
    views: tuple[View, ...]
    assessed_by: AssessedBy
    phase: Phase
    unit: str
    clear: float | None
    sign: float | None
    weight: float
    saw: str
    cue: str
    measure: Measure | None = None
    #: Why it is not assessed, or, for a proxy, what stands in for what.
    reason: str | None = None
    promised: float | None = None
    two_sided: bool = False
    sides: tuple[str, str] | None = None
    #: What its picture shows, as in `kiosk.movement.drawn`; None: the skeleton alone.
    drawn: str | None = None
    question: str | None = None
    regression: str | None = None
    muscles: Muscles = Muscles()
    corrections: tuple[Correction, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()  # (id, where it can be found)
    card: Card | None = field(default=None, compare=False, repr=False)

    @property
    def of_pose(self) -> PoseMeasure | None:
        """What is measured in a single pose, of a whole rep too where that is a percentile; None: nothing is."""
        if self.measure is None or self.assessed_by not in (AssessedBy.KEYPOINTS, AssessedBy.PROXY):
            return None
        if isinstance(self.measure, RepPercentile):
            return self.measure.measure
        # The phase says which kind of measure a check has; the loader of checks.toml cannot.
        return None if self.phase is Phase.WHOLE else cast(PoseMeasure, self.measure)

    @property
    def least_promised(self) -> float | None:
        """The true size from which on the sign is to be found: `promised`, or a gym's own limit that lies farther."""
        if self.promised is None or self.sign is None or self.clear is None:
            return self.sign
        farther = max if self.sign > self.clear else min
        return farther(self.promised, self.sign)

    @property
    def accuracy(self) -> dict[str, CheckAccuracy]:
        """How well this check is measured, by the name of the pose model."""
        models = self.card.models.items() if self.card else ()
        return {name: model.checks[self.slug] for name, model in models if self.slug in model.checks}

    def error_with(self, model: str | None) -> float | None:
        """Return half the width of the interval that holds the true value of a set (95 %); None: not measured.

        For a model that the card does not know it is the largest of those that it knows.
        """
        accuracy = self.accuracy
        if model in accuracy:
            return accuracy[model].error
        return max((one.error for one in accuracy.values() if one.error is not None), default=None)

    def corrected(self, value: float, model: str | None) -> float:
        """Return a measured value without the bias of its model: as it is for a model that the card does not know."""
        known = self.accuracy.get(model) if model is not None else None
        return (value - known.offset) / known.gain if known else value

    def cannot_tell(self, model: str | None) -> str | None:
        """Return why this check is not assessed with a model, None where it is."""
        known = self.accuracy.get(model) if model is not None else None
        return known.why if known is not None and not known.assessed else None


@dataclass(frozen=True, slots=True)
class Pass:
    """What is done in one view: so many reps, or one hold of ``hold_s`` seconds.

    ``ask`` is what the screen asks for, at most seven words. ``side``: with which side of the body it is done, where
    an exercise is done with one after the other. A pass on the right is shown to the exercise in a mirror, so that the
    side that works is the left one in all that it looks at: its functions are written once, for the left.
    """

    view: View
    reps: int = 0
    ask: str = ""
    hold_s: float = 0.0
    side: Side | None = None

    def seen(self, pose: Pose) -> Pose:
        """Return a pose as the exercise is to look at it."""
        return pose.mirrored() if self.side is Side.RIGHT else pose


@dataclass(frozen=True, slots=True)
class Hold:
    """What makes an exercise a hold: no reps, but the time for which a posture is kept.

    ``posture``: does the person keep it, however badly? Sagging hips are for a check to see; this says no when the
    knees come down. The time is cut into parts of about ``part_s`` seconds, which play the part of reps: each check has
    one value for each of them, so that a report can say from which second on something was there.
    """

    posture: Callable[[Pose], bool]
    part_s: float = 5.0


def no_reps(_pose: Pose, _torso_px: float) -> float:
    """Return NaN: the effort of an exercise that has no reps."""
    return math.nan


@dataclass(frozen=True, slots=True)
class SideMeasure:
    """What is compared between left and right, at the bottom of a rep, in front and rear views.

    ``of_side`` takes the pose, the person's own top and the side (0 left, 1 right), and returns the value. ``name`` and
    ``unit`` are as members read them.
    """

    name: str
    unit: str
    of_side: Callable[[Pose, Pose, int], float]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Exercise:
    """An exercise that the kiosk can scan: reps, or with ``hold`` a posture that is kept.

    ``slug`` is its short name, of small letters, digits and single hyphens; ``title`` what members read. ``passes`` are
    done one after the other, all of them with ``hold`` or none.
    ``start``: is the person in the posture that starts this exercise?
    ``effort``: the rep signal of a pose, given the person's torso length in pixels (above 0, or NaN): it
    rises from the top of the movement to the bottom, by 1 over the full range; where its zero lies does not matter.
    NaN in a pose that cannot belong to the exercise, so that nothing is counted there.
    ``planted``: what stays where it is during a rep (the feet of a squat, the hands of a push-up). A rise of
    effort during which it travels is no rep: that is someone walking, jumping or reaching.
    A hold needs neither ``effort`` nor ``planted``.
    ``least_range``: the smallest rise of effort that may be a rep at all.
    ``shortest_s``: no rep of this exercise is faster.
    ``checks`` are what is looked at, from `load_checks`; ``sides`` what is compared between left and right.
    ``start_ask`` is what the screen asks of someone who wants to start, at most seven words.
    ``coached``: whether the screen may give cues during a pass. An assessment is done uncoached (DOMAIN 1.1).
    """

    slug: str
    title: str
    passes: tuple[Pass, ...]
    start: Callable[[Pose], bool]
    effort: Callable[[Pose, float], float] = no_reps
    planted: tuple[Keypoint, ...] = ()
    checks: tuple[Check, ...]
    start_ask: str
    least_range: float = 0.3
    shortest_s: float = 0.5
    sides: tuple[SideMeasure, ...] = ()
    coached: bool = False
    hold: Hold | None = None

    @property
    def done_on(self) -> tuple[Side | None, ...]:
        """The sides that it is done with, in the order of its passes; (None,) where it is not done per side."""
        return tuple(dict.fromkeys(one.side for one in self.passes)) or (None,)

    def fits(self, pose: Pose, torso_px: float) -> bool:
        """Whether a pose can belong to this exercise, whichever side it is done with."""
        if self.hold is not None:
            return self.hold.posture(pose)
        seen = (one.seen(pose) for one in self.passes)
        return any(not math.isnan(self.effort(one, torso_px)) for one in seen)
