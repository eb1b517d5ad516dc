"""Push buttons on GPIO pins: next, stop, and a long press that shuts the machine down.

A press is worth what a touch of the page's button is worth. An answer about pain is never given by a button that
people press to go on: "next" leaves that question to the page and to time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from gpiozero import Button
from gpiozero.exc import GPIOZeroError

from kiosk.errors import LightsError
from kiosk.settings import ButtonsSettings
from kiosk.station.gpio import errors_of_lgpio
from kiosk.station.live import LiveBoard
from kiosk.station.visit import State

#: Contacts bounce for less than this, and nobody presses faster.
BOUNCE_S = 0.03
#: Two presses within this time are a double press, which stops where no stop button is wired.
DOUBLE_S = 0.6


def meant(button: str, state: str) -> str:
    """Return the command that a press of ``next`` or ``stop`` stands for in a state of the visit."""
    return "done" if state == State.RESULT else button


class Buttons:
    """The wired buttons; their presses go to the board. A button joins its pin to ground."""

    def __init__(
        self,
        settings: ButtonsSettings,
        factory: Any,
        board: LiveBoard,
        shut_down: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the pins. Raises LightsError when one is in use or cannot be read."""
        self._board, self._shut_down, self._clock = board, shut_down, clock
        self._next_s = -float("inf")
        self._one = settings.stop_pin is None
        with ExitStack() as taken:
            for name, pin in settings.pins.items():
                button = take(pin, factory, settings.hold_s)
                taken.callback(button.close)
                button.when_pressed = self._next if name == "next" else self._stop
                if name == "stop" or self._one:
                    button.when_held = self._shut_down
            self._taken = taken.pop_all()

    def close(self) -> None:
        """Let go of the pins. Harmless twice."""
        self._taken.close()

    def _next(self) -> None:
        now_s, before_s = self._clock(), self._next_s
        self._next_s = now_s
        if self._one and now_s - before_s <= DOUBLE_S:
            self._stop()
        else:
            self._board.command(meant("next", self._board.view.state))

    def _stop(self) -> None:
        self._board.command(meant("stop", self._board.view.state))


def take(pin: int, factory: Any, hold_s: float) -> Any:
    """Return gpiozero's button on a pin, which is held after ``hold_s``. Raises LightsError when it cannot be read."""
    try:
        return Button(pin, pull_up=True, bounce_time=BOUNCE_S, hold_time=hold_s, pin_factory=factory)
    except (GPIOZeroError, OSError, *errors_of_lgpio()) as error:
        reason = str(error).strip("'\"")
        raise LightsError(
            f"The button on pin {pin} cannot be read: {reason}. Look at the pins in [buttons], and whether another "
            "program holds them."
        ) from error
