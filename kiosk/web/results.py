"""One result, and the list of all of them."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.web.context import context
from kiosk.web.wording import grouped

PER_PAGE = 20

pages = Blueprint("results", __name__)


@pages.get("/results")
def history() -> str:
    """The results, newest first, a page at a time."""
    source = context().history
    total = source.count()
    last = max(1, -(-total // PER_PAGE))
    number = request.args.get("page", 1, type=int)
    if not 1 <= number <= last:
        abort(404)
    found = source.recent(PER_PAGE, (number - 1) * PER_PAGE)
    return render_template("results.html", found=found, total=total, number=number, last=last)


@pages.get("/result/<result_id>")
def result(result_id: str) -> str:
    """One result; with ``?part=1`` only the inside of the page, for the kiosk's screen."""
    report = context().history.load(result_id)
    if report is None:
        abort(404)
    template = "_result.html" if request.args.get("part") else "result.html"
    return render_template(template, report=report, groups=grouped(report), how_sure=url_for("how_sure.page"))


@pages.get("/result/<result_id>.json")
def result_json(result_id: str) -> Response:
    """One result as it was stored."""
    report = context().history.load(result_id)
    if report is None:
        abort(404)
    return jsonify(report)
