"""One result as one HTML file that needs nothing else: for ``kiosk analyze --html``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kiosk.web import language, pictures, wording
from kiosk.web.language import ENGLISH, Language

HERE = Path(__file__).parent


def result_page(report: Mapping[str, Any], spoken: Language | None = None) -> str:
    """Return the page for a report's JSON, its styles inside, without any script; in English, or as ``spoken``."""
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    wording.register(environment)
    pictures.register(environment)
    language.register(environment)
    look, result, on_paper = (
        (HERE / "static" / f"{name}.css").read_text("utf-8") for name in ("look", "result", "print")
    )
    styles = f"{look}\n{result}\n@media print {{\n{on_paper}}}\n"
    template = environment.get_template("standalone.html")
    with language.speaking(spoken or Language(ENGLISH)):
        return template.render(report=report, groups=wording.grouped(report), styles=Markup(styles))
