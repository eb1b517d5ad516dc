"""What open pages cost: two pipelines in turns, one of them read by pages of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.bench.pages import FRAMES_A_TURN, REST_S, GatedBoard, Readers, in_turns_with_pages, measure_pages
from kiosk.bench.readers import DeadReader, Reader, SlowReader
from kiosk.bench.speed import pages
from kiosk.cli import main
from kiosk.settings import Settings
from kiosk.station.live import LiveBoard, LiveView


@dataclass
class Clock:
    now_s: float = 0.0
    slept_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.now_s += seconds


@dataclass
class Work:
    """Frames that take twice as long while pages look, on a clock that all share."""

    clock: Clock
    board: GatedBoard
    steps: int = 0

    def fetch(self) -> None:
        self.clock.now_s += 0.5  # a decoder's time is not the pipeline's

    def step(self) -> None:
        self.steps += 1
        self.clock.now_s += 0.02 if self.board.watched else 0.01


def test_both_get_the_same_frames_in_turns_and_only_their_own_time_counts() -> None:
    clock, board = Clock(), GatedBoard()
    work = Work(clock, board)
    watched, alone = in_turns_with_pages(work, board, 60.0, clock=clock, sleep=clock.sleep)
    assert (watched.fps, alone.fps) == (pytest.approx(50.0), pytest.approx(100.0))
    assert watched.frames == alone.frames == work.steps // 2 - FRAMES_A_TURN
    assert clock.slept_s >= 2 * REST_S


def test_the_shortest_bench_has_one_turn_of_each() -> None:
    clock, board = Clock(), GatedBoard()
    both = in_turns_with_pages(Work(clock, board), board, 0.0, clock=clock, sleep=clock.sleep)
    assert [pace.frames for pace in both] == [FRAMES_A_TURN] * 2


def test_while_nobody_is_to_look_readers_get_nothing() -> None:
    board = GatedBoard()
    board.publish(LiveView(sequence=1))
    board.watched = False
    board.publish(LiveView(sequence=2))
    assert board.view.sequence == 1
    board.watched = True
    board.publish(LiveView(sequence=3))
    assert board.view.sequence == 3


@pytest.fixture
def watched() -> Iterator[tuple[LiveBoard, str]]:
    from kiosk.bench.speed import NoResults
    from kiosk.web.app import create_app
    from kiosk.web.server import serve

    board = LiveBoard()
    server = serve(create_app(board, NoResults(), show_picture=False, max_streams=4, about=dict), "127.0.0.1", 0)
    board.publish(LiveView(sequence=1))
    yield board, server.url
    server.close()


@pytest.mark.parametrize("kind", [Reader, SlowReader, DeadReader])
def test_every_kind_of_reader_opens_a_stream_and_lets_go_of_it(kind: type[Reader], watched) -> None:
    board, url = watched
    reader = kind(url)
    reader.start()
    assert reader.begun.wait(10)
    board.publish(LiveView(sequence=2))
    reader.stop()
    assert not reader.is_alive()
    assert (reader.events > 0) == (kind is not DeadReader)


def test_readers_that_never_read_do_not_hold_up_whoever_publishes() -> None:
    board = LiveBoard()
    board.publish(LiveView(sequence=1))
    with pages(board, 4, slow=1, dead=2) as events:
        for sequence in range(2, 3000):
            board.publish(LiveView(sequence=sequence, instruction="x" * 200))
    assert board.view.sequence == 2999
    assert events[0] >= 2


def test_the_numbers_name_what_was_measured(tmp_path: Path) -> None:
    numbers = measure_pages(Settings(state_dir=tmp_path), None, Readers(3, slow=1, dead=1), 0.1)
    assert (numbers["pages"], numbers["slow"], numbers["dead"]) == (3, 1, 1)
    assert numbers["frames"] >= 2 * FRAMES_A_TURN
    assert numbers["ratio"] == pytest.approx(numbers["pages_fps"] / numbers["alone_fps"], rel=0.02)
    assert numbers["events"] >= 2


def test_the_command_writes_json_alone_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", "pages", "--pages", "2", "--slow", "0", "--dead", "0", "--seconds", "1", "--json", "-"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["pages"] == 2


@pytest.mark.parametrize("words", [["--pages", "0"], ["--seconds", "x"], ["--dead", "-1"]])
def test_numbers_that_make_no_sense_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bench", "pages", *words])
    assert "a whole number" in capsys.readouterr().err


def test_more_bad_pages_than_pages_are_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "pages", "--pages", "3", "--slow", "2", "--dead", "2"]) != 0
    assert "give more --pages" in capsys.readouterr().err
