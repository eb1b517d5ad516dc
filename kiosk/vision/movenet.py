"""MoveNet behind one class: a picture goes in, a `Pose` comes out.

The model's normalised (y, x, score) becomes pixels here and nowhere else.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from kiosk.errors import ModelError
from kiosk.movement.pose import KEYPOINTS, SEEN_SCORE, FloatArray, Pose
from kiosk.vision.camera import Image
from kiosk.vision.crop import Square, next_square, whole_picture

#: Tried in this order: the successor first, the old runtime where only that has a wheel (32-bit Pi OS).
RUNTIMES = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter")


class PoseEstimator(Protocol):
    """Anything that turns pictures of one source, in order, into poses."""

    def estimate(self, image: Image, t_s: float) -> Pose:
        """Return the pose in a BGR picture (height, width, 3) taken at ``t_s``; all NaN where nobody was seen."""

    def reset(self) -> None:
        """Forget where the person was: the next picture may show anybody anywhere."""


def load_interpreter(path: Path, threads: int) -> Any:
    """Return an allocated interpreter for a verified model file.

    Raises `ModelError` where no runtime is installed, or where the file is no model that it can run.
    """
    for name in RUNTIMES:
        try:
            runtime = importlib.import_module(name)
        except ImportError:
            continue
        try:
            interpreter = runtime.Interpreter(model_path=str(path), num_threads=threads)
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{path} cannot be run by {name.partition('.')[0]}: {error}") from error
        return interpreter
    raise ModelError(
        "No TFLite runtime is installed. Install ai-edge-litert, or on a 32-bit Raspberry Pi OS "
        "the extra plumbline-kiosk[tflite]."
    )


class MoveNet:
    """A MoveNet single-pose model that follows one person from picture to picture.

    ``crop=False`` always looks at the whole picture; it is there to measure what the crop gains.
    """

    def __init__(self, path: Path, *, threads: int = 1, crop: bool = True) -> None:
        self._interpreter = load_interpreter(path, threads)
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]
        shape = tuple(int(n) for n in self._input["shape"])
        if len(shape) != 4 or shape[1] != shape[2] or shape[3] != 3 or int(np.prod(self._output["shape"])) != 51:
            raise ModelError(f"{path} is not a MoveNet single-pose model: it takes {shape}.")
        self.side_px = shape[1]
        self._canvas: Image = np.zeros((self.side_px, self.side_px, 3), np.uint8)
        self._crop = crop
        self._square: Square | None = None

    def reset(self) -> None:
        """Look at the whole picture next."""
        self._square = None

    def follow(self, square: Square | None) -> None:
        """Look at this square next instead of the one that the last pose suggests."""
        self._square = square

    @property
    def square(self) -> Square | None:
        """The square that the next picture will be looked at in; None is the whole picture."""
        return self._square

    def estimate(self, image: Image, t_s: float) -> Pose:
        """Return the pose in a BGR picture (height, width, 3) taken at ``t_s``."""
        size_px = (image.shape[1], image.shape[0])
        square = self._square or whole_picture(size_px)
        found = self.infer(self.look(image, square))
        xy = found[:, 1::-1] * square.side + (square.left, square.top)
        score = found[:, 2].copy()
        self._square = next_square(xy.tolist(), score.tolist(), size_px) if self._crop else None
        xy[score < SEEN_SCORE] = np.nan
        return Pose(xy, score, t_s, size_px)

    def infer(self, square: Image) -> FloatArray:
        """Run the bare model on an RGB square (side_px, side_px, 3); returns (17, 3) of y, x, score, 0 to 1."""
        data = square[None].astype(self._input["dtype"], copy=False)
        self._interpreter.set_tensor(self._input["index"], data)
        self._interpreter.invoke()
        raw = self._interpreter.get_tensor(self._output["index"])
        if raw.dtype != np.float32:
            scale, zero = self._output["quantization"]
            raw = (raw.astype(np.float64) - zero) * scale
        return np.asarray(raw, np.float64).reshape(KEYPOINTS, 3)

    def look(self, image: Image, square: Square) -> Image:
        """Return the square as the model wants it; what lies outside the picture is black.

        The canvas is the model's own and is overwritten by the next call. Linear interpolation: area averaging
        costs forty times as much and moves keypoints by 0.3 % (DESIGN 6, measured).
        """
        height, width = image.shape[:2]
        size = (self.side_px, self.side_px)
        right, bottom = square.left + square.side, square.top + square.side
        if square.left >= 0 and square.top >= 0 and right <= width and bottom <= height:
            part = image[square.top : bottom, square.left : right]
            cv2.resize(part, size, dst=self._canvas, interpolation=cv2.INTER_LINEAR)
        else:
            # Twice as slow as resizing, but exact where the square reaches beyond the picture: rounding the
            # picture's edge to the model's pixels would shake the keypoints by 2 % of a torso.
            scale = self.side_px / square.side
            shift_x, shift_y = ((0.5 - low) * scale - 0.5 for low in (square.left, square.top))
            warp = np.array([[scale, 0.0, shift_x], [0.0, scale, shift_y]])
            cv2.warpAffine(image, warp, size, dst=self._canvas, flags=cv2.INTER_LINEAR)
        cv2.cvtColor(self._canvas, cv2.COLOR_BGR2RGB, dst=self._canvas)
        return self._canvas
