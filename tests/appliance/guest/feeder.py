"""Test only: the lens of the virtual camera. Plays clips of raw pictures into a v4l2loopback device.

    feeder.py DEVICE FOLDER CHOICE

A clip NAME.yuyv in FOLDER is raw YUYV; NAME.txt beside it says "width height fps". CHOICE is a file that holds the
name of the clip to play; while it is missing, or when a clip has ended, the camera sees the empty room, `room`: seldom,
since a machine that has nothing to infer is not slowed, but more often than the kiosk forgets what it saw.
"""

from __future__ import annotations

import fcntl
import os
import struct
import sys
import time
from pathlib import Path

_VIDIOC_S_FMT = 0xC0D05605
_OUTPUT, _PROGRESSIVE, _SRGB = 2, 1, 8
_ROOM_S = 1.4
_YUYV = int.from_bytes(b"YUYV", "little")


def set_format(device: int, width: int, height: int) -> None:
    """Say what comes: a struct v4l2_format with its struct v4l2_pix_format."""
    picture = struct.pack("<8I", width, height, _YUYV, _PROGRESSIVE, 2 * width, 2 * width * height, _SRGB, 0)
    fcntl.ioctl(device, _VIDIOC_S_FMT, bytearray(struct.pack("<II", _OUTPUT, 0) + picture.ljust(200, b"\0")))


def main(path: str, folder: Path, choice: Path) -> None:
    device = os.open(path, os.O_RDWR)
    width, height, fps = map(int, (folder / "room.txt").read_text().split())
    set_format(device, width, height)
    size = 2 * width * height
    room = (folder / "room.yuyv").read_bytes()[:size]
    playing, clip = "", None
    due_s = time.monotonic()
    while True:
        wanted = choice.read_text().strip() if choice.exists() else ""
        if wanted != playing:
            playing, clip = wanted, (folder / f"{wanted}.yuyv").open("rb", buffering=0) if wanted else None
        picture = clip.read(size) if clip else room
        if len(picture or b"") < size:
            choice.unlink(missing_ok=True)
            playing, clip, picture = "", None, room
        os.write(device, picture)
        due_s = max(due_s + (1 / fps if clip else _ROOM_S), time.monotonic())
        while time.monotonic() < due_s and (clip or not choice.exists()):
            time.sleep(min(0.05, max(0.0, due_s - time.monotonic())))


main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
