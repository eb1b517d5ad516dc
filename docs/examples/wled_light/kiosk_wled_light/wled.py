"""WLED's JSON API: a state is posted to ``/json/state``, and the answer says whether it was taken."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from kiosk import Light

#: A light that does not answer by then has missed this change; the next one comes anyway.
TIMEOUT_S = 2.0
#: Numbers of WLED's effects.
SOLID, BLINK, BREATHE = 0, 1, 2

Json = dict[str, Any]


def state_of(light: Light, brightness: float, segment: int) -> Json:
    """Return the state for a light: ``bri`` 1 to 255 for all, one colour (0 to 255 each), effect and speed."""
    if light.pattern == "off":
        return {"on": False}
    effect, speed = effect_of(light)
    strength = light.levels[0] if effect == SOLID else 1.0
    colour = [round(255 * strength * share) for share in light.colour]
    return {
        "on": True,
        "bri": max(1, round(255 * brightness)),
        "transition": 2,  # tenths of a second
        "seg": [{"id": segment, "on": True, "col": [colour, [0, 0, 0]], "fx": effect, "sx": speed, "ix": 128}],
    }


def effect_of(light: Light) -> tuple[int, int]:
    """Return WLED's effect for a rhythm, and its speed, 0 to 255.

    What goes all the way on and off blinks: WLED's blink has a cycle of (255 - speed) * 20 ms. Anything else that
    changes breathes: its breath is 65.5 s / (speed / 8 + 10).
    """
    if len(light.levels) == 1:
        return SOLID, 128
    if set(light.levels) <= {0.0, 1.0}:
        flashes = max(
            1,
            sum(1 for before, now in zip(light.levels[-1:] + light.levels, light.levels, strict=False) if now > before),
        )
        cycle_s = light.step_s * len(light.levels) / flashes
        return BLINK, _within(255 - cycle_s / 0.02)
    cycle_s = light.step_s * len(light.levels)
    return BREATHE, _within(8 * (65.5 / cycle_s - 10))


def _within(speed: float) -> int:
    return min(255, max(0, round(speed)))


def send(url: str, state: Json) -> None:
    """Post a state to the light. Raises OSError where it cannot be reached, or does not say that it took it."""
    request = urllib.request.Request(
        f"{url}/json/state", json.dumps(state).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        said = answer.read(4096)
    try:
        taken = json.loads(said).get("success") is True
    except (ValueError, AttributeError):
        taken = False
    if not taken:
        raise OSError(f"{url} does not answer as WLED does: {said[:60]!r}")
