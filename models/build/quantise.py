"""Quantise a float32 MoveNet to int8; the arithmetic before and behind the network stays float.

Needs litert-quantizer, and scikit-image for the pictures that the ranges are taken from.
"""

from __future__ import annotations

import importlib
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from numpy.typing import NDArray

from models.build.graph import BuildError

Image = NDArray[np.uint8]

#: Layers that become int8, as patterns on the names of their results.
#: int8: the feature extractor and the four heads.
#: int8mix: the feature extractor without its first blocks and its last, finest level; the heads stay float.
#: That halves the error for a quarter of the speed (README.md).
LAYERS = {
    "int8": r".*(feature_extractor|center_0|kpt_heatmap_0|kpt_regress_0|kpt_offset_0).*",
    "int8mix": (
        r"^(?!.*(conv2d_3|add_2|separable_conv2d_2|re_lu_2|center_0|kpt_heatmap_0|kpt_regress_0|kpt_offset_0"
        r"|expanded_conv_|Conv1|block_1_|block_2_)).*(feature_extractor).*"
    ),
}
OPERATIONS = ("CONV_2D", "DEPTHWISE_CONV_2D", "ADD", "RESIZE_BILINEAR")
BITS = 8

#: Pictures that lie in the scikit-image wheel itself: no download, the same for everybody.
PICTURES = ("astronaut", "camera", "coffee", "chelsea", "rocket")
FRAMES = 128
SEED = 7


def quantise(float_model: bytes, layers: str) -> bytes:
    """Return the int8 model of a float32 one; ``layers`` is a key of `LAYERS`.

    Raises `BuildError` where litert-quantizer or scikit-image is not installed.
    """
    quantizer = _needed("litert_quantizer.quantizer")
    names = _needed("litert_quantizer.qtyping").TFLOperationName
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "float32.tflite"
        path.write_bytes(float_model)
        interpreter = _interpreter(path)
        side_px = int(interpreter.get_input_details()[0]["shape"][1])
        frames = list(calibration_frames(side_px, pictures()))
        work = quantizer.Quantizer(str(path))
        for operation in OPERATIONS:
            work.add_static_config(LAYERS[layers], getattr(names, operation), BITS, BITS)
        # One frame makes the table of tensors; the ranges in it are then replaced.
        ranges = work.calibrate({"serving_default": [{"input": frames[0]}]}, num_threads=1)
        set_ranges(ranges, interpreter, frames)
        return bytes(work.quantize(ranges).quantized_model)


def _needed(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise BuildError(
            f"Quantising needs {module.partition('.')[0]}: pip install litert-quantizer scikit-image."
        ) from error


def pictures() -> list[Image]:
    """Return the pictures for the calibration, RGB, each (height, width, 3)."""
    data = _needed("skimage.data")
    found = [np.asarray(getattr(data, name)(), np.uint8) for name in PICTURES]
    return [np.stack([image] * 3, -1) if image.ndim == 2 else image[..., :3] for image in found]


def calibration_frames(side_px: int, images: Sequence[Image], count: int = FRAMES, seed: int = SEED) -> Iterator[Image]:
    """Yield random turns, zooms, shifts, mirrors and gains of the images, each (1, side, side, 3).

    The same arguments give the same frames.
    """
    random = np.random.default_rng(seed)
    for number in range(count):
        square = _padded(images[number % len(images)])
        middle = square.shape[0] / 2
        zoom = random.uniform(0.6, 1.6)
        # Drawn in the order zoom, turn, shift, mirror, gain: another order gives other frames from the seed.
        warp = cv2.getRotationMatrix2D((middle, middle), random.uniform(-15, 15), side_px / (2 * middle) * zoom)
        warp[:, 2] += side_px / 2 - middle + random.uniform(-0.12, 0.12, 2) * side_px
        view = cv2.warpAffine(square, warp, (side_px, side_px), flags=cv2.INTER_LINEAR)
        if random.random() < 0.5:
            view = view[:, ::-1]
        bright = view.astype(np.float32) * random.uniform(0.5, 1.3)
        yield np.clip(bright, 0, 255).astype(np.uint8)[None]


def _padded(image: Image) -> Image:
    height, width = image.shape[:2]
    side = max(height, width)
    square = np.zeros((side, side, 3), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = image
    return square


def set_ranges(ranges: Mapping[str, Any], interpreter: Any, frames: Iterable[Image]) -> None:
    """Set each tensor's range to the whole one over all frames, in place.

    The quantiser would average the ranges of the frames, which clips bright pictures and high scores.
    ``interpreter`` keeps all its tensors.
    """
    lows: dict[str, float] = {}
    highs: dict[str, float] = {}
    picture = interpreter.get_input_details()[0]["index"]
    details = [
        detail
        for detail in interpreter.get_tensor_details()
        if detail["name"] in ranges and detail["dtype"] == np.float32
    ]
    for frame in frames:
        interpreter.set_tensor(picture, frame)
        interpreter.invoke()
        for detail in details:
            name, values = detail["name"], interpreter.get_tensor(detail["index"])
            lows[name] = min(lows.get(name, np.inf), values.min())
            highs[name] = max(highs.get(name, -np.inf), values.max())
    for name, low in lows.items():
        entry = ranges[name]
        entry["min"] = np.asarray(low, np.float32).reshape(np.shape(entry["min"]))
        entry["max"] = np.asarray(highs[name], np.float32).reshape(np.shape(entry["max"]))


def _interpreter(path: Path) -> Any:
    with warnings.catch_warnings():
        # It warns that keeping all tensors costs memory; their values are what is wanted here.
        warnings.simplefilter("ignore", UserWarning)
        interpreter = Interpreter(
            model_path=str(path),
            num_threads=1,
            experimental_preserve_all_tensors=True,
            experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        )
    interpreter.allocate_tensors()
    return interpreter
