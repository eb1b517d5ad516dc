"""``kiosk plugins``: which exercises are installed; and the verbs that check one, or begin one."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.allow_plugin import add_allow
from kiosk.cli.check_plugins import add_check
from kiosk.cli.new_plugin import add_new
from kiosk.cli.output import say
from kiosk.config import load_settings
from kiosk.movement.exercise import AssessedBy, Exercise
from kiosk.movement.notes import place

if TYPE_CHECKING:
    from kiosk.plugins import Plugins

ABOUT_LIST = "Which exercises are installed, and how much of each the camera can judge."
_HOW = {
    AssessedBy.KEYPOINTS: "assessed",
    AssessedBy.PROXY: "by a stand-in",
    AssessedBy.SECOND_MODEL: "second model",
    AssessedBy.NOTHING: "not assessed",
}


def add_parser(commands: Any) -> None:
    """Add ``kiosk plugins``."""
    parser = commands.add_parser("plugins", help="list, check and begin exercise plugins", description=__doc__)
    verbs = parser.add_subparsers(title="commands", dest="verb", metavar="COMMAND", required=True)
    listing = verbs.add_parser("list", help="list plugins, exercises and their checks", description=ABOUT_LIST)
    listing.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    listing.set_defaults(handler=list_plugins)
    add_check(verbs)
    add_new(verbs)
    add_allow(verbs)


def list_plugins(args: argparse.Namespace) -> int:
    """Print every plugin that was found."""
    settings = load_settings(args.config, os.environ)
    from kiosk.plugins.site import site_plugins

    plugins = site_plugins(settings)
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
        if status.observes or status.jobs:
            jobs = (f"the job {name}" for name in status.jobs)
            yield f"  looks on: {', '.join((*status.observes, *jobs))}"


def _exercise(exercise: Exercise) -> Iterator[str]:
    passes = ", ".join(
        f"{f'{one.hold_s:g} s' if one.hold_s else f'{one.reps} reps'} from {place(one.view, one.side)}"
        for one in exercise.passes
    )
    judged = sum(1 for check in exercise.checks if check.assessed_by is not AssessedBy.NOTHING)
    yield f"  {exercise.slug}: {exercise.title}; {passes}; {judged} of {len(exercise.checks)} checks assessed"
    for kind, words in _HOW.items():
        slugs = ", ".join(check.slug for check in exercise.checks if check.assessed_by is kind)
        if slugs:
            yield f"    {words + ':':<15}{slugs}"
