"""The page by which a camera is put up: own screen only, nothing stored, numbers checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from kiosk.mounting.watching import Sight
from kiosk.web.camera import CameraSide, create_camera_app
from kiosk.web.language import find_languages

STATE: dict[str, Any] = {
    "trouble": "",
    "asked": True,
    "says": "Now stretch both arms up, and hold them there.",
    "step": 1,
    "steps": 3,
    "lines": [{"name": "Tilt", "says": "the camera looks 9° up", "ok": False, "change": "Tilt it down by 7°."}],
}
PICTURE = np.full((36, 64, 3), 120, np.uint8)
FROM_ELSEWHERE = {"REMOTE_ADDR": "192.168.1.7"}


class Page:
    """The application with what it was told."""

    def __init__(self) -> None:
        self.sight = Sight(PICTURE, STATE)
        self.begun: list[tuple[float, float | None]] = []
        self.lens_known = True
        side = CameraSide(lambda: self.sight, lambda *told: self.begun.append(told), lambda: self.lens_known)
        self.app = create_camera_app(side, languages=find_languages())
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.client: FlaskClient = self.app.test_client()

    def begin(self, **form: str) -> int:
        return self.client.post("/camera/begin", data=form, headers={"Sec-Fetch-Site": "same-origin"}).status_code


@pytest.fixture
def page() -> Page:
    return Page()


def test_the_page_shows_what_to_do(page: Page) -> None:
    answer = page.client.get("/camera")
    assert answer.status_code == 200
    assert "Check the mounting" in answer.text
    assert "by tape, in metres, if measured" in answer.text


def test_without_a_known_lens_the_distance_is_required(page: Page) -> None:
    page.lens_known = False
    assert "by tape, in metres\n" in page.client.get("/camera").text
    assert page.begin(stature_m="1.75") == 400
    assert page.begin(stature_m="1.75", distance_m="3,2") == 204
    assert page.begun == [(1.75, 3.2)]


def test_state_and_picture_are_those_of_the_moment(page: Page) -> None:
    state = page.client.get("/camera/state.json").json
    assert state is not None
    assert state["says"] == STATE["says"]
    answer = page.client.get("/camera/picture")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"


def test_before_the_first_picture_there_is_none(page: Page) -> None:
    page.sight = Sight()
    assert page.client.get("/camera/picture").status_code == 204
    assert page.client.get("/camera/state.json").json == {"says": "", "trouble": "", "lines": []}


def test_it_speaks_german(page: Page) -> None:
    state = page.client.get("/camera/state.json?lang=de").json
    assert state is not None
    assert state["says"] == "Strecke jetzt beide Arme hoch und halte sie dort."
    assert state["lines"] == [
        {
            "name": "Neigung",
            "says": "die Kamera blickt 9° nach oben",
            "ok": False,
            "change": "Neige sie um 7° nach unten.",
        }
    ]


@pytest.mark.parametrize("path", ["/camera", "/camera/state.json", "/camera/picture"])
def test_nobody_but_the_own_screen_sees_it(page: Page, path: str) -> None:
    assert page.client.get(path, environ_base=FROM_ELSEWHERE).status_code == 403


def test_nobody_but_the_own_page_begins_a_check(page: Page) -> None:
    form = {"stature_m": "1.75"}
    assert page.client.post("/camera/begin", data=form, environ_base=FROM_ELSEWHERE).status_code == 403
    answer = page.client.post("/camera/begin", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert page.begun == []


def test_a_form_without_its_token_is_refused(page: Page) -> None:
    page.app.config["WTF_CSRF_ENABLED"] = True
    assert page.begin(stature_m="1.75") == 400


@pytest.mark.parametrize("stature", ["", "175", "0.4", "nan", "tall", "1e9"])
def test_a_stature_that_is_none_is_refused(page: Page, stature: str) -> None:
    assert page.begin(stature_m=stature) == 400
    assert page.begun == []


def test_a_known_lens_needs_no_distance(page: Page) -> None:
    assert page.begin(stature_m="1.62", distance_m="") == 204
    assert page.begun == [(1.62, None)]
