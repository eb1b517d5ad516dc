import copy
import json
import math
import re
import tomllib
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.checks_file import load_checks, read_checks
from kiosk.errors import PluginError
from kiosk.movement.exercise import AssessedBy, Check
from kiosk.movement.pose import Pose
from kiosk.movement.reps import Phase
from kiosk.movement.view import View

ROOT = Path(__file__).parents[1]

GOOD = """
schema = 1
exercise = "overhead-squat"

[sources]
D = "computed"
S2 = "a book"
S22 = "a page"

[checks.knees-in]
title = "Knees move inward"
checkpoint = "knees"
views = ["front"]
assessed_by = "keypoints"
phase = "bottom"
unit = "ratio"
clear = 1
sign = 0.85
weight = 20
saw = "We saw your knees."
cue = "Knees over your toes"
regression = "A high box."
sources = ["D"]
muscles = { overactive = ["inner thigh"], underactive = ["side of the hip"] }
corrections = [
  { phase = "inhibit", exercise = "roll", title = "Roll", dose = "30 s", how = "Slowly.", source = "S22" },
  {phase = "activate", exercise = "step", title = "S", dose = "9", how = "G", source = "S2", confirm = true},
]

[checks.weight-shift]
title = "Hips shift"
checkpoint = "hips"
views = ["front", "rear"]
assessed_by = "proxy"
reason = "The hips stand in for the load."
phase = "whole"
unit = "ratio"
clear = 0.08
sign = 0.12
weight = 10.5
two_sided = true
sides = ["to your left", "to your right"]
saw = "We saw your hips."
cue = "Stay in the middle"
question = "Is one ankle stiff?"
sources = ["D"]

[checks.heels-rise]
title = "Heels rise"
checkpoint = "feet"
views = ["side"]
assessed_by = "not-assessed"
reason = "No heel point."
phase = "bottom"
sources = ["S2"]
"""

Edit = Callable[[dict[str, Any]], object]


def measure(pose: Pose, top: Pose) -> float:
    return math.nan


MEASURES = {"knees-in": measure, "weight-shift": measure}


class Content:
    """A file that is only its bytes: any object with ``read_bytes`` will do."""

    def __init__(self, content: str | bytes) -> None:
        self.content = content.encode() if isinstance(content, str) else content

    def __str__(self) -> str:
        return "checks.toml"

    def read_bytes(self) -> bytes:
        return self.content


