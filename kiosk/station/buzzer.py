"""The buzzer: a short tone for a rep, two for a result, a long one for trouble, three before the machine shuts down."""

from __future__ import annotations

from typing import Any, Protocol

from kiosk.errors import LightsError
from kiosk.settings import BuzzerSettings

#: A sound is a row of steps of this length: 1 sounds, 0 is silent.
STEP_S = 0.06
#: Every sound by its name. Each ends silent.
SOUNDS = {
    "rep": (1, 0),
    "done": (1, 1, 0, 0, 1, 1, 0),
    "trouble": (1,) * 16 + (0,),
    "goodbye": (1, 1, 1, 0, 0, 0) * 3,
}
#: What a buzzer that must be given a tone is given, in Hz: where small ones are loudest.
TONE_HZ = 2400.0


class Buzzer(Protocol):
    """Something that plays the sounds of `SOUNDS`."""

    def sound(self, name: str) -> None:
        """Begin to play a sound; one that is not over gives way."""

    def close(self) -> None:
        """Be silent and let go of the pin. Harmless twice."""


class NoBuzzer:
    """No buzzer is wired, or the wired one cannot be driven."""

    def sound(self, name: str) -> None:
        """Play nothing."""

    def close(self) -> None:
        """Do nothing."""


class GpioBuzzer:
    """A buzzer on a pin of a gpiozero factory."""

    def __init__(self, settings: BuzzerSettings, factory: Any) -> None:
        """Take the pin, silent. Raises LightsError when it is in use or cannot be driven."""
        from gpiozero import Buzzer, TonalBuzzer
        from gpiozero.exc import GPIOZeroError
        from gpiozero.tones import Tone

        from kiosk.station.gpio import errors_of_lgpio

        try:
            if settings.tonal:
                self._device: Any = TonalBuzzer(settings.pin, mid_tone=Tone(TONE_HZ), pin_factory=factory)
                self._levels: dict[int, float | None] = {1: 0.0, 0: None}  # 0: its middle tone; None: silence
            else:
                self._device = Buzzer(settings.pin, pin_factory=factory)
                self._levels = {1: 1.0, 0: 0.0}
        except (GPIOZeroError, OSError, *errors_of_lgpio()) as error:
            reason = str(error).strip("'\"")
            raise LightsError(
                f"The buzzer on pin {settings.pin} cannot be driven: {reason}. Look at buzzer.pin, and whether another "
                "program holds it."
            ) from error
        self._device.source_delay = STEP_S

    def sound(self, name: str) -> None:
        """Begin to play a sound; one that is not over gives way."""
        self._device.source = None  # waits for the thread of the last sound, which ends at once
        self._device.source = [self._levels[step] for step in SOUNDS[name]]

    def close(self) -> None:
        """Be silent and let go of the pin. Harmless twice."""
        if not self._device.closed:
            self._device.source = None
            self._device.value = self._levels[0]
            self._device.close()
