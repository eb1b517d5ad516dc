"""What a page says, in its reader's language: catalogs that turn our English sentences into others.

The English text itself is the key, in the templates and in the code, so a language is one file: ``locale/de.po`` here
for the pages, and one beside the ``checks.toml`` of each plugin for its own words. A key may hold places as in
``Pass {number} of {all}``. Sentences that come finished from elsewhere (a stored result, the engine) are found by
them too: what stands at a place is translated by itself and put back, and a text of several parts (sentences, lines, a
title and what is said of it) part by part where it is unknown as a whole. ``docs/languages.md`` tells how to add one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import get_decimal_symbol
from jinja2 import Environment

HERE = Path(__file__).parent / "locale"
ENGLISH = "en"
_PLACE = re.compile(r"\{(\w+)\}")
_BETWEEN = re.compile(r"\{\w+\}")
_ESCAPED_PLACE = re.compile(r"\\{(\w+)\\}")
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Where a text of several parts is cut, the coarsest cut first.
_CUTS = tuple(re.compile(cut) for cut in (r"(\n)", r"(?<=[.?!])( )", r"( · )", r"(; )", r"(: )"))
#: What stands at a place is never more than one sentence, or one line.
_AT_A_PLACE = r"(?:(?![.?!] |\n).)+?"
_LINE = re.compile(r'#.*|(msg\w+(\[\d\])?\s+)?"(?:[^"\\]|\\.)*"')
#: Numbers with at most a short unit: nothing but their decimal points depends on the language.
_MEASURED = re.compile(r"(?=.*\d\.\d)(?:[-−+±\d.,x%°() ]|ms\b|s\b|m\b)+")
_DECIMAL = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.])")


@dataclass(frozen=True)
class Language:
    """One language. ``exact`` holds the texts by their English; ``with_places`` are those by which finished sentences
    may be found, longest first, each with the words between its places.
    """

    code: str
    exact: Mapping[str, str] = field(default_factory=dict)
    with_places: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def locale(self) -> Locale:
        """How numbers and dates are written. Plain English means the day before the month, as in most of the world."""
        return _locale("en-GB" if self.code == ENGLISH else self.code)

    @property
    def name(self) -> str:
        """The language in its own words."""
        return (_locale(self.code).get_display_name() or self.code).capitalize()

    def text(self, english: str, **values: object) -> str:
        """Return a text of ours in this language, with ``values`` at its places; English where none is known."""
        found = self.exact.get(english, english)
        return _filled(found, values) if values else found

    def said(self, sentence: str) -> str:
        """Return a finished English sentence in this language; as it is where no text fits."""
        return _said(self, sentence)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    return Locale.parse(code, sep="-")


def _filled(found: str, values: Mapping[str, object]) -> str:
    # Not str.format: a text from a file must never fail, nor reach into the objects that it shows.
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), found)


@lru_cache(maxsize=4096)
def _said(language: Language, sentence: str) -> str:
    known = language.exact.get(sentence)
    if known is not None:
        return known
    for english, words in language.with_places:
        # Most texts do not fit, which their words tell: an expression is made of those that may.
        match = all(word in sentence for word in words) and _pattern(english).fullmatch(sentence)
        if match:
            found = language.exact[english]
            return _filled(found, {name: language.said(part) for name, part in match.groupdict().items()})
    for cut in _CUTS:
        first, *others = cut.split(sentence, maxsplit=1)
        if others:
            between, rest = others
            return f"{language.said(first)}{between}{language.said(rest)}"
    return _figures(language, sentence)


def _figures(language: Language, part: str) -> str:
    """Return what no text fits: numbers with the decimal sign of the language, everything else as it is."""
    if not _MEASURED.fullmatch(part):
        return part
    sign = get_decimal_symbol(language.locale)
    return _DECIMAL.sub(lambda number: f"{number[1]}{sign}{number[2]}", part)


def read_language(code: str, files: Iterable[Path], told: Callable[[str], None] = lambda _problem: None) -> Language:
    """Return the language of these catalogs; of a text in several the first counts. English needs none.

    ``told`` hears a sentence about every file that cannot be read and every text that does not fit its English: they
    are left out, and English stands there.
    """
    exact: dict[str, str] = {}
    for path in files:
        for english, found in _texts(code, path, told):
            if places(english) == places(found):
                exact.setdefault(english, found)
            else:
                wanted = ", ".join(f"{{{name}}}" for name in sorted(places(english))) or "none"
                told(f'{path}: the text for "{english}" must hold the same places as the English: {wanted}.')
    return language_of(code, exact)


def language_of(code: str, exact: Mapping[str, str]) -> Language:
    """Return the language of texts by their English, which are known to fit it."""
    with_places = sorted((english for english in exact if _is_pattern(english)), key=len, reverse=True)
    return Language(code, exact, tuple((english, tuple(_BETWEEN.split(english))) for english in with_places))


def places(words: str) -> frozenset[str]:
    """Return the names of the places in a text."""
    return frozenset(_PLACE.findall(words))


def _texts(code: str, path: Path, told: Callable[[str], None]) -> list[tuple[str, str]]:
    """Return what a catalog holds, English and translation; nothing of one that is damaged. Doubtful ones are left."""
    try:
        words = path.read_bytes()
        _refuse_broken_lines(words.decode("utf-8-sig"))
        catalog = read_po(BytesIO(words), locale=_locale(code), abort_invalid=True)
    except OSError as error:
        told(f"{path} cannot be read: {error.strerror}.")
    except UnknownLocaleError:
        told(f"{path}: '{code}' is the code of no language: name the file as in de.po or pt-BR.po.")
    except (PoFileError, ValueError, LookupError) as error:
        told(f"{path} is not a translation file that can be read: {error}. Save it from a PO editor, as UTF-8.")
    else:
        return [
            (message.id, message.string)
            for message in catalog
            if isinstance(message.id, str) and isinstance(message.string, str)
            if message.id and message.string and not message.fuzzy
        ]
    return []


def _refuse_broken_lines(words: str) -> None:
    """Raise ValueError at a line without its quotes: babel would cut off a letter instead."""
    for number, line in enumerate(words.splitlines(), 1):
        if line.strip() and not _LINE.fullmatch(line.strip()):
            raise ValueError(f"line {number} is no comment and no text in quotes")


def _is_pattern(english: str) -> bool:
    """Whether finished sentences may be found by it: ``{one} of {all}`` would fit too many that it does not mean."""
    if "{" not in english:
        return False
    words = len(_WORD.findall(_PLACE.sub(" ", english)))
    open_ended = english.startswith("{") and english.endswith("}")
    return words >= (2 if open_ended else 1)


@lru_cache(maxsize=1024)
def _pattern(english: str) -> re.Pattern[str]:
    named: set[str] = set()

    def group(place: re.Match[str]) -> str:
        if place[1] in named:
            return f"(?P={place[1]})"
        named.add(place[1])
        return f"(?P<{place[1]}>{_AT_A_PLACE})"

    return re.compile(_ESCAPED_PLACE.sub(group, re.escape(english)))


def catalogs(own: Path | None = None) -> dict[str, Path]:
    """Return the catalogs of the pages by the code of their language; in ``own`` a gym keeps further ones."""
    folders = [HERE, *([own] if own is not None else [])]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.po"))}


def find_languages(
    folders: Iterable[Path] = (), own: Path | None = None, told: Callable[[str], None] = lambda _problem: None
) -> dict[str, Language]:
    """Return the languages that have a catalog of the pages, by code, English first.

    ``folders`` hold the catalogs of plugins, which add to them. ``own`` is the gym's own folder: a file there is a
    language of its own, or goes before ours. ``told`` hears what is wrong with a file, as in `read_language`; a
    language without a single text is left out.
    """
    found = {ENGLISH: Language(ENGLISH)}
    places_of_files = [*([own] if own is not None else []), HERE, *folders]
    for code in sorted(catalogs(own)):
        files = (folder / f"{code}.po" for folder in places_of_files)
        language = read_language(code, [file for file in files if file.is_file()], told)
        if language.exact:
            found[code] = language
    return found


_current: ContextVar[Language] = ContextVar("language", default=Language(ENGLISH))  # noqa: B039 - a frozen one


def current() -> Language:
    """Return the language that is spoken just now: that of the request, else English."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak this language inside the block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def text(english: str, **values: object) -> str:
    """Return a text of ours in the current language: in templates ``_("...")``."""
    return current().text(english, **values)


def said(sentence: str | None) -> str:
    """Return a finished English sentence in the current language: in templates ``... | said``."""
    return current().said(sentence) if sentence else ""


def later(english: str) -> str:
    """Mark a text that stands in a table and is put into words when it is shown: ``text(TABLE[key])``."""
    return english


def register(environment: Environment) -> None:
    """Let templates speak: ``_("...")``, ``... | said``, and ``language()`` for the one that is spoken."""
    environment.globals.update(_=text, language=current)
    environment.filters.update(said=said)
