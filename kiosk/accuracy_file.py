"""``accuracy.json`` beside ``checks.toml``: how well an exercise is measured, from ``kiosk bench accuracy --write``.

Reading is strict, as that of ``checks.toml``: a file that this kiosk does not understand is refused with its keys.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from kiosk.errors import PluginError
from kiosk.movement.accuracy import SCHEMA, Card
from kiosk.toml_fields import Problems, TomlSource, dotted, nearest

FILE_NAME = "accuracy.json"
#: Digits that a number keeps: four that say something.
_DIGITS = 4
_AGAIN = "write it again with: kiosk bench accuracy --write"


def card_json(card: Card) -> dict[str, Any]:
    """Return a card as plain data for JSON: numbers rounded to what they can say, without what is as by default."""
    return {"schema": SCHEMA, **_plain(card)}


def card_text(card: Card) -> str:
    """Return a card as the text of its file: in one line, for nobody reads it but programs."""
    return json.dumps(card_json(card), allow_nan=False, separators=(",", ":")) + "\n"


def as_written(card: Card) -> Card:
    """Return the card as a reader of its file gets it: its numbers are rounded there."""
    problems = Problems("the card")
    read: Card = _of(Card, _plain(card), "", problems)
    problems.refuse()
    return read


def read_card(source: TomlSource) -> Card | None:
    """Return the card of a file, None where there is no such file.

    Raises PluginError, one line per mistake: file, key, reason.
    """
    name = str(source)
    try:
        raw = json.loads(source.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PluginError(f"{name}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise PluginError(f"{name}: is not valid JSON ({error}); {_AGAIN}.") from error
    problems = Problems(name)
    if not isinstance(raw, dict) or raw.pop("schema", None) != SCHEMA:
        problems.add("schema", f"must be {SCHEMA}, the only one that this kiosk reads; {_AGAIN}")
        problems.refuse()
    card = _of(Card, raw, "", problems)
    problems.refuse()
    if not isinstance(card, Card):
        raise TypeError("a card without a problem is a card")
    _refuse_odd_lines(card, problems)
    problems.refuse()
    return card


def _refuse_odd_lines(card: Card, problems: Problems) -> None:
    """What no type can tell: a line with gain 0 has no way back, an error is a width, a refusal says why."""
    for model, measured in card.models.items():
        for slug, check in measured.checks.items():
            where = f"models.{model}.checks.{slug}"
            if check.gain <= 0:
                problems.add(f"{where}.gain", f"must be above 0, not {check.gain:g}")
            if check.error is not None and check.error < 0:
                problems.add(f"{where}.error", f"must be 0 or more, not {check.error:g}")
            if not check.assessed and not check.why:
                problems.add(f"{where}.why", "is missing; a check that is not assessed says why")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = ((one, getattr(value, one.name)) for one in dataclasses.fields(value))
        return {one.name: _plain(item) for one, item in fields if item != one.default}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
    return value


def _of(kind: Any, raw: object, where: str, problems: Problems) -> Any:
    """Return ``raw`` as a value of the type ``kind``: a dataclass, a mapping, a tuple, or a plain one."""
    origin, inner = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, raw, where, problems)
    if origin in (types.UnionType, Union):
        return None if raw is None else _of(inner[0], raw, where, problems)
    if origin is tuple and isinstance(raw, list):
        return tuple(_of(inner[0], item, f"{where}[{place}]", problems) for place, item in enumerate(raw, 1))
    if origin is not None and origin is not tuple and isinstance(raw, dict):
        return {key: _of(inner[1], item, dotted(where, key), problems) for key, item in raw.items()}
    if kind is float and type(raw) in (int, float):
        return _finite(raw, where, problems)
    if type(raw) is not kind:
        problems.add(where, f"does not hold {_NAMES.get(origin or kind, 'a table')}; {_AGAIN}")
    return raw


_NAMES: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple: "a list",
}


def _finite(raw: Any, where: str, problems: Problems) -> float:
    if not math.isfinite(raw):
        problems.add(where, "must be a finite number")
    return float(raw)


#: The types of each dataclass's fields, found out once: a card holds thousands of records of a few kinds.
_TYPES: dict[type[Any], dict[str, Any]] = {}


def _record(kind: type[Any], raw: object, where: str, problems: Problems) -> Any:
    if not isinstance(raw, dict):
        problems.add(where, f"must be a table; {_AGAIN}")
        return None
    types_of, before = _TYPES.get(kind) or _TYPES.setdefault(kind, get_type_hints(kind)), len(problems.lines)
    for key in raw:
        if key not in types_of:
            problems.add(dotted(where, key), f"is not a known key{nearest(key, types_of)}")
    for one in dataclasses.fields(kind):
        required = one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        if required and one.name not in raw:
            problems.add(dotted(where, one.name), "is missing")
    values = {key: _of(types_of[key], raw[key], dotted(where, key), problems) for key in raw if key in types_of}
    return kind(**values) if len(problems.lines) == before else None
