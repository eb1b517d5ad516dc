"""``kiosk lights``: each part is driven alone and asked for; what does not work is in the table and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import LED
from gpiozero.pins.mock import MockFactory, MockPWMPin

from kiosk.cli import lights as command
from kiosk.errors import LightsError
from kiosk.station import gpio
from tests.commands import Kiosk, make_kiosk

PARTS = {"red": 17, "green": 27, "blue": 22, "ready": 23, "busy": 24, "trouble": 25, "buzzer": 26}
NEXT, STOP = 5, 6
WIRED = """
lights = {kind = "gpio", ready_pin = 23, busy_pin = 24, trouble_pin = 25}
buttons = {next_pin = 5, stop_pin = 6}
buzzer = {pin = 26}
"""


@pytest.fixture
def factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    made = MockFactory(pin_class=MockPWMPin)
    monkeypatch.setattr(gpio, "real_pins", lambda: made)
    yield made
    made.close()


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Kiosk:
    (tmp_path / "kiosk.toml").write_text(f'state_dir = "{tmp_path / "state"}"\n{WIRED}')
    monkeypatch.setattr(command, "SEEN_S", 0.0)
    monkeypatch.setattr(command, "PRESS_S", 0.05)
    return make_kiosk(tmp_path, monkeypatch, capfd)


def answers(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], str]) -> None:
    monkeypatch.setattr("builtins.input", answer)


def lit(factory: Any) -> set[str]:
    return {name for name, pin in PARTS.items() if factory.pin(pin).state}


def test_each_part_is_driven_alone_while_it_is_asked_for(
    kiosk: Kiosk, factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, set[str]]] = []

    def look(question: str) -> str:
        asked.append((question, lit(factory) - {"buzzer"}))
        return "y"

    answers(monkeypatch, look)
    monkeypatch.setattr("gpiozero.Button.wait_for_press", lambda self, timeout: True)
    said = kiosk("lights", "test", "--config", "kiosk.toml")
    assert said.code == 0, said
    assert [on for _, on in asked] == [
        {"red"},
        {"green"},
        {"blue"},
        {"ready"},
        {"busy"},
        {"trouble"},
        set(),
        set(),
    ]
    assert said.out.rstrip().endswith("All of it works.")
    assert "Press the button 'next'" in said.out
    assert "Press the button 'stop'" in said.out
    assert lit(factory) == set()


def test_what_was_not_seen_is_wrong_and_named(kiosk: Kiosk, factory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, lambda question: "n" if "green" in question or "buzzer" in question else "y")
    monkeypatch.setattr("gpiozero.Button.wait_for_press", lambda self, timeout: True)
    said = kiosk("lights", "test", "--config", "kiosk.toml")
    assert said.code == 1
    assert "Not right: RGB LED green, buzzer." in said.out
    assert "pin 27: nobody saw or heard it" in said.out


def test_a_button_that_is_not_pressed_in_time_is_wrong(
    kiosk: Kiosk, factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, lambda _: "y")
    said = kiosk("lights", "test", "--config", "kiosk.toml")
    assert said.code == 1
    assert "Not right: button next, button stop." in said.out
    assert "pin 5: no press came in" in said.out


def test_a_button_that_reads_pressed_untouched_is_wrong(kiosk: Kiosk, factory: Any) -> None:
    factory.pin(NEXT)
    monkey = pytest.MonkeyPatch()
    monkey.setattr("gpiozero.Button.is_pressed", property(lambda self: True))
    try:
        said = kiosk("lights", "test", "--yes", "--config", "kiosk.toml")
    finally:
        monkey.undo()
    assert said.code == 1
    assert "a short circuit?" in said.out


def test_an_answer_that_is_neither_is_asked_again_and_no_answer_is_no(
    kiosk: Kiosk, factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_so = iter(["perhaps", "Yes"])

    def mumble(_: str) -> str:
        try:
            return next(said_so)
        except StopIteration:
            raise EOFError from None

    answers(monkeypatch, mumble)
    said = kiosk("lights", "test", "--config", "kiosk.toml")
    assert said.code == 1
    assert "RGB LED red" not in said.out.splitlines()[-1]
    assert "RGB LED green" in said.out.splitlines()[-1]


def test_with_yes_nobody_is_asked_and_everything_is_driven(
    kiosk: Kiosk, factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> str:
        raise AssertionError("nobody is there to answer")

    answers(monkeypatch, refuse)
    said = kiosk("lights", "test", "--yes", "--config", "kiosk.toml")
    assert said.code == 0
    assert len([line for line in said.out.splitlines() if line.startswith("driven ")]) == len(PARTS) + 1 + 2
    assert "All of it works" not in said.out, "nobody looked"
    last = said.out.splitlines()[-1]
    assert last.startswith(f"{len(PARTS) + 1 + 2} driven without a fault. Nobody confirmed that the LEDs shine")
    for pin in PARTS.values():
        assert any(float(state.state) > 0 for state in factory.pin(pin).states)
    assert lit(factory) == set()


def test_pins_that_somebody_holds_are_wrong_and_the_others_are_tried(kiosk: Kiosk, factory: Any) -> None:
    other = LED(26, pin_factory=factory)
    said = kiosk("lights", "test", "--yes", "--config", "kiosk.toml")
    assert said.code == 1
    assert "Not right: buzzer." in said.out
    assert "in use" in said.out
    other.close()


def test_without_pins_it_says_what_is_missing(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise LightsError("The LEDs' pins cannot be reached.")

    monkeypatch.setattr(gpio, "real_pins", none)
    said = kiosk("lights", "test", "--yes", "--config", "kiosk.toml")
    assert said.code == 1
    assert said.out.count("The LEDs' pins cannot be reached.") == 4
    assert "cannot be reached" in kiosk("lights", "off", "--config", "kiosk.toml").complaint


def test_nothing_wired_is_no_mistake(kiosk: Kiosk, tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text(f'state_dir = "{tmp_path}"\nlights = "none"\n')
    said = kiosk("lights", "test", "--config", "none.toml")
    assert (said.code, said.out.split(":")[0]) == (0, "Nothing is wired")
    assert kiosk("lights", "off", "--config", "none.toml").out == "Off: nothing is wired.\n"


def test_off_switches_off_what_a_killed_process_left_on(kiosk: Kiosk, factory: Any) -> None:
    for pin in PARTS.values():
        left = factory.pin(pin)
        left.function = "output"
        left.state = True
    assert lit(factory) == set(PARTS)
    said = kiosk("lights", "off", "--config", "kiosk.toml")
    assert said.code == 0
    assert said.out.startswith("Off: red 17, green 27, blue 22, ready 23, busy 24, trouble 25, button next 5")
    assert lit(factory) == set()
