"""A picture goes in, a pose comes out: on the shipped models, and on interpreters under the test's control."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kiosk.errors import ModelError
from kiosk.movement.pose import KEYPOINTS, Keypoint
from kiosk.vision import movenet as movenet_module
from kiosk.vision.crop import Square, whole_picture
from kiosk.vision.movenet import RUNTIMES, MoveNet, load_interpreter
from tests.people import demo

from ..demo_recordings import PUSH_UP, SQUAT_FRONT, SQUAT_SIDE, clip, model
from .fake_model import FakeInterpreter, movenet

PICTURE = np.zeros((480, 640, 3), np.uint8)


def frames(name: str, every: int) -> Iterator[tuple[int, np.ndarray]]:
    video = clip(name)
    video.open()
    number = 0
    while (frame := video.read()) is not None and frame.image is not None:
        if number % every == 0:
            yield number, frame.image
        number += 1
    video.close()


# -- the shipped models ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "every"), [("lightning_f16", 15), ("thunder_f16", 30)])
@pytest.mark.parametrize("recording", [SQUAT_FRONT, SQUAT_SIDE, PUSH_UP])
def test_keypoints_agree_with_the_truth_of_the_demo_clips(recording: str, name: str, every: int) -> None:
    truth = demo.truth_of_clip(recording).xy
    net, off = MoveNet(model(name)), []
    for number, image in frames(recording, every):
        true = truth[number]
        torso = np.hypot(*(true[[5, 6]].mean(axis=0) - true[[11, 12]].mean(axis=0)))
        off.append(np.hypot(*(net.estimate(image, number / 30).xy - true).T) / torso)
    seen = np.array(off)[~np.isnan(off)]
    # In torso lengths; 0.08 of one is 6 pixels here.
    assert np.median(seen) < 0.08
    assert np.percentile(seen, 90) < 0.18
    # The far limbs of someone seen from the side come and go.
    assert len(seen) > 0.85 * np.size(off)


def test_a_shipped_model_sees_a_person_as_a_pose_in_pixels() -> None:
    _, image = next(frames(SQUAT_FRONT, 1))
    pose = MoveNet(model("lightning_f16")).estimate(image, 2.5)
    assert (pose.t_s, pose.size_px, pose.xy.shape) == (2.5, (640, 480), (KEYPOINTS, 2))
    assert pose.point(Keypoint.LEFT_ANKLE)[1] > pose.point(Keypoint.NOSE)[1] + 100
    # Face to face, the person's left is at the right of the picture.
    assert pose.point(Keypoint.LEFT_SHOULDER)[0] > pose.point(Keypoint.RIGHT_SHOULDER)[0]


@pytest.mark.parametrize("name", ["lightning_f16", "lightning_int8", "lightning_int8mix"])
def test_in_an_empty_room_a_shipped_model_sees_nobody(name: str) -> None:
    pose = MoveNet(model(name)).estimate(np.full((480, 640, 3), 96, np.uint8), 0.0)
    assert np.isnan(pose.xy).all()


def test_the_tracking_crop_follows_and_sharpens() -> None:
    net = MoveNet(model("lightning_f16"))
    squares = []
    for number, image in frames(SQUAT_FRONT, 40):
        pose = net.estimate(image, number / 30)
        squares.append((net.square, pose.point(Keypoint.LEFT_HIP)))
    assert all(square is not None and square.side <= 640 for square, _ in squares)
    for square, hip in squares:
        assert square is not None
        assert square.left + square.side / 2 == pytest.approx(hip[0], abs=30)


def test_a_reset_goes_back_to_the_whole_picture() -> None:
    net = MoveNet(model("lightning_f16"))
    _, image = next(frames(SQUAT_FRONT, 1))
    first = net.estimate(image, 0.0)
    assert net.square is not None
    net.reset()
    assert net.square is None
    assert np.array_equal(net.estimate(image, 0.0).xy, first.xy, equal_nan=True)


def test_without_the_crop_each_picture_is_seen_as_if_it_were_the_first() -> None:
    net = MoveNet(model("lightning_f16"), crop=False)
    _, image = next(frames(SQUAT_FRONT, 1))
    first = net.estimate(image, 0.0).xy
    assert np.array_equal(net.estimate(image, 0.1).xy, first, equal_nan=True)
    assert net.square is None


def test_more_threads_give_the_same_keypoints() -> None:
    _, image = next(frames(SQUAT_FRONT, 1))
    one, two = (MoveNet(model("lightning_f16"), threads=n).estimate(image, 0.0).xy for n in (1, 2))
    assert np.allclose(one, two, atol=0.1, equal_nan=True)


# -- what goes in and out of the interpreter ---------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.int32])
def test_the_picture_goes_in_as_the_model_wants_it_as_values_from_0_to_255(
    monkeypatch: pytest.MonkeyPatch, dtype: type
) -> None:
    fake = FakeInterpreter(dtype=dtype)
    movenet(monkeypatch, fake).estimate(np.full((480, 480, 3), (10, 120, 250), np.uint8), 0.0)
    assert fake.shown[0].dtype == dtype
    # Blue-green-red in, red-green-blue to the model.
    assert fake.shown[0][0, 96, 96].tolist() == [250, 120, 10]


@pytest.mark.parametrize("side", [192, 256])
def test_the_square_has_the_models_own_size(monkeypatch: pytest.MonkeyPatch, side: int) -> None:
    fake = FakeInterpreter(side)
    net = movenet(monkeypatch, fake)
    net.estimate(PICTURE, 0.0)
    assert net.side_px == side
    assert fake.shown[0].shape == (1, side, side, 3)


def test_a_quantised_output_is_taken_back_to_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeInterpreter(quantised=(1 / 255, 0))
    fake.found = np.tile([0.25, 0.75, 0.8], (KEYPOINTS, 1))
    found = movenet(monkeypatch, fake).infer(np.zeros((192, 192, 3), np.uint8))
    assert found == pytest.approx(np.tile([0.25, 0.75, 0.8], (KEYPOINTS, 1)), abs=0.003)


def test_a_quantised_output_with_an_offset_too(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeInterpreter(quantised=(1 / 200, 20))
    found = movenet(monkeypatch, fake).infer(np.zeros((192, 192, 3), np.uint8))
    assert found == pytest.approx(np.full((KEYPOINTS, 3), 0.5), abs=0.003)


def test_y_and_x_of_the_model_become_x_and_y_in_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeInterpreter()
    fake.found = np.tile([0.5, 0.25, 0.9], (KEYPOINTS, 1))
    pose = movenet(monkeypatch, fake).estimate(PICTURE, 0.0)
    # The whole picture of 640 x 480 is seen in a square of 640 that begins 80 above it.
    assert tuple(pose.point(0)) == (160.0, 240.0)


def test_a_keypoint_with_a_low_score_is_not_seen_and_its_score_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeInterpreter()
    fake.found[3, 2] = 0.29
    fake.found[4, 2] = 0.31
    pose = movenet(monkeypatch, fake).estimate(PICTURE, 0.0)
    assert not pose.sees(3)
    assert pose.sees(4)
    assert pose.score[3] == pytest.approx(0.29)


@pytest.mark.parametrize(
    "fake",
    [
        FakeInterpreter(shape=(1, 192, 256, 3)),
        FakeInterpreter(shape=(1, 192, 192, 1)),
        FakeInterpreter(shape=(192, 192, 3)),
        FakeInterpreter(points=33),
    ],
    ids=["not square", "grey", "no batch", "33 keypoints"],
)
def test_another_kind_of_model_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch, fake: FakeInterpreter) -> None:
    with pytest.raises(ModelError, match=r"fake\.tflite is not a MoveNet single-pose model"):
        movenet(monkeypatch, fake)


# -- the way from the picture to the square and back -------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    st.sampled_from([(640, 480), (480, 640), (1280, 720), (321, 243)]),
    st.integers(40, 1280),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)),
)
def test_a_dot_is_seen_where_the_way_back_says(
    monkeypatch: pytest.MonkeyPatch,
    size_px: tuple[int, int],
    side: int,
    corner: tuple[float, float],
    spot: tuple[float, float],
) -> None:
    """Within half a pixel of the model's square, whatever the square."""
    width, height = size_px
    side = min(side, max(size_px))
    square = Square(round(corner[0] * width - side / 2), round(corner[1] * height - side / 2), side)
    x, y = square.left + spot[0] * side, square.top + spot[1] * side
    # The dot is large enough to survive a picture that is made smaller, and wholly in the picture.
    radius = max(4, round(6 * side / 192))
    assume(radius < x < width - radius - 1 and radius < y < height - radius - 1)
    assume(radius < x - square.left < side - radius and radius < y - square.top < side - radius)
    image = np.zeros((height, width, 3), np.uint8)
    left, top = round(x) - radius, round(y) - radius
    image[top : top + 2 * radius, left : left + 2 * radius] = 255
    net = movenet(monkeypatch, FakeInterpreter())
    seen = net.look(image, square)[:, :, 0].astype(float)
    middles = np.arange(192) + 0.5
    found = np.array([(seen.sum(axis=0) @ middles), (seen.sum(axis=1) @ middles)]) / seen.sum()
    back = found / 192 * square.side + (square.left, square.top)
    assert np.abs(back - (left + radius, top + radius)).max() <= 0.5 * square.side / 192 + 1e-6


