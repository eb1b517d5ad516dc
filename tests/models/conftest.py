"""Graphs of a few nodes in the TensorFlow.js format, written by the tests that need them."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parents[2]
# The programs in models/build belong to the repository, not to an installed package.
sys.path.insert(0, str(REPOSITORY))

DTYPE_NAMES = {"float16": "DT_FLOAT", "float32": "DT_FLOAT", "int32": "DT_INT32"}


def text(value: str) -> str:
    """Texts stand in base64 in the format."""
    return base64.b64encode(value.encode()).decode()


class TinyGraph:
    """A graph in the making; each method gives back the name to refer to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: list[dict[str, Any]] = []
        self.weights: list[dict[str, Any]] = []
        self.data = b""

    def node(self, name: str, op: str, inputs: Sequence[str] = (), **attributes: object) -> str:
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": attributes})
        return name

    def constant(self, name: str, values: NDArray[Any]) -> str:
        stored = str(values.dtype)
        entry: dict[str, Any] = {"name": name, "shape": list(values.shape), "dtype": stored}
        if stored == "float16":
            entry["dtype"] = "float32"
            entry["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
        self.weights.append(entry)
        self.data += values.tobytes()
        return self.node(name, "Const", dtype={"type": DTYPE_NAMES.get(stored, "DT_INVALID")})

    def placeholder(self, *shape: int) -> str:
        sides = [{"size": str(side)} for side in shape]
        return self.node("input", "Placeholder", shape={"shape": {"dim": sides}})

    def cast(self, name: str, given: str, to: str = "DT_FLOAT") -> str:
        return self.node(name, "Cast", [given], DstT={"type": to})

    def picture(self, *shape: int) -> str:
        """A placeholder, cast to float."""
        return self.cast("picture", self.placeholder(*shape))

    def convolution(
        self,
        name: str,
        inputs: Sequence[str],
        *,
        op: str = "_FusedConv2D",
        stride: int = 1,
        padding: str = "SAME",
        fused: Sequence[str] = ("BiasAdd",),
        dilation: int = 1,
    ) -> str:
        return self.node(
            name,
            op,
            inputs,
            strides={"list": {"i": ["1", str(stride), str(stride), "1"]}},
            dilations={"list": {"i": ["1", str(dilation), str(dilation), "1"]}},
            padding={"s": text(padding)},
            fused_ops={"list": {"s": [text(one) for one in fused]}},
        )

    def output(self, given: str) -> Path:
        """End the graph with ``Identity``, as MoveNet's ends, and write it."""
        self.node("Identity", "Identity", [given])
        return self.write()

    def write(self, name: str = "model") -> Path:
        manifest = [{"paths": [f"{name}.bin"], "weights": self.weights}]
        path = self.folder / f"{name}.json"
        path.write_text(
            json.dumps({"modelTopology": {"node": self.nodes}, "weightsManifest": manifest}), encoding="utf-8"
        )
        (self.folder / f"{name}.bin").write_bytes(self.data)
        return path


@pytest.fixture
def tiny(tmp_path: Path) -> TinyGraph:
    """An empty graph to fill."""
    return TinyGraph(tmp_path)


@pytest.fixture
def random() -> np.random.Generator:
    """The same numbers in every run."""
    return np.random.default_rng(3)
