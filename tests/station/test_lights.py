import itertools
import math
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gpiozero import LED, Device
from gpiozero.exc import BadPinFactory, PinFactoryFallback
from gpiozero.pins.mock import MockFactory, MockPin, MockPWMPin

from kiosk.errors import LightsError
from kiosk.settings import LightsSettings
from kiosk.station import display, gpio
from kiosk.station.gpio import GpioLights
from kiosk.station.lights import PATTERNS, Lights, NoLights, make_lights
from kiosk.station.live import Lit

ALL_WIRED = LightsSettings(kind="mock", red=17, green=27, blue=22, ready_pin=5, busy_pin=6, trouble_pin=13)
RGB = (17, 27, 22)
SINGLE = {"ready": 5, "busy": 6, "trouble": 13}

#: What a steady pattern puts on the red, green and blue pin.
STEADY = {
    "off": (0, 0, 0),
    "framing": (0, 0, 1),
    "scan": (0, 0, 0.25),
    "clean": (0, 1, 0),
    "unsure": (1, 0.45, 0),
    "sign": (1, 0, 0),
    "result": (1, 1, 1),
    "starting": (0.2, 0.2, 0.2),
    "goodbye": (1, 0, 1),
}
#: Which single LED is lit.
LED_OF = {
    "off": None, "idle": "ready", "framing": "busy", "ready": "busy", "scan": "busy", "clean": "busy",
    "unsure": "busy", "sign": "busy", "result": "busy", "attention": "ready", "trouble": "trouble",
    "starting": "busy", "goodbye": "busy",
}  # fmt: skip


@pytest.fixture
def factory() -> Iterator[Any]:
    made = MockFactory(pin_class=MockPWMPin)
    yield made
    made.close()


