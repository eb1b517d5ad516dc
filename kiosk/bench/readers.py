"""Pages in another process: each reads the live stream, as a browser would.

``python -m kiosk.bench.readers URL N [SLOW [DEAD]]``: of N readers the last are slow (a kilobyte each second), or dead:
they ask for the stream and never read. Prints "ready" once every living one has had its first event, goes on until
standard input ends, and then prints how many events came to all of them.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import sys
import threading
from urllib.parse import urlsplit

#: What a slow reader takes at once, and how long it then rests.
SLOW_BYTES, SLOW_S = 1024, 1.0
#: So little waits at the door of a reader that does not read.
_SMALL_BUFFER = 4096
_EVENT = b"\ndata:"


class Reader(threading.Thread):
    """One open live stream. ``events`` counts what came; ``begun`` is set with the first."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(url)
        self._place = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._socket: socket.socket | None = None
        self._stopped = threading.Event()
        self.begun = threading.Event()
        self.events = 0

    def run(self) -> None:
        """Read until the stream ends or `stop` is called."""
        connection = http.client.HTTPConnection(*self._place, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/live")
            # The connection forgets its socket as soon as it knows that the answer has no length.
            self._socket = connection.sock
            for line in connection.getresponse():
                if line.startswith(b"data:"):
                    self.events += 1
                    self.begun.set()

    def stop(self) -> None:
        """Let go of the stream."""
        self._stopped.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self.join(2)

    def _asked(self) -> socket.socket:
        """Return a socket with a small buffer that has asked for the stream."""
        asked = self._socket = socket.socket()
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
        asked.connect(self._place)
        asked.sendall(b"GET /live HTTP/1.1\r\nHost: %b:%d\r\n\r\n" % (self._place[0].encode(), self._place[1]))
        return asked


class SlowReader(Reader):
    """A page behind a bad connection."""

    def run(self) -> None:
        """Read a little, rest, and so on."""
        with contextlib.suppress(OSError), self._asked() as stream:
            rest = b""
            while not self._stopped.is_set() and (came := stream.recv(SLOW_BYTES)):
                seen = rest + came
                self.events += seen.count(_EVENT)
                rest = seen[1 - len(_EVENT) :]
                if self.events:
                    self.begun.set()
                    self._stopped.wait(SLOW_S)


class DeadReader(Reader):
    """A page whose machine was switched off: the connection is there, and nobody reads."""

    def run(self) -> None:
        """Ask, and never read."""
        with contextlib.suppress(OSError), self._asked():
            self.begun.set()
            self._stopped.wait()


def main(url: str, count: int, slow: int = 0, dead: int = 0) -> int:
    """Read with so many streams; 1 when one of them got nothing."""
    kinds = [Reader] * (count - slow - dead) + [SlowReader] * slow + [DeadReader] * dead
    readers = [kind(url) for kind in kinds]
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
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
