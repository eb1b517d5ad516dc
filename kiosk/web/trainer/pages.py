"""The trainer's pages, put into the application."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_time
from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

from kiosk.web.language import current
from kiosk.web.numbers import plain_number, typed
from kiosk.web.trainer import checks, compare, export, notes, session, visits
from kiosk.web.trainer.session import is_trainer
from kiosk.web.trainer.side import EXTENSION, TrainerSide


class _Cookies(SecureCookieSessionInterface):
    """Cookies that leave a browser over https only, where it came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the answer to this request may set a cookie for https alone."""
        return request.is_secure or super().get_cookie_secure(app)


def register(app: Flask, trainer: TrainerSide) -> None:
    """Give an application the trainer's pages below /trainer. It must have its secret key."""
    app.extensions[EXTENSION] = trainer
    app.session_interface = _Cookies()
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Strict")
    for module in (session, visits, compare, notes, checks, export):
        app.register_blueprint(module.pages)
    app.jinja_env.filters.update(date=_date, clock=_clock, plain_number=plain_number, typed=typed)
    app.context_processor(lambda: {"is_trainer": is_trainer})


def _date(day: date) -> str:
    """Write a day in the reader's language."""
    return str(format_date(day, "long", locale=current().locale))


def _clock(moment: datetime) -> str:
    """Write the time of the day at the kiosk."""
    return str(format_time(moment.astimezone().replace(tzinfo=None), "short", locale=current().locale))
