"""What the doctor says of buttons and buzzer, tried and from a running kiosk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import LightsError
from kiosk.panel_item import NAME, panel_running, panel_tried
from kiosk.settings import ButtonsSettings, BuzzerSettings, LightsSettings, Settings
from kiosk.station import gpio
from kiosk.station.live import LiveView


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, lights=LightsSettings(kind="mock"), buttons=ButtonsSettings(5), buzzer=BuzzerSettings(26))


def test_where_nothing_is_wired_nothing_is_said(tmp_path: Path) -> None:
    assert list(panel_tried(Settings(tmp_path))) == []
    assert list(panel_running(Settings(tmp_path), LiveView())) == []


def test_pins_that_can_be_taken_are_named(settings: Settings) -> None:
    (tried,) = panel_tried(settings)
    assert (tried.name, tried.ok, tried.says) == (NAME, True, "pins: button next 5, buzzer 26")
    assert tried.means == "Holding it does nothing."
    assert list(panel_running(settings, LiveView())) == [tried]


def test_a_button_that_shuts_down_is_said(settings: Settings) -> None:
    (item,) = panel_tried(replace(settings, buttons=ButtonsSettings(5, shutdown="halt")))
    assert item.means == "Holding the button shuts the machine down."


def test_pins_that_cannot_be_taken_are_a_fault(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise LightsError("There are no pins.")

    monkeypatch.setattr(gpio, "mock_pins", none)
    (item,) = panel_tried(settings)
    assert item.ok is False
    assert item.says.count("There are no pins.") == 2


def test_a_running_kiosk_tells_what_does_not_work(settings: Settings) -> None:
    problems = ("The lights stay dark: x", "The buttons do nothing: pin 5 is in use.")
    (item,) = panel_running(settings, LiveView(problems=problems))
    assert (item.ok, item.says) == (False, problems[1])
