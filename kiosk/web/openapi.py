"""The description of all addresses by OpenAPI, for programs and their authors: docs/http.md tells how to use it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from flask import Blueprint
from werkzeug.wrappers import Response

pages = Blueprint("openapi", __name__)


@cache
def description() -> bytes:
    """Return the OpenAPI document as JSON, with the other schemas of ours in it, so that it needs no other document."""
    whole = json.loads(files("kiosk.web").joinpath("openapi.json").read_text("utf-8"))
    report = files("kiosk").joinpath("report.schema.json").read_text("utf-8")
    inside = report.replace('"#/$defs/', '"#/components/schemas/Report/$defs/')
    whole["components"]["schemas"]["Report"] = json.loads(inside)
    doctor = files("kiosk").joinpath("doctor.schema.json").read_text("utf-8")
    whole["components"]["schemas"]["Doctor"] = json.loads(doctor)
    return json.dumps(whole, ensure_ascii=False).encode()


@pages.get("/openapi.json")
def document() -> Response:
    """All addresses, what they ask for and what they answer."""
    return Response(description(), mimetype="application/json")
