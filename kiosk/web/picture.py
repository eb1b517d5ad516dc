"""The camera's picture, made small enough for a page. It goes to the screen and nowhere else."""

from __future__ import annotations

from typing import Any

WIDEST_PX = 960
QUALITY = 75


def as_jpeg(image: Any) -> bytes:
    """Return the JPEG of an image (height, width, 3) uint8, blue-green-red, at most `WIDEST_PX` wide.

    Runs on a thread of the web server; OpenCV leaves the interpreter free to work meanwhile.
    """
    import cv2

    height, width = image.shape[:2]
    if width > WIDEST_PX:
        size = (WIDEST_PX, round(height * WIDEST_PX / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()
