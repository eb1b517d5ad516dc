"""How the value of a setting is read, from the file and from an environment variable, and what it must be."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.toml_fields import FieldError, Reader, flag, number, text, type_name


@dataclass(frozen=True, slots=True)
class Rule:
    """How a value is read, and how the text of an environment variable becomes such a value."""

    read: Reader
    from_text: Callable[[str], object] = str


def whole(least: int, most: int) -> Rule:
    """Return the rule of a whole number between two, both allowed."""
    allowed = f"a whole number from {least} to {most}"

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FieldError(f"must be {allowed}, not {type_name(value)}")
        if not isinstance(value, int) or not least <= value <= most:
            raise FieldError(f"must be {allowed}, not {value}")
        return value

    def from_text(word: str) -> int:
        try:
            return int(word)
        except ValueError:
            raise FieldError(f"must be {allowed}, not '{word}'") from None

    return Rule(read, from_text)


def real(least: float, most: float) -> Rule:
    """Return the rule of a number between two, both allowed."""
    allowed = f"a number from {least:g} to {most:g}"

    def read(value: object) -> float:
        result = number(value)
        if not least <= result <= most:
            raise FieldError(f"must be {allowed}, not {result:g}")
        return result

    def from_text(word: str) -> float:
        try:
            return float(word)
        except ValueError:
            raise FieldError(f"must be {allowed}, not '{word}'") from None

    return Rule(read, from_text)


def _yes_or_no(word: str) -> bool:
    if word.lower() not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        raise FieldError(f"must be true or false, not '{word}'")
    return word.lower() in ("true", "1", "yes", "on")


def names_in(word: str) -> list[str]:
    """Return the names of a variable, between commas."""
    return [name.strip() for name in word.split(",") if name.strip()]


def source(value: object) -> str:
    """Return what to take pictures from."""
    # A camera's number is as good without quotes.
    return str(value) if type(value) is int and value >= 0 else text(value)


def exposure(value: object) -> str | float:
    """Return how the camera exposes: a word, or milliseconds."""
    allowed = "must be auto, sharp or milliseconds from 0.1 to 40"
    if value in ("auto", "sharp"):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.1 <= value <= 40:
        raise FieldError(f"{allowed}, not {value!r}")
    return float(value)


def exposure_text(word: str) -> object:
    """Return what a variable says of the exposure, as the file would."""
    try:
        return float(word)
    except ValueError:
        return word


def mains_hz(value: object) -> int:
    """Return the frequency of the mains, in Hz."""
    if value not in (50, 60) or isinstance(value, bool):
        raise FieldError(f"must be 50 or 60, not {value!r}")
    return 50 if value == 50 else 60


def _folder(value: object) -> Path:
    return Path(text(value))


def command(value: object) -> str:
    """Return a command that can be taken apart into words."""
    said = text(value)
    try:
        words = shlex.split(said)
    except ValueError:
        words = []
    if not words:
        raise FieldError(f"must be a command such as systemctl poweroff, with all quotes closed, not '{said}'")
    return said


def url(value: object) -> str:
    """Return the URL of a database."""
    said = text(value)
    if "://" not in said:
        raise FieldError(f"must be a database URL such as sqlite:////srv/kiosk/history.db, not '{said}'")
    return said


def address(value: object) -> str:
    """Return what phones open: a name or a URL."""
    said = text(value)
    if not _is_address(said):
        raise FieldError(f"must be a name or a URL such as kiosk.local or http://192.168.1.20:8080, not '{said}'")
    return said


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, or half an IPv6 address
        return False
    return named and not (parts.query or parts.fragment or parts.username) and not re.search(r"\s", address)


TEXT = Rule(text)
FLAG = Rule(flag, _yes_or_no)
FOLDER = Rule(_folder)
PIN = whole(0, 27)  # what the Raspberry Pi's header leads out
