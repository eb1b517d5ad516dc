"""A real broker on this machine, and somebody who listens to it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

#: What a test waits at most for something that has to happen; it is never waited out when all is well.
PATIENCE_S = 30.0


def program() -> str | None:
    """Where mosquitto is; Debian puts it where only root looks."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Mosquitto:
    """A broker that can be stopped and started again, on a port of its own. ``password``: of the user "gym"."""

    def __init__(self, command: str, folder: Path, password: str = "") -> None:
        self._command, self.port = command, free_port()
        self._config = folder / "mosquitto.conf"
        # As root it would go on as a user who may not read the test's folder.
        lines = [f"listener {self.port} 127.0.0.1", "user root", "persistence false"]
        if password:
            users = folder / "users"
            subprocess.run(["mosquitto_passwd", "-b", "-c", str(users), "gym", password], check=True)
            lines += ["allow_anonymous false", f"password_file {users}"]
        else:
            lines.append("allow_anonymous true")
        self._config.write_text("\n".join([*lines, ""]))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._command, "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._listens)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self._process = None

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1.0).close()
        except OSError:
            return False
        return True


class Listener:
    """Subscribes to everything and keeps what comes, with whether it was retained."""

    def __init__(self, port: int, password: str = "") -> None:
        self.heard: list[MQTTMessage] = []
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2)
        if password:
            self._client.username_pw_set("gym", password)
        self._client.on_message = lambda _client, _data, message: self.heard.append(message)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe("#", 1)
        assert self._subscribed.wait(PATIENCE_S)

    def of(self, topic: str) -> list[Any]:
        """What came on a topic, oldest first: the JSON, or the words."""
        found = [bytes(message.payload).decode() for message in list(self.heard) if message.topic == topic]
        return [json.loads(text) if text.startswith("{") else text for text in found]

    def wait(self, topic: str, count: int = 1) -> list[Any]:
        until(lambda: len(self.of(topic)) >= count)
        return self.of(topic)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


StartBroker = Callable[..., Mosquitto]
Listen = Callable[..., Listener]


@pytest.fixture
def start_broker(tmp_path: Path) -> Iterator[StartBroker]:
    """Start a broker of a test's own; without mosquitto the test is left out."""
    begun: list[Mosquitto] = []

    def begin(password: str = "") -> Mosquitto:
        found = program()
        if found is None:
            pytest.skip("there is no mosquitto on this machine: apt install mosquitto")
        begun.append(Mosquitto(found, tmp_path, password))
        begun[-1].start()
        return begun[-1]

    yield begin
    for one in begun:
        one.stop()


@pytest.fixture
def broker(start_broker: StartBroker) -> Mosquitto:
    return start_broker()


@pytest.fixture
def listen() -> Iterator[Listen]:
    begun: list[Listener] = []

    def begin(port: int, password: str = "") -> Listener:
        begun.append(Listener(port, password))
        return begun[-1]

    yield begin
    for one in begun:
        one.close()


def until(reached: Callable[[], object]) -> None:
    """Return once something has become true."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_S / 0.02)):
        if reached():
            return
        pause.wait(0.02)
    raise AssertionError("it never happened")
