"""The kiosk in the machine, as its owner handles it: its configuration, its unit, its results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .machine import Machine

HARDWARE = "/usr/local/lib/appliance/hardware.sh"
CONFIGURATION = "/etc/kiosk/kiosk.toml"
DATABASE = "/var/lib/kiosk/history.db"
#: By the machine's clock: from a dead service to one that serves again.
BACK_S = 20.0

_RESULTS = """
history = sqlite3.connect("file:{}?mode=ro", uri=True)
say(json.dumps([history.execute("pragma integrity_check").fetchone()[0],
                [row[0] for row in history.execute("select id from results order by number")]]))
history.close()
"""
_REPORT = """
history = sqlite3.connect("file:{}?mode=ro", uri=True)
say(history.execute("select report from results where id = ?", ["{}"]).fetchone()[0])
history.close()
"""


def is_active(machine: Machine) -> bool:
    """Whether systemd has heard that the kiosk is ready."""
    return machine.run("systemctl is-active kiosk", check=False).text == "active"


def serves(machine: Machine) -> bool:
    """Whether it is active and answers with a view."""
    return bool(machine.view()) and is_active(machine)


def process(machine: Machine) -> int:
    """Return the process that systemd takes for the kiosk; 0 while there is none."""
    return int(machine.text("systemctl show kiosk --property MainPID --value"))


def restarts(machine: Machine) -> int:
    """Return how often systemd has restarted the kiosk since the last start by hand."""
    return int(machine.text("systemctl show kiosk --property NRestarts --value"))


def state(machine: Machine) -> str:
    """Return the state that the live page shows; "" while nobody answers."""
    return str(machine.view().get("state", ""))


def stored(machine: Machine, database: str = DATABASE) -> list[str]:
    """Return the ids of the stored results, the oldest first. Fails where the database is not whole."""
    integrity, ids = json.loads(machine.python(_RESULTS.format(database)))
    assert integrity == "ok", integrity
    found: list[str] = ids
    return found


def report(machine: Machine, result: str) -> dict[str, Any]:
    """Return the JSON of a stored result."""
    found: dict[str, Any] = json.loads(machine.python(_REPORT.format(DATABASE, result)))
    return found


def newest_first(machine: Machine) -> list[str]:
    """Return the ids in the order in which the pages list them."""
    ask = "from pathlib import Path; from kiosk.station.history import open_history; "
    ask += f"h = open_history(Path('{DATABASE}')); "
    ask += "print(*(line.id for line in h.recent(50, 0)))"
    return machine.text(f'runuser -u kiosk -- /opt/kiosk/current/venv/bin/python -c "{ask}"').split()


def own_screen(machine: Machine, path: str) -> str:
    """Return a page as the kiosk's own browser gets it. Fails where it is not served."""
    ask = f"import urllib.request as u; say(u.urlopen('http://127.0.0.1:8080{path}').read().decode())"
    return machine.python(ask)


def set_source(machine: Machine, source: str) -> None:
    """Name another camera or recording in the configuration, and start the kiosk anew with it."""
    machine.text(f"sed -i 's|^source = .*|source = \"{source}\"|' {CONFIGURATION} && systemctl restart kiosk")


def play_recorded(machine: Machine, visit: Path) -> None:
    """Let recorded keypoints stand before the kiosk instead of a camera."""
    machine.put(visit, "/usr/local/lib/appliance/visit.npz")
    set_source(machine, "/usr/local/lib/appliance/visit.npz")


def journal(machine: Machine, pattern: str) -> list[float]:
    """Return when lines of the kiosk's journal that match were written, in seconds of the machine's clock."""
    said = machine.run(
        f"journalctl --no-pager --boot -o short-monotonic -u kiosk | grep -E '{pattern}'"
        " | sed -E 's/^\\[ *([0-9.]+)\\].*/\\1/'",
        check=False,
    ).text
    return [float(word) for word in said.split()]
