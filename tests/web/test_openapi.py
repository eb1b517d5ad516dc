"""The description of the HTTP interface is true: nothing is missing or invented, and answers are as it says."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from kiosk.station.lights import PATTERNS
from kiosk.station.live import LiveBoard, LiveView
from kiosk.station.visit import State
from kiosk.web.live import COMMANDS
from kiosk.web.openapi import description

from .browser.stations import STATES, station

DOCUMENT = json.loads(description())
METHODS = {"get", "post", "put", "delete", "patch"}
OPERATIONS = [(method, path) for path, item in DOCUMENT["paths"].items() for method in item]
PAGE = Path(__file__).parents[2] / "docs" / "http.md"


def schema_of(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]})


def test_every_address_is_described_and_nothing_else(tmp_path: Path) -> None:
    with station(tmp_path) as kiosk:
        rules = list(kiosk.app.url_map.iter_rules())
    served = {
        (method.lower(), re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in rules
        for method in rule.methods or ()
        if method.lower() in METHODS
    }
    assert served == set(OPERATIONS)


def test_it_is_a_sound_openapi_document_that_needs_no_other() -> None:
    schemathesis.openapi.from_dict(DOCUMENT).validate()
    references = set(re.findall(r'"\$ref": "([^"]+)"', description().decode()))
    assert references
    for reference in references:
        assert reference.startswith("#/")
        found: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_part_of_it_is_used() -> None:
    text = description().decode()
    for kind in ("parameters", "responses", "schemas"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_operation_says_what_it_is_and_the_documentation_lists_it(method: str, path: str) -> None:
    operation = DOCUMENT["paths"][path][method]
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert f"| `{method.upper()}` | `{path}` | {operation['summary']} |" in PAGE.read_text(encoding="utf-8")


def test_the_documentation_lists_nothing_else() -> None:
    listed = re.findall(r"^\| `([A-Z]+)` \| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [(method.lower(), path) for method, path in listed] == OPERATIONS


def test_anybody_may_read_it(client: FlaskClient) -> None:
    answer = client.get("/openapi.json", environ_base={"REMOTE_ADDR": "192.168.1.20"})
    assert answer.mimetype == "application/json"
    assert answer.get_json() == DOCUMENT


def test_it_holds_the_schema_of_reports_as_it_is_shipped(tmp_path: Path) -> None:
    shipped = (files("kiosk") / "report.schema.json").read_text("utf-8")
    inside = json.dumps(DOCUMENT["components"]["schemas"]["Report"]).replace("#/components/schemas/Report", "#")
    assert json.loads(inside) == json.loads(shipped)
    with station(tmp_path) as kiosk:
        report = kiosk.history.load(kiosk.result().result_id or "")
    assert report is not None
    schema_of("Report").validate(report)
    assert not schema_of("Report").is_valid(report | {"score": None})


def test_a_view_is_described_with_all_that_it_has_and_may_be() -> None:
    described = DOCUMENT["components"]["schemas"]["LiveView"]["properties"]
    assert list(described) == [field.name for field in fields(LiveView)]
    assert set(described["state"]["enum"]) == set(State)
    assert set(DOCUMENT["components"]["schemas"]["Lit"]["properties"]["pattern"]["enum"]) == {*PATTERNS, "off"}


def test_the_commands_are_those_that_the_page_takes() -> None:
    assert set(DOCUMENT["components"]["parameters"]["Command"]["schema"]["enum"]) == COMMANDS


@pytest.mark.parametrize("state", STATES)
def test_the_views_of_a_visit_are_as_described(tmp_path: Path, state: str) -> None:
    with station(tmp_path) as kiosk:
        schema_of("LiveView").validate(json.loads(STATES[state](kiosk).as_json))


def test_before_the_first_view_the_answers_are_as_described(client: FlaskClient, board: LiveBoard) -> None:
    schema_of("LiveView").validate(client.get("/live.json").get_json())
    early = client.get("/healthz")
    assert early.status_code == 503
    schema_of("Health").validate(early.get_json())
