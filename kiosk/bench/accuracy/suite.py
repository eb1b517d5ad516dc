"""The suite of a source checkout: rendered people, or their keypoints, made by ``python -m tests.people``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kiosk.errors import KioskError, SourceError

CHECKOUT = Path(__file__).resolve().parents[3]


def kept() -> Path:
    """Return the folder for what takes long to make: plumbline in the user's cache, as `tests.people` has it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plumbline"


def made(checkout: Path = CHECKOUT, *, quick: bool) -> Path:
    """Return the folder of the suite's recordings, after what was missing of them has been made.

    ``quick``: keypoints straight from the known joints instead of pictures. Raises SourceError where there is no
    checkout, KioskError where the making failed.
    """
    verb, out = ("keypoints", kept() / "people-keypoints") if quick else ("render", kept() / "people")
    if not (checkout / "tests" / "people" / "__main__.py").is_file():
        raise SourceError(
            "The suite of rendered people belongs to the source of the kiosk, and this is an installed package: "
            "name your own labelled recordings with --recordings DIR."
        )
    command = [sys.executable, "-m", "tests.people", verb, "--out", str(out)]
    # What it prints is progress, and standard output is for results.
    done = subprocess.run(command, cwd=checkout, stdout=sys.stderr.fileno() if sys.stderr else None, check=False)
    if done.returncode:
        raise KioskError(f"The suite could not be made: python -m tests.people {verb} ended with {done.returncode}.")
    return out
