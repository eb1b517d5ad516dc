"""The result in a real browser: what is seen at once, on every screen and on paper."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import kiosk_incline_push_up as incline_plugin
import kiosk_overhead_squat as squat_plugin
import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk.station.live import LiveBoard, LiveView
from kiosk.web.drawing import pictured_value
from kiosk.web.language import find_languages
from kiosk.web.server import Server
from kiosk.web.share import Sharing
from kiosk.web.wording import with_unit
from tests.web.browser.conftest import SIZES

pytestmark = pytest.mark.browser

ADDRESS = "result/k3v9q2m7"


@pytest.fixture
def result(
    served: Callable[..., Server], board: LiveBoard, view: Callable[..., LiveView], report: dict[str, Any]
) -> Callable[..., Server]:
    """Serve the page of a result that stands on the kiosk's own screen."""

    def start(wish: str | None = "http://192.168.1.5:8080", **more: Any) -> Server:
        next(check for check in report["checks"] if check["slug"] == "knees-in")["drawn"] = "gap knee ankle"
        board.publish(view(1, state="result", result_id=report["id"]))
        host = "0.0.0.0" if wish else "127.0.0.1"
        return served(sharing=Sharing(b"x" * 32, 48.0, host, wish), **more)

    return start


@pytest.mark.parametrize("name", ["kiosk", "small", "tall"])
def test_the_one_thing_the_score_and_the_code_are_seen_without_scrolling(
    open_page: Callable[..., Any], result: Callable[..., Server], name: str
) -> None:
    screen = open_page(result().url + ADDRESS, name)
    screen.page.wait_for_load_state("load")
    screen.keep(f"result-at-once-{name}")
    width, height = SIZES[name]
    for place in (".first-title", ".first-cue", ".first-picture svg", ".score-range", ".score p b", ".qr-box svg"):
        box = screen.page.locator(place).first.bounding_box()
        assert box is not None, place
        assert box["x"] >= 0, place
        assert box["x"] + box["width"] <= width, place
        assert box["y"] + box["height"] <= height, place


def longest(language: str) -> tuple[str, str, str]:
    """Title, what we saw and cue of the check of ours that has the most to say."""
    spoken = find_languages(folders=[Path(one.__file__).parent / "locale" for one in (incline_plugin, squat_plugin)])
    said = [
        tuple(spoken[language].text(words) for words in (check.title, check.saw, check.cue))
        for exercise in (incline_push_up, overhead_squat)
        for check in exercise.checks
        if check.cue
    ]
    title, saw, cue = max(said, key=lambda words: 3 * len(words[0]) + len(words[1]) + 2 * len(words[2]))
    return title, saw, cue


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", ["kiosk", "small", "tall"])
def test_on_the_kiosks_screen_nothing_of_the_summary_is_covered_however_long_its_words(
    open_page: Callable[..., Any],
    result: Callable[..., Server],
    report: dict[str, Any],
    name: str,
    language: str,
) -> None:
    first = next(check for check in report["checks"] if check["slug"] == report["first"])
    first["title"], first["saw"], first["cue"] = longest(language)
    for one in report["passes"]:
        one["ended"] = "done"
    screen = open_page(result().url, name)
    screen.page.locator("#result .qr-box svg").wait_for()
    screen.keep(f"result-longest-{name}-{language}")

    def edge(place: str, side: str) -> float:
        return float(screen.page.locator(place).first.evaluate(f"(e) => e.getBoundingClientRect().{side}"))

    seen_to = edge("#result", "bottom")
    for place in ("#result .first", "#result .score", "#result .take", "#result .jump"):
        assert edge(place, "bottom") <= seen_to, place
        assert edge(place, "top") >= edge(".top .voice", "bottom"), place
    for place in (".first", ".score", ".take"):
        inside = screen.page.locator(f"#result .hero {place}").first.evaluate("(e) => e.scrollHeight - e.clientHeight")
        assert inside <= 0, f"{place} holds more than it shows"


def test_the_picture_shows_value_and_limit_in_letters_that_can_be_read(
    open_page: Callable[..., Any], result: Callable[..., Server], report: dict[str, Any], size: str
) -> None:
    check = next(check for check in report["checks"] if check["slug"] == "knees-in")
    screen = open_page(result().url + ADDRESS, size)
    for place in (".first-picture", "#check-knees-in"):
        word = screen.page.locator(f"{place} .skeleton .value")
        assert word.text_content() == with_unit(pictured_value(check), "ratio")
        assert word.bounding_box()["height"] >= 9
        assert "limit 0.85" in screen.page.locator(f"{place} .skeleton .limit-word").text_content()


def test_without_an_address_for_phones_a_line_says_so(
    open_page: Callable[..., Any], result: Callable[..., Server]
) -> None:
    screen = open_page(result(None).url + ADDRESS)
    screen.says(".take", "cannot be reached from phones")
    assert screen.page.locator(".qr-box").count() == 0


def test_headings_go_down_step_by_step(open_page: Callable[..., Any], result: Callable[..., Server]) -> None:
    screen = open_page(result().url + ADDRESS)
    levels = screen.page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4')].map((e) => +e.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_on_paper_it_is_light_and_holds_nothing_to_press(
    open_page: Callable[..., Any], result: Callable[..., Server]
) -> None:
    screen = open_page(result().url + ADDRESS)
    screen.page.emulate_media(media="print")
    shown = "(p) => getComputedStyle(document.querySelector(p))"
    assert screen.page.evaluate(f"({shown})('.panel, .card').backgroundColor") == "rgb(240, 244, 247)"
    for gone in (".jump", ".site nav", ".take .button"):
        assert screen.page.locator(gone).first.is_hidden()
    paper = screen.page.pdf(format="A4", print_background=True)
    assert paper.startswith(b"%PDF")


def test_the_links_at_the_top_lead_to_their_parts(open_page: Callable[..., Any], result: Callable[..., Server]) -> None:
    screen = open_page(result().url + ADDRESS)
    for link in screen.page.locator(".jump a").all():
        assert screen.page.locator(link.get_attribute("href")).count() == 1
