"""Buttons and buzzer as configured, on the same kind of pins as the LEDs; what cannot be driven is said."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack

from kiosk.errors import LightsError
from kiosk.settings import Settings
from kiosk.station.buzzer import Buzzer, GpioBuzzer, NoBuzzer
from kiosk.station.live import LiveBoard

log = logging.getLogger(__name__)


#: How the sentences begin that say what does not work.
BUTTONS_DEAD, BUZZER_SILENT = "The buttons do nothing", "The buzzer stays silent"


def wired(settings: Settings, *, leds: bool = True, others: bool = True) -> str:
    """Return what is wired to which pin (BCM numbers), in words: ``red 17, green 27``; "" where nothing is."""
    lights, pins = settings.lights, dict[str, int]()
    if leds and lights.kind != "none":
        pins |= {"red": lights.red, "green": lights.green, "blue": lights.blue, **lights.single_leds}
    if others:
        pins |= {f"button {name}": pin for name, pin in settings.buttons.pins.items()}
    if others and settings.buzzer.pin is not None:
        pins["buzzer"] = settings.buzzer.pin
    return ", ".join(f"{name} {pin}" for name, pin in pins.items())


class Panel:
    """What is wired beside the LEDs. ``problems``: what does not work, in sentences for the page."""

    def __init__(self, settings: Settings, board: LiveBoard, shut_down: Callable[[], None]) -> None:
        """Take the pins that are configured; with lights of the kind ``mock`` those in memory."""
        self.buzzer: Buzzer = NoBuzzer()
        self.problems: tuple[str, ...] = ()
        self._taken = ExitStack()
        if settings.buzzer.pin is not None:
            self._try(BUZZER_SILENT, lambda: self._take_buzzer(settings))
        if settings.buttons.pins:
            self._try(BUTTONS_DEAD, lambda: self._take_buttons(settings, board, shut_down))

    def close(self) -> None:
        """Be silent and let go of the pins. Harmless twice."""
        self._taken.close()

    def _try(self, means: str, take: Callable[[], None]) -> None:
        try:
            take()
        except LightsError as error:
            log.warning("%s: %s", means, error)
            self.problems += (f"{means}: {error}",)

    def _take_buzzer(self, settings: Settings) -> None:
        from kiosk.station.gpio import pins_for

        self.buzzer = GpioBuzzer(settings.buzzer, pins_for(settings.lights.kind))
        self._taken.callback(self.buzzer.close)

    def _take_buttons(self, settings: Settings, board: LiveBoard, shut_down: Callable[[], None]) -> None:
        from kiosk.station.buttons import Buttons
        from kiosk.station.gpio import pins_for

        buttons = Buttons(settings.buttons, pins_for(settings.lights.kind), board, shut_down)
        self._taken.callback(buttons.close)
