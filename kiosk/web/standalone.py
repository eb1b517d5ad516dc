"""One result as one HTML file that needs nothing else: for ``kiosk analyze --html``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kiosk.web import wording

HERE = Path(__file__).parent


def result_page(report: Mapping[str, Any]) -> str:
    """Return the page for a report's JSON, its styles inside, without any script."""
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    wording.register(environment)
    styles = "\n".join((HERE / "static" / name).read_text("utf-8") for name in ("look.css", "result.css"))
    template = environment.get_template("standalone.html")
    return template.render(report=report, groups=wording.grouped(report), styles=Markup(styles))
