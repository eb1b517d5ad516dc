"""Which language a reader gets, how they change it, and for how long."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.web.language import Language, find_languages
from kiosk.web.reader import COOKIE, script_texts

PHONE = {"REMOTE_ADDR": "192.168.1.20"}
GERMAN_PHONE: dict[str, Any] = {"environ_base": PHONE, "headers": {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}}


@pytest.fixture
def german_or_english(make_app: Callable[..., Flask]) -> Callable[..., FlaskClient]:
    def make(**more: Any) -> FlaskClient:
        return make_app(languages=find_languages(), **more).test_client()

    return make


def spoken(answer: Any) -> str:
    found = re.search(r'<html lang="([^"]+)"', answer.get_data(as_text=True))
    assert found
    assert answer.headers["Content-Language"] == found[1]
    return found[1]


def test_a_phone_is_answered_in_the_language_of_its_browser(german_or_english: Callable[..., FlaskClient]) -> None:
    client = german_or_english()
    assert spoken(client.get("/how-sure", **GERMAN_PHONE)) == "de"
    assert spoken(client.get("/how-sure", environ_base=PHONE, headers={"Accept-Language": "fi"})) == "en"


def test_the_kiosks_own_screen_starts_in_the_owners_language(german_or_english: Callable[..., FlaskClient]) -> None:
    from_here = {"headers": {"Accept-Language": "en"}}
    assert spoken(german_or_english(default_language="de").get("/", **from_here)) == "de"
    assert spoken(german_or_english().get("/", headers={"Accept-Language": "de"})) == "en"


def test_a_choice_goes_before_everything_and_is_remembered(german_or_english: Callable[..., FlaskClient]) -> None:
    client = german_or_english()
    answer = client.get("/how-sure?lang=en", **GERMAN_PHONE)
    assert spoken(answer) == "en"
    assert "Max-Age=31536000" in answer.headers["Set-Cookie"]
    assert spoken(client.get("/how-sure", **GERMAN_PHONE)) == "en"


def test_on_the_kiosks_own_screen_a_choice_does_not_outlive_the_browser(
    german_or_english: Callable[..., FlaskClient],
) -> None:
    answer = german_or_english().get("/?lang=de")
    assert "language=de" in answer.headers["Set-Cookie"]
    assert "Max-Age" not in answer.headers["Set-Cookie"]


def test_going_back_to_the_owners_language_forgets_the_choice(german_or_english: Callable[..., FlaskClient]) -> None:
    client = german_or_english()
    client.get("/?lang=de")
    assert client.get_cookie(COOKIE) is not None
    client.get("/?lang=en")
    assert client.get_cookie(COOKIE) is None


@pytest.mark.parametrize("wish", ["klingon", "", "../../de", "de\0"])
def test_a_language_that_there_is_not_changes_nothing(german_or_english: Callable[..., FlaskClient], wish: str) -> None:
    answer = german_or_english().get("/how-sure", query_string={"lang": wish})
    assert answer.status_code == 200
    assert spoken(answer) == "en"
    assert "Set-Cookie" not in answer.headers


def test_a_page_says_the_owners_language_on_the_own_screen_alone(
    german_or_english: Callable[..., FlaskClient],
) -> None:
    client = german_or_english(default_language="de")
    assert 'data-home="de"' in client.get("/how-sure?lang=en").get_data(as_text=True)
    assert "data-home" not in client.get("/how-sure", environ_base=PHONE).get_data(as_text=True)


def menu(markup: str) -> list[tuple[str, str, bool]]:
    """The menu as (language code, address, whether it is the current one)."""
    found = re.findall(r'<a href="([^"]*)" rel="nofollow" lang="(\w+)"[^>]*?( aria-current="true")?>', markup)
    return [(code, unescape(address), bool(now)) for address, code, now in found]


def test_the_menu_names_every_language_in_its_own_words(german_or_english: Callable[..., FlaskClient]) -> None:
    markup = german_or_english().get("/how-sure?lang=de").get_data(as_text=True)
    assert menu(markup) == [("en", "/how-sure?lang=en", False), ("de", "/how-sure?lang=de", True)]
    assert ">English</a>" in markup
    assert ">Deutsch</a>" in markup
    assert 'aria-label="Sprache"' in markup


def test_the_menu_keeps_what_else_the_address_says(german_or_english: Callable[..., FlaskClient]) -> None:
    markup = german_or_english().get("/how-sure?a=1&lang=de&b=%26&part=1").get_data(as_text=True)
    assert menu(markup)[0][1] == "/how-sure?a=1&b=%26&lang=en"


def test_a_page_that_cannot_be_asked_for_again_leads_to_the_first(
    german_or_english: Callable[..., FlaskClient],
) -> None:
    markup = german_or_english().post("/nothing-here").get_data(as_text=True)
    assert [address for _, address, _ in menu(markup)] == ["/?lang=en", "/?lang=de"]


def test_a_kiosk_with_one_language_has_no_menu(client: FlaskClient) -> None:
    assert menu(client.get("/how-sure").get_data(as_text=True)) == []


def test_an_error_is_told_in_the_language_too(german_or_english: Callable[..., FlaskClient]) -> None:
    answer = german_or_english().get("/nothing-here?lang=de")
    assert answer.status_code == 404
    assert "Unter dieser Adresse ist nichts." in answer.get_data(as_text=True)


def texts_of(markup: str) -> Any:
    found = re.search(r'data-texts="([^"]*)"', markup)
    assert found
    return json.loads(unescape(found[1]))


def test_scripts_get_their_words_with_the_page_and_none_in_english(
    german_or_english: Callable[..., FlaskClient],
) -> None:
    client = german_or_english()
    german = texts_of(client.get("/how-sure?lang=de").get_data(as_text=True))
    assert set(german) <= set(script_texts())
    assert german["Ready"] == "Bereit"
    assert texts_of(client.get("/how-sure?lang=en").get_data(as_text=True)) == {}


def test_one_reader_never_changes_the_language_of_another(german_or_english: Callable[..., FlaskClient]) -> None:
    app = german_or_english().application
    german, other = app.test_client(), app.test_client()
    german.get("/how-sure?lang=de")
    assert spoken(other.get("/how-sure")) == "en"
    assert spoken(german.get("/how-sure")) == "de"


def test_a_default_without_a_catalog_is_english(make_app: Callable[..., Flask]) -> None:
    client = make_app(languages={"en": Language("en")}, default_language="fr").test_client()
    assert spoken(client.get("/")) == "en"
