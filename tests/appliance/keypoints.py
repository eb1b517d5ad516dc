"""What the model finds in the same pictures here and on another architecture, and whether that is the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .clips import CLIPS, ROOT

MODEL = ROOT / "models/movenet_lightning_int8.tflite"
#: How many pictures the model looks at, all along a recording.
PICTURES = 6
_SIDE = 192
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


def write_task(folder: Path) -> tuple[Path, Path]:
    """Write a program, whose words are a model, pictures and where its keypoints go, and the pictures for it.

    They are pixels, since decoders of video differ between processors, and are not what is looked at here.
    """
    program, pictures = folder / "run_model.py", folder / "pictures.npy"
    program.write_text(_RUN_MODEL)
    source, found = cv2.VideoCapture(str(ROOT / CLIPS[1])), []
    for number in range(PICTURES):
        source.set(cv2.CAP_PROP_POS_FRAMES, 90 * number)
        came, picture = source.read()
        assert came
        found.append(cv2.cvtColor(cv2.resize(picture, (_SIDE, _SIDE)), cv2.COLOR_BGR2RGB))
    np.save(pictures, np.array(found, np.uint8))
    return program, pictures


def check_same_as_here(program: Path, pictures: Path, there: Path) -> None:
    """Run the program here as well, and compare. Raises AssertionError where a keypoint differs in any bit."""
    here = there.with_name("here.npy")
    words: list[str | Path] = [sys.executable, program, MODEL, pictures, here]
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
    native: NDArray[np.float32] = np.load(here)
    other: NDArray[np.float32] = np.load(there)
    assert native.shape == (PICTURES, 17, 3)
    # Something was seen, and not the same in every picture.
    assert np.median(native[..., 2]) > 0.2
    assert np.ptp(native[..., 0], axis=0).max() > 0.01
    differ = np.count_nonzero(native != other, axis=(0, 1))
    print(f"of {native[..., 0].size} keypoints differ in any bit: y {differ[0]}, x {differ[1]}, score {differ[2]}")
    assert np.array_equal(native[..., :2], other[..., :2])
    assert np.abs(native[..., 2] - other[..., 2]).max() <= _SCORE_BIT
