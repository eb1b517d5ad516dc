"""The hooks that a plugin may implement (pluggy project name ``kiosk``), and the version of what plugins may use.

``API_VERSION`` speaks of these hooks and of all that ``kiosk`` and ``kiosk.testing`` list in ``__all__``: the first
number rises when something that a plugin may use is changed or taken away, the second when something is added. A plugin
says in its module which version it was written for: ``kiosk_api = "1.0"``.

Each hook is optional, and may leave out arguments that it does not need. ``docs/hooks.md`` tells them with examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from kiosk.movement.exercise import Exercise
    from kiosk.observing import Job, Light

API_VERSION = "1.0"

hookspec = pluggy.HookspecMarker("kiosk")
hookimpl = pluggy.HookimplMarker("kiosk")

_NEVER = "a hook specification is never called"


@hookspec
def kiosk_configure(settings: Mapping[str, Any]) -> None:
    """Take in what the gym has set for this plugin: the file ``NAME.toml`` in the folder ``plugins.settings``.

    Empty where there is no such file. Called once at start, before the other hooks. Raise `kiosk.PluginError` with a
    sentence for a setting that is wrong: the plugin is then left out, and the sentence shown. Connect to nothing here.
    """
    raise AssertionError(_NEVER)


@hookspec
def kiosk_register_exercises() -> list[Exercise]:
    """Return the exercises that this plugin brings. Called once at start."""
    raise AssertionError(_NEVER)


@hookspec
def kiosk_register_jobs() -> list[Job]:
    """Return what is to be done on a schedule, such as an export. Called once at start.

    A job runs in the plugin's own thread, like the observers below.
    """
    raise AssertionError(_NEVER)


@hookspec
def kiosk_rep_finished(exercise: str, rep: dict[str, Any]) -> None:
    """Observe a rep, or a part of a hold, a moment after it was counted.

    ``exercise`` is the slug; ``rep`` as in ``reps`` of ``docs/report.md``. Observers are called one event after the
    other in a thread of the plugin's own, outside of the time of the frames. What they are handed is theirs to change.
    """
    raise AssertionError(_NEVER)


@hookspec
def kiosk_scan_finished(report: dict[str, Any]) -> None:
    """Observe a visit that is over, after its result was stored: the report of ``docs/report.md`` with its ``id``."""
    raise AssertionError(_NEVER)


@hookspec
def kiosk_light_changed(light: Light) -> None:
    """Show on another light what the kiosk's own shows from now on; when the kiosk ends, the pattern is ``off``.

    A light that changed again before this could be called is left out: only the newest counts.
    """
    raise AssertionError(_NEVER)
