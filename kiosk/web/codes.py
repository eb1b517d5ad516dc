"""Codes that members choose so as to find their results again: suggested, made alike, refused where too easy.

A code is stored nowhere. What stands for it is its keyed hash, which is of no use without the kiosk's secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata

from kiosk.web.language import later, text

LEAST_LENGTH, MOST_LENGTH = 8, 80
#: Fewer different letters and digits than this are guessed too soon.
LEAST_DIFFERENT = 5
_KEY_BYTES = 18
_WORDS = 3
_PLAIN = re.compile(r"[a-z]{3,12}")
#: With fewer words, codes of three could be guessed in the tries that are allowed.
_ENOUGH = 100
#: Ascending runs that people type; a code that is one, forwards or backwards, is none.
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "password passwort passwort1 password1 plumbline letmein welcome willkommen fitness training iloveyou "
        "ichliebedich mycode meincode workout gymkiosk trustno1 sunshine superman football baseball princess fussball",
    )
)

TOO_SHORT = later("A code needs at least eight letters or digits.")
TOO_LONG = later("A code has at most eighty letters and digits.")
TOO_EASY = later("Others would guess this code too easily. Take a few words that do not belong together, and a number.")

#: Short plain words that are spelt as they are said and are not mistaken for one another, in letters that the keys on
#: the kiosk's screen have in every language. A translation is a list of its own language's words.
WORDS = later(
    "acorn alpine amber anchor apple arrow autumn badger bamboo banjo basil beacon birch biscuit blanket bottle "
    "bridge bronze bucket butter button cactus camel candle canyon carpet castle cedar cello cherry chimney "
    "cinnamon clover cobalt comet copper coral cotton cricket crystal daisy dolphin donkey dragon eagle ember "
    "falcon feather fennel fiddle flamingo forest fountain fossil garden ginger giraffe glacier granite guitar "
    "hammer harbour hazel hedgehog helmet honey igloo indigo island ivory jacket jasmine jungle kettle kitten "
    "ladder lagoon lantern lemon lilac lizard magnet mango maple marble meadow melon mirror mosaic mountain mustard "
    "nectar nutmeg oasis olive orange orchid otter oyster paddle panda papaya parrot pebble pepper piano pillow "
    "planet pocket pumpkin puzzle quartz rabbit raven ribbon river rocket saddle saffron salmon silver spider"
)


def suggested() -> str:
    """Return a code that nobody guesses and everybody remembers: three words of the reader's language, two digits."""
    words = [secrets.choice(code_words()) for _ in range(_WORDS)]
    return f"{' '.join(words)} {secrets.randbelow(90) + 10}"


def code_words() -> list[str]:
    """Return the words that codes are made of: those of the reader's language, where it has enough for good codes."""
    own = [word for word in dict.fromkeys(text(WORDS).split()) if _PLAIN.fullmatch(word)]
    return own if len(own) >= _ENOUGH else WORDS.split()


def normal(code: str) -> str:
    """Return a code as it is compared: small letters and digits, everything else is one space between them."""
    folded = unicodedata.normalize("NFKC", code).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()


def objection(code: str) -> str | None:
    """Return why a code that somebody thought of is refused, as an English sentence; None for one that will do."""
    signs = normal(code).replace(" ", "")
    if len(signs) < LEAST_LENGTH:
        return TOO_SHORT
    if len(signs) > MOST_LENGTH:
        return TOO_LONG
    easy = (
        len(set(signs)) < LEAST_DIFFERENT
        or signs in _COMMON
        or signs.isdigit()  # a date or a telephone number
        or any(signs in run or signs in run[::-1] for run in _RUNS)
    )
    return TOO_EASY if easy else None


def member_key(secret: bytes, code: str) -> str:
    """Return what stands for a code in the database: 24 letters that cannot be turned back without the secret."""
    return _short(hmac.digest(secret, b"member:" + normal(code).encode(), hashlib.sha256))


def key_without_code() -> str:
    """Return the key of a course that is found by its link alone."""
    return _short(secrets.token_bytes(_KEY_BYTES))


def _short(data: bytes) -> str:
    return base64.urlsafe_b64encode(data[:_KEY_BYTES]).decode()
