"""Plugins that look on cost no frame, hurt nobody, and are named when something is wrong with them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.observing import Job, Light, StoredResults
from kiosk.plugins import Observer
from kiosk.plugins.watch import Fault
from kiosk.station.observers import MOST_WAITING, PAGE, SLOW_S, ObservedLights, Observers, Stored

from .fakes import FakeLights

PATIENCE_S = 30.0


@dataclass
class Row:
    id: str


@dataclass
class Shelf:
    """An archive in memory, newest last."""

    reports: list[dict[str, Any]] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def load(self, result_id: str) -> dict[str, Any] | None:
        self.loaded.append(result_id)
        return next((one for one in self.reports if one["id"] == result_id), None)

    def recent(self, limit: int, offset: int) -> list[Row]:
        return [Row(one["id"]) for one in self.reports[::-1]][offset : offset + limit]


class Plugin:
    """Remembers what it was told; a test can make it raise, or keep it busy."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.threads: set[str] = set()
        self.error: Exception | None = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.called = threading.Semaphore(0)

    def scan(self, report: dict[str, Any]) -> None:
        self._take("scan", report)

    def rep(self, exercise: str, rep: dict[str, Any]) -> None:
        self._take("rep", (exercise, rep))

    def light(self, light: Light) -> None:
        self._take("light", light)

    def _take(self, kind: str, what: Any) -> None:
        self.threads.add(threading.current_thread().name)
        self.told.append((kind, what))
        self.called.release()
        assert self.may_go_on.wait(PATIENCE_S)
        if self.error is not None:
            raise self.error

    def wait(self, times: int = 1) -> None:
        for _ in range(times):
            assert self.called.acquire(timeout=PATIENCE_S)

    def observer(self, name: str = "onlooker", **jobs: Job) -> Observer:
        hooks = {"kiosk_scan_finished": self.scan, "kiosk_rep_finished": self.rep, "kiosk_light_changed": self.light}
        return Observer(name, hooks, tuple(jobs.values()))


Watch = Callable[..., Observers]


@pytest.fixture
def faults() -> list[Fault]:
    return []


@pytest.fixture
def looking(faults: list[Fault]) -> Iterator[Watch]:
    begun: list[Observers] = []

    def begin(*observers: Observer, shelf: Shelf | None = None, **more: Any) -> Observers:
        begun.append(Observers(observers, shelf or Shelf(), faults.append, **more))
        return begun[-1]

    yield begin
    for one in begun:
        one.close()


def test_an_observer_is_told_in_order_and_in_a_thread_of_its_own(looking: Watch) -> None:
    first, second = Plugin(), Plugin()
    observers = looking(first.observer("first"), second.observer("second"))
    observers.rep_finished("squat", {"number": 1})
    observers.scan_finished({"id": "a"})
    observers.close()
    assert first.told == second.told == [("rep", ("squat", {"number": 1})), ("scan", {"id": "a"})]
    assert (first.threads, second.threads) == ({"plugin first"}, {"plugin second"})
    assert observers.troubles == {}


def test_who_has_not_a_hook_is_not_told(looking: Watch) -> None:
    plugin = Plugin()
    observers = looking(Observer("onlooker", {"kiosk_scan_finished": plugin.scan}))
    observers.rep_finished("squat", {})
    observers.light_changed(Light("idle"))
    observers.scan_finished({"id": "a"})
    observers.close()
    assert plugin.told == [("scan", {"id": "a"})]


def test_what_an_observer_changes_nobody_else_sees(looking: Watch) -> None:
    def spoil(report: dict[str, Any]) -> None:
        report["checks"].clear()

    plugin, report = Plugin(), {"checks": [1, 2]}
    observers = looking(Observer("spoiler", {"kiosk_scan_finished": spoil}), plugin.observer())
    observers.scan_finished(report)
    observers.close()
    assert report == {"checks": [1, 2]}
    assert plugin.told == [("scan", {"checks": [1, 2]})]


def test_an_error_is_named_counted_and_told_once_and_the_next_event_comes_all_the_same(
    looking: Watch, faults: list[Fault]
) -> None:
    plugin, other = Plugin(), Plugin()
    plugin.error = ConnectionRefusedError("nobody listens")
    observers = looking(plugin.observer("mqtt"), other.observer())
    observers.scan_finished({"id": "a"})
    observers.scan_finished({"id": "b"})
    observers.close()
    assert [what["id"] for _, what in plugin.told] == ["a", "b"] == [what["id"] for _, what in other.told]
    assert list(observers.troubles) == ["mqtt"]
    said = observers.troubles["mqtt"]
    assert said.startswith("kiosk_scan_finished raised ConnectionRefusedError: nobody listens")
    assert said.endswith("(2 times since the start)")
    assert [(fault.plugin, fault.kind) for fault in faults] == [("mqtt", "observer")]


