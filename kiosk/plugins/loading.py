"""Plugins: found by their entry points, loaded one by one, so that a broken one leaves the others alive."""

from __future__ import annotations

import logging
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pluggy

from kiosk import hookspecs
from kiosk.checks_file import apply_overlay
from kiosk.errors import PluginError
from kiosk.movement.exercise import Exercise
from kiosk.observing import Job
from kiosk.plugins.in_time import in_time
from kiosk.plugins.rules import refuse_unsound, try_out
from kiosk.plugins.source import look_at, refuse_unfit
from kiosk.plugins.watch import Fault, Watch, label, reason_of
from kiosk.toml_fields import nearest

GROUP = "kiosk"
#: The two that come with the kiosk: plugin and distribution. Safe mode starts with these alone.
BUILT_IN = {"overhead-squat": "plumbline-overhead-squat", "incline-push-up": "plumbline-incline-push-up"}
#: No plugin takes longer to be loaded and tried out, not even where it brings large libraries to a slow machine.
LOADED_S = 15.0
OBSERVING = ("kiosk_rep_finished", "kiosk_scan_finished", "kiosk_light_changed")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """One plugin that was found. ``problem`` says why it is not in use, None when it is.

    ``observes`` are the hooks through which it looks on, ``jobs`` the names of what it does on a schedule. ``folder``
    is where its package stands, None while it is not loaded.
    """

    name: str
    distribution: str
    version: str
    exercises: tuple[str, ...] = ()
    problem: str | None = None
    observes: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    folder: Path | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Observer:
    """A plugin that looks on: its hooks by their names, each called with keywords, and its jobs."""

    plugin: str
    hooks: Mapping[str, Callable[..., object]]
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Plugins:
    """The exercises in use, by slug, and what was found on the way. ``watch`` knows what went wrong since.

    ``shipped`` are the same exercises with the checks of their plugins, without the gym's changes.
    """

    exercises: dict[str, Exercise]
    found: tuple[PluginStatus, ...]
    observers: tuple[Observer, ...] = ()
    watch: Watch = field(default_factory=Watch)
    shipped: dict[str, Exercise] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class _Site:
    """What the gym says of its plugins: overlays of their checks, and their settings; each a folder, or None."""

    overlays: Path | None
    settings: Path | None


def load_plugins(
    *,
    blocked: Iterable[str] = (),
    overlays: Path | None = None,
    settings: Path | None = None,
    out: Mapping[str, str] | None = None,
    safe: bool = False,
    watch: Watch | None = None,
    points: Sequence[EntryPoint] | None = None,
) -> Plugins:
    """Load every installed plugin but the blocked ones, and lay the site's overlays over their checks.

    A plugin that cannot be used is logged and listed with its problem; it never takes another one down. ``settings``:
    the folder with the plugins' own settings. ``out``: plugins to leave out, each with its reason. ``safe``: leave out
    all but the two that come with the kiosk. ``watch`` stands guard around what the exercises do later; without it
    their first error ends the command with a `PluginError`. ``points`` replaces the installed entry points in tests.
    """
    watch = watch or Watch()
    reasons = dict(out or {}) | dict.fromkeys(blocked, "blocked by the configuration")
    plugins, site = Plugins({}, (), watch=watch), _Site(overlays, settings)
    loaded: list[object] = []
    for point in sorted(installed() if points is None else points, key=_built_in_first):
        reason = reasons.get(point.name)
        if reason is None and safe and not is_built_in(point):
            reason = "blocked while the kiosk runs in safe mode"
        status, brought, shipped, observer = (
            _load_one(point, loaded, plugins.exercises, site, watch)
            if reason is None
            else (_status(point, problem=reason), {}, {}, None)
        )
        plugins.exercises.update(brought)
        plugins.shipped.update(shipped)
        seen = (*plugins.observers, observer) if observer is not None else plugins.observers
        plugins = replace(plugins, found=(*plugins.found, status), observers=seen)
        if status.problem:
            log.warning("Plugin %s is not in use: %s", status.name, status.problem)
    return replace(plugins, found=tuple(sorted(plugins.found, key=lambda one: one.name)))


def installed() -> tuple[EntryPoint, ...]:
    """Return the entry points of all plugins that are installed."""
    return tuple(entry_points(group=GROUP))


def versions() -> dict[str, str]:
    """Return the versions of the plugins that are installed, by their names."""
    return {point.name: _status(point).version for point in installed()}


def is_built_in(point: EntryPoint) -> bool:
    """Whether a plugin is one of the two that come with the kiosk."""
    return point.dist is not None and BUILT_IN.get(point.name) == point.dist.name


def _built_in_first(point: EntryPoint) -> tuple[bool, str]:
    # So that nobody else's plugin of the same slug takes the place of one of ours.
    return not is_built_in(point), point.name


def _status(point: EntryPoint, **more: Any) -> PluginStatus:
    name, version = (point.dist.name, point.dist.version) if point.dist else (point.value, "unknown")
    return PluginStatus(point.name, name, version, **more)


def _folder(module: str) -> Path | None:
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file).parent if file else None


