"""accuracy.json: what is written is what is read, and nothing else is taken for it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.accuracy_file import FILE_NAME, as_written, card_json, read_card
from kiosk.checks_file import apply_overlay, load_checks, with_card
from kiosk.errors import PluginError
from kiosk.movement.accuracy import (
    Card,
    CheckAccuracy,
    Group,
    ModelAccuracy,
    RepAccuracy,
    Share,
    SizeBand,
    Target,
)
from tests.movement.made import a_card, a_check
from tests.test_checks_file import GOOD, MEASURES, measure

CHECK = CheckAccuracy(
    offset=-0.1,
    gain=1.2,
    error=0.08,
    rep_error=0.1,
    bias=0.01,
    spread=0.04,
    slope=0.97,
    smallest=1.3,
    found=Share(9, 10),
    false_signs=Share(1, 50),
    unsure=Share(3, 50),
    onset=Share(4, 5),
    sets=60,
    reps=300,
    sizes=(SizeBand(0.0, 1.0, 1, 2, 3, 0), SizeBand(1.0, None, 9, 1, 0, 0)),
)
CARD = Card(
    exercise="overhead-squat",
    part="report",
    source="rendered people",
    recordings=60,
    negatives=4,
    people=8,
    models={
        "movenet_thunder_f16": ModelAccuracy(
            RepAccuracy(
                exact=59, off_by_one=1, idle_s=120.5, negatives=4, recognised=Share(60, 60), view=Share(60, 60)
            ),
            {"knees-in": CHECK, "weight-shift": CheckAccuracy(assessed=False, why="It cannot be told.")},
            (Group("build", "heavy", 20, Share(20, 20), Share(8, 9), Share(0, 40), -0.1),),
            (Target("Signs found", "at least 90%", "9 of 10 (90 %)", True),),
        )
    },
)


def write(folder: Path, card: Card = CARD, **more: Any) -> Path:
    path = folder / FILE_NAME
    path.write_text(json.dumps(card_json(card) | more), encoding="utf-8")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert read_card(write(tmp_path)) == CARD


def test_numbers_are_rounded_to_what_they_say_and_the_file_is_small(tmp_path: Path) -> None:
    path = write(tmp_path, a_card(error=0.123456789, offset=1234.5678))
    card = read_card(path)
    assert card is not None
    check = card.models["a-model"].checks["tilt"]
    assert (check.error, check.offset) == (0.1235, 1235.0)


def test_a_card_as_written_is_the_card_that_is_read(tmp_path: Path) -> None:
    exact = a_card(error=0.123456789, offset=1234.5678)
    assert as_written(exact) == read_card(write(tmp_path, exact)) != exact


def test_the_same_card_gives_the_same_file(tmp_path: Path) -> None:
    assert write(tmp_path).read_bytes() == write(tmp_path).read_bytes()


def test_no_file_is_no_card(tmp_path: Path) -> None:
    assert read_card(tmp_path / FILE_NAME) is None


def knees(data: dict[str, Any]) -> dict[str, Any]:
    check: dict[str, Any] = data["models"]["movenet_thunder_f16"]["checks"]["knees-in"]
    return check


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda d: d.update(schema=2), "schema: must be 1"),
        (lambda d: d.pop("schema"), "schema: must be 1"),
        (lambda d: d.pop("people"), "people: is missing"),
        (lambda d: d.update(peple=3), "peple: is not a known key; did you mean 'people'?"),
        (lambda d: d.update(people="many"), "people: does not hold a whole number"),
        (lambda d: d.update(people=True), "people: does not hold a whole number"),
        (lambda d: d.update(source=3), "source: does not hold a text"),
        (lambda d: d.update(models=[]), "models: does not hold a table"),
        (lambda d: knees(d).update(found=3), "checks.knees-in.found: must be a table"),
        (lambda d: knees(d).update(gain=0), "checks.knees-in.gain: must be above 0, not 0"),
        (lambda d: knees(d).update(error=-1.0), "checks.knees-in.error: must be 0 or more, not -1"),
        (lambda d: knees(d).update(offset="0"), "checks.knees-in.offset: does not hold a number"),
        (lambda d: knees(d).update(sizes=3), "checks.knees-in.sizes: does not hold a list"),
        (lambda d: knees(d)["sizes"][1].pop("sign"), r"checks.knees-in.sizes\[2\].sign: is missing"),
        (lambda d: knees(d).update(assessed=False), "checks.knees-in.why: is missing"),
        (lambda d: knees(d).update(assessed=1), "checks.knees-in.assessed: does not hold true or false"),
    ],
)
def test_a_mistake_is_refused_with_file_key_and_reason(
    tmp_path: Path, edit: Callable[[dict[str, Any]], object], complaint: str
) -> None:
    data = card_json(CARD)
    edit(data)
    path = tmp_path / FILE_NAME
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(PluginError, match=complaint) as refused:
        read_card(path)
    assert all(line.startswith(str(path)) for line in str(refused.value).splitlines())


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "NaN", "\xff"])
def test_what_is_no_card_at_all_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(PluginError, match="bench accuracy --write"):
        read_card(path)


def test_numbers_without_end_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text().replace("-0.1", "1e999", 1), encoding="utf-8")
    with pytest.raises(PluginError, match="must be a finite number"):
        read_card(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(PluginError, match="cannot be read"):
        read_card(tmp_path / FILE_NAME)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kiosk_with_card"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "checks.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, folder.name, raising=False)
    return folder


def test_a_plugins_checks_come_with_their_card(package: Path) -> None:
    write(package)
    checks = {check.slug: check for check in load_checks("kiosk_with_card", MEASURES)}
    assert checks["knees-in"].error_with("movenet_thunder_f16") == 0.08
    assert checks["weight-shift"].cannot_tell("movenet_thunder_f16") == "It cannot be told."
    assert checks["heels-rise"].error_with("movenet_thunder_f16") is None


def test_a_plugin_without_a_card_loads(package: Path) -> None:
    assert all(check.card is None for check in load_checks("kiosk_with_card", MEASURES))


def test_a_plugin_with_a_broken_card_is_refused(package: Path) -> None:
    (package / FILE_NAME).write_text("{", encoding="utf-8")
    with pytest.raises(PluginError, match="is not valid JSON"):
        load_checks("kiosk_with_card", MEASURES)


def test_a_gyms_own_file_keeps_the_card(tmp_path: Path) -> None:
    checks = with_card((a_check("knees-in", measure=measure, card=None),), CARD)
    path = tmp_path / "own.toml"
    path.write_text('schema = 1\nexercise = "overhead-squat"\n[checks.knees-in]\nsign = 30\n', encoding="utf-8")
    (changed,) = apply_overlay(checks, path)
    assert changed.sign == 30
    assert changed.error_with("movenet_thunder_f16") == 0.08
