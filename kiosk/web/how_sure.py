"""How right the kiosk is: what was measured, for whoever wants to know how far to trust it."""

from __future__ import annotations

import gzip

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from kiosk.how_sure import INTRO, TITLE, sections
from kiosk.web.context import context

pages = Blueprint("how_sure", __name__)


@pages.get("/how-sure")
def page() -> Response:
    """The accuracy of the exercises in use, the model that runs first; packed, since its tables are long."""
    here = context()
    shown = list(sections(here.exercises, here.board.view.model or None))
    titles = {check.slug: check.title for one in here.exercises for check in one.checks}

    def named(words: str) -> str:
        """Return the head of a row with the title of its check in place of the slug."""
        slug, colon, rest = words.partition(": ")
        return f"{titles.get(slug, slug)}{colon}{rest}"

    markup = render_template("how_sure.html", title=TITLE, intro=INTRO, sections=shown, named=named)
    answer = Response(markup, mimetype="text/html")
    answer.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings.quality("gzip") > 0:
        answer.data = gzip.compress(answer.data)
        answer.headers["Content-Encoding"] = "gzip"
    return answer
