"""What a cheap camera makes of a clean picture: blur, exposure, mains flicker, colour cast and noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.movement.pose import FloatArray
from kiosk.vision.camera import Image

#: Noise in the blackest parts against noise in white; the square root of the light leads from one to the other.
_DARK_NOISE, _BRIGHT_NOISE = 1.5, 0.5
#: The noise is drawn once per seed, and each frame cuts its own piece from it: so much larger than a picture, pixels.
_NOISE_MARGIN_PX = 160
#: Noise is stored in so many steps per standard deviation.
_NOISE_STEPS = 32
#: Steps of strength: an eighth of a grey value, so that strengths below 32 fit eight bits.
_STRENGTH_STEPS = 8


@dataclass(frozen=True)
class Sensor:
    """How one camera exposes; the same seed and time always give the same picture.

    blur_px: standard deviation of a soft lens. noise: standard deviation in mid-grey, steps of 255; half as much more
    in the dark. exposure: factor of light; gamma: 1 as drawn, more lifts the dark. cast: factors of blue, green, red.
    flicker: how far lamps on the mains swing about their mean (0.1 is a tenth up and down), at twice `mains_hz`;
    readout_s: how long the rows of one picture take, which turns the swing into bands; 0 exposes them together.
    """

    blur_px: float = 0.0
    noise: float = 1.5
    exposure: float = 1.0
    gamma: float = 1.0
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    flicker: float = 0.0
    mains_hz: float = 50.0
    readout_s: float = 0.0
    seed: int = 0

    def expose(self, image: Image, t_s: float, *during: Image) -> Image:
        """Return the picture (height, width, 3) BGR as this camera takes it at ``t_s``.

        ``during``: what the same scene looks like at other moments while the shutter is open; all are averaged,
        which is motion blur.
        """
        if during:
            image = _mean_image((image, *during))
        if self.blur_px > 0:
            image = cv2.GaussianBlur(image, (0, 0), self.blur_px).astype(np.uint8, copy=False)
        image = self._developed(image, t_s)
        return self._noisy(image, t_s) if self.noise > 0 else image

    def brightness(self, t_s: float, rows: int) -> FloatArray:
        """Return the factor of light that each row (rows,) of the picture at ``t_s`` gets from the lamps."""
        when = t_s + np.arange(rows) / rows * self.readout_s
        # The swing starts anywhere: the camera does not know of the mains.
        start = np.random.default_rng(self.seed).uniform(0, 2 * math.pi)
        return 1 + self.flicker * np.sin(2 * math.pi * 2 * self.mains_hz * when + start)

    def _developed(self, image: Image, t_s: float) -> Image:
        rows = self.brightness(t_s, len(image))
        if self.readout_s > 0:
            lit = np.clip(image * rows[:, None, None].astype(np.float32), 0, 255).astype(np.uint8)
            gain = self.exposure
        else:
            lit, gain = image, self.exposure * float(rows[0])
        if gain == 1.0 and self.gamma == 1.0 and self.cast == (1.0, 1.0, 1.0):
            return lit.copy()
        light = np.arange(256)[:, None] / 255 * gain * np.array(self.cast)
        table = np.round(255 * np.clip(light, 0, 1) ** (1 / self.gamma)).astype(np.uint8)
        return cv2.LUT(lit, table[:, None, :]).astype(np.uint8, copy=False)

    def _noisy(self, image: Image, t_s: float) -> Image:
        height, width = image.shape[:2]
        # Whole microseconds: a time that went through a file still finds the same noise.
        piece = np.random.default_rng((self.seed, round(t_s * 1e6) & 0xFFFFFFFF))
        top, left = piece.integers(0, _NOISE_MARGIN_PX, 2)
        field = _noise_field(self.seed, height, width)[top : top + height, left : left + width]
        level = np.arange(256) / 255
        strength = self.noise * (_DARK_NOISE + (_BRIGHT_NOISE - _DARK_NOISE) * np.sqrt(level))
        steps = np.round(np.minimum(strength * _STRENGTH_STEPS, 255)).astype(np.uint8)
        swing = cv2.multiply(field, cv2.LUT(image, steps), dtype=cv2.CV_16S, scale=1 / (_NOISE_STEPS * _STRENGTH_STEPS))
        return cv2.add(image, swing, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def _mean_image(images: tuple[Image, ...]) -> Image:
    total = np.zeros(images[0].shape, np.float32)
    for image in images:
        total += image
    return np.round(total / len(images)).astype(np.uint8)


@lru_cache(maxsize=2)
def _noise_field(seed: int, height: int, width: int) -> NDArray[np.int16]:
    """Return unit noise (height and width with their margin, 3) in `_NOISE_STEPS`, a little soft as sensors make it."""
    shape = (height + _NOISE_MARGIN_PX, width + _NOISE_MARGIN_PX, 3)
    grains = np.random.default_rng(seed).standard_normal(shape, np.float32)
    soft = cv2.GaussianBlur(grains, (0, 0), 0.6)
    field: NDArray[np.int16] = np.round(soft / soft.std() * _NOISE_STEPS).astype(np.int16)
    return field
