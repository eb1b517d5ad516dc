"""``kiosk lights``: whether each LED, the buzzer and the buttons work, and switching all of it off."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import say
from kiosk.config import load_settings
from kiosk.errors import LightsError

if TYPE_CHECKING:
    from kiosk.settings import Settings

#: A button is waited for so long.
PRESS_S = 20.0
#: How long each LED is lit when nobody is asked.
SEEN_S = 0.3

_NOBODY = "Nobody confirmed that the LEDs shine, the buzzer sounds or a button is felt: without --yes you are asked."

TEST = (
    "Light each LED, each colour of the RGB LED and sound the buzzer, and ask whether it did; wait for a press of each "
    "button. Stop the kiosk first: it holds the pins. Ends with 1 when something did not work."
)
OFF = "Switch LEDs and buzzer off, as after a crash. Harmless at any time; the kiosk must not run."


def add_parser(commands: Any) -> None:
    """Add ``kiosk lights``."""
    parser = commands.add_parser("lights", help="try LEDs, buzzer and buttons, or switch them off", description=__doc__)
    verbs = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    test = verbs.add_parser("test", help="light each one and ask whether it did", description=TEST)
    test.add_argument("--yes", action="store_true", help="ask nothing and wait for no button: only try to drive them")
    off = verbs.add_parser("off", help="switch all of them off", description=OFF)
    for verb, handler in ((test, test_lights), (off, switch_off)):
        verb.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
        verb.set_defaults(handler=handler)


@dataclass(frozen=True)
class Tried:
    """One part and how it did; ``ok`` None: it was driven, and nobody was asked."""

    part: str
    ok: bool | None
    says: str


def test_lights(args: argparse.Namespace) -> int:
    """Try all that is configured; 1 when something did not work."""
    settings = load_settings(args.config, os.environ)
    if not _wired(settings):
        say("Nothing is wired: lights.kind is 'none', and neither a button nor a buzzer has a pin.")
        return 0
    asks = None if args.yes else _asked
    tried = [*_leds(settings, asks), *_buzzer(settings, asks), *_buttons(settings, asked=not args.yes)]
    say("")
    width = max(len(one.part) for one in tried)
    for one in tried:
        mark = {True: "ok", None: "driven", False: "WRONG"}[one.ok]
        say(f"{mark:<7}{one.part:<{width}}  {one.says}")
    wrong = [one.part for one in tried if one.ok is False]
    say("")
    good = f"{len(tried)} driven without a fault. {_NOBODY}" if args.yes else "All of it works."
    say(f"Not right: {', '.join(wrong)}. Look at the wiring and its pin." if wrong else good)
    return 1 if wrong else 0


def switch_off(args: argparse.Namespace) -> int:
    """Take every pin that gives something, switch it off, let go of it."""
    settings = load_settings(args.config, os.environ)
    from kiosk.station.buzzer import GpioBuzzer
    from kiosk.station.gpio import pins_for
    from kiosk.station.lights import make_lights

    make_lights(settings.lights).close()
    if settings.buzzer.pin is not None:
        GpioBuzzer(settings.buzzer, pins_for(settings.lights.kind)).close()
    say(f"Off: {_wired(settings) or 'nothing is wired'}.")
    return 0


def _wired(settings: Settings) -> str:
    from kiosk.station.panel import wired

    return wired(settings)


def _asked(question: str) -> bool:
    """Ask on the terminal until the answer is yes or no. Without anybody to answer it is no."""
    while True:
        try:
            answer = input(f"{question} [y/n] ").strip().lower()
        except EOFError:
            return False
        if answer in ("y", "yes", "n", "no"):
            return answer.startswith("y")


def _judged(part: str, pin: str, asks: Callable[[str], bool] | None, question: str) -> Tried:
    if asks is None:
        time.sleep(SEEN_S)
        return Tried(part, None, pin)
    ok = asks(question)
    return Tried(part, ok, pin if ok else f"{pin}: nobody saw or heard it")


def _leds(settings: Settings, asks: Callable[[str], bool] | None) -> Iterator[Tried]:
    if settings.lights.kind == "none":
        return
    from kiosk.station.gpio import GpioLights, pins_for

    wired = settings.lights
    try:
        with contextlib.closing(GpioLights(wired, pins_for(wired.kind))) as lights:
            for colour, pin in (("red", wired.red), ("green", wired.green), ("blue", wired.blue)):
                lights.light(colour)
                yield _judged(f"RGB LED {colour}", f"pin {pin}", asks, f"Does the RGB LED shine {colour}?")
            for name, pin in wired.single_leds.items():
                lights.light(name)
                yield _judged(f"LED {name}", f"pin {pin}", asks, f"Does the LED '{name}' shine, alone?")
            lights.light("nothing")
            yield _judged("all LEDs off", "", asks, "Are all LEDs dark now?")
    except LightsError as error:
        yield Tried("LEDs", False, str(error))


def _buzzer(settings: Settings, asks: Callable[[str], bool] | None) -> Iterator[Tried]:
    if settings.buzzer.pin is None:
        return
    from kiosk.station.buzzer import GpioBuzzer
    from kiosk.station.gpio import pins_for

    try:
        with contextlib.closing(GpioBuzzer(settings.buzzer, pins_for(settings.lights.kind))) as buzzer:
            buzzer.sound("done")
            yield _judged("buzzer", f"pin {settings.buzzer.pin}", asks, "Did the buzzer sound twice?")
    except LightsError as error:
        yield Tried("buzzer", False, str(error))


def _buttons(settings: Settings, *, asked: bool) -> Iterator[Tried]:
    from kiosk.station.buttons import take

    for name, pin in settings.buttons.pins.items():
        part = f"button {name}"
        try:
            from kiosk.station.gpio import pins_for

            with contextlib.closing(take(pin, pins_for(settings.lights.kind), settings.buttons.hold_s)) as button:
                if button.is_pressed:
                    yield Tried(part, False, f"pin {pin} reads pressed though nobody should press it: a short circuit?")
                elif not asked:
                    yield Tried(part, None, f"pin {pin} reads not pressed")
                else:
                    say(f"Press the button '{name}' (within {PRESS_S:g} s) ...")
                    ok = bool(button.wait_for_press(PRESS_S))
                    yield Tried(part, ok, f"pin {pin}" if ok else f"pin {pin}: no press came in {PRESS_S:g} s")
        except LightsError as error:
            yield Tried(part, False, str(error))
