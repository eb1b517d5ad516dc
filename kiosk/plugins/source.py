"""A plugin's source, looked at before it is run: the API that it was written for, and what it takes from the kiosk."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

from kiosk.errors import PluginError
from kiosk.hookspecs import API_VERSION

_SAYS_API = "kiosk_api"
_VERSION = re.compile(r"(\d+)\.(\d+)")


def refuse_unfit(says: object) -> None:
    """Raise `PluginError` with the reason where a plugin that says this of its API cannot run on this kiosk."""
    if says is None:
        raise PluginError(
            f'it does not say which API it was written for: let its module say {_SAYS_API} = "{API_VERSION}".'
        )
    match = _VERSION.fullmatch(says) if isinstance(says, str) else None
    if match is None:
        raise PluginError(f'its {_SAYS_API} is {says!r}, and it must be a text such as "{API_VERSION}".')
    wants, offers = (int(match[1]), int(match[2])), tuple(map(int, API_VERSION.split(".")))
    if wants[0] < offers[0]:
        raise PluginError(f"it was written for API {says}, and this kiosk has {API_VERSION}: update the plugin.")
    if wants > offers:
        raise PluginError(f"it was written for API {says}, and this kiosk has {API_VERSION}: update the kiosk.")


def look_at(point: EntryPoint) -> None:
    """Read a plugin's source where it can be found. Raises `PluginError` for what must not be run.

    That is a module that says another API, or takes from the kiosk what is not public. What cannot be found or read
    here is left to the import, which has better words for it.
    """
    spec = importlib.util.find_spec(point.module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return
    main = _tree(Path(spec.origin))
    if main is not None and (says := _api_in(main)) is not None:
        refuse_unfit(says)
    for file in _files(Path(spec.origin), spec.submodule_search_locations is not None):
        for line, taken in _private(_tree(file)):
            raise PluginError(
                f"{file.name}, line {line}, takes {taken}, which is not public and may change without notice: "
                "take what kiosk and kiosk.testing list."
            )


def _files(main: Path, is_package: bool) -> list[Path]:
    return sorted(main.parent.rglob("*.py")) if is_package else [main]


def _tree(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def _api_in(tree: ast.Module) -> object:
    """Return the plain value that a module gives to ``kiosk_api``; None where it gives none, or computes it."""
    for node in tree.body:
        named = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(one, ast.Name) and one.id == _SAYS_API for one in named):
            value = getattr(node, "value", None)
            return value.value if isinstance(value, ast.Constant) else None
    return None


def _private(tree: ast.Module | None) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of everything that a module takes from the kiosk and that is not public."""
    public = {*sys.modules["kiosk"].__all__, "testing"}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            yield from ((node.lineno, n) for n in names if n.startswith("kiosk.") and n != "kiosk.testing")
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            yield from (
                (node.lineno, f"{node.module}.{n.name}") for n in node.names if not _may(node.module, n.name, public)
            )
        elif isinstance(node, ast.Attribute) and node.attr not in public and ast.unparse(node.value) == "kiosk":
            yield node.lineno, f"kiosk.{node.attr}"


def _may(module: str, name: str, public: set[str]) -> bool:
    if module == "kiosk":
        return name in public
    if module == "kiosk.testing":
        return not name.startswith("_")
    return not module.startswith("kiosk.")
