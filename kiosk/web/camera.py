"""The page by which a camera is put up: ``kiosk camera`` serves it, on the kiosk's own screen alone.

It shows the picture, which the kiosk's other pages do only where the owner switched that on: whoever puts a camera up
must see what it sees. The picture is kept nowhere, and gone with the command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, Flask, abort, current_app, jsonify, render_template, request
from werkzeug.wrappers import Response

from kiosk.station.live import LiveBoard
from kiosk.web.access import is_own_screen, is_same_origin
from kiosk.web.app import create_app
from kiosk.web.context import Summary
from kiosk.web.language import ENGLISH, Language, said
from kiosk.web.picture import as_jpeg

#: What a person's stature and a mark's distance may be, in metres.
STATURES_M, DISTANCES_M = (1.2, 2.2), (0.5, 12.0)
_KEY = "plumbline-camera"

pages = Blueprint("camera", __name__)


class Sight(Protocol):
    """The newest moment: ``image`` (height, width, 3) or None, and ``state``, which the page shows."""

    @property
    def image(self) -> Any:
        """The picture."""

    @property
    def state(self) -> Mapping[str, Any]:
        """What `kiosk.mounting.watching` says of it."""


@dataclass(frozen=True)
class CameraSide:
    """What the page works with.

    ``sight`` gives the newest moment. ``begin`` starts the check for a stature and, where the lens's angle is not known
    (``lens_known`` is false), a distance by tape, both in metres.
    """

    sight: Callable[[], Sight]
    begin: Callable[[float, float | None], None]
    lens_known: Callable[[], bool]


class NoResults:
    """No results: while a camera is put up there is no kiosk."""

    def load(self, _result_id: str) -> dict[str, Any] | None:
        """Return None."""
        return None

    def recent(self, _limit: int, _offset: int) -> Sequence[Summary]:
        """Return none."""
        return ()

    def count(self) -> int:
        """Return 0."""
        return 0


def create_camera_app(
    side: CameraSide, *, languages: Mapping[str, Language] | None = None, language: str = ENGLISH, theme: str = "dark"
) -> Flask:
    """Return an application with the page at /camera."""
    app = create_app(
        LiveBoard(),
        NoResults(),
        show_picture=False,
        max_streams=2,
        about=dict,
        languages=languages,
        default_language=language,
        theme=theme,
    )
    app.extensions[_KEY] = side
    app.register_blueprint(pages)
    return app


@pages.get("/camera")
def page() -> str:
    """Picture, skeleton, focus, light and framing, and the check of the mounting."""
    side = _side()
    return render_template("camera.html", lens_known=side.lens_known(), statures=STATURES_M, distances=DISTANCES_M)


@pages.get("/camera/state.json")
def state() -> Response:
    """What the newest picture shows, in the reader's language."""
    found = dict(_side().sight().state)
    for key in ("says", "trouble"):
        found[key] = said(found.get(key))
    found["lines"] = [
        {**line, "name": said(line["name"]), "says": said(line["says"]), "change": said(line["change"])}
        for line in found.get("lines", ())
    ]
    return jsonify(found)


@pages.get("/camera/picture")
def picture() -> Response:
    """The newest picture as JPEG; 204 while there is none."""
    image = _side().sight().image
    if image is None:
        return Response(status=204)
    return Response(as_jpeg(image), mimetype="image/jpeg")


@pages.post("/camera/begin")
def begin() -> Response:
    """Start the check for the person on the mark."""
    side = _side()
    if not is_same_origin(request):
        abort(403)
    stature_m = _metres("stature_m", STATURES_M)
    distance_m = _metres("distance_m", DISTANCES_M)
    if stature_m is None or (distance_m is None and not side.lens_known()):
        abort(400)
    side.begin(stature_m, distance_m)
    return Response(status=204)


def _side() -> CameraSide:
    """Return what the page works with; 403 for anybody but the kiosk's own screen: it shows people."""
    if not is_own_screen(request):
        abort(403)
    side: CameraSide = current_app.extensions[_KEY]
    return side


def _metres(name: str, allowed: tuple[float, float]) -> float | None:
    """Return a number of the form; None where it is left out. 400 for one that is none or out of range."""
    word = request.form.get(name, "").replace(",", ".").strip()
    if not word:
        return None
    try:
        value = float(word)
    except ValueError:
        abort(400)
    if not allowed[0] <= value <= allowed[1]:
        abort(400)
    return value
