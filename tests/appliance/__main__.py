"""Makes what the tests of the machine begin with, and says so meanwhile: `python -m tests.appliance [--arch arm64]`."""

from __future__ import annotations

import argparse
import sys

from .arm64 import ARCHITECTURES, target_of
from .commands import ApplianceError
from .image import image
from .ready import ready


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--arch", choices=ARCHITECTURES, default=ARCHITECTURES[0])
    # The rest is for pytest, which runs after this.
    wanted, _ = parser.parse_known_args()
    try:
        began = ready(image(target_of(wanted.arch)))
    except ApplianceError as error:
        print(f"appliance: {error}", file=sys.stderr)
        return 2
    print(f"appliance: everything is there; at its first start the kiosk was active after {began.active_s:.1f} s")
    return 0


sys.exit(main())
