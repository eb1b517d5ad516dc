"""LEDs on GPIO pins, through gpiozero: one RGB LED that can be dimmed, and up to three single ones."""

from __future__ import annotations

import fcntl
import os
import sys
import warnings
from collections import deque
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

from gpiozero import LED, RGBLED, Device
from gpiozero.exc import GPIOZeroError, GPIOZeroWarning, PinPWMUnsupported
from gpiozero.pins.mock import MockFactory, MockPWMPin

from kiosk.errors import LightsError
from kiosk.settings import LightsSettings
from kiosk.station.lights import PATTERNS
from kiosk.station.live import Lit

#: A mock pin remembers its changes; breathing makes 75 a second, and a demo may run for days.
_REMEMBERED = 2000

#: The labels of the chips that lead to the header: Pi 5, Pi 4, and those before.
HEADER_CHIPS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
#: GPIO_GET_CHIPINFO_IOCTL of linux/gpio.h: 32 bytes name, 32 bytes label, 4 bytes number of lines.
_CHIPINFO, _CHIPINFO_BYTES = 0x8044B401, 68

_MEND = (
    "On a Raspberry Pi install the system's package python3-lgpio and let the kiosk's user into the group gpio; "
    "on a machine without pins set lights.kind to 'none'."
)


def real_pins() -> Any:
    """Return gpiozero's factory for the pins of this machine. Raises LightsError where there is none.

    The chip that leads to the header is found by its label: its number changes with boards and kernels. Where none has
    such a label, or GPIOZERO_PIN_FACTORY names a library, gpiozero tries one library after the other; what each of them
    said is in the message.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", GPIOZeroWarning)
        try:
            chip = header_chip()
            if chip is not None and Device.pin_factory is None and not os.environ.get("GPIOZERO_PIN_FACTORY"):
                from gpiozero.pins.lgpio import LGPIOFactory

                Device.pin_factory = LGPIOFactory(chip=chip)
            Device.ensure_pin_factory()
        except (GPIOZeroError, OSError, ImportError, AttributeError, *errors_of_lgpio()) as error:
            reasons = "; ".join(_reason(str(warning.message)) for warning in said) or str(error)
            raise LightsError(f"The LEDs' pins cannot be reached ({reasons}). {_MEND}") from error
    return Device.pin_factory


def header_chip(devices: Path = Path("/dev")) -> int | None:
    """Return the number of the GPIO chip that leads to the header, None where no chip has the label of one."""
    for device in sorted(devices.glob("gpiochip*")):
        number = device.name.removeprefix("gpiochip")
        if number.isdecimal() and chip_label(device) in HEADER_CHIPS:
            return int(number)
    return None


def chip_label(device: Path) -> str | None:
    """Return what the kernel calls a GPIO chip; None for what is none, or may not be opened."""
    try:
        with device.open("rb") as chip:
            info = fcntl.ioctl(chip, _CHIPINFO, bytes(_CHIPINFO_BYTES))
    except OSError:
        return None
    return info[32:64].split(b"\0", 1)[0].decode("ascii", "replace")


def in_words(factory: Any) -> str:
    """Return what drives the pins: the factory of gpiozero, and the chip where there is one."""
    chip = getattr(factory, "chip", None)
    return f"GPIO pins through {type(factory).__name__}{'' if chip is None else f', chip {chip}'}"


def mock_pins() -> Any:
    """Return pins that exist only in memory, each remembering what it went through."""
    return MockFactory(pin_class=MockPWMPin)


def pins_for(kind: str) -> Any:
    """Return pins in memory for lights of the kind ``mock``, else those of this machine (LightsError without any)."""
    return mock_pins() if kind == "mock" else real_pins()


def _reason(warning: str) -> str:
    return warning.removeprefix("Falling back from ")


class GpioLights:
    """LEDs on the pins of one gpiozero factory."""

    def __init__(self, settings: LightsSettings, factory: Any) -> None:
        """Take the pins, all dark. Raises LightsError when one is wired twice, in use, or cannot be dimmed."""
        self._singles: dict[str, Any] = {}
        self.name = in_words(factory)
        with ExitStack() as taken:
            try:
                self._take(settings, factory, taken)
            except PinPWMUnsupported as error:
                raise LightsError(
                    f"The LEDs cannot be dimmed through {type(factory).__name__}, which only switches. {_MEND}"
                ) from error
            except (GPIOZeroError, OSError, *errors_of_lgpio()) as error:
                # lgpio's own error keeps its text in quotes.
                reason = str(error).strip("'\"")
                raise LightsError(
                    f"The LEDs cannot be driven: {reason}. Look at the pins in [lights], and whether another program "
                    "holds them."
                ) from error
            self._taken = taken.pop_all()
        self._lit = Lit("off", leds=tuple((name, False) for name in self._singles))

    def _take(self, settings: LightsSettings, factory: Any, taken: ExitStack) -> None:
        wiring = {"active_high": settings.active_high, "pin_factory": factory}
        self._rgb = RGBLED(settings.red, settings.green, settings.blue, **wiring)
        taken.callback(self._rgb.close)
        for name, pin in settings.single_leds.items():
            self._singles[name] = LED(pin, **wiring)
            taken.callback(self._singles[name].close)
        if isinstance(factory, MockFactory):
            for pin in factory.pins.values():
                pin.states = deque(pin.states, _REMEMBERED)

    @property
    def lit(self) -> Lit:
        """What is shown now: the pattern's colour at full strength, and the single LEDs."""
        return self._lit

    def show(self, pattern: str) -> None:
        """Show a pattern until the next call. The one that is shown already goes on without a jolt."""
        if pattern == self._lit.pattern:
            return
        what = PATTERNS[pattern]
        self._rgb.source = None  # waits for the thread of the last pattern, which ends at once
        if what.steady:
            self._rgb.value = what.shade(what.levels[0])
        else:
            self._rgb.source_delay = what.step_s
            self._rgb.source = cycle([what.shade(level) for level in what.levels])
        for name, led in self._singles.items():
            led.value = name == what.led
        leds = tuple((name, name == what.led) for name in self._singles)
        self._lit = Lit(pattern, what.colour, leds)

    def light(self, part: str) -> None:
        """Light one colour of the RGB LED or one single LED, and nothing else; by its name, any other word: nothing."""
        self.show("off")
        self._rgb.value = tuple(float(part == colour) for colour in ("red", "green", "blue"))
        for name, led in self._singles.items():
            led.value = name == part
        # Not one of the patterns: the next one that is shown begins afresh.
        self._lit = Lit("test")

    def close(self) -> None:
        """Switch everything off and let go of the pins. Harmless twice."""
        if self._rgb.closed:
            return
        self.show("off")
        self._taken.close()


def errors_of_lgpio() -> tuple[type[Exception], ...]:
    """Return lgpio's own error, which no class of gpiozero or Python covers, if lgpio is what drives the pins."""
    lgpio = sys.modules.get("lgpio")
    return (lgpio.error,) if lgpio is not None else ()
