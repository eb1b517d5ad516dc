"""A result whose time is unsure says so wherever its time stands, in the reader's language."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.web.language import find_languages
from kiosk.web.standalone import result_page

from .conftest import Browser, Desk

MEMBER = "a" * 32


@pytest.fixture
def unsure(desk: Desk) -> str:
    """A result of a member that was stored while nobody had set the clock."""
    key = desk.history.store(copy.deepcopy(desk.report), datetime.now(UTC), time_unsure=True, boot_id="f00d")
    desk.history.claim([key], MEMBER)
    return key


def test_the_trainers_pages_say_so(desk: Desk, trainer: Browser, unsure: str) -> None:
    sure = desk.history.store(copy.deepcopy(desk.report), datetime.now(UTC), time_unsure=False)
    for address in ("/trainer/", f"/trainer/result/{unsure}", f"/trainer/member/{MEMBER}", f"/result/{unsure}"):
        assert "(time unsure)" in trainer.text(address), address
    assert "(time unsure)" not in trainer.text(f"/trainer/result/{sure}")


def test_the_pages_for_phones_and_paper_say_so(desk: Desk, unsure: str) -> None:
    report = desk.history.load(unsure)
    assert report is not None
    assert "(time unsure)" in result_page(report)
    assert "(time unsure)" not in result_page(report | {"time_unsure": False})
    assert "(Zeit unsicher)" in result_page(report, find_languages()["de"])


def test_two_results_are_compared_in_the_order_of_storing(desk: Desk, trainer: Browser) -> None:
    """The clock had gone back a year in between: the newer result is the one that was stored later."""
    now = datetime.now(UTC)
    then = desk.history.store(copy.deepcopy(desk.report), now, time_unsure=False)
    later = desk.history.store(copy.deepcopy(desk.report), now - timedelta(days=365), time_unsure=False)
    page = trainer.text(f"/trainer/compare?id={later}&id={then}")
    assert page.index("Then") < page.index("Now") < page.index("(time unsure)")
