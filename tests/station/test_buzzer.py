"""The buzzer on a pin in memory: each sound as long as it must be, silent at its end, and when it is heard."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gpiozero import LED
from gpiozero.pins.mock import MockFactory, MockPWMPin

from kiosk.errors import LightsError
from kiosk.settings import ButtonsSettings, BuzzerSettings, LightsSettings, Settings
from kiosk.station import buzzer as module
from kiosk.station import gpio
from kiosk.station.buzzer import SOUNDS, STEP_S, GpioBuzzer, NoBuzzer
from kiosk.station.live import LiveBoard
from kiosk.station.panel import Panel, wired
from tests.processes import until

from .stations import Station, visit
from .test_buttons import Sounds

PIN = 26


@pytest.fixture
def factory() -> Iterator[Any]:
    made = MockFactory(pin_class=MockPWMPin)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sounds, at a pace that a test can wait for."""
    monkeypatch.setattr(module, "STEP_S", 0.001)


def flanks(name: str) -> int:
    """How often a sound changes the pin."""
    steps = (0, *SOUNDS[name])
    return sum(a != b for a, b in itertools.pairwise(steps))


def levels(factory: Any) -> list[float]:
    return [float(state.state) for state in list(factory.pin(PIN).states)]


def test_every_sound_ends_silent_and_no_two_are_alike() -> None:
    assert all(steps[-1] == 0 for steps in SOUNDS.values())
    assert len(set(SOUNDS.values())) == len(SOUNDS)


def test_a_rep_is_short_trouble_is_long_and_a_result_sounds_twice() -> None:
    assert sum(SOUNDS["rep"]) * STEP_S < 0.1
    assert sum(SOUNDS["trouble"]) * STEP_S > 0.9
    assert flanks("done") == 4
    assert flanks("goodbye") == 6


@pytest.mark.parametrize("tonal", [False, True])
@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_played_to_its_end(factory: Any, name: str, tonal: bool) -> None:
    buzzer = GpioBuzzer(BuzzerSettings(PIN, tonal), factory)
    factory.pin(PIN).clear_states()
    buzzer.sound(name)
    until(lambda: len(set_changes(levels(factory))) > flanks(name))
    on = 0.5 if tonal else 1.0
    assert set_changes(levels(factory)) == [0.0, *([on, 0.0] * (flanks(name) // 2))]
    buzzer.close()


def set_changes(found: list[float]) -> list[float]:
    """What the pin went through, each level once as long as it stays."""
    return [level for number, level in enumerate(found) if number == 0 or level != found[number - 1]]


@pytest.mark.parametrize("tonal", [False, True])
def test_closing_silences_a_sound_that_is_not_over(factory: Any, monkeypatch: pytest.MonkeyPatch, tonal: bool) -> None:
    monkeypatch.setattr(module, "STEP_S", 30.0)
    buzzer = GpioBuzzer(BuzzerSettings(PIN, tonal), factory)
    buzzer.sound("trouble")
    until(lambda: levels(factory)[-1] > 0)
    buzzer.close()
    buzzer.close()
    assert levels(factory)[-1] == 0.0
    LED(PIN, pin_factory=factory).close()


def test_a_new_sound_takes_the_place_of_one_that_is_not_over(factory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEP_S", 30.0)
    buzzer = GpioBuzzer(BuzzerSettings(PIN), factory)
    buzzer.sound("trouble")
    until(lambda: levels(factory)[-1] > 0)
    buzzer._device.source_delay = 0.001
    buzzer.sound("rep")
    until(lambda: levels(factory)[-1] == 0)
    buzzer.close()


def test_a_pin_that_is_in_use_is_refused(factory: Any) -> None:
    other = LED(PIN, pin_factory=factory)
    with pytest.raises(LightsError, match=r"buzzer on pin 26 cannot be driven: .*in use.*buzzer.pin"):
        GpioBuzzer(BuzzerSettings(PIN), factory)
    other.close()


def test_a_visit_is_heard_rep_by_rep_and_its_result_once() -> None:
    sounds = Sounds()
    Station(buzzer=sounds).run(visit())
    assert sounds.played == ["rep"] * 10 + ["done"]


def test_a_lost_camera_is_heard_once() -> None:
    sounds = Sounds()
    Station(buzzer=sounds).run(["gone", "gone", "gone"])
    assert sounds.played == ["trouble"]


# -- the panel: all that is wired beside the LEDs ------------------------------------------------------------------


@pytest.fixture
def mocked(tmp_path: Path) -> Settings:
    return Settings(
        tmp_path, lights=LightsSettings(kind="mock"), buttons=ButtonsSettings(5, 6), buzzer=BuzzerSettings(PIN)
    )


def test_what_is_wired_is_taken_and_let_go(mocked: Settings, monkeypatch: pytest.MonkeyPatch, factory: Any) -> None:
    monkeypatch.setattr(gpio, "mock_pins", lambda: factory)
    board = LiveBoard()
    panel = Panel(mocked, board, lambda: None)
    assert panel.problems == ()
    assert isinstance(panel.buzzer, GpioBuzzer)
    factory.pin(5).drive_low()
    assert board.take_commands() == ["next"]
    panel.close()
    panel.close()
    for pin in (5, 6, PIN):
        LED(pin, pin_factory=factory).close()


def test_what_is_not_wired_is_no_problem_and_touches_no_pin(tmp_path: Path) -> None:
    panel = Panel(Settings(tmp_path), LiveBoard(), lambda: None)
    assert isinstance(panel.buzzer, NoBuzzer)
    assert panel.problems == ()
    panel.buzzer.sound("rep")
    panel.close()


def test_without_pins_the_kiosk_goes_on_and_says_what_does_not_work(
    mocked: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def none() -> None:
        raise LightsError("There are no pins.")

    monkeypatch.setattr(gpio, "real_pins", none)
    with caplog.at_level(logging.WARNING):
        panel = Panel(replace(mocked, lights=LightsSettings(kind="none")), LiveBoard(), lambda: None)
    assert panel.problems == (
        "The buzzer stays silent: There are no pins.",
        "The buttons do nothing: There are no pins.",
    )
    assert len(caplog.records) == 2
    panel.close()


def test_what_is_wired_is_told_in_words(mocked: Settings, tmp_path: Path) -> None:
    assert wired(mocked) == "red 17, green 27, blue 22, button next 5, button stop 6, buzzer 26"
    assert wired(replace(mocked, lights=LightsSettings(kind="none", ready_pin=1))).startswith("button next 5")
    assert wired(mocked, leds=False) == "button next 5, button stop 6, buzzer 26"
    assert wired(mocked, others=False) == "red 17, green 27, blue 22"
    assert wired(Settings(tmp_path, lights=LightsSettings(kind="none"))) == ""
