"""Buttons on pins in memory: what a press means, and a long one that shuts the machine down after saying so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from gpiozero import LED
from gpiozero.pins.mock import MockFactory, MockPWMPin

from kiosk.errors import LightsError
from kiosk.settings import ButtonsSettings
from kiosk.station.buttons import DOUBLE_S, Buttons, meant
from kiosk.station.live import LiveBoard, LiveView
from kiosk.station.power import TELL_S, PowerSwitch, carried_out
from kiosk.station.visit import State
from tests.processes import until

from .stations import Station, empty, timed

NEXT, STOP = 5, 6


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Box:
    """Buttons, their pins, and what came of them."""

    def __init__(self, factory: Any, settings: ButtonsSettings) -> None:
        self.factory, self.board, self.clock = factory, LiveBoard(), Clock()
        self.shut_down = 0
        self.buttons = Buttons(settings, factory, self.board, self._shut_down, self.clock)

    def _shut_down(self) -> None:
        self.shut_down += 1

    def press(self, pin: int, then_s: float = 10.0) -> None:
        self.factory.pin(pin).drive_low()
        self.factory.pin(pin).drive_high()
        self.clock.now_s += then_s


@pytest.fixture
def factory() -> Iterator[Any]:
    made = MockFactory(pin_class=MockPWMPin)
    yield made
    made.close()


@pytest.fixture
def both(factory: Any) -> Iterator[Box]:
    box = Box(factory, ButtonsSettings(NEXT, STOP, hold_s=0.05))
    yield box
    box.buttons.close()


@pytest.fixture
def alone(factory: Any) -> Iterator[Box]:
    box = Box(factory, ButtonsSettings(NEXT, hold_s=0.05))
    yield box
    box.buttons.close()


def test_a_press_of_each_button_is_its_command(both: Box) -> None:
    both.press(NEXT)
    both.press(STOP)
    assert both.board.take_commands() == ["next", "stop"]


def test_a_press_counts_once_however_long_it_takes(both: Box) -> None:
    both.factory.pin(NEXT).drive_low()
    both.factory.pin(NEXT).drive_low()
    both.factory.pin(NEXT).drive_high()
    assert both.board.take_commands() == ["next"]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("button", ["next", "stop"])
def test_a_button_puts_a_result_away_and_never_answers_about_pain(button: str, state: State) -> None:
    said = meant(button, state)
    assert said == ("done" if state is State.RESULT else button)
    assert said not in ("pain", "no-pain")


def test_both_buttons_put_the_result_away(both: Box) -> None:
    both.board.publish(LiveView(sequence=1, state="result"))
    both.press(NEXT)
    both.press(STOP)
    assert both.board.take_commands() == ["done", "done"]


def test_a_single_button_pressed_twice_stops(alone: Box) -> None:
    alone.press(NEXT, then_s=DOUBLE_S / 2)
    alone.press(NEXT)
    assert alone.board.take_commands() == ["next", "stop"]


def test_two_presses_that_are_apart_are_two_presses(alone: Box) -> None:
    alone.press(NEXT, then_s=DOUBLE_S + 0.1)
    alone.press(NEXT)
    assert alone.board.take_commands() == ["next", "next"]


def test_with_a_stop_button_two_quick_presses_of_next_stay_next(both: Box) -> None:
    both.press(NEXT, then_s=DOUBLE_S / 2)
    both.press(NEXT)
    assert both.board.take_commands() == ["next", "next"]


def test_holding_stop_shuts_down_and_holding_next_does_not(both: Box) -> None:
    both.factory.pin(STOP).drive_low()
    until(lambda: both.shut_down == 1)
    both.factory.pin(STOP).drive_high()
    both.factory.pin(NEXT).drive_low()
    until(lambda: both.buttons._taken is not None)
    both.factory.pin(NEXT).drive_high()
    assert both.shut_down == 1


def test_the_only_button_held_shuts_down(alone: Box) -> None:
    alone.factory.pin(NEXT).drive_low()
    until(lambda: alone.shut_down == 1)
    alone.factory.pin(NEXT).drive_high()


def test_a_short_press_does_not_shut_down(factory: Any) -> None:
    box = Box(factory, ButtonsSettings(NEXT, STOP, hold_s=30.0))
    box.press(STOP)
    box.buttons.close()
    assert box.shut_down == 0


def test_closed_buttons_do_nothing_and_their_pins_are_free(both: Box) -> None:
    both.buttons.close()
    both.buttons.close()
    LED(NEXT, pin_factory=both.factory).close()
    assert both.board.take_commands() == []


def test_a_pin_that_is_in_use_is_refused_and_the_others_are_let_go(factory: Any) -> None:
    other = LED(STOP, pin_factory=factory)
    with pytest.raises(LightsError, match=r"button on pin 6 cannot be read: .*in use.*\[buttons\]"):
        Box(factory, ButtonsSettings(NEXT, STOP))
    other.close()
    Box(factory, ButtonsSettings(NEXT, STOP)).buttons.close()


# -- shutting down -------------------------------------------------------------------------------------------------


class Shell:
    def __init__(self, wrong: str | None = None) -> None:
        self.ran: list[list[str]] = []
        self.wrong = wrong

    def __call__(self, command: Sequence[str]) -> str | None:
        self.ran.append(list(command))
        return self.wrong


def test_without_a_command_a_held_button_does_nothing() -> None:
    shell = Shell()
    power = PowerSwitch(None, shell)
    power.ask()
    assert not power.turn(0.0)
    assert not power.leaving
    assert not power.is_wired


def test_it_is_shown_first_and_done_a_moment_later_once() -> None:
    shell = Shell()
    power = PowerSwitch("systemctl poweroff", shell)
    assert not power.turn(0.0)
    power.ask()
    assert power.turn(1.0)
    assert power.leaving
    assert not power.turn(1.0 + TELL_S / 2)
    assert shell.ran == []
    for later in range(5):
        power.turn(1.0 + TELL_S + later)
    until(lambda: shell.ran)
    assert shell.ran == [["systemctl", "poweroff"]]
    assert power.leaving, "until systemd ends the process"


def test_a_command_that_fails_is_a_problem_and_can_be_tried_again() -> None:
    shell = Shell("Interactive authentication required")
    power = PowerSwitch("systemctl poweroff", shell)
    for start in (0.0, 100.0):
        power.ask()
        assert power.turn(start)
        power.turn(start + TELL_S)
        until(lambda: not power.leaving)
        assert power.problem is not None
        assert "Interactive authentication required" in power.problem
    assert len(shell.ran) == 2


def test_what_a_command_says_is_what_went_wrong() -> None:
    assert carried_out(["true"]) is None
    assert carried_out(["false"]) == "exit code 1"
    assert carried_out(["bash", "-c", "echo one >&2; echo two >&2; exit 4"]) == "two"
    assert carried_out(["/no/such/command"]) == "No such file or directory: /no/such/command"


def test_lights_page_and_buzzer_tell_before_the_machine_goes() -> None:
    shell, sounds = Shell(), Sounds()
    power = PowerSwitch("halt", shell)
    station = Station(power=power, buzzer=sounds)
    frames = timed(empty(1.0))
    station.engine.step(frames[0])
    power.ask()
    for number, frame in enumerate(frames[1:], 1):
        station.now_s = number / 30
        station.engine.step(frame)
    view = station.board.view
    assert view.instruction == "Shutting down"
    assert view.lit.pattern == "goodbye"
    assert sounds.played == ["goodbye"]
    assert shell.ran == []
    station.now_s = 1 + 2 * TELL_S
    station.engine.step(frames[-1])
    until(lambda: shell.ran)


def test_a_shutdown_that_failed_is_on_the_page() -> None:
    power = PowerSwitch("halt", Shell("no"))
    station = Station(power=power)
    (frame,) = timed(empty(1 / 30))
    power.ask()
    station.engine.step(frame)
    station.now_s = TELL_S
    station.engine.step(frame)
    until(lambda: not power.leaving)
    station.engine.step(frame)
    assert any("could not be shut down (no)" in problem for problem in station.board.view.problems)
    assert station.board.view.instruction != "Shutting down"


def test_it_shuts_down_without_a_camera_too() -> None:
    shell = Shell()
    power = PowerSwitch("halt", shell)
    station = Station(power=power)
    power.ask()
    engine = station.over(["no camera"])
    engine.run()
    assert station.board.view.instruction == "Shutting down"
    assert station.lights.shown == ["goodbye"]
    station.now_s = TELL_S
    engine.wait()
    until(lambda: shell.ran)


class Sounds:
    def __init__(self) -> None:
        self.played: list[str] = []

    def sound(self, name: str) -> None:
        self.played.append(name)

    def close(self) -> None:
        return
