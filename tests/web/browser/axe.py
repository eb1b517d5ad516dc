"""axe-core, which looks at a page for those who cannot see it or touch it. Set-up fetches it from its npm package."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

AXE = Path(sys.prefix) / "axe-core" / "node_modules" / "axe-core" / "axe.min.js"
#: The guidelines up to 2.2 AA, and what is good practice beyond them.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

LOOK = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
    `${id}: ${node.target.join(" ")}: ${node.any.concat(node.all, node.none).map((one) => one.message).join("; ")}`));
}"""


@cache
def _script() -> str:
    if not AXE.exists():
        pytest.fail(f"axe-core is not at {AXE}: run make setup-tests, which fetches it.")
    return AXE.read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """What axe-core finds wrong on a page as it stands: one line for each place."""
    if not page.evaluate("typeof window.axe === 'object'"):
        # Evaluated by the debugger and not put into the page, whose policy allows no script but its own.
        page.evaluate(f"() => {{ {_script()} }}")
    found: list[str] = page.evaluate(LOOK, list(RULES))
    return found
