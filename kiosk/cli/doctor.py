"""``kiosk doctor``: is this kiosk fit to scan, and what to do where it is not."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import say
from kiosk.config import load_settings

if TYPE_CHECKING:
    from kiosk.doctor import Item

_MARKS = {True: "ok", None: "note", False: "WRONG"}


def add_parser(commands: Any) -> None:
    """Add ``kiosk doctor``."""
    parser = commands.add_parser(
        "doctor", help="look at camera, model, plugins, lights, database and disk", description=__doc__
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=doctor)


def doctor(args: argparse.Namespace) -> int:
    """Print what was found; 0 when the kiosk is fit to scan, 1 when something is wrong."""
    settings = load_settings(args.config, os.environ)
    from kiosk.doctor import examine

    items = examine(settings)
    say("\n".join(lines(items)))
    return 1 if any(item.ok is False for item in items) else 0


def lines(items: Iterable[Item]) -> Iterator[str]:
    """Yield what is printed: a mark, what was found, and below it what that means."""
    wrong = []
    for item in items:
        says = " ".join(item.says.split())
        yield f"{_MARKS[item.ok]:<6}{item.name}: {says}"
        yield f"      {item.means}"
        if item.ok is False:
            wrong.append(item.name)
    yield ""
    yield f"Something is wrong: {', '.join(wrong)}." if wrong else "This kiosk is fit to scan."
