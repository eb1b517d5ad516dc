"""The connection to the broker: kept up, and taken up again, by a thread of paho-mqtt's own."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kiosk_mqtt_results.messages import OFFLINE, ONLINE, Message, availability
from kiosk_mqtt_results.settings import Broker

#: A first connection is waited for so long; a message at the end of the kiosk too.
WAIT_S = 3.0
#: So many results wait while the broker is away; what comes on top is lost.
MOST_WAITING = 200
#: Taking a lost connection up again begins after the first and slows down to the second.
RETRY_S = (1, 60)
#: "At least once": a result must arrive, and arriving twice harms nobody, since it has an id.
QOS = 1


class Connection:
    """Publishes to one broker. Nothing is connected before `open`."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._there = threading.Event()
        self._why = "it does not answer"
        self._begun = False
        client = Client(CallbackAPIVersion.VERSION2, client_id=f"plumbline-{broker.node}")
        if broker.username:
            client.username_pw_set(broker.username, broker.password)
        if broker.tls:
            client.tls_set()
        last = availability(broker, OFFLINE)
        client.will_set(last.topic, last.payload, QOS, retain=True)
        client.reconnect_delay_set(*RETRY_S)
        client.max_queued_messages_set(MOST_WAITING)
        client.on_connect, client.on_disconnect = self._connected, self._disconnected
        client.on_connect_fail = self._not_reached
        self._client = client

    def open(self) -> None:
        """Connect, if that was not done yet. Raises OSError without a broker; it is tried again by itself."""
        if not self._begun:
            self._begun = True
            self._client.connect_async(self._broker.host, self._broker.port)
            self._client.loop_start()
        if not self._there.wait(WAIT_S):
            raise OSError(f"the broker {self._broker.host}:{self._broker.port} is not there: {self._why}")

    def publish(self, messages: Iterable[Message], *, keep: bool = False) -> None:
        """Publish. While the broker is away messages are dropped, or with ``keep`` they wait for it, oldest first.

        What is of the moment only must not take the room of results.
        """
        if keep or self._there.is_set():
            for one in messages:
                self._client.publish(one.topic, one.payload, QOS, retain=one.retained)

    def close(self) -> None:
        """Say that the kiosk is away, and go."""
        if not self._begun:
            return
        if self._there.is_set():
            last = availability(self._broker, OFFLINE)
            self._client.publish(last.topic, last.payload, QOS, retain=True).wait_for_publish(WAIT_S)
        self._client.disconnect()
        self._client.loop_stop()
        self._begun = False

    def _connected(
        self, client: Client, _data: Any, _flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        if code.is_failure:
            self._why = str(code)
            return
        here = availability(self._broker, ONLINE)
        client.publish(here.topic, here.payload, QOS, retain=True)
        self._there.set()

    def _not_reached(self, _client: Client, _data: Any) -> None:
        self._why = "it cannot be reached"

    def _disconnected(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        if self._there.is_set() and code.is_failure:
            self._why = f"it broke off ({code})"
        self._there.clear()
