"""Whether a version that was switched to really runs: it comes up, and stays up."""

from __future__ import annotations

from kiosk.update.system import System

UNIT = "kiosk.service"
#: A start may take so long on a slow card; after it the kiosk must be well without a break for so long.
COME_UP_S, STEADY_S = 180.0, 60.0
LOOK_S = 2.0


def why_not(system: System, *, camera_needed: bool) -> str | None:
    """Wait until the kiosk has been up and well for `STEADY_S`: None; or return why it is not.

    ``camera_needed``: it must have the camera, as the version before had.
    """
    end_s = system.now_s() + COME_UP_S + 2 * STEADY_S
    since_s, sequence, restarts, last = None, 0, "", "it did not start"
    while system.now_s() < end_s:
        unit = unit_state(system)
        if unit.get("ActiveState") == "failed":
            return f"{UNIT} failed ({unit.get('Result', 'no reason given')})"
        health = system.health() if unit.get("ActiveState") == "active" else None
        wrong = _wrong(health, camera_needed=camera_needed)
        if wrong is not None or health is None or unit.get("NRestarts", "") != restarts:
            last = wrong or last
            restarts = unit.get("NRestarts", "")
            since_s = None
        elif since_s is None:
            since_s, sequence = system.now_s(), health["sequence"]
        elif system.now_s() - since_s >= STEADY_S:
            if health["sequence"] > sequence:
                return None
            return "its loop stands still"
        system.wait(LOOK_S)
    return last


def _wrong(health: dict[str, object] | None, *, camera_needed: bool) -> str | None:
    if health is None or not health.get("ok"):
        return "its page /healthz does not answer"
    if camera_needed and health.get("camera") != "ok":
        return f"it has lost the camera ({health.get('camera')})"
    return None


def unit_state(system: System) -> dict[str, str]:
    """Return what systemd says of the kiosk's unit."""
    names = ("ActiveState", "Result", "NRestarts")
    said = system.run(["systemctl", "show", UNIT, *(f"--property={name}" for name in names)]).out
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
