"""A machine for each worker: every test goes on from the moment at which its kiosk was ready."""

from __future__ import annotations

import shutil
from collections import defaultdict
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
    parser.addoption("--all", action="store_true", help="also what is not part of every run (marked seldom=True)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the architecture that is asked for, and begin with what takes longest."""
    wanted = config.getoption("--arch", default=ARCHITECTURES[0])
    seldom_too = config.getoption("--all", default=False)
    here = [item for item in items if item.get_closest_marker("appliance")]
    out = [item for item in here if wanted not in _architectures(item) or (_is_seldom(item) and not seldom_too)]
    config.hook.pytest_deselected(items=out)
    here = [item for item in items if item not in out]
    # A file is of one machine (--dist loadfile).
    minutes: defaultdict[Path, float] = defaultdict(float)
    for item in here:
        minutes[item.path] += _minutes(item)
    # A machine whose first file is a single test is given its second file at once: test_start.py, a short one, says
    # more minutes than it takes, to be that second.
    items[:] = sorted(here, key=lambda item: -minutes[item.path])


def _architectures(item: pytest.Item) -> tuple[str, ...]:
    if item.get_closest_marker("arm64"):
        return ("arm64",)
    return ("x86_64", "arm64") if item.get_closest_marker("either_arch") else ("x86_64",)


def _is_seldom(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("appliance")
    return bool(marker and marker.kwargs.get("seldom"))


def _minutes(item: pytest.Item) -> float:
    """Return how long the marker says that a processor has to do for a test; a minute where it does not."""
    marker = item.get_closest_marker("appliance")
    return float(marker.kwargs.get("minutes", 1)) if marker else 0.0


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
    before_s = start.machine.processor_s()
    start.machine.switch_on(moment=MOMENT)
    failed = request.session.testsfailed
    yield start.machine
    if request.session.testsfailed > failed and start.machine.is_on:
        print(start.machine.run("journalctl --no-pager -n 60 -u kiosk", check=False).text)
    start.machine.cut_power()
    print(f"it took {start.machine.processor_s() - before_s:.0f} s of a processor of the host")


@pytest.fixture(scope="session")
def recorded_visit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("visit") / "visit.npz"
    write_visit(file)
    return file
