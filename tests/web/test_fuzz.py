"""Whatever a stranger, the kiosk's own screen or a trainer asks for, the answer is as described and never a 500."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kiosk.web.context import EXTENSION
from kiosk.web.openapi import description
from kiosk.web.rate import Rate
from kiosk.web.trainer.password import write_password

from .browser.stations import Station

DOCUMENT = json.loads(description())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: The stream of views never ends; tests/web/test_streams.py reads it.
ENDLESS = {"/live"}
OPERATIONS = [(method, path) for path, item in DOCUMENT["paths"].items() if path not in ENDLESS for method in item]
#: Of each kind, of what is asked as described and of what is not.
EXAMPLES = 10
PASSWORD = "four words of a trainer"
STRANGER = {"REMOTE_ADDR": "192.168.1.20"}


@dataclass
class Asked:
    """A kiosk with a result on its screen, and those who ask it."""

    kiosk: Station
    report: dict[str, Any]

    def known(self) -> dict[str, str | int]:
        """A value for each part of an address, of something that is there now."""
        sharing, history = self.kiosk.app.extensions[EXTENSION].sharing, self.kiosk.history
        now = datetime.now(UTC)
        result = history.store(self.report, now)
        history.claim([result], "member-of-the-tests")
        note = history.add_note(result, None, "Heels on a plate.", now)
        assert note is not None
        return {
            "result_id": result,
            "r": sharing.result_token(result),
            "m": sharing.member_token("member-of-the-tests"),
            "member": "member-of-the-tests",
            "number": note,
            "slug": "overhead-squat",
            "check": "knees-in",
            "filename": "look.css",
            "language": "en",
        }

    def show_result(self) -> str:
        """Put a result on the kiosk's screen, whatever was touched before; return its name."""
        result = self.kiosk.history.store(self.report, datetime.now(UTC))
        self.kiosk.show(state="result", result_id=result)
        return result

    def client(self, who: str) -> FlaskClient:
        """The browser of one who asks."""
        client = self.kiosk.app.test_client()
        if who != "own screen":
            client.environ_base.update(STRANGER)
        if who == "trainer":
            answer = client.post("/trainer/login", data={"password": PASSWORD})
            assert answer.status_code == 302
        return client


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("fuzzed")
    write_password(folder, PASSWORD)
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        # What stands before the handlers is tested elsewhere; here they are to be reached.
        patch.setattr(Rate, "count", lambda _rate, _address: None)
        kiosk = Station(folder, stack, KIOSK_WEB_METRICS="true")
        kiosk.app.config["WTF_CSRF_ENABLED"] = False
        report = kiosk.history.load(kiosk.result().result_id or "")
        assert report is not None
        yield Asked(kiosk, report)


@pytest.mark.parametrize("who", ["stranger", "own screen", "trainer"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_as_described_and_none_is_a_500(asked: Asked, who: str, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = asked.kiosk.app
    operation = schema[path][method.upper()]
    asked.show_result()
    client = asked.client(who)
    odd = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    usual = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=usual if not takes_anything(operation) else usual | odd, is_known=st.booleans())
    def ask(case: Any, is_known: bool) -> None:
        if is_known and case.path_parameters:
            case.path_parameters = {**case.path_parameters, **there(asked.known(), path, case.path_parameters)}
        # Buffered: schemathesis leaves the file of an answer open.
        case.call_and_validate(session=client, buffered=True, checks=CHECKS)

    ask()


def takes_anything(operation: Any) -> bool:
    """Whether there is anything in a request that could be wrong."""
    definition = DOCUMENT["paths"][operation.path][operation.method]
    return bool(definition.get("parameters") or definition.get("requestBody"))


def there(known: dict[str, str | int], path: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parts of an address that lead to something that is there."""
    found = {name: known[name] for name in parameters if name in known}
    return found | ({"token": known[path.split("/")[1]]} if "token" in parameters else {})


@pytest.mark.parametrize("path", [path for method, path in OPERATIONS if method == "get"])
def test_somebody_gets_to_see_every_page_so_that_more_than_refusals_is_tried(asked: Asked, path: str) -> None:
    known, shown = asked.known(), asked.show_result()
    if path.startswith("/result/"):
        known["result_id"] = shown
    parts = re.findall(r"{(\w+)}", path)
    filled = path.format(**dict.fromkeys(parts, "csv") | there(known, path, dict.fromkeys(parts)))
    wants = {"text": "Hello"} if path.startswith("/voice/") else {"id": [shown, known["result_id"]]}
    codes = []
    for who in ("stranger", "own screen", "trainer"):
        with asked.client(who).get(filled, query_string=wants) as answer:
            codes.append(answer.status_code)
    allowed = {200, 204} | ({302} if path in ("/results", "/trainer/compare") else set())
    # The camera's picture is switched off here, and espeak-ng is not on every machine.
    assert allowed & set(codes) or path in ("/picture", "/voice/{language}.wav"), codes
