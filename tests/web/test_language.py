"""Catalogs: what they turn our texts into, and what happens where one is wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.web.language import ENGLISH, Language, current, find_languages, later, read_language, said, speaking, text

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def entry(english: str, translation: str, above: str = "") -> str:
    return f'\n{above}msgid "{english}"\nmsgstr "{translation}"\n'


@pytest.fixture
def catalog(tmp_path: Path) -> Callable[..., Path]:
    def write(*entries: str, name: str = "de.po") -> Path:
        path = tmp_path / name
        path.write_text(HEADER + "".join(entries), encoding="utf-8")
        return path

    return write


@pytest.fixture
def told() -> list[str]:
    return []


def test_a_text_is_found_by_its_english_and_takes_its_values(catalog: Callable[..., Path]) -> None:
    german = read_language("de", [catalog(entry("Pass {n} of {all}", "Durchgang {n} von {all}"))])
    assert german.text("Pass {n} of {all}", n=1, all=2) == "Durchgang 1 von 2"


def test_a_text_without_a_translation_stays_english_with_its_values(catalog: Callable[..., Path]) -> None:
    assert read_language("de", [catalog()]).text("Rep {n}", n=3) == "Rep 3"


def test_a_value_with_braces_of_its_own_is_shown_as_it_is() -> None:
    assert Language("en").text("Member {name}", name="{0.__class__}") == "Member {0.__class__}"


def test_a_finished_sentence_is_found_by_its_pattern_and_its_parts_are_translated(catalog: Callable[..., Path]) -> None:
    german = read_language(
        "de", [catalog(entry("We saw {what} in rep {n}.", "In Wiederholung {n}: {what}."), entry("a knee", "ein Knie"))]
    )
    assert german.said("We saw a knee in rep 3.") == "In Wiederholung 3: ein Knie."


def test_a_decimal_inside_a_finished_sentence_is_written_as_in_the_language(catalog: Callable[..., Path]) -> None:
    german = read_language("de", [catalog(entry("It took {time} in all.", "Es dauerte insgesamt {time}."))])
    assert german.said("It took 2.5 s in all.") == "Es dauerte insgesamt 2,5 s."


def test_the_longer_of_two_patterns_that_fit_counts(catalog: Callable[..., Path]) -> None:
    german = read_language(
        "de", [catalog(entry("The {thing} broke", "kurz {thing}"), entry("The {thing} broke in two", "lang {thing}"))]
    )
    assert german.said("The box broke in two") == "lang box"


def test_a_text_that_is_nearly_all_places_never_catches_a_sentence(catalog: Callable[..., Path]) -> None:
    german = read_language("de", [catalog(entry("{n} of {all}", "{n} von {all}"))])
    assert german.said("Loss of balance") == "Loss of balance"
    assert german.text("{n} of {all}", n=1, all=2) == "1 von 2"


def test_a_place_that_stands_twice_holds_the_same_both_times(catalog: Callable[..., Path]) -> None:
    german = read_language("de", [catalog(entry("{a} meets {a} here", "{a} trifft {a}"))])
    assert german.said("one meets one here") == "one trifft one"
    assert german.said("one meets two here") == "one meets two here"


def test_a_text_with_other_places_than_the_english_is_refused_and_told(
    catalog: Callable[..., Path], told: list[str]
) -> None:
    path = catalog(entry("Rep {n}", "Wiederholung {nummer}"), entry("Yes", "Ja"), entry("No {n}", "Nein"))
    german = read_language("de", [path], told.append)
    assert german.text("Rep {n}", n=2) == "Rep 2"
    assert german.text("Yes") == "Ja"
    assert [problem.endswith("must hold the same places as the English: {n}.") for problem in told] == [True, True]
    assert str(path) in told[0]
    assert '"Rep {n}"' in told[0]


def test_a_doubtful_translation_is_left_out(catalog: Callable[..., Path]) -> None:
    assert read_language("de", [catalog(entry("Yes", "Nein", "#, fuzzy\n"))]).text("Yes") == "Yes"


def test_of_a_text_in_several_files_the_first_counts(catalog: Callable[..., Path]) -> None:
    first, second = catalog(entry("Yes", "Jawohl")), catalog(entry("Yes", "Ja"), entry("No", "Nein"), name="other.po")
    german = read_language("de", [first, second])
    assert (german.text("Yes"), german.text("No")) == ("Jawohl", "Nein")


@pytest.mark.parametrize(
    "damaged",
    [
        b'msgid "Yes\nmsgstr "Ja"\n',
        b"not a translation at all\n",
        HEADER.encode() + 'msgid "Yes"\nmsgstr "Jä"\n'.encode("latin-1"),
        HEADER.replace("utf-8", "klingon").encode() + b'msgid "Yes"\nmsgstr "Ja"\n',
        b"\x00\xff\xfe" * 40,
    ],
    ids=["no end quote", "words", "latin-1", "unknown charset", "noise"],
)
def test_a_damaged_file_is_told_and_leaves_english(tmp_path: Path, told: list[str], damaged: bytes) -> None:
    path = tmp_path / "de.po"
    path.write_bytes(damaged)
    german = read_language("de", [path], told.append)
    assert german.text("Yes") == "Yes"
    assert len(told) == 1
    assert str(path) in told[0]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, told: list[str]) -> None:
    read_language("de", [tmp_path / "none.po"], told.append)
    assert told == [f"{tmp_path / 'none.po'} cannot be read: No such file or directory."]


def test_english_and_german_are_there(told: list[str]) -> None:
    found = find_languages(told=told.append)
    assert next(iter(found)) == ENGLISH
    assert {code: one.name for code, one in found.items()} == {"en": "English", "de": "Deutsch"}
    assert told == []


def test_a_file_in_the_gyms_own_folder_is_a_language_more(catalog: Callable[..., Path], told: list[str]) -> None:
    folder = catalog(entry("Yes", "Oui"), name="fr.po").parent
    found = find_languages(own=folder, told=told.append)
    assert found["fr"].name == "Français"
    assert found["fr"].text("Yes") == "Oui"
    assert told == []


def test_a_file_in_the_gyms_own_folder_goes_before_ours(catalog: Callable[..., Path]) -> None:
    folder = catalog(entry("Results", "Eure Werte")).parent
    german = find_languages(own=folder)["de"]
    assert german.text("Results") == "Eure Werte"
    assert german.text("Left and right") == "Links und rechts"


def test_the_words_of_a_plugin_are_added_from_its_own_folder(catalog: Callable[..., Path]) -> None:
    folder = catalog(entry("Lunge with a cable", "Ausfallschritt am Kabel")).parent
    assert find_languages([folder])["de"].said("Lunge with a cable") == "Ausfallschritt am Kabel"
    assert "Lunge with a cable" not in find_languages()["de"].exact


def test_a_file_that_is_named_after_no_language_is_told_and_left_out(
    catalog: Callable[..., Path], told: list[str]
) -> None:
    folder = catalog(entry("Yes", "Ja"), name="xx-nowhere.po").parent
    assert "xx-nowhere" not in find_languages(own=folder, told=told.append)
    assert len(told) == 1
    assert "xx-nowhere" in told[0]


def test_a_language_whose_only_file_is_damaged_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text("rubbish", encoding="utf-8")
    assert "fr" not in find_languages(own=tmp_path)


def test_a_language_is_spoken_inside_its_block_and_nowhere_else() -> None:
    german = Language("de", {"Yes": "Ja"})
    heard: list[str] = []
    with speaking(german):
        other = threading.Thread(target=lambda: heard.append(text("Yes")))
        other.start()
        other.join()
        assert (text("Yes"), said("Yes"), said(None), current().code) == ("Ja", "Ja", "", "de")
    assert text("Yes") == "Yes"
    assert heard == ["Yes"]


def test_a_marked_text_is_its_english_until_it_is_shown() -> None:
    assert later("Loosen") == "Loosen"
