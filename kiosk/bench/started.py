"""``kiosk run`` as a process of its own: how long until it sees somebody, and how much memory it takes."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kiosk.config import FILE_VARIABLE, PREFIX
from kiosk.errors import KioskError
from kiosk.settings import Settings

#: The memory is read when a page has looked for so long.
WATCH_S = 5.0
#: Fewer keypoints than this are no person.
LEAST_KEYPOINTS = 8
#: Nothing takes longer on a machine that works.
_PATIENCE_S = 60.0


def run_once(settings: Settings, spec: str) -> dict[str, Any]:
    """Start ``kiosk run`` on a recording with a page open; return what it took, and which model it chose.

    ``start_to_first_pose_s`` runs from the start of the process to the first published view with a person in it;
    ``rss_mb`` is the most that was resident, None where the system does not tell. Raises KioskError when no pose
    comes.
    """
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        begun_s = time.perf_counter()
        with started(environment(settings, spec, folder)) as process:
            views = live_views(address(process))
            first = next((view for view in views if shows_a_person(view)), None)
            if first is None:
                raise KioskError(f"kiosk run saw nobody in {spec}: name a recording that begins with a person.")
            taken_s = time.perf_counter() - begun_s
            looked_s = time.perf_counter()
            while time.perf_counter() - looked_s < WATCH_S and next(views, None) is not None:
                pass
            memory = peak_mb(process.pid)
    return {"run_model": first["model"], "start_to_first_pose_s": round(taken_s, 2), "rss_mb": memory}


def environment(settings: Settings, spec: str, folder: str) -> dict[str, str]:
    """Return the environment of the process: the same configuration, but for camera, lights, port and state."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    if settings.came_from is not None:
        kept[FILE_VARIABLE] = str(settings.came_from)
    own = {
        "CAMERA_SOURCE": os.path.realpath(spec),
        "LIGHTS_KIND": "none",
        "STATE_DIR": folder,
        "HISTORY_URL": "",
    }
    own |= {"WEB_HOST": "127.0.0.1", "WEB_PORT": "0", "MODEL_NAME": settings.model.name}
    return kept | {PREFIX + name: value for name, value in own.items()}


@contextlib.contextmanager
def started(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the kiosk, and end it as a service manager would."""
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run"],
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=_PATIENCE_S)


def address(process: subprocess.Popen[str]) -> str:
    """Return the address that the kiosk prints. Raises KioskError when it ends without one."""
    for line in process.stdout or ():
        found = re.search(r"http://\S+", line)
        if found:
            return found[0]
    raise KioskError("kiosk run did not start here: try it by hand to see why.")


def live_views(url: str) -> Iterator[dict[str, Any]]:
    """Yield the views of a live stream until it ends."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=_PATIENCE_S)
    with contextlib.closing(connection):
        connection.request("GET", "/live")
        for line in connection.getresponse():
            if line.startswith(b"data:"):
                yield json.loads(line[5:])


def shows_a_person(view: Mapping[str, Any]) -> bool:
    """Whether a view has more keypoints than a model now and then sees in an empty room."""
    return sum(point is not None for point in view["keypoints"]) >= LEAST_KEYPOINTS


def peak_mb(pid: int) -> float | None:
    """Return the most memory that a process had resident, in millions of bytes; None where Linux is not asked."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return round(int(found[1]) * 1024 / 1e6, 1) if found else None
