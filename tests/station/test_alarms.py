"""What needs somebody although scanning goes on: said on the page, shown by the lights while nobody is there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from kiosk.health import Power, Readings
from kiosk.station.alarms import FULL, HOT, READ_ONLY, SLOWED, WEAK, HealthWatch, alarms
from kiosk.station.lights import PATTERNS
from tests.test_health_items import UNKNOWN, WELL

from .stations import Station, empty, timed, visit


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (WELL, ()),
        (UNKNOWN, ()),
        (replace(WELL, state_written=False), (READ_ONLY,)),
        (replace(WELL, disk_free=49_999_999), (FULL,)),
        (replace(WELL, temperature_c=80.0), (HOT,)),
        (replace(WELL, power=Power(True, False, True, False)), (WEAK,)),
        (replace(WELL, power=Power(False, True, False, True)), (SLOWED,)),
        # What was is over: the status page tells it, the lights do not.
        (replace(WELL, power=Power(False, False, True, True)), ()),
        # Heat is why it slows down: one sentence is enough.
        (replace(WELL, temperature_c=83.0, power=Power(False, True, False, True)), (HOT,)),
    ],
)
def test_each_trouble_has_its_sentence(now: Readings, said: tuple[str, ...]) -> None:
    assert alarms(now) == said


def test_an_alarm_does_not_flicker_at_its_limit() -> None:
    assert alarms(replace(WELL, temperature_c=77.0)) == ()
    assert alarms(replace(WELL, temperature_c=77.0), (HOT,)) == (HOT,)
    assert alarms(replace(WELL, temperature_c=74.0), (HOT,)) == ()
    assert alarms(replace(WELL, disk_free=55_000_000)) == ()
    assert alarms(replace(WELL, disk_free=55_000_000), (FULL,)) == (FULL,)


class Machine:
    """Readings that a test changes."""

    def __init__(self) -> None:
        self.now = WELL
        self.also: list[str] = []


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def watch(machine: Machine) -> Iterator[HealthWatch]:
    with closing(HealthWatch(lambda: machine.now, lambda: machine.also, every_s=3600.0)) as made:
        yield made


def test_the_first_reading_is_there_at_once(watch: HealthWatch) -> None:
    assert (watch.now, watch.alarms) == (WELL, ())


def test_what_comes_and_what_goes_is_in_the_log_once(
    machine: Machine, watch: HealthWatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "kiosk"):
        machine.now = replace(WELL, temperature_c=85.0)
        watch.look()
        watch.look()
        machine.now, machine.also = WELL, ["Plugin mqtt does not work as it should."]
        watch.look()
    assert [record.message for record in caplog.records] == [HOT, *machine.also, f"No longer: {HOT}"]


def test_it_looks_again_by_itself(machine: Machine) -> None:
    with closing(HealthWatch(lambda: machine.now, every_s=0.001)) as watch:
        machine.now = replace(WELL, state_written=False)
        while watch.alarms != (READ_ONLY,):
            watch._stop.wait(0.001)


# -- in the engine ---------------------------------------------------------------------------------------------------


def test_while_nobody_is_there_the_lights_call_for_somebody(machine: Machine, watch: HealthWatch) -> None:
    station = Station(health=watch)
    machine.now = replace(WELL, temperature_c=85.0)
    watch.look()
    station.run(timed(empty(1.0)))
    assert station.lights.shown[-1] == "attention"
    assert station.board.view.problems == (HOT,)
    assert station.board.view.state == "idle"


def test_a_visit_has_its_own_lights_all_the_same(machine: Machine, watch: HealthWatch) -> None:
    station = Station(health=watch)
    machine.now = replace(WELL, disk_free=1)
    watch.look()
    station.run(visit())
    shown = station.lights.shown
    assert {"framing", "scan", "clean", "result"} <= set(shown)
    assert "trouble" not in shown
    assert "idle" not in shown
    assert len(station.store.stored) == 1


def test_results_that_cannot_be_saved_call_for_somebody_until_they_are() -> None:
    station = Station()
    station.store.full = True
    engine = station.over(())
    frames = visit() + timed(empty(5.0), start_s=visit()[-1].t_s)
    for frame in frames:
        engine.step(frame)
    assert station.lights.shown[-1] == "attention"
    station.store.full = False
    for frame in timed(empty(40.0), start_s=frames[-1].t_s):
        engine.step(frame)
    assert station.lights.shown[-1] == "idle"


def test_the_pattern_is_like_no_other() -> None:
    """Never dark for long, so that it is no broken lamp; and unlike the steady amber of a rep."""
    pattern = PATTERNS["attention"]
    assert len(pattern.levels) * pattern.step_s == 10.0
    assert pattern.levels.count(1.0) == 1
    assert min(pattern.levels) > 0
    assert pattern.led == "ready"
    others = [(one.colour, one.levels) for name, one in PATTERNS.items() if name != "attention"]
    assert (pattern.colour, pattern.levels) not in others
