"""How a camera is to take its pictures in a gym: no flicker from lamps, no frame rate that falls in the evening.

Lamps on alternating current flicker at twice the mains' frequency. A picture that is exposed for a whole number of
these flickers, 10 ms each at 50 Hz, shows none. Left alone, most cameras halve their frame rate in dim light, which
loses the fast part of a movement; here the rate stays and the picture gets noisier instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.vision.v4l2_kernel import Node, PictureFormat

#: Numbers of controls in ``linux/v4l2-controls.h``, and the values that are used of their menus.
POWER_LINE_FREQUENCY = 0x00980918
EXPOSURE_AUTO, EXPOSURE_ABSOLUTE, EXPOSURE_AUTO_PRIORITY = 0x009A0901, 0x009A0902, 0x009A0903
_MAINS = {50: 1, 60: 2}
_MANUAL, _APERTURE_PRIORITY = 1, 3
#: EXPOSURE_ABSOLUTE counts in tenths of a millisecond.
_STEPS_PER_MS = 10
#: A rate that is stated may be a little below the one asked for (29.97 for 30).
_NEARLY = 0.95
JPEG, RAW = "MJPG", "YUYV"

SHARP = "sharp"


@dataclass(frozen=True, slots=True)
class Exposure:
    """How pictures are exposed: ``mains_hz`` 50 or 60; ``time`` "auto", "sharp" or milliseconds."""

    mains_hz: int = 50
    time: str | float = "auto"

    @property
    def time_ms(self) -> float | None:
        """Milliseconds that each picture is exposed; None where the camera is to choose.

        Sharp is one flicker of the lamps, the shortest time that does not show it.
        """
        if isinstance(self.time, float | int):
            return float(self.time)
        return 1000 / (2 * self.mains_hz) if self.time == SHARP else None


#: The camera chooses, without flicker at 50 Hz.
ALONE = Exposure()


def expose(node: Node, exposure: Exposure) -> tuple[str, ...]:
    """Set up a USB camera and return the names of what it did not take. Cameras differ: that is no error."""
    refused = []
    if not node.set(POWER_LINE_FREQUENCY, _MAINS[exposure.mains_hz]):
        refused.append("power_line_frequency")
    if exposure.time_ms is None:
        # The order counts: some cameras know the second one only while the first one is automatic.
        if not node.set(EXPOSURE_AUTO, _APERTURE_PRIORITY):
            refused.append("auto_exposure")
        if not node.set(EXPOSURE_AUTO_PRIORITY, 0):
            refused.append("exposure_dynamic_framerate")
    elif not (
        node.set(EXPOSURE_AUTO, _MANUAL) and node.set(EXPOSURE_ABSOLUTE, round(exposure.time_ms * _STEPS_PER_MS))
    ):
        refused.append("exposure_time_absolute")
    return tuple(refused)


def best_format(formats: tuple[PictureFormat, ...], size_px: tuple[int, int], fps: float) -> str:
    """Return the pixel format to ask for: raw where it is fast enough at this size, else JPEG.

    Raw pictures have no blocks around a moving arm and need not be decoded, but a USB 2 port carries only about
    640x480 of them at 30 frames/s. Where the camera does not list its formats it is JPEG, which nearly all have.
    """
    rates = {one.fourcc: one.fps for one in formats if one.size_px == size_px}
    if rates.get(RAW, 0.0) >= _NEARLY * fps:
        return RAW
    only_raw = bool(formats) and not any(one.fourcc == JPEG for one in formats)
    return RAW if only_raw and any(one.fourcc == RAW for one in formats) else JPEG
