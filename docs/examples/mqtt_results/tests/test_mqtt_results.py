"""What goes to the broker: messages as data, and then through a real mosquitto."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kiosk_mqtt_results import MqttResults, messages, plugin
from kiosk_mqtt_results.settings import Broker, broker_of

from kiosk import Light, PluginError

BROKER = Broker("192.0.2.5", node="front-desk")
REPORT = {
    "id": "abc",
    "exercise": "overhead-squat",
    "title": "Overhead squat",
    "pain": False,
    "reps": [{"complete": True}, {"complete": False}, {"complete": True}],
    "checks": [
        {"slug": "knees-in", "title": "Knees in", "status": "sign"},
        {"slug": "head-drops", "title": "Head drops", "status": "clear"},
    ],
    "score": {"value": 81, "low": 74, "high": 88, "seen": 7, "of": 12},
    "first": "knees-in",
    "notice": "No medical device.",
}
REP = {"number": 3, "view": "front", "score": 90, "signs": [], "verdicts": {"knees-in": "clear"}, "start_s": 1.0}


# -- messages ------------------------------------------------------------------------------------------------------


def test_a_result_is_told_in_short_and_kept_by_the_broker() -> None:
    message = messages.result(BROKER, REPORT)
    assert (message.topic, message.retained) == ("plumbline/front-desk/result", True)
    told = json.loads(message.payload)
    assert told == {
        "id": "abc",
        "exercise": "overhead-squat",
        "title": "Overhead squat",
        "reps": 2,
        "score": 81,
        "score_low": 74,
        "score_high": 88,
        "seen": 7,
        "of": 12,
        "pain": False,
        "signs": ["knees-in"],
        "first": "knees-in",
        "first_title": "Knees in",
        "notice": "No medical device.",
    }


def test_with_pain_nothing_is_scored_and_nothing_comes_first() -> None:
    score = {"value": None, "low": None, "high": None, "seen": 0, "of": 12}
    told = json.loads(messages.result(BROKER, {**REPORT, "pain": True, "score": score, "first": None}).payload)
    assert (told["pain"], told["score"], told["first"], told["first_title"]) == (True, None, None, "")


@pytest.mark.parametrize(
    ("signs", "verdicts", "verdict"),
    [
        ([], {"knees-in": "clear"}, "clean"),
        ([], {"knees-in": "clear", "head-drops": "unsure"}, "unsure"),
        ([], {}, "unsure"),
        (["knees-in"], {"knees-in": "sign"}, "sign"),
    ],
)
def test_a_rep_has_the_verdict_of_the_light_and_is_of_the_moment(
    signs: list[str], verdicts: dict[str, str], verdict: str
) -> None:
    message = messages.rep(BROKER, "overhead-squat", {**REP, "signs": signs, "verdicts": verdicts})
    assert not message.retained
    told = json.loads(message.payload)
    assert (told["verdict"], told["number"], told["exercise"]) == (verdict, 3, "overhead-squat")


def test_every_entity_of_the_device_reads_a_topic_that_is_published() -> None:
    published = {
        messages.result(BROKER, REPORT).topic,
        messages.rep(BROKER, "x", REP).topic,
        messages.light(BROKER, "idle").topic,
    }
    configs = {one.topic: json.loads(one.payload) for one in messages.discovery(BROKER)}
    assert len(configs) == 7
    assert len({config["unique_id"] for config in configs.values()}) == 7
    for topic, config in configs.items():
        prefix, kind, node, _, end = topic.split("/")
        assert (prefix, node, end) == ("homeassistant", "front-desk", "config")
        assert kind in ("sensor", "binary_sensor")
        assert config["state_topic"] in published
        assert config["availability_topic"] == messages.availability(BROKER, "online").topic
        assert config["device"]["identifiers"] == ["plumbline_front-desk"]


def test_every_template_takes_out_something_that_is_there() -> None:
    told = {
        one.topic: json.loads(one.payload)
        for one in (
            messages.result(BROKER, REPORT),
            messages.rep(BROKER, "x", REP),
            messages.light(BROKER, "trouble"),
        )
    }
    for one in messages.discovery(BROKER):
        config = json.loads(one.payload)
        name = config["value_template"].split("value_json.")[1].split()[0]
        assert name in told[config["state_topic"]], config["name"]


def test_without_a_prefix_nothing_is_announced() -> None:
    assert list(messages.discovery(Broker("b", discovery=""))) == []


# -- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "host: say where the broker is"),
        ({"host": ""}, "host: say where"),
        ({"host": 7}, "host: must be a text"),
        ({"host": "b", "port": "1883"}, "port: must be a whole number"),
        ({"host": "b", "port": True}, "port: must be a whole number"),
        ({"host": "b", "port": 70000}, "port: must be a number from 1 to 65535"),
        ({"host": "b", "tls": "yes"}, "tls: must be true or false"),
        ({"host": "b", "node": "front desk"}, "node: must be letters"),
        ({"host": "b", "topic": "gym/#"}, "topic: must be a topic"),
        ({"host": "b", "topic": "/gym"}, "topic: must be a topic"),
        ({"host": "b", "discovery": "home+"}, "discovery: must be a topic"),
        ({"host": "b", "user": "gym"}, "user: is not a setting"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(PluginError) as caught:
        broker_of(settings)
    assert said in str(caught.value)


def test_what_is_not_said_has_a_default() -> None:
    assert broker_of({"host": "192.0.2.5", "node": "front-desk"}) == BROKER


def test_what_the_entry_point_names_is_such_a_plugin() -> None:
    assert isinstance(plugin, MqttResults)


# -- through a real broker -----------------------------------------------------------------------------------------


class Nothing:
    """No stored results: the announcement needs none."""

    def newest(self) -> Iterator[dict[str, Any]]:
        return iter(())


@pytest.fixture
def made() -> Iterator[Callable[..., MqttResults]]:
    plugins: list[MqttResults] = []

    def make(port: int, **settings: Any) -> MqttResults:
        plugins.append(MqttResults())
        plugins[-1].kiosk_configure({"host": "127.0.0.1", "port": port, **settings})
        return plugins[-1]

    yield make
    for one in plugins:
        one.kiosk_light_changed(Light("off"))


Make = Callable[..., MqttResults]


def test_a_visit_comes_through_from_the_announcement_to_the_end(broker: Any, listen: Any, made: Make) -> None:
    heard, kiosk = listen(broker.port), made(broker.port)
    (job,) = kiosk.kiosk_register_jobs()
    job.run(Nothing())
    assert heard.wait("plumbline/kiosk/status") == ["online"]
    for key in ("score", "exercise", "reps", "first", "last_rep", "light"):
        (config,) = heard.wait(f"homeassistant/sensor/kiosk/{key}/config")
        assert config["device"]["name"] == "Plumbline kiosk"
    assert heard.wait("homeassistant/binary_sensor/kiosk/trouble/config")[0]["device_class"] == "problem"
    kiosk.kiosk_light_changed(Light("scan"))
    kiosk.kiosk_rep_finished("overhead-squat", dict(REP))
    kiosk.kiosk_scan_finished(dict(REPORT))
    assert heard.wait("plumbline/kiosk/light") == [{"pattern": "scan"}]
    assert heard.wait("plumbline/kiosk/rep")[0]["verdict"] == "clean"
    assert heard.wait("plumbline/kiosk/result")[0]["score"] == 81
    kiosk.kiosk_light_changed(Light("off"))
    assert heard.wait("plumbline/kiosk/status", 2) == ["online", "offline"]


def test_who_comes_later_gets_the_result_and_not_the_rep(broker: Any, listen: Any, made: Make) -> None:
    early, kiosk = listen(broker.port), made(broker.port)
    kiosk.announce(Nothing())
    kiosk.kiosk_rep_finished("overhead-squat", dict(REP))
    kiosk.kiosk_scan_finished(dict(REPORT))
    early.wait("plumbline/kiosk/result")
    late = listen(broker.port)
    assert late.wait("plumbline/kiosk/result")[0]["id"] == "abc"
    assert late.wait("plumbline/kiosk/status") == ["online"]
    assert late.of("plumbline/kiosk/rep") == []


def test_a_kiosk_that_breaks_off_is_said_to_be_away(broker: Any, listen: Any, made: Make) -> None:
    heard, kiosk = listen(broker.port), made(broker.port)
    kiosk.announce(Nothing())
    heard.wait("plumbline/kiosk/status")
    # Another kiosk of the same name takes the connection over: to the broker the first one has broken off.
    made(broker.port).announce(Nothing())
    assert "offline" in heard.wait("plumbline/kiosk/status", 2)


def test_a_result_waits_for_a_broker_that_is_away_and_what_is_of_the_moment_does_not(
    broker: Any, listen: Any, made: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk_mqtt_results.connection.WAIT_S", 0.2)
    broker.stop()
    kiosk = made(broker.port)
    with pytest.raises(OSError, match=r"the broker 127\.0\.0\.1:\d+ is not there"):
        kiosk.announce(Nothing())
    kiosk.kiosk_rep_finished("overhead-squat", dict(REP))
    kiosk.kiosk_light_changed(Light("result"))
    kiosk.kiosk_scan_finished(dict(REPORT))
    broker.start()
    heard = listen(broker.port)
    assert heard.wait("plumbline/kiosk/result")[0]["id"] == "abc"
    assert heard.of("plumbline/kiosk/rep") == heard.of("plumbline/kiosk/light") == []


def test_a_wrong_password_is_said_and_the_right_one_gets_in(
    start_broker: Any, listen: Any, made: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk_mqtt_results.connection.WAIT_S", 2.0)
    port = start_broker(password="open sesame").port
    with pytest.raises(OSError, match="Not authorized"):
        made(port, node="a", username="gym", password="guess").announce(Nothing())
    made(port, node="b", username="gym", password="open sesame").announce(Nothing())
    assert listen(port, "open sesame").wait("plumbline/b/status") == ["online"]


def test_before_it_is_configured_it_says_so_itself() -> None:
    with pytest.raises(RuntimeError, match="kiosk_configure"):
        MqttResults().kiosk_scan_finished(dict(REPORT))
