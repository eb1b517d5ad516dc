"""What the pages may read, and how a view function finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from flask import current_app

from kiosk.movement.exercise import Exercise
from kiosk.station.history import History
from kiosk.station.live import LiveBoard
from kiosk.web.rate import Rate
from kiosk.web.streams import StreamSlots

if TYPE_CHECKING:
    from kiosk.web.share import Sharing

#: The key under which `create_app` leaves the context in ``app.extensions``.
EXTENSION = "plumbline"
#: How often a member's code may be tried. Somebody mistypes theirs; a program tries thousands.
CODE_EACH, CODE_TOGETHER = "10/minute; 40/hour", "120/minute"

#: Joints of a drawn figure as `figure.js` names them: to its left, up, ahead, in shares of its height.
Joints: TypeAlias = Mapping[str, tuple[float, float, float]]
About: TypeAlias = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What ``/metrics`` answers, and the media type of that form."""

    text: bytes
    content_type: str


class Summary(Protocol):
    """One line of the history of results."""

    @property
    def id(self) -> str:
        """The name of the result in addresses."""

    @property
    def created(self) -> Any:
        """When it was stored: ISO 8601 text or a datetime."""

    @property
    def exercise(self) -> str | None:
        """The slug of the exercise, None where it could not be told."""

    @property
    def title(self) -> str | None:
        """The exercise in words."""

    @property
    def score_low(self) -> int | None:
        """The low end of the score, None when it was withheld."""

    @property
    def score_high(self) -> int | None:
        """The high end of the score, None when it was withheld."""

    @property
    def first(self) -> str | None:
        """The slug of the one thing to work on first."""

    @property
    def reps(self) -> int:
        """How many reps were counted."""


class ResultSource(Protocol):
    """The stored results, as the pages need them."""

    def load(self, result_id: str) -> dict[str, Any] | None:
        """Return the JSON of one result, or None where there is none of that name."""

    def recent(self, limit: int, offset: int) -> Sequence[Summary]:
        """Return at most ``limit`` results, newest first, leaving out the first ``offset``."""

    def count(self) -> int:
        """Return how many results are stored."""


@dataclass(frozen=True)
class Context:
    """Everything that the pages read. ``slots`` holds the number of live streams below its limit.

    ``sharing`` makes the links that members take along. ``store`` is where courses and notes are kept, None where
    results are only shown; a course's results are deleted after ``keep_days``, and ``code_tries`` counts
    who tries codes. ``theme`` and ``watchers`` are those of the settings. ``metrics`` makes the numbers for
    Prometheus, None where they are switched off. ``figures``: how exercises start, by slug, for those
    that no script draws.
    """

    board: LiveBoard
    history: ResultSource
    show_picture: bool
    slots: StreamSlots
    about: About
    sharing: Sharing
    exercises: Sequence[Exercise] = ()
    store: History | None = None
    keep_days: int = 365
    theme: str = "dark"
    watchers: str = "counts"
    metrics: Callable[[], Numbers] | None = None
    figures: Mapping[str, Joints] = field(default_factory=dict)
    code_tries: Rate = field(default_factory=lambda: Rate("code", CODE_EACH, CODE_TOGETHER))


def holds() -> frozenset[str]:
    """Return the slugs of the exercises in use that are held, so that their parts are not called reps."""
    return frozenset(one.slug for one in context().exercises if one.hold)


def context() -> Context:
    """Return the context of the app that handles this request."""
    return cast(Context, current_app.extensions[EXTENSION])
