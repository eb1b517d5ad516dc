"""Small recordings of known content, made on the spot."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np

from kiosk.movement.pose import PoseTrack
from kiosk.vision.camera import Image

WIDTH, HEIGHT = 64, 48


def grey(number: int) -> int:
    """The brightness of the frame with this number in every recording here."""
    return 20 + 10 * number


def picture(number: int, size_px: tuple[int, int] = (WIDTH, HEIGHT)) -> Image:
    return np.full((size_px[1], size_px[0], 3), grey(number), np.uint8)


def write_video(path: Path, frames: int, fps: float = 20.0, codec: str = "mp4v") -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (WIDTH, HEIGHT))
    assert writer.isOpened()
    for number in range(frames):
        writer.write(picture(number))
    writer.release()
    return path


def write_noise_avi(path: Path, frames: int) -> Path:
    """A video whose frames are big, so that half of the file holds about half of them."""
    random = np.random.default_rng(1)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20.0, (WIDTH, HEIGHT))
    for _ in range(frames):
        writer.write(random.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8))
    writer.release()
    return path


def turn_a_quarter(video: Path) -> None:
    """Set the rotation in the track header of an mp4: its matrix stands 40 bytes behind the name."""
    data = bytearray(video.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    one = 0x10000
    data[matrix : matrix + 36] = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 0x40000000)
    video.write_bytes(data)


def write_gif(path: Path, durations_s: list[float]) -> Path:
    """A GIF of grey frames, each shown for its own time: written by hand, as not every OpenCV writes GIFs.

    Its pixels are stored as plain 8-bit codes; a "clear" code every 120 keeps the codes from growing longer.
    """
    palette = b"".join(bytes((2 * level,) * 3) for level in range(128))
    data = b"GIF89a" + struct.pack("<HHBBB", WIDTH, HEIGHT, 0xF6, 0, 0) + palette
    for number, duration_s in enumerate(durations_s):
        codes = bytes([0x80]) + (bytes([grey(number) // 2]) * 120 + bytes([0x80])) * (WIDTH * HEIGHT // 120)
        codes += bytes([grey(number) // 2]) * (WIDTH * HEIGHT % 120) + bytes([0x81])
        data += b"\x21\xf9\x04\x00" + struct.pack("<H", round(100 * duration_s)) + b"\x00\x00"
        data += b"\x2c" + struct.pack("<HHHHB", 0, 0, WIDTH, HEIGHT, 0) + b"\x07"
        for start in range(0, len(codes), 255):
            block = codes[start : start + 255]
            data += bytes([len(block)]) + block
        data += b"\x00"
    path.write_bytes(data + b"\x3b")
    return path


def some_track(frames: int = 6, fps: float = 10.0) -> PoseTrack:
    """A track of well-seen keypoints inside a 640 x 480 picture."""
    random = np.random.default_rng(2)
    return PoseTrack(
        random.uniform(0, 480, (frames, 17, 2)),
        random.uniform(0.5, 1, (frames, 17)),
        np.arange(frames) / fps,
        (640, 480),
    )
