"""One member's whole way, across all parts: two visits at the kiosk, the phone, the course, and the trainer's look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from kiosk.testing import FRONT, SIDE, perform
from kiosk.web.language import ENGLISH
from tests.station.visits import arms_up, standing, turning

from .conftest import ARTEFACTS, PATIENCE_MS, SIZES
from .pages import in_language, log_in
from .stations import FRONT_PASS, SIDE_PASS, Station, station

pytestmark = pytest.mark.browser

#: What the pages say in each language, so that a test knows which one it reads.
WORDS = {
    "en": {
        "ask": "Step in front of the camera",
        "keep": "Keep my course",
        "course": "My course",
        "kept": "Kept.",
    },
    "de": {
        "ask": "Stell dich vor die Kamera",
        "keep": "Meinen Verlauf speichern",
        "course": "Mein Verlauf",
        "kept": "Gespeichert.",
    },
}
CODE = "calm blue river 42"


class Visitor:
    """A member in front of the kiosk, whose screen is open in a browser."""

    def __init__(self, kiosk: Station, screen: Any, language: str) -> None:
        self.kiosk, self.screen, self.language = kiosk, screen, language

    def reaches(self, state: str) -> None:
        """Wait until the screen is in this state, and keep a picture of it."""
        self.screen.locator(f"body[data-state='{state}']").wait_for()
        self.screen.screenshot(path=ARTEFACTS / f"visit-{state}-{self.language}.png")

    def answers_no_pain(self) -> None:
        """Touch the button where the question is on the screen."""
        if self.kiosk.board.view.state != "pain":
            return
        self.reaches("pain")
        self.screen.locator("[data-command='no-pain']:visible").click()
        self.screen.locator("body:not([data-state='pain'])").wait_for()

    def comes_and_moves(self) -> None:
        """Do the whole visit, from an empty room to the result."""
        kiosk = self.kiosk
        kiosk.empty(1.0)
        self.reaches("idle")
        kiosk.to("framing", standing(1.5))
        self.reaches("framing")
        kiosk.to("ready", arms_up(3.0))
        self.reaches("ready")
        kiosk.to("scan", arms_up(3.0))
        for reps in (1, 2, 3):
            one = perform(FRONT_PASS[reps - 1 : reps], FRONT, lead_s=0.2)
            kiosk.play(one, until=lambda view, n=reps: view.reps == n)
            expect(self.screen.locator("#reps")).to_have_text(str(reps))
        self.reaches("scan")
        kiosk.play(perform(FRONT_PASS[3:], FRONT, lead_s=0.2), until=lambda view: view.state in ("turn", "pain"))
        self.answers_no_pain()
        self.reaches("turn")
        kiosk.play(turning(0.0, 90.0))
        kiosk.to("scan", arms_up(3.0, SIDE))
        kiosk.to("pain", perform(SIDE_PASS, SIDE, lead_s=0.5))
        self.answers_no_pain()
        self.reaches("result")
        self.screen.locator("#result svg.qr").wait_for()

    def scans_the_code(self) -> str:
        """What a phone reads from the picture of the kiosk's screen."""
        picture = self.screen.screenshot(path=ARTEFACTS / f"visit-qr-{self.language}.png")
        image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        assert image is not None
        found, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(image)
        return found

    def leaves(self) -> None:
        """Touch Done; the screen then shows nothing of the result."""
        self.screen.locator("[data-command='done']:visible").click()
        self.reaches("idle")
        assert self.screen.locator("#result").inner_text() == ""


