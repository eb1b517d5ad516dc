"""How numbers and words of a result are written on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from kiosk.web.language import later, said, text
from kiosk.web.numbers import counted, day, days, decimal, hours, joined, on_day, percent, unsure

NOTICE = later(
    "A movement screen for general fitness, not a medical device or diagnosis. One camera sees only part of "
    "how you move, and every value has an error. Stop if anything hurts, and ask a trainer before you change "
    "your training."
)

#: The order of the groups on the page, their headings, and what each means.
GROUPS = (
    ("sign", later("What we saw"), later("Beyond the limit in most reps, or from one rep on to the end.")),
    ("unsure", later("Too close to call"), later("Within the camera's error of the limit: it may be there or not.")),
    ("clear", later("Looked fine"), later("On the good side of the limit in this set.")),
    ("not-assessed", later("Not assessed"), later("What one camera could not judge this time, and why.")),
)

#: What the first of them means for a hold, which has no reps.
SIGN_IN_A_HOLD = later("Beyond the limit for most of the hold, or from one moment on to the end.")

PHASES = {
    "inhibit": later("Loosen"),
    "lengthen": later("Stretch"),
    "activate": later("Activate"),
    "integrate": later("Put together"),
}
DONE = later("all reps done")
HELD = later("all of it")
ENDED = {
    "rested": later("ended after a pause"),
    "left": later("ended when you left the posture"),
    "lost": later("ended because we lost sight of you"),
    "stopped": later("ended by Stop"),
    "pain": later("ended because something hurt"),
    "over": later("until the recording ended"),
}
#: From where a pass was seen, and with which side it was done.
SEEN = {
    ("front", None): later("Front view"),
    ("side", None): later("Side view"),
    ("rear", None): later("Rear view"),
    ("front", "left"): later("Front view, on the left"),
    ("front", "right"): later("Front view, on the right"),
    ("side", "left"): later("Side view, on the left"),
    ("side", "right"): later("Side view, on the right"),
    ("rear", "left"): later("Rear view, on the left"),
    ("rear", "right"): later("Rear view, on the right"),
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
            groups.append(Group(status, text(title), text(meaning), tuple(checks)))
    return groups


def with_unit(value: float | None, unit: str) -> str:
    """Write a value with its unit; a dash for none."""
    if value is None:
        return "–"
    suffix = _SUFFIX[unit] if unit in _SUFFIX else f" {said(unit)}"
    whole = abs(value) >= 100 or unit == "ms" or (unit in ("deg", "percent", "%") and abs(value) >= 10)
    digits = 0 if whole else 2 if unit in ("ratio", "s", "") or 0 < abs(value) < 1 else 1
    return decimal(value, digits) + suffix


def shown_in(check: Mapping[str, Any]) -> str:
    """Say which reps showed a sign, and from which on it stayed; of a hold, at which second and from which on."""
    reps = check["reps"]
    if not reps:
        return ""
    at_s = {row["rep"]: row["at_s"] for row in check.get("per_rep", ()) if row.get("at_s") is not None}
    if at_s:
        return _seconds(check, [at_s[rep] for rep in reps if rep in at_s])
    if check["from_rep"] is not None and len(reps) > 1:
        return text("from rep {n} on", n=check["from_rep"])
    return text("in rep {n}", n=reps[0]) if len(reps) == 1 else text("in reps {list}", list=joined(reps))


def pictured(check: Mapping[str, Any]) -> str:
    """Say which rep, or which seconds of a hold, the picture of a check shows."""
    number = check["moment"]["rep"]
    at_s = next((row.get("at_s") for row in check.get("per_rep", ()) if row["rep"] == number), None)
    return text("Rep {n}", n=number) if at_s is None else text("After second {s}", s=decimal(at_s))


def _seconds(check: Mapping[str, Any], at_s: Sequence[float]) -> str:
    if check.get("from_s") is not None:
        from_s = check["from_s"]
        return text("from second {s} on", s=decimal(from_s)) if from_s else text("from the start on")
    return text("around second {list}", list=joined([round(second) for second in at_s]))


def went(one: Mapping[str, Any]) -> str:
    """Say what was done in a pass: how many reps of how many, or for how long a posture was held."""
    seen = SEEN.get((one["view"], one.get("done_on")), titled(one["view"]))
    if one.get("held_s") is not None:
        return f"{text(seen)}: {_held(one)}, {ended(one['ended'], HELD)}"
    return f"{text(seen)}: {_counted(one)}, {ended(one['ended'])}"


def _held(one: Mapping[str, Any]) -> str:
    held = decimal(one["held_s"])
    if one.get("asked_s"):
        return text("held for {s} of {asked} s", s=held, asked=decimal(one["asked_s"]))
    return text("held for {s} s", s=held)


def _counted(one: Mapping[str, Any]) -> str:
    if one["asked"] == 1:
        return text("{n} of 1 rep", n=one["complete"])
    if one["asked"]:
        return text("{n} of {asked} reps", n=one["complete"], asked=one["asked"])
    return text("1 rep") if one["complete"] == 1 else text("{n} reps", n=one["complete"])


def ended(why: str, done: str = DONE) -> str:
    """Say why a pass ended; ``done`` where it went to its end."""
    return text(done) if why == "done" else text(ENDED[why]) if why in ENDED else why


def check_title(check: Mapping[str, Any]) -> str:
    """Return the title of a check in the reader's language, with the side where it was done with one."""
    sides = {"left": text("left"), "right": text("right")}
    on = check.get("done_on")
    return f"{said(check['title'])}, {sides[on]}" if on in sides else said(check["title"])


def not_seen(report: Mapping[str, Any]) -> str:
    """Return the titles of the checks that could not be judged, as in a sentence; "" where all could."""
    return joined([check_title(check) for check in report["checks"] if check["status"] == "not-assessed"])


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
    """Give the templates these words."""
    environment.filters.update(
        with_unit=with_unit,
        decimal=decimal,
        counted=counted,
        percent=percent,
        joined=joined,
        day=day,
        days=days,
        hours=hours,
        on_day=on_day,
        unsure=unsure,
        titled=titled,
        shown_in=shown_in,
        pictured=pictured,
        went=went,
    )
    environment.globals.update(notice=NOTICE, phases=PHASES, went=went, by_slug=by_slug, not_seen=not_seen)
