"""The pages of the kit: complete, safe, and drawn by ourselves."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from kiosk.kit.checking import Tally, replayed, tally
from kiosk.kit.page import Checked, check_page, tune_page
from kiosk.kit.plots import separation_svg, signal_svg
from kiosk.kit.tables import aligned, numbers_text, strip
from kiosk.kit.tuning import LabelledValue, Limits, labelled_values, tunable, would_say
from kiosk.movement.accuracy import Share
from kiosk.testing import Squatter

from .sets import CLEAN, golden, late_knees, squat

SVG = "{http://www.w3.org/2000/svg}"
LATE = replayed(late_knees(), squat())
KNEES = tunable(squat(), "knees-in")


def drawn(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def classes(picture: ElementTree.Element) -> list[str]:
    return [name for element in picture.iter() for name in (element.get("class") or "").split()]


def test_the_signal_shows_the_phases_of_each_counted_rep() -> None:
    found = classes(drawn(signal_svg(LATE, "signal")))
    assert [found.count(name) for name in ("descent", "bottom", "ascent")] == [5, 5, 5]
    assert "trace" in found
    assert "labelled" not in found


def test_labelled_reps_stand_over_the_signal_where_their_times_are_known() -> None:
    one = late_knees()
    reps = tuple(replace(rep, start_s=1.0 + k, end_s=1.5 + k) for k, rep in enumerate(one.labels.reps))
    timed = replayed(replace(one, labels=replace(one.labels, reps=reps)), squat())
    assert classes(drawn(signal_svg(timed, "signal"))).count("labelled") == 5


def test_an_attempt_says_why_it_was_not_counted() -> None:
    cut = golden([CLEAN] * 3)
    half = replace(cut, track=cut.track.part(0, len(cut.track) - 75))
    picture = drawn(signal_svg(replayed(half, squat()), "signal"))
    (attempt,) = [element for element in picture.iter(f"{SVG}rect") if "attempt" in (element.get("class") or "")]
    assert "it did not come back to the top" in "".join(attempt.itertext())


def test_a_signal_that_was_never_seen_is_an_empty_plot() -> None:
    one = golden([CLEAN])
    one.track.xy[:] = float("nan")
    assert "trace" not in classes(drawn(signal_svg(replayed(one, squat()), "signal")))


def test_a_gap_in_the_signal_is_a_gap_in_the_line() -> None:
    one = golden([CLEAN] * 3)
    one.track.xy[100:140] = float("nan")
    assert classes(drawn(signal_svg(replayed(one, squat()), "signal"))).count("trace") == 2


def test_each_labelled_rep_is_a_mark_whose_shape_tells_its_kind() -> None:
    values = labelled_values([LATE], KNEES)
    picture = drawn(separation_svg(values, [("now", Limits(1.0, 0.89)), ("new", Limits(1.1, 0.8))], "reps"))
    marks = [e for e in picture.iter() if "dot" in (e.get("class") or "")]
    assert [(mark.tag, mark.get("class")) for mark in marks].count((f"{SVG}path", "dot sign")) == 3
    assert [(mark.tag, mark.get("class")) for mark in marks].count((f"{SVG}circle", "dot clear")) == 2
    assert classes(picture).count("zone") == 6


def test_without_a_label_there_is_no_plot() -> None:
    unlabelled = [LabelledValue("a", 1, 0.9, None)]
    assert separation_svg(unlabelled, [], "reps") == ""
    assert list(strip(KNEES, unlabelled, [])) == []


def test_names_cannot_break_out_of_the_page() -> None:
    bad = '<script>alert(1)</script>"'
    values = [LabelledValue(bad, 1, 0.9, True), LabelledValue("b", 1, 1.2, False)]
    assert "<script" not in separation_svg(values, [(bad, Limits(1.0, 0.9))], bad)
    page = check_page([checked(replayed(golden([CLEAN] * 3, name=bad), squat()))])
    assert "<script" not in page


def checked(*replays: object, broken: tuple[str, ...] = ()) -> Checked:
    found = [one for one in replays if isinstance(one, type(LATE))]
    return Checked(squat(), found, tally(found), {"noise": Tally(Share(1, 2), Share(0, 0), Share(0, 3))}, broken)


def test_the_page_holds_every_table_plot_and_verdict_and_needs_nothing_else() -> None:
    page = check_page([checked(LATE, broken=("1 of 2 recordings were counted exactly",))])
    assert "1 of 2 recordings were counted exactly" in page
    assert page.count("<svg") == 1 + sum(1 for line in LATE.lines if line.found.per_rep)
    assert "noise of 2 % of a torso" in page
    assert "needs pictures" in page
    assert not re.search(r"https?://|<script|<link|url\(", page)
    assert "It keeps its promise." in check_page([checked(LATE)])


def test_a_missed_sign_stands_out_in_the_page() -> None:
    page = check_page([checked(replayed(golden([CLEAN] * 5, signs=("knees-in",)), squat()))])
    assert '<td data-of="Verdict" class="missed">MISSED</td>' in page


def test_the_page_of_a_limit_has_the_plot_and_what_both_pairs_say() -> None:
    values, now, new = labelled_values([LATE], KNEES), Limits(1.0, 0.89), Limits(1.1, 0.8)
    said = [(name, would_say(KNEES, [LATE], values)) for name in ("now", "new")]
    page = tune_page(squat(), KNEES, values, [("now", now), ("new", new)], said, ["Five reps."])
    assert "Five reps." in page
    assert page.count("<svg") == 1
    assert re.search(r'<th scope="row">new</th><td data-of="Clear">1.1</td><td data-of="Sign">0.8</td>', page)


def test_a_two_sided_value_is_drawn_by_its_size() -> None:
    shift = tunable(squat(), "weight-shift")
    one = replayed(golden([Squatter(shift=-0.3)] * 5, signs=("weight-shift",)), squat())
    values = labelled_values([one], shift)
    assert all(value.value < 0 for value in values)
    plot = list(strip(shift, values, [("now", Limits(0.07, 0.1))]))
    assert plot[-1].strip().startswith("0.07")
    assert "whichever way it goes" in tune_page(squat(), shift, values, [("now", Limits(0.07, 0.1))], [], [])


@pytest.mark.parametrize(
    ("numbers", "text"), [((), "-"), ((1,), "1"), ((1, 2, 3, 5), "1-3 5"), ((2, 4, 6, 7), "2 4 6-7")]
)
def test_runs_of_reps_are_joined(numbers: tuple[int, ...], text: str) -> None:
    assert numbers_text(numbers) == text


def test_columns_are_aligned() -> None:
    assert list(aligned(("a", "bb"), [("xxx", "y")])) == ["a    bb", "xxx  y"]


def test_more_reps_than_nine_in_a_place_are_a_plus() -> None:
    values = [LabelledValue("a", k, 0.5, True) for k in range(12)] + [LabelledValue("b", 1, 1.5, False)]
    sign, clean, *_ = strip(KNEES, values, [])
    assert "+" in sign
    assert "1" in clean
