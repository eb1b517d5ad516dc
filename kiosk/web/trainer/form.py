"""The form of one check: what stands in its fields, and what a gym's file has to say for that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk.movement.exercise import AssessedBy, Check, Correction

NUMBERS = ("clear", "sign", "weight")
TEXTS = ("title", "saw", "cue", "question", "regression", "reason")
#: What a gym may write of a correction here; which exercise it is, and when, stays the plugin's.
CORRECTION_TEXTS = ("title", "dose", "how")
_CORRECTION_KEYS = ("phase", "exercise", "title", "dose", "how", "source", "confirm")
#: Longer than any text that fits on a page.
MOST_CHARACTERS = 1000


@dataclass
class Filled:
    """A form: the text in each field by its name, and a sentence for each field that cannot be taken.

    ``general``: sentences that belong to no field.
    """

    texts: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether nothing was found wrong."""
        return not (self.wrong or self.general)


def fields_of(check: Check) -> tuple[str, ...]:
    """Return the names of the fields that a check has: one that is not assessed has no limits."""
    if check.assessed_by is AssessedBy.NOTHING:
        return ("title", "reason", "question", "regression", "cue")
    says_why = check.assessed_by is AssessedBy.PROXY
    return (*NUMBERS, *(name for name in TEXTS if name != "reason" or says_why))


def filled_from(check: Check) -> dict[str, str]:
    """Return the text of each field as the check stands."""
    texts = {name: _written(getattr(check, name)) for name in fields_of(check)}
    for number, one in enumerate(check.corrections, start=1):
        texts |= {correction_field(number, name): getattr(one, name) for name in CORRECTION_TEXTS}
    return texts


def filled_in(check: Check, sent: Mapping[str, str]) -> Filled:
    """Return the form as it was sent; fields that were not sent keep what the check has."""
    texts = {name: " ".join(sent.get(name, old).split()) for name, old in filled_from(check).items()}
    # Numbers are written as in the trainer's language; from here on as in the file.
    texts |= {name: texts[name].replace("−", "-").replace(",", ".") for name in NUMBERS if name in texts}
    long = {name: "is too long to be read on the page." for name, one in texts.items() if len(one) > MOST_CHARACTERS}
    return Filled({name: one[:MOST_CHARACTERS] for name, one in texts.items()}, long)


def changes(filled: Filled, shipped: Check, here: Check) -> dict[str, Any]:
    """Return the keys that the gym's file needs: None for what is as in the plugin. Marks numbers that are none.

    ``here`` is the check as it stands in this gym; its corrections are the ones on the form.
    """
    values: dict[str, Any] = {}
    for name in fields_of(shipped):
        text, own = filled.texts[name], getattr(shipped, name)
        if text in ("", _written(own)):
            values[name] = None
        elif name in NUMBERS:
            values[name] = _number(name, text, filled)
        else:
            values[name] = text
    written = [_correction(number, one, filled) for number, one in enumerate(here.corrections, start=1)]
    as_shipped = [_table(one) for one in shipped.corrections]
    values["corrections"] = None if written == as_shipped else written
    return values


def explain(filled: Filled, lines: Sequence[str], check: str) -> None:
    """Put each complaint of the reader beside the field that it is about."""
    for line in lines:
        found = re.search(rf": checks\.{re.escape(check)}\.([a-z]+)(?:\[(\d+)\]\.([a-z]+))?: (.*)", line)
        if found is None:
            filled.general.append(line)
            continue
        key, number, inner, why = found.groups()
        name = correction_field(int(number), inner) if number else key
        sentence = why if why.endswith(".") else f"{why}."
        if name in filled.texts:
            filled.wrong.setdefault(name, sentence)
        else:
            filled.general.append(f"{name}: {sentence}")


def correction_field(number: int, name: str) -> str:
    """Return the name of a field of the correction with this number, from 1 on."""
    return f"correction-{number}-{name}"


def _written(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _number(name: str, text: str, filled: Filled) -> float | None:
    try:
        value = float(text)
    except ValueError:
        filled.wrong.setdefault(name, "must be a number, such as 0.85.")
        return None
    return value


def _correction(number: int, one: Correction, filled: Filled) -> dict[str, Any]:
    return _table(one) | {name: filled.texts[correction_field(number, name)] for name in CORRECTION_TEXTS}


def _table(one: Correction) -> dict[str, Any]:
    table = {name: getattr(one, name) for name in _CORRECTION_KEYS}
    return {name: value for name, value in table.items() if value is not False}
