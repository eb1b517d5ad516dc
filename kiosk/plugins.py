"""Exercise plugins: found by their entry points, loaded one by one, so that a broken one leaves the others alive."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pluggy

from kiosk import hookspecs
from kiosk.checks_file import apply_overlay
from kiosk.errors import PluginError
from kiosk.movement.exercise import Exercise

GROUP = "kiosk"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """One plugin that was found. ``problem`` says why it is not in use, None when it is."""

    name: str
    distribution: str
    version: str
    exercises: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Plugins:
    """The exercises in use, by slug, and what was found on the way."""

    exercises: dict[str, Exercise]
    found: tuple[PluginStatus, ...]

    def get(self, slug: str) -> Exercise:
        """Return an exercise. Raises `PluginError` naming the known ones when there is none of that slug."""
        if slug not in self.exercises:
            known = ", ".join(sorted(self.exercises)) or "none: no exercise plugin is installed"
            raise PluginError(f"There is no exercise '{slug}'. Known exercises: {known}.")
        return self.exercises[slug]

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each plugin that was left out."""
        return tuple(f"Plugin {status.name}: {status.problem}" for status in self.found if status.problem)


def load_plugins(
    *,
    blocked: Iterable[str] = (),
    overlays: Path | None = None,
    points: Sequence[EntryPoint] | None = None,
) -> Plugins:
    """Load every installed plugin but the blocked ones, and lay the site's overlays over their checks.

    A plugin that cannot be used is logged and listed with its problem; it never takes another one down.
    ``points`` replaces the installed entry points in tests.
    """
    manager = pluggy.PluginManager("kiosk")
    manager.add_hookspecs(hookspecs)
    exercises: dict[str, Exercise] = {}
    found = []
    if points is None:
        points = tuple(entry_points(group=GROUP))
    for point in sorted(points, key=lambda p: p.name):
        status, brought = _load_one(manager, point, set(blocked), exercises, overlays)
        exercises.update(brought)
        found.append(status)
        if status.problem:
            log.warning("Plugin %s is not in use: %s", status.name, status.problem)
    return Plugins(exercises, tuple(found))


def _load_one(
    manager: pluggy.PluginManager,
    point: EntryPoint,
    blocked: set[str],
    known: dict[str, Exercise],
    overlays: Path | None,
) -> tuple[PluginStatus, dict[str, Exercise]]:
    distribution = point.dist.name if point.dist else point.value
    version = point.dist.version if point.dist else "unknown"
    if point.name in blocked:
        return PluginStatus(point.name, distribution, version, problem="blocked by the configuration"), {}
    try:
        plugin = point.load()
        manager.register(plugin, point.name)
        manager.check_pending()
        # Asked through its own hook caller, so that no other plugin is called again.
        caller = manager.subset_hook_caller(
            "kiosk_register_exercises", [p for p in manager.get_plugins() if p is not plugin]
        )
        brought = _checked([exercise for result in caller() for exercise in result], known, overlays)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the door to a plugin: what it raises is its own problem
        if manager.has_plugin(point.name):
            manager.unregister(name=point.name)
        reason = str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}"
        return PluginStatus(point.name, distribution, version, problem=reason), {}
    return PluginStatus(point.name, distribution, version, tuple(brought)), brought


def _checked(exercises: list[Exercise], known: dict[str, Exercise], overlays: Path | None) -> dict[str, Exercise]:
    brought: dict[str, Exercise] = {}
    for exercise in exercises:
        if not isinstance(exercise, Exercise):
            raise PluginError(f"kiosk_register_exercises gave {type(exercise).__name__}, not an Exercise.")
        if exercise.slug in known or exercise.slug in brought:
            raise PluginError(f"the exercise '{exercise.slug}' is already there: each slug may be brought once.")
        overlay = overlays / f"{exercise.slug}.toml" if overlays else None
        if overlay and overlay.is_file():
            exercise = replace(exercise, checks=apply_overlay(exercise.checks, overlay, exercise=exercise.slug))
        brought[exercise.slug] = exercise
    return brought
