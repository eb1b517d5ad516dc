"""The arm64 wheels compute what the native ones do. Only with --arch arm64."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.vision.camera import Image

from .arm64 import Arm64, check_emulator, made
from .clips import CLIPS, ROOT
from .commands import ApplianceError
from .visits import GOLDEN

pytestmark = [pytest.mark.appliance, pytest.mark.arm64]

_MODEL = ROOT / "models/movenet_lightning_int8.tflite"
_PICTURES, _SIDE = 6, 192
#: The score comes from an exponential, whose last bit differs from one processor's library to the next.
_SCORE_BIT = 1.2e-7
_RUN_MODEL = """
import sys
import numpy as np
from ai_edge_litert.interpreter import Interpreter

model, pictures, out = sys.argv[1:]
interpreter = Interpreter(model, num_threads=1)
interpreter.allocate_tensors()
(takes,), (gives,) = interpreter.get_input_details(), interpreter.get_output_details()
found = []
for picture in np.load(pictures):
    interpreter.set_tensor(takes["index"], picture[None].astype(takes["dtype"]))
    interpreter.invoke()
    found.append(interpreter.get_tensor(gives["index"])[0, 0].copy())
np.save(out, found)
"""


@pytest.fixture(scope="session")
def arm64() -> Arm64:
    try:
        return Arm64(made())
    except ApplianceError as error:
        pytest.exit(f"appliance: {error}", returncode=2)


def test_an_emulator_that_computes_garbage_is_refused() -> None:
    with pytest.raises(ApplianceError, match="computes wrong keypoints"):
        check_emulator("qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)")
    with pytest.raises(ApplianceError, match="qemu 10 or newer"):
        check_emulator("")
    check_emulator("qemu-aarch64 version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)")


def test_keypoints_on_arm64_equal_the_native_ones_bit_for_bit(arm64: Arm64, tmp_path: Path) -> None:
    program = tmp_path / "run_model.py"
    program.write_text(_RUN_MODEL)
    # The same pixels for both: decoders of video differ between processors, and are not what is looked at here.
    np.save(tmp_path / "pictures.npy", _pictures(ROOT / CLIPS[1]))
    words = [str(program), str(_MODEL), str(tmp_path / "pictures.npy")]
    subprocess.run([sys.executable, *words, str(tmp_path / "native.npy")], check=True, stderr=subprocess.DEVNULL)
    arm64.python(*words, tmp_path / "arm64.npy")
    native, emulated = np.load(tmp_path / "native.npy"), np.load(tmp_path / "arm64.npy")
    assert native.shape == (_PICTURES, 17, 3)
    # Something was seen, and not the same in every picture.
    assert np.median(native[..., 2]) > 0.2
    assert np.ptp(native[..., 0], axis=0).max() > 0.01
    assert np.array_equal(native[..., :2], emulated[..., :2])
    assert np.abs(native[..., 2] - emulated[..., 2]).max() <= _SCORE_BIT


def test_a_recorded_set_is_judged_on_arm64_as_it_is_here(arm64: Arm64) -> None:
    words = ["-m", "kiosk", "analyze", str(GOLDEN), "--json", "-"]
    here = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    there, native = json.loads(arm64.python(*words)), json.loads(here)
    assert there["exercise"] == native["exercise"] == "incline-push-up"
    assert len(there["reps"]) == len(native["reps"]) >= 3
    assert there["score"] == native["score"]
    for name in ("start_s", "bottom_s", "end_s", "complete"):
        assert [rep[name] for rep in there["reps"]] == [rep[name] for rep in native["reps"]]


def _pictures(clip: Path) -> list[Image]:
    """Return pictures all along a recording, as the model takes them."""
    source, found = cv2.VideoCapture(str(clip)), []
    for number in range(_PICTURES):
        source.set(cv2.CAP_PROP_POS_FRAMES, 90 * number)
        came, picture = source.read()
        assert came
        found.append(cv2.cvtColor(cv2.resize(picture, (_SIDE, _SIDE)), cv2.COLOR_BGR2RGB).astype(np.uint8))
    return found
