"""Expected against found, and whether a promise is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import PluginError
from kiosk.kit.checking import (
    CheckLine,
    Promise,
    Promises,
    Replay,
    broken_promises,
    read_promises,
    refuse_without_recordings,
    replayed,
    tally,
)
from kiosk.kit.robustness import DEGRADATIONS
from kiosk.movement.accuracy import Share

from .sets import CLEAN, KNEES_IN, golden, late_knees, squat


def line(one: Replay, slug: str) -> CheckLine:
    return next(line for line in one.lines if line.slug == slug)


def test_a_late_sign_is_a_hit_in_the_reps_that_show_it() -> None:
    one = replayed(late_knees(), squat())
    knees = line(one, "knees-in")
    assert one.is_exact
    assert (knees.expected, knees.expected_reps, knees.found_reps) == (True, (3, 4, 5), (3, 4, 5))
    assert knees.is_hit
    assert not knees.is_missed
    assert not knees.is_false


def test_a_labelled_sign_that_nobody_shows_is_missed_and_not_false() -> None:
    one = replayed(golden([CLEAN] * 5, signs=("knees-in",)), squat())
    assert line(one, "knees-in").is_missed
    assert tally([one]).hits == Share(0, 1)


def test_a_sign_in_what_is_labelled_clean_is_false() -> None:
    one = replayed(golden([KNEES_IN] * 5, not_signs=("knees-in", "knees-out")), squat())
    assert line(one, "knees-in").is_false
    assert tally([one]).false_signs == Share(1, 2)
    assert tally([one]).hits == Share(0, 0)


def test_what_is_not_labelled_counts_neither_way() -> None:
    one = replayed(golden([KNEES_IN] * 5), squat())
    knees = line(one, "knees-in")
    assert (knees.expected, knees.found.status) == (None, "sign")
    assert tally([one]).false_signs == Share(0, 0)


def test_what_needs_pictures_has_a_line_and_counts_neither_way() -> None:
    one = replayed(golden([CLEAN] * 5, signs=("feet-turn-out",)), squat())
    feet = line(one, "feet-turn-out")
    assert not feet.judged
    assert tally([one]).hits == Share(0, 0)


def test_a_miscounted_set_is_told() -> None:
    five = golden([CLEAN] * 5)
    six = replace(five, labels=replace(five.labels, reps=five.labels.reps * 2))
    one = replayed(six, squat())
    assert (one.expected, one.counted, one.is_exact) == (10, 5, False)
    assert tally([one, replayed(five, squat())]).exact == Share(1, 2)


def test_checks_of_other_views_have_no_line() -> None:
    assert {line.slug for line in replayed(late_knees(), squat()).lines}.isdisjoint({"forward-lean", "shallow-depth"})


def test_without_a_file_everything_is_promised_of_plain_recordings_alone(tmp_path: Path) -> None:
    assert read_promises(tmp_path, DEGRADATIONS) == Promises(Promise(1.0, 1.0, 0.0), {})


def test_a_promise_is_read_with_what_is_left_out_as_the_strictest(tmp_path: Path) -> None:
    text = "[promise]\nleast_hits_ratio = 0.9\n[degraded.noise]\nmost_false_ratio = 0.2\n"
    (tmp_path / "promise.toml").write_text(text)
    found = read_promises(tmp_path, DEGRADATIONS)
    assert found.plain == Promise(1.0, 0.9, 0.0)
    assert found.degraded == {"noise": Promise(1.0, 1.0, 0.2)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "promise: is missing"),
        ("[promise]\nleast_hits = 1\n", "promise.least_hits: is not a known key; did you mean 'least_hits_ratio'?"),
        ("[promise]\nleast_hits_ratio = 90\n", "promise.least_hits_ratio: must be a share from 0 to 1, not 90"),
        ("[promise]\n[degraded.fog]\n", "degraded.fog: is not a known key"),
        ("promise = 1\n", "promise: must be a table"),
    ],
)
def test_a_mistake_in_a_promise_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "promise.toml").write_text(text)
    with pytest.raises(PluginError) as told:
        read_promises(tmp_path, DEGRADATIONS)
    assert complaint in str(told.value)


def test_each_number_that_is_worse_than_promised_has_a_sentence() -> None:
    missed = replayed(golden([CLEAN] * 5, signs=("knees-in",), not_signs=("knees-out",)), squat())
    false = replayed(golden([KNEES_IN] * 5, not_signs=("knees-in",)), squat())
    faults = tally([missed, false]).broken(Promise())
    assert faults == [
        "0 of 1 labelled signs were found; promised are at least 100 %",
        "1 of 2 checks labelled as clean were called a sign; promised are at most 0 %",
    ]
    assert tally([missed, false]).broken(Promise(1.0, 0.0, 0.5)) == []


def test_nothing_labelled_breaks_no_promise() -> None:
    assert tally([]).broken(Promise()) == []


def test_a_promise_for_a_degraded_copy_is_held_too() -> None:
    good, bad = (
        tally([replayed(late_knees(), squat())]),
        tally([replayed(golden([CLEAN] * 3, signs=("knees-in",)), squat())]),
    )
    promises = Promises(Promise(), {"noise": Promise()})
    assert broken_promises(good, {"noise": good}, promises) == []
    (fault,) = broken_promises(good, {"noise": bad}, promises)
    assert fault.startswith("noise: 0 of 1 labelled signs were found")


def test_an_empty_folder_says_how_to_make_a_recording(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="kiosk record --exercise overhead-squat"):
        refuse_without_recordings([], "overhead-squat", tmp_path)
