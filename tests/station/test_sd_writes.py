"""What the kiosk writes on its card: one transaction for a result, and nothing at all while nobody is there.

SQLite's write-ahead log counts for us: each commit leaves exactly one frame in it that says so, and is brought to the
disk once. Every other file of the state folder is compared byte by byte, and by the time of its last change.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.config import load_settings
from kiosk.plugins.black_box import BlackBox
from kiosk.plugins.site import black_box_folder, live_watch, open_black_box
from kiosk.station.history import open_history
from tests.web.browser.stations import Station, station

#: sqlite.org, "WAL-mode File Format": the header of the log, and that of each frame.
HEADER, FRAME = 32, 24
MINUTES = 10


def commits(log: Path) -> int:
    """Return how many transactions are in a write-ahead log."""
    data = log.read_bytes()
    if len(data) < HEADER:
        return 0
    page_size, salts = struct.unpack_from(">I", data, 8)[0], data[16:24]
    found = 0
    for at in range(HEADER, len(data) - page_size - FRAME + 1, FRAME + page_size):
        _page, pages_after_commit = struct.unpack_from(">II", data, at)
        if data[at + 8 : at + 16] == salts and pages_after_commit:
            found += 1
    return found


def on_the_card(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the files of a folder, each with the time of its last change and what is in it."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    return folder


@pytest.fixture
def kiosk(tmp_path: Path, card: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """The real kiosk as systemd starts it: its black box is in memory, and its plugins are called through it."""
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "run"))
    faults, box = open_black_box(load_settings(None, {"KIOSK_STATE_DIR": str(card)}))
    assert isinstance(box, BlackBox)
    monkeypatch.setattr("tests.web.browser.stations.live_watch", lambda *_: live_watch(faults, box))
    with station(card, KIOSK_WEB_METRICS="true") as made:
        yield made
    box.close()


def test_a_log_is_counted_right(tmp_path: Path) -> None:
    history = open_history(tmp_path / "history.db")
    log = tmp_path / "history.db-wal"
    before = commits(log)
    for n in range(1, 6):
        history.store(
            {"exercise": None, "score": {"low": None, "high": None}, "first": None, "reps": []}, datetime.now(UTC)
        )
        assert commits(log) == before + n
    history.count()
    assert commits(log) == before + 5
    history.close()


def test_an_idle_kiosk_writes_nothing_and_a_visit_is_one_transaction(kiosk: Station, card: Path) -> None:
    log = card / "history.db-wal"
    kiosk.empty(2.0)
    before, begun = on_the_card(card), commits(log)
    kiosk.empty(60.0 * MINUTES)
    assert on_the_card(card) == before

    kiosk.result()
    after = on_the_card(card)
    assert commits(log) == begun + 1
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed <= {"history.db-wal", "history.db-shm"}
    assert kiosk.history.count() == 1

    kiosk.empty(130.0)
    assert kiosk.board.view.state == "idle"
    again = on_the_card(card)
    kiosk.empty(60.0 * MINUTES)
    assert on_the_card(card) == again
    assert commits(log) == begun + 1


def test_whoever_watches_an_idle_kiosk_makes_it_write_nothing(kiosk: Station, card: Path) -> None:
    kiosk.empty(2.0)
    client = kiosk.app.test_client()
    for address in ("/status", "/status.json", "/metrics", "/healthz", "/live.json"):
        assert client.get(address).status_code == 200
    before = on_the_card(card)
    for address in ("/status", "/status.json", "/metrics", "/healthz", "/live.json") * 3:
        client.get(address)
    assert on_the_card(card) == before


def test_a_start_without_faults_does_not_write_the_file_of_faults(card: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    for _ in range(2):
        _, box = open_black_box(load_settings(None, {"KIOSK_STATE_DIR": str(card)}))
        assert box is not None
        box.close()
    assert on_the_card(card) == {}


@pytest.mark.parametrize(
    ("named", "in_memory"), [("/run/kiosk", True), ("/run/kiosk:/run/more", True), ("", False), ("relative", False)]
)
def test_the_black_box_is_where_systemd_says(card: Path, named: str, in_memory: bool) -> None:
    settings = load_settings(None, {"KIOSK_STATE_DIR": str(card)})
    assert black_box_folder(settings, {"RUNTIME_DIRECTORY": named}) == (Path("/run/kiosk") if in_memory else card)
    assert black_box_folder(settings, {}) == card
