"""Pages are light, come from the kiosk alone, and are served as they stand in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kiosk.web import app

from .pages import PAGES, TRAINER_PAGES, log_in
from .stations import STATES, station

pytestmark = pytest.mark.browser

MOST_BYTES = 300_000
STATIC = Path(app.__file__).parent / "static"
#: So many views belong to what a live page needs before it can be used.
FIRST_VIEWS = 10


class Scales:
    """Weighs what a page fetches, heads and all, into a browser that has nothing of it yet."""

    def __init__(self, page: Any) -> None:
        self._weights: dict[str, int] = {}
        self.events = 0
        self.hosts: set[str] = set()
        wire = page.context.new_cdp_session(page)
        wire.on("Network.responseReceived", self._head)
        wire.on("Network.dataReceived", self._body)
        wire.on("Network.loadingFinished", self._whole)
        wire.on("Network.eventSourceMessageReceived", self._event)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    @property
    def bytes(self) -> int:
        """All that came over the wire so far."""
        return sum(self._weights.values())

    def _head(self, said: dict[str, Any]) -> None:
        self._weights[said["requestId"]] = int(said["response"]["encodedDataLength"])
        address = urlsplit(said["response"]["url"])
        # The browser's own pictures, such as that of a date's field, are data and come from nowhere.
        if address.scheme != "data":
            self.hosts.add(address.netloc)

    def _body(self, said: dict[str, Any]) -> None:
        self._weights[said["requestId"]] += int(said["dataLength"])

    def _whole(self, said: dict[str, Any]) -> None:
        self._weights[said["requestId"]] = int(said["encodedDataLength"])

    def _event(self, said: dict[str, Any]) -> None:
        self.events += 1


def weighed(page: Any, address: str, *, views: int = 0) -> Scales:
    """Load a page, and so many views of its stream."""
    scales = Scales(page)
    page.goto(address, wait_until="load")
    page.wait_for_load_state("load")
    while scales.events < views:
        page.wait_for_timeout(20)
    return scales


@pytest.mark.parametrize("state", STATES)
def test_the_live_page_with_its_first_views_is_light(browser: Any, tmp_path: Path, state: str) -> None:
    with station(tmp_path) as kiosk:
        view = STATES[state](kiosk)
        context = browser.new_context()
        page = context.new_page()
        scales = weighed(page, kiosk.url, views=FIRST_VIEWS)
        page.locator(f"body[data-state='{view.state}']").wait_for()
        if view.result_id:
            page.locator("#result :is(h1, h2):visible").first.wait_for()
        context.close()
        assert 10_000 < scales.bytes < MOST_BYTES
        assert scales.hosts == {urlsplit(kiosk.url).netloc}


@pytest.mark.parametrize("name", PAGES)
def test_every_other_page_is_light(browser: Any, tmp_path: Path, name: str) -> None:
    with station(tmp_path) as kiosk:
        address = PAGES[name](kiosk)
        context = browser.new_context()
        page = context.new_page()
        if name in TRAINER_PAGES:
            log_in(page, kiosk)
        scales = weighed(page, address)
        context.close()
        assert 5_000 < scales.bytes < MOST_BYTES
        assert scales.hosts == {urlsplit(address).netloc}


def test_files_are_served_as_they_stand_in_the_repository(tmp_path: Path) -> None:
    with station(tmp_path) as kiosk:
        client = kiosk.app.test_client()
        for file in STATIC.iterdir():
            with client.get(f"/static/{file.name}") as answer:
                assert answer.data == file.read_bytes(), file.name
