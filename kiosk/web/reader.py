"""The language of whoever reads a page: what was chosen, else what their browser or the owner prefers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Request, g, request
from werkzeug.wrappers import Response

from kiosk.web import language
from kiosk.web.access import is_own_screen
from kiosk.web.language import ENGLISH, Language

COOKIE = "language"
#: How long a phone remembers the choice. On the kiosk's own screen it goes with the visit.
REMEMBERED_S = 365 * 24 * 3600
STATIC = Path(__file__).parent / "static"
#: How our scripts name a text: the words are handed to them with the page.
_IN_SCRIPTS = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)+)\"""")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the language menu: the language, where the page stands in it, and whether it does already."""

    language: Language
    address: str
    current: bool


def chosen(asking: Request, languages: Mapping[str, Language], default: str) -> Language:
    """Return the language to answer in: ``?lang=``, the one chosen before, the browser's, the owner's.

    The kiosk's own browser says nothing about its member, so there the owner's setting comes first.
    """
    wishes = [asking.args.get("lang"), asking.cookies.get(COOKIE)]
    if not is_own_screen(asking):
        wishes.append(asking.accept_languages.best_match(languages))
    found = next((wish for wish in (*wishes, default) if wish is not None and wish in languages), ENGLISH)
    return languages[found]


def choices(asking: Request, languages: Mapping[str, Language]) -> list[Choice]:
    """Return the language menu of a page; of one that cannot be asked for again, that of the first page."""
    here = asking.path if asking.method == "GET" else "/"
    kept = [(name, value) for name, value in asking.args.items(multi=True) if name not in ("lang", "part")]
    return [
        Choice(one, f"{here}?{urlencode([*kept, ('lang', code)])}", one.code == language.current().code)
        for code, one in languages.items()
    ]


@lru_cache(maxsize=1)
def script_texts() -> tuple[str, ...]:
    """Return the English texts that our scripts show: every ``t("...")`` in them."""
    found = {text for path in sorted(STATIC.glob("*.js")) for text in _IN_SCRIPTS.findall(path.read_text("utf-8"))}
    return tuple(sorted(found))


def texts() -> str:
    """Return the words of our scripts in the current language, by their English, as JSON; nothing for English."""
    words = {english: language.text(english) for english in script_texts()}
    return json.dumps({key: word for key, word in words.items() if word != key}, ensure_ascii=False)


def register(app: Flask, languages: Mapping[str, Language], default: str) -> None:
    """Let the pages of ``app`` speak: ``_("...")`` and ``... | said`` in templates, ``t("...")`` in scripts."""

    @app.before_request
    def choose() -> None:
        g.language = chosen(request, languages, default)
        g.spoken = language.speaking(g.language)
        g.spoken.__enter__()

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        if "spoken" in g:
            g.pop("spoken").__exit__(None, None, None)

    @app.after_request
    def remember(response: Response) -> Response:
        spoken = g.get("language", language.current())
        response.headers.setdefault("Content-Language", spoken.code)
        if request.args.get("lang") == spoken.code:
            _remember(response, spoken.code, default, own_screen=is_own_screen(request))
        return response

    language.register(app.jinja_env)
    app.jinja_env.globals.update(
        texts=texts,
        language_choices=lambda: choices(request, languages),
        owners_language=default if default in languages else ENGLISH,
    )


def _remember(response: Response, code: str, default: str, *, own_screen: bool) -> None:
    if own_screen and code == default:
        response.delete_cookie(COOKIE, samesite="Lax", httponly=True)
        return
    lasts_s = None if own_screen else REMEMBERED_S
    response.set_cookie(COOKIE, code, samesite="Lax", httponly=True, max_age=lasts_s)
