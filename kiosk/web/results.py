"""One result by its id, for those who may read it, and the trainer's list of all of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from kiosk.web.access import is_own_screen, may_read
from kiosk.web.context import context, holds
from kiosk.web.files import as_file
from kiosk.web.language import later
from kiosk.web.own_code import code_given, since_last_time
from kiosk.web.share import link_for, qr_svg
from kiosk.web.trainer.session import is_trainer
from kiosk.web.wording import grouped

PER_PAGE = 20

pages = Blueprint("results", __name__)


class PrivateResult(Forbidden):
    """A result was asked for by somebody to whom it does not belong, or that is not there: both sound the same."""

    says = later("Results are private. Scan the QR code on the kiosk's screen to take yours along.")


@pages.get("/results")
def history() -> str | Response:
    """The results, newest first, a page at a time, for the trainer."""
    if not is_trainer():
        if "trainer.login" not in current_app.view_functions:
            raise PrivateResult
        return redirect(url_for("trainer.login", next=request.path))
    source = context().history
    total = source.count()
    last = max(1, -(-total // PER_PAGE))
    number = request.args.get("page", 1, type=int)
    if not 1 <= number <= last:
        abort(404)
    found = source.recent(PER_PAGE, (number - 1) * PER_PAGE)
    titles = {check.slug: check.title for one in context().exercises for check in one.checks}
    return render_template(
        "results.html", found=found, titles=titles, total=total, number=number, last=last, holds=holds()
    )


@pages.get("/result/<result_id>")
def result(result_id: str) -> str:
    """One result; with ``?part=1`` only the inside of the page, for the kiosk's screen."""
    report = _readable(result_id)
    trainer = is_trainer()
    link = link_for(result_id)
    # What the result is compared with is part of a course: shown to whoever gave its code here, and to the trainer.
    last = since_last_time(report) if trainer or code_given(report["id"]) else None
    kinds = ("pdf", "csv", "json")
    return render_template(
        "_result.html" if request.args.get("part") else "result.html",
        report=report, groups=grouped(report), how_sure=url_for("how_sure.page"),
        on_kiosk=is_own_screen(request) and not trainer, link=link, qr=None if link is None else qr_svg(link),
        files={kind: url_for("results.result_file", result_id=result_id, kind=kind) for kind in kinds},
        comparison=last[0] if last else None, since=last[1] if last else None,
    )  # fmt: skip


@pages.get("/result/<result_id>.<any(json, csv, pdf):kind>")
def result_file(result_id: str, kind: str) -> Response:
    """One result as a file to save."""
    return as_file(_readable(result_id), kind, link_for(result_id))


def _readable(result_id: str) -> dict[str, Any]:
    """Return the result for somebody who may read it. Raises `PrivateResult`, NotFound."""
    if not may_read(result_id):
        raise PrivateResult
    report = context().history.load(result_id)
    if report is None:
        abort(404)
    return report
