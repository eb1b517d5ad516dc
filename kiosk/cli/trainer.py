"""``kiosk trainer``: set or remove the password of the trainer's side. There is none until the owner sets one."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from kiosk.cli.output import say
from kiosk.config import load_settings
from kiosk.errors import ConfigError


def add_parser(commands: Any) -> None:
    """Add ``kiosk trainer`` and its verbs."""
    parser = commands.add_parser("trainer", help="the password of the trainer's side", description=__doc__)
    verbs = parser.add_subparsers(title="commands", dest="verb", metavar="COMMAND", required=True)
    about = "Set the password of the trainer's side; whoever is logged in is logged out."
    one = verbs.add_parser("password", help="set the password", description=about)
    one.add_argument("--stdin", action="store_true", help="read it from standard input, to its first line break")
    one.set_defaults(handler=password)
    about = "Remove the password: the trainer's side is closed to everybody until another one is set."
    other = verbs.add_parser("remove", help="remove the password", description=about)
    other.set_defaults(handler=remove)
    for verb in (one, other):
        verb.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")


def password(args: argparse.Namespace) -> int:
    """Set the password. Raises ConfigError where it cannot be taken or kept."""
    from kiosk.web.trainer.password import LEAST_LENGTH, write_password

    settings = load_settings(args.config, os.environ)
    chosen = sys.stdin.readline().rstrip("\r\n") if args.stdin else _asked(LEAST_LENGTH)
    file = write_password(settings.state_dir, chosen)
    say(f"The trainer's password is set ({file}, readable by this user alone). Log in at /trainer.")
    return 0


def remove(args: argparse.Namespace) -> int:
    """Remove the password. Raises ConfigError where none is set."""
    from kiosk.web.trainer.password import remove_password

    settings = load_settings(args.config, os.environ)
    if not remove_password(settings.state_dir):
        raise ConfigError("No trainer's password is set, so there is none to remove.")
    say("The trainer's password is removed: its side is closed to everybody.")
    return 0


def _asked(least: int) -> str:
    if not sys.stdin.isatty():
        raise ConfigError("The password is asked for on a terminal: use one, or hand it over with --stdin.")
    first = getpass.getpass(f"New trainer's password, {least} characters or more: ")
    if first != getpass.getpass("Once more: "):
        raise ConfigError("The two are not the same: nothing was changed. Try again.")
    return first
