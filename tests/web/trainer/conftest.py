"""A trainer's side on a real database, with the two exercises of ours as they are shipped."""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.movement.exercise import Exercise
from kiosk.plugins import load_plugins
from kiosk.station.history import History, open_history
from kiosk.station.live import LiveBoard
from kiosk.station.results import Results
from kiosk.web.app import create_app
from kiosk.web.rate import Rate
from kiosk.web.trainer.overlays import Overlays
from kiosk.web.trainer.password import write_password
from kiosk.web.trainer.side import Sessions, TrainerSide

PASSWORD = "four quiet green words"
SHIPPED = load_plugins().shipped


@dataclass
class Clock:
    """Seconds that pass only when a test says so."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Desk:
    """The application with its trainer's side, and what the kiosk was handed."""

    app: Flask
    history: History
    side: TrainerSide
    clock: Clock
    report: dict[str, Any]
    adopted: list[Exercise] = field(default_factory=list)

    def browser(self) -> Browser:
        """Return a browser that has never been here."""
        return Browser(self.app.test_client())

    def trainer(self) -> Browser:
        """Return a browser in which the trainer is logged in."""
        one = self.browser()
        assert one.log_in().status_code == 302
        return one

    def store(self, member: str | None = None, *, ago: timedelta = timedelta(0), **changes: Any) -> str:
        """Store a result and return its id."""
        report = copy.deepcopy(self.report) | changes
        key = self.history.store(report, datetime.now(UTC) - ago)
        if member is not None:
            self.history.claim([key], member)
        return key


@dataclass
class Browser:
    """A client that takes the token of a form from a page, as a person does by clicking."""

    client: FlaskClient

    def text(self, address: str, status: int = 200) -> str:
        """Return a page, following no redirect."""
        answer = self.client.get(address)
        assert answer.status_code == status, answer.get_data(as_text=True)[:400]
        return answer.get_data(as_text=True)

    def token(self, address: str) -> str:
        """Return the token of the first form of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text(address))
        assert found is not None
        return found[1]

    def post(self, address: str, page: str | None = None, **fields: Any) -> Any:
        """Send a form of ``page``, which stands at the same address when left out."""
        return self.client.post(address, data={"csrf_token": self.token(page or address), **fields})

    def log_in(self, password: str = PASSWORD, **fields: Any) -> Any:
        return self.post("/trainer/login", password=password, **fields)


@pytest.fixture
def bare(tmp_path: Path, report: dict[str, Any]) -> Iterator[Desk]:
    """A kiosk whose owner has set no password."""
    clock = Clock()
    adopted: list[Exercise] = []
    with contextlib.closing(open_history(tmp_path / "history.db")) as history:
        side = TrainerSide(
            tmp_path, Sessions(1800, clock), Overlays(tmp_path / "overlays"), SHIPPED, adopted.append,
            tries=Rate("login", "5/minute", "12/minute"),
        )  # fmt: skip
        app = create_app(
            LiveBoard(),
            Results(history),
            show_picture=False,
            max_streams=3,
            about=dict,
            exercises=tuple(SHIPPED.values()),
            store=history,
            trainer=side,
        )
        yield Desk(app, history, side, clock, report, adopted)


@pytest.fixture
def desk(bare: Desk) -> Desk:
    write_password(bare.side.state_dir, PASSWORD)
    return bare


@pytest.fixture
def trainer(desk: Desk) -> Browser:
    return desk.trainer()


@pytest.fixture
def edit(trainer: Browser) -> Callable[..., Any]:
    """Fill in the form of knees-in of the overhead squat and press one of its buttons."""

    def send(do: str = "save", *, check: str = "knees-in", by: Browser | None = None, **fields: str) -> Any:
        browser, address = by or trainer, f"/trainer/checks/overhead-squat/{check}"
        page = browser.text(address)
        hidden = dict(re.findall(r'name="(csrf_token|seen)" value="([^"]*)"', page))
        return browser.client.post(address, data={**hidden, "do": do, **fields})

    return send
