"""Pages in another process: each reads the live stream, as a browser would. ``python -m kiosk.bench.readers URL N``.

Prints "ready" once every reader has had its first event, goes on until standard input ends, and then prints how
many events came to all of them.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import sys
import threading
from urllib.parse import urlsplit


class Reader(threading.Thread):
    """One open live stream. ``events`` counts what came; ``begun`` is set with the first."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=10)
        self._socket: socket.socket | None = None
        self.begun = threading.Event()
        self.events = 0

    def run(self) -> None:
        """Read until the stream ends or `stop` is called."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            self._connection.request("GET", "/live")
            # The connection forgets its socket as soon as it knows that the answer has no length.
            self._socket = self._connection.sock
            for line in self._connection.getresponse():
                if line.startswith(b"data:"):
                    self.events += 1
                    self.begun.set()

    def stop(self) -> None:
        """Let go of the stream."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self.join(2)


def main(url: str, count: int) -> int:
    """Read with so many streams; 1 when one of them got nothing."""
    readers = [Reader(url) for _ in range(count)]
    for reader in readers:
        reader.start()
    if not all(reader.begun.wait(10) for reader in readers):
        return 1
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    for reader in readers:
        reader.stop()
    sys.stdout.write(f"{sum(reader.events for reader in readers)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
