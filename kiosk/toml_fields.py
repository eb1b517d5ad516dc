"""Tables of a TOML file, read strictly: each mistake is kept with its key, so that one run names them all."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from kiosk.errors import PluginError

#: Turns a TOML value into ours, or raises :class:`FieldError` with the reason.
Reader: TypeAlias = Callable[[object], Any]

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TYPE_NAMES = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
}


class FieldError(ValueError):
    """Why one value cannot be taken. Its text goes behind the key in the message."""


class TomlSource(Protocol):
    """A file on disk or inside an installed package (``pathlib.Path`` and ``Traversable`` both fit)."""

    def read_bytes(self) -> bytes:
        """The whole content."""


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong in one file, one line each: file, dotted key, reason."""

    file: str
    lines: list[str] = field(default_factory=list)

    def add(self, key: str, reason: str) -> None:
        """Keep one mistake. ``key`` is dotted, as in ``checks.knees-in.sign``."""
        # A name or a value out of the file may hold line breaks.
        self.lines.append(" ".join(f"{self.file}: {key}: {reason}".splitlines()))

    def refuse(self) -> None:
        """Raise a PluginError with all mistakes, if there are any."""
        if self.lines:
            raise PluginError("\n".join(self.lines))


def read_toml(source: TomlSource, name: str) -> dict[str, Any]:
    """The content of a TOML file; ``name`` is what a message calls it.

    Raises PluginError when it cannot be opened, is not UTF-8, or is not TOML (with line and column).
    """
    try:
        # A byte order mark is what Windows' editors put in front; TOML forbids it, a trainer cannot see it.
        return tomllib.loads(source.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise PluginError(f"{name}: there is no such file.") from None
    except OSError as error:
        raise PluginError(f"{name}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise PluginError(f"{name}: is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise PluginError(f"{name}: is not valid TOML: {error}") from error


def read_table(
    raw: object, fields: Mapping[str, Reader], required: Iterable[str], where: str, problems: Problems
) -> dict[str, Any]:
    """The values of one table that can be taken; unknown, missing and wrong keys go to ``problems``."""
    if not isinstance(raw, dict):
        problems.add(where, f"must be a table, not {type_name(raw)}")
        return {}
    values = {}
    for key, value in raw.items():
        if key not in fields:
            problems.add(dotted(where, key), f"is not a known key{nearest(key, fields)}")
            continue
        try:
            values[key] = fields[key](value)
        except FieldError as error:
            problems.add(dotted(where, key), str(error))
    for key in required:
        if key not in raw:
            problems.add(dotted(where, key), "is missing")
    return values


def dotted(where: str, key: str) -> str:
    """``where.key``, or ``key`` alone at the top of the file."""
    return f"{where}.{key}" if where else key


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint to put behind a complaint: the nearest known word, else all of them."""
    options = list(known)
    close = difflib.get_close_matches(word, options, n=1)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known are: {', '.join(options)}" if options else ""


def type_name(value: object) -> str:
    """The type of a TOML value in words that a trainer knows."""
    return _TYPE_NAMES.get(type(value), "a date or time")


def as_is(value: object) -> object:
    """A value whose own reader looks at it later."""
    return value


def text(value: object) -> str:
    """A text with something in it, on one line: a line break inside counts as a blank."""
    if not isinstance(value, str):
        raise FieldError(f"must be a text in quotes, not {type_name(value)}")
    line = " ".join(value.split())
    if not line:
        raise FieldError("must not be empty")
    if any(unicodedata.category(character) == "Cc" for character in line):
        raise FieldError("has a control character in it")
    return line


def slug(value: object) -> str:
    """A name in small letters, digits and single hyphens, such as ``knees-in``."""
    word = text(value)
    if not _SLUG.fullmatch(word):
        raise FieldError(f"'{word}' must be small letters, digits and single hyphens, such as knees-in")
    return word


def at_most_words(count: int) -> Reader:
    """A reader of texts of at most ``count`` words."""

    def read(value: object) -> str:
        words = text(value)
        if len(words.split()) > count:
            raise FieldError(f"has {len(words.split())} words; at most {count} can be read during a movement")
        return words

    return read


def number(value: object) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FieldError(f"must be a number without quotes, not {type_name(value)}")
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise FieldError("must be a finite number")
    return result


def not_negative(value: object) -> float:
    """A finite number that is 0 or more."""
    result = number(value)
    if result < 0:
        raise FieldError(f"must be 0 or more, not {result:g}")
    return result


def flag(value: object) -> bool:
    """``true`` or ``false``."""
    if not isinstance(value, bool):
        raise FieldError(f"must be true or false without quotes, not {type_name(value)}")
    return value


def one_of(options: Collection[str]) -> Reader:
    """A reader of one word out of ``options``."""

    def read(value: object) -> str:
        word = text(value)
        if word not in options:
            raise FieldError(f"'{word}' is not known{nearest(word, options)}")
        return word

    return read


def list_of(read_item: Reader, *, least: int = 0) -> Reader:
    """A reader of lists of at least ``least`` different items."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise FieldError(f"must be a list in square brackets, not {type_name(value)}")
        items = tuple(read_item(item) for item in value)
        if len(set(items)) < len(items):
            raise FieldError("names something twice")
        if len(items) < least:
            raise FieldError(f"must name at least {least}")
        return items

    return read


def pair(value: object) -> tuple[str, str]:
    """Two different texts."""
    items = list_of(text)(value)
    if len(items) != 2:
        raise FieldError(f"must be two texts, not {len(items)}")
    return items[0], items[1]
