"""The real server on a loopback port: streams, clients that leave, a port that is taken."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from kiosk.errors import KioskError
from kiosk.station.live import LiveBoard, LiveView
from kiosk.web.context import EXTENSION
from kiosk.web.server import Server, serve
from kiosk.web.streams import StreamSlots

#: Longer than anything here takes on a machine that is busy; nothing waits for it when all is well.
PATIENCE_S = 30.0


@contextmanager
def get(server: Server, path: str) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    connection.request("GET", path)
    answer = connection.getresponse()
    try:
        yield answer
    finally:
        answer.close()
        connection.close()


def next_event(stream: http.client.HTTPResponse) -> dict[str, str]:
    fields = {}
    while line := stream.readline().decode().rstrip("\n"):
        name, value = line.split(": ", 1)
        fields[name] = value
    return fields


def wait_until_free(slots: StreamSlots, taken: int) -> bool:
    """Wait until so many streams are open, at most `PATIENCE_S`; True when it came to that."""
    never = threading.Event()
    for _ in range(int(PATIENCE_S / 0.05)):
        if slots.taken == taken:
            return True
        never.wait(0.05)
    return False


def test_a_free_port_is_found_and_told(served: Callable[..., Server]) -> None:
    server = served()
    assert server.port > 0
    assert server.url == f"http://127.0.0.1:{server.port}/"
    with get(server, "/") as answer:
        assert answer.status == 200
        assert answer.getheader("Server") is None


def test_pages_answer_while_every_stream_is_open(served: Callable[..., Server]) -> None:
    server = served(max_streams=2)
    with get(server, "/live") as first, get(server, "/live") as second:
        assert (first.status, second.status) == (200, 200)
        with get(server, "/live") as refused, get(server, "/status") as page:
            assert refused.status == 503
            assert refused.getheader("Retry-After") == "3"
            assert page.status == 200


def test_views_go_out_as_they_are_published(
    served: Callable[..., Server], board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    with get(served(), "/live") as stream:
        assert next_event(stream) == {"retry": "1000"}
        assert next_event(stream)["id"] == "0"
        for sequence in (1, 2, 3):
            board.publish(view(sequence, reps=sequence))
            event = next_event(stream)
            assert event["id"] == str(sequence)
            assert json.loads(event["data"])["reps"] == sequence


def test_a_quiet_stream_stays_open_with_signs_of_life(served: Callable[..., Server]) -> None:
    with get(served(), "/live") as stream:
        next_event(stream)
        next_event(stream)
        assert next_event(stream) == {"": "still here"}


def test_a_client_that_leaves_a_quiet_stream_frees_its_place(make_app: Callable[..., Flask]) -> None:
    app = make_app(max_streams=2)
    slots: StreamSlots = app.extensions[EXTENSION].slots
    server = serve(app, "127.0.0.1", 0)
    try:
        for _ in range(3):
            with get(server, "/live") as first, get(server, "/live") as second:
                next_event(first)
                next_event(second)
                assert slots.taken == 2
            assert wait_until_free(slots, 0)
    finally:
        server.close()


def test_a_client_that_leaves_a_busy_stream_frees_its_place(
    make_app: Callable[..., Flask], board: LiveBoard, view: Callable[..., LiveView]
) -> None:
    app = make_app(max_streams=1)
    slots: StreamSlots = app.extensions[EXTENSION].slots
    server = serve(app, "127.0.0.1", 0)
    done = threading.Event()

    def publish() -> None:
        sequence = 0
        while not done.wait(0.01):
            sequence += 1
            board.publish(view(sequence))

    engine = threading.Thread(target=publish)
    engine.start()
    try:
        with get(server, "/live") as stream:
            next_event(stream)
            next_event(stream)
        assert wait_until_free(slots, 0)
    finally:
        done.set()
        engine.join()
        server.close()


def test_threads_are_four_times_the_streams(make_app: Callable[..., Flask]) -> None:
    def web_threads() -> int:
        return sum(thread.name.startswith("waitress-") for thread in threading.enumerate())

    before = web_threads()
    server = serve(make_app(max_streams=5), "127.0.0.1", 0)
    assert web_threads() - before == 20
    server.close()


def test_closing_ends_streams_frees_the_port_and_may_be_said_twice(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    server = serve(app, "127.0.0.1", 0)
    with get(server, "/live") as stream:
        next_event(stream)
        server.close()
        server.close()
        while next_event(stream):
            pass  # what had been sent before; then the end
    assert wait_until_free(app.extensions[EXTENSION].slots, 0)
    serve(app, "127.0.0.1", server.port).close()


def test_a_server_that_is_just_awake_is_closed_like_a_sleeping_one(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(make_app(), "127.0.0.1", 0)
    trigger = server._waitress.trigger
    pull = trigger._physical_pull

    def slow_pull() -> None:
        monkeypatch.undo()
        trigger._physical_pull()  # something else wakes the thread between the asking and its own signal
        server._thread.join(0.3)  # it must still be there when its own signal comes
        pull()

    monkeypatch.setattr(trigger, "_physical_pull", slow_pull)
    server.close()
    with socket.create_server(("127.0.0.1", server.port)):
        pass  # the port is free


def test_a_taken_port_is_refused_with_its_number(make_app: Callable[..., Flask]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(KioskError, match=f"Port {port} on 127.0.0.1 is taken by another program"):
            serve(make_app(), "127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port"), [("192.0.2.1", 0), ("no such host", 0), ("127.0.0.1", 70000), ("127.0.0.1", -1)]
)
def test_an_address_that_cannot_be_served_is_refused_with_what_to_do(
    make_app: Callable[..., Flask], host: str, port: int
) -> None:
    with pytest.raises(KioskError, match=r"(?:Set another web host|set one from 1 to 65535)"):
        serve(make_app(), host, port)


def test_every_address_of_the_machine_can_be_served_and_the_url_opens_here(
    make_app: Callable[..., Flask],
) -> None:
    server = serve(make_app(), "0.0.0.0", 0)
    try:
        assert server.url == f"http://127.0.0.1:{server.port}/"
        with get(server, "/healthz") as answer:
            assert answer.status == 503
    finally:
        server.close()


def test_who_comes_through_a_proxy_may_not_command(served: Callable[..., Server], board: LiveBoard) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served().port, timeout=PATIENCE_S)
    try:
        connection.request("POST", "/command/next", headers={"X-Forwarded-For": "192.168.1.20"})
        assert connection.getresponse().status == 403
    finally:
        connection.close()
    assert board.take_commands() == []
