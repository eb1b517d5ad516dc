"""The Flask application: pages that look at the station and never run it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from kiosk.movement.exercise import Exercise
from kiosk.station.live import LiveBoard
from kiosk.web import how_sure, live, machine, results, wording
from kiosk.web.access import is_own_screen
from kiosk.web.context import EXTENSION, About, Context, ResultSource
from kiosk.web.streams import StreamSlots

#: Everything comes from this server: no inline script or style, no other host, no frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

SENTENCES = {
    403: "This works only on the kiosk's own screen.",
    404: "There is nothing at this address. The result may have been deleted.",
    405: "This address does not answer this kind of request.",
    500: "Something went wrong on the kiosk. Its log says what; scanning goes on.",
    503: "Too many screens are open at once. Try again in a few seconds.",
}


def create_app(
    board: LiveBoard,
    history: ResultSource,
    *,
    show_picture: bool,
    max_streams: int,
    about: About,
    exercises: Sequence[Exercise] = (),
) -> Flask:
    """Return the application.

    ``show_picture``: whether the kiosk's own screen may show the camera's picture. ``max_streams``: how many
    live pages may be open at once. ``about``: what ``kiosk doctor`` knows of this machine, for /status.
    ``exercises``: those in use, whose accuracy /how-sure shows.
    """
    app = Flask("kiosk.web")
    app.extensions[EXTENSION] = Context(board, history, show_picture, StreamSlots(max_streams), about, exercises)
    wording.register(app.jinja_env)
    app.context_processor(lambda: {"own_screen": is_own_screen(request)})
    app.register_blueprint(live.pages)
    app.register_blueprint(results.pages)
    app.register_blueprint(machine.pages)
    app.register_blueprint(how_sure.pages)
    app.register_error_handler(HTTPException, _error_page)
    app.after_request(_with_headers)
    return app


def _error_page(error: HTTPException) -> Response:
    code = error.code or 500
    sentence = SENTENCES.get(code, error.description or "")
    answer = error.get_response()
    answer.data = render_template("error.html", code=code, name=error.name, sentence=sentence)
    answer.content_type = "text/html; charset=utf-8"
    return Response.force_type(answer)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Results are about a person: nothing but the files that make up the pages is kept by a browser.
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