def phone(browser: Any) -> Any:
    width, height = SIZES["phone"]
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_member_comes_twice_takes_it_along_and_the_trainer_compares(
    browser: Any, tmp_path: Path, language: str
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    words = WORDS[language]
    with station(tmp_path, KIOSK_WEB_LANGUAGE=language) as kiosk:
        width, height = SIZES["kiosk"]
        screen = browser.new_page(viewport={"width": width, "height": height})
        screen.set_default_timeout(PATIENCE_MS)
        screen.goto(kiosk.url, wait_until="domcontentloaded")
        expect(screen.locator("html")).to_have_attribute("lang", language)
        member = Visitor(kiosk, screen, language)

        expect(screen.locator("#instruction")).to_have_text(words["ask"])
        member.comes_and_moves()
        link = member.scans_the_code()
        assert link.startswith(f"{kiosk.phone_url}r/")
        first_result = kiosk.board.view.result_id
        member.leaves()

        page = phone(browser)
        page.goto(in_language(link, language))
        expect(page.locator("main .score-range").first).to_be_visible()
        page.get_by_role("link", name=words["keep"]).click()
        page.fill("#new", CODE)
        page.locator("form:has(#new) button").click()
        expect(page.locator("h1")).to_have_text(words["course"])
        expect(page.get_by_role("status")).to_contain_text(words["kept"])
        assert page.locator(".kept").count() == 1

        member.comes_and_moves()
        second = member.scans_the_code()
        assert second != link
        second_result = kiosk.board.view.result_id
        member.leaves()

        page.goto(in_language(second, language))
        page.get_by_role("link", name=words["keep"]).click()
        page.fill("#mine", CODE.upper())
        page.locator("form:has(#mine) button").click()
        expect(page.locator("h1")).to_have_text(words["course"])
        assert page.locator(".kept").count() == 2
        page.screenshot(path=ARTEFACTS / f"visit-course-{language}.png", full_page=True)

        stranger = phone(browser)
        assert stranger.goto(f"{kiosk.phone_url}result/{first_result}").status == 403
        log_in(stranger, kiosk)
        stranger.goto(in_language(f"{kiosk.phone_url}trainer/", language))
        for result in (first_result, second_result):
            stranger.locator(f"input[value='{result}']").check(force=True)
        stranger.locator("form:has(input[name='id']) button.primary").click()
        stranger.wait_for_url("**/trainer/compare?**")
        expect(stranger.locator("html")).to_have_attribute("lang", language)
        stranger.screenshot(path=ARTEFACTS / f"visit-compare-{language}.png", full_page=True)

        page.locator("a.danger").click()
        page.locator("main form button").click()
        assert page.goto(in_language(second, language)).status == 404
        assert kiosk.history.count() == 0
        for one in (page, stranger):
            one.context.close()
        screen.close()


def test_pain_ends_the_visit_without_a_score_and_with_what_to_do(browser: Any, tmp_path: Path) -> None:
    with station(tmp_path) as kiosk:
        screen = browser.new_page()
        screen.set_default_timeout(PATIENCE_MS)
        screen.goto(in_language(kiosk.url, ENGLISH), wait_until="domcontentloaded")
        kiosk.pain()
        expect(screen.locator("#instruction")).to_have_text("Did anything hurt?")
        screen.locator("[data-command='pain']:visible").click()
        screen.locator("body[data-state='result']").wait_for()
        screen.locator("#result :is(h1, h2):visible").first.wait_for()
        assert screen.locator("#result .score-range").count() == 0
        expect(screen.locator("#result")).to_contain_text("You told us that")
        expect(screen.locator("#result")).to_contain_text("No score")
        screen.close()


def test_the_next_member_never_sees_the_last_ones_result(browser: Any, tmp_path: Path) -> None:
    with station(tmp_path) as kiosk:
        screen = browser.new_page()
        screen.set_default_timeout(PATIENCE_MS)
        screen.goto(kiosk.url, wait_until="domcontentloaded")
        shown = kiosk.result().result_id
        screen.locator("#result :is(h1, h2):visible").first.wait_for()
        kiosk.empty(kiosk.settings.visit.result_s + 2.0)
        screen.locator("body[data-state='idle']").wait_for()
        assert screen.locator("#result").inner_text() == ""
        assert screen.goto(f"{kiosk.url}result/{shown}").status == 403
        screen.close()
