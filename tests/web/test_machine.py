"""The status page and the health check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from kiosk.station.live import LiveBoard, LiveView


def test_the_status_page_shows_all_that_the_doctor_says(client: FlaskClient) -> None:
    markup = client.get("/status").get_data(as_text=True)
    for fact in (
        "/dev/video0",
        "the most accurate that keeps 24 frames/s here",
        "overhead-squat 0.1.0",
        "mock",
        "results.db",
        "11.2 GB",
        "3.11.2",
        "Frames a second",
    ):
        assert fact in markup


def test_truth_values_and_gaps_are_written_as_words(make_app: Callable[..., Flask]) -> None:
    facts: dict[str, Any] = {
        "database": {"writable": False},
        "camera": {"open": True, "why": None},
        "plugins": [],
    }
    markup = make_app(about=lambda: facts).test_client().get("/status").get_data(as_text=True)
    assert "<dt>Writable</dt><dd>no</dd>" in markup
    assert "<dt>Open</dt><dd>yes</dd>" in markup
    assert "<dt>Why</dt><dd>–</dd>" in markup
    assert "none" in markup


def test_the_status_page_shows_what_the_engine_says_now(
    client: FlaskClient, board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    board.publish(view(1, problems=("The lights have no pins.",), camera="The camera is gone."))
    markup = client.get("/status").get_data(as_text=True)
    assert "The lights have no pins." in markup
    assert "The camera is gone." in markup
    assert "29.6" in markup
    assert "0 of 3" in markup


def test_facts_are_escaped(make_app: Callable[..., Flask]) -> None:
    app = make_app(about=lambda: {"<b>key</b>": ["<i>value</i>", {"a": "<u>deep</u>"}]})
    markup = app.test_client().get("/status").get_data(as_text=True)
    assert not any(tag in markup for tag in ("<b>", "<i>", "<u>"))
    assert "&lt;i&gt;value" in markup


def test_health_is_bad_before_the_first_view_and_good_after(
    client: FlaskClient, board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    early = client.get("/healthz")
    assert (early.status_code, early.json and early.json["ok"]) == (503, False)
    board.publish(view(12))
    well = client.get("/healthz")
    assert well.status_code == 200
    assert well.json == {"ok": True, "sequence": 12, "state": "scan", "camera": "ok"}
