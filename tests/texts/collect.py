"""Every text of ours that a page can show, found in templates, scripts and Python by how it is marked there."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from jinja2 import Environment, nodes

from kiosk.web.reader import script_texts
from tests.commands import ROOT

WEB = ROOT / "kiosk" / "web"
#: What marks a text in Python; in templates ``_`` does.
MARKS = frozenset({"text", "said", "later"})
_WORD = re.compile(r"[^\W\d_]{3,}")


def page_texts() -> dict[str, list[str]]:
    """Return the texts of the pages in the order in which they are found, each with the files that show it."""
    found: dict[str, list[str]] = {}
    for path, texts in (*_of_templates(), *_of_python(), *_of_scripts()):
        for english in texts:
            files = found.setdefault(english, [])
            if path not in files:
                files.append(path)
    return found


def _of_templates() -> Iterator[tuple[str, Iterator[str]]]:
    for path in sorted((WEB / "templates").rglob("*.html")):
        yield str(path.relative_to(ROOT)), template_texts(path.read_text(encoding="utf-8"))


def template_texts(source: str) -> Iterator[str]:
    """Yield the texts of a template: what stands in ``_(...)`` and before ``| said``."""
    tree = Environment().parse(source)
    for node in tree.find_all((nodes.Call, nodes.Filter)):
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "_":
            yield from _literals(node.args[0])
        elif isinstance(node, nodes.Filter) and node.name == "said" and node.node is not None:
            yield from _literals(node.node)


def _literals(node: nodes.Expr) -> Iterator[str]:
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, nodes.CondExpr):
        for one in (node.expr1, node.expr2):
            if one is not None:
                yield from _literals(one)
    elif isinstance(node, nodes.BinExpr):
        yield from _literals(node.left)
        yield from _literals(node.right)
    elif isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.Dict):
        for pair in node.node.items:
            yield from _literals(pair.value)


def _of_python() -> Iterator[tuple[str, Iterator[str]]]:
    for path in sorted(WEB.rglob("*.py")):
        yield str(path.relative_to(ROOT)), python_texts(path.read_text(encoding="utf-8"))


def python_texts(source: str) -> Iterator[str]:
    """Yield the texts of a module: what stands in ``text(...)``, ``said(...)`` and ``later(...)``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _called(node) in MARKS:
            yield from _constants(node.args[0])


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _of_scripts() -> Iterator[tuple[str, list[str]]]:
    for path in sorted((WEB / "static").glob("*.js")):
        words = path.read_text(encoding="utf-8")
        yield str(path.relative_to(ROOT)), [one for one in script_texts() if f't("{one}"' in words]


def spoken_words() -> frozenset[str]:
    """Return every word of the literals in the kiosk's code and of the cards of our plugins, in small letters."""
    found: set[str] = set()
    for path in sorted((ROOT / "kiosk").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(words_of(node.value))
    for card in sorted((ROOT / "plugins").glob("*/kiosk_*/accuracy.json")):
        found.update(words_of(card.read_text(encoding="utf-8")))
    return frozenset(found)


def words_of(english: str) -> list[str]:
    """Return the words of a text, in small letters, without its places."""
    return _WORD.findall(re.sub(r"\{\w+\}", " ", english).lower())


def is_still_said(english: str, words: Collection[str]) -> bool:
    """Whether every word of a sentence still stands somewhere in the code, which puts many of them together."""
    return all(word in words for word in words_of(english))
