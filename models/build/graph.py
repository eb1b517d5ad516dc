"""Read a TensorFlow.js graph model: its nodes in the order of computation, and its weights as arrays."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

#: How the format spells the number types that MoveNet uses.
DTYPES = {name: np.dtype(name).newbyteorder("<") for name in ("float16", "float32", "int32")}


class BuildError(Exception):
    """A model cannot be built; the message says why, and where."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: ``inputs`` are names of nodes, with ``:k`` for the k-th result of a node."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    def integers(self, key: str) -> list[int]:
        """Return a list attribute such as strides."""
        return [int(value) for value in self._value(key, "list").get("i", [])]

    def integer(self, key: str) -> int:
        """Return a whole number; protobuf leaves a zero away."""
        return int(self._attribute(key).get("i", 0))

    def flag(self, key: str) -> bool:
        """Return a truth value; protobuf leaves a false away."""
        return bool(self._attribute(key).get("b", False))

    def text(self, key: str) -> str:
        """Return a text such as the padding."""
        return base64.b64decode(self._value(key, "s")).decode()

    def texts(self, key: str) -> list[str]:
        """Return a list of texts; empty where the node has no such attribute."""
        if key not in self.attributes:
            return []
        return [base64.b64decode(value).decode() for value in self._value(key, "list").get("s", [])]

    def type_name(self, key: str) -> str:
        """Return a number type such as DT_FLOAT."""
        return str(self._value(key, "type"))

    def shape(self) -> tuple[int, ...]:
        """Return the shape that a placeholder declares."""
        return tuple(int(side["size"]) for side in self._value("shape", "shape")["dim"])

    def _attribute(self, key: str) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self.attributes[key]
        except KeyError as error:
            raise BuildError(f"Node {self.name} ({self.op}) has no attribute {key!r}.") from error
        return found

    def _value(self, key: str, kind: str) -> Any:
        attribute = self._attribute(key)
        if kind not in attribute:
            raise BuildError(f"Attribute {key!r} of node {self.name} ({self.op}) holds no {kind!r}.")
        return attribute[kind]


@dataclass(frozen=True, slots=True)
class Graph:
    """A whole model: each node stands behind all those that it reads from."""

    nodes: tuple[Node, ...]
    weights: Mapping[str, Array]


def node_of(reference: str) -> str:
    """Return the name of the node that an input such as ``unstack:1`` means."""
    return reference.partition(":")[0]


def load_graph(path: Path) -> Graph:
    """Read ``model.json`` and the weight files beside it.

    Raises `BuildError` where a file is missing, is no graph model, or the weights are cut off.
    """
    try:
        model = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BuildError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BuildError(f"{path} is not JSON: {error}.") from error
    try:
        raw_nodes, group = model["modelTopology"]["node"], model["weightsManifest"][0]
        nodes = [_node(raw) for raw in raw_nodes]
        entries, files = group["weights"], [path.parent / name for name in group["paths"]]
    except (KeyError, IndexError, TypeError) as error:
        raise BuildError(f"{path} is not a TensorFlow.js graph model: {error!r} is not there.") from error
    return Graph(tuple(_in_order(nodes)), _weights(entries, files))


def _node(raw: Mapping[str, Any]) -> Node:
    # "^name" only orders side effects; MoveNet has none.
    inputs = tuple(name for name in raw.get("input", []) if not name.startswith("^"))
    return Node(raw["name"], raw["op"], inputs, raw.get("attr", {}))


def _weights(entries: list[Mapping[str, Any]], files: list[Path]) -> dict[str, Array]:
    try:
        raw = b"".join(file.read_bytes() for file in files)
    except OSError as error:
        raise BuildError(f"The weights {error.filename} cannot be read: {error.strerror}.") from error
    weights: dict[str, Array] = {}
    start = 0
    for entry in entries:
        # A quantised weight is stored in another type than the graph computes in.
        name, stored = entry["name"], entry.get("quantization", entry)["dtype"]
        if stored not in DTYPES:
            raise BuildError(f"The weight {name} is stored as {stored}; only {', '.join(DTYPES)} can be read.")
        count = prod(entry["shape"])
        end = start + count * DTYPES[stored].itemsize
        if end <= len(raw):
            weights[name] = np.frombuffer(raw, DTYPES[stored], count, start).reshape(entry["shape"])
        start = end
    if start != len(raw):
        names = ", ".join(str(file) for file in files)
        raise BuildError(f"The weights {names} hold {len(raw)} bytes, the graph needs {start}.")
    return weights


def _in_order(nodes: list[Node]) -> list[Node]:
    """Put each node behind its inputs, otherwise as they come: the order decides the bytes of the result."""
    done: set[str] = set()
    ordered: list[Node] = []
    waiting = nodes
    while waiting:
        later = []
        for node in waiting:
            if all(node_of(name) in done for name in node.inputs):
                done.add(node.name)
                ordered.append(node)
            else:
                later.append(node)
        if len(later) == len(waiting):
            raise BuildError(f"Node {later[0].name} waits for an input that no node gives, or for itself.")
        waiting = later
    return ordered
