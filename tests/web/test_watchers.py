"""What others on the network see of a visit: how far it is, and nothing of the person."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.station.live import Lit, LiveBoard, LiveView

PHONE = {"REMOTE_ADDR": "192.168.1.20"}
PERSONAL = ("keypoints", "effort", "cue", "focus", "hint", "last_rep", "result_id")


def test_a_phone_gets_counts_and_nothing_of_the_person(
    client: FlaskClient, board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    board.publish(view(4, reps=3, hint="arms", focus=("knees",), result_id="k3v9q2m7"))
    seen = client.get("/live.json", environ_overrides=PHONE).json
    assert seen is not None
    assert (seen["state"], seen["reps"], seen["title"]) == ("scan", 3, "Overhead squat")
    assert [seen[name] for name in PERSONAL if seen[name]] == []
    assert seen["lit"] == json.loads(LiveView(lit=Lit()).as_json)["lit"]


def test_the_stream_of_a_phone_is_as_reduced_as_its_page(
    client: FlaskClient, board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    board.publish(view(4, result_id="k3v9q2m7"))
    with client.get("/live", environ_overrides=PHONE) as answer:
        events = answer.iter_encoded()
        next(events)
        first = json.loads(next(events).decode().split("data: ")[1])
    assert [first[name] for name in PERSONAL if first[name]] == []


def test_the_kiosks_own_screen_sees_all(client: FlaskClient, board: LiveBoard, view: Callable[..., LiveView]) -> None:
    board.publish(view(4, result_id="k3v9q2m7"))
    seen = client.get("/live.json").json
    assert seen is not None
    assert seen["result_id"] == "k3v9q2m7"
    assert len(seen["keypoints"]) == 17


def test_where_the_owner_lets_them_lookers_on_see_the_skeleton_but_no_result(
    make_app: Callable[..., Flask], board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    client = make_app(watchers="skeleton").test_client()
    board.publish(view(4, result_id="k3v9q2m7"))
    seen = client.get("/live.json", environ_overrides=PHONE).json
    assert seen is not None
    assert len(seen["keypoints"]) == 17
    assert seen["result_id"] is None
    assert 'id="stage"' in client.get("/", environ_overrides=PHONE).get_data(as_text=True)


def test_a_phones_page_is_about_the_kiosk_and_holds_no_stage(client: FlaskClient) -> None:
    page = client.get("/", environ_overrides=PHONE).get_data(as_text=True)
    assert "How it works" in page
    assert "No video is kept" in page
    assert "<canvas" not in page
    assert 'id="stage"' in client.get("/").get_data(as_text=True)


def test_a_reduced_view_is_made_once_for_all_who_look(view: Callable[..., LiveView]) -> None:
    seen = view(4)
    assert seen.for_watchers is seen.for_watchers
    assert seen.without_result is seen.without_result


@pytest.mark.parametrize(("theme", "linked"), [("dark", ""), ("light", 'light.css">'), ("auto", "light)")])
def test_the_owners_theme_is_for_the_kiosks_own_screen(make_app: Callable[..., Flask], theme: str, linked: str) -> None:
    client = make_app(theme=theme).test_client()
    own = client.get("/").get_data(as_text=True)
    assert (linked in own) if linked else ("light.css" not in own)
    assert "(prefers-color-scheme: light)" in client.get("/", environ_overrides=PHONE).get_data(as_text=True)
