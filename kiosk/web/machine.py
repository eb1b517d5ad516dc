"""How the machine is: for whoever looks after it, and for whatever watches it."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from kiosk.web.context import context

pages = Blueprint("machine", __name__)


@pages.get("/status")
def status() -> str:
    """What ``kiosk doctor`` says, and what the engine shows just now."""
    here = context()
    return render_template("status.html", about=here.about(), view=here.board.view, slots=here.slots)


@pages.get("/healthz")
def health() -> tuple[Response, int]:
    """200 once the engine has published its first view, 503 before. ``sequence`` rises while it is alive."""
    view = context().board.view
    ok = view.sequence > 0
    return jsonify(ok=ok, sequence=view.sequence, state=view.state, camera=view.camera), 200 if ok else 503
