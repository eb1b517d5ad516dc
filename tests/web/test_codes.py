"""Codes: suggested ones are good, own ones are compared kindly, easy ones are refused, none can be read back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.web.codes import (
    TOO_EASY,
    TOO_SHORT,
    WORDS,
    code_words,
    key_without_code,
    member_key,
    normal,
    objection,
    suggested,
)
from kiosk.web.language import Language, find_languages, speaking

SECRET = b"a secret of thirty-two bytes ..."
LANGUAGES = find_languages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_suggested_codes_are_three_words_and_two_digits_and_never_refused(code: str) -> None:
    with speaking(LANGUAGES[code]):
        for _ in range(300):
            one = suggested()
            *words, digits = one.split()
            assert len(words) == 3
            assert set(words) <= set(code_words())
            assert len(digits) == 2
            assert objection(one) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_there_are_enough_codes_for_the_tries_that_are_allowed(code: str) -> None:
    # Forty tries an hour from one address, for a year, with a hundred members: less than one in a hundred.
    with speaking(LANGUAGES[code]):
        codes = len(code_words()) ** 3 * 90
    assert 40 * 24 * 365 * 100 / codes < 0.25
    assert math.log2(codes) > 26


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_are_short_plain_and_told_apart(code: str) -> None:
    with speaking(LANGUAGES[code]):
        words = code_words()
    assert len(set(words)) == len(words) > 100
    assert all(3 <= len(word) <= 9 and word.isascii() and word.islower() for word in words)
    assert len({word[:4] for word in words}) > 0.9 * len(words)


def test_germans_are_suggested_german_words() -> None:
    with speaking(LANGUAGES["de"]):
        german = code_words()
    assert "ahorn" in german
    assert "acorn" not in german


@pytest.mark.parametrize("translation", ["", "few words", "wörter mit zeichen " * 60])
def test_a_translation_without_enough_good_words_suggests_english_ones(translation: str) -> None:
    with speaking(Language("xx", {WORDS: translation} if translation else {})):
        assert code_words() == WORDS.split()


@pytest.mark.parametrize(
    "other", ["OTTER MAPLE RIVER 42", " otter  maple river 42 ", "Otter-maple_river.42", "ｏtter maple river 42"]
)
def test_codes_are_the_same_however_they_are_spelt(other: str) -> None:
    assert normal(other) == "otter maple river 42"
    assert member_key(SECRET, other) == member_key(SECRET, "otter maple river 42")


@given(st.text(max_size=60))
def test_spelling_a_code_as_it_is_compared_changes_nothing(code: str) -> None:
    assert normal(normal(code)) == normal(code)


def test_the_key_tells_nothing_without_the_secret() -> None:
    key = member_key(SECRET, "otter maple river 42")
    assert key != member_key(b"another", "otter maple river 42")
    assert key != member_key(SECRET, "otter maple river 43")
    assert len(key) == len(key_without_code()) == 24
    assert key_without_code() != key_without_code()


@pytest.mark.parametrize("code", ["", "abc 123", "- - - - - - - -"])
def test_short_codes_are_refused(code: str) -> None:
    assert objection(code) == TOO_SHORT


@pytest.mark.parametrize(
    "code", ["87654321", "abcdefgh", "hgfedcba", "poiuytre", "1212 1212", "fitness!", "0171 2345678", "Passwort1"]
)
def test_codes_that_are_guessed_first_are_refused(code: str) -> None:
    assert objection(code) in (TOO_EASY, TOO_SHORT)


@pytest.mark.parametrize("code", ["blue door 7 keys", "grün und müde", "my dog eats 3 shoes"])
def test_own_words_will_do(code: str) -> None:
    assert objection(code) is None
