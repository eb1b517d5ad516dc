"""The converter, on graphs of a few nodes run by the real interpreter against numpy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from models.build.convert import convert
from models.build.graph import BuildError, load_graph

Array = NDArray[Any]
Picture = NDArray[np.uint8]


def run(path: Path, picture: Picture, **options: Any) -> Array:
    """Convert a graph and run it on one picture."""
    interpreter = Interpreter(model_content=convert(load_graph(path), **options))
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    interpreter.set_tensor(given["index"], picture.astype(given["dtype"]))
    interpreter.invoke()
    result: Array = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return result


def convolved(picture: Array, kernel: Array, stride: int) -> Array:
    """Return a convolution without padding, (H, W, C) with (h, w, C, O), the slow and plain way."""
    height, width, _, channels = kernel.shape
    rows = range(0, picture.shape[0] - height + 1, stride)
    columns = range(0, picture.shape[1] - width + 1, stride)
    result = np.zeros((len(rows), len(columns), channels))
    for i, y in enumerate(rows):
        for j, x in enumerate(columns):
            result[i, j] = np.tensordot(picture[y : y + height, x : x + width], kernel, 3)
    return result


@pytest.fixture
def picture(random: np.random.Generator) -> Picture:
    return random.integers(0, 256, (1, 6, 8, 3)).astype(np.uint8)


class TestNetwork:
    @pytest.mark.parametrize("half", [True, False])
    @pytest.mark.parametrize("stride", [1, 2])
    def test_a_convolution_with_bias_and_relu6(
        self, tiny: Any, random: np.random.Generator, picture: Picture, half: bool, stride: int
    ) -> None:
        kernel = random.normal(0, 0.01, (3, 3, 3, 4)).astype(np.float16)
        bias = np.array([0.5, -1.0, 2.0, 0.0], np.float16)
        inputs = [tiny.picture(1, 6, 8, 3), tiny.constant("kernel", kernel), tiny.constant("bias", bias)]
        tiny.convolution("conv", inputs, stride=stride, padding="VALID", fused=("BiasAdd", "Relu6"))
        result = run(tiny.output("conv"), picture, half=half)
        expected = convolved(picture[0].astype(float), kernel.astype(float), stride) + bias
        assert result[0] == pytest.approx(np.clip(expected, 0, 6), abs=1e-4)

    def test_same_padding_keeps_the_size(self, tiny: Any, random: np.random.Generator, picture: Picture) -> None:
        kernel = random.normal(0, 0.01, (3, 3, 3, 2)).astype(np.float32)
        inputs = [tiny.picture(1, 6, 8, 3), tiny.constant("kernel", kernel)]
        inputs.append(tiny.constant("bias", np.zeros(2, np.float32)))
        result = run(tiny.output(tiny.convolution("conv", inputs)), picture)
        padded = np.pad(picture[0].astype(float), ((1, 1), (1, 1), (0, 0)))
        assert result[0] == pytest.approx(convolved(padded, kernel.astype(float), 1), abs=1e-4)

    def test_a_depthwise_convolution_without_bias(
        self, tiny: Any, random: np.random.Generator, picture: Picture
    ) -> None:
        kernel = random.normal(0, 0.01, (3, 3, 3, 1)).astype(np.float16)
        inputs = [tiny.picture(1, 6, 8, 3), tiny.constant("kernel", kernel)]
        tiny.convolution("conv", inputs, op="DepthwiseConv2dNative", padding="VALID", fused=())
        result = run(tiny.output("conv"), picture)
        for channel in range(3):
            one = picture[0, :, :, channel : channel + 1].astype(float)
            expected = convolved(one, kernel[:, :, channel : channel + 1].astype(float), 1)
            assert result[0, :, :, channel] == pytest.approx(expected[:, :, 0], abs=1e-4)

    def test_a_bilinear_resize_doubles_the_size(self, tiny: Any, picture: Picture) -> None:
        size = tiny.constant("size", np.array([12, 16], np.int32))
        given = tiny.picture(1, 6, 8, 3)
        tiny.node("big", "ResizeBilinear", [given, size], align_corners={"b": False}, half_pixel_centers={"b": True})
        result = run(tiny.output("big"), picture)
        assert result.shape == (1, 12, 16, 3)
        # With half-pixel centres the corner stays and its neighbour lies a quarter of the way.
        first, second = picture[0, 0, 0].astype(float), picture[0, 0, 1].astype(float)
        assert result[0, 0, 0] == pytest.approx(first)
        assert result[0, 0, 1] == pytest.approx(0.75 * first + 0.25 * second)


class TestArithmetic:
    @pytest.mark.parametrize(
        ("op", "expected"),
        [
            ("AddV2", lambda x: x + 3),
            ("Sub", lambda x: x - 3),
            ("Mul", lambda x: x * 3),
            ("RealDiv", lambda x: x / 3),
            ("FloorDiv", lambda x: x // 3),
            ("SquaredDifference", lambda x: (x - 3) ** 2),
        ],
    )
    def test_two_operands(self, tiny: Any, picture: Picture, op: str, expected: Callable[[Any], Any]) -> None:
        three = tiny.constant("three", np.full((1, 1, 1, 3), 3, np.float16))
        result = run(tiny.output(tiny.node("sum", op, [tiny.picture(1, 6, 8, 3), three])), picture)
        assert result == pytest.approx(expected(picture.astype(np.float32)), rel=1e-6)

    @pytest.mark.parametrize(("op", "expected"), [("Sqrt", np.sqrt), ("Sigmoid", lambda x: 1 / (1 + np.exp(-x)))])
    def test_one_operand(self, tiny: Any, picture: Picture, op: str, expected: Callable[[Any], Any]) -> None:
        result = run(tiny.output(tiny.node("root", op, [tiny.picture(1, 6, 8, 3)])), picture)
        assert result == pytest.approx(expected(picture.astype(np.float32)), rel=1e-5)

    def test_the_place_of_the_largest_value(self, tiny: Any, picture: Picture) -> None:
        axis = tiny.constant("axis", np.array(3, np.int32))
        result = run(tiny.output(tiny.node("best", "ArgMax", [tiny.picture(1, 6, 8, 3), axis])), picture)
        assert result.dtype == np.int32
        assert np.array_equal(result, picture.argmax(3))

    def test_values_at_given_places(self, tiny: Any, picture: Picture) -> None:
        places = tiny.constant("places", np.array([[0, 1, 2], [0, 5, 7]], np.int32))
        given = tiny.picture(1, 6, 8, 3)
        result = run(tiny.output(tiny.node("found", "GatherNd", [given, places])), picture)
        assert np.array_equal(result, [picture[0, 1, 2], picture[0, 5, 7]])


class TestShapes:
    def test_a_side_of_minus_one_takes_what_is_left(self, tiny: Any, picture: Picture) -> None:
        shape = tiny.constant("shape", np.array([-1, 4], np.int32))
        result = run(tiny.output(tiny.node("flat", "Reshape", [tiny.picture(1, 6, 8, 3), shape])), picture)
        assert np.array_equal(result, picture.reshape(-1, 4))

    def test_reshapes_that_cancel_out_leave_nothing_behind(self, tiny: Any, picture: Picture) -> None:
        axis = tiny.constant("axis", np.array(0, np.int32))
        wide = tiny.node("wide", "ExpandDims", [tiny.picture(1, 6, 8, 3), axis])
        narrow = tiny.node("narrow", "Squeeze", [wide], squeeze_dims={"list": {"i": ["0"]}})
        path = tiny.output(tiny.node("root", "Sqrt", [narrow]))
        assert operator_codes(path) == [schema.BuiltinOperator.CAST, schema.BuiltinOperator.SQRT]
        assert run(path, picture) == pytest.approx(np.sqrt(picture.astype(np.float32)))

    def test_an_axis_may_count_from_the_end(self, tiny: Any, picture: Picture) -> None:
        axis = tiny.constant("axis", np.array(-1, np.int32))
        wide = tiny.node("wide", "ExpandDims", [tiny.picture(1, 6, 8, 3), axis])
        assert run(tiny.output(wide), picture).shape == (1, 6, 8, 3, 1)

    def test_unpacking_and_packing_in_another_order(self, tiny: Any, picture: Picture) -> None:
        given = tiny.picture(1, 6, 8, 3)
        tiny.node("parts", "Unpack", [given], axis={"i": "3"}, num={"i": "3"})
        packed = tiny.node("packed", "Pack", ["parts:2", "parts:0", "parts:1"], axis={"i": "3"})
        assert np.array_equal(run(tiny.output(packed), picture), picture[..., [2, 0, 1]])

    def test_unpacking_a_single_part_only_drops_the_axis(self, tiny: Any, picture: Picture) -> None:
        given = tiny.picture(1, 6, 8, 3)
        part = tiny.node("part", "Unpack", [given], axis={}, num={"i": "1"})
        assert np.array_equal(run(tiny.output(part), picture), picture[0])

    def test_joining_along_the_last_axis(self, tiny: Any, picture: Picture) -> None:
        given = tiny.picture(1, 6, 8, 3)
        axis = tiny.constant("axis", np.array(-1, np.int32))
        root = tiny.node("root", "Sqrt", [given])
        result = run(tiny.output(tiny.node("joined", "ConcatV2", [given, root, axis])), picture)
        plain = picture.astype(np.float32)
        assert result == pytest.approx(np.concatenate([plain, np.sqrt(plain)], -1))

    def test_a_cast_there_and_back(self, tiny: Any, picture: Picture) -> None:
        root = tiny.node("root", "Sqrt", [tiny.picture(1, 6, 8, 3)])
        whole = tiny.cast("whole", root, "DT_INT32")
        assert np.array_equal(run(tiny.output(whole), picture), np.sqrt(picture).astype(np.int32))

    def test_a_cast_to_the_same_type_is_nothing(self, tiny: Any) -> None:
        again = tiny.cast("again", tiny.picture(1, 2))
        assert operator_codes(tiny.output(again)) == [schema.BuiltinOperator.CAST]


def model_of(path: Path, **options: Any) -> Any:
    return schema.ModelT.InitFromPackedBuf(convert(load_graph(path), **options), 0)


def operator_codes(path: Path) -> list[int]:
    model = model_of(path)
    codes = [code.builtinCode for code in model.operatorCodes]
    return [codes[operator.opcodeIndex] for operator in model.subgraphs[0].operators]


class TestFile:
    def test_the_same_graph_gives_the_same_bytes(self, tiny: Any) -> None:
        path = tiny.output(tiny.picture(1, 2))
        data = convert(load_graph(path))
        assert data == convert(load_graph(path))
        assert data[4:8] == b"TFL3"

    def test_half_keeps_float16_weights_behind_a_dequantize(self, tiny: Any) -> None:
        weights = tiny.constant("w", np.array([1.5, 2.5], np.float16))
        path = tiny.output(tiny.node("sum", "AddV2", [tiny.picture(1, 2), weights]))
        assert schema.BuiltinOperator.DEQUANTIZE in operator_codes(path)
        tensors = {tensor.name: tensor.type for tensor in model_of(path).subgraphs[0].tensors}
        assert tensors[b"w/f16"] == schema.TensorType.FLOAT16

    def test_without_half_they_become_float32(self, tiny: Any) -> None:
        weights = tiny.constant("w", np.array([1.5, 2.5], np.float16))
        path = tiny.output(tiny.node("sum", "AddV2", [tiny.picture(1, 2), weights]))
        tensors = {tensor.name: tensor for tensor in model_of(path, half=False).subgraphs[0].tensors}
        assert tensors[b"w"].type == schema.TensorType.FLOAT32
        assert b"w/f16" not in tensors

    def test_what_the_output_does_not_need_is_left_out(self, tiny: Any) -> None:
        given = tiny.picture(1, 2)
        tiny.node("unused", "AddV2", [given, tiny.constant("big", np.ones((50, 2), np.float32))])
        model = model_of(tiny.output(given))
        assert [tensor.name for tensor in model.subgraphs[0].tensors] == [b"input", b"picture"]
        assert len(model.buffers) == 1

    @pytest.mark.parametrize("dtype", ["uint8", "int32", "float32"])
    def test_the_input_type_can_be_chosen(self, tiny: Any, dtype: str) -> None:
        path = tiny.output(tiny.node("root", "Sqrt", [tiny.picture(1, 2)]))
        interpreter = Interpreter(model_content=convert(load_graph(path), input_dtype=dtype))
        assert interpreter.get_input_details()[0]["dtype"] == np.dtype(dtype)
        assert list(interpreter.get_signature_list()["serving_default"]["inputs"]) == ["input"]


class TestRefusals:
    def test_an_unsupported_operation_is_named_with_its_node(self, tiny: Any) -> None:
        path = tiny.output(tiny.node("odd", "Einsum", [tiny.picture(1, 2)]))
        with pytest.raises(BuildError, match="Node odd: the operation Einsum is not supported"):
            convert(load_graph(path))

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"dilation": 2}, "a dilated convolution"),
            ({"padding": "EXPLICIT"}, "EXPLICIT padding"),
            ({"fused": ("BiasAdd", "Elu")}, "SAME padding with Elu"),
        ],
    )
    def test_an_unsupported_convolution_is_refused(self, tiny: Any, options: dict[str, Any], reason: str) -> None:
        inputs = [tiny.picture(1, 6, 8, 3), tiny.constant("kernel", np.ones((1, 1, 3, 2), np.float32))]
        inputs.append(tiny.constant("bias", np.zeros(2, np.float32)))
        tiny.convolution("conv", inputs, **options)
        with pytest.raises(BuildError, match=f"Node conv: {reason}.* is not supported"):
            convert(load_graph(tiny.output("conv")))

    def test_a_depth_multiplier_is_refused(self, tiny: Any) -> None:
        inputs = [tiny.picture(1, 6, 8, 3), tiny.constant("kernel", np.ones((1, 1, 3, 2), np.float32))]
        tiny.convolution("conv", inputs, op="DepthwiseConv2dNative", fused=())
        with pytest.raises(BuildError, match="a depth multiplier of 2 is not supported"):
            convert(load_graph(tiny.output("conv")))

    def test_a_cast_to_an_unknown_type_is_refused(self, tiny: Any) -> None:
        path = tiny.output(tiny.cast("odd", tiny.placeholder(1, 2), "DT_STRING"))
        with pytest.raises(BuildError, match="Node odd: a cast to DT_STRING is not supported"):
            convert(load_graph(path))

    def test_a_shape_that_is_computed_is_refused(self, tiny: Any) -> None:
        given = tiny.picture(1, 2)
        path = tiny.output(tiny.node("odd", "Reshape", [given, given]))
        with pytest.raises(BuildError, match="input picture must be a constant"):
            convert(load_graph(path))

    def test_a_constant_without_weight_is_named(self, tiny: Any) -> None:
        tiny.node("lost", "Const")
        with pytest.raises(BuildError, match="The constant lost has no weight"):
            convert(load_graph(tiny.write()))

    def test_a_graph_without_its_output_is_refused(self, tiny: Any) -> None:
        tiny.picture(1, 2)
        with pytest.raises(BuildError, match="The graph has no output 'Identity'"):
            convert(load_graph(tiny.write()))

    def test_a_graph_without_a_picture_is_refused(self, tiny: Any) -> None:
        path = tiny.output(tiny.constant("a", np.zeros(2, np.float32)))
        with pytest.raises(BuildError, match="no placeholder"):
            convert(load_graph(path))

    def test_a_second_picture_is_refused(self, tiny: Any) -> None:
        given = tiny.placeholder(1, 2)
        tiny.node("other", "Placeholder", shape={"shape": {"dim": []}})
        with pytest.raises(BuildError, match="Node other: a second placeholder"):
            convert(load_graph(tiny.output(given)))
