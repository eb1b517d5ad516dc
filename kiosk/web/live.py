"""The kiosk's screen: the live page, its stream of views, the camera's picture, and commands from touch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from kiosk.station.live import LiveView
from kiosk.web.access import is_own_screen, is_same_origin
from kiosk.web.context import context
from kiosk.web.language import current
from kiosk.web.picture import as_jpeg
from kiosk.web.spoken import spoken_in
from kiosk.web.streams import live_events
from kiosk.web.welcome import checkpoints_of, passes_of, shown_of

COMMANDS = frozenset({"next", "stop", "pain", "no-pain", "done", "stay"})
#: What a browser that found no free stream is asked to wait.
BUSY_RETRY_S = 3

pages = Blueprint("live", __name__)


@pages.get("/")
def screen() -> str:
    """The kiosk's screen; for others on the network a page that says how far it is and shows nobody."""
    here = context()
    if not _sees_the_member():
        return render_template("watch.html", exercises=here.exercises)
    return render_template(
        "live.html",
        picture=here.show_picture and is_own_screen(request),
        exercises=here.exercises,
        passes=passes_of(here.exercises),
        shown=shown_of(here.exercises, here.figures),
        checkpoints=checkpoints_of(here.exercises),
    )


@pages.get("/live.json")
def newest() -> Response:
    """The newest view, once."""
    return Response(_encoder()(context().board.view), mimetype="application/json")


@pages.get("/live")
def stream() -> Response:
    """Every view as it is published, as server-sent events."""
    here = context()
    own = is_own_screen(request)
    if not here.slots.take(own):
        busy = Response("Too many screens are open at once.\n", status=503, mimetype="text/plain")
        busy.headers["Retry-After"] = str(BUSY_RETRY_S)
        return busy
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    # The language is asked for now: where the stream runs, the request is over.
    response = Response(
        live_events(here.board, gone, encoded=_encoder(), spacing_s=partial(here.slots.spacing_s, own)),
        mimetype="text/event-stream",
    )
    response.call_on_close(partial(here.slots.free, own))
    return response


def _sees_the_member() -> bool:
    return is_own_screen(request) or context().watchers == "skeleton"


def _encoder() -> Callable[[LiveView], bytes]:
    """Return what makes JSON of a view, in the reader's language: all of it, or what a looker-on may see."""
    encoded = spoken_in(current()).encoded
    if is_own_screen(request):
        return encoded
    if context().watchers == "skeleton":
        return lambda view: encoded(view.without_result)
    return lambda view: encoded(view.for_watchers)


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
