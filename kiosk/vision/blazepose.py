"""BlazePose behind one class: a picture of one person goes in; feet and an outline come out.

It needs no detector, because MoveNet's keypoints say where the person is (`kiosk.vision.close_up`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.movement.pose import FloatArray
from kiosk.vision.camera import Image
from kiosk.vision.movenet import load_interpreter

SIDE_PX = 256
#: Its 33 points come with six more that place the next square; those are not used.
POINTS, _ROWS = 33, 39
#: Where its own numbering has the counterparts of MoveNet's hips, knees and ankles (left, right, left, ...).
LEGS = (23, 24, 25, 26, 27, 28)
#: Left heel, right heel, left foot index, right foot index.
FEET = (29, 30, 31, 32)
_SHAPES = {"points": (1, _ROWS * 5), "presence": (1, 1), "mask": (1, SIDE_PX, SIDE_PX, 1)}


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """What BlazePose saw in its square.

    ``xy`` is (33, 2) in pixels of the square, ``visibility`` (33,) from 0 to 1, ``presence`` from 0 to 1 whether a
    person is there at all, ``mask`` (256, 256) above 0 where it sees the person.
    """

    xy: FloatArray
    visibility: FloatArray
    presence: float
    mask: NDArray[np.float32]


class BlazePose:
    """The landmark model of BlazePose, for one square at a time."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._interpreter = load_interpreter(path, threads)
        self._input = self._interpreter.get_input_details()[0]
        given = {tuple(int(n) for n in out["shape"]): out["index"] for out in self._interpreter.get_output_details()}
        takes = tuple(int(n) for n in self._input["shape"])
        if takes != (1, SIDE_PX, SIDE_PX, 3) or not set(_SHAPES.values()) <= set(given):
            raise ModelError(f"{path} is not a BlazePose landmark model: it takes {takes}.")
        self._outputs = {name: given[shape] for name, shape in _SHAPES.items()}

    def infer(self, square: Image) -> Body:
        """Run the model on an RGB square (256, 256, 3)."""
        self._interpreter.set_tensor(self._input["index"], square[None].astype(np.float32) / 255)
        self._interpreter.invoke()
        points = self._get("points").reshape(_ROWS, 5)[:POINTS].astype(np.float64)
        return Body(
            xy=points[:, :2],
            visibility=1 / (1 + np.exp(-points[:, 3])),
            presence=float(self._get("presence")[0, 0]),
            mask=self._get("mask")[0, :, :, 0].copy(),
        )

    def _get(self, name: str) -> NDArray[np.float32]:
        tensor: NDArray[np.float32] = self._interpreter.get_tensor(self._outputs[name])
        return tensor
