"""A real browser speaks German: chosen by a touch, for one visit; and for phones as their own browser asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Screen
from .stations import station

pytestmark = pytest.mark.browser
LANGUAGE = "document.documentElement.lang"


def test_a_member_chooses_german_by_one_touch_and_the_next_one_is_greeted_in_english(
    tmp_path: Path, open_page: Callable[..., Screen]
) -> None:
    with station(tmp_path) as kiosk:
        screen = open_page(kiosk.url)
        screen.shows("#instruction", "Step in front of the camera")
        screen.page.click(".languages >> text=Deutsch")
        screen.shows("#instruction", "Stell dich vor die Kamera")
        screen.shows("#led-word", "Wartet")
        kiosk.result()
        screen.says("#result h1", "Überkopf-Kniebeuge")
        assert screen.page.evaluate(LANGUAGE) == "de"
        kiosk.press("done")
        kiosk.empty(4.0)
        screen.shows("#instruction", "Step in front of the camera")
        screen.until(f"() => {LANGUAGE} === 'en'")
        screen.shows("#led-word", "Waiting")
        assert "language" not in [cookie["name"] for cookie in screen.page.context.cookies()]


def test_the_owners_language_needs_no_way_back(tmp_path: Path, open_page: Callable[..., Screen]) -> None:
    with station(tmp_path) as kiosk:
        screen = open_page(kiosk.url)
        screen.shows("#instruction", "Step in front of the camera")
        screen.page.evaluate("window.same = true")
        for state in ("result", "idle"):
            kiosk.show(state=state)
            screen.until(f"() => document.body.dataset.state === '{state}'")
        assert screen.page.evaluate("window.same") is True
