"""Giving a code at the kiosk: while a result is on its screen, by typing or before the camera, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Forms, Taken
from tests.web.test_share import aged

CODE = "otter maple river 42"


def shown(taken: Taken) -> tuple[str, Forms]:
    key = taken.add()
    taken.show(key)
    return key, taken.own()


def held(taken: Taken, screen: Forms, text: str) -> Any:
    """Press for the camera, hold this QR code before it, and return what the page is told."""
    header = {"X-CSRFToken": screen.token("/code")}
    assert screen.client.post("/code/look", headers=header).status_code == 204
    assert taken.board.wants_code
    taken.board.offer_code(text)
    return screen.client.post("/code/found", headers=header).json


def test_the_page_offers_the_camera_and_keys(taken: Taken) -> None:
    _key, screen = shown(taken)
    page = screen.text("/code")
    assert "Show last time&#39;s QR code" in page or "Show last time's QR code" in page
    assert page.count("data-key=") == 36 + 2


def test_without_a_result_on_the_screen_there_is_nothing_to_give_a_code_for(taken: Taken) -> None:
    taken.show(None)
    answer = taken.own().get("/code")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("address", ["/code", "/code/look", "/code/found"])
def test_a_phone_gives_no_code_here(taken: Taken, address: str) -> None:
    key, _screen = shown(taken)
    phone = taken.phone()
    assert phone.get("/code").status_code == 403
    token = phone.token(f"{taken.link(key)}/keep")
    assert phone.client.post(address, data={"code": CODE, "csrf_token": token}).status_code == 403
    assert not taken.board.wants_code


@pytest.mark.parametrize("address", ["/code", "/code/look", "/code/found"])
def test_a_page_from_elsewhere_gives_no_code_here(taken: Taken, address: str) -> None:
    _key, screen = shown(taken)
    assert screen.client.post(address, data={"code": CODE}).status_code == 400
    assert not taken.board.wants_code


def test_a_typed_code_adds_the_result_and_shows_what_changed(taken: Taken) -> None:
    taken.add(days_ago=20, code=CODE, score=taken.report["score"] | {"low": 40, "high": 50})
    key, screen = shown(taken)
    assert screen.post("/code", code="Otter maple RIVER 42").status_code == 303
    assert taken.store.member_of(key) == taken.member(CODE)
    page = screen.text("/code")
    assert "Added to your course" in page
    assert "40–50 → 72–84" in page
    assert 'class="qr"' in page


def test_the_result_then_says_what_changed_on_this_screen_and_on_no_other(taken: Taken) -> None:
    taken.add(days_ago=20, code=CODE, score=taken.report["score"] | {"low": 40, "high": 50})
    key, screen = shown(taken)
    assert "40–50" not in screen.text(f"/result/{key}?part=1")
    screen.post("/code", code=CODE)
    assert "40–50" in screen.text(f"/result/{key}?part=1")
    assert "40–50" not in taken.own().text(f"/result/{key}?part=1"), "another browser of this machine"
    assert "40–50" not in taken.phone().text(taken.link(key)), "a friend with the link to this result"


def test_a_wrong_code_is_told_and_what_was_typed_stays(taken: Taken) -> None:
    key, screen = shown(taken)
    answer = screen.post("/code", code="otter maple river 43")
    assert answer.status_code == 422
    assert "There is no course with this code." in answer.get_data(as_text=True)
    assert 'value="otter maple river 43"' in answer.get_data(as_text=True)
    assert taken.store.member_of(key) is None


def test_codes_cannot_be_tried_by_the_thousand_at_the_kiosk_either(taken: Taken) -> None:
    _key, screen = shown(taken)
    answers = [screen.post("/code", code=f"otter maple river {n}").status_code for n in range(10, 21)]
    assert answers == [422] * 10 + [429]


# --- before the camera ------------------------------------------------------------------------------------------


def test_the_qr_code_of_a_course_adds_the_result(taken: Taken) -> None:
    taken.add(days_ago=20, code=CODE)
    key, screen = shown(taken)
    assert held(taken, screen, f"http://kiosk.local{taken.course(CODE)}") == {"state": "kept"}
    assert taken.store.member_of(key) == taken.member(CODE)
    assert "What changed since last time" in screen.text("/code")


def test_the_qr_code_of_a_guests_last_result_begins_a_course_of_both(taken: Taken) -> None:
    before = taken.add(days_ago=1)
    key, screen = shown(taken)
    assert held(taken, screen, f"http://kiosk.local{taken.link(before)}") == {"state": "kept"}
    member = taken.store.member_of(key)
    assert member is not None
    assert taken.store.member_of(before) == member


def test_the_link_to_one_result_of_a_course_does_not_open_the_course(taken: Taken) -> None:
    before = taken.add(days_ago=1, code=CODE)
    key, screen = shown(taken)
    told = held(taken, screen, f"http://kiosk.local{taken.link(before)}")
    assert told["state"] == "refused"
    assert "Show the QR code of the course" in told["why"]
    assert taken.store.member_of(key) is None


@pytest.mark.parametrize(
    "text", ["https://elsewhere.example/", "WIFI:S:gym;;", "/m/", "", "http://kiosk.local/m/forged"]
)
def test_other_qr_codes_are_refused_with_why(taken: Taken, text: str) -> None:
    key, screen = shown(taken)
    told = held(taken, screen, text)
    assert told["state"] == "refused"
    assert told["why"]
    assert taken.store.member_of(key) is None


def test_todays_own_qr_code_is_told_apart(taken: Taken) -> None:
    key, screen = shown(taken)
    assert "QR code of today" in held(taken, screen, f"http://kiosk.local{taken.link(key)}")["why"]


def test_an_expired_qr_code_says_what_else_works(taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    link = taken.link(taken.add(days_ago=3))
    _key, screen = shown(taken)
    aged(monkeypatch, 49)
    assert "Type your code" in held(taken, screen, f"http://kiosk.local{link}")["why"]


def test_the_page_is_told_how_the_look_goes(taken: Taken) -> None:
    _key, screen = shown(taken)
    header = {"X-CSRFToken": screen.token("/code")}

    def found() -> Any:
        return screen.client.post("/code/found", headers=header).json["state"]  # type: ignore[index] # an object

    assert found() == "nothing"
    screen.client.post("/code/look", headers=header)
    assert found() == "looking"
    taken.show(None)
    assert found() == "over"
    assert screen.client.post("/code/look", headers=header).status_code == 409
