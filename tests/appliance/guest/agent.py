"""Test only: runs as root in the machine under test, and does what the tests post to it. No kiosk has this."""

from __future__ import annotations

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What the tests and this end agree on: the exit code travels in a header.
EXIT_CODE = "X-Exit-Code"


class Shell(BaseHTTPRequestHandler):
    """POST a shell command, get what it prints, line by line as it comes; GET / says that the machine is up."""

    def do_GET(self) -> None:
        self.answer(b"up\n")

    def do_POST(self) -> None:
        command = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/follow":
            self.follow(command)
            return
        done = subprocess.run(
            ["/bin/bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.answer(done.stdout, done.returncode)

    def answer(self, said: bytes, code: int = 0) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.send_header(EXIT_CODE, str(code))
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