def _load_one(
    point: EntryPoint, loaded: list[object], known: Collection[str], site: _Site, watch: Watch
) -> tuple[PluginStatus, dict[str, Exercise], dict[str, Exercise], Observer | None]:
    # Python's own alarm comes first: it names the reason, and the kiosk need not start again.
    watch.mark.alive(LOADED_S + 5.0)
    watch.mark.enter(label(point.name, "loading"))
    try:
        with in_time(LOADED_S):
            look_at(point)
            plugin = point.load()
            refuse_unfit(getattr(plugin, "kiosk_api", getattr(sys.modules[point.module], "kiosk_api", None)))
            if any(plugin is other for other in loaded):
                raise PluginError(f"{point.value} is in use already, as another plugin.")
            hooks = _Hooks(plugin, point.name)
            hooks.configure(point.name, site.settings)
            plain = _taken(hooks.listed("kiosk_register_exercises"), known)
            exercises = {slug: _overlaid(one, site.overlays) for slug, one in plain.items()}
            jobs = _jobs(hooks.listed("kiosk_register_jobs"))
            brought = _guarded(point.name, exercises, watch)
            shipped = {slug: _with_checks_of(one, plain[slug]) for slug, one in brought.items()}
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the door to a plugin: what it raises is its own problem
        reason = str(error) if isinstance(error, PluginError) else reason_of(error)
        return _status(point, problem=reason), {}, {}, None
    finally:
        watch.mark.leave()
    loaded.append(plugin)
    seen = {name: hooks.caller(name) for name in OBSERVING if hooks.has(name)}
    jobs_by_name = tuple(job.name for job in jobs)
    folder = _folder(point.module)
    status = _status(point, exercises=tuple(brought), observes=tuple(seen), jobs=jobs_by_name, folder=folder)
    return status, brought, shipped, Observer(point.name, seen, jobs) if seen or jobs else None


class _Hooks:
    """The hooks of one plugin. Each has a manager of its own, so that no other's is ever called with it."""

    def __init__(self, plugin: object, name: str) -> None:
        self._manager = pluggy.PluginManager("kiosk")
        self._manager.add_hookspecs(hookspecs)
        self._manager.register(plugin, name)
        for caller in self._manager.get_hookcallers(plugin) or ():
            if not caller.has_spec():
                known = [hook for hook in vars(hookspecs) if hook.startswith("kiosk_")]
                raise PluginError(f"there is no hook {caller.name}{nearest(caller.name, known)}.")
        self._manager.check_pending()

    def has(self, name: str) -> bool:
        return bool(self.caller(name).get_hookimpls())

    def caller(self, name: str) -> pluggy.HookCaller:
        hook: pluggy.HookCaller = getattr(self._manager.hook, name)
        return hook

    def listed(self, name: str) -> list[object]:
        """Return what a hook hands over, which must be a list."""
        results = self.caller(name)()
        for result in results:
            if not isinstance(result, list | tuple):
                raise PluginError(f"{name} gave {type(result).__name__}, not a list.")
        return [one for result in results for one in result]

    def configure(self, name: str, folder: Path | None) -> None:
        """Hand the gym's settings over. Raises `PluginError` where the file is wrong, or nobody asks for it."""
        file = folder / f"{name}.toml" if folder is not None else None
        if file is None or not file.is_file():
            self.caller("kiosk_configure")(settings={})
            return
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, RecursionError) as error:
            raise PluginError(f"{file} is not valid TOML: {error}.") from error
        if not self.has("kiosk_configure"):
            raise PluginError(f"{file} has settings, and this plugin takes none: remove the file.")
        try:
            self.caller("kiosk_configure")(settings=table)
        except PluginError as error:
            raise PluginError(f"{file}: {error}") from error


def _taken(exercises: Iterable[object], known: Collection[str]) -> dict[str, Exercise]:
    brought: dict[str, Exercise] = {}
    for one in exercises:
        exercise = refuse_unsound(one)
        if exercise.slug in known or exercise.slug in brought:
            raise PluginError(f"the exercise '{exercise.slug}' is already there: each slug may be brought once.")
        brought[exercise.slug] = exercise
    return brought


def _overlaid(exercise: Exercise, overlays: Path | None) -> Exercise:
    """Return an exercise with the gym's changes to its checks, where there are any."""
    overlay = overlays / f"{exercise.slug}.toml" if overlays else None
    if overlay is None or not overlay.is_file():
        return exercise
    return replace(exercise, checks=apply_overlay(exercise.checks, overlay, exercise=exercise.slug))


def _with_checks_of(guarded: Exercise, plain: Exercise) -> Exercise:
    """Return a guarded exercise with the limits and words of its plugin; the measures stay behind their guards."""
    pairs = zip(plain.checks, guarded.checks, strict=True)
    return replace(guarded, checks=tuple(replace(one, measure=other.measure) for one, other in pairs))


def _jobs(found: Iterable[object]) -> tuple[Job, ...]:
    jobs = []
    for job in found:
        if not isinstance(job, Job):
            raise PluginError(f"kiosk_register_jobs gave {type(job).__name__}, not a Job.")
        jobs.append(job)
    return tuple(jobs)


def _guarded(plugin: str, exercises: Mapping[str, Exercise], watch: Watch) -> dict[str, Exercise]:
    """Return the exercises behind their guards, after a first call that may find them out."""
    trial = Watch(_refuse_at_once, mark=watch.mark)
    for exercise in exercises.values():
        try_out(trial.guard(plugin, exercise))
    return {slug: watch.guard(plugin, exercise) for slug, exercise in exercises.items()}


def _refuse_at_once(fault: Fault) -> None:
    raise PluginError(f"{fault.says}, and so it would in front of a member.")
