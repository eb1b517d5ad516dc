"""The German of the overhead squat: all of its words, and none that it does not have any more."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kiosk_overhead_squat
import pytest
from babel.messages.pofile import read_po
from kiosk_overhead_squat import overhead_squat

HERE = Path(kiosk_overhead_squat.__file__).parent
CHECKS: dict[str, Any] = tomllib.loads((HERE / "checks.toml").read_text(encoding="utf-8"))
#: The most words that can be read during a movement, in any language.
READABLE = 7


def of_the_package() -> Iterator[str]:
    yield overhead_squat.title
    yield from asked()
    yield from (side.name for side in overhead_squat.sides)


def asked() -> Iterator[str]:
    """What the screen says while somebody moves: shortest of all."""
    yield overhead_squat.start_ask
    yield from (one.ask for one in overhead_squat.passes)
    yield from (check.cue for check in overhead_squat.checks)


def of_a_check(check: dict[str, Any]) -> Iterator[str]:
    """Every text of a check. Slugs, ids and what is chosen from a list are no words."""
    yield from (check[key] for key in ("title", "reason", "saw", "cue", "question", "regression") if key in check)
    yield from check.get("sides", ())
    for key in ("overactive", "underactive"):
        yield from check.get("muscles", {}).get(key, ())
    for correction in check.get("corrections", ()):
        yield from (correction[key] for key in ("title", "dose", "how"))


def english() -> set[str]:
    checks = {text for check in CHECKS["checks"].values() for text in of_a_check(check)}
    return {*of_the_package(), *checks, *CHECKS["sources"].values()}


@pytest.fixture(scope="module")
def german() -> dict[str, str]:
    with (HERE / "locale" / "de.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="de") if one.id and not one.fuzzy}


def test_every_text_has_its_german(german: dict[str, str]) -> None:
    assert {text for text in english() if not german.get(text)} == set()


def test_no_german_is_left_of_a_text_that_was_changed(german: dict[str, str]) -> None:
    assert german.keys() - english() == set()


def test_german_is_not_the_english_again_but_for_addresses(german: dict[str, str]) -> None:
    assert {text for text in german if german[text] == text} <= set(CHECKS["sources"].values())


def test_german_can_be_read_during_a_movement(german: dict[str, str]) -> None:
    assert {german[text] for text in asked() if len(german[text].split()) > READABLE} == set()


def test_what_was_seen_is_said_as_seen_in_german_too(german: dict[str, str]) -> None:
    assert all(german[check["saw"]].startswith("Wir haben gesehen, ") for check in CHECKS["checks"].values())


def test_the_installed_package_brings_its_german() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "locale/*.po" in project["tool"]["setuptools"]["package-data"][HERE.name]
