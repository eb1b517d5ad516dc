"""The page by which a camera is put up, in a real browser: the picture is drawn, the check is begun and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from kiosk.mounting.watching import Sight
from kiosk.web.camera import CameraSide, create_camera_app
from kiosk.web.language import find_languages
from kiosk.web.server import Server, serve

from .axe import violations
from .conftest import SIZES, Screen

GREEN = np.full((360, 640, 3), (40, 160, 40), np.uint8)
LINES = [
    {"name": "Height", "says": "the lens is 1.05 m over the floor", "ok": True, "change": ""},
    {"name": "Tilt", "says": "the camera looks 9° up", "ok": False, "change": "Tilt it down by 7°."},
]


class Station:
    """The page, served, with what it was told."""

    def __init__(self) -> None:
        self.begun: list[tuple[float, float | None]] = []
        self.sight = Sight(GREEN, self.state())
        side = CameraSide(lambda: self.sight, self.begin, lambda: True)
        self.server: Server = serve(create_camera_app(side, languages=find_languages()), "127.0.0.1", 0)
        self.url = f"{self.server.url}camera"

    def state(self, **now: Any) -> dict[str, Any]:
        keypoints = [[0.5 + 0.02 * (k % 2), 0.2 + 0.04 * k] for k in range(17)]
        quiet = {"trouble": "", "asked": False, "says": "", "step": 0, "steps": 3, "held": 0.0, "lines": []}
        measured = {"brightness": 120, "focus": 0.82, "fps": 29.9, "size_px": [640, 360], "keypoints": keypoints}
        return quiet | measured | now

    def begin(self, stature_m: float, distance_m: float | None) -> None:
        self.begun.append((stature_m, distance_m))
        self.sight = Sight(GREEN, self.state(asked=True, says="Now stretch both arms up, and hold them there.", step=1))


@pytest.fixture
def station() -> Iterator[Station]:
    made = Station()
    yield made
    made.server.close()


def pixel(screen: Screen, x: float, y: float) -> list[int]:
    script = "([x, y]) => { const c = document.getElementById('sight');"
    script += "return Array.from(c.getContext('2d').getImageData(x * c.width, y * c.height, 1, 1).data); }"
    found: list[int] = screen.page.evaluate(script, [x, y])
    return found


def test_picture_meters_and_the_check_are_shown(station: Station, open_page: Callable[..., Screen]) -> None:
    screen = open_page(station.url, "kiosk")
    screen.shows("#focus-word", "82 %")
    screen.shows("#fps", "29.9")
    red, green, blue, _ = pixel(screen, 0.25, 0.5)
    assert green > red + 50
    assert green > blue + 50
    screen.page.fill("[name=stature_m]", "1.82")
    screen.page.click("form button")
    screen.shows("#says", "Now stretch both arms up, and hold them there.")
    assert station.begun == [(1.82, None)]
    station.sight = Sight(GREEN, station.state(asked=True, says="Done. Thank you.", step=3, lines=LINES))
    screen.says("#lines li:first-child", "Tilt it down by 7°.")
    screen.says("#lines li:last-child", "Height")
    assert violations(screen.page) == []
    assert screen.complaints == []
    screen.keep("camera-check-kiosk")


def test_a_lost_camera_is_told(station: Station, open_page: Callable[..., Screen]) -> None:
    screen = open_page(station.url, "kiosk")
    screen.shows("#fps", "29.9")
    station.sight = Sight(None, {"trouble": "Camera /dev/video0 is missing: plug it in."})
    screen.shows("#trouble", "Camera /dev/video0 is missing: plug it in.")


@pytest.mark.parametrize("size", SIZES)
def test_it_fits_every_screen(station: Station, open_page: Callable[..., Screen], size: str) -> None:
    screen = open_page(station.url, size)
    screen.shows("#fps", "29.9")
    assert screen.sideways_px() == 0
