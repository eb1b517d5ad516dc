"""What all tests share: the one run of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .processes import KioskProcess


@pytest.fixture(scope="session")
def demo_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_run(demo_state: Path) -> Iterator[KioskProcess]:
    """``kiosk demo --once``, running. It plays at the recordings' own speed, so there is one for the whole session."""
    run = KioskProcess(demo_state, "demo", "--once", KIOSK_STATE_DIR=str(demo_state), KIOSK_WEB_PORT="0")
    yield run
    run.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the test that watches the demo in a browser come before those that wait for its end."""
    watchers = [item for item in items if item.get_closest_marker("browser") and "demo_run" in _fixtures(item)]
    first = next((k for k, item in enumerate(items) if "demo_run" in _fixtures(item)), None)
    if first is not None:
        before = [item for item in items[:first] if item not in watchers]
        after = [item for item in items[first:] if item not in watchers]
        items[:] = [*before, *watchers, *after]


def _fixtures(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))
