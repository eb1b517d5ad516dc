"""A member's course: what their results show over weeks, found by a code or a link, deleted with one button."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.movement.compare import compare
from kiosk.web.context import context
from kiosk.web.course import check_course_svg, courses, score_course_svg
from kiosk.web.files import course_file
from kiosk.web.share import member_link, member_path, qr_svg, sharing

#: So many of the newest results are drawn and listed: more than one a week for two years.
MOST_RESULTS = 120

pages = Blueprint("member", __name__, url_prefix="/m")


@pages.get("/<token>")
def course(token: str) -> Response | str:
    """The course: its plots, what changed since last time, and its results."""
    member = sharing().member_of(token)
    reports = _reports(member)
    if member is None or not reports:
        return make_response(render_template("no_course.html"), 404)
    newest = reports[-1]
    last = next((one for one in reversed(reports[:-1]) if one["exercise"] == newest["exercise"]), None)
    links = {one["id"]: url_for("share.result", token=sharing().result_token(one["id"])) for one in reports}
    return render_template(
        "course.html", token=token, reports=reports, courses=courses(reports), links=links, newest=newest, last=last,
        comparison=compare(last, newest) if last else None, kept=request.args.get("kept"), bookmark=member_link(member),
        keep_days=context().keep_days, score_course_svg=score_course_svg, check_course_svg=check_course_svg,
        qr_svg=qr_svg,
    )  # fmt: skip


@pages.get("/<token>.<any(json, csv):kind>")
def export(token: str, kind: str) -> Response:
    """Everything that is kept of this course, as a file."""
    reports = _reports(sharing().member_of(token))
    if not reports:
        return make_response(render_template("no_course.html"), 404)
    return course_file(reports, kind)


@pages.post("/<token>/take-off")
def take_off(token: str) -> Response:
    """Take one result out of the course; it stays as a guest's."""
    member, store, result_id = sharing().member_of(token), context().store, request.form.get("result", "")
    if member is None or store is None or store.member_of(result_id) != member:
        return make_response(render_template("no_course.html"), 404)
    store.claim([result_id], None)
    return redirect(member_path(member), 303)


@pages.get("/<token>/forget")
def ask_to_forget(token: str) -> Response | str:
    """Ask once more before everything is deleted."""
    reports = _reports(sharing().member_of(token))
    if not reports:
        return make_response(render_template("no_course.html"), 404)
    return render_template("forget.html", token=token, count=len(reports))


@pages.post("/<token>/forget")
def forget(token: str) -> Response | str:
    """Delete all results of the course, and what a trainer wrote beside them, for good."""
    member, store = sharing().member_of(token), context().store
    if member is None or store is None:
        return make_response(render_template("no_course.html"), 404)
    return render_template("forgotten.html", count=store.forget_member(member))


def _reports(member: str | None) -> list[dict[str, Any]]:
    """Return the newest reports of a course, oldest first; none where there is no such course."""
    store = context().store
    if member is None or store is None:
        return []
    stored = (store.load(line.id) for line in reversed(store.of_member(member)[:MOST_RESULTS]))
    return [report for report in stored if report is not None]
