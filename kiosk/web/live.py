"""The kiosk's screen: the live page, its stream of views, the camera's picture, and commands from touch."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from kiosk.web.access import is_own_screen, is_same_origin
from kiosk.web.context import context
from kiosk.web.picture import as_jpeg
from kiosk.web.streams import live_events

COMMANDS = frozenset({"next", "stop", "pain", "no-pain", "done"})
#: What a browser that found no free stream is asked to wait.
BUSY_RETRY_S = 3

pages = Blueprint("live", __name__)


@pages.get("/")
def screen() -> str:
    """The kiosk's screen."""
    return render_template("live.html", picture=context().show_picture and is_own_screen(request))


@pages.get("/live.json")
def newest() -> Response:
    """The newest view, once."""
    return Response(context().board.view.as_json, mimetype="application/json")


@pages.get("/live")
def stream() -> Response:
    """Every view as it is published, as server-sent events."""
    here = context()
    if not here.slots.take(is_own_screen(request)):
        busy = Response("Too many screens are open at once.\n", status=503, mimetype="text/plain")
        busy.headers["Retry-After"] = str(BUSY_RETRY_S)
        return busy
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    response = Response(live_events(here.board, gone), mimetype="text/event-stream")
    response.call_on_close(here.slots.free)
    return response


@pages.post("/command/<name>")
def command(name: str) -> Response:
    """Hand a touch or a key on to the engine. Only our own page on the kiosk's own screen may."""
    if name not in COMMANDS:
        abort(404)
    if not (is_own_screen(request) and is_same_origin(request)):
        abort(403)
    context().board.command(name)
    return Response(status=204)


@pages.get("/picture")
def picture() -> Response:
    """The camera's newest picture as JPEG, not mirrored: on the kiosk's own screen, if switched on."""
    here = context()
    if not (here.show_picture and is_own_screen(request)):
        abort(403)
    image = here.board.picture()
    if image is None:
        return Response(status=204)
    return Response(as_jpeg(image), mimetype="image/jpeg")
