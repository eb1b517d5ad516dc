"""How numbers and words of a result are written on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import Environment

from kiosk.web.drawing import chart_svg, score_svg, skeleton_svg
from kiosk.web.size_chart import sizes_svg

NOTICE = (
    "A movement screen for general fitness, not a medical device or diagnosis. One camera sees only part of "
    "how you move, and every value has an error. Stop if anything hurts, and ask a trainer before you change "
    "your training."
)

#: The order of the groups on the page, their headings, and what each means.
GROUPS = (
    ("sign", "What we saw", "Beyond the limit in most reps, or from one rep on to the end."),
    ("unsure", "Too close to call", "Within the camera's error of the limit: it may be there or not."),
    ("clear", "Looked fine", "On the good side of the limit in this set."),
    ("not-assessed", "Not assessed", "What one camera could not judge this time, and why."),
)

#: What the first of them means for a hold, which has no reps.
SIGN_IN_A_HOLD = "Beyond the limit for most of the hold, or from one moment on to the end."

PHASES = {
    "inhibit": "Loosen",
    "lengthen": "Stretch",
    "activate": "Activate",
    "integrate": "Put together",
}
ENDED = {
    "rested": "ended after a pause",
    "left": "ended when you left the posture",
    "lost": "ended because we lost sight of you",
    "stopped": "ended by Stop",
    "pain": "ended because something hurt",
    "over": "until the recording ended",
}
_SUFFIX = {"deg": "°", "percent": " %", "%": " %", "s": " s", "ms": " ms", "ratio": "", "": ""}


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one status, with the heading over them."""

    status: str
    title: str
    meaning: str
    checks: tuple[Mapping[str, Any], ...]


def grouped(report: Mapping[str, Any]) -> list[Group]:
    """Return the report's checks by status, the one to work on first at the top, without empty groups."""
    groups = []
    for status, title, meaning in GROUPS:
        checks = [check for check in report["checks"] if check["status"] == status]
        checks.sort(
            key=lambda check: (check["slug"], check.get("done_on")) != (report["first"], report.get("first_on"))
        )
        if status == "sign" and any(one.get("held_s") is not None for one in report.get("passes", ())):
            meaning = SIGN_IN_A_HOLD
        if checks:
            groups.append(Group(status, title, meaning, tuple(checks)))
    return groups


def with_unit(value: float | None, unit: str) -> str:
    """Write a value with its unit; a dash for none."""
    if value is None:
        return "–"
    suffix = _SUFFIX.get(unit, f" {unit}")
    whole = abs(value) >= 100 or unit == "ms" or (unit in ("deg", "percent", "%") and abs(value) >= 10)
    digits = 0 if whole else 2 if unit in ("ratio", "s", "") or 0 < abs(value) < 1 else 1
    return f"{value:.{digits}f}{suffix}".replace("-", "−")


def joined(words: Sequence[object]) -> str:
    """Join words as in a sentence: one, two and three."""
    texts = [str(word) for word in words]
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + f" and {texts[-1]}" if texts else ""


def shown_in(check: Mapping[str, Any]) -> str:
    """Say which reps showed a sign, and from which on it stayed; of a hold, at which second and from which on."""
    reps = check["reps"]
    if not reps:
        return ""
    at_s = {row["rep"]: row["at_s"] for row in check.get("per_rep", ()) if row.get("at_s") is not None}
    if at_s:
        return _seconds(check, [at_s[rep] for rep in reps if rep in at_s])
    if check["from_rep"] is not None and len(reps) > 1:
        return f"from rep {check['from_rep']} on"
    return f"in rep {reps[0]}" if len(reps) == 1 else f"in reps {joined(reps)}"


def pictured(check: Mapping[str, Any]) -> str:
    """Say which rep, or which seconds of a hold, the picture of a check shows."""
    number = check["moment"]["rep"]
    at_s = next((row.get("at_s") for row in check.get("per_rep", ()) if row["rep"] == number), None)
    return f"Rep {number}" if at_s is None else f"After second {at_s:.0f}"


def _seconds(check: Mapping[str, Any], at_s: Sequence[float]) -> str:
    if check.get("from_s") is not None:
        return f"from second {check['from_s']:.0f} on" if check["from_s"] else "from the start on"
    return f"around second {joined([round(second) for second in at_s])}"


def went(one: Mapping[str, Any]) -> str:
    """Say what was done in a pass: how many reps of how many, or for how long a posture was held."""
    side = f", on the {one['done_on']}" if one.get("done_on") else ""
    if one.get("held_s") is not None:
        of = f" of {one['asked_s']:.0f}" if one.get("asked_s") else ""
        return (
            f"{titled(one['view'])} view{side}: held for {one['held_s']:.0f}{of} s, {ended(one['ended'], 'all of it')}"
        )
    of = f" of {one['asked']}" if one["asked"] else ""
    return f"{titled(one['view'])} view{side}: {one['complete']}{of} reps, {ended(one['ended'])}"


def ended(why: str, done: str = "all reps done") -> str:
    """Say why a pass ended; ``done`` where it went to its end."""
    return done if why == "done" else ENDED.get(why, why)


def day(created: object) -> str:
    """Write a moment as day and time; what is no moment stays as it is."""
    try:
        moment = created if isinstance(created, datetime) else datetime.fromisoformat(str(created))
    except ValueError:
        return str(created)
    return f"{moment.day} {moment:%B %Y, %H:%M}" + (
        " UTC" if moment.utcoffset() is not None and not moment.utcoffset() else ""
    )


def titled(slug: str | None) -> str:
    """Write a slug as words: ``knees-in`` becomes "Knees in"."""
    return (slug or "").replace("-", " ").replace("_", " ").capitalize()


def by_slug(
    checks: Iterable[Mapping[str, Any]], slug: str | None, done_on: str | None = None
) -> Mapping[str, Any] | None:
    """Return the check of that slug, or None; ``done_on`` says of which side where it was done per side."""
    same = [check for check in checks if check["slug"] == slug]
    return next((check for check in same if check.get("done_on") == done_on), same[0] if same else None)


def register(environment: Environment) -> None:
    """Give the templates these words and the drawings."""
    environment.filters.update(
        with_unit=with_unit, joined=joined, day=day, titled=titled, shown_in=shown_in, pictured=pictured
    )
    environment.globals.update(
        notice=NOTICE,
        phases=PHASES,
        went=went,
        by_slug=by_slug,
        skeleton_svg=skeleton_svg,
        chart_svg=chart_svg,
        score_svg=score_svg,
        sizes_svg=sizes_svg,
    )
