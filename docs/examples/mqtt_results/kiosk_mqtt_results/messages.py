"""What is published: topics and payloads, as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk_mqtt_results.settings import Broker

ONLINE, OFFLINE = "online", "offline"
#: What Home Assistant shows: (key, name, its kind, what takes it out of the message, more of its configuration).
_SHOWN: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("score", "Score", "result", "{{ value_json.score }}", {"unit_of_measurement": "points"}),
    ("exercise", "Exercise", "result", "{{ value_json.title }}", {}),
    ("reps", "Reps", "result", "{{ value_json.reps }}", {"unit_of_measurement": "reps"}),
    ("first", "Work on first", "result", "{{ value_json.first_title }}", {}),
    ("last_rep", "Last rep", "rep", "{{ value_json.verdict }}", {}),
    ("light", "Light", "light", "{{ value_json.pattern }}", {}),
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. A retained one is what everybody gets who subscribes later."""

    topic: str
    payload: str
    retained: bool = True


def availability(broker: Broker, state: str) -> Message:
    """Return the message that says whether the kiosk is there; the broker itself says so when it breaks off."""
    return Message(f"{broker.base}/status", state)


def result(broker: Broker, report: Mapping[str, Any]) -> Message:
    """Return a visit's result in short. With pain the score is None, as in the report: it was withheld."""
    score = report["score"]
    titles = {check["slug"]: check["title"] for check in report["checks"]}
    return _as_json(
        f"{broker.base}/result",
        {
            "id": report["id"],
            "exercise": report["exercise"],
            "title": report["title"],
            "reps": sum(1 for rep in report["reps"] if rep["complete"]),
            "score": score["value"],
            "score_low": score["low"],
            "score_high": score["high"],
            "seen": score["seen"],
            "of": score["of"],
            "pain": bool(report.get("pain")),
            "signs": list(dict.fromkeys(check["slug"] for check in report["checks"] if check["status"] == "sign")),
            "first": report["first"],
            "first_title": titles.get(report["first"], ""),
            "notice": report["notice"],
        },
    )


def rep(broker: Broker, exercise: str, one: Mapping[str, Any]) -> Message:
    """Return a rep that was just counted: clean, unsure or sign."""
    unsure = "unsure" in one["verdicts"].values() or not one["verdicts"]
    verdict = "sign" if one["signs"] else "unsure" if unsure else "clean"
    told = {name: one[name] for name in ("number", "view", "score", "signs")}
    return _as_json(f"{broker.base}/rep", {"exercise": exercise, "verdict": verdict, **told}, retained=False)


def light(broker: Broker, pattern: str) -> Message:
    """Return what the light shows: it tells from afar whether somebody is there, and whether the kiosk needs help."""
    return _as_json(f"{broker.base}/light", {"pattern": pattern})


def discovery(broker: Broker) -> Iterator[Message]:
    """Yield what Home Assistant needs to show the kiosk as a device without a line of configuration.

    A message for each entity, at ``PREFIX/KIND/NODE/OBJECT/config``.
    """
    if not broker.discovery:
        return
    for key, name, topic, template, more in _SHOWN:
        yield _entity(broker, "sensor", key, {"name": name, **_value(broker, topic, template), **more})
    needs_help = _value(broker, "light", "{{ 'ON' if value_json.pattern == 'trouble' else 'OFF' }}")
    yield _entity(broker, "binary_sensor", "trouble", {"name": "Needs help", "device_class": "problem", **needs_help})


def _value(broker: Broker, topic: str, template: str) -> dict[str, str]:
    whole = f"{broker.base}/{topic}"
    return {"state_topic": whole, "value_template": template, "json_attributes_topic": whole}


def _entity(broker: Broker, kind: str, key: str, config: Mapping[str, Any]) -> Message:
    unique = f"plumbline_{broker.node}_{key}"
    device = {"identifiers": [f"plumbline_{broker.node}"], "name": broker.name, "model": "Plumbline"}
    whole = {
        **config,
        "unique_id": unique,
        "object_id": unique,
        "availability_topic": availability(broker, ONLINE).topic,
        "device": device,
    }
    return _as_json(f"{broker.discovery}/{kind}/{broker.node}/{key}/config", whole)


def _as_json(topic: str, payload: Mapping[str, Any], *, retained: bool = True) -> Message:
    return Message(topic, json.dumps(payload, ensure_ascii=False, allow_nan=False), retained)
