"""Recorded keypoints: what a pose model saw, without the pictures.

A keypoint file is a NumPy ``.npz`` with ``xy`` (T, 17, 2) pixels, ``score`` (T, 17) from 0 to 1, ``t_s`` (T,)
seconds that never fall, and ``size_px`` (2,), width and height of the picture. NaN means "not seen". It may name the
model that found the keypoints: ``model``, a text.
"""

from __future__ import annotations

import math
import os
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import OutputError, SourceError
from kiosk.movement.pose import KEYPOINTS, SEEN_SCORE, PoseTrack
from kiosk.vision.camera import Frame, not_open
from kiosk.vision.files import check_readable

#: The most that one array may take up, as float64: over three hours of xy at 30 frames per second.
_MOST_BYTES = 100_000_000
#: The largest believable picture side; and the farthest that a keypoint may lie, in sides of the picture.
_MOST_PX = 32_768
_FARTHEST = 100
#: The shape of each array, T for the number of frames.
_SHAPES: dict[str, tuple[int | str, ...]] = {
    "xy": ("T", KEYPOINTS, 2),
    "score": ("T", KEYPOINTS),
    "t_s": ("T",),
    "size_px": (2,),
}
#: What a file may hold besides: the name of the model that found the keypoints.
_MODEL = "model.npy"
_LONGEST_NAME_BYTES = 1000
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,  # zipfile's for an encrypted member
    NotImplementedError,  # zipfile's for a compression that it does not know
)


def read_keypoints(path: Path) -> PoseTrack:
    """Return the track in a keypoint file; keypoints with a score below ``SEEN_SCORE`` become NaN.

    Raises SourceError, naming the file and the defect, for everything that is not exactly such a file.
    Nothing in the file is ever executed: arrays of Python objects are refused.
    """
    check_readable(path, "a keypoint")
    if not zipfile.is_zipfile(path):
        raise _wrong(path, "it is not an .npz file, or it was cut off")
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name: _array(path, archive, name) for name in _SHAPES}
    except _BROKEN_ZIP as error:
        raise _wrong(path, "it is damaged or cut off") from error
    return _track(path, arrays)


def _wrong(path: Path, defect: str) -> SourceError:
    return SourceError(f"{path} is not a keypoint file: {defect}. Record it again with kiosk record.")


def _array(path: Path, archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """Return one array, once its header says what it should: nothing large is read before that."""
    member = f"{name}.npy"
    if member not in archive.namelist():
        raise _wrong(path, f"the array {name} is missing")
    with archive.open(member) as file:
        shape, dtype = _header(file)
    if dtype.kind not in "fiu":
        raise _wrong(path, f"the array {name} does not hold numbers")
    wanted = _SHAPES[name]
    if len(shape) != len(wanted) or any(s < 0 or w not in ("T", s) for w, s in zip(wanted, shape, strict=True)):
        text = f"({', '.join(map(str, wanted))}{',' if len(wanted) == 1 else ''})"
        raise _wrong(path, f"the array {name} has the shape {shape} instead of {text}")
    if math.prod(shape) * 8 > _MOST_BYTES:
        raise _wrong(path, f"the array {name} is too large")
    with archive.open(member) as file:
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    return shape, dtype


def _track(path: Path, arrays: dict[str, NDArray[Any]]) -> PoseTrack:
    xy, score, t_s = (arrays[name].astype(np.float64) for name in ("xy", "score", "t_s"))
    frames = len(t_s)
    for name in ("xy", "score"):
        if len(arrays[name]) != frames:
            raise _wrong(path, f"the array {name} has {len(arrays[name])} frames and t_s has {frames}")
    if frames == 0:
        raise _wrong(path, "it holds no frame")
    size_px = _size(path, arrays["size_px"])
    if not np.isfinite(t_s).all() or (np.diff(t_s) < 0).any():
        raise _wrong(path, "the times t_s are not all numbers that never fall")
    # A frame without a person may hold NaN in both.
    score = np.nan_to_num(score, nan=0.0, posinf=np.inf, neginf=-np.inf)
    if (score < 0).any() or (score > 1).any():
        raise _wrong(path, "a score is not between 0 and 1")
    seen = (score >= SEEN_SCORE) & ~np.isnan(xy).any(axis=2)
    if (np.abs(xy[seen]) > _FARTHEST * max(size_px)).any():
        raise _wrong(path, "a keypoint lies far outside the picture, so xy is not in pixels")
    xy[~seen] = np.nan
    return PoseTrack(xy, score, t_s, size_px)


def _size(path: Path, size: NDArray[Any]) -> tuple[int, int]:
    sides = [float(side) for side in size]
    if not all(1 <= side <= _MOST_PX and side == int(side) for side in sides):
        raise _wrong(path, f"the picture size {sides[0]:g} x {sides[1]:g} is not one in whole pixels")
    return int(sides[0]), int(sides[1])


def recorded_with(path: Path) -> str | None:
    """Return the name of the model that found the keypoints of a file; None where it names none, or cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _MODEL not in archive.namelist() or archive.getinfo(_MODEL).file_size > _LONGEST_NAME_BYTES:
                return None
            with archive.open(_MODEL) as file:
                name = np.lib.format.read_array(file, allow_pickle=False)
    except _BROKEN_ZIP:
        return None
    return str(name) if name.shape == () and name.dtype.kind == "U" and str(name) else None


def write_keypoints(path: Path, track: PoseTrack, model: str | None = None) -> None:
    """Write a track as a keypoint file: whole, or not at all; what was there before stays until then.

    ``model`` is what found the keypoints: whoever judges them then knows its errors.
    Raises OutputError where the name does not end in .npz or the place cannot be written.
    """
    if path.suffix.lower() != ".npz":
        raise OutputError(f"{path} cannot be written: the name of a keypoint file ends in .npz.")
    part = path.with_name(f".{os.getpid()}.part")
    try:
        try:
            with part.open("wb") as file:
                np.savez_compressed(
                    file,
                    xy=track.xy,
                    score=track.score,
                    t_s=track.t_s,
                    size_px=np.array(track.size_px, np.int64),
                    model=np.array(model or ""),
                )
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error


def _sync_folder(folder: Path) -> None:
    """Make a renaming in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class KeypointSource:
    """A keypoint file played as a source: frames with a pose and no picture, at the file's own times."""

    live = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._track: PoseTrack | None = None
        self._number = 0
        self.name = path.name
        self.fps = 0.0
        self.frame_count: int | None = None

    @property
    def model(self) -> str | None:
        """What found the keypoints, None where the file does not say."""
        return recorded_with(self._path)

    def open(self) -> None:
        """Read the file. Raises SourceError as `read_keypoints` does."""
        self._track, self._number = read_keypoints(self._path), 0
        self.frame_count = len(self._track)
        lasts_s = float(self._track.t_s[-1] - self._track.t_s[0])
        self.fps = (self.frame_count - 1) / lasts_s if lasts_s > 0 else 0.0

    def read(self) -> Frame | None:
        """Return the next frame, None at the end. Raises SourceError if the file is not open."""
        track, number = self._track, self._number
        if track is None:
            raise not_open(self.name)
        if number == len(track):
            return None
        self._number += 1
        pose = track.pose(number)
        return Frame(number, pose.t_s, track.size_px, None, pose)

    def close(self) -> None:
        """Let go of the recording; harmless when it is not open."""
        self._track = None
