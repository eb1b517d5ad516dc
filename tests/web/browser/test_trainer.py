"""The trainer's way through their side, in a real browser: log in, look, compare, change a limit, undo, log out."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.movement.exercise import Exercise
from kiosk.plugins import load_plugins
from kiosk.station.history import open_history
from kiosk.station.live import LiveBoard
from kiosk.station.results import Results
from kiosk.web.app import create_app
from kiosk.web.server import serve
from kiosk.web.trainer.overlays import Overlays
from kiosk.web.trainer.password import write_password
from kiosk.web.trainer.side import Sessions, TrainerSide

PASSWORD = "four quiet green words"
MEMBER = "5f" * 32


@pytest.fixture
def address(tmp_path: Path, report: dict[str, Any]) -> Iterator[str]:
    """A kiosk with two results of one member and one of a guest."""
    shipped = load_plugins().shipped
    adopted: list[Exercise] = []
    write_password(tmp_path, PASSWORD)
    with contextlib.closing(open_history(tmp_path / "history.db")) as history:
        for ago, value in ((timedelta(days=21), 0.79), (timedelta(hours=0), 0.97)):
            mine = copy.deepcopy(report)
            next(one for one in mine["checks"] if one["slug"] == "knees-in")["value"] = value
            history.claim([history.store(mine, datetime.now(UTC) - ago)], MEMBER)
        history.store(report, datetime.now(UTC))
        side = TrainerSide(
            tmp_path, Sessions(1800), Overlays(tmp_path / "overlays"), shipped, adopted.append
        )  # fmt: skip
        app = create_app(
            LiveBoard(), Results(history), show_picture=False, max_streams=3, about=dict,
            exercises=tuple(shipped.values()), store=history, trainer=side,
        )  # fmt: skip
        server = serve(app, "127.0.0.1", 0)
        yield server.url.rstrip("/")
        server.close()


@pytest.mark.browser
def test_a_trainer_looks_compares_changes_a_limit_undoes_it_and_leaves(
    address: str, open_page: Callable[..., Any], size: str
) -> None:
    screen = open_page(f"{address}/trainer/", size)
    page = screen.page
    screen.shows("h1", "Trainer's side")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    screen.shows("h1", "Today's visits")
    assert page.locator(".visits li").count() == 2
    looked_at(screen, size, "visits")

    page.click("text=Member >> nth=0")
    assert page.locator(".course-plot").count() >= 2
    looked_at(screen, size, "member")
    for tick in page.locator(".visits input[type=checkbox]").all():
        tick.check()
    page.click("text=Compare two")
    screen.shows("h1", "Two results side by side")
    screen.says(".verdict.better", "by more than the error")
    assert page.locator(".pair").first.locator("svg").count() == 2
    looked_at(screen, size, "compare")

    page.click("text=Limits and words")
    page.click("text=Knees move inward")
    page.fill("input[name=sign]", "0.95")
    page.click("text=Look at the changes")
    screen.says(".diff", "sign = 0.95")
    looked_at(screen, size, "limit")
    page.click(".proposal button")
    screen.says(".told", "It counts from the next visit on.")
    assert page.input_value("input[name=sign]") == "0.95"
    page.click("text=Earlier versions")
    page.click("text=Undo the last change")
    screen.says(".told", "The earlier version is back.")
    looked_at(screen, size, "versions")

    page.click("text=Log out")
    screen.says(".told", "You are logged out.")
    page.goto(f"{address}/trainer/checks")
    screen.shows("h1", "Trainer's side")
    assert screen.complaints == []


def looked_at(screen: Any, size: str, name: str) -> None:
    assert screen.sideways_px() == 0
    screen.keep(f"trainer-{name}-{size}", full_page=True)
