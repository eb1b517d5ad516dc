"""Looking for the QR code of a member's course, while a page asks for it and a result is on the screen."""

from __future__ import annotations

import math
from typing import Protocol

from kiosk.station.live import LiveBoard
from kiosk.station.visit import State
from kiosk.vision.camera import Frame, Image

#: A look takes longer than a frame; in between the loop goes on as ever.
LOOK_EVERY_S = 0.3


class Reader(Protocol):
    """What is needed of `kiosk.vision.qr.QrReader`."""

    def read(self, image: Image) -> str | None:
        """Return what stands in a QR code in the picture, None where there is none."""


class CodeLook:
    """Hands what the reader finds to the board. It costs a scan nothing: then it does not look."""

    def __init__(self, reader: Reader, board: LiveBoard) -> None:
        self._reader, self._board = reader, board
        self._looked_s = -math.inf

    def follow(self, frame: Frame, state: State) -> None:
        """Look at a frame, if somebody waits for a code, and the last look was long enough ago."""
        if state is not State.RESULT or frame.image is None or not self._board.wants_code:
            return
        if frame.t_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = frame.t_s
        text = self._reader.read(frame.image)
        if text is not None:
            self._board.offer_code(text)
