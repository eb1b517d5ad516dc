"""Numbers for Prometheus: only where they are switched on, as documented, and about nobody."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kiosk.metrics import metrics
from kiosk.plugins import load_plugins
from kiosk.plugins.watch import Fault
from kiosk.station.history import History, open_history
from kiosk.station.live import LiveView
from tests.commands import process_environ
from tests.test_health_items import UNKNOWN, WELL
from tests.web.browser.stations import station

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCORE = {"value": 78, "low": 72, "high": 84}
REPORT: dict[str, Any] = {"exercise": "squat", "title": "Squat", "score": SCORE, "first": None, "reps": []}
PAGE = Path(__file__).parents[1] / "docs" / "http.md"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with closing(open_history(tmp_path / "history.db")) as opened:
        yield opened


def numbers(text: bytes) -> dict[str, float]:
    """Return what a scrape holds: name and labels -> value, read by Prometheus' own parser."""
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            labels = "".join(f"{{{key}={value}}}" for key, value in sample.labels.items())
            found[sample.name + labels] = sample.value
    return found


def test_a_well_kiosk_in_numbers(history: History) -> None:
    history.store(REPORT, NOON)
    view = LiveView(sequence=9, fps=29.5, inference_ms=12.5, problems=("The lights stay dark.",))
    answer = metrics(load_plugins(), history, lambda: view, lambda: WELL)()
    found = numbers(answer.text)
    assert answer.content_type.startswith("text/plain")
    assert found["plumbline_camera_up"] == 1
    assert found["plumbline_frames_per_second"] == 29.5
    assert found["plumbline_inference_seconds"] == 0.0125
    assert found["plumbline_problems"] == 1
    assert found["plumbline_results"] == 1
    assert found["plumbline_last_result_timestamp_seconds"] == NOON.timestamp()
    assert found["plumbline_temperature_celsius"] == 48.2
    assert found["plumbline_under_voltage"] == 0
    assert found["plumbline_plugin_up{plugin=overhead-squat}"] == 1


def test_what_is_not_known_is_left_out_and_never_nought(history: History) -> None:
    found = numbers(metrics(load_plugins(), history, LiveView, lambda: UNKNOWN)().text)
    machine = ("temperature", "under_voltage", "throttled", "disk", "memory", "load1", "uptime", "clock", "last_result")
    assert not [name for name in found if name.startswith(tuple(f"plumbline_{one}" for one in machine))]


def test_a_camera_that_is_away_a_plugin_that_is_out_and_a_locked_database(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kiosk.errors import HistoryError

    def locked() -> int:
        raise HistoryError("It is locked.")

    plugins = load_plugins()
    plugins.watch.faults["overhead-squat"] = Fault("overhead-squat", "raised", "it raised")
    monkeypatch.setattr(history, "count", locked)
    found = numbers(metrics(plugins, history, lambda: LiveView(camera="gone", fps=30.0), lambda: WELL)().text)
    assert (found["plumbline_camera_up"], found["plumbline_frames_per_second"]) == (0, 0)
    assert found["plumbline_plugin_up{plugin=overhead-squat}"] == 0
    assert found["plumbline_database_up"] == 0
    assert "plumbline_results" not in found


def test_names_follow_the_conventions_and_the_page_lists_them_all(history: History) -> None:
    history.store(REPORT, NOON)
    text = metrics(load_plugins(), history, LiveView, lambda: WELL)().text.decode()
    names = set(re.findall(r"^# HELP (\S+) ", text, re.MULTILINE))
    assert all(re.fullmatch(r"plumbline_[a-z0-9_]*[a-z0-9]", name) for name in names)
    assert not [name for name in names if re.search(r"_(ms|mb|kb|minutes|percent|total)$", name)]
    listed = set(re.findall(r"^\| `(plumbline_\w+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == names


def test_a_scrape_reads_anew(history: History) -> None:
    now = [WELL]
    scrape = metrics(load_plugins(), history, LiveView, lambda: now[0])
    before = numbers(scrape().text)
    now[0] = replace(WELL, temperature_c=81.0)
    assert numbers(scrape().text)["plumbline_temperature_celsius"] == 81.0 != before["plumbline_temperature_celsius"]


@pytest.mark.parametrize("switched_on", [False, True])
def test_they_are_there_only_where_the_owner_wants_them(tmp_path: Path, switched_on: bool) -> None:
    with station(tmp_path, KIOSK_WEB_METRICS=str(switched_on).lower()) as kiosk:
        kiosk.empty(0.5)
        own = kiosk.app.test_client().get("/metrics")
        other = kiosk.app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "192.168.1.20"})
    assert own.status_code == other.status_code == (200 if switched_on else 404)
    assert (b"plumbline_camera_up" in other.data) is switched_on


def test_whoever_does_not_want_them_does_not_pay_for_them(tmp_path: Path) -> None:
    code = "import sys, kiosk.cli.run, kiosk.web.app, kiosk.doctor; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=process_environ(tmp_path, {}), check=False).returncode == 0


def test_nothing_in_them_is_about_anybody(history: History) -> None:
    key = history.store(REPORT, NOON)
    history.claim([key], "ann-of-the-gym")
    text = metrics(load_plugins(), history, LiveView, lambda: WELL)().text.decode()
    assert not [word for word in (key, "ann-of-the-gym", "score", "78") if word in text]
