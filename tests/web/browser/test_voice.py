"""The kiosk's voice and its tones, in a real browser that has no voice of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kiosk.station.live import LiveBoard, LiveView
from kiosk.web import voice
from kiosk.web.language import find_languages

from .conftest import CHROMIUM, Screen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which(voice.PROGRAM) is None, reason="espeak-ng is not installed: .ci/setup tests"),
]

#: Remembers each sound as it starts: speech with its seconds, a note with its pitch.
LISTEN = """
window.heard = [];
for (const [kind, of, what] of [
  ["speech", AudioBufferSourceNode, (node) => node.buffer.duration],
  ["note", OscillatorNode, (node) => node.frequency.value],
]) {
  const start = of.prototype.start;
  of.prototype.start = function (...more) {
    window.heard.push([kind, what(this), this.context.state]);
    return start.apply(this, more);
  };
}
// The newest view that the page was shown: the listener comes before the page's own.
const Source = EventSource;
window.EventSource = class extends Source {
  constructor(...more) {
    super(...more);
    this.addEventListener("message", ({ data }) => (window.newest = JSON.parse(data).sequence));
  }
};
// This browser may have a voice or not: here it has none.
Object.defineProperty(window, "speechSynthesis", { value: undefined });
"""
LONG = "Step back a little, then a little more, and a little more again, until all of you is there"
FRAMING = LiveView(sequence=1, state="framing", instruction="Step back a little", hint="too-near")


class Room:
    """The kiosk's screen with somebody in front of it who listens."""

    def __init__(self, screen: Screen, board: LiveBoard) -> None:
        self.screen, self.board = screen, board
        self.sequence = 10
        screen.page.add_init_script(LISTEN)
        screen.page.reload()
        screen.asked.clear()

    def touch(self) -> Room:
        """The first touch: browsers give no sound before it."""
        self.screen.page.mouse.click(300, 300)
        return self

    def publish(self, view: LiveView, times: int = 1) -> None:
        for _ in range(times):
            self.sequence += 1
            self.board.publish(replace(view, sequence=self.sequence))
            self.screen.until(f"() => window.newest >= {self.sequence}")

    def hears(self, kind: str, count: int = 1) -> list[Any]:
        """Wait for so many sounds of a kind; returns all of them."""
        self.screen.until(f"() => window.heard.filter((one) => one[0] === '{kind}').length >= {count}")
        return [one for one in self.screen.page.evaluate("() => window.heard") if one[0] == kind]

    @property
    def said(self) -> list[tuple[str, str]]:
        """What was asked for to be spoken: the address and the words."""
        asked = [urlsplit(url) for url in self.screen.asked if "/voice/" in url and "text=" in url]
        return [(url.path, parse_qs(url.query)["text"][0]) for url in asked]

    def silence(self) -> None:
        self.screen.until("() => !document.getElementById('voice').dataset.saying")


@pytest.fixture
def room(
    open_page: Callable[..., Screen], served: Callable[..., Any], board: LiveBoard
) -> Iterator[Callable[..., Room]]:
    server = served(languages=find_languages())
    board.publish(LiveView(sequence=1, state="idle", instruction="Step in front of the camera"))

    def enter(query: str = "") -> Room:
        return Room(open_page(server.url + query), board)

    yield enter


def test_an_instruction_is_spoken_once_however_many_views_repeat_it(room: Callable[..., Room]) -> None:
    here = room().touch()
    here.publish(FRAMING, 10)
    ((_, seconds, state),) = here.hears("speech")
    assert 0.5 < seconds < 5
    assert state == "running"
    here.silence()
    here.publish(FRAMING, 10)
    assert here.said == [("/voice/en.wav", "Step back a little")]
    assert len(here.hears("speech")) == 1
    assert here.screen.complaints == []


def test_time_goes_on_while_it_speaks(room: Callable[..., Room]) -> None:
    here = room().touch()
    here.publish(replace(FRAMING, instruction=LONG))
    here.hears("speech")
    assert here.screen.page.evaluate("() => document.getElementById('voice').dataset.saying") == LONG
    here.silence()


def test_an_empty_room_is_not_talked_to(room: Callable[..., Room]) -> None:
    here = room().touch()
    here.publish(LiveView(state="idle", instruction="Too dark to see: more light, please", hint="dark"), 5)
    here.publish(FRAMING)
    here.hears("speech")
    assert [words for _, words in here.said] == ["Step back a little"]


