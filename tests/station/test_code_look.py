"""Looking for a member's QR code: only when asked, only while a result is shown, now and then, and for a while."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno

from kiosk.station.code_look import LOOK_EVERY_S, CodeLook
from kiosk.station.live import CODE_WANTED_S, LiveBoard
from kiosk.station.visit import State
from kiosk.vision.camera import Frame, Image
from kiosk.vision.qr import QrReader

LINK = "http://192.168.178.24:8080/m/vilpbAfC--6U_bUiRF7Hq1bR.awGrRA.iQbih3W7l-EL6kFYFqf5GA"


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Reader:
    """Finds what it was told to, and counts the looks."""

    def __init__(self, finds: str | None = None) -> None:
        self.finds, self.looks = finds, 0

    def read(self, _image: Image) -> str | None:
        self.looks += 1
        return self.finds


def frame(t_s: float, image: Image | None = None) -> Frame:
    empty = np.zeros((72, 128, 3), np.uint8)
    return Frame(0, t_s, (128, 72), empty if image is None else image, None)


def test_nothing_is_looked_for_unless_somebody_asks() -> None:
    reader, board = Reader(LINK), LiveBoard()
    CodeLook(reader, board).follow(frame(0.0), State.RESULT)
    assert reader.looks == 0
    assert board.take_code() is None


@pytest.mark.parametrize("state", [state for state in State if state is not State.RESULT])
def test_nothing_is_looked_for_unless_a_result_is_shown(state: State) -> None:
    reader, board = Reader(LINK), LiveBoard()
    board.seek_code()
    CodeLook(reader, board).follow(frame(0.0), state)
    assert reader.looks == 0


def test_it_looks_now_and_then_and_not_at_every_frame() -> None:
    reader, board = Reader(), LiveBoard()
    look = CodeLook(reader, board)
    board.seek_code()
    for number in range(31):
        look.follow(frame(number / 30), State.RESULT)
    assert reader.looks == 1 + int(1 / LOOK_EVERY_S)


def test_what_was_found_waits_for_the_page_once_and_ends_the_look() -> None:
    reader, board = Reader(LINK), LiveBoard()
    look = CodeLook(reader, board)
    board.seek_code()
    look.follow(frame(0.0), State.RESULT)
    look.follow(frame(1.0), State.RESULT)
    assert reader.looks == 1
    assert not board.wants_code
    assert board.take_code() == LINK
    assert board.take_code() is None


def test_the_look_ends_by_itself() -> None:
    clock = Clock()
    board = LiveBoard(clock)
    board.seek_code()
    clock.now_s += CODE_WANTED_S
    assert board.wants_code
    clock.now_s += 0.1
    assert not board.wants_code


def test_a_new_look_forgets_what_the_last_one_found() -> None:
    board = LiveBoard()
    board.seek_code()
    board.offer_code("of somebody else")
    board.seek_code()
    assert board.take_code() is None


def test_a_recording_without_pictures_has_nothing_to_look_at() -> None:
    reader, board = Reader(LINK), LiveBoard()
    board.seek_code()
    CodeLook(reader, board).follow(Frame(0, 0.0, (128, 72), None, None), State.RESULT)
    assert reader.looks == 0


# --- the reader -------------------------------------------------------------------------------------------------


def room_with_phone(width_px: int, turned_deg: float = 0.0) -> Image:
    """A camera's picture of a dim room in which somebody holds a phone with a QR code of this width."""
    rng = np.random.default_rng(7)
    room = rng.normal(90, 12, (720, 1280)).clip(0, 255)
    code = np.array(list(segno.make(LINK, error="m").matrix_iter(border=4)))
    shown = cv2.resize((230 - 200 * code).astype(np.uint8), (width_px, width_px), interpolation=cv2.INTER_NEAREST)
    turn = cv2.getRotationMatrix2D((width_px / 2, width_px / 2), turned_deg, 1.0)
    turn[:, 2] += (640 - width_px / 2, 360 - width_px / 2)
    mask = cv2.warpAffine(np.full_like(shown, 255), turn, (1280, 720))
    room = np.where(mask > 127, cv2.warpAffine(shown, turn, (1280, 720)), room).astype(np.uint8)
    return cv2.cvtColor(cv2.GaussianBlur(room, (3, 3), 0.6), cv2.COLOR_GRAY2BGR)


@pytest.mark.parametrize(("width_px", "turned_deg"), [(260, 0.0), (320, 8.0), (420, -15.0)])
def test_the_code_on_a_phone_is_read_from_the_cameras_picture(width_px: int, turned_deg: float) -> None:
    assert QrReader().read(room_with_phone(width_px, turned_deg)) == LINK


def test_a_room_without_a_code_is_none() -> None:
    rng = np.random.default_rng(3)
    assert QrReader().read(rng.integers(0, 255, (480, 640, 3), dtype=np.uint8)) is None
    assert QrReader().read(np.zeros((480, 640, 3), np.uint8)) is None
