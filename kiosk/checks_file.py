"""``checks.toml``: the limits and the words of an exercise, which a trainer edits without Python.

The keys are explained in ``docs/checks-file.md``. Reading is strict, and one message names every mistake of a
file: a limit that is silently ignored would be worse than a plugin that does not load.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.accuracy_file import FILE_NAME as CARD_NAME
from kiosk.accuracy_file import read_card
from kiosk.movement.accuracy import Card
from kiosk.movement.drawn import read_drawn
from kiosk.movement.exercise import AssessedBy, Check, Correction, Measure, Muscles
from kiosk.movement.moments import severity_of_extreme
from kiosk.movement.reps import Phase
from kiosk.movement.view import View
from kiosk.toml_fields import (
    FieldError,
    Problems,
    Reader,
    TomlSource,
    as_is,
    at_most_words,
    dotted,
    flag,
    list_of,
    nearest,
    not_negative,
    number,
    one_of,
    pair,
    read_table,
    read_toml,
    slug,
    text,
    type_name,
)

FILE_NAME = "checks.toml"
SCHEMA = 1
CHECKPOINTS = ("feet", "knees", "hips", "back", "shoulders", "head", "elbows")
UNITS = ("deg", "ratio", "ms", "percent")
CORRECTION_PHASES = ("inhibit", "lengthen", "activate", "integrate")
CUE_WORDS = 7


def _schema(value: object) -> int:
    if type(value) is not int or value != SCHEMA:
        raise FieldError(f"must be {SCHEMA}, the only one that this kiosk reads")
    return value


def _drawing(value: object) -> str:
    """The way to draw a check, in single spaces."""
    declaration = " ".join(text(value).split())
    try:
        read_drawn(declaration)
    except ValueError as error:
        raise FieldError(str(error)) from None
    return declaration


_FILE: dict[str, Reader] = {"schema": _schema, "exercise": slug, "sources": as_is, "checks": as_is}
_MUSCLES: dict[str, Reader] = {"overactive": list_of(text), "underactive": list_of(text), "confirm": flag}
_CORRECTION: dict[str, Reader] = {
    "phase": one_of(CORRECTION_PHASES),
    "exercise": slug,
    "title": text,
    "dose": text,
    "how": text,
    "source": text,
    "confirm": flag,
}
#: What belongs to the plugin, because its measure depends on it.
_PLUGIN_KEYS: dict[str, Reader] = {
    "checkpoint": one_of(CHECKPOINTS),
    "views": list_of(lambda value: View(one_of(list(View))(value)), least=1),
    "assessed_by": lambda value: AssessedBy(one_of(list(AssessedBy))(value)),
    "phase": lambda value: Phase(one_of(list(Phase))(value)),
    "unit": one_of(UNITS),
    "promised": number,
    "two_sided": flag,
    "sides": pair,
    "drawn": _drawing,
}
#: What a gym may change in its own overlay file.
_SITE_KEYS: dict[str, Reader] = {
    "title": text,
    "reason": text,
    "clear": number,
    "sign": number,
    "weight": not_negative,
    "saw": text,
    "cue": at_most_words(CUE_WORDS),
    "question": text,
    "regression": text,
    "sources": list_of(text, least=1),
    "muscles": as_is,
    "corrections": as_is,
}
_CHECK = _PLUGIN_KEYS | _SITE_KEYS
_REQUIRED = ("title", "checkpoint", "views", "assessed_by", "phase", "sources")
_REQUIRED_IF_ASSESSED = ("unit", "clear", "sign", "weight", "saw", "cue")
#: Without a measure there is nothing to limit, to weigh, or to have seen.
_ONLY_IF_ASSESSED = ("unit", "clear", "sign", "promised", "weight", "two_sided", "sides", "drawn", "saw")
_DEFAULTS: dict[str, Any] = {
    "unit": "",
    "clear": None,
    "sign": None,
    "weight": 0.0,
    "saw": "",
    "cue": "",
}


def load_checks(package: str, measures: Mapping[str, Measure]) -> tuple[Check, ...]:
    """The checks of the plugin ``package``, from the ``checks.toml`` beside its ``__init__.py``.

    ``measures`` maps the slug of each assessed check to the function that measures it. An ``accuracy.json`` beside
    it says how well; without one, values come without an error. Raises PluginError with one line per mistake: file,
    key, reason.
    """
    folder = importlib.resources.files(package)
    return with_card(read_checks(folder / FILE_NAME, measures), read_card(folder / CARD_NAME))


def with_card(checks: tuple[Check, ...], card: Card | None) -> tuple[Check, ...]:
    """Return the checks with the accuracy that was measured; as they are without."""
    return tuple(replace(check, card=card) for check in checks) if card else checks


def read_checks(source: TomlSource, measures: Mapping[str, Measure]) -> tuple[Check, ...]:
    """The checks of one file, in its order. Raises PluginError as :func:`load_checks` does."""
    problems = Problems(str(source))
    top = read_table(read_toml(source, str(source)), _FILE, _FILE, "", problems)
    known = _sources(top.get("sources", {}), problems)
    checks = []
    for name, raw in _named_tables(top.get("checks"), problems):
        check = _new_check(name, raw, known, problems)
        if check is not None:
            checks.append(_with_measure(check, measures, problems))
    _refuse_homeless_measures(measures, top.get("checks"), problems)
    problems.refuse()
    return tuple(checks)


def apply_overlay(checks: tuple[Check, ...], path: Path, *, exercise: str | None = None) -> tuple[Check, ...]:
    """``checks`` with the changes that a gym has written in its own file.

    The file has the same tables with the changed keys only; a list replaces the plugin's list. ``exercise``,
    when given, must be the one that the file names: two exercises may use the same slug for different checks.
    Raises PluginError as :func:`read_checks` does, also for a slug that ``checks`` does not have and for a
    key that belongs to the plugin.
    """
    problems = Problems(str(path))
    top = read_table(read_toml(path, str(path)), _FILE, ("schema", "exercise", "checks"), "", problems)
    if exercise is not None and top.get("exercise", exercise) != exercise:
        problems.add("exercise", f"is '{top['exercise']}', but these checks are those of '{exercise}'")
    known = {name: where for check in checks for name, where in check.sources}
    for name, where in _sources(top.get("sources", {}), problems).items():
        if known.setdefault(name, where) != where:
            problems.add(f"sources.{name}", "is the plugin's own source; choose another name")
    changed = {check.slug: check for check in checks}
    for name, raw in _named_tables(top.get("checks"), problems):
        if name in changed:
            changed[name] = _changed_check(changed[name], raw, known, problems)
        else:
            problems.add(f"checks.{name}", f"is not a check of this exercise{nearest(name, changed)}")
    problems.refuse()
    return tuple(changed.values())


def _sources(raw: object, problems: Problems) -> dict[str, str]:
    names = raw if isinstance(raw, dict) else {}
    return read_table(raw, dict.fromkeys(names, text), (), "sources", problems)


def _named_tables(raw: object, problems: Problems) -> Iterator[tuple[str, object]]:
    """The tables below ``[checks]`` whose names are slugs. ``raw`` None: missing, which is already said."""
    if raw is None:
        return
    if not isinstance(raw, dict):
        problems.add("checks", f"must be a table, not {type_name(raw)}")
        return
    if not raw:
        problems.add("checks", "must have at least one check, such as [checks.knees-in]")
    for name, table in raw.items():
        try:
            yield slug(name), table
        except FieldError as error:
            problems.add(f"checks.{name}", str(error))


def _new_check(name: str, raw: object, known: Mapping[str, str], problems: Problems) -> Check | None:
    where, before = f"checks.{name}", len(problems.lines)
    values = read_table(raw, _CHECK, _REQUIRED, where, problems)
    if values.get("assessed_by", AssessedBy.NOTHING) is not AssessedBy.NOTHING:
        for key in _REQUIRED_IF_ASSESSED:
            if isinstance(raw, dict) and key not in raw:
                problems.add(dotted(where, key), "is missing; only a not-assessed check goes without")
    _read_inner_tables(values, Muscles(), known, where, problems)
    values["sources"] = _named_sources(values.get("sources", ()), values, known, where, problems)
    if len(problems.lines) > before:
        return None
    check = Check(slug=name, **(_DEFAULTS | values))
    _judge(check, values, where, problems)
    if check.promised is not None and severity_of_extreme(check, check.promised) < 1:
        problems.add(f"{where}.promised", "must not lie before sign: what is promised lies beyond the limit")
    return check


def _changed_check(check: Check, raw: object, known: Mapping[str, str], problems: Problems) -> Check:
    where, before = f"checks.{check.slug}", len(problems.lines)
    if isinstance(raw, dict):
        for key in raw:
            if key in _PLUGIN_KEYS:
                problems.add(dotted(where, key), "belongs to the plugin; an overlay cannot change it")
        raw = {key: value for key, value in raw.items() if key not in _PLUGIN_KEYS}
    values = read_table(raw, _SITE_KEYS, (), where, problems)
    given = dict(values)
    _read_inner_tables(values, check.muscles, known, where, problems)
    names = values.get("sources", [name for name, _ in check.sources])
    values["sources"] = _named_sources(names, values, known, where, problems)
    if len(problems.lines) > before:
        return check
    changed = replace(check, **values)
    _judge(changed, given, where, problems)
    if _small_is_sign(check) is not _small_is_sign(changed):
        order = "below" if _small_is_sign(check) else "above"
        problems.add(f"{where}.sign", f"must stay {order} clear, as in the plugin: it says which way the sign lies")
    return changed


def _read_inner_tables(
    values: dict[str, Any], muscles: Muscles, known: Mapping[str, str], where: str, problems: Problems
) -> None:
    """Replace the raw tables ``muscles`` and ``corrections``, where they are given, by what they say."""
    if "muscles" in values:
        named = read_table(values["muscles"], _MUSCLES, (), f"{where}.muscles", problems)
        values["muscles"] = replace(muscles, **named)
    if "corrections" in values:
        values["corrections"] = _corrections(values["corrections"], known, f"{where}.corrections", problems)


def _corrections(raw: object, known: Mapping[str, str], where: str, problems: Problems) -> tuple[Correction, ...]:
    if not isinstance(raw, list):
        problems.add(where, f"must be tables in double square brackets, not {type_name(raw)}")
        return ()
    corrections: list[Correction] = []
    required = [key for key in _CORRECTION if key != "confirm"]
    for number_, table in enumerate(raw, start=1):
        here, before = f"{where}[{number_}]", len(problems.lines)
        values = read_table(table, _CORRECTION, required, here, problems)
        if values.get("exercise") in {correction.exercise for correction in corrections}:
            problems.add(f"{here}.exercise", f"'{values['exercise']}' is named twice in this check")
        if "source" in values and values["source"] not in known:
            problems.add(f"{here}.source", _not_listed(values["source"], known))
        if len(problems.lines) == before:
            corrections.append(Correction(**values))
    return tuple(corrections)


def _named_sources(
    names: Iterable[str], values: Mapping[str, Any], known: Mapping[str, str], where: str, problems: Problems
) -> tuple[tuple[str, str], ...]:
    """The sources ``names`` with their addresses, and behind them those that the corrections cite."""
    for name in names:
        if name not in known:
            problems.add(f"{where}.sources", _not_listed(name, known))
    cited = [correction.source for correction in values.get("corrections", ())]
    return tuple((name, known[name]) for name in dict.fromkeys([*names, *cited]) if name in known)


def _not_listed(name: str, known: Iterable[str]) -> str:
    return f"'{name}' is not listed in [sources]{nearest(name, known)}"


def _small_is_sign(check: Check) -> bool:
    return check.clear is not None and check.sign is not None and check.sign < check.clear


def _judge(check: Check, given: Iterable[str], where: str, problems: Problems) -> None:
    """What no key can tell alone. ``given`` are the keys that the file itself names."""
    assessed = check.assessed_by is not AssessedBy.NOTHING
    if not assessed:
        for key in sorted(set(given) & set(_ONLY_IF_ASSESSED)):
            problems.add(f"{where}.{key}", "must be left out: this check is not assessed")
    if check.assessed_by is AssessedBy.SECOND_MODEL and check.phase is not Phase.BOTTOM:
        problems.add(f"{where}.phase", "must be bottom: the second model looks there, and at the standing person")
    says_why = check.assessed_by in (AssessedBy.PROXY, AssessedBy.NOTHING)
    if not says_why and check.reason is not None:
        problems.add(f"{where}.reason", "is only for a proxy or a not-assessed check")
    if says_why and check.reason is None:
        missing = "what stands in for what" if assessed else "why it is not assessed"
        problems.add(f"{where}.reason", f"is missing; say {missing}")
    if assessed:
        for key, reason in _limit_mistakes(check):
            problems.add(f"{where}.{key}", reason)


def _limit_mistakes(check: Check) -> Iterator[tuple[str, str]]:
    if check.clear == check.sign:
        yield "sign", "must differ from clear: between them lies what the camera cannot tell"
    if not check.two_sided:
        if check.sides is not None:
            yield "sides", "needs two_sided = true"
        return
    for key, limit in (("clear", check.clear), ("sign", check.sign)):
        if limit is not None and limit < 0:
            yield key, "must be 0 or more: a two_sided check judges the size of the value"
    if _small_is_sign(check):
        yield "sign", "must be above clear: a two_sided check judges the size of the value"


def _with_measure(check: Check, measures: Mapping[str, Measure], problems: Problems) -> Check:
    measure = measures.get(check.slug)
    where = f"checks.{check.slug}"
    if check.assessed_by is AssessedBy.NOTHING:
        if measure is not None:
            problems.add(f"{where}.assessed_by", "is not-assessed, but the plugin has a measure for it")
        return check
    if measure is None:
        spare = [name for name in measures if name != check.slug]
        problems.add(where, f"has no measure in the plugin{nearest(check.slug, spare)}")
    return replace(check, measure=measure)


def _refuse_homeless_measures(measures: Mapping[str, Measure], raw: object, problems: Problems) -> None:
    names = list(raw) if isinstance(raw, dict) else []
    for name in measures:
        if name not in names:
            problems.add(f"checks.{name}", f"is missing, but the plugin measures it{nearest(name, names)}")
