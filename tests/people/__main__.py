"""``python -m tests.people``: render labelled recordings of people, or make what they are made from."""

from __future__ import annotations

import argparse
import fnmatch
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

# One process renders on each core. NumPy's own threads would fight over the same cores, and make it twice as slow; it
# reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from kiosk.errors import KioskError
from tests.people import demo, film, suite
from tests.people.scenario import PARTS, Scenario, ScenarioError

MISTAKE, INTERRUPTED = 2, 130


def make_parser() -> argparse.ArgumentParser:
    """Return the parser with every command in it."""
    parser = argparse.ArgumentParser(prog="python -m tests.people", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    about = "render the scenarios that are not rendered yet, with their truth"
    render = commands.add_parser("render", help=about, description=about)
    render.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (as many as there are cores)")
    render.set_defaults(handler=render_suite)
    _add_choice(render, f"the folder of recordings ({film.default_folder()})")

    about = "write the scenarios of the suite anew"
    write = commands.add_parser("suite", help=about, description=about)
    write.set_defaults(handler=write_suite)

    about = "render the recordings of `kiosk demo` anew"
    clips = commands.add_parser("demo", help=about, description=about)
    clips.add_argument("--out", type=Path, metavar="DIR", default=demo.CLIPS, help="where they go (into the package)")
    clips.set_defaults(handler=render_demo)
    return parser


def _add_choice(parser: argparse.ArgumentParser, out: str) -> None:
    """Add what chooses scenarios, and where recordings go."""
    parser.add_argument("--out", type=Path, metavar="DIR", default=film.default_folder(), help=out)
    parser.add_argument("--scenarios", type=Path, metavar="DIR", default=suite.FOLDER, help="other scenarios")
    parser.add_argument("--only", metavar="GLOB", default="*", help="those with such a name, as in 'squat-front-*'")
    parser.add_argument("--part", choices=PARTS, help="those of one part")


def chosen(args: argparse.Namespace) -> dict[str, Scenario]:
    """Return the scenarios that were asked for. Raises ScenarioError where there is none."""
    found = {
        name: one
        for name, one in suite.read(args.scenarios).items()
        if fnmatch.fnmatch(name, args.only) and args.part in (None, one.part)
    }
    if not found:
        raise ScenarioError(f"no scenario in {args.scenarios} is called like {args.only}; `ls` it, and name one.")
    return found


def render_suite(args: argparse.Namespace) -> int:
    """Render and say how far it is."""
    scenarios, begins_s, done = chosen(args), time.monotonic(), 0
    missing = {name: one for name, one in scenarios.items() if not film.is_made(args.out / name, one)}
    print(f"{len(scenarios) - len(missing)} of {len(scenarios)} are there; {len(missing)} go to {args.out}", flush=True)
    whole = sum(suite.frames(one) for one in missing.values())
    for number, name in enumerate(film.render_all(missing, args.out, max(1, args.jobs)), 1):
        done += suite.frames(missing[name])
        taken_s = time.monotonic() - begins_s
        left_min = taken_s / done * (whole - done) / 60
        print(f"{number}/{len(missing)} {name}, {taken_s / 60:.1f} min, about {left_min:.0f} min left", flush=True)
    return 0


def write_suite(_args: argparse.Namespace) -> int:
    """Write the scenarios."""
    print(f"{suite.write()} scenarios are in {suite.FOLDER}")
    return 0


def render_demo(args: argparse.Namespace) -> int:
    """Render the clips of the demo."""
    for path in demo.make_clips(suite.read(demo.SCENARIOS), args.out):
        print(f"{path}, {path.stat().st_size / 1000:.0f} kB", flush=True)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 2 for a mistake, 130 for Ctrl-C."""
    args = make_parser().parse_args(argv)
    try:
        return int(args.handler(args))
    except KioskError as error:
        print(error, file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        print("\nInterrupted; what is rendered is kept, and the next run goes on from there.", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