@pytest.fixture
def lights(factory: Any) -> Iterator[GpioLights]:
    made = GpioLights(ALL_WIRED, factory)
    yield made
    made.close()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same patterns, at a pace that a test can wait for; how long they really take is tested on the table."""
    quick = {name: replace(pattern, step_s=pattern.step_s and 0.002) for name, pattern in PATTERNS.items()}
    monkeypatch.setattr(gpio, "PATTERNS", quick)


def levels(factory: Any, pin: int) -> list[float]:
    """What a pin went through, oldest first: every change of it."""
    return [round(float(state.state), 3) for state in list(factory.pin(pin).states)]


def forget(factory: Any) -> None:
    """Let the pins remember from here on."""
    for pin in factory.pins.values():
        pin.clear_states()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in 30 s"
        time.sleep(0.001)


def shown(factory: Any, pins: tuple[int, ...] = RGB) -> tuple[float, ...]:
    return tuple(float(factory.pin(pin).state) for pin in pins)


# --- what shines ----------------------------------------------------------------------------------------------


def test_every_pattern_is_tried_here_and_every_state_has_one() -> None:
    assert {*STEADY, "idle", "ready", "attention", "trouble"} == set(PATTERNS) == set(LED_OF)
    assert set(display.PATTERNS.values()) <= set(PATTERNS)


def test_all_is_dark_at_first(lights: GpioLights, factory: Any) -> None:
    assert shown(factory, (*RGB, *SINGLE.values())) == (0.0,) * 6
    assert lights.lit == Lit("off", (0, 0, 0), (("ready", False), ("busy", False), ("trouble", False)))


@pytest.mark.parametrize("pattern", STEADY)
def test_a_steady_pattern_is_one_change_of_the_pins_at_most(lights: GpioLights, factory: Any, pattern: str) -> None:
    lights.show(pattern)
    for pin, level in zip(RGB, STEADY[pattern], strict=True):
        assert levels(factory, pin) == ([0.0, level] if level else [0.0])


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_pattern_has_its_single_led(lights: GpioLights, factory: Any, pattern: str) -> None:
    lights.show(pattern)
    for name, pin in SINGLE.items():
        assert levels(factory, pin) == ([0.0, 1.0] if name == LED_OF[pattern] else [0.0])
    assert dict(lights.lit.leds) == {name: name == LED_OF[pattern] for name in SINGLE}


@pytest.mark.usefixtures("fast")
def test_idle_breathes_white_and_is_never_quite_dark(lights: GpioLights, factory: Any) -> None:
    lights.show("idle")
    wait_for(lambda: all(len(levels(factory, pin)) > 250 for pin in RGB))
    lights.show("off")
    red, green, blue = (levels(factory, pin)[1:250] for pin in RGB)
    assert red == green == blue
    assert min(red) == red[0] == pytest.approx(0.08)
    assert max(red) == red[50] == pytest.approx(1.0)
    assert red[:51] == sorted(red[:51])
    assert red[50:101] == sorted(red[50:101], reverse=True)
    assert red[:100] == red[100:200]
    steps = [abs(b - a) for a, b in itertools.pairwise(red)]
    assert max(steps) < 0.04, "a step that an eye would see"


@pytest.mark.usefixtures("fast")
def test_ready_blinks_blue(lights: GpioLights, factory: Any) -> None:
    lights.show("ready")
    wait_for(lambda: len(levels(factory, 22)) > 8)
    lights.show("off")
    assert levels(factory, 22)[:8] == [0, 1, 0, 1, 0, 1, 0, 1]
    assert levels(factory, 17) == levels(factory, 27) == [0]


@pytest.mark.usefixtures("fast")
def test_trouble_flashes_red_alone(lights: GpioLights, factory: Any) -> None:
    lights.show("trouble")
    wait_for(lambda: len(levels(factory, 17)) > 8)
    lights.show("off")
    assert levels(factory, 17)[:8] == [0, 1, 0, 1, 0, 1, 0, 1]
    assert levels(factory, 27) == levels(factory, 22) == [0]


def test_trouble_is_two_flashes_and_a_pause_on_the_pin(lights: GpioLights, factory: Any) -> None:
    forget(factory)
    lights.show("trouble")
    wait_for(lambda: len(factory.pin(17).states) > 6)
    # How long each state lasted is written on the one after it. A loaded machine only makes them longer.
    waits = [state.timestamp for state in list(factory.pin(17).states)][2:6]
    assert all(wait >= at_least - 0.02 for wait, at_least in zip(waits, [0.15, 0.15, 0.15, 0.75], strict=True))


@pytest.mark.parametrize(("pattern", "period_s"), [("idle", 4.0), ("ready", 1.0), ("trouble", 1.2)])
def test_a_moving_pattern_has_the_rhythm_that_the_pages_draw(pattern: str, period_s: float) -> None:
    what = PATTERNS[pattern]
    assert not what.steady
    assert math.isclose(len(what.levels) * what.step_s, period_s)
    css = (Path(gpio.__file__).parents[1] / "web" / "static" / "live.css").read_text("utf-8")
    line = next(line for line in css.splitlines() if f'data-pattern="{pattern}"] {{ animation' in line)
    assert f" {period_s:g}s " in line


def test_no_two_patterns_look_alike() -> None:
    looks = [(what.colour, what.levels) for what in PATTERNS.values()]
    assert len(set(looks)) == len(PATTERNS)


# --- from one pattern to the next ----------------------------------------------------------------------------


@pytest.mark.usefixtures("fast")
def test_a_story_is_told_pattern_after_pattern(lights: GpioLights, factory: Any) -> None:
    for pattern in ("framing", "scan", "clean", "scan", "sign", "scan", "unsure", "result", "off"):
        lights.show(pattern)
    assert levels(factory, 17) == [0, 1, 0, 1, 0]
    assert levels(factory, 27) == [0, 1, 0, 0.45, 1, 0]
    assert levels(factory, 22) == [0, 1, 0.25, 0, 0.25, 0, 0.25, 0, 1, 0]
    assert levels(factory, 6) == [0, 1, 0]


@pytest.mark.parametrize("pattern", ["idle", "ready", "trouble"])
@pytest.mark.usefixtures("fast")
def test_nothing_of_a_moving_pattern_goes_on_under_the_next(lights: GpioLights, factory: Any, pattern: str) -> None:
    lights.show(pattern)
    wait_for(lambda: max(len(levels(factory, pin)) for pin in RGB) > 4)
    lights.show("clean")
    forget(factory)
    other = GpioLights(LightsSettings(red=2, green=3, blue=4), factory)
    other.show(pattern)
    # The other LED's thread has had its turns; ours, if it were alive, would have had as many.
    wait_for(lambda: max(len(levels(factory, pin)) for pin in (2, 3, 4)) > 20)
    other.close()
    assert [levels(factory, pin) for pin in RGB] == [[0], [1], [0]]


def test_the_pattern_that_is_shown_does_not_start_again(lights: GpioLights, factory: Any) -> None:
    lights.show("ready")
    wait_for(lambda: shown(factory) == (0, 0, 1))
    forget(factory)
    for _ in range(200):
        lights.show("ready")
    # Starting again would have switched the LED on each time; its own rhythm changes it once in 0.5 s.
    assert len(levels(factory, 22)) < 50
    assert levels(factory, 6) == [1]


def test_what_the_page_shows_is_what_is_lit(lights: GpioLights) -> None:
    lights.show("trouble")
    assert lights.lit == Lit("trouble", (1, 0, 0), (("ready", False), ("busy", False), ("trouble", True)))
    lights.show("scan")
    assert lights.lit == Lit("scan", (0, 0, 0.25), (("ready", False), ("busy", True), ("trouble", False)))


def test_an_unknown_pattern_is_a_mistake_of_the_caller_and_changes_nothing(lights: GpioLights, factory: Any) -> None:
    lights.show("clean")
    with pytest.raises(KeyError, match="disco"):
        lights.show("disco")
    assert lights.lit.pattern == "clean"
    assert shown(factory) == (0, 1, 0)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.usefixtures("fast")
def test_all_is_dark_and_free_after_closing(factory: Any, pattern: str) -> None:
    lights = GpioLights(ALL_WIRED, factory)
    lights.show(pattern)
    lights.close()
    lights.close()
    pins = (*RGB, *SINGLE.values())
    assert shown(factory, pins) == (0.0,) * 6
    assert [factory.pin(pin).function for pin in pins] == ["input"] * 6
    assert lights.lit.pattern == "off"
    GpioLights(ALL_WIRED, factory).close()


def test_a_common_anode_is_lit_by_a_low_pin(factory: Any) -> None:
    lights = GpioLights(replace(ALL_WIRED, active_high=False), factory)
    assert shown(factory, (*RGB, *SINGLE.values())) == (1.0,) * 6
    lights.show("sign")
    assert shown(factory) == (0, 1, 1)
    assert shown(factory, tuple(SINGLE.values())) == (1, 0, 1)
    lights.close()


def test_leds_that_are_not_wired_touch_no_pin(factory: Any) -> None:
    lights = GpioLights(LightsSettings(trouble_pin=13), factory)
    assert {info.name for info in factory.pins} == {"GPIO17", "GPIO27", "GPIO22", "GPIO13"}
    lights.show("scan")
    assert lights.lit.leds == (("trouble", False),)
    lights.close()


@pytest.mark.usefixtures("fast")
def test_a_mock_pin_that_breathes_for_days_does_not_fill_the_memory(
    factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpio, "_REMEMBERED", 10)
    lights = GpioLights(ALL_WIRED, factory)
    first = factory.pin(17).states[0]
    lights.show("idle")
    wait_for(lambda: first not in list(factory.pin(17).states))
    assert all(len(pin.states) <= 10 for pin in factory.pins.values())
    lights.close()


# --- which lights are made --------------------------------------------------------------------------------------


@pytest.fixture
def no_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without GPIO, whatever this one has."""

    def nothing() -> None:
        import warnings

        warnings.warn(PinFactoryFallback("Falling back from lgpio: no Raspberry Pi"), stacklevel=1)
        raise BadPinFactory("Unable to load any default pin factory!")

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setattr(Device, "_default_pin_factory", staticmethod(nothing))


