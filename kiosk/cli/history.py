"""``kiosk history``: look after the stored results."""

from __future__ import annotations

import argparse
import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.config import load_settings
from kiosk.errors import HistoryError
from kiosk.settings import Settings


def add_parser(commands: Any) -> None:
    """Add ``kiosk history``."""
    parser = commands.add_parser("history", help="look after the stored results", description=__doc__)
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    old = actions.add_parser("delete-old", help="delete now what is older than the settings keep", description=OLD)
    old.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    old.set_defaults(handler=delete_old_results)
    copy = actions.add_parser("backup", help="copy the results while the kiosk runs", description=COPY)
    copy.add_argument("--to", type=Path, metavar="DIR", required=True, help="the folder of the copies")
    copy.add_argument("--keep", type=_count, metavar="N", default=7, help="keep the newest N copies (default: 7)")
    copy.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    copy.set_defaults(handler=copy_results)
    back = actions.add_parser("restore", help="put a copy in the place of the results", description=BACK)
    back.add_argument("copy", type=Path, metavar="FILE", help="a file that kiosk history backup made")
    back.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    back.set_defaults(handler=restore_results)


def _count(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= 1000:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 1000, not '{word}'")
    return int(word)


OLD = (
    "Delete the results that are older than history.keep_days (in a member's course) and history.keep_guest_days (all "
    "others). A running kiosk does so by itself, once a day. While nobody has set the clock, nothing is deleted."
)
COPY = "Copy the database of results, read the copy through, and delete the copies beyond the newest N."
BACK = "Put a copy in the place of the results; those are kept beside it. Stop the kiosk first."


def delete_old_results(args: argparse.Namespace) -> int:
    """Delete what is too old, and say how much that was."""
    settings = load_settings(args.config, os.environ)
    place = settings.history_place
    if isinstance(place, Path) and not place.exists():
        print(f"There are no results yet at {place}.")
        return 0
    from kiosk.health import read_health
    from kiosk.health_items import clock_is_sure
    from kiosk.station.history import open_history
    from kiosk.station.keeping import delete_old

    if not clock_is_sure(read_health(settings.state_dir), trust_clock=settings.history.trust_clock):
        print(
            "Nobody has set the clock since the start, so nothing was deleted: it may be ahead (history.trust_clock)."
        )
        return 0
    keep = settings.history
    with contextlib.closing(open_history(place)) as history:
        count = delete_old(history, keep.keep_guest_days, keep.keep_days, datetime.now(UTC))
        left = history.count()
    print(f"Deleted {count} {'result' if count == 1 else 'results'}, kept {left}.")
    return 0


def copy_results(args: argparse.Namespace) -> int:
    """Copy the results, and say where the copy is."""
    settings = load_settings(args.config, os.environ)
    file = _sqlite_file(settings)
    if not file.exists():
        print(f"There are no results yet at {file}.")
        return 0
    from kiosk.station.backup import backup

    copy = backup(file, args.to, args.keep, datetime.now(UTC))
    print(f"Copied to {copy} ({copy.stat().st_size / 1e6:.1f} MB).")
    return 0


def restore_results(args: argparse.Namespace) -> int:
    """Put a copy in the place of the results, and say where those are now."""
    settings = load_settings(args.config, os.environ)
    file = _sqlite_file(settings)
    from kiosk.running import ask_running
    from kiosk.station.backup import restore
    from kiosk.station.history import open_history

    if ask_running(settings) is not None:
        raise HistoryError("The kiosk runs: stop it first (sudo systemctl stop kiosk), and start it again afterwards.")
    aside = restore(args.copy, file)
    with contextlib.closing(open_history(file)) as history:
        count = history.count()
    before = "" if aside is None else f" What was there before is in {aside}."
    print(f"Restored {count} {'result' if count == 1 else 'results'} to {file}.{before}")
    return 0


def _sqlite_file(settings: Settings) -> Path:
    """Return the file of the results. Raises HistoryError where they are in no file."""
    place = settings.history_place
    if isinstance(place, Path):
        return place
    from kiosk.station.database import sqlite_file

    return sqlite_file(place)