def test_each_rep_has_a_tone_and_its_number_and_then_the_cue(room: Callable[..., Room]) -> None:
    here = room().touch()
    scan = LiveView(state="scan", instruction="Do ten push-ups", target_reps=10, coached=True)
    here.publish(scan)
    here.hears("speech", 1)
    here.silence()
    here.publish(replace(scan, reps=1, cue="Tuck your tailbone"), 4)
    assert here.hears("note")[0][1] == pytest.approx(880, abs=1)
    here.hears("speech", 3)
    assert [words for _, words in here.said] == ["Do ten push-ups", "1", "Tuck your tailbone"]
    assert len(here.hears("note")) == 1


def test_of_what_changed_while_it_spoke_only_the_newest_is_said(room: Callable[..., Room]) -> None:
    here = room().touch()
    here.publish(replace(FRAMING, instruction=LONG))
    here.hears("speech")
    here.publish(replace(FRAMING, instruction="Come a little closer"))
    here.publish(replace(FRAMING, instruction="Step to your left"))
    here.hears("speech", 2)
    here.silence()
    assert [words for _, words in here.said] == [LONG, "Step to your left"]


def test_the_button_silences_it_and_the_choice_is_kept(room: Callable[..., Room]) -> None:
    here = room().touch()
    button = here.screen.page.locator("#voice")
    assert (button.get_attribute("aria-pressed"), button.inner_text()) == ("true", "Voice on")
    button.click()
    assert (button.get_attribute("aria-pressed"), button.inner_text()) == ("false", "Voice off")
    here.publish(FRAMING, 5)
    here.publish(LiveView(state="ready", instruction="Hold it"), 5)
    here.screen.page.reload()
    here.touch()
    here.publish(FRAMING, 5)
    assert button.get_attribute("aria-pressed") == "false"
    assert here.said == []
    assert here.screen.page.evaluate("() => window.heard") == []


def test_switched_on_again_it_says_only_what_is_new(room: Callable[..., Room]) -> None:
    here = room().touch()
    button = here.screen.page.locator("#voice")
    button.click()
    here.publish(FRAMING, 3)
    button.click()
    here.publish(FRAMING, 3)
    here.publish(replace(FRAMING, instruction="Come a little closer"), 3)
    here.hears("speech")
    assert [words for _, words in here.said] == ["Come a little closer"]


def test_trouble_has_a_falling_tone(room: Callable[..., Room]) -> None:
    here = room().touch()
    here.publish(LiveView(state="trouble", instruction="The camera is away", camera="No frames come."), 3)
    first, second = (pitch for _, pitch, _ in here.hears("note", 2))
    assert first > second


def test_in_german_it_speaks_german(room: Callable[..., Room]) -> None:
    here = room("?lang=de").touch()
    here.publish(FRAMING)
    here.hears("speech")
    ((path, words),) = here.said
    assert path == "/voice/de.wav"
    assert words != "Step back a little"


def test_before_the_first_touch_nothing_is_asked_for_and_then_what_stands_there_is_said(
    room: Callable[..., Room],
) -> None:
    here = room()
    here.publish(FRAMING, 5)
    assert here.said == []
    here.publish(replace(FRAMING, instruction="Come a little closer"), 3)
    here.touch()
    here.hears("speech")
    assert [words for _, words in here.said] == ["Come a little closer"]


def test_a_kiosk_that_cannot_speak_is_asked_once_and_gives_tones(room: Callable[..., Room], monkeypatch) -> None:
    monkeypatch.setattr(voice.shutil, "which", lambda _name: None)
    here = room().touch()
    here.publish(FRAMING)
    here.screen.page.wait_for_timeout(300)
    here.publish(LiveView(state="ready", instruction="Hold it"), 3)
    here.hears("note", 2)
    assert len(here.said) == 1


def test_in_a_kiosks_browser_it_speaks_without_a_touch(
    browser: Any, served: Callable[..., Any], board: LiveBoard
) -> None:
    server = served()
    flags = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
    kiosk = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    try:
        screen = Screen(kiosk.new_page())
        screen.page.on("request", lambda request: screen.asked.append(request.url))
        screen.page.goto(server.url)
        here = Room(screen, board)
        here.publish(FRAMING, 3)
        here.hears("speech")
        assert [words for _, words in here.said] == ["Step back a little"]
    finally:
        kiosk.close()
