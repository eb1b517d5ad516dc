"""Results, history and status in a real browser: sizes, colours, contrast."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.station.live import LiveBoard, LiveView
from kiosk.web.server import Server
from tests.test_how_sure import measured

pytestmark = pytest.mark.browser

RESULT = "result/k3v9q2m7"


@pytest.fixture(autouse=True)
def _a_result_stands_on_the_screen(board: LiveBoard, view: Callable[..., LiveView], report: dict[str, Any]) -> None:
    board.publish(view(1, state="result", result_id=report["id"]))


@pytest.mark.parametrize("path", [RESULT, "status", "how-sure", "no-such-page"])
def test_other_pages_fit_the_screen_and_stay_at_home(
    open_page: Callable[..., Any], served: Callable[..., Server], size: str, path: str
) -> None:
    server = served(exercises=[measured()])
    screen = open_page(server.url + path, size)
    screen.page.wait_for_load_state("load")
    for folded in screen.page.locator("details.folded").all():
        folded.locator("summary").click()
    screen.keep(f"{path.split('/')[0]}-{size}", full_page=True)
    assert screen.sideways_px() == 0
    assert all(address.startswith(server.url) for address in screen.asked)
    assert [c for c in screen.complaints if "404" not in c] == []


def test_the_result_page_draws_its_pictures_in_their_colours(
    open_page: Callable[..., Any], served: Callable[..., Server], size: str
) -> None:
    screen = open_page(served().url + RESULT, size)
    page = screen.page
    for picture in page.locator("#check-knees-in svg").all():
        box = picture.bounding_box()
        assert box["width"] > 100
        assert box["height"] > 100
    stroke = page.locator("#check-knees-in .ring").first.evaluate("e => getComputedStyle(e).stroke")
    assert re.fullmatch(r"rgb\(255, 138, 122\)", stroke)


def test_on_the_kiosks_own_screen_a_page_that_nobody_touches_gives_way_to_the_live_screen(
    browser: Any, served: Callable[..., Server]
) -> None:
    page = browser.new_page()
    try:
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        server = served()
        page.goto(server.url + RESULT)
        page.clock.fast_forward(100_000)
        # A key that does not scroll: the scrolling would be a touch of its own, at a moment of the browser's choice.
        page.keyboard.press("Shift")
        page.clock.fast_forward(100_000)
        assert page.url == server.url + RESULT
        page.clock.fast_forward(30_000)
        page.wait_for_url(server.url, wait_until="domcontentloaded")
    finally:
        page.close()


@pytest.mark.parametrize("path", ["", "status"])
def test_a_long_touch_on_the_kiosk_opens_no_menu(
    open_page: Callable[..., Any], served: Callable[..., Server], path: str
) -> None:
    page = open_page(served().url + path).page
    page.wait_for_load_state("load")
    touch = "() => document.body.dispatchEvent(new Event('contextmenu', { bubbles: true, cancelable: true }))"
    assert page.evaluate(touch) is False


CONTRAST = """() => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour.slice(0, 3);
    }
    return [0, 0, 0];
  };
  const bad = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.closest("svg, noscript, script") || e.offsetParent === null) continue;
    const ink = light(parts(getComputedStyle(e).color).slice(0, 3));
    const pair = [ink, light(ground(e))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(1)} ${e.textContent.trim().slice(0, 40)}`);
  }
  return bad;
}"""


@pytest.mark.parametrize("path", ["", RESULT, "status", "how-sure"])
def test_every_text_has_the_contrast_that_the_accessibility_guidelines_ask_for(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
    path: str,
) -> None:
    if not path:
        board.publish(view(2, state="ready", camera="The camera is gone.", problems=("The lights are dark.",)))
    screen = open_page(served(exercises=[measured()]).url + path)
    page = screen.page
    if not path:
        screen.shows(".reps", "3 / 5")
    assert page.evaluate(CONTRAST) == []
