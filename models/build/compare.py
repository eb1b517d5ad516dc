"""Tell whether a rebuilt model is the shipped one, byte for byte or up to the rounding of a processor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

#: The calibration runs in float32, whose last bits depend on processor and library: a few units.
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Difference:
    """How a rebuilt model differs from the shipped one.

    ``scales`` counts the tensors whose quantisation scale differs, ``largest`` is the largest relative
    difference among them; ``other`` names the first thing that differs besides, and is empty where none does.
    """

    scales: int = 0
    largest: float = 0.0
    other: str = ""

    @property
    def none(self) -> bool:
        """Tell whether the two are the same."""
        return not self.scales and not self.other

    @property
    def only_rounding(self) -> bool:
        """Tell whether all weights are the same and the scales differ in their last bits only."""
        return not self.other and self.largest <= ROUNDING


def compare(built: bytes, shipped: bytes) -> Difference:
    """Return how two TFLite files differ."""
    if built == shipped:
        return Difference()
    ours, theirs = (schema.ModelT.InitFromPackedBuf(data, 0) for data in (built, shipped))
    our_tensors, their_tensors = ours.subgraphs[0].tensors, theirs.subgraphs[0].tensors
    if [tensor.name for tensor in our_tensors] != [tensor.name for tensor in their_tensors]:
        return Difference(other="the tensors")
    if _operators(ours) != _operators(theirs):
        return Difference(other="the operators")
    scales, largest = 0, 0.0
    for our, their in zip(our_tensors, their_tensors, strict=True):
        name = our.name.decode()
        if not np.array_equal(_data(ours, our), _data(theirs, their)):
            return Difference(scales, largest, f"the values of {name}")
        if not np.array_equal(_field(our, "zeroPoint"), _field(their, "zeroPoint")):
            return Difference(scales, largest, f"the zero point of {name}")
        our_scale, their_scale = _field(our, "scale"), _field(their, "scale")
        if our_scale.shape != their_scale.shape:
            return Difference(scales, largest, f"the quantisation of {name}")
        if not np.array_equal(our_scale, their_scale):
            scales += 1
            largest = max(largest, float(np.max(np.abs(our_scale / their_scale - 1))))
    if not scales:
        return Difference(other="the layout of the file")
    return Difference(scales, largest)


def _operators(model: Any) -> list[tuple[int, list[int], list[int], dict[str, Any]]]:
    codes = [code.builtinCode for code in model.operatorCodes]
    return [
        (codes[entry.opcodeIndex], list(entry.inputs), list(entry.outputs), _options(entry))
        for entry in model.subgraphs[0].operators
    ]


def _options(operator: Any) -> dict[str, Any]:
    if operator.builtinOptions is None:
        return {}
    return {key: np.asarray(value).tolist() for key, value in vars(operator.builtinOptions).items()}


def _data(model: Any, tensor: Any) -> Any:
    data = model.buffers[tensor.buffer].data
    return np.zeros(0, np.uint8) if data is None else data


def _field(tensor: Any, name: str) -> Any:
    values = None if tensor.quantization is None else getattr(tensor.quantization, name)
    return np.zeros(0) if values is None else np.asarray(values, np.float64)