def test_what_lies_outside_the_picture_is_black(monkeypatch: pytest.MonkeyPatch) -> None:
    net = movenet(monkeypatch, FakeInterpreter())
    seen = net.look(np.full((480, 640, 3), 200, np.uint8), whole_picture((640, 480)))
    assert (seen[:24] == 0).all()
    assert (seen[-24:] == 0).all()
    assert (seen[24:-24] == 200).all()


def test_nothing_of_the_last_picture_is_left_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    net = movenet(monkeypatch, FakeInterpreter())
    net.look(np.full((480, 480, 3), 255, np.uint8), Square(0, 0, 480))
    assert (net.look(PICTURE, Square(-300, -300, 400)) == 0).all()


def test_a_square_beside_the_picture_is_black(monkeypatch: pytest.MonkeyPatch) -> None:
    net = movenet(monkeypatch, FakeInterpreter())
    assert (net.look(np.full((480, 640, 3), 255, np.uint8), Square(700, 0, 100)) == 0).all()


def test_the_picture_itself_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.random.default_rng(1).integers(0, 255, (192, 192, 3), dtype=np.uint8)
    before = image.copy()
    movenet(monkeypatch, FakeInterpreter()).estimate(image, 0.0)
    assert np.array_equal(image, before)


# -- the runtime -------------------------------------------------------------------------------------------------


