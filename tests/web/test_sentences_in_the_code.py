"""No sentence that the engine's rooms can say is forgotten in German: they are read out of the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
from kiosk.web.language import find_languages

ROOT = Path(kiosk.__file__).parent
GERMAN = find_languages()["de"]
#: Where sentences for members and for the status page are made.
FILES = [
    *sorted((ROOT / "movement").glob("*.py")),
    *sorted((ROOT / "station").glob("*.py")),
    *(ROOT / "vision" / f"{name}.py" for name in ("auto", "camera", "csi", "details", "devices", "v4l2")),
    *sorted((ROOT / "mounting").glob("*.py")),
    *(ROOT / f"{name}.py" for name in ("analyze", "doctor", "health_items")),
]
#: What stands at a place here is one of a few words, each with a sentence of its own: test_german_sentences.py.
WORD_BY_WORD = {
    "What it needs was seen in only A1 of A2 A3.",
    "A1 of A2 A3 showed it, A4.",
    "The exercise was not seen on the A1 side.",
    "Nothing that looked like a A1 was seen either.",
    "Only A1 complete A2 from A3: a hint, no more.",
    "Nobody was seen in the A1 A2.",
    "A person was seen in A1 of A2 frames (A3 s)A4.",
    "A1 No exercise could be told from it (known: A2).",
}
#: Words for programmers and for the log.
_NOT_FOR_PEOPLE = re.compile(r"(?:log\.\w+|\w*(?:RuntimeError|ValueError|TypeError|told))\Z")
_ENDS = re.compile(r"(?<=[.?]) ")
_SENTENCE = re.compile(r"(?:[A-Z]).+ .+ .*[.?]")


def sentences(file: Path) -> Iterator[str]:
    """Every text of a module that reads as a sentence, with A1, A2, ... at its places."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    left_out = {id(node) for part in _not_said(tree) for node in ast.walk(part)}
    for node in ast.walk(tree):
        text = _text(node) if id(node) not in left_out else None
        if text is not None and _SENTENCE.fullmatch(text):
            yield text


def _not_said(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node  # a docstring
        elif isinstance(node, ast.Call) and _NOT_FOR_PEOPLE.match(ast.unparse(node.func)):
            yield node
        elif isinstance(node, ast.JoinedStr):
            yield from node.values  # its parts are no texts by themselves


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    places = iter(range(1, len(node.values) + 1))
    parts = (str(one.value) if isinstance(one, ast.Constant) else f"A{next(places)}" for one in node.values)
    return "".join(parts)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_sentence_in_the_code_has_its_german(file: Path) -> None:
    forgotten = {text for text in sentences(file) if any(one in GERMAN.said(text) for one in _ENDS.split(text))}
    assert forgotten - WORD_BY_WORD == set()


def test_sentences_are_found_in_the_code() -> None:
    found = {text for file in FILES for text in sentences(file)}
    assert len(found) > 80
    assert found >= WORD_BY_WORD
    assert "It must not hurt. Stop if it does, and ask a trainer." in found
