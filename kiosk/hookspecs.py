"""The hooks that a plugin may implement (pluggy project name ``kiosk``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from kiosk.movement.exercise import Exercise

hookspec = pluggy.HookspecMarker("kiosk")
hookimpl = pluggy.HookimplMarker("kiosk")


@hookspec
def kiosk_register_exercises() -> list[Exercise]:
    """Return the exercises that this plugin brings. Called once at start."""
    raise AssertionError("a hook specification is never called")
