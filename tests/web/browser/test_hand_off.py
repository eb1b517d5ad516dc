"""Taking along and coming back in a real browser: the QR code is read, followed, kept, compared, and deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from kiosk.station.history import open_history
from kiosk.station.live import LiveBoard
from kiosk.station.results import Results
from kiosk.web.app import create_app
from kiosk.web.server import serve
from kiosk.web.share import Sharing
from tests.web.browser.conftest import Screen
from tests.web.conftest import Taken

pytestmark = pytest.mark.browser

CODE = "otter maple river 42"
Opened = Callable[..., Screen]


class Kiosk(Taken):
    """A kiosk on a real port, whose links lead to that port."""

    url = ""


@pytest.fixture
def kiosk(tmp_path: Path, report: dict[str, Any]) -> Iterator[Kiosk]:
    sharing, board = Sharing(b"a secret of thirty-two bytes ...", 48, "0.0.0.0", "127.0.0.1"), LiveBoard()
    store = open_history(tmp_path / "history.db")
    app = create_app(board, Results(store), show_picture=False, max_streams=4, about=dict, sharing=sharing, store=store)
    server = serve(app, "127.0.0.1", 0)
    made = Kiosk(app, store, board, sharing, report)
    made.url = server.url.rstrip("/")
    yield made
    server.close()
    store.close()


def read_qr(screen: Screen) -> str:
    """Return what a reader finds in a picture of the whole screen, as a phone before it would."""
    picture = cv2.imdecode(np.frombuffer(screen.page.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    return cv2.QRCodeDetectorAruco().detectAndDecode(picture)[0]


def weeks(kiosk: Kiosk, count: int) -> None:
    """Store a result a fortnight, each a little better than the last."""
    for number in range(count):
        low = 50 + 8 * number
        checks = [dict(check) for check in kiosk.report["checks"]]
        for check in checks:
            if check["slug"] == "knees-in":
                check["value"] = 0.62 + 0.1 * number
        kiosk.add(
            days_ago=14 * (count - number), code=CODE, checks=checks,
            score=kiosk.report["score"] | {"value": low + 6, "low": low, "high": low + 12},
        )  # fmt: skip


@pytest.mark.parametrize("size", ["kiosk", "small", "tall"])
def test_the_qr_code_on_the_kiosks_screen_leads_a_phone_to_the_result(
    kiosk: Kiosk, open_page: Opened, size: str
) -> None:
    key = kiosk.add()
    kiosk.show(key)
    link = read_qr(open_page(f"{kiosk.url}/result/{key}", size))
    assert link.startswith(f"{kiosk.url}/r/{key}.")
    phone = open_page(link, "phone")
    phone.says("h1", "Overhead squat")
    assert phone.sideways_px() == 0
    assert phone.complaints == []
    assert all(asked.startswith(kiosk.url) for asked in phone.asked)
    phone.keep("hand-off-phone", full_page=True)


def test_a_guest_keeps_a_course_and_sees_it_grow(kiosk: Kiosk, open_page: Opened) -> None:
    weeks(kiosk, 4)
    key = kiosk.add()
    phone = open_page(kiosk.url + kiosk.link(key), "phone")
    phone.page.get_by_role("link", name="Keep my course").click()
    phone.says("h1", "Keep my course")
    phone.keep("keep-phone", full_page=True)
    phone.page.get_by_label("Your code from last time").fill("Otter maple river 42")
    phone.page.get_by_role("button", name="Add it to my course").click()
    phone.says("h1", "My course")
    phone.says("main", "Added to your course.")
    assert phone.page.locator(".course-plot").count() == 5
    assert phone.page.locator(".course-plot .error").count() >= 5
    assert phone.sideways_px() == 0
    assert phone.complaints == []
    assert kiosk.store.member_of(key) == kiosk.member(CODE)
    phone.keep("course-phone", full_page=True)


def test_the_suggested_code_begins_a_course_whose_qr_code_leads_back(kiosk: Kiosk, open_page: Opened) -> None:
    phone = open_page(f"{kiosk.url}{kiosk.link(kiosk.add())}/keep", "phone")
    phone.page.get_by_role("button", name="Keep it under this code").click()
    phone.says("main", "Kept. Your code opens this page")
    phone.page.locator(".qr").scroll_into_view_if_needed()
    assert read_qr(phone) == phone.page.url.partition("?")[0]


def test_everything_is_deleted_without_any_script(kiosk: Kiosk, browser: Any) -> None:
    weeks(kiosk, 2)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(kiosk.url + kiosk.course(CODE))
    page.get_by_role("link", name="Delete everything").click()
    Screen(page).keep("forget-phone")
    page.get_by_role("button", name="Delete everything").click()
    Screen(page).says("h1", "Everything is deleted")
    assert kiosk.store.count() == 0
    context.close()


def test_a_code_typed_on_the_kiosks_own_keys_shows_what_changed(kiosk: Kiosk, open_page: Opened, size: str) -> None:
    weeks(kiosk, 1)
    kiosk.show(kiosk.add())
    screen = open_page(f"{kiosk.url}/code", size)
    assert screen.sideways_px() == 0
    screen.keep(f"code-{size}")
    for key in CODE:
        screen.page.locator(f'[data-key="{key}"]').click()
    assert screen.page.locator("#code").input_value() == CODE
    screen.page.get_by_role("button", name="Done").click()
    screen.says("h1", "Added to your course")
    screen.says(".changes", "50–62 → 72–84")
    assert screen.complaints == []
    screen.keep(f"code-kept-{size}")


def test_a_code_before_the_camera_is_taken_and_the_page_goes_on_by_itself(kiosk: Kiosk, open_page: Opened) -> None:
    weeks(kiosk, 1)
    kiosk.show(kiosk.add())
    screen = open_page(f"{kiosk.url}/code")
    for _ in range(600):
        if kiosk.board.wants_code:
            break
        screen.page.wait_for_timeout(50)
    kiosk.board.offer_code(kiosk.url + kiosk.course(CODE))
    screen.says("h1", "Added to your course")


def test_the_page_leaves_with_the_result(kiosk: Kiosk, open_page: Opened) -> None:
    kiosk.show(kiosk.add())
    screen = open_page(f"{kiosk.url}/code")
    kiosk.show(None)
    screen.page.wait_for_url(f"{kiosk.url}/", wait_until="commit")
