"""What the virtual camera plays: the recordings of the demo, as raw pictures of 320 x 240."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
CLIPS = tuple(f"kiosk/demo/{name}.mp4" for name in ("incline_push_up_side", "overhead_squat_front"))
WIDTH, HEIGHT, FPS = 320, 240, 5


def yuyv(picture: NDArray[np.uint8]) -> bytes:
    """Return a blue-green-red picture as a camera sends it: brightness of every pixel, colour of every second."""
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    brightness, blue, red = cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2YUV))
    packed = np.empty((HEIGHT, WIDTH, 2), np.uint8)
    packed[..., 0] = brightness
    packed[:, 0::2, 1], packed[:, 1::2, 1] = blue[:, 0::2], red[:, 0::2]
    return packed.tobytes()


def write_clips(folder: Path) -> None:
    """Write every clip and the empty room into a folder, as guest/feeder.py reads them."""
    folder.mkdir(parents=True)
    for clip in CLIPS:
        source = cv2.VideoCapture(str(ROOT / clip))
        every = source.get(cv2.CAP_PROP_FPS) / FPS
        with (folder / f"{Path(clip).stem}.yuyv").open("wb") as out:
            number, due = 0, 0.0
            while (read := source.read())[0]:
                if number >= due:
                    out.write(yuyv(np.asarray(read[1], np.uint8)))
                    due += every
                number += 1
    (folder / "room.yuyv").write_bytes(yuyv(room()))
    (folder / "room.txt").write_text(f"{WIDTH} {HEIGHT} {FPS}\n")


def room() -> NDArray[np.uint8]:
    """Return an empty room: a wall and a floor, and a camera's noise, since an even picture is no picture."""
    noise = np.random.default_rng(6)
    picture = np.full((HEIGHT, WIDTH, 3), 120.0)
    picture[2 * HEIGHT // 3 :] = 80.0
    return np.clip(picture + noise.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
