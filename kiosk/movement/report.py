"""The result of a visit or of one recording, and its JSON (``kiosk/report.schema.json``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.movement.exercise import Check
from kiosk.movement.pose import FloatArray, Side
from kiosk.movement.reps import Rep
from kiosk.movement.view import View

SCHEMA = 1

#: Stands on every result (DOMAIN 5).
NOTICE = (
    "A movement screen for general fitness, from one camera and a few points of the body. It is no medical device "
    "and no diagnosis."
)
#: Stands on every step of a programme (DOMAIN 5).
STOP_RULE = "It must not hurt. Stop if it does, and ask a trainer."


class Status(StrEnum):
    """What a check says. ``UNSURE`` is an answer; ``NOT_ASSESSED`` always comes with its reason."""

    CLEAR = "clear"
    UNSURE = "unsure"
    SIGN = "sign"
    NOT_ASSESSED = "not-assessed"


@dataclass(frozen=True, slots=True)
class RepResult:
    """One rep of one pass: what it measured, check by check, and its score (None when nothing could be seen).

    ``done_on``, here and below: with which side it was done, None where the exercise is not done per side.
    """

    rep: Rep
    view: View
    score: int | None
    signs: tuple[str, ...]
    values: dict[str, float]
    verdicts: dict[str, Status]
    done_on: Side | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """The skeleton at the frame that shows a finding best. ``xy`` (17, 2) in pixels, NaN = not seen.

    ``value`` is what the check measures just there, None where that is the value of the rep.
    """

    rep: int
    t_s: float
    xy: FloatArray
    size_px: tuple[int, int]
    value: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """The outcome of one check over all reps of its pass.

    ``value`` is the median over the reps that showed the sign, else over all of them; ``from_rep`` the rep from
    which it was there to the end. ``reps`` are the numbers of those that show the sign, ``per_rep`` the number, value
    and band of each that was seen. ``side`` names the direction of a two-sided check, ``done_on`` the side that the
    exercise was done with. ``view`` is from where it was looked at, ``reason`` why ``status`` is not a plain yes or no,
    and ``moment`` the skeleton that shows it best.
    """

    check: Check
    status: Status
    view: View | None = None
    value: float | None = None
    reps: tuple[int, ...] = ()
    from_rep: int | None = None
    side: str | None = None
    reason: str | None = None
    per_rep: tuple[tuple[int, float, Status], ...] = ()
    moment: Moment | None = None
    done_on: Side | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, as a range; ``seen`` of the ``of`` declared checks could be assessed. None when withheld."""

    value: int | None
    low: int | None
    high: int | None
    seen: int
    of: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Left against right of one measure, as medians over the set, in ``unit``; ``index_percent`` = 100 |L-R| / mean."""

    name: str
    left: float
    right: float
    unit: str
    index_percent: float


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the programme. ``done_on``: the only side that showed the sign; None where it is for both."""

    check: str
    phase: str
    exercise: str
    title: str
    dose: str
    how: str
    stop: str
    source: str
    confirm: bool
    done_on: Side | None = None


@dataclass(frozen=True, slots=True)
class PassSummary:
    """How one pass went.

    ``ended``: done, rested, left (the posture of a hold), lost, stopped, pain, or over (the recording ended). Of a hold
    ``held_s`` is the time under tension and ``asked_s`` what was asked for, and its parts are counted.
    """

    view: View
    complete: int
    incomplete: int
    asked: int | None
    ended: str
    done_on: Side | None = None
    held_s: float | None = None
    asked_s: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the frames came from."""

    name: str
    frames: int
    fps: float
    duration_s: float
    size_px: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is known about one visit, or one recording: docs/report.md explains it, key by key.

    ``findings`` are its ``checks`` there.
    """

    source: Source
    model: str
    exercise: str | None
    title: str | None
    view: View | None
    passes: tuple[PassSummary, ...] = ()
    reps: tuple[RepResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    score: Score = Score(None, None, None, 0, 0)
    first: str | None = None
    first_on: Side | None = None
    programme: tuple[Step, ...] = ()
    questions: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    pain: bool = False
    notes: tuple[str, ...] = ()
