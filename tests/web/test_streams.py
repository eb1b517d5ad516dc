"""The stream of views by itself, with views and a clock of the test's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from itertools import islice

import pytest

from kiosk.station.live import LiveView
from kiosk.web.streams import EVENTS_PER_S, HEARTBEAT_S, LOOK_S, SPACING_S, StreamSlots, live_events


class Script:
    """Views by a script, None for a wait that ended with nothing. Waiting and sleeping moves the clock."""

    def __init__(self, views: Iterable[LiveView | None]) -> None:
        self.views = iter(views)
        self.now_s = 0.0
        self.asked_after: list[int] = []
        self.slept_s: list[float] = []
        self.over = False

    def wait(self, after: int, timeout_s: float) -> LiveView | None:
        self.asked_after.append(after)
        try:
            view = next(self.views)
        except StopIteration:
            self.over = True
            return None
        if view is None:
            self.now_s += timeout_s
        return view

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds

    def events(self) -> list[bytes]:
        return list(live_events(self, lambda: self.over, lambda: self.now_s, self.sleep))


def test_a_quiet_stream_gives_a_sign_of_life_every_two_seconds() -> None:
    quiet = Script([None] * round(3 * HEARTBEAT_S / LOOK_S))
    assert HEARTBEAT_S <= 2.0
    assert quiet.events() == [b"retry: 1000\n\n"] + [b": still here\n\n"] * 3


def test_a_view_puts_the_sign_of_life_off() -> None:
    almost = round(HEARTBEAT_S / LOOK_S) - 1
    stream = Script([*[None] * almost, LiveView(sequence=1), *[None] * almost])
    assert [event[:4] for event in stream.events()] == [b"retr", b"id: "]


def test_events_of_a_pipeline_without_a_pace_are_spaced() -> None:
    stream = Script([LiveView(sequence=n) for n in range(1, 10)])
    stream.events()
    assert stream.slept_s == pytest.approx([SPACING_S] * 9)
    assert SPACING_S >= 1 / 100


class Paced(Script):
    """A pipeline that shows a view every ``1 / fps`` seconds; sleeps last a millisecond longer than asked."""

    def __init__(self, fps: float, views: int) -> None:
        super().__init__(())
        self.fps, self.last = fps, views

    def wait(self, after: int, timeout_s: float) -> LiveView | None:
        newest = int(self.now_s * self.fps + 1e-6)
        if newest <= after:
            newest = after + 1
            self.now_s = newest / self.fps
        self.over = newest >= self.last
        return LiveView(sequence=newest)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds + 0.001)


@pytest.mark.parametrize("fps", [15.0, 24.0, 30.0, 60.0])
def test_every_view_of_a_cameras_pipeline_reaches_the_page(fps: float) -> None:
    stream = Paced(fps, views=300)
    ids = [event.split(b"\n")[0] for event in stream.events()[1:]]
    assert ids == [b"id: %d" % n for n in range(301)]


def test_each_wait_is_for_something_newer_than_what_was_sent() -> None:
    stream = Script([LiveView(sequence=5), None, LiveView(sequence=8)])
    stream.events()
    assert stream.asked_after == [-1, 5, 5, 8]


def test_an_event_is_one_line_of_data_with_the_sequence_as_its_id() -> None:
    view = LiveView(sequence=3, instruction="a\nb")
    event = Script([view]).events()[1]
    assert event == b"id: 3\ndata: " + view.as_json + b"\n\n"
    assert event.count(b"\n") == 3


def test_the_stream_ends_when_its_browser_has_gone() -> None:
    answers = iter([False, False, True])
    stream = live_events(Script([LiveView(sequence=1), LiveView(sequence=2)]), lambda: next(answers))
    assert len(list(islice(stream, 10))) == 3


def count_taken(slots: StreamSlots, tries: int, take: Callable[[StreamSlots], bool]) -> int:
    taken: list[bool] = []
    threads = [threading.Thread(target=lambda: taken.append(take(slots))) for _ in range(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(taken)


def test_no_more_places_are_given_than_there_are_however_many_ask_at_once() -> None:
    slots = StreamSlots(4)
    assert count_taken(slots, 16, lambda s: s.take(own_screen=False)) == 3
    assert count_taken(slots, 16, lambda s: s.take(own_screen=True)) == 1
    slots.free(own_screen=False)
    assert slots.taken == 3


def test_a_single_place_is_for_whoever_comes_first() -> None:
    slots = StreamSlots(1)
    assert slots.take(own_screen=False)
    assert not slots.take(own_screen=True)


def test_a_page_of_the_kiosk_gets_every_view_and_a_looker_on_ten_a_second() -> None:
    slots = StreamSlots(24)
    slots.take(own_screen=True)
    slots.take(own_screen=False)
    assert slots.spacing_s(own_screen=True) == SPACING_S
    assert slots.spacing_s(own_screen=False) == pytest.approx(1 / 10)


@pytest.mark.parametrize("own_screen", [True, False])
def test_however_many_pages_are_open_they_get_no_more_events_together(own_screen: bool) -> None:
    slots = StreamSlots(200)
    for _ in range(150):
        slots.take(own_screen)
    assert 150 / slots.spacing_s(own_screen) == pytest.approx(EVENTS_PER_S)
    for _ in range(149):
        slots.free(own_screen)
    assert 1 / slots.spacing_s(own_screen) <= 100


def test_lookers_on_do_not_slow_the_kiosks_own_page() -> None:
    slots = StreamSlots(200)
    slots.take(own_screen=True)
    for _ in range(150):
        slots.take(own_screen=False)
    assert slots.spacing_s(own_screen=True) == SPACING_S


def test_a_stream_follows_the_spacing_as_it_changes() -> None:
    views, spacings = Script([LiveView(sequence=n) for n in range(1, 4)]), iter((0.01, 0.1, 0.5))
    list(live_events(views, lambda: views.over, lambda: views.now_s, views.sleep, spacing_s=lambda: next(spacings)))
    assert views.slept_s == pytest.approx([0.01, 0.1, 0.5])
