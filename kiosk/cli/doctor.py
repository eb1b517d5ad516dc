"""``kiosk doctor``: is this kiosk fit to scan, and what to do where it is not."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.cli.output import STDOUT, as_json, check_places, say, write_text
from kiosk.config import load_settings
from kiosk.errors import WebError
from kiosk.item import Item, doctor_json
from kiosk.settings import Settings

_MARKS = {True: "ok", None: "note", False: "WRONG"}


def add_parser(commands: Any) -> None:
    """Add ``kiosk doctor``."""
    parser = commands.add_parser(
        "doctor", help="look at camera, model, plugins, lights, database and disk", description=__doc__
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.add_argument(
        "--json", nargs="?", const=STDOUT, metavar="FILE", help="write it as JSON to FILE, or print nothing else"
    )
    parser.set_defaults(handler=doctor)


def doctor(args: argparse.Namespace) -> int:
    """Print what was found; 0 when the kiosk is fit to scan, 1 when something is wrong."""
    settings = load_settings(args.config, os.environ)
    check_places([args.json], str(args.config or ""))
    found = look(settings)
    if args.json is not None:
        write_text(args.json, as_json(found))
    if args.json != STDOUT:
        if found["running"]:
            say("The running kiosk says of itself:")
        items = [Item(one["name"], one["fit"], one["says"], one["means"]) for one in found["items"]]
        say("\n".join(lines(items)))
    return 0 if found["fit"] else 1


def look(settings: Settings) -> dict[str, Any]:
    """Return the doctor's JSON: what a running kiosk says of itself, else what is found here.

    A running kiosk holds the camera and the pins, so it is asked. One that does not answer is a fault of its own.
    """
    from kiosk.running import ask_running

    silent = []
    try:
        running = ask_running(settings)
        if running is not None:
            return running
    except WebError as error:
        silent.append(Item("Kiosk", False, str(error), "Nobody can be scanned, and the rest may be held by it."))
    from kiosk.doctor import examine

    items = {item.name: item.plain for item in (*silent, *examine(settings))}
    return doctor_json(items, running=False, at=datetime.now(UTC))


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
