"""The live page, its stream, commands and the picture, through Flask's own client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from kiosk.station.live import LiveBoard, LiveView

PHONE = {"REMOTE_ADDR": "192.168.1.20"}


def events(answer: Response) -> Iterator[dict[str, str]]:
    """The events of a stream as dicts of their fields; comments under the empty name."""
    for block in answer.iter_encoded():
        yield dict(line.split(": ", 1) for line in block.decode().strip().split("\n"))


def test_the_page_says_starting_before_anything_was_published(client: FlaskClient) -> None:
    assert "Starting …" in client.get("/").get_data(as_text=True)


def test_the_newest_view_is_there_as_json(client: FlaskClient, board: LiveBoard, view: Callable[..., LiveView]) -> None:
    board.publish(view(7, reps=4))
    answer = client.get("/live.json")
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    assert (answer.json["sequence"], answer.json["reps"]) == (7, 4)


def test_the_stream_sends_what_stands_and_then_each_newer_view(
    client: FlaskClient, board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    board.publish(view(7))
    with client.get("/live") as answer:
        assert answer.mimetype == "text/event-stream"
        stream = events(answer)
        assert next(stream) == {"retry": "1000"}
        first = next(stream)
        assert first["id"] == "7"
        board.publish(view(9, instruction="Turn\nto the side"))
        second = next(stream)
        assert second["id"] == "9"
        assert json.loads(second["data"])["instruction"] == "Turn\nto the side"


def test_the_first_view_of_a_station_that_has_just_started_is_sent_too(client: FlaskClient) -> None:
    with client.get("/live") as answer:
        stream = events(answer)
        next(stream)
        assert next(stream)["id"] == "0"


def test_streams_beyond_the_limit_are_asked_to_come_back(make_app: Callable[..., Flask]) -> None:
    client = make_app(max_streams=2).test_client()
    first, second = client.get("/live"), client.get("/live")
    refused = client.get("/live")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    first.close()
    with client.get("/live") as third:
        assert third.status_code == 200
    second.close()


def test_phones_leave_the_last_stream_to_the_kiosks_own_screen(make_app: Callable[..., Flask]) -> None:
    client = make_app(max_streams=2).test_client()
    with client.get("/live", environ_overrides=PHONE):
        assert client.get("/live", environ_overrides=PHONE).status_code == 503
        with client.get("/live") as own:
            assert own.status_code == 200


def test_a_question_about_the_stream_takes_no_place(make_app: Callable[..., Flask]) -> None:
    client = make_app(max_streams=1).test_client()
    for _ in range(3):
        client.head("/live").close()
    with client.get("/live") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("name", ["next", "stop", "pain", "no-pain", "done", "stay"])
def test_each_command_reaches_the_engine(client: FlaskClient, board: LiveBoard, name: str) -> None:
    assert client.post(f"/command/{name}").status_code == 204
    assert board.take_commands() == [name]


def test_an_unknown_command_is_not_handed_on(client: FlaskClient, board: LiveBoard) -> None:
    assert client.post("/command/reboot").status_code == 404
    assert client.get("/command/next").status_code == 405
    assert board.take_commands() == []


@pytest.mark.parametrize(
    ("environ", "headers"),
    [
        pytest.param(PHONE, {}, id="a phone"),
        pytest.param({"REMOTE_ADDR": ""}, {}, id="nobody knows who"),
        pytest.param({}, {"X-Forwarded-For": "192.168.1.20"}, id="a phone through a proxy"),
        pytest.param({}, {"Host": "evil.example"}, id="a foreign name for this machine"),
        pytest.param({}, {"Sec-Fetch-Site": "cross-site"}, id="a foreign page"),
        pytest.param({}, {"Sec-Fetch-Site": "same-site"}, id="another port of this machine"),
        pytest.param({}, {"Origin": "http://evil.example"}, id="a foreign page in an old browser"),
        pytest.param({}, {"Origin": "null"}, id="a page without an origin"),
    ],
)
def test_only_our_page_on_the_kiosks_own_screen_may_command(
    client: FlaskClient, board: LiveBoard, environ: dict[str, str], headers: dict[str, str]
) -> None:
    answer = client.post("/command/next", environ_overrides=environ, headers=headers)
    assert answer.status_code == 403
    assert board.take_commands() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080"},
        {"Host": "[::1]:8080"},
    ],
)
def test_our_own_page_may_command(client: FlaskClient, board: LiveBoard, headers: dict[str, str]) -> None:
    assert client.post("/command/stop", headers=headers).status_code == 204
    assert board.take_commands() == ["stop"]


def test_a_phone_is_told_that_it_is_not_the_kiosks_screen(client: FlaskClient) -> None:
    assert "data-own-screen" in client.get("/").get_data(as_text=True)
    assert "data-own-screen" not in client.get("/", environ_overrides=PHONE).get_data(as_text=True)


def test_the_picture_is_a_jpeg_of_what_the_engine_offered(make_app: Callable[..., Flask], board: LiveBoard) -> None:
    client = make_app(show_picture=True).test_client()
    board.picture()
    board.offer_picture(np.full((48, 64, 3), (200, 40, 10), np.uint8))
    answer = client.get("/picture")
    assert answer.mimetype == "image/jpeg"
    image = cv2.imdecode(np.frombuffer(answer.data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape == (48, 64, 3)
    assert np.abs(image[24, 32].astype(int) - (200, 40, 10)).max() < 12


def test_a_large_picture_is_made_smaller_in_its_own_shape(make_app: Callable[..., Flask], board: LiveBoard) -> None:
    board.picture()
    board.offer_picture(np.zeros((1080, 1920, 3), np.uint8))
    data = make_app(show_picture=True).test_client().get("/picture").data
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape == (540, 960, 3)


def test_no_picture_yet_is_an_empty_answer(make_app: Callable[..., Flask]) -> None:
    answer = make_app(show_picture=True).test_client().get("/picture")
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize(("shown", "environ"), [(False, {}), (True, PHONE), (False, PHONE)])
def test_the_picture_stays_off_phones_and_off_where_it_is_not_enabled(
    make_app: Callable[..., Flask], board: LiveBoard, shown: bool, environ: dict[str, str]
) -> None:
    client = make_app(show_picture=shown).test_client()
    assert client.get("/picture", environ_overrides=environ).status_code == 403
    assert "data-picture" not in client.get("/", environ_overrides=environ).get_data(as_text=True)
    assert not board.wants_picture  # so the engine does not even hand it over


def test_the_kiosks_own_page_shows_the_picture_where_it_is_enabled(make_app: Callable[..., Flask]) -> None:
    assert "data-picture" in make_app(show_picture=True).test_client().get("/").get_data(as_text=True)


def wanted(board: LiveBoard) -> bool:
    return board.wants_picture


def test_pictures_are_wanted_only_while_somebody_looks() -> None:
    now_s = 100.0
    board = LiveBoard(clock=lambda: now_s)
    assert not wanted(board)
    assert board.picture() is None
    assert wanted(board)
    board.offer_picture("a person")
    now_s += 1.9
    assert board.picture() == "a person"
    now_s += 2.1
    assert not wanted(board)


def test_a_picture_from_before_nobody_looked_is_not_shown_later() -> None:
    now_s = 100.0
    board = LiveBoard(clock=lambda: now_s)
    board.picture()
    board.offer_picture("somebody else")
    now_s += 60.0
    assert board.picture() is None
