"""``kiosk plugins allow``: take a plugin back that was put out of use."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from kiosk.cli.output import say
from kiosk.config import load_settings
from kiosk.errors import PluginError

ABOUT = "Let a plugin be used again that hung or crashed the kiosk; it takes part from the next start on."


def add_allow(verbs: Any) -> None:
    """Add ``kiosk plugins allow``."""
    parser = verbs.add_parser("allow", help="take a plugin back that hung or crashed the kiosk", description=ABOUT)
    parser.add_argument("name", metavar="NAME", help="the plugin, as kiosk doctor names it")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=allow)


def allow(args: argparse.Namespace) -> int:
    """Forget what a plugin did. Raises `PluginError` where nothing was held against it."""
    from kiosk.plugins.site import fault_file

    faults = fault_file(load_settings(args.config, os.environ))
    if not faults.allow(args.name):
        known = ", ".join(sorted(faults.faults)) or "none"
        raise PluginError(f"Nothing is held against a plugin '{args.name}'. Plugins that did something wrong: {known}.")
    say(f"{args.name} is used again from the next start of the kiosk on.")
    return 0
