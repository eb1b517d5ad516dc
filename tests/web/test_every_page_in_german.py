"""Every page of every kind, to every kind of reader: no word of it is English where another language is spoken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from babel import Locale
from flask.testing import FlaskClient

from kiosk import languages
from kiosk.languages import SiteLanguages
from kiosk.plugins import Plugins
from kiosk.settings import Settings
from kiosk.web.context import EXTENSION
from kiosk.web.language import Language, places
from kiosk.web.openapi import description
from kiosk.web.rate import Rate

from .browser.stations import PASSWORD, Station

DOCUMENT = json.loads(description())
PAGES = [
    path
    for path, item in DOCUMENT["paths"].items()
    if item.get("get", {}).get("responses", {}).get("200", {}).get("$ref", "").endswith("/Page")
]
READERS = ("own screen", "stranger", "trainer")
#: Stands for a language of which every text is known: what it says is between brackets.
MARKED = "sv"
MONTHS = [name for width in ("wide", "abbreviated") for name in Locale(MARKED).months["format"][width].values()]
STRANGER = {"REMOTE_ADDR": "192.168.1.20"}
#: Names, and words that are the same in every language.
NAMES = {"Plumbline", "English", "Deutsch", "Svenska", "JSON", "CSV", "PDF", "UTC", "movenet", "thunder", "deg"}
#: What is shown as somebody wrote it: commands, files, notes, and what others published.
AS_WRITTEN = {"code", "pre", "textarea", "script", "style", "del", "ins"}
SAID_ALOUD = ("aria-label", "title", "alt", "placeholder", "data-of")
VOID = {"meta", "link", "input", "br", "img", "hr"}
#: Files and slugs, which have no language.
NAMED = re.compile(r"\S*[/_]\S*|\w+(-\w+)+")
#: Words that no German sentence has.
ENGLISH = re.compile(r"\b(the|of|not|is|it|its|and|with|from|for|your|you|seen|reps?|only|must|what|this)\b")


class Marked(Language):
    """Knows every text."""

    def text(self, english: str, **values: object) -> str:
        """Return the text between brackets."""
        # Those of scripts are filled in the browser.
        assert not values or places(english) <= values.keys(), f"{english!r} got {sorted(values)}"
        return f"⟦{super().text(english, **values)}⟧"

    def said(self, sentence: str) -> str:
        """Return each of the sentences between brackets: a page may show them one by one."""
        return re.sub(r"[^.!?]+[.!?]*", lambda one: f"⟦{one[0]}⟧", sentence)


class Visible(HTMLParser):
    """Collects what a page shows and what is read out of it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append(tag)
        self.found += [value for name, value in attrs if name in SAID_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not AS_WRITTEN & set(self._open) and data.strip():
            self.found.append(" ".join(data.split()))


def english_in(markup: str) -> list[str]:
    """Return what a page says in English."""
    return [text for text in Visible(markup).found if ENGLISH.search(NAMED.sub("", text))]


def unmarked(words: str) -> str:
    """Return what stands outside all brackets."""
    outside, depth = [], 0
    for sign in words:
        depth += (sign == "⟦") - (sign == "⟧")
        if not depth and sign != "⟧":
            outside.append(sign)
    return "".join(outside)


@dataclass
class House:
    """A kiosk with a result, a member and a note, and its readers."""

    kiosk: Station
    known: dict[str, str]

    def client(self, who: str) -> FlaskClient:
        """The browser of one who reads."""
        client = self.kiosk.app.test_client()
        if who != "own screen":
            client.environ_base.update(STRANGER)
        if who == "trainer":
            assert client.post("/trainer/login", data={"password": PASSWORD}).status_code == 302
        return client

    def page(self, who: str, path: str, language: str, **asked: str) -> str | None:
        """The markup of a page, None where this reader is sent elsewhere."""
        wanted = path.replace("/m/{token}", "/m/{member_token}")
        address = re.sub(r"\{(\w+)\}", lambda part: self.known[part[1]], wanted)
        answer = self.client(who).get(address, query_string={"lang": language, **asked})
        return answer.get_data(as_text=True) if answer.mimetype == "text/html" and answer.status_code != 302 else None


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    found = languages.site_languages

    def with_a_marked_one(settings: Settings, plugins: Plugins) -> SiteLanguages:
        site = found(settings, plugins)
        return replace(site, by_code={**site.by_code, MARKED: Marked(MARKED)})

    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "site_languages", with_a_marked_one)
        patch.setattr(Rate, "count", lambda _rate, _address: None)
        kiosk = Station(tmp_path_factory.mktemp("house"), stack)
        kiosk.app.config["WTF_CSRF_ENABLED"] = False
        report = kiosk.history.load(kiosk.result().result_id or "")
        assert report is not None
        yield House(kiosk, _known(kiosk, report))


def _known(kiosk: Station, report: dict[str, Any]) -> dict[str, str]:
    """Return a value for each part of an address, of something that is there."""
    sharing, now = kiosk.app.extensions[EXTENSION].sharing, datetime.now(UTC)
    results = [kiosk.history.store(report, now) for _ in range(2)]
    kiosk.history.claim(results, "member-of-the-tests")
    return {
        "result_id": results[0],
        "token": sharing.result_token(results[0]),
        "member_token": sharing.member_token("member-of-the-tests"),
        "member": "member-of-the-tests",
        "slug": "overhead-squat",
        "check": "knees-in",
    }


def test_there_are_pages() -> None:
    assert {"/", "/status", "/how-sure"} <= set(PAGES)
    assert any(path.startswith("/trainer") for path in PAGES)


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("path", PAGES)
def test_every_word_of_a_page_can_be_said_in_another_language(house: House, who: str, path: str) -> None:
    markup = house.page(who, path, MARKED)
    if markup is None:
        return
    assert f'lang="{MARKED}"' in markup
    shown = (*house.known.values(), *MONTHS)
    names = NAMES | set(re.findall(r"[^\W\d_]{3,}", " ".join(shown)))
    left = {
        text: words
        for text in Visible(markup).found
        if (words := [word for word in re.findall(r"[^\W\d_]{3,}", unmarked(text)) if word not in names])
    }
    assert left == {}


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("path", PAGES)
def test_a_german_page_shows_no_english(house: House, who: str, path: str) -> None:
    markup = house.page(who, path, "de")
    if markup is not None:
        assert english_in(markup) == []


def test_the_inside_of_a_result_is_german_too(house: House) -> None:
    markup = house.page("own screen", "/result/{result_id}", "de", part="1")
    assert markup is not None
    assert english_in(markup) == []


def test_the_live_view_is_german(house: House) -> None:
    view = house.client("own screen").get("/live.json?lang=de").json
    assert view is not None
    assert not ENGLISH.search(" ".join((view["instruction"], view["detail"], *view["problems"])))
