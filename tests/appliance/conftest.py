"""One machine, started once: every test goes on from the moment at which its kiosk was ready."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import kiosk_in as kiosk
from .commands import ApplianceError
from .image import Image, image
from .machine import Machine
from .visits import write_visit

#: Seconds by the machine's clock that the kiosk may take from power to the first picture.
START_S = 90.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--arch", choices=("x86_64", "arm64"), default="x86_64", help="of the machine under test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the architecture that is asked for."""
    wanted = config.getoption("--arch", default="x86_64") == "arm64"
    here = [item for item in items if item.get_closest_marker("appliance")]
    out = [item for item in here if (item.get_closest_marker("arm64") is not None) != wanted]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


@dataclass(frozen=True)
class Start:
    """The start of the machine: seconds by its clock until the kiosk was active, and what a fault would have left."""

    machine: Machine
    active_s: float
    restarts: float


@pytest.fixture(scope="session")
def the_image() -> Image:
    try:
        return image()
    except ApplianceError as error:
        pytest.exit(f"appliance: {error}", returncode=2)


@pytest.fixture(scope="session")
def start(the_image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Switch the machine on for the first time, wait for its kiosk, and keep that moment as `ready`.

    For whoever writes such a test: with APPLIANCE_KEEP=FOLDER the machine stays there, and the next run begins with it.
    """
    kept = os.environ.get("APPLIANCE_KEEP")
    folder = Path(kept) / the_image.folder.name if kept else tmp_path_factory.mktemp("machine")
    known = folder / "start.json"
    with Machine(the_image, folder) as machine:
        if not known.exists():
            known.write_text(json.dumps(_first_start(machine)))
        yield Start(machine, **json.loads(known.read_text()))


def _first_start(machine: Machine) -> dict[str, float]:
    machine.switch_on()
    machine.until(lambda: kiosk.is_active(machine), "the kiosk to be active", own_s=START_S)
    active_s = machine.uptime_s()
    machine.until(lambda: kiosk.state(machine) == "idle", "the kiosk to see its room", own_s=30)
    restarts = kiosk.restarts(machine)
    machine.save("ready")
    return {"active_s": active_s, "restarts": restarts}


@pytest.fixture
def machine(start: Start, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """The machine at the moment at which its kiosk was ready."""
    start.machine.cut_power()
    start.machine.switch_on(moment="ready")
    failed = request.session.testsfailed
    yield start.machine
    if request.session.testsfailed > failed and start.machine.is_on:
        print(start.machine.run("journalctl --no-pager -n 60 -u kiosk", check=False).text)
    start.machine.cut_power()


@pytest.fixture(scope="session")
def recorded_visit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("visit") / "visit.npz"
    write_visit(file)
    return file
