"""Beside the kiosk's browser: a page for as long as the kiosk starts, and a screen that is dark when nobody is there.

It runs on the system's own Python and needs nothing of the kiosk's: it is what still tells when the kiosk does not run.

    KIOSK_PORT=8080             the port of the kiosk's pages on this machine
    KIOSK_BLANK_AFTER_S=600     seconds without anybody after which the screen goes dark; 0: never
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

PAGE = Path(__file__).with_name("waiting.html")
LOOK_EVERY_S = 0.5
#: Longer than the kiosk ever takes to answer from this machine; a hanging one counts as one that is not there.
PATIENCE_S = 3.0
DEFAULT_BLANK_AFTER_S = 600.0


class SettingError(ValueError):
    """A setting in the environment is wrong: the sentence to show."""


def number_from(environ: Mapping[str, str], name: str, default: float) -> float:
    """A number of at least 0 from the environment. Raises `SettingError` for anything else."""
    word = environ.get(name, "").strip()
    try:
        value = float(word) if word else default
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise SettingError(f"{name}={word} in /etc/kiosk/screen.env must be a number of at least 0.")
    return value


def live_view(url: str) -> dict[str, Any] | None:
    """What the kiosk shows just now; None when it does not answer."""
    try:
        with urlopen(f"{url}live.json", timeout=PATIENCE_S) as answer:
            view = json.load(answer)
    except (URLError, OSError, ValueError):
        return None
    return view if isinstance(view, dict) else None


def service_state() -> dict[str, str]:
    """What systemd knows of kiosk.service; nothing where it cannot be asked."""
    command = ["systemctl", "show", "kiosk.service", "--property=ActiveState,StatusText"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return {}
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


def waiting_state(url: str) -> dict[str, Any]:
    """What the page shows while the kiosk is not there: where to go when it is, else why it is not."""
    if live_view(url) is not None:
        return {"ready": True, "url": url}
    service = service_state()
    return {
        "ready": False,
        "url": url,
        "failed": service.get("ActiveState") == "failed",
        "says": service.get("StatusText", ""),
    }


class Presence:
    """Whether the screen is to be lit: while somebody is there and for a while after, and whenever it is unsure."""

    def __init__(self, blank_after_s: float) -> None:
        self._blank_after_s = blank_after_s
        self._last_seen_s: float | None = None

    def lit(self, view: Mapping[str, Any] | None, now_s: float) -> bool:
        """Take what the kiosk shows at ``now_s`` (None: it does not answer) and say whether to light the screen."""
        nobody = view is not None and view.get("state") == "idle" and view.get("camera", "ok") == "ok"
        if not nobody or self._last_seen_s is None:
            self._last_seen_s = now_s
        return not self._blank_after_s or now_s - self._last_seen_s < self._blank_after_s


class Screen:
    """All screens of this session. labwc switches them off by wlopm, cage, which cannot do that, by wlr-randr."""

    def __init__(self) -> None:
        self._lit = True

    def light(self, lit: bool) -> None:
        """Switch on or off; nothing when that is how it is already, and another try next time when it failed."""
        if lit != self._lit and self._switch("on" if lit else "off"):
            self._lit = lit

    def _switch(self, word: str) -> bool:
        if self._run("wlopm", f"--{word}", "*") is not None:
            return True
        outputs = outputs_in(self._run("wlr-randr") or "")
        return bool(outputs) and all(
            self._run("wlr-randr", "--output", name, f"--{word}") is not None for name in outputs
        )

    @staticmethod
    def _run(*command: str) -> str | None:
        """What the command printed; None when it is not there or could not do it."""
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        # wlopm 0.1 says so and ends with 0 where the compositor lets it do nothing.
        return None if "ERROR" in done.stderr else done.stdout


def outputs_in(listing: str) -> list[str]:
    """The names of the screens in what wlr-randr prints: its lines that are not indented."""
    return [line.split()[0] for line in listing.splitlines() if line and not line[0].isspace()]


class Handler(BaseHTTPRequestHandler):
    """The page at / and what it asks for at /state."""

    def __init__(self, url: str, *args: Any) -> None:
        self._url = url
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer one request."""
        if self.path == "/":
            self._answer(PAGE.read_bytes(), "text/html; charset=utf-8")
        elif self.path == "/state":
            self._answer(json.dumps(waiting_state(self._url)).encode(), "application/json")
        else:
            self.send_error(404)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: a line a second would be all that the journal holds."""


def serve(port: int, url: str) -> ThreadingHTTPServer:
    """Serve the waiting page on this machine alone, in a thread of its own. Port 0: any free one."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, url))
    threading.Thread(target=server.serve_forever, name="waiting page", daemon=True).start()
    return server


def main() -> int:
    """Serve the page and watch who is there, until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8079, help="of the waiting page")
    args = parser.parse_args()
    try:
        url = f"http://localhost:{number_from(os.environ, 'KIOSK_PORT', 8080):.0f}/"
        presence = Presence(number_from(os.environ, "KIOSK_BLANK_AFTER_S", DEFAULT_BLANK_AFTER_S))
    except SettingError as error:
        sys.stderr.write(f"screen: {error}\n")
        return 2
    serve(args.port, url)
    screen = Screen()
    while True:
        screen.light(presence.lit(live_view(url), time.monotonic()))
        time.sleep(LOOK_EVERY_S)


if __name__ == "__main__":
    sys.exit(main())
