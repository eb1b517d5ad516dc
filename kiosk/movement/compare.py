"""What changed between two results of one person: only what is larger than the errors of both together.

Works on the JSON of reports, because what is compared was stored: a result of last year as well as one of just now.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BETTER, WORSE, MOVED, SAME, UNCOMPARED = "better", "worse", "moved", "same", "not-comparable"

_Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One check then and now, in its unit.

    ``kind``: ``better`` and ``worse`` by its limits; ``moved`` where both values are fine or it only changed sides;
    ``same`` where the difference is no larger than ``error``, its 95 % range; ``not-comparable`` with a ``reason``.
    """

    slug: str
    title: str
    done_on: str | None
    unit: str
    kind: str
    before: float | None
    after: float | None
    error: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results set against each other. ``reason``: why nothing can be compared; then there is nothing else.

    ``score`` is ``better`` or ``worse`` only where the two ranges, ``scores`` then and now from low to high, do not
    touch, else ``same``; None with the reason in ``score_reason``.
    """

    changes: tuple[Change, ...] = ()
    score: str | None = None
    scores: tuple[tuple[int, int], tuple[int, int]] | None = None
    score_reason: str | None = None
    reason: str | None = None

    @property
    def real(self) -> tuple[Change, ...]:
        """The changes that are larger than their error."""
        return tuple(change for change in self.changes if change.kind in (BETTER, WORSE, MOVED))

    @property
    def uncompared(self) -> tuple[Change, ...]:
        """The checks that have a value both times and cannot be compared all the same."""
        return tuple(change for change in self.changes if change.kind == UNCOMPARED)


def compare(before: _Json, after: _Json) -> Comparison:
    """Compare two reports, as `kiosk.movement.report_json` writes them, of the same person at two times."""
    if before["exercise"] != after["exercise"] or after["exercise"] is None:
        return Comparison(reason="These are two different exercises.")
    if before["pain"] or after["pain"]:
        return Comparison(reason="Something hurt in one of the two, so we compare nothing.")
    if before["model"] != after["model"]:
        return Comparison(reason="They were measured with two different pose models, whose errors differ.")
    earlier = {_key(check): check for check in before["checks"]}
    pairs = [(earlier[_key(check)], check) for check in after["checks"] if _key(check) in earlier]
    changes = tuple(_change(then, now) for then, now in pairs if _has_value(then) and _has_value(now))
    score, why = _score(before, after)
    scores = None if score is None else (_range(before), _range(after))
    return Comparison(changes, score, scores, why)


def _key(check: _Json) -> tuple[object, ...]:
    return check["slug"], check["view"], check.get("done_on")


def _has_value(check: _Json) -> bool:
    return check["status"] != "not-assessed" and check["value"] is not None


def _rules(check: _Json) -> tuple[object, ...]:
    return check["clear"], check["sign"], check["two_sided"], check["unit"], check["assessed_by"]


def _change(then: _Json, now: _Json) -> Change:
    before, after = float(then["value"]), float(now["value"])
    kind, error, reason = UNCOMPARED, None, None
    if _rules(then) != _rules(now):
        reason = "Its limits were changed in between."
    elif then["error"] is None or now["error"] is None:
        reason = "Its error was never measured."
    else:
        error = math.hypot(float(then["error"]), float(now["error"]))
        kind = _kind(now, before, after, error)
    return Change(now["slug"], now["title"], now.get("done_on"), now["unit"], kind, before, after, error, reason)


def _kind(check: _Json, before: float, after: float, error: float) -> str:
    if abs(after - before) <= error:
        return SAME
    clear, sign = check["clear"], check["sign"]
    if clear is None or sign is None:
        return MOVED
    # From here on larger is worse: towards the sign, or away from the middle.
    if check["two_sided"]:
        before, after = abs(before), abs(after)
    elif sign < clear:
        before, after, clear = -before, -after, -clear
    if max(before, after) <= clear or abs(after - before) <= error:
        return MOVED
    return BETTER if after < before else WORSE


def _range(report: _Json) -> tuple[int, int]:
    return report["score"]["low"], report["score"]["high"]


def _score(before: _Json, after: _Json) -> tuple[str | None, str | None]:
    then, now = before["score"], after["score"]
    if None in (then["low"], then["high"], now["low"], now["high"]):
        return None, "One of the two has no score."
    judged = [
        {(_key(check), _rules(check)) for check in report["checks"] if check["status"] != "not-assessed"}
        for report in (before, after)
    ]
    if judged[0] != judged[1]:
        return None, "The scores cannot be compared: they do not rest on the same checks with the same limits."
    if now["low"] > then["high"]:
        return BETTER, None
    return (WORSE, None) if now["high"] < then["low"] else (SAME, None)
