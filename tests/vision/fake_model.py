"""An interpreter without a model: it gives what a test puts in, and remembers what it was shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.movement.pose import KEYPOINTS
from kiosk.vision.movenet import MoveNet


class FakeInterpreter:
    """Takes pictures of ``side`` pixels as ``dtype``; answers with ``found``, (17, 3) of y, x, score."""

    def __init__(
        self,
        side: int = 192,
        dtype: type = np.uint8,
        *,
        shape: tuple[int, ...] | None = None,
        points: int = KEYPOINTS,
        quantised: tuple[float, int] | None = None,
    ) -> None:
        self._input = {"index": 7, "shape": np.array(shape or (1, side, side, 3)), "dtype": dtype}
        self._output = {"index": 9, "shape": np.array((1, 1, points, 3)), "quantization": quantised or (0.0, 0)}
        self._quantised = quantised
        self.found = np.full((points, 3), 0.5)
        #: Called for each picture, where a test wants the answer to depend on it.
        self.answer: Callable[[np.ndarray], np.ndarray] | None = None
        self.shown: list[np.ndarray] = []

    def allocate_tensors(self) -> None: ...

    def get_input_details(self) -> list[dict[str, Any]]:
        return [self._input]

    def get_output_details(self) -> list[dict[str, Any]]:
        return [self._output]

    def set_tensor(self, index: int, data: np.ndarray) -> None:
        assert index == 7
        assert data.dtype == self._input["dtype"]
        assert data.shape == tuple(self._input["shape"])
        self.shown.append(data.copy())

    def invoke(self) -> None:
        if self.answer is not None:
            self.found = self.answer(self.shown[-1][0])

    def get_tensor(self, index: int) -> np.ndarray:
        assert index == 9
        raw = self.found[None, None]
        if self._quantised is None:
            return raw.astype(np.float32)
        scale, zero = self._quantised
        return np.round(raw / scale + zero).astype(np.uint8)


def movenet(monkeypatch: pytest.MonkeyPatch, interpreter: FakeInterpreter, *, crop: bool = True) -> MoveNet:
    monkeypatch.setattr("kiosk.vision.movenet.load_interpreter", lambda _path, _threads: interpreter)
    return MoveNet(Path("fake.tflite"), crop=crop)
