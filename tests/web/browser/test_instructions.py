"""Everything that the screen ever asks for can be read from three metres, on each wall, in each language."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from tests.commands import ROOT

from .conftest import SIZES, Screen
from .layout import CAPITALS_SHARE, broken_words, capitals_share, cut_off
from .pages import in_language
from .stations import station

pytestmark = pytest.mark.browser

SHOWN = "document.getElementById('instruction').textContent"
WALL = ("kiosk", "small", "tall")
MOST_WORDS = 7
#: What is said without an `Ask` of its own: by the engine of its machine, and at the start.
ELSEWHERE = (
    "Shutting down",
    "The camera is away",
    "Take the starting posture",
    "No exercise is installed",
    "Nothing was counted. Try again?",
    "This exercise is out of order.",
)


def asked_in_the_code() -> list[str]:
    """Every sentence that the code of a visit asks for as it stands there."""
    found = []
    for path in sorted((ROOT / "kiosk" / "station").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Ask":
                found += [one.value for one in node.args[1:] if isinstance(one, ast.Constant)]
    return [str(one) for one in found]


def asked_by_the_exercises() -> list[str]:
    """What those that come with the kiosk ask for."""
    return [ask for one in (overhead_squat, incline_push_up) for ask in (one.start_ask, *(p.ask for p in one.passes))]


INSTRUCTIONS = tuple(dict.fromkeys([*asked_in_the_code(), *ELSEWHERE, *asked_by_the_exercises()]))


def test_the_list_holds_what_is_said_elsewhere_as_it_stands_there() -> None:
    code = "".join(path.read_text() for path in (ROOT / "kiosk" / "station").glob("*.py"))
    assert [words for words in ELSEWHERE if f'"{words}"' not in code] == []
    assert len(INSTRUCTIONS) > 30


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", WALL)
def test_every_instruction_can_be_read_from_three_metres(
    open_page: Callable[..., Screen], tmp_path: Path, size: str, language: str
) -> None:
    wrong: dict[str, object] = {}
    with station(tmp_path) as kiosk:
        screen = open_page(in_language(kiosk.url, language), size)
        page, read = screen.page, ""
        for asked in INSTRUCTIONS:
            kiosk.show(state="framing", instruction=asked, hint="too-near", detail="")
            screen.until(f"{SHOWN} !== {json.dumps(read)} && document.body.dataset.state === 'framing'")
            read = str(page.locator("#instruction").text_content())
            stage = page.locator(".stage").bounding_box()["height"] / SIZES[size][1]
            found = {
                "words": len(read.split()) if len(read.split()) > MOST_WORDS else None,
                "broken": broken_words(page, "#instruction"),
                "cut": cut_off(page),
                "little is left of the stage": round(stage, 2) if stage < 0.2 else None,
            }
            wrong |= {f"{read}: {what}": value for what, value in found.items() if value}
        share = capitals_share(page, "#instruction")
    assert wrong == {}
    assert share >= CAPITALS_SHARE
