"""A strip or lamp that runs WLED shows across the room what the kiosk's own LEDs show, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from kiosk import Light, PluginError, hookimpl
from kiosk_wled_light.wled import send, state_of

kiosk_api = "1.0"


@dataclass(frozen=True, slots=True)
class Strip:
    """Where the light is: its address, the share of its full brightness, and the number of its segment."""

    url: str
    brightness: float = 0.5
    segment: int = 0


def strip_of(settings: Mapping[str, Any]) -> Strip:
    """Return the strip that the settings describe. Raises `PluginError` for what is wrong with them."""
    unknown = sorted(set(settings) - {"url", "brightness", "segment"})
    if unknown:
        raise PluginError(f"{unknown[0]}: is not a setting; known are url, brightness and segment.")
    url, brightness, segment = settings.get("url"), settings.get("brightness", 0.5), settings.get("segment", 0)
    if not isinstance(url, str) or urlsplit(url).scheme != "http" or not urlsplit(url).hostname:
        raise PluginError('url: say where the light is, such as url = "http://192.0.2.7".')
    if isinstance(brightness, bool) or not isinstance(brightness, int | float) or not 0 < brightness <= 1:
        raise PluginError("brightness: must be a number above 0, at most 1.")
    if isinstance(segment, bool) or not isinstance(segment, int) or not 0 <= segment <= 31:
        raise PluginError("segment: must be a whole number from 0 to 31.")
    return Strip(url.rstrip("/"), float(brightness), segment)


class WledLight:
    """The plugin: its strip, and the hook that is called when the light changes."""

    def __init__(self) -> None:
        self.strip: Strip | None = None

    @hookimpl
    def kiosk_configure(self, settings: Mapping[str, Any]) -> None:
        """Take the settings in."""
        self.strip = strip_of(settings)

    @hookimpl
    def kiosk_light_changed(self, light: Light) -> None:
        """Show a light. Raises OSError where the strip cannot be reached or does not do it: the kiosk says so."""
        if self.strip is not None:
            send(self.strip.url, state_of(light, self.strip.brightness, self.strip.segment))


plugin = WledLight()