@pytest.mark.usefixtures("no_pins")
def test_without_gpio_the_message_says_what_is_missing_and_what_to_do() -> None:
    with pytest.raises(LightsError, match=r"cannot be reached \(lgpio: no Raspberry Pi\)") as caught:
        make_lights(LightsSettings())
    assert "python3-lgpio" in str(caught.value)
    assert "lights.kind to 'none'" in str(caught.value)


def test_a_pin_library_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "abacus")
    with pytest.raises(LightsError, match="abacus"):
        make_lights(LightsSettings())


def test_an_error_of_lgpio_is_told_in_its_words(factory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class error(Exception):
        """lgpio's own, which knows no family and prints its text in quotes."""

    lgpio = types.ModuleType("lgpio")
    lgpio.error = error  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "lgpio", lgpio)

    def busy(self: object, value: str) -> None:
        if value == "output":
            raise error("'GPIO busy'")

    monkeypatch.setattr(MockPWMPin, "_set_function", busy)
    with pytest.raises(LightsError, match="cannot be driven: GPIO busy"):
        GpioLights(ALL_WIRED, factory)


@pytest.mark.usefixtures("no_pins")
def test_mock_lights_are_real_gpiozero_leds_on_pins_in_memory() -> None:
    lights = make_lights(LightsSettings(kind="mock"))
    assert isinstance(lights, GpioLights)
    assert lights.name == "GPIO pins through MockFactory"
    lights.show("sign")
    assert lights.lit == Lit("sign", (1, 0, 0))
    lights.close()
    assert Device.pin_factory is None, "others keep the real pins"


