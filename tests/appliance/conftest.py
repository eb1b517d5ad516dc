"""A machine for each worker: every test goes on from the moment at which its kiosk was ready."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .arm64 import ARCHITECTURES, target_of
from .commands import ApplianceError
from .image import Image, image
from .machine import Machine
from .ready import MOMENT, Ready, ready
from .visits import write_visit


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--arch", choices=ARCHITECTURES, default=ARCHITECTURES[0], help="of the machine under test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the architecture that is asked for, and begin with what takes longest."""
    wanted = config.getoption("--arch", default=ARCHITECTURES[0])
    here = [item for item in items if item.get_closest_marker("appliance")]
    out = [item for item in here if wanted not in _architectures(item)]
    config.hook.pytest_deselected(items=out)
    here = [item for item in items if item not in out]
    # A file is of one machine (--dist loadfile).
    minutes: Counter[Path] = Counter()
    for item in here:
        minutes[item.path] += _minutes(item)
    items[:] = sorted(here, key=lambda item: -minutes[item.path])


def _architectures(item: pytest.Item) -> tuple[str, ...]:
    if item.get_closest_marker("arm64"):
        return ("arm64",)
    return ("x86_64", "arm64") if item.get_closest_marker("either_arch") else ("x86_64",)


def _minutes(item: pytest.Item) -> int:
    """Return what the marker says of how long a test takes, about a minute without; 0 for those of no machine."""
    marker = item.get_closest_marker("appliance")
    return int(marker.kwargs.get("minutes", 1)) if marker else 0


@pytest.fixture(scope="session")
def the_image(request: pytest.FixtureRequest) -> Image:
    try:
        return image(target_of(request.config.getoption("--arch")))
    except ApplianceError as error:
        pytest.exit(f"appliance: {error}", returncode=2)


@dataclass(frozen=True)
class Start:
    """A machine of this worker's own, and how the first start went."""

    machine: Machine
    first: Ready


@pytest.fixture(scope="session")
def start(the_image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    first = ready(the_image)
    folder = tmp_path_factory.mktemp("machine")
    first.copy(folder)
    with Machine(the_image, folder) as machine:
        yield Start(machine, first)
    shutil.rmtree(folder)


@pytest.fixture
def machine(start: Start, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """The machine at the moment at which its kiosk was ready."""
    start.machine.cut_power()
    start.machine.switch_on(moment=MOMENT)
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