def test_telling_an_observer_that_hangs_never_waits_and_leaves_out_what_is_too_much(looking: Watch) -> None:
    plugin, other = Plugin(), Plugin()
    plugin.may_go_on.clear()
    now_s = 0.0
    observers = looking(plugin.observer("slow"), other.observer("quick"), clock=lambda: now_s)
    observers.scan_finished({"id": "first"})
    plugin.wait()
    for number in range(MOST_WAITING + 7):
        observers.scan_finished({"id": str(number)})
        other.wait()
    now_s = SLOW_S + 5
    assert observers.troubles == {
        "slow": "kiosk_scan_finished has been busy for 15 s; it is too slow: 7 events were left out"
    }
    plugin.may_go_on.set()
    observers.close()
    assert len(plugin.told) == 1 + MOST_WAITING
    assert len(other.told) >= MOST_WAITING + 7


def test_an_observer_that_never_comes_back_does_not_keep_the_kiosk_from_ending(
    looking: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kiosk.station.observers.END_S", 0.05)
    plugin = Plugin()
    plugin.may_go_on.clear()
    observers = looking(plugin.observer("stuck"))
    observers.scan_finished({})
    plugin.wait()
    observers.close()
    assert "stuck does not come back" in caplog.text
    plugin.may_go_on.set()


# -- lights --------------------------------------------------------------------------------------------------------


def test_of_lights_that_wait_only_the_newest_is_told_and_other_events_are_kept(looking: Watch) -> None:
    plugin = Plugin()
    plugin.may_go_on.clear()
    observers = looking(plugin.observer())
    observers.scan_finished({"id": "a"})
    plugin.wait()
    observers.light_changed(Light("scan"))
    observers.rep_finished("squat", {})
    observers.light_changed(Light("clean"))
    observers.light_changed(Light("sign"))
    plugin.may_go_on.set()
    observers.close()
    assert plugin.told == [("scan", {"id": "a"}), ("rep", ("squat", {})), ("light", Light("sign"))]


def test_other_lights_show_what_the_own_ones_show_each_change_once_and_off_at_the_end(looking: Watch) -> None:
    plugin, own = Plugin(), FakeLights()
    observers = looking(plugin.observer())
    lights = ObservedLights(own, observers)
    for pattern in ("idle", "ready"):
        lights.show(pattern)
        plugin.wait()
        lights.show(pattern)
    lights.close()
    lights.close()
    observers.close()
    shown = [what for _, what in plugin.told]
    assert [light.pattern for light in shown] == own.shown == ["idle", "ready", "off"]
    assert shown[1] == Light("ready", (0.0, 0.0, 1.0), (1.0, 0.0), 0.5)
    assert (lights.name, lights.lit) == (own.name, own.lit)


# -- jobs ----------------------------------------------------------------------------------------------------------


def test_a_job_runs_once_at_the_start_with_the_stored_results_and_again_when_it_is_due(looking: Watch) -> None:
    now_s, ran = 0.0, threading.Semaphore(0)
    seen: list[tuple[float, list[str]]] = []

    def export(results: StoredResults) -> None:
        seen.append((now_s, [report["id"] for report in results.newest()]))
        ran.release()

    shelf = Shelf([{"id": "old"}, {"id": "new"}])
    plugin = Plugin()
    observers = looking(plugin.observer(job=Job("export", 60.0, export)), shelf=shelf, clock=lambda: now_s)
    assert ran.acquire(timeout=PATIENCE_S)
    observers.scan_finished({})  # wakes it up: not due yet
    plugin.wait()
    now_s = 61.0
    observers.scan_finished({})
    assert ran.acquire(timeout=PATIENCE_S)
    observers.close()
    assert seen == [(0.0, ["new", "old"]), (61.0, ["new", "old"])]


def test_a_job_that_raises_is_named_and_runs_again(looking: Watch) -> None:
    now_s, ran = 0.0, threading.Semaphore(0)

    def export(_: StoredResults) -> None:
        ran.release()
        raise PermissionError(13, "Permission denied")

    plugin = Plugin()
    observers = looking(plugin.observer("csv", job=Job("export", 60.0, export)), clock=lambda: now_s)
    assert ran.acquire(timeout=PATIENCE_S)
    observers.scan_finished({})
    plugin.wait()
    now_s = 61.0
    observers.scan_finished({})
    assert ran.acquire(timeout=PATIENCE_S)
    observers.close()
    assert observers.troubles["csv"].startswith("the job 'export' raised PermissionError")


@pytest.mark.parametrize("every_s", [0.0, -1.0, 0.5, float("nan"), float("inf")])
def test_a_job_must_say_how_often_it_runs(every_s: float) -> None:
    with pytest.raises(ValueError, match="the job 'export' runs every"):
        Job("export", every_s, lambda _: None)


def test_results_come_newest_first_and_a_page_at_a_time() -> None:
    shelf = Shelf([{"id": str(number)} for number in range(2 * PAGE + 3)])
    newest = Stored(shelf).newest()
    assert [next(newest)["id"] for _ in range(3)] == ["102", "101", "100"]
    assert len(shelf.loaded) == 3
    assert [report["id"] for report in newest] == [str(number) for number in range(99, -1, -1)]


def test_a_result_that_is_stored_meanwhile_makes_none_come_twice() -> None:
    shelf = Shelf([{"id": str(number)} for number in range(PAGE + 5)])
    newest = Stored(shelf).newest()
    first = [next(newest)["id"] for _ in range(PAGE)]
    shelf.reports.append({"id": "late"})
    rest = [report["id"] for report in newest]
    assert len(set(first + rest)) == len(first + rest) == PAGE + 5
    assert "late" not in rest