@pytest.fixture
def chips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A folder of devices whose labels the kernel would tell."""

    def make(**labels: str) -> Path:
        for name in labels:
            (tmp_path / name).touch()

        def told(device: Any, request: int, into: bytes) -> bytes:
            assert (request, len(into)) == (0x8044B401, 68)
            label = labels[Path(device.name).name]
            if not label:
                raise OSError(25, "Inappropriate ioctl for device")
            return b"gpiochip0".ljust(32, b"\0") + label.encode().ljust(32, b"\0") + bytes(4)

        monkeypatch.setattr(gpio.fcntl, "ioctl", told)
        return tmp_path

    return make


@pytest.mark.parametrize("label", ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"])
def test_the_chip_of_the_header_is_found_by_its_label_whatever_its_number(
    chips: Callable[..., Path], label: str
) -> None:
    devices = chips(gpiochip0="pl061", gpiochip4=label, gpiochip11="gpio-brcmstb")
    assert gpio.chip_label(devices / "gpiochip4") == label
    assert gpio.header_chip(devices) == 4


def test_a_machine_without_such_a_chip_has_none(chips: Callable[..., Path], tmp_path: Path) -> None:
    assert gpio.header_chip(tmp_path / "nowhere") is None
    devices = chips(gpiochip0="pl061", gpiochip1="", gpiochipx="pinctrl-rp1")
    assert gpio.header_chip(devices) is None
    assert gpio.chip_label(devices / "missing") is None


@pytest.mark.usefixtures("no_pins")
def test_lgpio_is_given_the_chip_that_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []

    class LGPIOFactory(MockFactory):
        """What lgpio's factory is to us: it opens the chip that it is told."""

        def __init__(self, chip: int) -> None:
            super().__init__(pin_class=MockPWMPin)
            opened.append(chip)
            self.chip = chip

    library = types.ModuleType("gpiozero.pins.lgpio")
    library.LGPIOFactory = LGPIOFactory  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "gpiozero.pins.lgpio", library)
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    monkeypatch.setattr(gpio, "header_chip", lambda: 11)
    lights = make_lights(LightsSettings())
    assert lights.name == "GPIO pins through LGPIOFactory, chip 11"
    lights.close()
    make_lights(LightsSettings()).close()
    assert opened == [11], "one factory serves LEDs, buttons and buzzer"


@pytest.mark.usefixtures("no_pins")
def test_a_library_that_the_environment_names_goes_before_the_label(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpio, "header_chip", lambda: 11)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "abacus")
    with pytest.raises(LightsError, match="cannot be reached"):
        make_lights(LightsSettings())


@pytest.mark.usefixtures("no_pins")
def test_a_pi_without_lgpio_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpio, "header_chip", lambda: 0)
    monkeypatch.setitem(sys.modules, "gpiozero.pins.lgpio", None)
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    with pytest.raises(LightsError, match="python3-lgpio"):
        make_lights(LightsSettings())


@pytest.mark.usefixtures("no_pins")
def test_without_lights_nothing_shines_and_nothing_fails() -> None:
    lights = make_lights(LightsSettings(kind="none"))
    assert isinstance(lights, NoLights)
    lights.show("sign")
    assert lights.lit == Lit("off", (0, 0, 0), ())
    lights.close()
    assert lights.name == "none"


def test_real_lights_use_the_pins_that_gpiozero_found(factory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", factory)
    lights: Lights = make_lights(replace(ALL_WIRED, kind="gpio"))
    lights.show("clean")
    assert shown(factory) == (0, 1, 0)
    lights.close()


@pytest.mark.parametrize("changes", [{"green": 17}, {"busy_pin": 22}, {"trouble_pin": 5}])
def test_a_pin_that_is_wired_twice_is_refused_and_the_others_are_let_go(factory: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(LightsError, match=r"pin GPIO\d+ is already in use"):
        GpioLights(replace(ALL_WIRED, **changes), factory)
    GpioLights(ALL_WIRED, factory).close()


def test_a_pin_that_something_else_uses_is_refused(factory: Any) -> None:
    other = LED(13, pin_factory=factory)
    with pytest.raises(LightsError, match=r"pin GPIO13 is already in use .*whether another program holds them"):
        GpioLights(ALL_WIRED, factory)
    other.close()
    GpioLights(ALL_WIRED, factory).close()


def test_pins_that_only_switch_are_refused() -> None:
    with pytest.raises(LightsError, match="cannot be dimmed through MockFactory, which only switches"):
        GpioLights(ALL_WIRED, MockFactory(pin_class=MockPin))


def test_looking_at_the_patterns_does_not_bring_in_gpiozero() -> None:
    code = (
        "import sys; from kiosk.settings import LightsSettings; from kiosk.station.lights import make_lights;"
        "make_lights(LightsSettings(kind='none')); print('gpiozero' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
