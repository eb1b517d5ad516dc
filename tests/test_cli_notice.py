"""``kiosk notice``: the settings of a kiosk on the sheet for its wall, on the terminal or in a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.cli.notice import terms
from kiosk.config import load_settings
from kiosk.plugins import Plugins, PluginStatus
from kiosk.plugins.site import site_plugins, tolerant_watch
from tests.commands import ROOT, Kiosk, make_kiosk, process_environ
from tests.owner.guide import GUIDE


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    monkeypatch.setenv("KIOSK_STATE_DIR", str(tmp_path / "state"))
    return make_kiosk(tmp_path, monkeypatch, capsys)


def configured(kiosk: Kiosk, text: str) -> Path:
    file = kiosk.folder / "kiosk.toml"
    file.write_text(f'state_dir = "{kiosk.folder}/state"\n{text}', encoding="utf-8")
    return file


def test_it_prints_the_words_that_follow_from_the_settings(kiosk: Kiosk) -> None:
    file = configured(kiosk, "[history]\nkeep_guest_days = 7\n[web]\nhost = '0.0.0.0'\nshare_hours = 3\n")
    said = kiosk("notice", "--config", file)
    assert (said.code, said.err) == (0, "")
    assert "For 7 days, tied to nobody." in said.out
    assert "for 3 hours" in said.out


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("", "on_network", False),
        ("[web]\nhost = '0.0.0.0'", "on_network", True),
        ("[web]\nhost = '127.0.0.1'", "on_network", False),
        ("[web]\naddress = 'https://scan.mygym.example'", "on_network", True),
        ("[web]\naddress = 'https://scan.mygym.example'", "address", "https://scan.mygym.example"),
        ("[web]\naddress = 'kiosk.local'", "address", None),
        ("[web]\nwatchers = 'skeleton'", "sees_skeleton", True),
        ("[camera]\nshow_picture = true", "shows_picture", True),
        ("history = 'postgresql://db/kiosk'", "elsewhere", True),
        ("history = 'sqlite:////tmp/own.db'", "elsewhere", False),
    ],
)
def test_each_setting_that_members_should_know_is_told(kiosk: Kiosk, text: str, field: str, value: object) -> None:
    settings = load_settings(configured(kiosk, text), {})
    assert getattr(terms(settings, site_plugins(settings, tolerant_watch())), field) == value


def test_only_plugins_that_are_in_use_and_get_measures_are_named(kiosk: Kiosk) -> None:
    found = (
        PluginStatus("mqtt", "gym-mqtt", "1.0", observes=("kiosk_scan_finished",)),
        PluginStatus("csv", "gym-csv", "1.0", observes=("kiosk_rep_finished", "kiosk_light_changed")),
        PluginStatus("lamps", "gym-lamps", "1.0", observes=("kiosk_light_changed",)),
        PluginStatus("old", "gym-old", "1.0", observes=("kiosk_scan_finished",), problem="blocked by the settings"),
    )
    settings = load_settings(configured(kiosk, ""), {})
    assert terms(settings, Plugins({}, found)).handed_to == ("csv", "mqtt")


def test_it_speaks_the_kiosks_language_unless_another_is_asked_for(kiosk: Kiosk) -> None:
    file = configured(kiosk, "[web]\nlanguage = 'de'\n")
    assert kiosk("notice", "--config", file).out.startswith("# Dieser Kiosk sieht sich an")
    assert kiosk("notice", "--config", file, "--lang", "en").out.startswith("# This kiosk looks at")
    assert "There is no translation 'xx'. Known: de, en." in kiosk("notice", "--lang", "xx").complaint


def test_it_writes_a_pdf_with_the_contact(kiosk: Kiosk) -> None:
    place = kiosk.folder / "notice.pdf"
    said = kiosk("notice", "--out", place, "--contact", "Front desk, 555 0100")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert place.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in kiosk.folder.iterdir() if path.suffix in (".pdf", ".part")] == ["notice.pdf"]


def test_a_place_that_cannot_be_written_is_refused(kiosk: Kiosk) -> None:
    assert "cannot be written" in kiosk("notice", "--out", kiosk.folder / "missing" / "notice.pdf").complaint
    assert "it is a folder" in kiosk("notice", "--out", kiosk.folder).complaint


def test_a_pdf_goes_to_a_pipe_and_not_to_a_terminal(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "notice", "--out", "-"],
        cwd=kiosk.folder,
        env=process_environ(kiosk.folder, {"KIOSK_STATE_DIR": str(kiosk.folder)}),
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.startswith(b"%PDF-")
    assert done.stdout.rstrip().endswith(b"%%EOF")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "A PDF is not for a terminal" in kiosk("notice", "--out", "-").err


@pytest.mark.parametrize("code", ["en", "de"])
def test_the_guide_shows_what_a_fresh_installation_says(kiosk: Kiosk, code: str) -> None:
    page = (GUIDE / "privacy-notice.md").read_text(encoding="utf-8")
    (_, _, shown) = page.partition(f"<!-- kiosk notice --lang {code} -->\n````\n")
    own = configured(kiosk, "")
    fresh = (ROOT / "systemd" / "kiosk.toml").read_text(encoding="utf-8")
    own.write_text(fresh.replace("/var/lib/kiosk", str(kiosk.folder / "state")), encoding="utf-8")
    assert shown.partition("````\n")[0] == kiosk("notice", "--config", own, "--lang", code).out
