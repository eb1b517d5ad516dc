"""The pin table holds for the Pi, for the kiosk's defaults and for the pages; a wrong one is refused."""

from __future__ import annotations

import re
from dataclasses import MISSING
from pathlib import Path

import pytest
from gpiozero.pins.pi import PiBoardInfo

from hardware.pins import E12, HEADER, TABLE, PinTableError, bands, ohm_text, pin_table, resistor_for
from kiosk.config import load_settings
from kiosk.settings import RULES, default_of
from tests.commands import ROOT

LINES = pin_table().lines
#: Where somebody looks the pins up.
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("revision", [0xC03114, 0xC04170], ids=["Pi 4", "Pi 5"])
def test_the_header_is_the_one_of_the_board(revision: int) -> None:
    header = PiBoardInfo.from_revision(revision).headers["J8"]
    for number, ours in enumerate(HEADER, 1):
        assert header.pins[number].name == (f"GPIO{ours}" if isinstance(ours, int) else ours)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_the_kiosk_has_the_setting_and_its_default_is_the_table_s(line) -> None:
    assert line.setting in RULES, f"pins.toml names the setting {line.setting}, which the kiosk does not have"
    assert default_of(line.setting) is not MISSING
    assert default_of(line.setting) == (line.gpio if line.default else None)
    assert RULES[line.setting].read(line.gpio) == line.gpio


def test_every_pin_that_can_be_set_is_in_the_table() -> None:
    pins = {key for key in RULES if key.endswith("pin") or key in ("lights.red", "lights.green", "lights.blue")}
    assert pins == {line.setting for line in LINES}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_the_configuration_s_page_and_the_guide_name_the_same_pins(line) -> None:
    row = re.search(
        rf"^\| {re.escape(line.what)} \| (\d+) \| (\d+) \| `{line.setting}` \|", CONFIGURATION, re.MULTILINE
    )
    assert row and (int(row[1]), int(row[2])) == (line.gpio, line.header)
    if not line.default:
        section, _, key = line.setting.rpartition(".")
        guide = (ROOT / "hardware" / "assembly.md").read_text(encoding="utf-8")
        assert re.search(rf"\[{section}\][^\[`]*\b{key} = {line.gpio}\b", guide), "the guide's kiosk.toml differs"


def test_the_kiosk_takes_the_settings_of_the_guide(tmp_path: Path) -> None:
    (block,) = re.findall(
        r"```toml\n(.*?)```", (ROOT / "hardware" / "assembly.md").read_text(encoding="utf-8"), re.DOTALL
    )
    path = tmp_path / "kiosk.toml"
    path.write_text(block, encoding="utf-8")
    settings = load_settings(path, {"HOME": str(tmp_path)})
    for line in LINES:
        section, _, key = line.setting.rpartition(".")
        assert getattr(getattr(settings, section), key) == line.gpio


@pytest.mark.parametrize("line", [line for line in LINES if line.kind == "led"], ids=lambda line: line.name)
def test_a_resistor_keeps_its_led_at_the_wanted_current_and_no_smaller_one_would(line) -> None:
    text = TABLE.read_text(encoding="utf-8").partition(f"[lines.{line.name}]")[2].partition("[")[0]
    vf_v, target_ma = (float(re.search(rf"^{key} = ([\d.]+)", text, re.MULTILINE)[1]) for key in ("vf_v", "target_ma"))
    assert (3.3 - vf_v) / line.ohm * 1000 == pytest.approx(line.usual_ma)
    assert line.usual_ma <= target_ma + 1e-9
    smaller = max(value * 10.0**power for power in range(7) for value in E12 if value * 10.0**power < line.ohm - 0.01)
    assert (3.3 - vf_v) / smaller * 1000 > target_ma


def test_no_pin_and_not_all_of_them_give_more_than_they_may() -> None:
    # 16 mA a pin and 50 mA in all are the Raspberry Pi's limits, whatever the table says.
    assert max(line.most_ma for line in LINES) <= 16
    assert sum(line.most_ma for line in LINES) <= 50
    assert all(line.most_ma >= line.usual_ma for line in LINES)


def test_the_transistor_is_driven_hard_enough_for_the_buzzer() -> None:
    (buzzer,) = pin_table().of_kind("buzzer")
    assert buzzer.usual_ma * 100 / buzzer.load_ma >= 3
    assert buzzer.load_ma > 16, "such a buzzer needs no transistor"


@pytest.mark.parametrize(
    ("drop_v", "target_ma", "ohm"),
    [(1.3, 4.0, 330), (1.3, 5.0, 270), (0.5, 5.0, 100), (2.6, 1.0, 2700), (3.3, 1.0, 3300)],
)
def test_resistors_come_from_the_shop(drop_v: float, target_ma: float, ohm: float) -> None:
    assert resistor_for(drop_v, target_ma) == ohm


@pytest.mark.parametrize(
    ("ohm", "words", "rings"),
    [
        (330, "330 Ω", "orange, orange, brown, gold"),
        (100, "100 Ω", "brown, black, brown, gold"),
        (2700, "2.7 kΩ", "red, violet, red, gold"),
        (47, "47 Ω", "yellow, violet, black, gold"),
        (100000, "100 kΩ", "brown, black, yellow, gold"),
    ],
)
def test_a_value_is_told_in_words_and_rings(ohm: float, words: str, rings: str) -> None:
    assert (ohm_text(ohm), bands(ohm)) == (words, rings)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gpio = 23\nheader = 16", "gpio = 23\nheader = 18", "ready: pin 18 of the header is 24, not 23"),
        ("gpio = 23\nheader = 16", "gpio = 17\nheader = 11", "GPIO17 is used twice"),
        ("gpio = 23\nheader = 16", "gpio = 18\nheader = 12", "GPIO18 is kept for sound"),
        ("gpio = 5\nheader = 29", "gpio = 16\nheader = 36", "next: GPIO16 is pulled the wrong way"),
        ("gpio = 26\nheader = 37", "gpio = 6\nheader = 31", "buzzer: GPIO6 is pulled the wrong way"),
        ("vf_least_v = 2.5\ntarget_ma = 5", "vf_least_v = 1.0\ntarget_ma = 5", "green: 23.0 mA at one pin"),
        ("all_pins_ma = 50", "all_pins_ma = 30", "mA at all pins together"),
        ("target_ma = 4", "target_ma = 1", "cannot be seen"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "pins.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PinTableError, match=re.escape(said)):
        pin_table(path)
