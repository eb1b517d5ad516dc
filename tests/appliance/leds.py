"""What the LEDs showed: the lines of the simulated chip, as guest/lines.py wrote them down."""

from __future__ import annotations

from dataclasses import dataclass

from .machine import Machine

#: The pins in the order of guest/units/appliance-lines.service, by what guest/kiosk.toml and the defaults wire there.
NAMES = ("red", "green", "blue", "ready", "busy", "trouble")


@dataclass(frozen=True)
class Lines:
    """Samples of the pins: seconds of the machine's clock, and whether each line was high."""

    times_s: tuple[float, ...]
    values: tuple[tuple[bool, ...], ...]

    def share(self, name: str) -> float:
        """Return the share of the samples in which a line was high: how bright a dimmed LED is."""
        which = NAMES.index(name)
        return sum(value[which] for value in self.values) / len(self.values)

    def colours(self, window_s: float = 0.5) -> list[str]:
        """Return what was seen, in order and without repetitions: a colour, and the single LED that was lit with it.

        A line that is high in less than a tenth of a window is dark: what remains of a change of patterns.
        """
        seen: list[str] = []
        start = 0
        for k, time_s in enumerate(self.times_s):
            if time_s - self.times_s[start] < window_s:
                continue
            part = Lines(self.times_s[start:k], self.values[start:k])
            lit = [name for name in NAMES if part.share(name) > 0.1]
            now = "+".join(lit) or "dark"
            if not seen or seen[-1] != now:
                seen.append(now)
            start = k
        return seen


def start_lines(machine: Machine) -> None:
    """Begin to write down the lines."""
    machine.text("systemctl start appliance-lines")


def end_lines(machine: Machine) -> Lines:
    """Stop, and return what was written down."""
    machine.text("systemctl stop appliance-lines")
    rows = [line.split() for line in machine.text("cat /run/lines").splitlines()]
    whole = [row for row in rows if len(row) == 1 + len(NAMES)]
    return Lines(
        tuple(float(row[0]) for row in whole), tuple(tuple(value == "1" for value in row[1:]) for row in whole)
    )


def lines_while(machine: Machine, own_s: float) -> Lines:
    """Return what the lines do for so many seconds by the machine's clock."""
    start_lines(machine)
    machine.text(f"sleep {own_s}")
    return end_lines(machine)
