"""``kiosk plugins list``: which exercises are installed, and how much of each the camera can judge."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import say
from kiosk.config import load_settings
from kiosk.movement.exercise import AssessedBy, Exercise

if TYPE_CHECKING:
    from kiosk.plugins import Plugins

_HOW = {
    AssessedBy.KEYPOINTS: "assessed",
    AssessedBy.PROXY: "by a stand-in",
    AssessedBy.SECOND_MODEL: "second model",
    AssessedBy.NOTHING: "not assessed",
}


def add_parser(commands: Any) -> None:
    """Add ``kiosk plugins``."""
    parser = commands.add_parser("plugins", help="what exercises are installed", description=__doc__)
    verbs = parser.add_subparsers(title="commands", dest="verb", metavar="COMMAND", required=True)
    listing = verbs.add_parser("list", help="list plugins, exercises and their checks", description=__doc__)
    listing.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    listing.set_defaults(handler=list_plugins)


def list_plugins(args: argparse.Namespace) -> int:
    """Print every plugin that was found."""
    settings = load_settings(args.config, os.environ)
    from kiosk.plugins import load_plugins

    plugins = load_plugins(blocked=settings.plugins.blocked, overlays=settings.plugins.overlays)
    say("\n".join(table(plugins)))
    return 0


def table(plugins: Plugins) -> Iterator[str]:
    """Yield the lines of the list."""
    if not plugins.found:
        yield "No exercise plugin is installed: run make setup."
    for status in plugins.found:
        yield f"{status.name}  ({status.distribution} {status.version})"
        if status.problem is not None:
            yield from (f"  not in use: {line}" for line in status.problem.splitlines())
        for slug in status.exercises:
            yield from _exercise(plugins.exercises[slug])


def _exercise(exercise: Exercise) -> Iterator[str]:
    passes = ", ".join(f"{one.reps} reps from the {one.view.value}" for one in exercise.passes)
    judged = sum(1 for check in exercise.checks if check.assessed_by is not AssessedBy.NOTHING)
    yield f"  {exercise.slug}: {exercise.title}; {passes}; {judged} of {len(exercise.checks)} checks assessed"
    for kind, words in _HOW.items():
        slugs = ", ".join(check.slug for check in exercise.checks if check.assessed_by is kind)
        if slugs:
            yield f"    {words + ':':<15}{slugs}"
