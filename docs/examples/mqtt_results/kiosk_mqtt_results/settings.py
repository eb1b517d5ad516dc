"""What can be set: the broker, and how this kiosk is called there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from kiosk import PluginError

#: The parts of a topic that this plugin makes; Home Assistant allows no others in an object's name.
_NODE = re.compile(r"[a-zA-Z0-9_-]+")
#: A topic without the signs that MQTT keeps for subscriptions.
_TOPIC = re.compile(r"[^#+\x00]+")


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker, and the kiosk's place there: topics are ``TOPIC/NODE/...``.

    ``tls``: encrypted, with the system's certificates. ``discovery`` is Home Assistant's prefix, empty for none.
    """

    host: str
    port: int = 1883
    username: str = ""
    password: str = ""
    tls: bool = False
    node: str = "kiosk"
    name: str = "Plumbline kiosk"
    topic: str = "plumbline"
    discovery: str = "homeassistant"

    @property
    def base(self) -> str:
        """What all of this kiosk's topics begin with."""
        return f"{self.topic}/{self.node}"


def broker_of(settings: Mapping[str, Any]) -> Broker:
    """Return the broker that the settings describe. Raises `PluginError` for what is wrong with them."""
    known = {of.name: of.type for of in fields(Broker)}
    for name, value in settings.items():
        if name not in known:
            raise PluginError(f"{name}: is not a setting; known are {', '.join(known)}.")
        if type(value).__name__ != known[name]:
            raise PluginError(f"{name}: must be {_KINDS[str(known[name])]}.")
    if not settings.get("host"):
        raise PluginError('host: say where the broker is, such as host = "192.0.2.5".')
    broker = Broker(**settings)
    if not 1 <= broker.port <= 65535:
        raise PluginError("port: must be a number from 1 to 65535.")
    if not _NODE.fullmatch(broker.node):
        raise PluginError("node: must be letters, digits, hyphens and underscores.")
    for name, topic in (("topic", broker.topic), ("discovery", broker.discovery or "none")):
        if not _TOPIC.fullmatch(topic) or topic.startswith("/") or topic.endswith("/"):
            raise PluginError(f"{name}: must be a topic without # and +, and without a slash at its ends.")
    return broker


_KINDS = {"str": "a text", "int": "a whole number", "bool": "true or false"}
