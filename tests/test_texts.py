"""Every text of ours has its German, no entry is left over, and what is found by its mark is found everywhere."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import kiosk_incline_push_up
import kiosk_overhead_squat
import pytest

from kiosk.web.language import HERE, places
from tests.commands import ROOT
from tests.texts.catalog import SAID, Entry, brought_up_to_date, read_entries, written
from tests.texts.collect import is_still_said, page_texts, python_texts, spoken_words, template_texts

CATALOGS = sorted(HERE.glob("*.po"))
PLUGINS = (kiosk_overhead_squat, kiosk_incline_push_up)


def catalog_of(plugin: Any) -> Path:
    return Path(plugin.__file__).parent / "locale" / "de.po"


ALL = [*CATALOGS, *map(catalog_of, PLUGINS)]


def test_german_is_there() -> None:
    assert HERE / "de.po" in CATALOGS


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.stem)
def test_every_text_of_the_pages_is_translated(path: Path) -> None:
    known = {entry.english: entry.translation for entry in read_entries(path)}
    assert [english for english in page_texts() if not known.get(english)] == [], "run: make texts"


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.stem)
def test_a_catalog_is_as_it_would_be_written(path: Path) -> None:
    up_to_date = brought_up_to_date(read_entries(path), page_texts())
    assert path.read_text(encoding="utf-8") == written(up_to_date, path.stem), "run: make texts"


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.stem)
def test_every_finished_sentence_of_a_catalog_is_still_said(path: Path) -> None:
    words = spoken_words()
    left = [entry.english for entry in read_entries(path) if entry.is_said and not entry.files]
    assert [english for english in left if not is_still_said(english, words)] == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_translation_has_the_places_of_its_english_and_says_something(path: Path) -> None:
    entries = read_entries(path)
    assert [entry.english for entry in entries if places(entry.english) != places(entry.translation)] == []
    assert [entry.english for entry in entries if not entry.translation.strip()] == []
    assert len({entry.english for entry in entries}) == len(entries)


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_translation_keeps_the_marks_at_its_ends(path: Path) -> None:
    odd = [
        entry.english
        for entry in read_entries(path)
        if entry.english[-1] in ".:…" and entry.english[-1] != entry.translation[-1]
    ]
    assert odd == []


def words_of(thing: Any) -> set[str]:
    """What a member reads of an exercise: every text of its checks that is no name, address or source."""
    if isinstance(thing, str):
        return {thing} if " " in thing.strip() else set()
    if isinstance(thing, tuple | list):
        return set().union(*map(words_of, thing))
    if is_dataclass(thing) and not isinstance(thing, type):
        skipped = {"sources", "card", "measure", "source", "drawn"}
        return set().union(*(words_of(getattr(thing, one.name)) for one in fields(thing) if one.name not in skipped))
    return set()


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.__name__)
def test_every_text_of_our_plugins_is_translated(plugin: Any) -> None:
    exercises = plugin.kiosk_register_exercises()
    texts = set().union(*(words_of((one.title, one.start_ask, one.passes, one.checks)) for one in exercises))
    known = {entry.english for entry in read_entries(catalog_of(plugin))}
    known |= {entry.english for entry in read_entries(HERE / "de.po")}
    assert len(texts) > 40
    assert sorted(texts - known) == []


def test_a_template_is_read_for_all_ways_to_name_a_text() -> None:
    source = """
    {% block a %}{{ _("One {n}", n=2) }}{% endblock %}
    {% macro b(x) %}<p title="{{ _("Two") if x else _("Three") }}">{{ _("Four" if x else "Five") }}</p>{% endmacro %}
    {{ _({"k": "Six"}[x]) }}{{ "Seven" | said }}{{ x.title | said or _("Eight") }}{# _("Never") #}
    """
    found = set(template_texts(source))
    assert found == {"One {n}", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"}


def test_a_module_is_read_for_all_ways_to_name_a_text() -> None:
    source = 'A = later("One")\ndef f(x):\n    return text("Two {n}", n=1) if x else said("Three" if x else "Four")\n'
    assert set(python_texts(source)) == {"One", "Two {n}", "Three", "Four"}


def test_what_is_shown_no_more_goes_and_what_is_new_comes_empty() -> None:
    old = [Entry("Gone", "Weg"), Entry("Kept", "Da", ("old.html",)), Entry("A knee.", "Ein Knie.", (), (SAID,))]
    new = brought_up_to_date(old, {"New": ["a.html"], "Kept": ["b.html"]})
    assert new == [
        Entry("New", "", ("a.html",)),
        Entry("Kept", "Da", ("b.html",)),
        Entry("A knee.", "Ein Knie.", (), (SAID,)),
    ]


def test_a_catalog_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    entries = [
        Entry('Say "{word}" \\ now', 'Sag „{word}“ \\ jetzt\n"x"', ("kiosk/web/a.py",)),
        Entry("A knee.", "Ein Knie.", (), (SAID,)),
    ]
    path = tmp_path / "de.po"
    path.write_text(written(entries, "de"), encoding="utf-8")
    assert read_entries(path) == entries


def test_a_sentence_is_known_by_its_words() -> None:
    words = frozenset({"there", "folder", "make", "one"})
    assert is_still_said("There is no folder {name}: make one.", words)
    assert not is_still_said("There was no folder {name}.", words)
