"""The second model as a file: what goes in and what comes out."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.vision.blazepose import POINTS, SIDE_PX, BlazePose
from kiosk.vision.models import find_detail_model, find_model, models_dir


@pytest.fixture(scope="module")
def model() -> BlazePose:
    return BlazePose(find_detail_model(models_dir()).path)


def test_an_empty_picture_holds_nobody(model: BlazePose) -> None:
    body = model.infer(np.full((SIDE_PX, SIDE_PX, 3), 120, np.uint8))
    assert body.presence < 0.5
    assert body.xy.shape == (POINTS, 2)
    assert body.visibility.shape == (POINTS,)
    assert body.visibility.min() >= 0
    assert body.visibility.max() <= 1
    assert body.mask.shape == (SIDE_PX, SIDE_PX)


def test_what_was_seen_stays_when_the_next_picture_is_looked_at(model: BlazePose) -> None:
    before = model.infer(np.full((SIDE_PX, SIDE_PX, 3), 120, np.uint8))
    mask, xy = before.mask.copy(), before.xy.copy()
    model.infer(np.random.default_rng(1).integers(0, 256, (SIDE_PX, SIDE_PX, 3)).astype(np.uint8))
    assert np.array_equal(before.mask, mask)
    assert np.array_equal(before.xy, xy)


def test_a_model_of_another_kind_is_refused() -> None:
    with pytest.raises(ModelError, match=r"is not a BlazePose landmark model: it takes \(1, 192, 192, 3\)"):
        BlazePose(find_model("lightning_int8", models_dir()).path)


def test_a_file_that_is_no_model_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bad") / "bad.tflite"
    path.write_bytes(b"no model at all")
    with pytest.raises(ModelError, match="cannot be run"):
        BlazePose(path)
