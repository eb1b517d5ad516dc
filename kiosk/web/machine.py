"""How the machine is: for whoever looks after it, and for whatever watches it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, jsonify, render_template
from werkzeug.wrappers import Response

from kiosk.item import doctor_json
from kiosk.web.context import context

pages = Blueprint("machine", __name__)


@pages.get("/status")
def status() -> str:
    """What ``kiosk doctor`` says, and what the engine shows just now."""
    here = context()
    return render_template("status.html", about=here.about(), view=here.board.view, slots=here.slots)


@pages.get("/status.json")
def status_json() -> Response:
    """The same for programs: ``kiosk doctor`` reads it here while the kiosk runs."""
    return jsonify(doctor_json(context().about(), running=True, at=datetime.now(UTC)))


@pages.get("/metrics")
def metrics() -> Response:
    """Numbers for Prometheus, where the owner switched them on."""
    numbers = context().metrics
    if numbers is None:
        abort(404)
    answer = numbers()
    return Response(answer.text, content_type=answer.content_type)


@pages.get("/healthz")
def health() -> tuple[Response, int]:
    """200 once the engine has published its first view, 503 before. ``sequence`` rises while it is alive."""
    view = context().board.view
    ok = view.sequence > 0
    return jsonify(ok=ok, sequence=view.sequence, state=view.state, camera=view.camera), 200 if ok else 503
