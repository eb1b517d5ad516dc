"""The LEDs' story, as a table: what shines in every state of a visit, for every verdict on a rep, and in trouble.

The real LEDs are in `kiosk.station.gpio`, which is imported only where LEDs are asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from kiosk.settings import LightsSettings
from kiosk.station.live import Lit


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the RGB LED does, and which of the single LEDs (ready, busy, trouble) is lit meanwhile.

    ``colour`` is (red, green, blue), 0 to 1 each, at full strength. ``levels`` are the shares of it that are shown
    one after the other, each for ``step_s`` seconds, round and round; a single level is a steady light.
    """

    colour: tuple[float, float, float]
    led: str | None = None
    levels: tuple[float, ...] = (1.0,)
    step_s: float = 0.0

    @property
    def steady(self) -> bool:
        """Whether the light does not change."""
        return len(self.levels) == 1

    def shade(self, level: float) -> tuple[float, float, float]:
        """Return the colour at a share of its strength."""
        red, green, blue = self.colour
        return red * level, green * level, blue * level


def _breath(steps: int) -> tuple[float, ...]:
    """Return the levels of one breath, from the faintest up and back: the eye takes a cosine for even."""
    return tuple(round(0.54 - 0.46 * math.cos(2 * math.pi * step / steps), 3) for step in range(steps))


_BLACK, _WHITE, _BLUE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.0, 0.0, 1.0)
_GREEN, _AMBER, _RED = (0.0, 1.0, 0.0), (1.0, 0.45, 0.0), (1.0, 0.0, 0.0)
_MAGENTA = (1.0, 0.0, 1.0)

#: Every pattern by its name, as `Lit.pattern` has it. The pages draw the same rhythms.
PATTERNS = {
    "off": Pattern(_BLACK),
    # From the moment that the pins are there until the loop goes round.
    "starting": Pattern((0.2, 0.2, 0.2), "busy"),
    # A breath takes 4 s; at 25 steps a second no step shows.
    "idle": Pattern(_WHITE, "ready", _breath(100), 0.04),
    "framing": Pattern(_BLUE, "busy"),
    "ready": Pattern(_BLUE, "busy", (1.0, 0.0), 0.5),
    "scan": Pattern((0.0, 0.0, 0.25), "busy"),
    "clean": Pattern(_GREEN, "busy"),
    "unsure": Pattern(_AMBER, "busy"),
    "sign": Pattern(_RED, "busy"),
    "result": Pattern(_WHITE, "busy"),
    # Two flashes and a pause: nothing else on the kiosk does that, and red alone is a verdict on a rep.
    "trouble": Pattern(_RED, "trouble", (1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0), 0.15),
    # Scanning goes on, and somebody should have a look: a faint glow, and a short flash every ten seconds.
    "attention": Pattern(_AMBER, "ready", (1.0, *[0.08] * 39), 0.25),
    # The button was held: the machine shuts down.
    "goodbye": Pattern(_MAGENTA, "busy"),
}


class Lights(Protocol):
    """Something that shows the patterns of `PATTERNS`."""

    @property
    def name(self) -> str:
        """What drives the LEDs, in words for the status page."""

    @property
    def lit(self) -> Lit:
        """What is shown now, for the page: the pattern's colour at full strength, and the single LEDs."""

    def show(self, pattern: str) -> None:
        """Show a pattern until the next call. The one that is shown already goes on without a jolt."""

    def close(self) -> None:
        """Switch everything off and let go of the pins. Harmless twice."""


class NoLights:
    """No LEDs: because none are wanted, or because the wanted ones cannot be driven."""

    name = "none"
    lit = Lit()

    def show(self, pattern: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Do nothing."""


def make_lights(settings: LightsSettings) -> Lights:
    """Return the lights that the configuration asks for, and never others.

    Raises LightsError, with what is missing, where the pins cannot be driven: the caller goes on with `NoLights`
    and says so.
    """
    if settings.kind == "none":
        return NoLights()
    from kiosk.station.gpio import GpioLights, pins_for

    return GpioLights(settings, pins_for(settings.kind))
