"""What every translation of an exercise must keep, as tests that a plugin inherits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path

from kiosk.movement.exercise import Check, Exercise
from kiosk.testing.contract import MOST_WORDS


class TranslationContract:
    """Subclass it in a plugin's tests and name the class ``Test...``.

    Give it the ``exercise``, the ``language`` and the name of the plugin's ``package``, whose ``locale`` holds
    ``<language>.po``.
    """

    exercise: Exercise
    package: str
    language: str

    @cached_property
    def catalog(self) -> Path:
        """The file with the translation."""
        return Path(str(import_module(self.package).__file__)).parent / "locale" / f"{self.language}.po"

    def test_every_text_is_translated(self) -> None:
        """A text without one stands in English between the others."""
        missing = sorted(self._english() - self._translated().keys())
        assert not missing, f"{self.catalog.name} lacks: {missing}"

    def test_nothing_is_left_of_a_text_that_was_changed(self) -> None:
        """The new text then has no translation, though it looks as if it had."""
        left = sorted(self._translated().keys() - self._english())
        assert not left, f"{self.catalog.name} translates what the exercise does not say: {left}"

    def test_no_translation_is_the_english_again_but_for_sources(self) -> None:
        """Where a source can be found is the same in every language."""
        same = {english for english, text in self._translated().items() if english == text} - self._sources()
        assert not same, f"not translated: {sorted(same)}"

    def test_what_it_asks_can_be_read_across_the_room_too(self) -> None:
        """At most seven words, also where the English needs fewer."""
        translated = self._translated()
        long = [translated[text] for text in self._asked() if len(translated.get(text, "").split()) > MOST_WORDS]
        assert not long, f"more than {MOST_WORDS} words: {long}"

    def _translated(self) -> dict[str, str]:
        """The translation by the English; what is empty, doubtful or does not fit its English is not there."""
        from kiosk.web.language import read_language

        wrong: list[str] = []
        found = read_language(self.language, [self.catalog], wrong.append)
        assert not wrong, " ".join(wrong)
        return dict(found.exact)

    def _english(self) -> set[str]:
        exercise = self.exercise
        of_checks = {text for check in exercise.checks for text in _words(check)}
        return {exercise.title, *self._asked(), *(side.name for side in exercise.sides), *of_checks, *self._sources()}

    def _asked(self) -> Iterator[str]:
        """What the screen says while somebody moves."""
        yield self.exercise.start_ask
        yield from (one.ask for one in self.exercise.passes)
        yield from (check.cue for check in self.exercise.checks)

    def _sources(self) -> set[str]:
        return {where for check in self.exercise.checks for _, where in check.sources}


def _words(check: Check) -> Iterator[str]:
    """Every text of a check. Slugs, ids and what is chosen from a list are no words."""
    of_check = (check.title, check.reason, check.saw, check.cue, check.question, check.regression)
    yield from (text for text in of_check if text)
    yield from check.sides or ()
    yield from (*check.muscles.overactive, *check.muscles.underactive)
    for correction in check.corrections:
        yield from (correction.title, correction.dose, correction.how)
