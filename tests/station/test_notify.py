"""What systemd hears, on a real datagram socket: ready once, fed by progress alone, and what the kiosk is doing."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.station.closer import WAIT_S
from kiosk.station.database import BUSY_TIMEOUT_S
from kiosk.station.live import LiveView
from kiosk.station.notify import FEEDS, FIRST_SHARE, Service, service
from kiosk.station.results import STORE_S
from kiosk.testing import Squatter, perform
from kiosk.vision.camera import SILENT_S
from kiosk.vision.keypoint_file import write_keypoints
from tests.processes import KioskProcess, until
from tests.systemd.units import value

from .stations import Station, timed
from .visits import standing

#: Of kiosk.service.
WATCHDOG_S = float(value("kiosk.service", "WatchdogSec"))
#: One frame on the slowest Pi with the larger model, and the wait for the second model.
SLOWEST_TURN_S = 0.6 + WAIT_S


class Ear:
    """The other end: what was heard, message by message."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.setblocking(False)

    def heard(self) -> list[list[str]]:
        messages = []
        with contextlib.suppress(BlockingIOError):
            while True:
                messages.append(self.socket.recv(4096).decode().splitlines())
        return messages

    def words(self) -> list[str]:
        return [line for message in self.heard() for line in message]


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(str(tmp_path / "notify"))
    yield made
    made.socket.close()


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unit(tmp_path: Path, ear: Ear, clock: Clock) -> Service:
    return service({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000000"}, clock)


def view(sequence: int, **more: object) -> LiveView:
    return LiveView(sequence=sequence, instruction="Step in front of the camera", fps=28.4, **more)  # type: ignore[arg-type]  # a test's shorthand


def test_nothing_is_ready_before_a_view_was_published(unit: Service, ear: Ear, clock: Clock) -> None:
    unit.turn(LiveView())
    clock.now_s += 100
    unit.turn(LiveView())
    assert ear.heard() == []


def test_the_first_view_makes_it_ready_and_feeds_the_watchdog(unit: Service, ear: Ear) -> None:
    unit.turn(view(1))
    assert ear.heard() == [["READY=1", "WATCHDOG=1", "STATUS=Step in front of the camera (idle, 28.4 frames/s)"]]


def test_a_view_that_says_that_the_camera_is_away_is_a_view(unit: Service, ear: Ear) -> None:
    unit.turn(view(1, state="trouble", camera="/dev/video0 is missing.\nPlug it in."))
    (message,) = ear.heard()
    assert message[0] == "READY=1"
    assert message[-1] == "STATUS=The camera is away: /dev/video0 is missing. Plug it in."


def test_ready_is_said_once(unit: Service, ear: Ear, clock: Clock) -> None:
    for number in range(1, 50):
        clock.now_s += 1
        unit.turn(view(number))
    assert ear.words().count("READY=1") == 1


def test_the_watchdog_is_fed_at_most_eight_times_in_its_period(unit: Service, ear: Ear, clock: Clock) -> None:
    for number in range(1, 601):
        unit.turn(view(number))
        clock.now_s += 1 / 30
    fed = ear.words().count("WATCHDOG=1")
    assert fed == FEEDS == 8


def test_a_loop_that_goes_round_without_a_new_view_starves_it(unit: Service, ear: Ear, clock: Clock) -> None:
    unit.turn(view(1))
    ear.heard()
    for _ in range(1000):
        clock.now_s += 1
        unit.turn(view(1))
    assert ear.heard() == []
    unit.turn(view(2))
    assert "WATCHDOG=1" in ear.words()


def test_time_alone_feeds_nothing(unit: Service, ear: Ear, clock: Clock) -> None:
    unit.turn(view(1))
    ear.heard()
    clock.now_s += 1000
    assert ear.heard() == []


def test_a_new_instruction_is_told_at_once_and_the_same_is_not_repeated(unit: Service, ear: Ear) -> None:
    unit.turn(view(1))
    ear.heard()
    unit.turn(view(2))
    assert ear.heard() == []
    unit.turn(LiveView(sequence=3, state="scan", instruction="Go", fps=30.0))
    assert ear.heard() == [["STATUS=Go (scan, 30 frames/s)"]]


def test_start_and_stop_are_told(unit: Service, ear: Ear) -> None:
    unit.starting("The pose model is being loaded.")
    unit.stopping()
    assert ear.heard() == [["STATUS=The pose model is being loaded."], ["STOPPING=1", "STATUS=Stopping."]]


def test_an_abstract_address_is_heard() -> None:
    name = f"plumbline-test-{os.getpid()}"
    ear = Ear(f"\0{name}")
    service({"NOTIFY_SOCKET": f"@{name}"}).stopping()
    assert ear.words()[0] == "STOPPING=1"
    ear.socket.close()


@pytest.mark.parametrize("address", ["", "@", "relative/path", "/nobody/listens/here"])
def test_where_nobody_listens_nothing_happens(address: str) -> None:
    unit = service({"NOTIFY_SOCKET": address} if address else {})
    unit.starting("Starting.")
    unit.turn(view(1))
    unit.stopping()


def test_without_a_watchdog_none_is_fed(tmp_path: Path, ear: Ear) -> None:
    for environ in (
        {},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_USEC": "x"},
        {"WATCHDOG_USEC": "9000000", "WATCHDOG_PID": "1"},
    ):
        unit = service({"NOTIFY_SOCKET": str(tmp_path / "notify"), **environ})
        unit.turn(view(1))
        assert unit.watchdog_s is None
        assert "WATCHDOG=1" not in ear.words()


def test_a_watchdog_that_is_meant_for_this_process_is_fed(tmp_path: Path, ear: Ear) -> None:
    environ = {"WATCHDOG_USEC": "9000000", "WATCHDOG_PID": str(os.getpid())}
    service({"NOTIFY_SOCKET": str(tmp_path / "notify"), **environ}).turn(view(1))
    assert "WATCHDOG=1" in ear.words()


def test_a_message_that_did_not_arrive_is_told_again(tmp_path: Path, clock: Clock) -> None:
    unit = service({"NOTIFY_SOCKET": str(tmp_path / "late"), "WATCHDOG_USEC": "20000000"}, clock)
    unit.turn(view(1))
    ear = Ear(str(tmp_path / "late"))
    unit.turn(view(2))
    assert "WATCHDOG=1" in ear.words()
    ear.socket.close()


def test_the_watch_over_plugins_bites_before_systemd_does() -> None:
    watched = Service("/run/notify", WATCHDOG_S)
    hang_s = watched.hang_s(20.0)
    # Between two feeds the loop may already have stood still; the box is told every second.
    assert hang_s + WATCHDOG_S / FEEDS + 0.5 < WATCHDOG_S
    assert hang_s == WATCHDOG_S * FIRST_SHARE
    assert watched.hang_s(3.0) == 3.0
    assert Service(None, None).hang_s(20.0) == 20.0


def test_what_takes_long_in_order_ends_before_the_watchdog_bites() -> None:
    # The last feed may be as old as one turn and the time between two feeds. Then: a camera that falls silent, and no
    # view is published until it is told of; a result that waits twice for another program's lock on the database.
    fed = SLOWEST_TURN_S + WATCHDOG_S / FEEDS
    assert fed + SILENT_S < WATCHDOG_S
    assert 2 * BUSY_TIMEOUT_S < STORE_S
    assert STORE_S + WATCHDOG_S / FEEDS < WATCHDOG_S
    assert STORE_S + WATCHDOG_S / FEEDS + 0.5 < WATCHDOG_S, "the kiosk's own watch is to be first"


def test_a_visit_that_was_judged_is_progress_and_a_kiosk_that_has_seen_nothing_makes_none(
    unit: Service, ear: Ear, clock: Clock
) -> None:
    unit.step()
    assert ear.heard() == []
    unit.turn(view(1))
    ear.heard()
    clock.now_s += 20 / FEEDS - 0.1
    unit.step()
    assert ear.heard() == []
    clock.now_s += 0.2
    unit.step()
    unit.step()
    assert ear.heard() == [["WATCHDOG=1"]]


# -- in the loop -------------------------------------------------------------------------------------------------


def test_every_turn_of_the_loop_is_told_and_ready_comes_with_the_first_view(unit: Service, ear: Ear) -> None:
    station = Station(service=unit)
    station.run(timed(standing(1.0)))
    words = ear.words()
    assert words[0] == "READY=1"
    assert words.count("WATCHDOG=1") == 1


def test_a_kiosk_without_camera_is_ready_and_stays_fed(unit: Service, ear: Ear, clock: Clock) -> None:
    station = Station(service=unit)
    engine = station.over(["no camera"])
    engine.run()
    assert ear.words()[:2] == ["READY=1", "WATCHDOG=1"]
    clock.now_s += 6
    engine.wait()
    unit.turn(station.board.view)
    assert "WATCHDOG=1" in ear.words()


def test_while_the_camera_opens_nothing_is_ready(unit: Service, ear: Ear) -> None:
    Station(service=unit).over([None, None, None]).run()
    assert ear.heard() == []


# -- the whole process ---------------------------------------------------------------------------------------------


def test_the_command_is_ready_with_its_first_view_and_says_when_it_stops(tmp_path: Path, ear: Ear) -> None:
    recording = tmp_path / "squats.npz"
    write_keypoints(recording, perform([Squatter()] * 5, lead_s=2.5))
    config = tmp_path / "kiosk.toml"
    config.write_text(
        f'state_dir = "{tmp_path / "state"}"\nlights = "none"\n[camera]\nsource = "{recording}"\n[web]\nport = 0\n'
    )
    address = str(tmp_path / "notify")
    run = KioskProcess(tmp_path, "run", "--config", config, NOTIFY_SOCKET=address, WATCHDOG_USEC="8000000")
    words: list[str] = []
    try:
        until(lambda: words.extend(ear.words()) or words.count("WATCHDOG=1") >= 3)
        assert run.json()["sequence"] > 0
        assert run.stop(signal.SIGTERM) == 0
    finally:
        run.end()
    assert words[0] == "STATUS=The kiosk is starting."
    assert words.index("STATUS=The pose model is being loaded.") < words.index("READY=1") <= words.index("WATCHDOG=1")
    assert "STOPPING=1" in ear.words()
