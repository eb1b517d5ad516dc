"""``kiosk plugins new``: begins an exercise plugin that installs, passes its own tests and explains itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.analyze import named_view
from kiosk.cli.output import say
from kiosk.config import load_settings
from kiosk.errors import KioskError, PluginError
from kiosk.movement.view import View

if TYPE_CHECKING:
    from kiosk.kit.scaffold import Plan

ABOUT = "begin an exercise plugin: a project that installs, is tested and explains itself"
#: What is asked, in this order, where an option is left out.
ASKED = ("signal", "views", "start")


def add_new(verbs: Any) -> None:
    """Add ``kiosk plugins new``."""
    parser = verbs.add_parser("new", help=ABOUT, description=__doc__)
    parser.add_argument("title", metavar="TITLE", help='the name of the exercise, such as "Split squat"')
    parser.add_argument("--signal", metavar="SIGNAL", help="what tells how far down a rep is, such as hip-drop")
    parser.add_argument("--views", metavar="VIEW", nargs="+", help="front, side or rear, in the order of the passes")
    parser.add_argument("--start", metavar="POSTURE", help="the posture that starts it, such as hands-on-hips")
    parser.add_argument("--reps", type=int, metavar="N", default=5, help="reps of each pass (5)")
    parser.add_argument("--into", type=Path, metavar="DIR", default=Path(), help="where the project's folder goes (.)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=new_plugin)


def new_plugin(args: argparse.Namespace) -> int:
    """Ask for what is missing, write the project, and say what to do next."""
    settings = load_settings(args.config, os.environ)
    from kiosk.kit.scaffold import named_slug, write_plugin
    from kiosk.plugins import load_plugins

    known = load_plugins(blocked=settings.plugins.blocked, overlays=settings.overlays_folder)
    slug = named_slug(args.title)
    if slug in known.exercises:
        raise PluginError(f"The exercise '{slug}' is already installed: choose another title.")
    plan = _plan(args)
    folder = write_plugin(plan, args.into)
    same = [one.slug for one in known.exercises.values() if one.start_ask == _ask_of(plan)]
    say(f"{folder} is written: signal {plan.signal}, start {plan.start}, views {' '.join(plan.views)}.")
    for other in same:
        say(f"Note that '{other}' starts with the same posture: the kiosk takes the one that comes first.")
    say(
        f"Next:\n  pip install --editable {folder}\n  kiosk plugins list\n  python -m pytest {folder / 'tests'}\n"
        f"and then {folder / 'README.md'}."
    )
    return 0


def _ask_of(plan: Plan) -> str:
    from kiosk.kit.scaffold import STARTS

    return STARTS[plan.start].ask


def _plan(args: argparse.Namespace) -> Plan:
    """Return what was asked for, with answers for what was left out. Raises KioskError where nobody can answer."""
    from kiosk.kit.scaffold import SIGNALS, STARTS, Plan

    missing = [name for name in ASKED if getattr(args, name) is None]
    if missing and (sys.stdin is None or not sys.stdin.isatty()):
        options = " and ".join(f"--{name}" for name in missing)
        raise KioskError(
            f"A new plugin still needs {options}: add that, or answer the questions on a terminal. Signals: "
            f"{', '.join(SIGNALS)}. Postures: {', '.join(STARTS)}. Views: {', '.join(View)}."
        )
    signals = {name: f"{one.about} ({one.like})" for name, one in SIGNALS.items()}
    signal = args.signal or _choice("Which signal tells how far down a rep is?", signals)
    named = args.views or _choice("From where is it looked at?", _VIEWS).split(" ")
    fitting = {name: one.about for name, one in STARTS.items() if signal in one.signals}
    start = args.start or _choice("Which posture starts it?", fitting)
    views = tuple(view for word in named if (view := named_view(word)) is not None)
    return Plan(args.title, signal, views, start, args.reps)


_VIEWS = {
    "side": "the person stands side to the camera",
    "front": "the person faces the camera",
    "front side": "one pass facing the camera, then one side to it",
    "side front": "the other way round",
    "rear": "the person turns the back to the camera",
}


def _choice(question: str, options: Mapping[str, str]) -> str:
    """Return one of the options, by its number or its name; the first one for a bare Enter."""
    from kiosk.kit.labelling import at_the_terminal

    names: Sequence[str] = tuple(options)
    say(question)
    for number, (name, about) in enumerate(options.items(), 1):
        say(f"  {number}  {name}: {about}")
    while True:
        answer = at_the_terminal("[1] ").strip() or "1"
        if answer in options:
            return answer
        if answer.isdecimal() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
        say(f"A number from 1 to {len(names)}, or one of the names.")
