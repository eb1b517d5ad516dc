"""A light over the network, against a real HTTP server that answers as WLED does, or as it likes."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from kiosk_wled_light import Strip, WledLight, plugin, strip_of
from kiosk_wled_light.wled import BLINK, BREATHE, SOLID, effect_of, state_of

from kiosk import Light, PluginError

BREATH = Light("idle", (1.0, 1.0, 1.0), tuple(0.1 + 0.009 * k for k in range(100)), 0.04)
BLINKING = Light("ready", (0.0, 0.0, 1.0), (1.0, 0.0), 0.5)
TROUBLE = Light("trouble", (1.0, 0.0, 0.0), (1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0), 0.15)
AMBER = Light("unsure", (1.0, 0.45, 0.0))


class Server(ThreadingHTTPServer):
    """Remembers what was posted; ``answers`` is what it says to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posted: list[tuple[str, str, Any]] = []
        self.answers: tuple[int, bytes] = (200, b'{"success":true}')

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, self.headers["Content-Type"], json.loads(body)))
        code, said = self.server.answers
        self.send_response(code)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing in the tests' output."""


@pytest.fixture
def wled() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def light(wled: Server) -> WledLight:
    made = WledLight()
    made.kiosk_configure({"url": f"{wled.url}/", "brightness": 0.25, "segment": 2})
    return made


def test_a_change_is_posted_as_wleds_json(wled: Server, light: WledLight) -> None:
    light.kiosk_light_changed(AMBER)
    ((path, kind, state),) = wled.posted
    assert (path, kind) == ("/json/state", "application/json")
    assert (state["on"], state["bri"]) == (True, 64)
    (segment,) = state["seg"]
    assert (segment["id"], segment["fx"], segment["col"][0]) == (2, SOLID, [255, 115, 0])


def test_when_the_kiosk_ends_the_light_goes_off(wled: Server, light: WledLight) -> None:
    light.kiosk_light_changed(Light("off"))
    assert wled.posted[0][2] == {"on": False}


@pytest.mark.parametrize(
    "answers",
    [(200, b"<html>a router</html>"), (200, b'{"success":false}'), (200, b"[]"), (200, b""), (500, b""), (404, b"")],
)
def test_a_server_that_does_not_take_it_is_an_error_that_the_kiosk_can_name(
    wled: Server, light: WledLight, answers: tuple[int, bytes]
) -> None:
    wled.answers = answers
    with pytest.raises(OSError):
        light.kiosk_light_changed(AMBER)
    wled.answers = (200, b'{"success":true}')
    light.kiosk_light_changed(AMBER)


def test_a_light_that_is_away_is_an_error_and_nothing_hangs(wled: Server) -> None:
    away = WledLight()
    away.strip = Strip("http://127.0.0.1:9")
    with pytest.raises(OSError):
        away.kiosk_light_changed(AMBER)


def test_every_rhythm_has_its_effect() -> None:
    assert effect_of(AMBER)[0] == SOLID
    assert effect_of(BLINKING)[0] == effect_of(TROUBLE)[0] == BLINK
    assert effect_of(BREATH)[0] == BREATHE


def test_effects_run_at_the_kiosks_speed() -> None:
    assert (255 - effect_of(BLINKING)[1]) * 0.02 == pytest.approx(1.0, abs=0.02)
    assert (255 - effect_of(TROUBLE)[1]) * 0.02 == pytest.approx(0.6, abs=0.02)
    assert 65.5 / (effect_of(BREATH)[1] / 8 + 10) == pytest.approx(4.0, abs=0.1)


def test_speeds_stay_within_what_wled_knows() -> None:
    assert effect_of(Light("x", levels=(1.0, 0.0), step_s=60.0)) == (BLINK, 0)
    assert effect_of(Light("x", levels=(0.2, 0.7), step_s=0.01)) == (BREATHE, 255)


def test_a_dim_colour_is_dim_and_a_rhythm_has_its_full_one() -> None:
    dim = state_of(Light("scan", (0.0, 0.0, 0.25)), 1.0, 0)
    assert dim["seg"][0]["col"][0] == [0, 0, 64]
    assert state_of(BREATH, 1.0, 0)["seg"][0]["col"][0] == [255, 255, 255]
    assert state_of(AMBER, 0.001, 0)["bri"] == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "url: say where the light is"),
        ({"url": "192.0.2.7"}, "url: say where"),
        ({"url": "ftp://192.0.2.7"}, "url: say where"),
        ({"url": 7}, "url: say where"),
        ({"url": "http://wled", "brightness": 0}, "brightness: must be"),
        ({"url": "http://wled", "brightness": 128}, "brightness: must be"),
        ({"url": "http://wled", "segment": -1}, "segment: must be"),
        ({"url": "http://wled", "segment": 1.5}, "segment: must be"),
        ({"url": "http://wled", "colour": "red"}, "colour: is not a setting"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(PluginError) as caught:
        strip_of(settings)
    assert said in str(caught.value)


def test_what_is_not_said_has_a_default() -> None:
    assert strip_of({"url": "http://wled"}) == Strip("http://wled", 0.5, 0)


def test_what_the_entry_point_names_is_such_a_plugin() -> None:
    assert isinstance(plugin, WledLight)


def test_without_settings_it_does_nothing() -> None:
    light = WledLight()
    light.kiosk_light_changed(AMBER)
    assert light.strip is None
