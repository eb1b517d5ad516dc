"""The contract of translations finds what is missing, left over, not translated, and too long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from kiosk_overhead_squat import overhead_squat

from kiosk.testing import TranslationContract

Change = Callable[[dict[str, str]], None]


class German(TranslationContract):
    exercise = overhead_squat
    package = "kiosk_overhead_squat"
    language = "de"


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Change], German]:
    """Return the contract of our German after a change to its texts."""

    def make(change: Change) -> German:
        texts = dict(German()._translated())
        change(texts)
        path = tmp_path / "de.po"
        entries = (f"msgid {quoted(english)}\nmsgstr {quoted(german)}\n" for english, german in texts.items())
        path.write_text("\n".join(entries), encoding="utf-8")
        contract = German()
        contract.catalog = path  # type: ignore[misc]  # what is cached may be put there
        return contract

    return make


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def test_the_catalog_is_that_of_the_package() -> None:
    assert German().catalog.parts[-3:] == ("kiosk_overhead_squat", "locale", "de.po")
    assert German().catalog.is_file()


def test_a_copy_of_a_good_one_is_good(changed: Callable[[Change], German]) -> None:
    contract = changed(lambda texts: None)
    contract.test_every_text_is_translated()
    contract.test_nothing_is_left_of_a_text_that_was_changed()
    contract.test_no_translation_is_the_english_again_but_for_sources()
    contract.test_what_it_asks_can_be_read_across_the_room_too()


@pytest.mark.parametrize(
    "text",
    [
        overhead_squat.title,
        overhead_squat.start_ask,
        overhead_squat.passes[0].ask,
        overhead_squat.sides[0].name,
        overhead_squat.checks[0].saw,
        next(check for check in overhead_squat.checks if check.sides).sides[1],  # type: ignore[index]  # it has them
        next(check for check in overhead_squat.checks if check.corrections).corrections[0].how,
        next(check for check in overhead_squat.checks if check.sources).sources[0][1],
    ],
)
def test_any_text_that_is_missing_is_named(changed: Callable[[Change], German], text: str) -> None:
    contract = changed(lambda texts: texts.__delitem__(text))
    with pytest.raises(AssertionError, match=r"de\.po lacks") as caught:
        contract.test_every_text_is_translated()
    assert repr(text) in str(caught.value)


def test_what_the_exercise_does_not_say_is_named(changed: Callable[[Change], German]) -> None:
    contract = changed(lambda texts: texts.update({"Jump": "Spring"}))
    with pytest.raises(AssertionError, match=r"does not say: \['Jump'\]"):
        contract.test_nothing_is_left_of_a_text_that_was_changed()


def test_english_in_the_place_of_german_is_named(changed: Callable[[Change], German]) -> None:
    title = overhead_squat.title
    contract = changed(lambda texts: texts.update({title: title}))
    with pytest.raises(AssertionError, match=f"not translated: ..{title}"):
        contract.test_no_translation_is_the_english_again_but_for_sources()


def test_more_words_than_can_be_read_are_named(changed: Callable[[Change], German]) -> None:
    contract = changed(
        lambda texts: texts.update({overhead_squat.start_ask: "eins zwei drei vier fünf sechs sieben acht"})
    )
    with pytest.raises(AssertionError, match=r"more than 7 words: \['eins zwei"):
        contract.test_what_it_asks_can_be_read_across_the_room_too()


def test_a_damaged_catalog_is_told_with_its_reason(changed: Callable[[Change], German]) -> None:
    contract = changed(lambda texts: None)
    contract.catalog.write_text('msgid "a\nmsgstr ""', encoding="utf-8")
    with pytest.raises(AssertionError, match="is not a translation file that can be read"):
        contract.test_every_text_is_translated()
