"""Write a TFLite flatbuffer with one subgraph, tensor by tensor and operator by operator.

The classes of the file format come from the schema that ai-edge-litert ships.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import DTypeLike

from models.build.graph import Array

#: The TFLite file format, and the four letters by which it is known.
FORMAT_VERSION = 3
FILE_IDENTIFIER = b"TFL3"

OPERATORS = schema.BuiltinOperator
TENSOR_TYPES = {
    np.dtype("float32"): schema.TensorType.FLOAT32,
    np.dtype("float16"): schema.TensorType.FLOAT16,
    np.dtype("int32"): schema.TensorType.INT32,
    np.dtype("uint8"): schema.TensorType.UINT8,
}
#: Operators whose first version cannot do what is asked of them here.
OPERATOR_VERSIONS = {OPERATORS.RESIZE_BILINEAR: 3, OPERATORS.DEQUANTIZE: 3}
#: The format's first field for operator codes has one byte; larger codes stand in a second field.
LAST_SMALL_CODE = 127


class Writer:
    """A model in the making. Tensors are known by their index."""

    def __init__(self) -> None:
        self._model = schema.ModelT()
        self._model.version = FORMAT_VERSION
        # Buffer 0 is empty by convention: it stands for "no data".
        self._model.buffers = [schema.BufferT()]
        self._model.operatorCodes = []
        self._graph = schema.SubGraphT()
        self._graph.name = b"main"
        self._graph.tensors = []
        self._graph.operators = []
        self._codes: dict[int, int] = {}
        self._constants: dict[tuple[str, tuple[int, ...]], int] = {}

    def tensor(self, name: str, shape: Sequence[int], dtype: DTypeLike, data: Array | None = None) -> int:
        """Add a tensor, constant where ``data`` is given; returns its index."""
        tensor = schema.TensorT()
        tensor.name = name.encode()
        tensor.shape = [int(side) for side in shape]
        tensor.type = TENSOR_TYPES[np.dtype(dtype)]
        tensor.buffer = 0
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
            tensor.buffer = len(self._model.buffers)
            self._model.buffers.append(buffer)
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def constant(self, name: str, data: Array, *, half: bool) -> int:
        """Return the tensor of a constant, added once per name and shape.

        With ``half`` a float16 array stays so in the file, behind the DEQUANTIZE that TFLite wants there,
        without it becomes float32.
        """
        key = (name, data.shape)
        if key not in self._constants:
            self._constants[key] = self._new_constant(name, data, half)
        return self._constants[key]

    def _new_constant(self, name: str, data: Array, half: bool) -> int:
        if data.dtype != np.float16:
            return self.tensor(name, data.shape, data.dtype.newbyteorder("="), data)
        # A single number is not worth an operator.
        if not half or data.size == 1:
            return self.tensor(name, data.shape, np.float32, data.astype(np.float32))
        stored = self.tensor(f"{name}/f16", data.shape, np.float16, data)
        index = self.tensor(name, data.shape, np.float32)
        self.operator(OPERATORS.DEQUANTIZE, [stored], [index], "DequantizeOptions")
        return index

    def operator(self, code: int, inputs: list[int], outputs: list[int], options: str = "", **values: object) -> None:
        """Add an operator; ``options`` names its table in the schema, ``values`` fill that table."""
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code(code)
        operator.inputs, operator.outputs = inputs, outputs
        if options:
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, options)
            operator.builtinOptions = getattr(schema, f"{options}T")()
            for field, value in values.items():
                if not hasattr(operator.builtinOptions, field):
                    raise AttributeError(f"{options} has no field {field!r}")
                setattr(operator.builtinOptions, field, value)
        self._graph.operators.append(operator)

    def _code(self, code: int) -> int:
        if code not in self._codes:
            entry = schema.OperatorCodeT()
            entry.builtinCode = code
            entry.deprecatedBuiltinCode = min(code, LAST_SMALL_CODE)
            entry.version = OPERATOR_VERSIONS.get(code, 1)
            self._codes[code] = len(self._model.operatorCodes)
            self._model.operatorCodes.append(entry)
        return self._codes[code]

    def finish(self, inputs: list[int], outputs: list[int], description: str) -> bytes:
        """Return the file: what ``outputs`` do not need is left out."""
        self._graph.inputs, self._graph.outputs = inputs, outputs
        self._prune()
        self._model.signatureDefs = [self._signature()]
        self._model.description = description.encode()
        self._model.subgraphs = [self._graph]
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(self._model.Pack(builder), FILE_IDENTIFIER)
        return bytes(builder.Output())

    def _prune(self) -> None:
        """Drop operators whose results nobody reads, then unused tensors and buffers."""
        graph = self._graph
        live = set(graph.outputs)
        operators = []
        for operator in reversed(graph.operators):
            if live & set(operator.outputs):
                live |= set(operator.inputs)
                operators.append(operator)
        graph.operators = operators[::-1]
        kept = {*graph.inputs, *graph.outputs}
        for operator in graph.operators:
            kept |= {*operator.inputs, *operator.outputs}
        self._renumber(sorted(kept))

    def _renumber(self, kept: list[int]) -> None:
        graph = self._graph
        new = {old: index for index, old in enumerate(kept)}
        graph.tensors = [graph.tensors[old] for old in kept]
        buffers = self._model.buffers[:1]
        for tensor in graph.tensors:
            if tensor.buffer:
                buffers.append(self._model.buffers[tensor.buffer])
                tensor.buffer = len(buffers) - 1
        self._model.buffers = buffers
        for holder in (*graph.operators, graph):
            holder.inputs = [new[old] for old in holder.inputs]
            holder.outputs = [new[old] for old in holder.outputs]

    def _signature(self) -> Any:
        signature = schema.SignatureDefT()
        signature.signatureKey = b"serving_default"
        signature.subgraphIndex = 0
        signature.inputs = [_named(b"input", self._graph.inputs[0])]
        signature.outputs = [
            _named(f"output_{place}".encode(), index) for place, index in enumerate(self._graph.outputs)
        ]
        return signature


def _named(name: bytes, index: int) -> Any:
    entry = schema.TensorMapT()
    entry.name = name
    entry.tensorIndex = index
    return entry
