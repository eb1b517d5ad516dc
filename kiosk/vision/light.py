"""Whether a picture is too dark to see anybody in it: measured on a coarse grid, in microseconds."""

from __future__ import annotations

import math

from kiosk.vision.camera import Image

#: Below this mean brightness (0 black to 255 white) a picture is dark, and from the second one on it is light again.
#: The darkest of the labelled clips and the rendered people, in all of which the model follows the person, has 35.
DARK_BELOW, LIGHT_FROM = 22.0, 30.0
#: For so long a picture must be dark, or light, to count as such: a hand on the lens, a flash, a camera that adapts.
SETTLED_S = 1.0
#: A room does not darken faster than this: looking at each frame would cost 0.07 ms of it.
_EVERY_S = 0.2
#: Every so manieth pixel is looked at, both ways.
_GRID = 16


def brightness(image: Image) -> float:
    """Return the mean luma of a picture (height, width, 3) of blue, green, red: 0 black to 255 white."""
    blue, green, red = image[::_GRID, ::_GRID].reshape(-1, 3).mean(axis=0)
    return float(0.114 * blue + 0.587 * green + 0.299 * red)


class LightMeter:
    """Tells from picture after picture whether it is dark, without flicker. ``dark`` is the newest answer."""

    def __init__(self) -> None:
        self.dark = False
        self._against_s = math.nan
        self._looked_s = -math.inf

    def update(self, image: Image, t_s: float) -> bool:
        """Take in the picture of a moment; returns whether it is dark."""
        if 0 <= t_s - self._looked_s < _EVERY_S:
            return self.dark
        self._looked_s = t_s
        seen = brightness(image)
        if seen >= DARK_BELOW if not self.dark else seen < LIGHT_FROM:
            self._against_s = math.nan
        elif math.isnan(self._against_s):
            self._against_s = t_s
        elif t_s - self._against_s >= SETTLED_S:
            self.dark, self._against_s = not self.dark, math.nan
        return self.dark
