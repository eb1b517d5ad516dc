"""How a rebuilt model is compared with the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from models.build.compare import ROUNDING, Difference, compare

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "movenet_lightning_int8.tflite"


@pytest.fixture(scope="module")
def shipped() -> bytes:
    return SHIPPED.read_bytes()


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    """Return a model after a change to its tables."""
    model = schema.ModelT.InitFromPackedBuf(data, 0)
    change(model)
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def quantised(model: Any) -> Any:
    """The first tensor with a single quantisation scale."""
    tensors = model.subgraphs[0].tensors
    return next(
        tensor.quantization
        for tensor in tensors
        if tensor.quantization is not None
        and tensor.quantization.scale is not None
        and len(tensor.quantization.scale) == 1
    )


def scaled(factor: float) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        found = quantised(model)
        found.scale = [found.scale[0] * factor]

    return change


def test_the_same_bytes_do_not_differ(shipped: bytes) -> None:
    difference = compare(shipped, shipped)
    assert difference.none
    assert difference.only_rounding


def test_a_scale_in_its_last_bits_is_rounding(shipped: bytes) -> None:
    difference = compare(changed(shipped, scaled(1 + 3e-7)), shipped)
    assert difference.scales == 1
    assert 0 < difference.largest < ROUNDING
    assert difference.only_rounding
    assert not difference.none


def test_a_scale_that_differs_by_more_is_not(shipped: bytes) -> None:
    difference = compare(changed(shipped, scaled(1.001)), shipped)
    assert difference.largest == pytest.approx(0.001, rel=0.01)
    assert not difference.only_rounding


def test_more_scales_for_a_tensor_are_another_model(shipped: bytes) -> None:
    def change(model: Any) -> None:
        found = quantised(model)
        found.scale = [found.scale[0]] * 2

    assert compare(changed(shipped, change), shipped).other.startswith("the quantisation of ")


def test_another_zero_point_is_another_model(shipped: bytes) -> None:
    def change(model: Any) -> None:
        quantised(model).zeroPoint = [77]

    difference = compare(changed(shipped, change), shipped)
    assert difference.other.startswith("the zero point of ")
    assert not difference.only_rounding


def test_one_changed_weight_is_another_model(shipped: bytes) -> None:
    def change(model: Any) -> None:
        buffer = max((one for one in model.buffers if one.data is not None), key=lambda one: len(one.data))
        buffer.data = np.array(buffer.data)
        buffer.data[0] ^= 1

    assert compare(changed(shipped, change), shipped).other.startswith("the values of ")


def test_another_name_is_another_model(shipped: bytes) -> None:
    def change(model: Any) -> None:
        model.subgraphs[0].tensors[0].name = b"other"

    assert compare(changed(shipped, change), shipped) == Difference(other="the tensors")


def test_another_option_of_an_operator_is_another_model(shipped: bytes) -> None:
    def change(model: Any) -> None:
        options = (one.builtinOptions for one in model.subgraphs[0].operators)
        next(one for one in options if hasattr(one, "strideW")).strideW = 3

    assert compare(changed(shipped, change), shipped) == Difference(other="the operators")


def test_the_same_model_in_other_bytes_is_said(shipped: bytes) -> None:
    def change(model: Any) -> None:
        model.description = b"something else"

    difference = compare(changed(shipped, change), shipped)
    assert difference == Difference(other="the layout of the file")
    assert not difference.only_rounding
