"""Reading a TensorFlow.js graph, whole and damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.build.graph import BuildError, Node, load_graph, node_of


class TestReading:
    def test_weights_come_back_as_they_were_stored(self, tiny: Any, tmp_path: Path) -> None:
        half = np.array([[0.1, -2.5], [3.0, 65504.0]], np.float16)
        whole = np.array([1, -2, 3], np.int32)
        tiny.constant("half", half)
        tiny.constant("whole", whole)
        tiny.constant("single", np.float32(7.25).reshape(()))
        graph = load_graph(tiny.write())
        assert np.array_equal(graph.weights["half"], half)
        assert graph.weights["half"].dtype == np.float16
        assert np.array_equal(graph.weights["whole"], whole)
        assert graph.weights["single"] == 7.25
        assert graph.weights["single"].shape == ()

    def test_a_node_stands_behind_its_inputs(self, tiny: Any) -> None:
        tiny.node("last", "AddV2", ["middle", "first:0"])
        tiny.node("middle", "Sqrt", ["first:1"])
        tiny.placeholder(1)
        tiny.node("first", "Unpack", ["input"])
        assert [node.name for node in load_graph(tiny.write()).nodes] == ["input", "first", "middle", "last"]

    def test_an_order_that_is_right_already_is_kept(self, tiny: Any) -> None:
        for name in ("c", "a", "b"):
            tiny.node(name, "Const")
        assert [node.name for node in load_graph(tiny.write()).nodes] == ["c", "a", "b"]

    def test_inputs_that_only_order_side_effects_are_left_out(self, tiny: Any) -> None:
        tiny.placeholder(1)
        tiny.node("root", "Sqrt", ["input", "^nowhere"])
        assert load_graph(tiny.write()).nodes[1].inputs == ("input",)

    def test_weights_may_lie_in_several_files(self, tiny: Any, tmp_path: Path) -> None:
        tiny.constant("a", np.array([1.5, 2.5], np.float32))
        path = tiny.write()
        model = json.loads(path.read_text())
        model["weightsManifest"][0]["paths"] = ["one.bin", "two.bin"]
        path.write_text(json.dumps(model))
        (tmp_path / "one.bin").write_bytes(tiny.data[:3])
        (tmp_path / "two.bin").write_bytes(tiny.data[3:])
        assert load_graph(path).weights["a"].tolist() == [1.5, 2.5]

    @pytest.mark.parametrize(("reference", "name"), [("a", "a"), ("a:0", "a"), ("part/a:12", "part/a")])
    def test_a_reference_names_its_node(self, reference: str, name: str) -> None:
        assert node_of(reference) == name


class TestDamage:
    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BuildError, match=r"none\.json cannot be read: No such file"):
            load_graph(tmp_path / "none.json")

    @pytest.mark.parametrize("data", [b'{"modelTopology": ', b"\xff\xfe"])
    def test_what_is_not_json_is_named(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "model.json").write_bytes(data)
        with pytest.raises(BuildError, match=r"model\.json is not JSON"):
            load_graph(tmp_path / "model.json")

    @pytest.mark.parametrize("value", [{}, [], 3, {"modelTopology": {"node": []}, "weightsManifest": []}])
    def test_other_json_is_no_graph_model(self, tmp_path: Path, value: object) -> None:
        (tmp_path / "model.json").write_text(json.dumps(value))
        with pytest.raises(BuildError, match=r"is not a TensorFlow\.js graph model"):
            load_graph(tmp_path / "model.json")

    def test_weights_cut_off_are_refused_with_both_sizes(self, tiny: Any, tmp_path: Path) -> None:
        tiny.constant("a", np.zeros(10, np.float32))
        tiny.constant("b", np.zeros(10, np.float16))
        path = tiny.write()
        (tmp_path / "model.bin").write_bytes(tiny.data[:41])
        with pytest.raises(BuildError, match=r"model\.bin hold 41 bytes, the graph needs 60"):
            load_graph(path)

    def test_weights_with_more_behind_them_are_refused(self, tiny: Any, tmp_path: Path) -> None:
        tiny.constant("a", np.zeros(10, np.float32))
        path = tiny.write()
        (tmp_path / "model.bin").write_bytes(tiny.data + b"more")
        with pytest.raises(BuildError, match="hold 44 bytes, the graph needs 40"):
            load_graph(path)

    def test_a_missing_weight_file_is_named(self, tiny: Any, tmp_path: Path) -> None:
        tiny.constant("a", np.zeros(1, np.float32))
        path = tiny.write()
        (tmp_path / "model.bin").unlink()
        with pytest.raises(BuildError, match=r"model\.bin cannot be read: No such file"):
            load_graph(path)

    def test_a_number_type_that_cannot_be_read_is_named(self, tiny: Any) -> None:
        tiny.constant("a", np.zeros(1, np.uint8))
        with pytest.raises(BuildError, match="a is stored as uint8; only float16, float32, int32"):
            load_graph(tiny.write())

    def test_a_circle_is_refused(self, tiny: Any) -> None:
        tiny.node("a", "Sqrt", ["b"])
        tiny.node("b", "Sqrt", ["a"])
        with pytest.raises(BuildError, match="Node a waits for an input"):
            load_graph(tiny.write())

    def test_an_input_that_no_node_gives_is_refused(self, tiny: Any) -> None:
        tiny.node("a", "Sqrt", ["nowhere"])
        with pytest.raises(BuildError, match="Node a waits for an input"):
            load_graph(tiny.write())


class TestNode:
    def test_protobuf_leaves_zero_and_false_away(self) -> None:
        node = Node("a", "Unpack", (), {"axis": {}, "align": {}})
        assert node.integer("axis") == 0
        assert node.flag("align") is False

    def test_a_missing_attribute_is_named(self) -> None:
        with pytest.raises(BuildError, match=r"Node a \(Cast\) has no attribute 'DstT'"):
            Node("a", "Cast", (), {}).type_name("DstT")

    def test_an_attribute_of_the_wrong_kind_is_named(self) -> None:
        with pytest.raises(BuildError, match=r"Attribute 'padding' of node a .* holds no 's'"):
            Node("a", "Conv", (), {"padding": {"i": "1"}}).text("padding")
