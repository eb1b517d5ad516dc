"""A station without a camera: a real board, results in memory, a report with one finding of every kind."""

from __future__ import annotations

import contextlib
import copy
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.station.history import History, open_history
from kiosk.station.live import Lit, LiveBoard, LiveView
from kiosk.station.results import Results
from kiosk.web.app import create_app
from kiosk.web.codes import member_key
from kiosk.web.server import Server, serve
from kiosk.web.share import Sharing

#: A squat from the front, near the bottom, in pixels of a picture of 640 x 480.
SQUAT = (
    (320, 138), (329, 130), (311, 130), (339, 136), (301, 136), (364, 188), (276, 188), (388, 128),
    (252, 128), (380, 62), (260, 62), (350, 318), (290, 318), (368, 338), (272, 338), (378, 436), (262, 436),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    id: str
    created: str
    exercise: str | None
    title: str | None
    score_low: int | None
    score_high: int | None
    first: str | None
    reps: int


@dataclass
class MemoryHistory:
    """Results in a dict, newest last."""

    reports: dict[str, dict[str, Any]] = field(default_factory=dict)

    def load(self, result_id: str) -> dict[str, Any] | None:
        return self.reports.get(result_id)

    def recent(self, limit: int, offset: int) -> list[Line]:
        newest = list(self.reports.values())[::-1][offset : offset + limit]
        return [
            Line(
                r["id"],
                r["created"],
                r["exercise"],
                r["title"],
                r["score"]["low"],
                r["score"]["high"],
                r["first"],
                len(r["reps"]),
            )
            for r in newest
        ]

    def count(self) -> int:
        return len(self.reports)


def make_check(slug: str, title: str, status: str, **more: Any) -> dict[str, Any]:
    check: dict[str, Any] = {
        "slug": slug,
        "title": title,
        "checkpoint": "knees",
        "view": "front",
        "views": ["front"],
        "assessed_by": "keypoints",
        "status": status,
        "value": None,
        "unit": "",
        "error": None,
        "clear": None,
        "sign": None,
        "two_sided": False,
        "side": None,
        "reps": [],
        "from_rep": None,
        "reason": None,
        "stands_for": None,
        "saw": "",
        "cue": "",
        "question": None,
        "regression": None,
        "muscles": {"overactive": [], "underactive": [], "confirm": False},
        "sources": [],
        "per_rep": [],
        "moment": None,
    }
    return check | more


def make_rep(number: int, score: int | None, signs: list[str], **more: Any) -> dict[str, Any]:
    start = 2.0 + 3.4 * number
    rep: dict[str, Any] = {
        "number": number,
        "view": "front",
        "start_s": start,
        "bottom_s": start + 1.6,
        "end_s": start + 3.0,
        "eccentric_s": 1.5,
        "pause_s": 0.2,
        "concentric_s": 1.24,
        "range_of_motion": 0.97,
        "complete": True,
        "reason": None,
        "score": score,
        "signs": signs,
        "values": {},
        "verdicts": {},
    }
    return rep | more


def per_rep(*values: tuple[float, str]) -> list[dict[str, Any]]:
    return [{"rep": n, "value": value, "verdict": verdict} for n, (value, verdict) in enumerate(values, 1)]


def make_report() -> dict[str, Any]:
    moment = {"rep": 4, "t_s": 13.8, "size_px": [640, 480], "xy": [list(p) for p in SQUAT]}
    unseen = (9, 10)
    half = moment | {"xy": [None if k in unseen else list(p) for k, p in enumerate(SQUAT)]}
    checks = [
        make_check(
            "arms-fall-forward",
            "Arms fall forward",
            "clear",
            checkpoint="arms",
            view="side",
            value=9.0,
            unit="deg",
            error=4.2,
            clear=15.0,
            sign=25.0,
            moment=half,
            per_rep=per_rep((8, "clear"), (9, "clear"), (11, "clear")),
        ),
        make_check(
            "weight-shift",
            "Weight shifts to one side",
            "unsure",
            checkpoint="hips",
            value=4.1,
            unit="percent",
            error=2.0,
            clear=3.0,
            sign=6.0,
            two_sided=True,
            side="left",
            moment=moment,
            stands_for="the load on each foot, which a camera cannot feel",
            question="Did you hurt a knee or an ankle in the past?",
            per_rep=per_rep((-1.5, "clear"), (4.1, "unsure"), (4.4, "unsure"), (3.9, "unsure")),
        ),
        make_check(
            "forward-lean",
            "Chest leans far forward",
            "sign",
            checkpoint="back",
            view="side",
            value=52.4,
            unit="deg",
            error=5.0,
            clear=40.0,
            sign=47.0,
            reps=[2, 3],
            from_rep=None,
            moment=half,
            saw="We saw your chest lean further forward than your shins.",
            cue="Chest up, hips back",
            muscles={
                "overactive": ["calves", "hip flexors"],
                "underactive": ["glutes", "back extensors"],
                "confirm": True,
            },
            per_rep=per_rep((39, "clear"), (51, "sign"), (53, "sign")),
        ),
        make_check(
            "knees-in",
            "Knees move inward",
            "sign",
            value=0.79,
            unit="ratio",
            error=0.06,
            clear=1.0,
            sign=0.85,
            reps=[3, 4, 5],
            from_rep=3,
            cue="Knees over toes",
            saw="We saw your knees come closer together than your feet at the bottom.",
            regression="Squat to a high box",
            moment=moment,
            muscles={"overactive": ["adductors"], "underactive": ["gluteus medius"], "confirm": False},
            sources=[{"id": "S63", "where": "A study of squats seen by one camera, table 2"}],
            per_rep=per_rep((1.11, "clear"), (0.93, "unsure"), (0.78, "sign"), (0.79, "sign"), (0.81, "sign")),
        ),
        make_check(
            "heels-rise",
            "Heels come off the floor",
            "not-assessed",
            checkpoint="feet",
            view=None,
            assessed_by="not-assessed",
            reason="The camera's 17 points have no heel and no toe.",
        ),
    ]
    steps = [
        ("knees-in", "inhibit", "Roll the inner thigh", "30-60 s on a tender spot, each side"),
        ("knees-in", "lengthen", "Half-kneeling inner thigh stretch", "2 x 30 s, each side"),
        ("knees-in", "activate", "Side steps with a band", "2 x 12 steps, each side"),
        ("forward-lean", "integrate", "Squat to a box, arms forward", "2 x 10, slow"),
    ]
    return {
        "schema": 1,
        "id": "k3v9q2m7",
        "created": "2026-11-21T10:12:33+00:00",
        "source": {
            "name": "camera 0",
            "frames": 1200,
            "fps": 30.0,
            "duration_s": 40.0,
            "size_px": [640, 480],
        },
        "model": "movenet_thunder_f16",
        "exercise": "overhead-squat",
        "title": "Overhead squat",
        "view": "front",
        "pain": False,
        "passes": [
            {"view": "front", "complete": 5, "incomplete": 0, "asked": 5, "ended": "done"},
            {"view": "side", "complete": 3, "incomplete": 1, "asked": 5, "ended": "rested"},
        ],
        "reps": [
            make_rep(1, 96, []),
            make_rep(2, 88, []),
            make_rep(3, 66, ["knees-in"]),
            make_rep(4, 58, ["knees-in", "forward-lean"]),
            make_rep(5, None, [], complete=False, reason="it ended half-way up", range_of_motion=0.46),
        ],
        "checks": checks,
        "score": {"value": 78, "low": 72, "high": 84, "seen": 7, "of": 12},
        "first": "knees-in",
        "programme": [
            {
                "check": check,
                "phase": phase,
                "exercise": title.lower().replace(" ", "-"),
                "title": title,
                "dose": dose,
                "how": "Slowly, breathing out, with the trunk still.",
                "stop": "Stop if it hurts.",
                "source": "S22",
                "confirm": phase == "integrate",
            }
            for check, phase, title, dose in steps
        ],
        "questions": ["Does a wrist or shoulder hurt, or did one in the past?"],
        "differences": [
            {
                "name": "Elbow angle at the bottom",
                "left": 92.0,
                "right": 101.0,
                "unit": "deg",
                "index_percent": 9.3,
            }
        ],
        "notes": ["The second pass ended after 3 of 5 reps."],
    }


def make_view(sequence: int, **more: Any) -> LiveView:
    """A member in the middle of a set; ``sequence`` also moves the hips a little."""
    sway = 0.004 * math.sin(sequence / 5)
    keypoints = tuple((x / 640 + sway, y / 480, 0.9) for x, y in SQUAT)
    fields: dict[str, Any] = {
        "state": "scan",
        "instruction": "Squat down as low as you can",
        "detail": "Keep your arms overhead.",
        "exercise": "overhead-squat",
        "title": "Overhead squat",
        "view": "front",
        "pass_number": 1,
        "passes": 2,
        "reps": 3,
        "target_reps": 5,
        "effort": 0.7,
        "cue": "Knees over toes",
        "last_rep": "sign",
        "keypoints": keypoints,
        "size_px": (640, 480),
        "lit": Lit("sign", (1.0, 0.0, 0.0), (("ready", False), ("camera", True))),
        "model": "movenet_thunder_f16",
        "fps": 29.6,
        "inference_ms": 11.0,
    }
    return LiveView(sequence=sequence, t_s=sequence / 30, **(fields | more))


@pytest.fixture
def report() -> dict[str, Any]:
    return make_report()


@pytest.fixture
def check() -> Callable[..., dict[str, Any]]:
    return make_check


@pytest.fixture
def view() -> Callable[..., LiveView]:
    return make_view


@pytest.fixture
def board() -> LiveBoard:
    return LiveBoard()


@pytest.fixture
def history(report: dict[str, Any]) -> MemoryHistory:
    return MemoryHistory({report["id"]: report})


@pytest.fixture
def about() -> dict[str, Any]:
    return {
        "camera": {"device": "/dev/video0", "size": "640 x 480", "frames a second": 30},
        "model": {"name": "movenet_thunder_f16", "why": "the most accurate that keeps 24 frames/s here"},
        "plugins": ["overhead-squat 0.1.0", "incline-push-up 0.1.0"],
        "lights": "mock",
        "database": {"where": "results.db", "results": 1, "writable": True},
        "disk": {"free": "11.2 GB"},
        "versions": {"plumbline-kiosk": "0.1.0", "python": "3.11.2"},
    }


@pytest.fixture
def make_app(board: LiveBoard, history: MemoryHistory, about: dict[str, Any]) -> Callable[..., Flask]:
    def make(**more: Any) -> Flask:
        settings: dict[str, Any] = {"show_picture": False, "max_streams": 3} | more
        return create_app(board, history, **({"about": lambda: about} | settings))

    return make


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app().test_client()


@pytest.fixture
def served(make_app: Callable[..., Flask]) -> Iterator[Callable[..., Server]]:
    """Serve the app on a free port of the loopback address, and close it after the test."""
    running: list[Server] = []

    def start(**more: Any) -> Server:
        running.append(serve(make_app(**more), "127.0.0.1", 0))
        return running[-1]

    yield start
    for server in running:
        server.close()


@dataclass
class Taken:
    """A kiosk with a database, and who asks it: its own screen, and phones on its network."""

    app: Flask
    store: History
    board: LiveBoard
    sharing: Sharing
    report: dict[str, Any]

    def add(self, *, days_ago: int = 0, code: str | None = None, **changes: Any) -> str:
        """Store a result, in the course of a code where one is given, and return its id."""
        report = copy.deepcopy(self.report) | changes
        key = self.store.store(report, datetime(2026, 11, 21, 12, tzinfo=UTC) - timedelta(days=days_ago))
        if code is not None:
            self.store.claim([key], self.member(code))
        return key

    def member(self, code: str) -> str:
        return member_key(self.sharing.secret, code)

    def show(self, result_id: str | None) -> None:
        """Put a result on the kiosk's own screen; None: an empty room."""
        state = "idle" if result_id is None else "result"
        self.board.publish(make_view(self.board.view.sequence + 1, state=state, result_id=result_id))

    def own(self) -> Forms:
        return Forms(self.app.test_client())

    def phone(self, address: str = "192.168.1.30") -> Forms:
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return Forms(client)

    def link(self, result_id: str) -> str:
        return f"/r/{self.sharing.result_token(result_id)}"

    def course(self, code: str) -> str:
        return f"/m/{self.sharing.member_token(self.member(code))}"


@dataclass
class Forms:
    """A browser that sends a form with the token that stands in it."""

    client: FlaskClient

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def text(self, address: str) -> str:
        return self.client.get(address).get_data(as_text=True)

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text(page))
        assert found is not None, f"{page} has no form"
        return found[1]

    def post(self, address: str, page: str | None = None, **fields: str) -> TestResponse:
        """Send a form that stands at ``page``, or at the address itself."""
        return self.client.post(address, data={"csrf_token": self.token(page or address), **fields})


@pytest.fixture
def taken(tmp_path: Path, report: dict[str, Any], board: LiveBoard) -> Iterator[Taken]:
    sharing = Sharing(b"a secret of thirty-two bytes ...", 48, "0.0.0.0", "kiosk.local")
    with contextlib.closing(open_history(tmp_path / "history.db")) as store:
        app = create_app(
            board, Results(store), show_picture=False, max_streams=3, about=dict, sharing=sharing, store=store
        )
        yield Taken(app, store, board, sharing, report)
