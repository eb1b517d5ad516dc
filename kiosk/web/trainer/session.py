"""Logging in and out of the trainer's side, and the question who is logged in."""

from __future__ import annotations

import re

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from kiosk.errors import ConfigError, KioskError
from kiosk.web.language import text
from kiosk.web.trainer.password import read_password
from kiosk.web.trainer.side import EXTENSION, side

#: Under this key the cookie holds the name of the session.
NAME = "trainer"
#: Where a login may lead: a page of this kiosk, never another site ("//elsewhere", "/\elsewhere").
_OWN_PAGE = re.compile(r"/(?![/\\])[\w\-./?=&%~+:,]*", re.ASCII)

pages = Blueprint("trainer", __name__, url_prefix="/trainer")


def is_trainer() -> bool:
    """Whether whoever asks is logged in as the trainer; asking keeps the session alive."""
    if EXTENSION not in current_app.extensions or NAME not in session:
        return False
    try:
        password = read_password(side().state_dir)
    except ConfigError:
        return False
    return password is not None and side().sessions.is_open(session[NAME], password.mark)


def guarded(name: str) -> Blueprint:
    """Return a blueprint below /trainer whose pages answer the trainer only and lead everybody else to the login."""
    blueprint = Blueprint(name, __name__, url_prefix="/trainer")
    blueprint.before_request(require_login)
    blueprint.register_error_handler(KioskError, _trouble)
    return blueprint


def require_login() -> Response | None:
    """Lead to the login, and from there back to what was asked for."""
    if is_trainer():
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("trainer.login", next=back))


def safe_next(wanted: str | None) -> str:
    """Return the page to show after the login: the wanted one where it is one of ours."""
    if wanted and _OWN_PAGE.fullmatch(wanted):
        return wanted
    return url_for("trainer_visits.visits")


@pages.get("/login")
def login() -> str | Response:
    """The login; how to set a password where there is none."""
    if is_trainer():
        return redirect(safe_next(request.args.get("next")))
    return _login_page()


@pages.post("/login")
def log_in() -> str | Response | tuple[str, int]:
    """Open a session under a new name, and forget whatever the cookie held before."""
    side().tries.count(request.remote_addr or "")
    try:
        password = read_password(side().state_dir)
    except ConfigError:
        return _login_page()
    if password is None:
        return _login_page()
    if not password.fits(request.form.get("password", "")):
        return _login_page(text("That is not the password.")), 403
    session.clear()
    session[NAME] = side().sessions.begin(password.mark)
    return redirect(safe_next(request.form.get("next")))


@pages.post("/logout")
def log_out() -> Response:
    """End the session on this kiosk, so that a copied cookie is worth nothing."""
    side().sessions.end(session.get(NAME))
    session.clear()
    flash(text("You are logged out."))
    return redirect(url_for("trainer.login"))


def _trouble(error: KioskError) -> tuple[str, int]:
    """A database or a file that cannot be used just now: its own sentence says what to do."""
    return render_template("trainer/trouble.html", sentences=str(error).splitlines()), 503


def _login_page(wrong: str | None = None) -> str:
    try:
        is_set, damaged = read_password(side().state_dir) is not None, None
    except ConfigError as error:
        is_set, damaged = False, str(error)
    wanted = request.values.get("next", "")
    return render_template("trainer/login.html", is_set=is_set, damaged=damaged, wrong=wrong, wanted=wanted)
