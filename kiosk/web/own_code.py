"""Giving a code at the kiosk, while a result is on its screen: the camera reads last time's QR code, or it is typed."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from kiosk.movement.compare import Comparison, compare
from kiosk.web.access import is_own_screen
from kiosk.web.codes import MOST_LENGTH, key_without_code
from kiosk.web.context import context
from kiosk.web.hand_off import chosen_member
from kiosk.web.language import text
from kiosk.web.share import LinkExpiredError, member_link, qr_svg, sharing

#: The browser of the kiosk remembers for which result somebody gave a code on its screen.
_GIVEN = "code-given"
_LINK = re.compile(r"/(?P<of>[mr])/(?P<token>[\w.=-]+)$", re.ASCII)

pages = Blueprint("own_code", __name__, url_prefix="/code")


@pages.get("")
def page() -> Response | str:
    """How to give a code; once that was done, what changed since last time."""
    report = _result_on_screen()
    if report is None:
        return redirect(url_for("live.screen"))
    return _kept_page(report) if code_given(report["id"]) else _ask_page()


@pages.post("")
def typed() -> Response | str:
    """Take a code that was typed."""
    report = _result_on_screen()
    if report is None:
        return redirect(url_for("live.screen"), 303)
    context().code_tries.count(request.remote_addr or "")
    code = request.form.get("code", "")
    member, wrong = chosen_member(code, new=False)
    wrong = wrong if member is None else _join(report["id"], member)
    return make_response(_ask_page(wrong, code), 422) if wrong else redirect(url_for("own_code.page"), 303)


@pages.post("/look")
def look() -> Response:
    """Have the camera look for a QR code for a while."""
    if _result_on_screen() is None:
        abort(409)
    context().board.seek_code()
    return Response(status=204)


@pages.post("/found")
def found() -> Response:
    """Say how the look for a QR code goes: looking, kept, over (no result any more), nothing, or refused with why."""
    report, board = _result_on_screen(), context().board
    if report is None:
        return jsonify(state="over")
    seen = board.take_code()
    if seen is None:
        return jsonify(state="looking" if board.wants_code else "nothing")
    member, wrong = _member_in(seen, report["id"])
    wrong = wrong if member is None else _join(report["id"], member)
    return jsonify(state="refused", why=wrong) if wrong else jsonify(state="kept")


def code_given(result_id: str) -> bool:
    """Whether the member of this result gave a code on this screen, which may then show their course."""
    return is_own_screen(request) and session.get(_GIVEN) == result_id


def since_last_time(report: dict[str, Any]) -> tuple[Comparison, str] | None:
    """Return what changed since the last result of this exercise in the same course, and when that one was.

    None where the result belongs to no course, or is the first of its exercise in it.
    """
    store = context().store
    member = None if store is None else store.member_of(report["id"])
    if store is None or member is None:
        return None
    lines = [line for line in store.of_member(member) if line.exercise == report["exercise"]]
    place = next((number for number, line in enumerate(lines) if line.id == report["id"]), len(lines))
    last = store.load(lines[place + 1].id) if place + 1 < len(lines) else None
    return None if last is None else (compare(last, report), last["created"])


def _result_on_screen() -> dict[str, Any] | None:
    """Return the result that stands on the kiosk's screen now. Raises Forbidden for any other screen."""
    if not is_own_screen(request):
        abort(403)
    shown = context().board.view.result_id
    return None if shown is None or context().store is None else context().history.load(shown)


def _member_in(seen: str, result_id: str) -> tuple[str | None, str]:
    """Return whose course the link in a QR code means, or None and why it means none."""
    link = _LINK.search(seen)
    if link is None:
        return None, text("This is not a QR code of ours.")
    token = link["token"]
    member = sharing().member_of(token) if link["of"] == "m" else None
    store = context().store
    if member is not None and store is not None and store.of_member(member):
        return member, ""
    if link["of"] == "m" or store is None:
        return None, text("There is no course behind this QR code any more.")
    return _member_of_result(token, result_id)


def _member_of_result(token: str, result_id: str) -> tuple[str | None, str]:
    """Begin a course with the earlier result of a link: whoever holds it had it given on this screen."""
    try:
        earlier = sharing().result_of(token)
    except LinkExpiredError:
        return None, text("The time of this QR code is over. Type your code, or show the QR code of your course.")
    store = context().store
    report = None if earlier is None or store is None else store.load(earlier)
    if report is None or store is None:
        return None, text("There is no result behind this QR code any more.")
    if report["id"] == result_id:
        return None, text("This is the QR code of today. Show the one from last time.")
    if store.member_of(report["id"]) is not None:
        # The link to one result of a course is shown to friends; it does not open the course.
        return None, text("That result is in a course. Show the QR code of the course, or type its code.")
    member = key_without_code()
    store.claim([report["id"]], member)
    return member, ""


def _join(result_id: str, member: str) -> str:
    """Put the result on the screen into a course; return what is wrong, nothing where it is done."""
    store = context().store
    if store is None or store.member_of(result_id) not in (None, member):
        return text("This result is in a course already. Its code opens that course.")
    if not store.claim([result_id], member):
        return text("The kiosk could not save this result yet. Try again in a minute.")
    session[_GIVEN] = result_id
    return ""


def _ask_page(wrong: str = "", code: str = "") -> str:
    return render_template("code.html", wrong=wrong, code=code, most=2 * MOST_LENGTH)


def _kept_page(report: dict[str, Any]) -> str:
    store = context().store
    member = None if store is None else store.member_of(report["id"])
    link = None if member is None else member_link(member)
    return render_template("code_kept.html", report=report, since=since_last_time(report), link=link, qr_svg=qr_svg)
