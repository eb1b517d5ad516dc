"""Results, reps and the light to an MQTT broker, where Home Assistant finds the kiosk as a device by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk import Job, Light, StoredResults, hookimpl
from kiosk_mqtt_results import messages
from kiosk_mqtt_results.connection import Connection
from kiosk_mqtt_results.settings import Broker, broker_of

kiosk_api = "1.0"

#: The device is announced again so often: a broker that was set up anew knows nothing.
ANNOUNCE_EVERY_S = 60.0


class MqttResults:
    """The plugin: its broker, and what it is told. All hooks but the first are called in one thread of its own."""

    def __init__(self) -> None:
        self._broker: Broker | None = None
        self._connection: Connection | None = None

    @hookimpl
    def kiosk_configure(self, settings: Mapping[str, Any]) -> None:
        """Take the settings in; nothing is connected yet."""
        self._broker = broker_of(settings)

    @hookimpl
    def kiosk_register_jobs(self) -> list[Job]:
        """Announce the kiosk at its start, and now and then."""
        return [Job("announce", ANNOUNCE_EVERY_S, self.announce)]

    def announce(self, _results: StoredResults) -> None:
        """Connect, and tell Home Assistant of the device. Raises OSError, which the kiosk shows, without a broker."""
        broker, connection = self._both()
        connection.open()
        connection.publish(messages.discovery(broker))

    @hookimpl
    def kiosk_scan_finished(self, report: dict[str, Any]) -> None:
        """Publish a result; while the broker is away it waits."""
        broker, connection = self._both()
        connection.publish([messages.result(broker, report)], keep=True)

    @hookimpl
    def kiosk_rep_finished(self, exercise: str, rep: dict[str, Any]) -> None:
        """Publish a rep, unless the broker is away."""
        broker, connection = self._both()
        connection.publish([messages.rep(broker, exercise, rep)])

    @hookimpl
    def kiosk_light_changed(self, light: Light) -> None:
        """Publish the light's pattern; when it goes off, the kiosk ends, and so does the connection."""
        broker, connection = self._both()
        connection.publish([messages.light(broker, light.pattern)])
        if light.pattern == "off":
            connection.close()
            self._connection = None

    def _both(self) -> tuple[Broker, Connection]:
        if self._broker is None:
            raise RuntimeError("kiosk_configure comes before everything else")
        if self._connection is None:
            self._connection = Connection(self._broker)
        return self._broker, self._connection


plugin = MqttResults()
