"""A real headless Chromium, and pages in it that remember what they asked for and complained about."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .stations import PHONE_HOST

CHROMIUM = shutil.which("chromium")
SIZES = {"kiosk": (1280, 800), "small": (800, 480), "tall": (800, 1280), "phone": (390, 844)}
ARTEFACTS = Path(__file__).parents[3] / "artefacts" / "screens"

PATIENCE_MS = 30_000


@dataclass
class Screen:
    """A page of the size of one screen, with all that it asked for and complained about."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def shows(self, place: str, text: str) -> None:
        """Wait until exactly this text stands at this place."""
        from playwright.sync_api import expect

        expect(self.page.locator(place)).to_have_text(text, timeout=PATIENCE_MS)

    def says(self, place: str, text: str) -> None:
        """Wait until this text is part of what stands at this place."""
        from playwright.sync_api import expect

        expect(self.page.locator(place)).to_contain_text(text, timeout=PATIENCE_MS)

    def until(self, script: str) -> None:
        """Wait until a script says true; the page's own policy forbids Playwright's waiting by eval."""
        for _ in range(PATIENCE_MS // 50):
            if self.page.evaluate(script):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came true: {script}")

    def stop_time(self) -> None:
        """Load the page again; its time then passes only where `clock.run_for` says so, however slow the machine is."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(1000)
        self.page.reload(wait_until="domcontentloaded")

    def sideways_px(self) -> int:
        """By how much the page is wider than the screen."""
        root = "document.documentElement"
        return int(self.page.evaluate(f"() => {root}.scrollWidth - {root}.clientWidth"))

    def keep(self, name: str, **more: Any) -> None:
        """Keep a picture of the page for people to look at."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png", **more)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        names = f"--host-resolver-rules=MAP {PHONE_HOST} 127.0.0.1"
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", names])
        yield running
        running.close()


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Screen]]:
    opened: list[Any] = []

    def open_at(address: str, name: str = "kiosk") -> Screen:
        width, height = SIZES[name]
        page = browser.new_page(viewport={"width": width, "height": height})
        opened.append(page)
        page.set_default_timeout(PATIENCE_MS)
        screen = Screen(page)
        page.on("console", lambda m: screen.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        page.on("request", lambda request: screen.asked.append(request.url))
        page.goto(address, wait_until="domcontentloaded")
        return screen

    yield open_at
    for page in opened:
        page.close()
