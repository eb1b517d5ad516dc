"""docs/labelled-recordings.md, which authors of plugins read: its example is read as it says."""

import json
import re
from pathlib import Path

from kiosk.bench.accuracy.groups import CAMERA, PERSON, PLACE
from kiosk.bench.accuracy.recordings import read_recording
from kiosk.movement.view import View

DOCUMENT = (Path(__file__).parents[1] / "docs" / "labelled-recordings.md").read_text(encoding="utf-8")


def test_the_example_is_a_recording(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    path = tmp_path / "one.truth.json"
    path.write_text(example, encoding="utf-8")
    (tmp_path / "one.mp4").touch()
    one = read_recording(path)
    assert (one.exercise, one.view, one.factors["build"]) == ("overhead-squat", View.FRONT, "heavy")
    assert one.reps[0].truths == {"feet-turn-out": 24.0}


def test_every_key_of_the_example_is_explained() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    data = json.loads(example)
    for key in (*data, *data["reps"][0], "model", "source", "lag_ms"):
        assert f"`{key}`" in DOCUMENT, key


def test_every_factor_that_makes_groups_is_named() -> None:
    for factor in (*PERSON, *PLACE, *CAMERA):
        assert f"`{factor}`" in DOCUMENT, factor
