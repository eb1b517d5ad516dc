"""The command line: ``kiosk run | demo | analyze | record | doctor | history | plugins | tune | bench | trainer |
lights | update``.

Every command is a module with ``add_parser(commands)``, which sets ``handler``: a function of the parsed
arguments that returns the exit code. What is slow to import (OpenCV, the model runtime, Flask, SQLAlchemy) is
imported by the handlers, so that ``kiosk --help`` answers at once.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from kiosk import __version__
from kiosk.cli import (
    analyze,
    bench,
    camera,
    demo,
    doctor,
    history,
    lights,
    notice,
    plugins,
    record,
    run,
    trainer,
    tune,
    update,
)
from kiosk.cli.output import tell
from kiosk.errors import KioskError

COMMANDS = (run, demo, analyze, record, camera, doctor, history, plugins, tune, bench, trainer, lights, update, notice)

#: Exit codes beside 0: a mistake that its message tells how to mend, and what a shell reports for these signals.
MISTAKE, INTERRUPTED, PIPE_CLOSED = 2, 130, 141


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong with a command."""

    def error(self, message: str) -> NoReturn:
        """Print the mistake and end with exit code 2."""
        self.exit(MISTAKE, f"kiosk: {message}. See: {self.prog} --help\n")


def make_parser() -> Parser:
    """Return the parser with every command in it."""
    parser = Parser(prog="kiosk", description="Plumbline, a gym kiosk that looks at how people move.")
    parser.add_argument("--version", action="version", version=f"plumbline-kiosk {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0, 1 (``doctor`` found a fault, ``plugins check`` a broken promise), 2 (a mistake), 130 (Ctrl-C), 141 (no reader).
    """
    # A terminal that cannot show a sign gets its number instead of an error.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    args = make_parser().parse_args(argv)
    try:
        code = int(args.handler(args))
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KioskError as error:
        for line in str(error).splitlines():
            tell(line)
        return MISTAKE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone. Python would complain again when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
