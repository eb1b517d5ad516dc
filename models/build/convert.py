"""Turn a TensorFlow.js graph of MoveNet into a TFLite model, operation by operation.

It knows the 23 operations that MoveNet SinglePose consists of and refuses every other one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from models.build.graph import Array, BuildError, Graph, Node, node_of
from models.build.writer import OPERATORS, TENSOR_TYPES, Writer

DESCRIPTION = "MoveNet SinglePose from tfjs weights"

FLOAT = np.dtype("float32")
INTEGER = np.dtype("int32")

#: Values of the schema's enumerations.
PADDING = {"SAME": 0, "VALID": 1}
ACTIVATION = {"BiasAdd": 0, "Relu": 1, "Relu6": 3}

CASTS = {"DT_FLOAT": FLOAT, "DT_INT32": INTEGER}
ARITHMETIC = {
    "AddV2": (OPERATORS.ADD, "AddOptions"),
    "Sub": (OPERATORS.SUB, "SubOptions"),
    "Mul": (OPERATORS.MUL, "MulOptions"),
    "RealDiv": (OPERATORS.DIV, "DivOptions"),
    "FloorDiv": (OPERATORS.FLOOR_DIV, "FloorDivOptions"),
    "SquaredDifference": (OPERATORS.SQUARED_DIFFERENCE, "SquaredDifferenceOptions"),
}
ELEMENTWISE = {"Sigmoid": OPERATORS.LOGISTIC, "Sqrt": OPERATORS.SQRT}

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A value that the model computes."""

    index: int
    shape: Shape
    dtype: np.dtype[np.generic]


def convert(graph: Graph, *, half: bool = True, input_dtype: DTypeLike = "uint8", output: str = "Identity") -> bytes:
    """Return the TFLite file of a graph with one placeholder.

    With ``half`` float16 weights stay float16, else they become float32 (what the quantiser wants). Raises
    `BuildError` for an operation, or a way of using one, that is not supported.
    """
    return _Converter(graph, half, np.dtype(input_dtype)).run(output)


