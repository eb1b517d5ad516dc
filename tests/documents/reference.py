"""docs/reference.md: every public name with its signature and its docstring, as the code has them."""

from __future__ import annotations

import argparse
import dataclasses
import enum
import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import kiosk
import kiosk.testing
from kiosk import checks_file, hookspecs
from kiosk.cli import make_parser
from kiosk.movement.pose import FloatArray
from kiosk.settings import RULES

HEAD = """# Reference

Made from the code by `make docs`: do not edit. What a plugin may use is listed here, and nothing else; what the
version means: [versions.md](versions.md). Points and tracks are arrays (`FloatArray`) in pixels, x to the right, y
down, NaN where something was not seen.

| of | see |
|---|---|
| commands and their options | [below](#commands), explained in [cli.md](cli.md) |
| settings | [below](#settings), explained in [configuration.md](configuration.md) |
| keys of a checks file | [below](#keys-of-a-checks-file), explained in [checks-file.md](checks-file.md) |
| golden recordings and promises | [golden.md](golden.md) |
| labelled recordings and the accuracy card | [labelled-recordings.md](labelled-recordings.md) |
| a result | [report.md](report.md) |
"""
#: Names as an author knows them: without modules, addresses, and the quotes around annotations.
_PLAIN = (
    (re.compile(r"\b(?:kiosk|numpy|collections|typing|types)(?:\.\w+)*\.(?=[A-Z])"), ""),
    (re.compile(r"<function (\w+) at 0x[0-9a-f]+>"), r"\1"),
    (re.compile(r"<(\w+)\.(\w+): '[^']*'>"), r"\1.\2"),
    (re.compile(r"(: |-> )'([^']*)'"), r"\1\2"),
)


def reference() -> str:
    """Return the page."""
    parts = [HEAD, f"API version {kiosk.API_VERSION}.\n", "## Hooks\n", *_hooks()]
    parts += ["## `kiosk`\n", *_names(kiosk, kiosk.__all__)]
    parts += ["## `kiosk.testing`\n", *_names(kiosk.testing, kiosk.testing.__all__)]
    parts += ["## Keys of a checks file\n", _keys(), "## Settings\n", _settings(), "## Commands\n", *_commands()]
    return "\n".join(parts).rstrip() + "\n"


def hooks() -> dict[str, Any]:
    """Return the hook specifications by their names."""
    found = inspect.getmembers(hookspecs, inspect.isfunction)
    return {name: one for name, one in found if name.startswith("kiosk_")}


def _hooks() -> Iterator[str]:
    for name, one in hooks().items():
        yield _entry("###", name, one)


def _names(module: ModuleType, names: list[str]) -> Iterator[str]:
    for name in sorted(names, key=lambda name: (name.casefold(), name)):
        found = getattr(module, name)
        if inspect.ismodule(found):
            yield f"### `{module.__name__}.{name}`\n"
            yield f"{_doc(found)}\n"
            listed = [inner for inner in public_functions(found) if inner.__name__ not in names]
            yield from (_entry("####", f"{name}.{inner.__name__}", inner) for inner in listed)
        elif callable(found) and _is_ours(found):
            yield _entry("###", name, found)
        elif not name.startswith("__"):
            yield f"### `{name}`\n\n{_value(found)}\n"


def public_functions(module: ModuleType) -> list[Any]:
    """Return the functions and classes that a public module defines itself, in the order of its source."""
    own = [one for one in vars(module).values() if getattr(one, "__module__", None) == module.__name__]
    own = [one for one in own if inspect.isfunction(one) or inspect.isclass(one)]
    return sorted(
        (one for one in own if not one.__name__.startswith("_")), key=lambda one: inspect.getsourcelines(one)[1]
    )


def _is_ours(found: Any) -> bool:
    return str(getattr(found, "__module__", "")).partition(".")[0] == "kiosk"


def _value(found: Any) -> str:
    """Return the words for what is public and neither function nor class: a version, a marker, a camera."""
    if type(found).__module__.startswith("pluggy"):
        return "Marks a function as the implementation of a hook: `@hookimpl`."
    return "An array of float64." if found == FloatArray else f"`{_plain(repr(found))}`"


def _entry(level: str, name: str, found: Any) -> str:
    text = f"{level} `{name}{_signature(found)}`\n\n{_doc(found)}\n"
    if not inspect.isclass(found):
        return text
    rows = [
        f"- `{one}{_signature(inner)}`: {_first(inner)}"
        for one, inner in vars(found).items()
        if not one.startswith("_") and (inspect.isfunction(inner) or isinstance(inner, property))
    ]
    rows += [f"- `{one.name}` = `{one.value!r}`" for one in found] if issubclass(found, enum.Enum) else []
    return text + ("\n" + "\n".join(rows) + "\n" if rows else "")


def _signature(found: Any) -> str:
    if isinstance(found, property) or (inspect.isclass(found) and not dataclasses.is_dataclass(found)):
        return ""
    told = _plain(str(inspect.signature(found)))
    return (
        told.removesuffix(" -> None")
        if inspect.isclass(found)
        else told.replace("(self, ", "(").replace("(self)", "()")
    )


def _plain(text: str) -> str:
    for pattern, word in _PLAIN:
        text = pattern.sub(word, text)
    return text


def _doc(found: Any) -> str:
    """Return a docstring as Markdown: its code in single backquotes."""
    own = inspect.getdoc(found.fget if isinstance(found, property) else found)
    return re.sub(r"``([^`]+)``", r"`\1`", own or "")


def _first(found: Any) -> str:
    return " ".join(_doc(found).split("\n\n")[0].split())


def _keys() -> str:
    tables = {
        "top of the file": checks_file._FILE,
        "[checks.SLUG]": checks_file._CHECK,
        "[checks.SLUG.muscles]": checks_file._MUSCLES,
        "[[checks.SLUG.corrections]]": checks_file._CORRECTION,
    }
    return "".join(f"- `{name}`: {', '.join(f'`{key}`' for key in keys)}\n" for name, keys in tables.items())


def _settings() -> str:
    return ", ".join(f"`{key}`" for key in RULES) + "\n"


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield every command that can be called."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield parser
    for action in inner:
        for child in action.choices.values():
            yield from commands(child)


def _commands() -> Iterator[str]:
    for parser in commands(make_parser()):
        words = [action.option_strings[-1] if action.option_strings else action.metavar for action in parser._actions]
        options = " ".join(f"`{word}`" for word in words if word != "--help")
        yield f"- `{parser.prog}` {options}"
