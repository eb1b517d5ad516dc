"""What the doctor says of the buttons and the buzzer; nothing where none is wired."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.item import Item, Value
from kiosk.settings import Settings
from kiosk.station.panel import BUTTONS_DEAD, BUZZER_SILENT, Panel, wired

if TYPE_CHECKING:
    from kiosk.station.live import LiveView

NAME = "Buttons and buzzer"
_DEAD = "Visits go on by themselves, and the page can be touched."


def panel_tried(settings: Settings) -> Iterator[Item]:
    """Yield the item for a kiosk that does not run: the pins are taken for a moment."""
    if not _any(settings):
        return
    from kiosk.station.live import LiveBoard

    with contextlib.closing(Panel(settings, LiveBoard(), lambda: None)) as panel:
        yield _item(settings, panel.problems)


def panel_running(settings: Settings, view: LiveView) -> Iterator[Item]:
    """Yield the item for a running kiosk, from what it says of itself."""
    if _any(settings):
        yield _item(settings, tuple(one for one in view.problems if one.startswith((BUTTONS_DEAD, BUZZER_SILENT))))


def _any(settings: Settings) -> bool:
    return bool(settings.buttons.pins) or settings.buzzer.pin is not None


def _item(settings: Settings, problems: tuple[str, ...]) -> Item:
    values: dict[str, Value] = {"pins": wired(settings, leds=False)}
    if problems:
        return Item(NAME, False, " ".join(problems), _DEAD, values)
    held = "Holding the button shuts the machine down." if settings.buttons.shutdown else "Holding it does nothing."
    return Item(NAME, True, f"pins: {values['pins']}", held if settings.buttons.pins else "It sounds.", values)
