"""Test only: runs as root in the machine under test, and does what the tests post to it. No kiosk has this.

GET / says that the machine is up. POST / runs a shell command and gives what it printed; POST /follow gives it line by
line as it comes; POST /python runs Python here, where no interpreter must be started first: ``say`` is its print.
Each answer tells the machine's own time beside it.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What the tests and this end agree on: the exit code and the seconds since the start travel in headers.
EXIT_CODE, UPTIME = "X-Exit-Code", "X-Uptime"


class Shell(BaseHTTPRequestHandler):
    """One request each."""

    def do_GET(self) -> None:
        self.answer(b"up\n")

    def do_POST(self) -> None:
        command = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/follow":
            self.follow(command)
        elif self.path == "/python":
            self.python(command)
        else:
            done = subprocess.run(
                ["/bin/bash", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            self.answer(done.stdout, done.returncode)

    def python(self, code: str) -> None:
        said: list[str] = []
        names = {"json": json, "sqlite3": sqlite3, "say": lambda word: said.append(str(word))}
        try:
            exec(code, names)
        except (OSError, sqlite3.Error, LookupError, TypeError, ValueError):
            said.append(traceback.format_exc())
            failed = 1
        else:
            failed = 0
        self.answer("\n".join(said).encode(), failed)

    def answer(self, said: bytes, code: int = 0) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.send_header(EXIT_CODE, str(code))
        self.send_header(UPTIME, f"{time.clock_gettime(time.CLOCK_BOOTTIME):.3f}")
        self.end_headers()
        self.wfile.write(said)

    def follow(self, command: str) -> None:
        """Hand on every line at once: what the host has read was done before the power went."""
        self.send_response(200)
        self.end_headers()
        with subprocess.Popen(
            ["/bin/bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as running:
            for line in running.stdout or ():
                self.wfile.write(line)
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Keep the journal to what the kiosk says."""


ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Shell).serve_forever()
