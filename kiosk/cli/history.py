"""``kiosk history``: look after the stored results."""

from __future__ import annotations

import argparse
import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.config import load_settings


def add_parser(commands: Any) -> None:
    """Add ``kiosk history``."""
    parser = commands.add_parser("history", help="look after the stored results", description=__doc__)
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    old = actions.add_parser("delete-old", help="delete now what is older than the settings keep", description=OLD)
    old.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    old.set_defaults(handler=delete_old_results)


OLD = (
    "Delete the results that are older than history.keep_days (in a member's course) and history.keep_guest_days (all "
    "others). A running kiosk does so by itself, once a day."
)


def delete_old_results(args: argparse.Namespace) -> int:
    """Delete what is too old, and say how much that was."""
    settings = load_settings(args.config, os.environ)
    place = settings.history_place
    if isinstance(place, Path) and not place.exists():
        print(f"There are no results yet at {place}.")
        return 0
    from kiosk.station.history import open_history
    from kiosk.station.keeping import delete_old

    keep = settings.history
    with contextlib.closing(open_history(place)) as history:
        count = delete_old(history, keep.keep_guest_days, keep.keep_days, datetime.now(UTC))
        left = history.count()
    print(f"Deleted {count} {'result' if count == 1 else 'results'}, kept {left}.")
    return 0
