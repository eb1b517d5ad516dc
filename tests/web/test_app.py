"""What holds for every page: headers, errors, no inline code, nothing from elsewhere, small."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.errors import HistoryError
from kiosk.web.context import EXTENSION

PAGES = ("/", "/results", "/result/k3v9q2m7", "/status", "/no-such-page")


@pytest.mark.parametrize("address", [*PAGES, "/live.json", "/healthz", "/static/live.js"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("address", ["/result/k3v9q2m7", "/result/k3v9q2m7.json", "/results", "/live.json", "/"])
def test_nothing_about_a_person_is_kept_by_a_browser(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_static_files_are_checked_again_and_not_sent_again(client: FlaskClient) -> None:
    with client.get("/static/look.css") as first:
        assert first.headers["Cache-Control"] == "no-cache"
        mark = first.headers["ETag"]
    with client.get("/static/look.css", headers={"If-None-Match": mark}) as second:
        assert second.status_code == 304


@pytest.mark.parametrize("address", PAGES)
def test_pages_hold_no_inline_code_and_nothing_from_elsewhere(client: FlaskClient, address: str) -> None:
    markup = client.get(address).get_data(as_text=True)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", markup)
    assert not re.search(r"<script(?![^>]*\ssrc=)", markup)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", markup)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_with_all_it_needs_stays_below_200_kilobytes(client: FlaskClient, address: str) -> None:
    seen: dict[str, int] = {}
    waiting = [address]
    while waiting:
        path = waiting.pop()
        with client.get(path) as answer:
            text = answer.get_data(as_text=True)
        seen[path] = len(text.encode())
        found = re.findall(r"(?:src|href)=\"(/static/[^\"]+)\"", text)
        found += [f"/static/{name}" for name in re.findall(r"from \"\./([^\"]+)\"", text)]
        waiting += [path for path in found if path not in seen]
    assert sum(seen.values()) < 200_000


def test_an_address_without_a_page_says_so_plainly(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.get_data(as_text=True)


def test_a_request_of_the_wrong_kind_is_refused_and_names_the_right_one(client: FlaskClient) -> None:
    answer = client.post("/results")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "does not answer this kind of request" in answer.get_data(as_text=True)


def test_an_error_of_ours_shows_a_plain_page_and_no_traceback(make_app: Callable[..., Flask]) -> None:
    def broken() -> dict[str, Any]:
        raise RuntimeError("secret detail")

    app = make_app(about=broken)
    app.logger.disabled = True  # Flask logs the traceback, which is right but noise here
    try:
        answer = app.test_client().get("/status")
    finally:
        app.logger.disabled = False
    assert answer.status_code == 500
    assert "Its log says what" in answer.get_data(as_text=True)
    assert "secret detail" not in answer.get_data(as_text=True)


def test_a_history_that_cannot_be_read_is_told_on_the_page_and_is_no_fault_of_the_program(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()

    def away(result_id: str) -> None:
        raise HistoryError("The database of results, history.db, cannot grow: the disk is full. Make room on it.")

    here = app.extensions[EXTENSION]
    monkeypatch.setattr(here.history, "load", away)
    token = here.sharing.result_token("k3v9q2m7")
    answer = app.test_client().get(f"/r/{token}")
    assert answer.status_code == 503
    assert "cannot be read just now" in answer.get_data(as_text=True)
    assert "history.db" not in answer.get_data(as_text=True)
