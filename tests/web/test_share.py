"""The hand-off: a link that opens one result on a phone, for a while, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import cv2
import numpy as np
import pytest
import segno
from itsdangerous import TimestampSigner

from kiosk.web.share import LinkExpiredError, Sharing, qr_svg
from tests.web.conftest import Taken

CODE = "otter maple river 42"


def aged(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """Let so many hours go by for every link that was given out."""
    real = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: real(self) + round(hours * 3600))


# --- tokens ---------------------------------------------------------------------------------------------------


def test_a_token_opens_its_result_until_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    sharing = Sharing(b"s" * 32, hours=48)
    token = sharing.result_token("k3v9q2m7abcd")
    assert sharing.result_of(token) == "k3v9q2m7abcd"
    aged(monkeypatch, 47.9)
    assert sharing.result_of(token) == "k3v9q2m7abcd"
    aged(monkeypatch, 1)
    with pytest.raises(LinkExpiredError):
        sharing.result_of(token)


def test_a_changed_token_a_token_of_another_kiosk_and_one_of_another_kind_open_nothing() -> None:
    sharing = Sharing(b"s" * 32)
    token = sharing.result_token("k3v9q2m7abcd")
    for wrong in (token[:-1], "x" + token, token.replace("k3v9", "k3v8"), "k3v9q2m7abcd", "", "é.ü.ß"):
        assert sharing.result_of(wrong) is None
    assert Sharing(b"t" * 32).result_of(token) is None
    assert sharing.member_of(token) is None
    assert sharing.result_of(sharing.member_token("ann")) is None


def test_a_members_token_has_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sharing = Sharing(b"s" * 32, hours=1)
    token = sharing.member_token("ann")
    aged(monkeypatch, 24 * 365 * 3)
    assert sharing.member_of(token) == "ann"


def test_a_signature_has_128_bits() -> None:
    token = Sharing(b"s" * 32).result_token("k3v9q2m7abcd")
    assert len(token.rpartition(".")[2]) * 6 >= 128


# --- pages ----------------------------------------------------------------------------------------------------


def test_the_link_shows_the_result_on_a_phone(taken: Taken) -> None:
    page = taken.phone().text(taken.link(taken.add()))
    assert "Overhead squat" in page
    assert "72–84" in page


def test_the_phones_page_has_nothing_that_runs_the_kiosk_and_loads_nothing_from_elsewhere(taken: Taken) -> None:
    page = taken.phone().text(taken.link(taken.add()))
    assert "data-command" not in page
    assert '<nav aria-label="Pages"' not in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


def test_a_link_opens_no_other_result(taken: Taken) -> None:
    mine, other = taken.add(), taken.add()
    token = taken.sharing.result_token(mine)
    assert taken.phone().get(f"/r/{token.replace(mine, other)}").status_code == 404
    assert taken.phone().get(f"/result/{other}").status_code == 403


def test_an_expired_link_says_so_and_what_to_do(taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    link = taken.link(taken.add())
    aged(monkeypatch, 49)
    for address in (link, f"{link}.pdf", f"{link}.json", f"{link}/keep"):
        answer = taken.phone().get(address)
        assert answer.status_code == 410
        assert "This link has expired" in answer.get_data(as_text=True)
        assert "48 hours" in answer.get_data(as_text=True)
        assert "scan again" in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/r/nonsense", "/r/a.b.c", "/r/a.b.c.json", "/r/x/keep", "/r/%00", "/r/..%2f"])
def test_a_wrong_link_is_a_friendly_page(taken: Taken, address: str) -> None:
    answer = taken.phone().get(address)
    assert answer.status_code == 404
    if address != "/r/..%2f":
        assert "This link opens nothing" in answer.get_data(as_text=True)


def test_the_link_to_a_deleted_result_opens_nothing(taken: Taken) -> None:
    key = taken.add()
    link = taken.link(key)
    taken.store.delete(key)
    assert taken.phone().get(link).status_code == 404


def test_the_result_can_be_saved_as_json_and_as_a_table(taken: Taken) -> None:
    key = taken.add()
    phone, link = taken.phone(), taken.link(key)
    data = phone.get(f"{link}.json")
    assert data.json == taken.store.load(key)
    assert data.headers["Content-Disposition"] == 'attachment; filename="plumbline-overhead-squat-2026-11-21.json"'
    table = phone.get(f"{link}.csv")
    assert table.mimetype == "text/csv"
    assert "knees-in" in table.get_data(as_text=True)


def test_the_result_can_be_saved_as_a_pdf_which_names_its_link(taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("kiosk.web.files.report_pdf", lambda *given: asked.append(given) or b"%PDF-")
    link = taken.link(taken.add())
    answer = taken.phone().get(f"{link}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data == b"%PDF-"
    assert asked[0][2] == f"http://kiosk.local{link}"


@pytest.mark.parametrize("ending", ["", ".json", ".csv", "/keep"])
def test_a_result_is_kept_in_no_browser_and_asked_for_by_its_head_too(taken: Taken, ending: str) -> None:
    link = taken.link(taken.add()) + ending
    phone = taken.phone()
    head = phone.client.head(link)
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["Cache-Control"] == "no-store"
    assert "ETag" not in head.headers


# --- the QR code ------------------------------------------------------------------------------------------------


def test_the_kiosks_screen_shows_a_code_with_the_whole_link(taken: Taken) -> None:
    key = taken.add()
    taken.show(key)
    page = taken.own().text(f"/result/{key}?part=1")
    assert 'class="qr"' in page
    assert "I have a code" in page


def test_a_kiosk_that_serves_its_own_screen_only_says_so_instead_of_a_code(
    make_app: Any, board: Any, view: Any
) -> None:
    board.publish(view(1, state="result", result_id="k3v9q2m7"))
    page = make_app(sharing=Sharing(b"s" * 32, host="127.0.0.1")).test_client().get("/result/k3v9q2m7?part=1")
    assert 'class="qr"' not in page.get_data(as_text=True)
    assert "cannot be reached from phones" in page.get_data(as_text=True)


def test_a_code_is_dark_on_white_with_a_quiet_border_and_no_inline_style() -> None:
    svg = str(qr_svg("http://192.168.178.24:8080/r/k3v9q2m7abcd.awGm9w.rKMngiFtzz7gdgSnx7eiDA"))
    size = segno.make("http://192.168.178.24:8080/r/k3v9q2m7abcd.awGm9w.rKMngiFtzz7gdgSnx7eiDA", error="m").symbol_size
    assert f'viewBox="0 0 {size(border=4)[0]} {size(border=4)[1]}"' in svg
    assert "style" not in svg
    assert 'fill="#fff"' in svg


def test_the_squares_of_a_code_are_large_enough_for_two_metres() -> None:
    # A phone tells squares of 3 mm apart from 2 m; 320 px of a 21-inch screen with 1280 px are 116 mm.
    squares = int(re.search(r'viewBox="0 0 (\d+)', str(qr_svg("http://192.168.178.24:8080/r/" + "x" * 42)))[1])  # type: ignore[index] # ours has one
    assert 116 / squares > 2.5


def test_the_link_is_what_a_reader_finds_in_the_code() -> None:
    url = "http://192.168.178.24:8080/r/k3v9q2m7abcd.awGm9w.rKMngiFtzz7gdgSnx7eiDA"
    squares = np.kron(1 - np.array(list(segno.make(url, error="m").matrix_iter(border=4))), np.ones((6, 6)))
    assert cv2.QRCodeDetectorAruco().detectAndDecode((squares * 255).astype(np.uint8))[0] == url


def test_how_long_the_link_works_stands_on_the_page(taken: Taken) -> None:
    assert "works for 48 hours" in taken.phone().text(taken.link(taken.add()))
