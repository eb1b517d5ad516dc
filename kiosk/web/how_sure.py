"""How right the kiosk is: what was measured, for whoever wants to know how far to trust it."""

from __future__ import annotations

from flask import Blueprint, render_template

from kiosk.how_sure import INTRO, TITLE, sections
from kiosk.web.context import context

pages = Blueprint("how_sure", __name__)


@pages.get("/how-sure")
def page() -> str:
    """The accuracy of the exercises in use, the model that runs first."""
    here = context()
    shown = list(sections(here.exercises, here.board.view.model or None))
    return render_template("how_sure.html", title=TITLE, intro=INTRO, sections=shown)
