"""``kiosk doctor`` beside a running kiosk asks it, instead of fighting for the camera; its JSON keeps its schema."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kiosk.cli.doctor import look
from kiosk.errors import WebError
from kiosk.item import Item, doctor_json
from kiosk.running import ask_running
from kiosk.settings import CameraSettings, LightsSettings, ModelSettings, Settings, WebSettings
from tests.commands import CLIPS, Kiosk, make_kiosk
from tests.test_health_items import NOON
from tests.web.browser.stations import station

SCHEMA = Draft202012Validator(json.loads((files("kiosk") / "doctor.schema.json").read_text("utf-8")))
PAGE = Path(__file__).parents[1] / "docs" / "doctor.md"


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def alone(tmp_path: Path) -> Settings:
    """A kiosk that does not run, with a recording for a camera, at a port where nobody is."""
    return Settings(
        state_dir=tmp_path / "state",
        camera=CameraSettings(source=str(CLIPS / "overhead_squat_front.mp4")),
        model=ModelSettings(name="lightning_int8", threads=1, min_fps=1.0),
        lights=LightsSettings(kind="none"),
        web=WebSettings(port=free_port()),
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_running_kiosk_is_asked_and_says_how_it_is(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        running.result()
        port = int(running.url.rstrip("/").rsplit(":", 1)[1])
        settings = replace(running.settings, web=replace(running.settings.web, port=port, host="0.0.0.0"))
        found = look(settings)
    SCHEMA.validate(found)
    assert found["running"] is True
    values = {item["name"]: item["values"] for item in found["items"]}
    assert values["Camera"]["working"] is True
    assert values["Camera"]["fps"] > 0
    assert values["Model"]["name"]
    assert values["Database"]["results"] == 1
    assert values["Last result"]["created"]
    assert {"Temperature", "Power", "Memory", "Disk", "Clock", "Machine"} <= set(values)
    assert values["Memory"]["process_bytes"] > 0


def test_another_kiosk_at_the_port_is_none_of_ours(tmp_path: Path) -> None:
    with station(tmp_path) as running:
        port = int(running.url.rstrip("/").rsplit(":", 1)[1])
        other = Settings(state_dir=tmp_path / "other", web=WebSettings(port=port))
        assert ask_running(other) is None


def test_where_nobody_answers_the_doctor_looks_for_itself(alone: Settings) -> None:
    assert ask_running(alone) is None
    assert ask_running(replace(alone, web=WebSettings(port=0))) is None
    found = look(alone)
    SCHEMA.validate(found)
    assert (found["running"], found["fit"]) == (False, True)


def test_a_kiosk_that_does_not_answer_is_a_fault_and_the_rest_is_looked_at(
    alone: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", alone.web.port)):
        with pytest.raises(WebError, match="does not answer"):
            ask_running(alone, wait_s=0.2)
        monkeypatch.setattr("kiosk.running.ask_running", lambda settings: ask_running(settings, wait_s=0.2))
        found = look(alone)
    assert found["fit"] is False
    assert [item["name"] for item in found["items"] if item["fit"] is False] == ["Kiosk"]
    assert "Camera" in {item["name"] for item in found["items"]}


def test_the_json_goes_to_a_file_or_alone_to_the_terminal(kiosk: Kiosk) -> None:
    clip = CLIPS / "overhead_squat_front.mp4"
    model = "model = {name = 'lightning_int8', min_fps = 1}"
    (kiosk.folder / "kiosk.toml").write_text(
        f"state_dir = 'state'\ncamera = '{clip}'\nlights = 'none'\n{model}\nweb = {{port = {free_port()}}}\n"
    )
    alone = kiosk("doctor", "--json", "--config", "kiosk.toml")
    assert alone.code == 0, alone.out
    SCHEMA.validate(json.loads(alone.out))
    both = kiosk("doctor", "--json", "found.json", "--config", "kiosk.toml")
    assert "This kiosk is fit to scan." in both.out
    SCHEMA.validate(json.loads((kiosk.folder / "found.json").read_text()))
    refused = kiosk("doctor", "--json", "no/such/folder/found.json", "--config", "kiosk.toml")
    assert "found.json cannot be written" in refused.complaint


def test_a_fault_makes_it_unfit_and_what_is_worth_knowing_does_not() -> None:
    items = [Item("Disk", None, "Tight.", "Soon.", {"free_bytes": 1}), Item("Camera", True, "Fine.", "Good.")]
    assert doctor_json({one.name: one.plain for one in items}, running=False, at=NOON)["fit"] is True
    items.append(Item("Lights", False, "Dark.", "Mend them."))
    found = doctor_json({one.name: one.plain for one in items}, running=False, at=NOON)
    SCHEMA.validate(found)
    assert found["fit"] is False
    assert found["items"][0] == {
        "name": "Disk", "fit": None, "says": "Tight.", "means": "Soon.", "values": {"free_bytes": 1},
    }  # fmt: skip


def test_the_page_names_every_item_and_every_value(alone: Settings) -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|([^|]*)\|", page, re.MULTILINE)
    listed = {name: set(re.findall(r"`([^`]+)`", values)) for name, values in rows}
    for item in look(alone)["items"]:
        if item["name"] in ("Machine",):
            continue  # its values are the packages that are installed here
        name = "Plugin NAME" if item["name"].startswith("Plugin ") else item["name"]
        assert set(item["values"]) <= listed[name], name