def toml(value: object) -> str:
    """Inline TOML of plain data (enough for these tests; JSON's texts and numbers are TOML's)."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return (value.isoformat() if isinstance(value, date) else json.dumps(value)).replace("\x7f", "\\u007f")


def document(data: dict[str, Any]) -> str:
    return "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in data.items())


def good() -> dict[str, Any]:
    return tomllib.loads(GOOD)


def read(data: dict[str, Any]) -> tuple[Check, ...]:
    return read_checks(Content(document(data)), MEASURES)


def complaint(edit: Edit) -> str:
    data = good()
    edit(data)
    with pytest.raises(PluginError) as refused:
        read(data)
    return str(refused.value)


def parent(data: dict[str, Any], dotted: str) -> tuple[Any, str]:
    """The table that holds the key, and the key; ``[1]`` behind a name is a place in its list."""
    *path, last = re.findall(r"[^.\[\]]+", dotted)
    target: Any = data
    for key in path:
        target = target[int(key) if isinstance(target, list) else key]
    return target, last


def put(dotted: str, value: object) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        target, last = parent(data, dotted)
        target[last] = value

    return edit


def drop(dotted: str) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        target, last = parent(data, dotted)
        del target[last]

    return edit


# ---- a good file ----


def test_a_good_file_becomes_checks_in_its_own_order() -> None:
    checks = read(good())
    assert [check.slug for check in checks] == ["knees-in", "weight-shift", "heels-rise"]
    knees, shift, heels = checks
    assert (knees.clear, knees.sign, knees.weight) == (1.0, 0.85, 20.0)
    assert isinstance(knees.clear, float)
    assert knees.views == (View.FRONT,)
    assert knees.phase is Phase.BOTTOM
    assert knees.assessed_by is AssessedBy.KEYPOINTS
    assert knees.measure is measure
    assert knees.muscles.overactive == ("inner thigh",)
    assert not knees.muscles.confirm
    assert [(step.phase, step.exercise, step.confirm) for step in knees.corrections] == [
        ("inhibit", "roll", False),
        ("activate", "step", True),
    ]
    assert shift.two_sided
    assert shift.sides == ("to your left", "to your right")
    assert shift.reason == "The hips stand in for the load."
    assert heels.measure is None


def test_the_sources_of_a_check_hold_those_of_its_corrections_with_their_address() -> None:
    knees = read(good())[0]
    assert knees.sources == (("D", "computed"), ("S22", "a page"), ("S2", "a book"))


def test_a_not_assessed_check_has_nothing_to_judge_by() -> None:
    heels = read(good())[2]
    assert (heels.clear, heels.sign, heels.weight) == (None, None, 0.0)
    assert (heels.unit, heels.saw, heels.cue) == ("", "", "")
    assert heels.reason == "No heel point."


def write_package(where: Path, name: str, content: str | None) -> Path:
    package = where / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    if content is not None:
        (package / "checks.toml").write_text(content)
    return package


def test_the_file_beside_the_package_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "squat_on_disk", GOOD)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_checks("squat_on_disk", MEASURES) == read(good())


def test_a_package_inside_a_zip_is_loaded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "plugin.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.writestr("squat_in_zip/__init__.py", "")
        bundle.writestr("squat_in_zip/checks.toml", GOOD)
    monkeypatch.syspath_prepend(str(archive))
    assert load_checks("squat_in_zip", MEASURES) == read(good())


# ---- files that cannot be read at all ----


def test_a_package_without_the_file_is_refused_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = write_package(tmp_path, "squat_without_checks", None)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PluginError, match=re.escape(f"{package / 'checks.toml'}: there is no such file")):
        load_checks("squat_without_checks", MEASURES)


def test_a_check_that_stands_twice_is_refused_with_its_line() -> None:
    with pytest.raises(PluginError, match=r"not valid TOML: .*knees-in.*line"):
        read_checks(Content(GOOD + "\n[checks.knees-in]\ntitle = 'again'\n"), MEASURES)


# ---- mistakes, each with file, key and reason ----

#: The key (``checks.`` left out; ``[1]`` is the second block), what is put there (``-``: taken away), and
#: the reason given; where the message is about another key, it begins with that key.
MISTAKES = """
:sorces            | {}                | is not a known key; did you mean 'sources'?
:schema            | 2                 | must be 1, the only one that this kiosk reads
:schema            | true              | must be 1, the only one that this kiosk reads
:exercise          | -                 | is missing
:exercise          | "Squat 1"         | 'Squat 1' must be small letters, digits and single hyphens
:checks            | {}                | must have at least one check
:checks            | []                | must be a table, not a list
:checks            | -                 | is missing
:sources           | []                | must be a table, not a list
:sources.D         | 3                 | must be a text in quotes, not a number
:sources.D         | 2026-11-21        | must be a text in quotes, not a date or time
knees-in           | "x"               | must be a table, not a text
knees-in           | -                 | is missing, but the plugin measures it
Knees_in           | {}                | 'Knees_in' must be small letters, digits and single hyphens
knees--in          | {}                | 'knees--in' must be small letters, digits and single hyphens
knees-in.sgin      | 1                 | is not a known key; did you mean 'sign'?
knees-in.zzz       | 1                 | is not a known key; known are: checkpoint, views, assessed_by
knees-in.title     | -                 | is missing
knees-in.title     | "  "              | must not be empty
heels-rise.sources | -                 | is missing
knees-in.sign      | -                 | is missing; only a not-assessed check goes without
weight-shift.cue   | -                 | is missing; only a not-assessed check goes without
knees-in.sign      | "0.8"             | must be a number without quotes, not a text
knees-in.sign      | true              | must be a number without quotes, not true or false
knees-in.sign      | nan               | must be a finite number
knees-in.clear     | -inf              | must be a finite number
knees-in.clear     | 1e999             | must be a finite number
knees-in.sign      | 1.0               | must differ from clear
knees-in.error     | 0.1               | is not a known key
knees-in.weight    | -1                | must be 0 or more, not -1
knees-in.checkpoint | "knee"           | 'knee' is not known; did you mean 'knees'?
knees-in.views     | ["frnt"]          | 'frnt' is not known; did you mean 'front'?
knees-in.views     | "front"           | must be a list in square brackets, not a text
knees-in.views     | []                | must name at least 1
knees-in.views     | ["side", "side"]  | names something twice
knees-in.phase     | "botom"           | 'botom' is not known; did you mean 'bottom'?
knees-in.unit      | "furlong"         | 'furlong' is not known; known are: deg, ratio, ms, percent
knees-in.assessed_by | "eye"           | 'eye' is not known; known are: keypoints, proxy, second-model
knees-in.cue       | "a b c d e f g h" | has 8 words; at most 7
knees-in.sources   | ["S3"]            | 'S3' is not listed in [sources]
weight-shift.reason | -                | is missing; say what stands in for what
heels-rise.reason  | -                 | is missing; say why it is not assessed
knees-in.reason    | "x"               | is only for a proxy or a not-assessed check
heels-rise.clear   | 1                 | must be left out: this check is not assessed
heels-rise.saw     | "We saw"          | must be left out: this check is not assessed
weight-shift.two_sided | "yes"         | must be true or false without quotes, not a text
weight-shift.clear | -0.1              | must be 0 or more: a two_sided check
weight-shift.clear | 0.2               | checks.weight-shift.sign: must be above clear: a two_sided check
weight-shift.two_sided | -             | checks.weight-shift.sides: needs two_sided = true
knees-in.promised  | 0.9               | must not lie before sign
knees-in.promised  | "far"             | must be a number
heels-rise.promised | 3                | must be left out: this check is not assessed
weight-shift.sides | ["a", "b", "c"]   | must be two texts, not 3
weight-shift.sides | ["a", "a"]        | names something twice
weight-shift.assessed_by | "second-model" | checks.weight-shift.reason: is only for a proxy
weight-shift.assessed_by | "not-assessed" | checks.weight-shift.clear: must be left out
knees-in.muscles   | []                | must be a table, not a list
knees-in.muscles.overaktive | []       | is not a known key; did you mean 'overactive'?
knees-in.muscles.overactive | [1]      | must be a text in quotes, not a number
knees-in.corrections | {}              | must be tables in double square brackets, not a table
knees-in.corrections | ["x"]           | checks.knees-in.corrections[1]: must be a table, not a text
knees-in.corrections[1].phase | "strengthen" | 'strengthen' is not known
knees-in.corrections[1].exercise | "Side step" | 'Side step' must be small letters
knees-in.corrections[1].exercise | "roll" | 'roll' is named twice in this check
knees-in.corrections[1].dose | -       | is missing
knees-in.corrections[1].does | "x"     | is not a known key; did you mean 'dose'?
knees-in.corrections[1].source | "S3"  | 'S3' is not listed in [sources]
knees-in.corrections[1].confirm | 1    | must be true or false without quotes, not a number
"""


@pytest.mark.parametrize("row", MISTAKES.strip().splitlines(), ids=lambda row: " ".join(row.split()))
def test_a_mistake_is_refused_with_file_key_and_reason(row: str) -> None:
    place, value, reason = (cell.strip() for cell in row.split(" | "))
    key = place.removeprefix(":") if place.startswith(":") else f"checks.{place}"
    edit = drop(key) if value == "-" else put(key, tomllib.loads(f"it = {value}")["it"])
    shown = key.replace("[1]", "[2]")
    expected = reason if reason.startswith("checks.") else f"{shown}: {reason}"
    assert [line for line in complaint(edit).splitlines() if line.startswith(f"checks.toml: {expected}")]


def test_a_second_model_looks_at_bottoms_only() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["checks"]["knees-in"] |= {"assessed_by": "second-model", "phase": "descent"}

    assert "checks.knees-in.phase: must be bottom" in complaint(edit)


def test_a_number_too_large_for_any_limit_is_refused() -> None:
    assert "checks.knees-in.clear: must be a finite number" in complaint(put("checks.knees-in.clear", 10**400))


def test_every_mistake_of_a_file_is_named_at_once_each_on_its_line() -> None:
    def edit(data: dict[str, Any]) -> None:
        put("checks.knees-in.sign", math.nan)(data)
        put("checks.knees-in.corrections[1].phase", "x")(data)
        put("checks.weight-shift.clear", -1)(data)
        drop("checks.heels-rise.reason")(data)

    keys = [line.split(": ")[1] for line in complaint(edit).splitlines()]
    assert keys == [
        "checks.knees-in.sign",
        "checks.knees-in.corrections[2].phase",
        "checks.weight-shift.clear",
        "checks.heels-rise.reason",
    ]


def test_an_assessed_check_without_a_measure_is_refused() -> None:
    with pytest.raises(PluginError, match="weight-shift: has no measure in the plugin; did you mean 'weight-shft'"):
        read_checks(Content(GOOD), {"knees-in": measure, "weight-shft": measure})


def test_a_measure_without_a_check_is_refused() -> None:
    with pytest.raises(PluginError, match=r"checks\.knees-inn: is missing, but the plugin measures it; did you mean"):
        read_checks(Content(GOOD), MEASURES | {"knees-inn": measure})


def test_a_measure_for_a_not_assessed_check_is_refused() -> None:
    with pytest.raises(PluginError, match=r"heels-rise\.assessed_by: is not-assessed, but the plugin has a measure"):
        read_checks(Content(GOOD), MEASURES | {"heels-rise": measure})


JUNK = st.one_of(
    st.none().map(lambda _: {}),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=9),
    st.lists(st.integers(0, 3), max_size=2),
    st.just([{}]),
    st.just({"x": {}}),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of the good file."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for key, child in children for found in [(*path, key), *places(child, (*path, key))]]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(places(good())), junk=JUNK)
def test_any_junk_in_any_place_is_read_or_refused_but_never_crashes(place: tuple[Any, ...], junk: object) -> None:
    data = copy.deepcopy(good())
    target: Any = data
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = junk
    try:
        checks = read(data)
    except PluginError as refused:
        assert all(line.startswith("checks.toml: ") for line in str(refused).splitlines())
    else:
        assert {check.slug for check in checks} >= set(MEASURES)
