"""How wrong the kiosk is: what ``accuracy.json`` holds, measured by ``kiosk bench accuracy`` on labelled recordings.

Sizes of a fault are in steps from the ``clear`` limit of its check to the ``sign`` limit: 0 lies on the one, 1 on the
other, 2 as far beyond it again. Values, offsets and errors are in the unit of the check.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

SCHEMA = 1
#: A group in which a share is of fewer cases is too small to be set against another.
LEAST_GROUP = 10
#: z of a two-sided 95 % interval.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """So many of how many."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; NaN of nothing."""
        return self.count / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share by Wilson's score method, which holds for few cases; 0 to 1 of nothing."""
        if not self.of:
            return 0.0, 1.0
        share, z2 = self.value, _Z * _Z / self.of
        middle = (share + z2 / 2) / (1 + z2)
        reach = _Z / (1 + z2) * math.sqrt(share * (1 - share) / self.of + z2 / (4 * self.of))
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class SizeBand:
    """What was said of sets whose true fault had a size from ``low`` up to below ``high`` (None: and larger)."""

    low: float
    high: float | None
    sign: int
    unsure: int
    clear: int
    not_assessed: int

    @property
    def sets(self) -> int:
        """How many sets there were."""
        return self.sign + self.unsure + self.clear + self.not_assessed


@dataclass(frozen=True, slots=True)
class CheckAccuracy:
    """One check with one pose model.

    ``offset`` and ``gain``: what is measured is about gain x truth + offset. ``error``: half the width of the interval
    that holds the true value of a set in 95 of 100 cases, ``rep_error`` that of a single rep; None where too few
    were measured. ``bias`` and ``spread`` (one standard deviation) are those of a corrected set, ``slope`` says how
    much of a true difference is seen. ``smallest``: the size of fault from which on nine of ten sets were found; None
    where there is none. ``found``: of sets with a true sign; ``false_signs`` and ``unsure``: of clean sets;
    ``onset``: told right within one rep. Those four and ``sizes`` are from cameras as they are to be mounted.
    ``assessed`` false: faults cannot be told from clean reps at a useful size, and ``why``.
    """

    offset: float = 0.0
    gain: float = 1.0
    error: float | None = None
    rep_error: float | None = None
    bias: float | None = None
    spread: float | None = None
    slope: float | None = None
    smallest: float | None = None
    found: Share = Share(0, 0)
    false_signs: Share = Share(0, 0)
    unsure: Share = Share(0, 0)
    onset: Share = Share(0, 0)
    sets: int = 0
    reps: int = 0
    sizes: tuple[SizeBand, ...] = ()
    assessed: bool = True
    why: str | None = None


@dataclass(frozen=True, slots=True)
class RepAccuracy:
    """How reps were counted: sets by how far the count was off, and reps that nobody did in the idle time.

    ``recognised`` and ``view``: sets whose exercise, and whose view, was told right when nobody said.
    """

    exact: int = 0
    off_by_one: int = 0
    worse: int = 0
    false_reps: int = 0
    idle_s: float = 0.0
    negatives: int = 0
    negative_false_reps: int = 0
    recognised: Share = Share(0, 0)
    view: Share = Share(0, 0)

    @property
    def sets(self) -> int:
        """How many sets there were."""
        return self.exact + self.off_by_one + self.worse

    @property
    def false_per_minute(self) -> float:
        """False reps per idle minute; NaN without idle time."""
        return 60 * self.false_reps / self.idle_s if self.idle_s > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Group:
    """The sets that are alike in one factor, such as light = dim, all checks of a set taken together.

    ``found``: true signs that were found; ``false_signs``: clean ones that were called signs; ``bias``: the mean of
    (measured - true) over all checks, each in steps from its clear to its sign limit.
    """

    factor: str
    name: str
    sets: int
    exact: Share
    found: Share
    false_signs: Share
    bias: float | None


@dataclass(frozen=True, slots=True)
class Target:
    """One aim and what was reached; ``reached`` and ``aim`` as they are shown."""

    name: str
    aim: str
    reached: str
    met: bool


@dataclass(frozen=True, slots=True)
class ModelAccuracy:
    """Everything that was measured with one pose model."""

    reps: RepAccuracy = RepAccuracy()
    checks: Mapping[str, CheckAccuracy] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """The accuracy of one exercise. ``part``: which part of the recordings is reported; ``source``: what they are."""

    exercise: str
    part: str
    source: str
    recordings: int
    negatives: int
    people: int
    models: Mapping[str, ModelAccuracy]
