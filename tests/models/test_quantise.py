"""The frames and ranges for the quantiser, and the quantiser itself where it is installed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from models.build.convert import convert
from models.build.graph import BuildError, load_graph
from models.build.quantise import (
    FRAMES,
    LAYERS,
    calibration_frames,
    quantise,
    set_ranges,
)

WIDE = np.full((40, 80, 3), 200, np.uint8)
TALL = np.full((90, 30, 3), 100, np.uint8)


class TestFrames:
    def test_the_same_seed_gives_the_same_frames(self) -> None:
        once, again = (list(calibration_frames(32, [WIDE, TALL], 6)) for _ in range(2))
        assert all(np.array_equal(one, other) for one, other in zip(once, again, strict=True))

    def test_another_seed_gives_others(self) -> None:
        once, again = (next(calibration_frames(32, [WIDE], 1, seed)) for seed in (1, 2))
        assert not np.array_equal(once, again)

    def test_frames_have_the_models_size_and_type(self) -> None:
        frames = list(calibration_frames(48, [WIDE, TALL]))
        assert len(frames) == FRAMES
        assert {frame.shape for frame in frames} == {(1, 48, 48, 3)}
        assert {frame.dtype for frame in frames} == {np.dtype(np.uint8)}

    def test_every_picture_takes_its_turn(self) -> None:
        black = np.zeros((20, 20, 3), np.uint8)
        lit = [bool(frame.any()) for frame in calibration_frames(32, [black, WIDE], 6)]
        assert lit == [False, True, False, True, False, True]

    def test_a_wide_picture_keeps_its_shape_between_black_bars(self) -> None:
        for frame in calibration_frames(64, [WIDE], 8):
            assert 0.1 < np.mean(frame > 0) < 0.9

    def test_the_gain_reaches_from_dark_to_clipped(self) -> None:
        brightest = [int(frame.max()) for frame in calibration_frames(32, [WIDE], 40)]
        assert min(brightest) < 140
        assert max(brightest) == 255


class TestRanges:
    def test_the_whole_range_over_all_frames_is_taken(self, tiny: Any) -> None:
        path = tiny.output(tiny.node("root", "Sqrt", [tiny.picture(1, 2)]))
        interpreter = Interpreter(model_content=convert(load_graph(path)))
        interpreter.allocate_tensors()
        ranges = {
            "root": {"min": np.zeros((1, 1)), "max": np.zeros((1, 1))},
            "elsewhere": {"min": np.array(5.0), "max": np.array(6.0)},
        }
        frames = [np.array([pair], np.uint8) for pair in ([4, 9], [100, 16], [25, 1])]
        set_ranges(ranges, interpreter, frames)
        assert ranges["root"]["min"].tolist() == [[1.0]]
        assert ranges["root"]["max"].tolist() == [[10.0]]
        assert ranges["elsewhere"]["max"] == 6.0


class TestLayers:
    NETWORK = "StatefulPartitionedCall/center_net_mobile_net_v2fpn_feature_extractor/model_1"

    @pytest.mark.parametrize(
        ("name", "int8", "int8mix"),
        [
            (f"{NETWORK}/model/block_7_add/add", True, True),
            (f"{NETWORK}/model/Conv1_relu/Relu6", True, False),
            (f"{NETWORK}/model/block_1_expand_relu/Relu6", True, False),
            (f"{NETWORK}/model/block_10_expand_relu/Relu6", True, True),
            (f"{NETWORK}/re_lu_2/Relu", True, False),
            ("StatefulPartitionedCall/kpt_heatmap_0/conv2d_5/BiasAdd", True, False),
            ("StatefulPartitionedCall/center_0/conv2d_4/BiasAdd", True, False),
            ("StatefulPartitionedCall/ResizeImage/resize/Squeeze", False, False),
            ("StatefulPartitionedCall/Sigmoid", False, False),
        ],
    )
    def test_the_layers_of_each_kind(self, name: str, int8: bool, int8mix: bool) -> None:
        assert bool(re.search(LAYERS["int8"], name)) is int8
        assert bool(re.search(LAYERS["int8mix"], name)) is int8mix


class TestQuantiser:
    def test_without_the_quantiser_the_message_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "litert_quantizer", None)
        monkeypatch.setitem(sys.modules, "litert_quantizer.quantizer", None)
        with pytest.raises(BuildError, match="pip install litert-quantizer scikit-image"):
            quantise(b"", "int8")

    # Both packages warn about their own insides; what counts here is the model that comes out.
    @pytest.mark.filterwarnings("ignore")
    def test_a_quantised_convolution_stays_close_to_the_float_one(
        self, tiny: Any, random: np.random.Generator, tmp_path: Path
    ) -> None:
        pytest.importorskip("litert_quantizer", reason="needs litert-quantizer, see models/README.md")
        pytest.importorskip("skimage", reason="needs scikit-image, see models/README.md")
        kernel = random.normal(0, 0.01, (3, 3, 3, 4)).astype(np.float16)
        inputs = [tiny.picture(1, 16, 16, 3), tiny.constant("kernel", kernel)]
        inputs.append(tiny.constant("bias", np.zeros(4, np.float16)))
        conv = tiny.convolution("feature_extractor/conv", inputs)
        model = convert(load_graph(tiny.output(tiny.node("score", "Sigmoid", [conv]))), half=False)
        smaller = quantise(model, "int8")
        frame = next(calibration_frames(16, [WIDE], 1))
        plain, quantised = (_run(data, frame) for data in (model, smaller))
        assert smaller != model
        assert quantised.dtype == np.float32
        assert quantised == pytest.approx(plain, abs=0.05)
        assert not np.array_equal(quantised, plain)


def _run(model: bytes, frame: Any) -> Any:
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], frame)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
