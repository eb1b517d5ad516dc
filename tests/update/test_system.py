"""The real machine, as far as it is not the machine's own: programs, and what /healthz answers."""

from __future__ import annotations

import platform
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kiosk.update import system
from kiosk.update.system import Done, Pi


class Pages(BaseHTTPRequestHandler):
    status, body = 200, b""

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    made = HTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_program_s_end_is_told_with_its_last_words() -> None:
    done = Pi(1).run(["bash", "-c", "echo out; echo one >&2; echo two >&2; exit 3"])
    assert (done.code, done.out) == (3, "out\n")
    assert done.last_words == "two"
    assert Done(4, "", "").last_words == "exit code 4"
    assert Done(1, "said\n", "").last_words == "said"


def test_a_program_s_environment_is_ours_and_more() -> None:
    done = Pi(1).run(["bash", "-c", "echo $MORE $HOME"], {"MORE": "more"})
    assert done.out.split()[0] == "more"
    assert len(done.out.split()) == 2


def test_a_program_that_is_missing_or_hangs_is_an_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Pi(1).run(["/no/such/program"]).code == 127
    monkeypatch.setattr(system, "PATIENCE_S", 0.05)
    done = Pi(1).run(["sleep", "30"])
    assert (done.code, done.last_words) == (124, "sleep took longer than 0.05 s")


@pytest.mark.parametrize(
    ("status", "body", "health"),
    [
        (200, b'{"ok": true, "sequence": 3}', {"ok": True, "sequence": 3}),
        (503, b'{"ok": false}', None),
        (200, b"<html>", None),
        (200, b"[1]", None),
    ],
)
def test_health_is_what_the_kiosk_answers(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, health: object
) -> None:
    monkeypatch.setattr(Pages, "status", status)
    monkeypatch.setattr(Pages, "body", body)
    assert Pi(server.server_port).health() == health


def test_where_nobody_serves_there_is_no_health(server: HTTPServer) -> None:
    assert Pi(1).health() is None


def test_the_machine_knows_itself() -> None:
    pi = Pi(1)
    assert pi.kind == (f"{sys.version_info[0]}.{sys.version_info[1]}", platform.machine())
    assert pi.run([pi.python, "-c", "import sys; print(sys.prefix == sys.base_prefix)"]).out == "True\n"
    before_s = pi.now_s()
    pi.wait(0.0)
    assert pi.now_s() >= before_s
