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
from kiosk.vision.models import find_model, models_dir
from tests.people import demo, film, noise, recorded, suite
from tests.people.scenario import PARTS, Scenario, ScenarioError

MISTAKE, INTERRUPTED = 2, 130


def make_parser() -> argparse.ArgumentParser:
    """Return the parser with every command in it."""
    parser = argparse.ArgumentParser(prog="python -m tests.people", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    about = "render the scenarios that are not rendered yet, with their truth"
    render = commands.add_parser("render", help=about, description=about)
    render.set_defaults(handler=render_suite)
    _add_choice(render, "the folder of recordings", film.default_folder())

    about = "write the scenarios of the suite anew"
    write = commands.add_parser("suite", help=about, description=about)
    write.set_defaults(handler=write_suite)

    about = "render the recordings of `kiosk demo` anew"
    clips = commands.add_parser("demo", help=about, description=about)
    clips.add_argument("--out", type=Path, metavar="DIR", default=demo.CLIPS, help="where they go (into the package)")
    clips.set_defaults(handler=render_demo)

    about = "write the scenarios as keypoint files with the noise of a pose model, without any picture"
    files = commands.add_parser("keypoints", help=about, description=about)
    files.set_defaults(handler=write_keypoint_files)
    _add_choice(files, "where they go", film.default_folder().with_name("people-keypoints"))

    about = "measure the noise of a pose model on rendered recordings"
    measure = commands.add_parser("measure-noise", help=about, description=about)
    measure.add_argument("--recordings", type=Path, metavar="DIR", default=film.default_folder(), help="rendered ones")
    measure.add_argument("--model", default="thunder_f16", help="the pose model (thunder_f16)")
    measure.add_argument("--most", type=int, default=10, help="recordings of each exercise and view at most (10)")
    measure.add_argument("--cache", type=Path, metavar="DIR", help="keeps what the model saw")
    measure.set_defaults(handler=measure_noise)
    return parser


def _add_choice(parser: argparse.ArgumentParser, about: str, out: Path) -> None:
    """Add what chooses scenarios, and where recordings go."""
    parser.add_argument("--out", type=Path, metavar="DIR", default=out, help=f"{about} ({out})")
    parser.add_argument("--scenarios", type=Path, metavar="DIR", default=suite.FOLDER, help="other scenarios")
    parser.add_argument("--only", metavar="GLOB", default="*", help="those with such a name, as in 'squat-front-*'")
    parser.add_argument("--part", choices=PARTS, help="those of one part")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (as many as there are cores)")


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


def write_keypoint_files(args: argparse.Namespace) -> int:
    """Write keypoint files and their truth."""
    model, known = noise.read_noise()
    count = sum(1 for _ in recorded.write_recordings(chosen(args), args.out, model, known, max(1, args.jobs)))
    print(f"{count} keypoint files are in {args.out}")
    return 0


def measure_noise(args: argparse.Namespace) -> int:
    """Measure noise and keep it."""
    model = find_model(args.model, models_dir())
    count, measured = recorded.measure_noise(args.recordings, model, max(1, args.most), args.cache)
    noise.write_noise(model.name, count, measured)
    print(f"measured on {count} recordings: {', '.join(measured)}")
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
