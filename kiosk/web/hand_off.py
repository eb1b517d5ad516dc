"""A result on the member's own phone: opened by the link in the QR code, without an account, for a limited time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.web.codes import LEAST_LENGTH, MOST_LENGTH, member_key, normal, objection, suggested
from kiosk.web.context import context
from kiosk.web.files import as_file
from kiosk.web.language import text
from kiosk.web.share import LinkExpiredError, member_path, shared_link, sharing
from kiosk.web.wording import grouped

pages = Blueprint("share", __name__, url_prefix="/r")


@pages.get("/<token>")
def result(token: str) -> Response | str:
    """The result that a link opens; what to do where the link's time is over."""
    report = _opened(token)
    if isinstance(report, Response):
        return report
    files = {kind: url_for("share.result_file", token=token, kind=kind) for kind in ("pdf", "csv", "json")}
    return render_template(
        "shared.html",
        report=report,
        groups=grouped(report),
        how_sure=url_for("how_sure.page"),
        token=token,
        files=files,
        hours=sharing().hours,
        keeps=context().store is not None,
    )


@pages.get("/<token>.<any(json, csv, pdf):kind>")
def result_file(token: str, kind: str) -> Response:
    """The same result as a file."""
    report = _opened(token)
    return report if isinstance(report, Response) else as_file(report, kind, shared_link(token))


@pages.get("/<token>/keep")
def keep(token: str) -> Response | str:
    """How to keep a course: a new code, or the one that somebody has."""
    report = _opened(token)
    return report if isinstance(report, Response) else _keep_page(token, report)


@pages.post("/<token>/keep")
def keep_it(token: str) -> Response | str:
    """Put the result into the course of the code that was sent, and lead there."""
    report = _opened(token)
    if isinstance(report, Response):
        return report
    context().code_tries.count(request.remote_addr or "")
    code, new = request.form.get("code", ""), request.form.get("kind") == "new"
    member, wrong = chosen_member(code, new=new)
    if member is None:
        return make_response(_keep_page(token, report, wrong, code, new=new), 422)
    store = context().store
    if store is None or store.member_of(report["id"]) not in (None, member):
        wrong = text("This result is in a course already. Its code opens that course.")
        return make_response(_keep_page(token, report, wrong, code, new=new), 422)
    if not store.claim([report["id"]], member):
        wrong = text("The kiosk could not save this result yet. Try again in a minute.")
        return make_response(_keep_page(token, report, wrong, code, new=new), 503)
    return redirect(member_path(member, kept="new" if new else "more"), 303)


def chosen_member(code: str, *, new: bool) -> tuple[str | None, str]:
    """Return the key of the member for this code; or None, and the sentence that says what is wrong with it.

    ``new``: whether somebody chooses the code now, else it must be in use.
    """
    store = context().store
    if store is None:
        return None, text("This kiosk keeps no courses.")
    wrong = objection(code) if new or not normal(code) else None
    if wrong is not None:
        return None, text(wrong)
    member = member_key(sharing().secret, code)
    in_use = bool(store.of_member(member))
    if new and in_use:
        return None, text("This code cannot be had. Choose another one.")
    if not new and not in_use:
        return None, text("There is no course with this code. Look at its spelling; or it was deleted.")
    return member, ""


def _opened(token: str) -> dict[str, Any] | Response:
    """Return the report that a link opens, or the page that says why it opens none."""
    try:
        result_id = sharing().result_of(token)
    except LinkExpiredError:
        return make_response(render_template("expired.html", hours=sharing().hours), 410)
    report = None if result_id is None else context().history.load(result_id)
    if report is None:
        return make_response(render_template("no_link.html"), 404)
    return report


def _keep_page(token: str, report: dict[str, Any], wrong: str = "", code: str = "", *, new: bool = False) -> str:
    if context().store is None:
        abort(404)
    return render_template(
        "keep.html", token=token, report=report, wrong=wrong, code=code, new=new, suggested=suggested(),
        least=LEAST_LENGTH, most=2 * MOST_LENGTH,
    )  # fmt: skip
