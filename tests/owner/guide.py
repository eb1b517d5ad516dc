"""What the owner's guide tells people to type, to set, to find and to read, taken out of its pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.commands import ROOT

GUIDE = ROOT / "docs" / "owner"
PAGES = sorted(GUIDE.glob("*.md"))
#: What a command of the guide may begin with.
PROGRAMS = (
    "sudo",
    "kiosk",
    "ssh",
    "scp",
    "git",
    "mkdir",
    "tar",
    "make",
    "systemctl",
    "journalctl",
    "df",
)
#: A text that the program itself prints stands between longer fences, and is no command.
_PRINTED = re.compile(r"^````\n.*?^````\n", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_QUOTE = re.compile(r"“([^”]+)”")
#: What stands between the parts of a text that the code puts together.
_GAP = "\0"


def text_of(page: Path) -> str:
    """Return a page without what it shows of the program's own print."""
    return _PRINTED.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the blocks of a page: language, "" for commands, and text."""
    return [(language, body) for language, body in _BLOCK.findall(text_of(page))]


def inline(page: Path) -> list[str]:
    """Return what stands between backquotes in the sentences and tables of a page."""
    return _INLINE.findall(_BLOCK.sub("", text_of(page)))


def commands(page: Path) -> list[str]:
    """Return every command of a page, as it is to be typed."""
    typed = [line.strip() for language, body in blocks(page) if not language for line in body.splitlines()]
    return [line for line in typed if line] + [
        one for one in inline(page) if one.split()[0] in PROGRAMS and len(one.split()) > 1
    ]


def all_commands() -> list[str]:
    """Return every command of the guide once."""
    return sorted({one for page in PAGES for one in commands(page)})


def kiosk_words(command: str) -> list[str] | None:
    """Return the words behind ``kiosk`` in a command; None where it calls something else."""
    # What stands before kiosk is sudo and ssh.
    before, found, after = f" {command} ".partition(" kiosk ")
    if not found or not set(before.split()) <= {"sudo", "ssh", "-t", "-L", "8080:localhost:8080", "NAME@kiosk.local"}:
        return None
    return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', after)]


def quotes(page: Path) -> list[str]:
    """Return the words of the kiosk that a page quotes, each on one line."""
    return [" ".join(one.split()) for one in _QUOTE.findall(text_of(page))]


def is_said(quote: str) -> bool:
    """Whether some text of the program holds a quote; its parts around each … must stand in one text, in order."""
    pieces = [re.escape(piece.strip()) for piece in quote.split("…") if re.search(r"\w", piece)]
    if quote in _all_texts():
        return True
    wanted = re.compile(".*".join(pieces))
    return bool(pieces) and any(wanted.search(one) for one in _all_texts())


@cache
def _all_texts() -> frozenset[str]:
    return frozenset({*_of_python(), *_of_other_files()})


def _of_python() -> Iterator[str]:
    for path in [*(ROOT / "kiosk").rglob("*.py"), *(ROOT / "plugins").glob("*/kiosk_*/*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if id(node) in documentation:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else _GAP for part in node.values
                )  # fmt: skip


def _of_other_files() -> Iterator[str]:
    for folder, kinds in (("kiosk/web", ("*.html", "*.js")), ("systemd", ("*.html", "*.sh", "session", "browser"))):
        for kind in kinds:
            for path in (ROOT / folder).rglob(kind):
                # Line by line: a quote is never put together from two places.
                for line in path.read_text(encoding="utf-8").splitlines():
                    if not line.lstrip().startswith(("#", "//", "*", "<!--", "{#")):
                        yield line
