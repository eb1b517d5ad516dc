"""Test only: writes down what the pins of the simulated header do. lines.py FILE PIN...

Each line of FILE: seconds of the machine's monotonic clock, then the value of each pin, 0 or 1, every 20 ms. The values
come from the simulated chip itself, not from whoever drives it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_EVERY_S = 0.02


def main(target: str, pins: list[str]) -> None:
    chip = next(Path("/sys/devices/platform").glob("gpio-sim.*/gpiochip*"))
    values = [os.open(chip / f"sim_gpio{pin}" / "value", os.O_RDONLY) for pin in pins]
    with Path(target).open("w", buffering=1) as out:
        while True:
            now = " ".join(os.pread(value, 1, 0).decode() for value in values)
            out.write(f"{time.monotonic():.3f} {now}\n")
            time.sleep(_EVERY_S)


main(sys.argv[1], sys.argv[2:])
