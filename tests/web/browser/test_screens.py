"""Every page in every state, size, theme and language: nothing sticks out, everybody can use it; pictures are kept.

The pictures are in ``artefacts/screens``: <state>-<size>-<theme>-<language>.png.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from .axe import violations
from .conftest import ARTEFACTS, SIZES
from .layout import (
    CAPITALS_SHARE,
    broken_words,
    capitals_share,
    cut_off,
    is_blank,
    moving,
    not_reached_by_keys,
    too_small_to_touch,
    wider_px,
)
from .pages import OWN_PAGES, PAGES, TRAINER_PAGES, in_language, opened
from .stations import ASKS, STATES, station

pytestmark = pytest.mark.browser

THEMES = ("dark", "light")
LANGUAGES = ("en", "de")
#: The sizes of a kiosk's screen, which hangs on a wall.
WALL = ("kiosk", "small", "tall")
#: Where axe-core looks: the widest and the narrowest.
LISTENED_TO = ("kiosk", "phone")


def looked_at(page: Any, name: str, language: str, sizes: Collection[str] = tuple(SIZES)) -> Iterator[tuple[str, str]]:
    """Show the page in every size and theme, keep a picture of each, and hand on the size and what is wrong with it."""
    for size in sizes:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            settle(page)
            ARTEFACTS.mkdir(parents=True, exist_ok=True)
            picture = page.screenshot(path=ARTEFACTS / f"{name}-{size}-{theme}-{language}.png")
            wrong = ["blank"] if is_blank(picture) else []
            wrong += [f"{px} px wider than the screen"] if (px := wider_px(page)) > 0 else []
            wrong += cut_off(page) + too_small_to_touch(page)
            wrong += violations(page) if size in LISTENED_TO else []
            yield from ((f"{size}, {theme}", one) for one in wrong)


def nothing_wrong(found: Iterator[tuple[str, str]]) -> None:
    """Each thing that is wrong in a line, with the sizes and themes in which it is."""
    where: dict[str, list[str]] = {}
    for screen, wrong in found:
        where.setdefault(wrong, []).append(screen)
    assert not where, "".join(f"\n{wrong} ({'; '.join(screens)})" for wrong, screens in where.items())


def settle(page: Any) -> None:
    """Let two pictures be drawn, and what begins with them come to its end."""
    page.evaluate(
        """async () => {
          for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
          const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 2000);
          await Promise.allSettled(ending.map((one) => one.finished));
        }"""
    )


def arrive(page: Any, view: Any) -> None:
    """Wait until the page shows this view; a result is fetched after its state has come."""
    page.locator(f"body[data-state='{view.state}']").wait_for()
    if view.result_id is not None:
        page.locator("#result .hero").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES | ASKS)
def test_the_kiosks_screen_is_right_in_every_state(browser: Any, tmp_path: Path, state: str, language: str) -> None:
    with station(tmp_path) as kiosk:
        view = (STATES | ASKS)[state](kiosk)
        with opened(browser, in_language(kiosk.url, language), kiosk) as page:
            page.locator(f"body[data-state='{view.state}']").wait_for()
            if view.state == "result":
                page.locator("#result :is(h1, h2):visible").first.wait_for()
            nothing_wrong(looked_at(page, state, language))
            if view.state != "result":
                for size in WALL:
                    width, height = SIZES[size]
                    page.set_viewport_size({"width": width, "height": height})
                    settle(page)
                    assert (size, capitals_share(page, "#instruction") >= CAPITALS_SHARE) == (size, True)
                    assert (size, broken_words(page, "#instruction")) == (size, [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_other_page_is_right(browser: Any, tmp_path: Path, name: str, language: str) -> None:
    with (
        station(tmp_path) as kiosk,
        opened(browser, in_language(PAGES[name](kiosk), language), kiosk, trainer=name in TRAINER_PAGES) as page,
    ):
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        nothing_wrong(looked_at(page, name, language, WALL if name in OWN_PAGES else tuple(SIZES)))


@pytest.mark.parametrize("state", STATES)
def test_keys_reach_everything_on_the_kiosks_screen(browser: Any, tmp_path: Path, state: str) -> None:
    with station(tmp_path) as kiosk:
        view = STATES[state](kiosk)
        with opened(browser, kiosk.url, kiosk) as page:
            arrive(page, view)
            assert not_reached_by_keys(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_keys_reach_everything_on_every_other_page(browser: Any, tmp_path: Path, name: str) -> None:
    with (
        station(tmp_path) as kiosk,
        opened(browser, PAGES[name](kiosk), kiosk, trainer=name in TRAINER_PAGES) as page,
    ):
        assert not_reached_by_keys(page) == []


@pytest.mark.parametrize("state", STATES)
def test_whoever_wants_no_movement_sees_none(browser: Any, tmp_path: Path, state: str) -> None:
    with station(tmp_path) as kiosk:
        view = STATES[state](kiosk)
        with opened(browser, kiosk.url, kiosk) as page:
            page.emulate_media(reduced_motion="reduce")
            arrive(page, view)
            settle(page)
            assert moving(page) == []


def test_whoever_wants_no_movement_sees_the_drawn_person_stand_still(browser: Any, tmp_path: Path) -> None:
    drawn = "() => document.getElementById('attract').toDataURL()"
    with station(tmp_path) as kiosk:
        kiosk.empty(1.0)
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        page.goto(kiosk.url)
        page.locator("body[data-state='idle']").wait_for()
        settle(page)
        before = page.evaluate(drawn)
        page.emulate_media(reduced_motion="reduce")
        for _ in range(20):
            settle(page)
        assert page.evaluate(drawn) == before
        page.emulate_media(reduced_motion="no-preference")
        page.reload()
        page.locator("body[data-state='idle']").wait_for()
        settle(page)
        before = page.evaluate(drawn)
        for _ in range(20):
            settle(page)
        assert page.evaluate(drawn) != before, "without the wish it moves"
        context.close()
