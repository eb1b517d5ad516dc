"""What is said stays long enough to be read."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from kiosk_incline_push_up import incline_push_up

from kiosk.station.asks import CUE_LEAST_S, CUE_S, NOTICE_S, SAID_S, CueHold, Steady
from kiosk.station.framing import CROWD, HALF, TOO_FAR, Ask

FIRST, SECOND, THIRD = incline_push_up.checks[:3]


def test_the_first_instruction_is_said_at_once() -> None:
    assert Steady().show(HALF, 10.0) is HALF


def test_what_is_said_stays_and_the_next_comes_when_it_has_been_so_for_a_moment() -> None:
    asks = Steady()
    asks.show(HALF, 0.0)
    assert asks.show(TOO_FAR, 0.3) is HALF
    assert asks.show(TOO_FAR, SAID_S - 0.01) is HALF
    assert asks.show(TOO_FAR, SAID_S) is TOO_FAR


def test_what_comes_and_goes_is_not_said() -> None:
    asks = Steady()
    shown = [asks.show(HALF if k % 4 else TOO_FAR, 10 + k * NOTICE_S / 3) for k in range(1, 200)]
    assert set(shown) == {HALF}


def test_something_urgent_is_said_at_once() -> None:
    asks = Steady()
    asks.show(HALF, 0.0)
    assert asks.show(CROWD, 0.1, at_once=True) is CROWD


@given(st.lists(st.sampled_from([HALF, TOO_FAR, CROWD, Ask(None, "Hold it")]), min_size=1, max_size=300))
def test_whatever_happens_every_sentence_can_be_read(wanted: list[Ask]) -> None:
    asks = Steady()
    shown = [asks.show(ask, k / 30).says for k, ask in enumerate(wanted)]
    runs = [len(list(run)) / 30 for _, run in itertools.groupby(shown)]
    assert all(run >= SAID_S - 0.04 for run in runs[:-1])


def test_a_cue_stays_and_then_goes() -> None:
    cue = CueHold()
    cue.offer(FIRST, 0.0)
    assert (cue.at(0.0), cue.at(CUE_S - 0.01), cue.at(CUE_S)) == (FIRST, FIRST, None)


def test_a_newer_cue_waits_until_the_first_has_been_read_and_of_two_the_newest_comes() -> None:
    cue = CueHold()
    cue.offer(FIRST, 0.0)
    cue.offer(SECOND, 1.0)
    cue.offer(THIRD, 2.0)
    assert cue.at(CUE_LEAST_S - 0.01) is FIRST
    assert cue.at(CUE_LEAST_S) is THIRD


def test_a_clean_rep_takes_back_the_cue_that_waits_and_not_the_one_that_is_read() -> None:
    cue = CueHold()
    cue.offer(FIRST, 0.0)
    cue.offer(SECOND, 1.0)
    cue.offer(None, 2.0)
    assert (cue.at(3.5), cue.at(CUE_S)) == (FIRST, None)


def test_the_same_cue_again_stays_longer() -> None:
    cue = CueHold()
    cue.offer(FIRST, 0.0)
    cue.offer(FIRST, 2.0)
    assert (cue.at(2.0 + CUE_S - 0.01), cue.at(2.0 + CUE_S)) == (FIRST, None)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.floats(0.3, 6))
def test_however_the_reps_follow_no_cue_goes_before_it_could_be_read(reps: list[int], rep_s: float) -> None:
    cue, shown = CueHold(), []
    for k in range(round((len(reps) * rep_s + 12) * 30)):
        due = int(k / 30 / rep_s)
        if due < len(reps) and (k == 0 or int((k - 1) / 30 / rep_s) < due):
            cue.offer((FIRST, SECOND, THIRD, None)[reps[due]], k / 30)
        found = cue.at(k / 30)
        shown.append(None if found is None else found.slug)
    runs = [(slug, len(list(run)) / 30) for slug, run in itertools.groupby(shown)]
    assert all(run >= CUE_LEAST_S - 0.04 for slug, run in runs if slug is not None)


def test_an_ask_is_told_apart_by_its_code_too() -> None:
    assert replace(HALF, hint="dark") != HALF