class _Converter:
    def __init__(self, graph: Graph, half: bool, input_dtype: np.dtype[np.generic]) -> None:
        self._graph = graph
        self._half = half
        self._input_dtype = input_dtype
        self._writer = Writer()
        self._inputs: list[int] = []
        #: What each node gave: a computed tensor, or a constant that nothing had to be written for yet.
        self._values: dict[str, Tensor | Array] = {}
        #: For a reshaped tensor the one before any reshape, so that chains of them collapse.
        self._unshaped: dict[int, Tensor] = {}
        self._handlers: dict[str, Callable[[Node], None]] = {
            "Const": self._constant,
            "Placeholder": self._placeholder,
            "Identity": self._identity,
            "Cast": self._cast,
            "_FusedConv2D": self._convolution,
            "FusedDepthwiseConv2dNative": self._depthwise,
            "DepthwiseConv2dNative": self._depthwise,
            "ResizeBilinear": self._resize,
            "ArgMax": self._argmax,
            "GatherNd": self._gather,
            "Reshape": self._reshape,
            "ExpandDims": self._expand,
            "Squeeze": self._squeeze,
            "Unpack": self._unpack,
            "Pack": self._pack,
            "ConcatV2": self._concatenate,
            **dict.fromkeys(ARITHMETIC, self._arithmetic),
            **dict.fromkeys(ELEMENTWISE, self._elementwise),
        }

    def run(self, output: str) -> bytes:
        for node in self._graph.nodes:
            handler = self._handlers.get(node.op)
            if handler is None:
                raise BuildError(f"Node {node.name}: the operation {node.op} is not supported.")
            handler(node)
        if output not in self._values:
            raise BuildError(f"The graph has no output {output!r}.")
        if not self._inputs:
            raise BuildError("The graph has no placeholder to put a picture in.")
        return self._writer.finish(self._inputs, [self._index(output)], DESCRIPTION)

    # What a reference to a node means.

    def _value(self, reference: str) -> Tensor | Array:
        first = node_of(reference)
        return self._values[first if reference in (first, f"{first}:0") else reference]

    def _known(self, node: Node, place: int) -> Array:
        """Return an input that must be known when the model is built, such as an axis."""
        value = self._value(node.inputs[place])
        if isinstance(value, Tensor):
            raise BuildError(f"Node {node.name} ({node.op}): input {node.inputs[place]} must be a constant.")
        return value

    def _index(self, reference: str) -> int:
        value = self._value(reference)
        if isinstance(value, Tensor):
            return value.index
        return self._writer.constant(reference, value, half=self._half)

    def _shape(self, reference: str) -> Shape:
        return self._value(reference).shape

    def _dtype(self, reference: str) -> np.dtype[np.generic]:
        dtype = self._value(reference).dtype.newbyteorder("=")
        return FLOAT if dtype == np.float16 else dtype

    def _out(self, name: str, shape: Sequence[int], dtype: np.dtype[np.generic]) -> int:
        index = self._writer.tensor(name, shape, dtype)
        self._values[name] = Tensor(index, tuple(shape), dtype)
        return index

    # Inputs and types.

    def _constant(self, node: Node) -> None:
        if node.name not in self._graph.weights:
            raise BuildError(f"The constant {node.name} has no weight.")
        self._values[node.name] = self._graph.weights[node.name]

    def _placeholder(self, node: Node) -> None:
        if self._inputs:
            raise BuildError(f"Node {node.name}: a second placeholder; the model takes one picture.")
        index = self._writer.tensor("input", node.shape(), self._input_dtype)
        self._values[node.name] = Tensor(index, node.shape(), self._input_dtype)
        self._inputs = [index]

    def _identity(self, node: Node) -> None:
        self._values[node.name] = self._value(node.inputs[0])

    def _cast(self, node: Node) -> None:
        wanted = node.type_name("DstT")
        if wanted not in CASTS:
            raise BuildError(f"Node {node.name}: a cast to {wanted} is not supported.")
        source, target = self._dtype(node.inputs[0]), CASTS[wanted]
        if source == target:
            self._identity(node)
            return
        given = self._index(node.inputs[0])
        result = self._out(node.name, self._shape(node.inputs[0]), target)
        types = {"inDataType": TENSOR_TYPES[source], "outDataType": TENSOR_TYPES[target]}
        self._writer.operator(OPERATORS.CAST, [given], [result], "CastOptions", **types)

    # The network.

    def _convolution(self, node: Node) -> None:
        self._convolve(node, self._shape(node.inputs[1])[3], OPERATORS.CONV_2D, "Conv2DOptions")

    def _depthwise(self, node: Node) -> None:
        _, _, channels, multiplier = self._shape(node.inputs[1])
        if multiplier != 1:
            raise BuildError(f"Node {node.name}: a depth multiplier of {multiplier} is not supported.")
        options = "DepthwiseConv2DOptions"
        self._convolve(node, channels, OPERATORS.DEPTHWISE_CONV_2D, options, depthMultiplier=1)

    def _convolve(self, node: Node, channels: int, code: int, options: str, **values: int) -> None:
        if node.integers("dilations") != [1, 1, 1, 1]:
            raise BuildError(f"Node {node.name}: a dilated convolution is not supported.")
        padding, fused = node.text("padding"), node.texts("fused_ops")
        activation = fused[-1] if fused else "BiasAdd"
        if padding not in PADDING or activation not in ACTIVATION:
            raise BuildError(f"Node {node.name}: {padding} padding with {activation} is not supported.")
        _, stride_y, stride_x, _ = node.integers("strides")
        batch, height, width, _ = self._shape(node.inputs[0])
        filter_height, filter_width = self._shape(node.inputs[1])[:2]
        # TFLite wants the output channel first: OHWI, and 1HWC for a depthwise one.
        weights = self._known(node, 1).transpose(3, 0, 1, 2)
        kernel = self._writer.constant(node.inputs[1], weights, half=self._half)
        bias = self._index(node.inputs[2]) if fused else self._zero_bias(channels)
        shape = (
            batch,
            _steps(height, filter_height, stride_y, padding),
            _steps(width, filter_width, stride_x, padding),
            channels,
        )
        result = self._out(node.name, shape, FLOAT)
        self._writer.operator(
            code,
            [self._index(node.inputs[0]), kernel, bias],
            [result],
            options,
            padding=PADDING[padding],
            strideH=stride_y,
            strideW=stride_x,
            fusedActivationFunction=ACTIVATION[activation],
            dilationHFactor=1,
            dilationWFactor=1,
            **values,
        )

    def _zero_bias(self, channels: int) -> int:
        zeros = np.zeros(channels, np.float32)
        return self._writer.constant(f"zero_bias_{channels}", zeros, half=self._half)

    def _resize(self, node: Node) -> None:
        batch, _, _, channels = self._shape(node.inputs[0])
        height, width = (int(side) for side in self._known(node, 1))
        given = [self._index(name) for name in node.inputs]
        self._writer.operator(
            OPERATORS.RESIZE_BILINEAR,
            given,
            [self._out(node.name, (batch, height, width, channels), FLOAT)],
            "ResizeBilinearOptions",
            alignCorners=node.flag("align_corners"),
            halfPixelCenters=node.flag("half_pixel_centers"),
        )

    # Arithmetic and look-up.

    def _arithmetic(self, node: Node) -> None:
        code, options = ARITHMETIC[node.op]
        shape = np.broadcast_shapes(*(self._shape(name) for name in node.inputs))
        given = [self._index(name) for name in node.inputs]
        result = self._out(node.name, shape, self._dtype(node.inputs[0]))
        self._writer.operator(code, given, [result], options)

    def _elementwise(self, node: Node) -> None:
        given = self._index(node.inputs[0])
        result = self._out(node.name, self._shape(node.inputs[0]), FLOAT)
        self._writer.operator(ELEMENTWISE[node.op], [given], [result])

    def _argmax(self, node: Node) -> None:
        shape = list(self._shape(node.inputs[0]))
        del shape[int(self._known(node, 1))]
        given = [self._index(name) for name in node.inputs]
        result = self._out(node.name, shape, INTEGER)
        kind = TENSOR_TYPES[INTEGER]
        self._writer.operator(OPERATORS.ARG_MAX, given, [result], "ArgMaxOptions", outputType=kind)

    def _gather(self, node: Node) -> None:
        source, indices = (self._shape(name) for name in node.inputs)
        given = [self._index(name) for name in node.inputs]
        shape = indices[:-1] + source[indices[-1] :]
        result = self._out(node.name, shape, self._dtype(node.inputs[0]))
        self._writer.operator(OPERATORS.GATHER_ND, given, [result], "GatherNdOptions")

    # Shapes.

    def _reshape(self, node: Node) -> None:
        shape = [int(side) for side in self._known(node, 1)]
        if -1 in shape:
            shape[shape.index(-1)] = prod(self._shape(node.inputs[0])) // -prod(shape)
        self._shaped(node, tuple(shape))

    def _expand(self, node: Node) -> None:
        shape = list(self._shape(node.inputs[0]))
        axis = int(self._known(node, 1))
        shape.insert(axis if axis >= 0 else axis + len(shape) + 1, 1)
        self._shaped(node, tuple(shape))

    def _squeeze(self, node: Node) -> None:
        shape = self._shape(node.inputs[0])
        gone = {axis % len(shape) for axis in node.integers("squeeze_dims")}
        self._shaped(node, tuple(side for axis, side in enumerate(shape) if axis not in gone))

    def _shaped(self, node: Node, shape: Shape) -> None:
        value = self._value(node.inputs[0])
        if not isinstance(value, Tensor):
            self._values[node.name] = value.reshape(shape)
            return
        source = self._unshaped.get(value.index, value)
        if shape == source.shape:
            self._values[node.name] = source
            return
        result = self._out(node.name, shape, value.dtype)
        self._unshaped[result] = source
        wanted = self._writer.tensor(f"{node.name}/shape", [len(shape)], INTEGER, np.array(shape, INTEGER))
        inputs = [source.index, wanted]
        self._writer.operator(OPERATORS.RESHAPE, inputs, [result], "ReshapeOptions", newShape=list(shape))

    def _unpack(self, node: Node) -> None:
        shape = self._shape(node.inputs[0])
        axis, count = node.integer("axis"), node.integer("num")
        rest = shape[:axis] + shape[axis + 1 :]
        if count == 1:
            self._shaped(node, rest)
            return
        dtype = self._dtype(node.inputs[0])
        names = [node.name, *(f"{node.name}:{place}" for place in range(1, count))]
        results = [self._out(name, rest, dtype) for name in names]
        given = self._index(node.inputs[0])
        self._writer.operator(OPERATORS.UNPACK, [given], results, "UnpackOptions", num=count, axis=axis)

    def _pack(self, node: Node) -> None:
        axis, count = node.integer("axis"), len(node.inputs)
        shape = list(self._shape(node.inputs[0]))
        shape.insert(axis, count)
        given = [self._index(name) for name in node.inputs]
        result = self._out(node.name, shape, self._dtype(node.inputs[0]))
        self._writer.operator(OPERATORS.PACK, given, [result], "PackOptions", valuesCount=count, axis=axis)

    def _concatenate(self, node: Node) -> None:
        parts = node.inputs[:-1]
        shape = list(self._shape(parts[0]))
        axis = int(self._known(node, len(parts))) % len(shape)
        shape[axis] = sum(self._shape(name)[axis] for name in parts)
        given = [self._index(name) for name in parts]
        result = self._out(node.name, shape, self._dtype(parts[0]))
        self._writer.operator(OPERATORS.CONCATENATION, given, [result], "ConcatenationOptions", axis=axis)


def _steps(length: int, kernel: int, stride: int, padding: str) -> int:
    """Return how many places a kernel takes along one side."""
    if padding == "SAME":
        return -(-length // stride)
    return (length - kernel) // stride + 1
