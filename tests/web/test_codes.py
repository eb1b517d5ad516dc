"""Codes: suggested ones are good, own ones are compared kindly, easy ones are refused, none can be read back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.web.codes import TOO_EASY, TOO_SHORT, WORDS, key_without_code, member_key, normal, objection, suggested

SECRET = b"a secret of thirty-two bytes ..."


def test_suggested_codes_are_three_words_and_two_digits_and_never_refused() -> None:
    for _ in range(300):
        code = suggested()
        *words, digits = code.split()
        assert len(words) == 3
        assert set(words) <= set(WORDS)
        assert len(digits) == 2
        assert objection(code) is None


def test_there_are_enough_codes_for_the_tries_that_are_allowed() -> None:
    # Forty tries an hour from one address, for a year, with a hundred members: less than one in a hundred.
    codes = len(WORDS) ** 3 * 90
    assert 40 * 24 * 365 * 100 / codes < 0.25
    assert math.log2(codes) > 26


def test_words_are_short_plain_and_told_apart() -> None:
    assert len(set(WORDS)) == len(WORDS) > 100
    assert all(4 <= len(word) <= 9 and word.isascii() and word.islower() for word in WORDS)
    assert len({word[:4] for word in WORDS}) > 0.9 * len(WORDS)


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
