"""Every command, setting, path and quoted sentence of the owner's guide is that of the program."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hardware.placement import NEAREST_M, PLANK, lenses, place
from kiosk.cli import make_parser
from kiosk.config import load_settings
from kiosk.settings import RULES, SECTIONS
from tests.commands import ROOT
from tests.documents.reference import commands as parsers
from tests.owner.guide import (
    GUIDE,
    PAGES,
    all_commands,
    blocks,
    commands,
    inline,
    is_said,
    kiosk_words,
    quotes,
    text_of,
)
from tests.owner.tried import BY_HAND, IN_THE_MACHINE

SYSTEMD = ROOT / "systemd"
INSTALL = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SYSTEMD.glob("*.sh")))
#: Of the system, or of the owner's own computer: nothing of ours.
SYSTEM_PATHS = ("/mnt", "/tmp", "/media", "/dev/sda1", "/status", "/trainer")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def test_the_guide_has_a_page_for_each_step_and_one_that_leads() -> None:
    steps = {"buy", "build", "install", "place", "first-start", "privacy-notice", "care", "troubleshooting"}
    assert {page.stem for page in PAGES} == steps | {"README"}
    leads = (GUIDE / "README.md").read_text(encoding="utf-8")
    assert [step for step in steps if f"]({step}.md)" not in leads] == []
    assert "](docs/owner/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [one for one in all_commands() if kiosk_words(one) is not None])
def test_a_command_is_one_that_the_kiosk_takes(command: str) -> None:
    words = kiosk_words(command)
    assert words is not None
    if words == ["--help"]:
        return
    make_parser().parse_args(words)


def test_commands_that_the_kiosk_does_not_take_would_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("sudo kiosk doctor --loud", "sudo kiosk lamps test", "ssh NAME@kiosk.local sudo kiosk mirror"):
        words = kiosk_words(command)
        assert words
        with pytest.raises(SystemExit):
            make_parser().parse_args(words)
    assert "invalid choice: 'mirror'" in capsys.readouterr().err


@each_page
def test_an_option_that_stands_alone_is_one_of_some_command(page: Path) -> None:
    known = {word for parser in parsers(make_parser()) for action in parser._actions for word in action.option_strings}
    told = [one.split()[0] for one in inline(page) if one.startswith("--")]
    assert [option for option in told if option not in known] == []


@each_page
def test_every_unit_that_is_named_is_one_of_ours(page: Path) -> None:
    units = []
    for command in commands(page):
        found = re.search(r"(?:systemctl (?!poweroff)\w+|journalctl -u) (\S+)", command)
        if found:
            units.append(found[1])
    assert [unit for unit in units if not (SYSTEMD / f"{unit}.service").is_file()] == []


@each_page
def test_every_option_of_the_installation_is_one_that_it_takes(page: Path) -> None:
    taken = set(re.findall(r"^ {12}(--[\w-]+)", INSTALL, re.MULTILINE))
    assert {"--uninstall", "--bundle"} <= taken
    told = [word for one in commands(page) if "install.sh" in one for word in one.split() if word.startswith("--")]
    assert [option for option in told if option not in taken] == []


@each_page
def test_every_package_that_is_named_is_one_that_the_installation_knows(page: Path) -> None:
    wanted = [one.split()[-1] for one in commands(page) if one.startswith("sudo apt install")]
    assert [name for name in wanted if f"[{name}]=" not in INSTALL and name != "git"] == []


@each_page
def test_every_setting_that_is_named_is_there(page: Path) -> None:
    named = {one for one in inline(page) if re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", one) and one.split(".")[0] in SECTIONS}
    named |= {one.split(" = ")[0] for one in inline(page) if re.fullmatch(r"web\.\w+ = .*", one)}
    assert sorted(named - set(RULES)) == []


@each_page
def test_every_piece_of_configuration_is_taken(page: Path, tmp_path: Path) -> None:
    pieces = [body for language, body in blocks(page) if language == "toml"]
    for piece in pieces:
        tomllib.loads(piece)
        file = tmp_path / "kiosk.toml"
        file.write_text(piece, encoding="utf-8")
        assert load_settings(file, {"KIOSK_STATE_DIR": str(tmp_path)}).came_from == file


def test_the_clock_line_of_the_troubleshooting_is_a_setting(tmp_path: Path) -> None:
    assert "`trust_clock = true` below `[history]`" in text_of(GUIDE / "troubleshooting.md")
    file = tmp_path / "kiosk.toml"
    file.write_text("[history]\ntrust_clock = true\n", encoding="utf-8")
    assert load_settings(file, {"KIOSK_STATE_DIR": str(tmp_path)}).history.trust_clock


@each_page
def test_every_variable_of_the_screen_is_one_that_it_reads(page: Path) -> None:
    read = (SYSTEMD / "screen.env").read_text(encoding="utf-8")
    told = [one.split("=")[0] for one in inline(page) if re.match(r"KIOSK_|LANGUAGE=", one)]
    assert [name for name in told if f"{name}=" not in read] == []


@each_page
def test_every_path_is_one_that_the_installation_or_the_kiosk_makes(page: Path) -> None:
    made = (
        INSTALL.replace("$PROGRAM", "/opt/kiosk").replace("$CONFIG", "/etc/kiosk").replace("$STATE", "/var/lib/kiosk")
    )
    made += (SYSTEMD / "kiosk.tmpfiles").read_text(encoding="utf-8")
    made += "/var/lib/kiosk/secret.key" if '"secret.key"' in (ROOT / "kiosk/web/secret.py").read_text() else ""
    words = [word for one in [*commands(page), *inline(page)] for word in one.split()]
    paths = {word.strip('"').removesuffix("/FILE").rstrip("/") for word in words if re.match(r"/[a-z]", word)}
    ours = {path for path in paths if not path.startswith(SYSTEM_PATHS)}
    assert [path for path in sorted(ours) if path not in made] == []


@each_page
def test_every_page_of_the_kiosk_that_is_named_is_served(page: Path) -> None:
    served = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "kiosk/web").rglob("*.py"))
    for address in re.findall(r"`http://[\w.]+:8080(/\w+)`", text_of(page)):
        assert f'"{address}"' in served, address


@pytest.mark.parametrize(
    ("page", "quote"), [(page.name, quote) for page in PAGES for quote in quotes(page) if quote != "quotation marks"]
)
def test_the_quoted_words_are_those_of_the_kiosk(page: str, quote: str) -> None:
    assert is_said(quote), f"{page} quotes what nothing says"


def test_words_that_nothing_says_would_be_seen() -> None:
    assert not is_said("The camera is on holiday")
    assert not is_said("… is missing: order it.")
    assert is_said("… is missing: plug it in.")


SYMPTOMS = (
    "screen is black", "camera is away", "Too dark", "LEDs are dark", "counted wrong", "One person at a time",
    "Phones do not reach", "No sound", "slow", "Too hot", "Results are missing", "clock is wrong", "disk is full",
    "update failed", "plugin was left out", "password is forgotten", "lost the code",
)  # fmt: skip


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_each_symptom_has_a_section_that_says_what_to_do(symptom: str) -> None:
    sections = re.split(r"^## ", text_of(GUIDE / "troubleshooting.md"), flags=re.MULTILINE)[1:]
    (section,) = [one for one in sections if symptom in one.splitlines()[0]]
    assert len(section.split()) > 25


def test_what_hurts_a_running_kiosk_is_said_with_what_to_do_about_it() -> None:
    from kiosk.station import alarms

    page = " ".join(text_of(GUIDE / "troubleshooting.md").split())
    sentences = [alarms.READ_ONLY, alarms.FULL, alarms.HOT, alarms.WEAK, alarms.SLOWED]
    assert [one for one in sentences if f"“{one}”" not in page] == []


def test_the_room_that_each_lens_needs_is_computed_from_its_angles() -> None:
    page = text_of(GUIDE / "buy.md")
    rows = re.findall(r"^\| ([\d.]+) m or more \| (.+?) \| ([\d.]+) m \|$", page, re.MULTILINE)
    assert len(rows) == 4
    for depth, name, distance in rows:
        known = name.split(" (")[0].replace("webcam", "Webcam")
        (lens,) = [one for one in lenses().values() if re.split(r", whole| \(", one.name)[0] == known]
        assert float(distance) == pytest.approx(place(lens, 2.0).distance_m)
        assert float(depth) == pytest.approx(float(distance) + 1.2, abs=0.051)
    assert float(rows[0][2]) == NEAREST_M
    # Behind the marks there is room for half a plank of the tallest.
    assert PLANK * 2.0 / 2 <= 1.2


def test_the_pins_of_the_guide_are_those_of_the_pin_table() -> None:
    lines = tomllib.loads((ROOT / "hardware" / "pins.toml").read_text(encoding="utf-8"))["lines"]
    wired = {line["setting"]: line["gpio"] for line in lines.values()}
    (piece, _) = [body for language, body in blocks(GUIDE / "build.md") if language == "toml"]
    for section, values in tomllib.loads(piece).items():
        for name, value in values.items():
            if name != "shutdown":
                assert wired[f"{section}.{name}"] == value


def test_every_command_was_tried_in_the_machine_or_says_why_not() -> None:
    told = set(all_commands())
    assert sorted(told - set(IN_THE_MACHINE) - set(BY_HAND)) == []
    assert sorted((set(IN_THE_MACHINE) | set(BY_HAND)) - told) == []
    assert all(BY_HAND.values())