class FakeRuntimes:
    """Stands in for importlib: some runtimes are installed, others not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *installed: str, fault: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.made: list[dict[str, Any]] = []
        self._installed, self._fault = installed, fault
        monkeypatch.setattr(movenet_module, "importlib", SimpleNamespace(import_module=self.import_module))

    def import_module(self, name: str) -> SimpleNamespace:
        self.asked.append(name)
        if name not in self._installed:
            raise ImportError(f"No module named {name!r}")
        return SimpleNamespace(Interpreter=lambda **options: self._make(name, options))

    def _make(self, name: str, options: dict[str, Any]) -> FakeInterpreter:
        if self._fault is not None:
            raise self._fault
        self.made.append({"runtime": name, **options})
        return FakeInterpreter()


def test_the_newer_runtime_is_taken_where_both_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    runtimes = FakeRuntimes(monkeypatch, *RUNTIMES)
    load_interpreter(Path("a.tflite"), 1)
    assert runtimes.asked == ["ai_edge_litert.interpreter"]


def test_the_older_runtime_is_the_fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    runtimes = FakeRuntimes(monkeypatch, "tflite_runtime.interpreter")
    load_interpreter(Path("a.tflite"), 1)
    assert runtimes.asked == ["ai_edge_litert.interpreter", "tflite_runtime.interpreter"]
    assert runtimes.made[0]["runtime"] == "tflite_runtime.interpreter"


def test_without_a_runtime_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeRuntimes(monkeypatch)
    with pytest.raises(ModelError, match=r"No TFLite runtime is installed\. Install ai-edge-litert"):
        load_interpreter(Path("a.tflite"), 1)


@pytest.mark.parametrize("threads", [1, 3])
def test_file_and_threads_are_passed_on(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    runtimes = FakeRuntimes(monkeypatch, *RUNTIMES)
    MoveNet(Path("a.tflite"), threads=threads)
    assert runtimes.made == [{"runtime": RUNTIMES[0], "model_path": "a.tflite", "num_threads": threads}]


@pytest.mark.parametrize("fault", [ValueError("not a flatbuffer"), RuntimeError("unknown operator")])
def test_a_file_that_cannot_be_run_is_named_with_the_reason(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    FakeRuntimes(monkeypatch, *RUNTIMES, fault=fault)
    with pytest.raises(ModelError, match=f"a.tflite cannot be run by ai_edge_litert: {fault}"):
        load_interpreter(Path("a.tflite"), 1)


def test_a_real_runtime_refuses_a_file_of_another_kind(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tflite"
    broken.write_bytes(b"this is no model" * 100)
    with pytest.raises(ModelError, match=r"broken\.tflite cannot be run"):
        MoveNet(broken)
