"""The Flask application: pages that look at the station and never run it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from kiosk.errors import HistoryError
from kiosk.movement.exercise import Exercise
from kiosk.station.history import History
from kiosk.station.live import LiveBoard
from kiosk.web import (
    hand_off,
    how_sure,
    live,
    machine,
    member,
    openapi,
    own_code,
    pictures,
    reader,
    results,
    voice,
    wording,
)
from kiosk.web.access import is_own_screen
from kiosk.web.context import EXTENSION, About, Context, Joints, Numbers, ResultSource
from kiosk.web.language import ENGLISH, Language, later, said, text
from kiosk.web.secret import SECRET_BYTES
from kiosk.web.share import Sharing
from kiosk.web.streams import StreamSlots
from kiosk.web.trainer.pages import register as register_trainer
from kiosk.web.trainer.side import TrainerSide

log = logging.getLogger(__name__)

#: Everything comes from this server: no inline script or style, no other host, no frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # The pages need none of the reader's own devices: the camera is the kiosk's.
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

SENTENCES = {
    400: later(
        "This page was open for too long, or your browser keeps no cookies. Go back, load it again and try once more."
    ),
    403: later("This works only on the kiosk's own screen."),
    404: later("There is nothing at this address. The result may have been deleted."),
    405: later("This address does not answer this kind of request."),
    429: later("That was tried too often. Wait a few minutes and try again."),
    500: later("Something went wrong on the kiosk. Its log says what; scanning goes on."),
    503: later("Too many screens are open at once. Try again in a few seconds."),
}
TITLES = {
    400: later("This did not work"),
    403: later("Not from here"),
    404: later("Nothing here"),
    429: later("A moment, please"),
    500: later("Something went wrong"),
    503: later("Just full"),
}
#: For every other kind of request that the kiosk cannot serve.
OTHERWISE = later("The kiosk could not make sense of this request. Go back and try it another way.")


def create_app(
    board: LiveBoard,
    history: ResultSource,
    *,
    show_picture: bool,
    max_streams: int,
    about: About,
    exercises: Sequence[Exercise] = (),
    languages: Mapping[str, Language] | None = None,
    default_language: str = ENGLISH,
    sharing: Sharing | None = None,
    store: History | None = None,
    keep_days: int = 365,
    theme: str = "dark",
    watchers: str = "counts",
    trainer: TrainerSide | None = None,
    metrics: Callable[[], Numbers] | None = None,
    figures: Mapping[str, Joints] | None = None,
) -> Flask:
    """Return the application.

    ``show_picture``: whether the kiosk's own screen may show the camera's picture. ``max_streams``: how many
    live pages may be open at once. ``about``: what ``kiosk doctor`` knows of this machine, for /status.
    ``exercises``: those in use, whose accuracy /how-sure shows. ``languages``: what the pages can speak, by code, and
    ``default_language`` what they speak unless somebody chose. ``sharing`` makes the links
    that members take along, with the kiosk's secret (None: one that a restart forgets); ``store`` keeps courses and
    notes, None where nothing may be kept, and a course's results for ``keep_days``. ``theme`` (dark, light, auto) is
    for the kiosk's own screen, ``watchers`` (counts, skeleton) what lookers-on see of a visit. ``metrics``
    makes the numbers for Prometheus, None: they are switched off. ``figures``: how exercises start, by slug
    (`kiosk.start_figures`); None: for those that no script draws a figure just stands there.
    """
    app = Flask("kiosk.web")
    sharing = sharing or Sharing(secrets.token_bytes(SECRET_BYTES))
    app.extensions[EXTENSION] = Context(
        board,
        history,
        show_picture,
        StreamSlots(max_streams),
        about,
        sharing,
        exercises,
        store,
        keep_days,
        theme,
        watchers,
        metrics,
        figures or {},
    )
    app.config.update(
        SECRET_KEY=sharing.secret,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form may lie open for as long as its session: a phone is put away and taken out again.
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no referrer, which this would ask for where a proxy speaks TLS; the token says enough.
        WTF_CSRF_SSL_STRICT=False,
    )
    guard = CSRFProtect(app)
    # A command carries no form: it is taken by the browser's own word that the page is ours.
    guard.exempt(live.command)
    wording.register(app.jinja_env)
    pictures.register(app.jinja_env)
    reader.register(app, languages or {ENGLISH: Language(ENGLISH)}, default_language)
    app.context_processor(lambda: _about_the_reader(theme))
    app.register_blueprint(live.pages)
    app.register_blueprint(results.pages)
    app.register_blueprint(hand_off.pages)
    app.register_blueprint(member.pages)
    app.register_blueprint(own_code.pages)
    app.register_blueprint(machine.pages)
    app.register_blueprint(how_sure.pages)
    app.register_blueprint(voice.pages)
    app.register_blueprint(openapi.pages)
    if trainer is not None:
        register_trainer(app, trainer)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(HistoryError, _no_results)
    app.after_request(_with_headers)
    return app


def _about_the_reader(theme: str) -> dict[str, object]:
    """Return what each page asks about its reader; only the kiosk's own screen has the owner's theme."""
    own = is_own_screen(request)
    return {"own_screen": own, "theme": theme if own else "auto"}


def _error_page(error: HTTPException) -> Response:
    code = error.code or 500
    sentence = said(getattr(error, "says", None)) or text(SENTENCES.get(code, OTHERWISE))
    answer = error.get_response()
    answer.data = render_template("error.html", code=code, name=text(TITLES.get(code, TITLES[400])), sentence=sentence)
    answer.content_type = "text/html; charset=utf-8"
    return Response.force_type(answer)


def _no_results(error: HistoryError) -> tuple[str, int]:
    log.warning("A page could not be made: %s", error)
    sentence = text(
        "The results cannot be read just now: something is wrong with the disk. The kiosk tries again by itself."
    )
    return render_template("error.html", code=503, name=text("No results just now"), sentence=sentence), 503


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # Results are about a person: nothing but the files that make up the pages is kept by a browser.
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
