"""Plugins that a test writes: modules in a folder of its own, with their entry points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import pytest

from kiosk.plugins import GROUP, Plugins, PluginStatus

Write = Callable[..., EntryPoint]

API = 'kiosk_api = "1.0"\n'
GOOD = """
    from kiosk import Exercise, Keypoint, Pass, View, hookimpl
    from kiosk_overhead_squat import overhead_squat

    kiosk_api = "1.0"

    def exercise(slug):
        return Exercise(
            slug=slug, title=slug, passes=(Pass(View.FRONT, 5, "Go"),), start=lambda pose: False,
            effort=lambda pose, torso_px: 0.0, planted=(Keypoint.LEFT_ANKLE,), checks=overhead_squat.checks,
            start_ask="Stand",
        )

    @hookimpl
    def kiosk_register_exercises():
        return [exercise(SLUG)]
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a plugin's module; returns its entry point."""
    monkeypatch.syspath_prepend(tmp_path)
    unique = tmp_path.name.replace("-", "_")

    def make(name: str, source: str | None) -> EntryPoint:
        module = f"{unique}_{name.replace('-', '_')}"
        if source is not None:
            (tmp_path / f"{module}.py").write_text(dedent(source), encoding="utf-8")
        return EntryPoint(name, module, GROUP)

    yield make


def good(slug: str, **changed: str) -> str:
    """The source of a plugin that works; ``changed`` gives fields of its exercise other source."""
    source = dedent(GOOD).replace("SLUG", repr(slug))
    if not changed:
        return source
    fields = ", ".join(f"{name}={text}" for name, text in changed.items())
    return f"import math\nfrom dataclasses import replace\n{source}".replace(
        f"[exercise({slug!r})]", f"[replace(exercise({slug!r}), {fields})]"
    )


def status(plugins: Plugins, name: str) -> PluginStatus:
    return next(status for status in plugins.found if status.name == name)


def problem(plugins: Plugins, name: str) -> str:
    """Why a plugin is not in use."""
    said = status(plugins, name).problem
    assert said is not None
    return said
