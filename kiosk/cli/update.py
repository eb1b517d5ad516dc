"""``kiosk update``: install a bundle beside the version that runs, try it, switch to it, and back when it fails."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import say
from kiosk.config import load_settings
from kiosk.errors import UpdateError

if TYPE_CHECKING:
    from kiosk.update.updater import Updater

CONFIG = Path("/etc/kiosk/kiosk.toml")


def add_parser(commands: Any) -> None:
    """Add ``kiosk update``."""
    parser = commands.add_parser(
        "update", help="install a bundle, or go back to the version before", description=__doc__
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the bundle (make bundle)")
    what.add_argument("--back", action="store_true", help="go back to the version before")
    what.add_argument("--list", action="store_true", help="list the versions that are installed")
    what.add_argument("--settle", action="store_true", help="bring an update to its end that a power cut interrupted")
    parser.add_argument("--allow-older", action="store_true", help="install a bundle that is older than what runs")
    parser.add_argument("--config", type=Path, metavar="FILE", default=CONFIG, help=f"the configuration; {CONFIG}")
    parser.set_defaults(handler=update)


def update(args: argparse.Namespace) -> int:
    """Carry out what is asked for. Raises UpdateError when the kiosk stays with, or goes back to, what it was."""
    settings = load_settings(args.config, os.environ)
    from kiosk.update.database import database_file
    from kiosk.update.system import Pi
    from kiosk.update.updater import Updater

    updater = Updater(Pi(settings.web.port), args.config.absolute(), database_file(settings.history_place), told=say)
    if args.list:
        return list_versions(updater)
    if os.geteuid() != 0:
        raise UpdateError("An update changes the system: run it with sudo.")
    # What is installed is the kiosk's to read, whatever root usually keeps to itself.
    os.umask(0o022)
    if args.back:
        updater.back()
    elif args.settle:
        updater.settle()
    else:
        updater.update(args.file.absolute(), allow_older=args.allow_older)
    return 0


def list_versions(updater: Updater) -> int:
    """Print each version, with a mark at the one that runs and the one to go back to."""
    versions = updater.versions
    marks = {versions.current: "runs", versions.previous: "kiosk update --back"}
    for build in dict.fromkeys([versions.current, *versions.installed()]):
        manifest = versions.manifest(build)
        made = f"of {manifest.created:%Y-%m-%d}" if manifest else "installed without a bundle"
        say(f"{build}  {made}  {marks.get(build, '')}".rstrip())
    return 0
