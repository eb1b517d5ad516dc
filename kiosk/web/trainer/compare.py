"""Two results side by side: what was measured, whether a difference is real, and the pictures beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.movement import compare as movement
from kiosk.movement.compare import Change
from kiosk.web.language import later, text
from kiosk.web.trainer.names import nickname
from kiosk.web.trainer.session import guarded
from kiosk.web.trainer.source import visits

#: What each kind of change means, beside its values.
KINDS = {
    movement.BETTER: later("Nearer to the limit's good side, by more than the error"),
    movement.WORSE: later("Nearer to the sign, by more than the error"),
    movement.MOVED: later("Changed by more than the error, on the good side both times"),
    movement.SAME: later("No change that is larger than the error"),
    movement.UNCOMPARED: later("These two values cannot be compared."),
}

pages = guarded("trainer_compare")


@dataclass(frozen=True, slots=True)
class Row:
    """One check, as it was then and now (None where that result has none), and what changed; None: not compared."""

    then: Mapping[str, Any] | None
    now: Mapping[str, Any] | None
    change: Change | None

    @property
    def check(self) -> Mapping[str, Any]:
        """The newer entry that there is: its title, unit and checkpoint."""
        return self.now or self.then or {}


@pages.get("/compare")
def two() -> str | Response:
    """Two results beside each other, the older one left."""
    named = list(dict.fromkeys(request.args.getlist("id")))
    if len(named) != 2:
        flash(text("Choose two results to compare: tick one and the other."), "wrong")
        return redirect(url_for("trainer_visits.visits"))
    reports = [visits().load(one) for one in named]
    found = sorted((one for one in reports if one is not None), key=lambda one: visits().number_of(one["id"]))
    if len(found) != 2:
        abort(404)
    then, now = found
    members = [visits().member_of(one["id"]) for one in found]
    return render_template(
        "trainer/compare.html",
        then=then,
        now=now,
        comparison=movement.compare(then, now),
        rows=rows(then, now),
        kinds=KINDS,
        names=[nickname(one) if one else None for one in members],
        same_member=members[0] is not None and members[0] == members[1],
    )


def rows(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Row]:
    """Return a row for each check that has a value in one of the two, real changes first."""
    changes = {(one.slug, one.done_on): one for one in movement.compare(then, now).changes}
    before, after = ({(c["slug"], c.get("done_on")): c for c in one["checks"]} for one in (then, now))
    pairs = [Row(before.get(key), after.get(key), changes.get(key)) for key in {**after, **before}]
    seen = [row for row in pairs if any(one is not None and one["value"] is not None for one in (row.then, row.now))]
    return sorted(seen, key=lambda row: row.change is None or row.change.kind not in _REAL)


_REAL = (movement.WORSE, movement.BETTER, movement.MOVED)
