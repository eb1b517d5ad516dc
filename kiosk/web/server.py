"""The production web server, on threads of its own: it never holds up the pipeline."""

from __future__ import annotations

import errno
import socket
import threading
from typing import Any

from flask import Flask
from waitress.server import create_server

from kiosk.errors import WebError
from kiosk.web.context import EXTENSION

#: Each live stream holds a thread, so that pages need others: at least four times as many as streams.
THREADS_PER_STREAM = 4
LEAST_THREADS = 8
#: A browser that reads slower than it is written to is made to miss views, not to fall behind by them.
HIGHEST_BACKLOG_BYTES = 256 * 1024
HIGHEST_PORT = 65535
ANY_ADDRESS = ("0.0.0.0", "::", "")


class Server:
    """Serves ``app``. ``port`` is the one it got, ``url`` the address for a browser on this machine."""

    def __init__(self, app: Flask, host: str, listener: socket.socket, waitress: Any) -> None:
        self.app = app
        self.port: int = listener.getsockname()[1]
        name = "127.0.0.1" if host in ANY_ADDRESS else host
        self.url = f"http://[{name}]:{self.port}/" if ":" in name else f"http://{name}:{self.port}/"
        self._waitress = waitress
        self._thread = threading.Thread(target=waitress.run, name="web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the port and all connections, live streams too, and wait for the threads. Harmless twice."""
        if not self._thread.is_alive():
            return
        # Sockets belong to the server's own thread, so it is asked to close them itself.
        asked = threading.Event()
        self._waitress.trigger.pull_trigger(lambda: self._close_sockets(asked))
        asked.set()
        self._thread.join()
        self._waitress.task_dispatcher.shutdown()

    def _close_sockets(self, asked: threading.Event) -> None:
        # A thread that was awake already comes here before the asking is through, which still writes to the trigger.
        asked.wait()
        for channel in list(self._waitress.active_channels.values()):
            channel.handle_close()
        self._waitress.close()


def serve(app: Flask, host: str, port: int) -> Server:
    """Serve ``app`` until `Server.close`. ``port`` 0 takes any free one.

    Raises `WebError` when the address is wrong or the port is taken.
    """
    listener = _listen(host, port)
    streams: int = app.extensions[EXTENSION].slots.most
    waitress = create_server(
        app,
        sockets=[listener],
        threads=max(LEAST_THREADS, THREADS_PER_STREAM * streams),
        # These two make `waitress.client_disconnected` true as soon as a browser leaves a quiet stream.
        channel_request_lookahead=1,
        asyncore_loop_timeout=1,
        outbuf_high_watermark=HIGHEST_BACKLOG_BYTES,
        # Whoever came through a proxy must be seen to have done so (see access.py).
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
    return Server(app, host, listener, waitress)


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= HIGHEST_PORT:
        raise WebError(f"There is no web port {port}: set one from 1 to {HIGHEST_PORT}, or 0 for any free one.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise WebError(_what_is_wrong(error, host, port)) from error


def _what_is_wrong(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program: stop that one, or set another web port."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} needs rights that this user has not: set a web port above 1023."
    why = error.strerror or error
    return f"The web pages cannot be served on host {host!r}, port {port}: {why}. Set another web host."
