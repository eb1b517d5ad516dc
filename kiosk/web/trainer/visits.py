"""The visits of a day, one result as the trainer reads it, a member's course, and deleting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.station.history import History, Summary
from kiosk.web.context import context, holds
from kiosk.web.course import check_course_svg, courses, score_course_svg
from kiosk.web.language import text
from kiosk.web.trainer.names import nickname
from kiosk.web.trainer.session import guarded
from kiosk.web.trainer.source import visits as stored
from kiosk.web.trainer.source import walk

PER_PAGE = 20
#: More than so many are not deleted or looked at in one go.
MOST_AT_ONCE = 200

#: So many of the newest results of a member are drawn.
MOST_DRAWN = 120

pages = guarded("trainer_visits")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a day: one exercise, one sign, or None for all of them."""

    day: date
    exercise: str | None
    sign: str | None


@pages.get("/")
def visits() -> str:
    """The visits of one day, today's when none is named, newest first."""
    wish, number = _wish(), request.args.get("page", 1, type=int)
    if number < 1:
        abort(404)
    start, end = span(wish.day, wish.day)
    first = (number - 1) * PER_PAGE
    found = list(islice(matching(stored(), wish, start, end), first, first + PER_PAGE + 1))
    if number > 1 and not found:
        abort(404)
    return render_template(
        "trainer/visits.html",
        found=found[:PER_PAGE],
        wish=wish,
        today=today(),
        day_before=wish.day - timedelta(days=1) if wish.day > date.min else None,
        day_after=wish.day + timedelta(days=1) if wish.day < today() else None,
        number=number,
        more=len(found) > PER_PAGE,
        signs=_signs(),
        exercises=context().exercises,
        nickname=nickname,
        holds=holds(),
    )


@pages.get("/result/<result_id>")
def result(result_id: str) -> str:
    """One result with the trainer's notes beside its checks."""
    report = stored().load(result_id)
    if report is None:
        abort(404)
    notes: dict[str | None, list[Any]] = {}
    for note in stored().notes(result_id):
        notes.setdefault(note.check, []).append(note)
    member = stored().member_of(result_id)
    return render_template("trainer/result.html", report=report, notes=notes, member=member, nickname=nickname)


@pages.get("/member/<member>")
def member(member: str) -> str:
    """The course of one member: all their results."""
    found = stored().of_member(member)
    if not found:
        abort(404)
    reports = [report for one in reversed(found[:MOST_DRAWN]) if (report := stored().load(one.id)) is not None]
    return render_template(
        "trainer/member.html",
        found=found,
        member=member,
        name=nickname(member),
        courses=courses(reports),
        signs=_signs(),
        score_course_svg=score_course_svg,
        check_course_svg=check_course_svg,
    )


@pages.get("/delete")
def really() -> str | Response:
    """Ask before results are deleted, and say which."""
    if "id" not in request.args:
        flash(text("Tick the results first."), "wrong")
        return redirect(url_for("trainer_visits.visits"))
    found = [report for one in _ids(request.args.getlist("id")) if (report := stored().load(one)) is not None]
    return render_template("trainer/delete.html", found=found)


@pages.post("/delete")
def delete() -> Response:
    """Delete results for good."""
    deleted = sum(stored().delete(one) for one in _ids(request.form.getlist("id")))
    flash(text("One result is deleted.") if deleted == 1 else text("{n} results are deleted.", n=deleted))
    return redirect(url_for("trainer_visits.visits"))


@pages.get("/member/<member>/delete")
def really_forget(member: str) -> str:
    """Ask before the course of a member is deleted."""
    found = stored().of_member(member)
    if not found:
        abort(404)
    return render_template("trainer/forget.html", found=found, member=member, name=nickname(member))


@pages.post("/member/<member>/delete")
def forget(member: str) -> Response:
    """Delete all results of a member for good."""
    deleted = stored().forget_member(member)
    if not deleted:
        abort(404)
    flash(text("One result is deleted.") if deleted == 1 else text("{n} results are deleted.", n=deleted))
    return redirect(url_for("trainer_visits.visits"))


def matching(source: History, wish: Wish, start: datetime, end: datetime) -> Iterator[Summary]:
    """Yield the results of a period that are wished for. A report is opened only where a sign is asked for."""
    for one in walk(source, start, end):
        if wish.exercise is not None and one.exercise != wish.exercise:
            continue
        if wish.sign is None or wish.sign in _signs_of(source.load(one.id)):
            yield one


def today() -> date:
    """Return the day at the kiosk."""
    return datetime.now().astimezone().date()


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return when these days begin and end, by the kiosk's own clock."""
    try:
        after = last + timedelta(days=1)
        return _midnight(first), _midnight(after)
    except (OverflowError, ValueError):
        abort(404)


def day_named(name: str) -> date | None:
    """Return the day of a query argument such as 2026-11-21; None where it is left out. 404 for what is no day."""
    value = request.args.get(name, "")
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        abort(404)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day).astimezone()


def _wish() -> Wish:
    return Wish(day_named("day") or today(), request.args.get("exercise") or None, request.args.get("sign") or None)


def _signs() -> dict[str, str]:
    """Return the titles of all checks in use, by slug, in the order of the alphabet."""
    found = {check.slug: check.title for exercise in context().exercises for check in exercise.checks}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _signs_of(report: Mapping[str, Any] | None) -> set[str]:
    return {check["slug"] for check in report["checks"] if check["status"] == "sign"} if report else set()


def _ids(named: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(named))[:MOST_AT_ONCE]
