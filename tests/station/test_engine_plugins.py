"""The loop goes on whatever a plugin does, and tells those who look on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from kiosk_overhead_squat import overhead_squat

from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import Pose
from kiosk.plugins.watch import Fault, Watch
from kiosk.station.observers import Observers

from .stations import Station, empty, timed, visit
from .visits import EXERCISES, push_ups, squats, standing

PUSH_UP = EXERCISES[1]


@dataclass
class Onlooker(Observers):
    """Remembers what the loop tells."""

    reps: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)

    def rep_finished(self, exercise: str, rep: dict[str, Any]) -> None:
        self.reps.append((exercise, rep))

    def scan_finished(self, report: dict[str, Any]) -> None:
        self.reports.append(report)


def breaks_after(calls: int, function: Callable[..., Any], answer: object = None) -> Callable[..., Any]:
    """The function for so many calls; then it raises, or gives this answer."""
    count = 0

    def call(*words: Any) -> Any:
        nonlocal count
        count += 1
        if count <= calls:
            return function(*words)
        if answer is None:
            raise ValueError("out of luck")
        return answer

    return call


def station(bad: Exercise, *others: Exercise) -> tuple[Station, list[Fault]]:
    faults: list[Fault] = []
    watch = Watch(faults.append)
    exercises = (watch.guard("bad", bad), *(watch.guard(one.slug, one) for one in others))
    return Station(exercises=exercises, watch=watch), faults


@pytest.mark.parametrize("answer", [None, math.inf, "deep"], ids=["raises", "infinite", "a text"])
def test_the_visit_of_a_plugin_that_goes_wrong_ends_with_a_word_and_without_a_result(answer: object) -> None:
    bad = replace(overhead_squat, effort=breaks_after(60, overhead_squat.effort, answer))
    here, faults = station(bad, PUSH_UP)
    here.run(timed(empty(0.5), squats(5), empty(5.0)))
    assert len(faults) == 1
    assert here.store.stored == {}
    shown = [view.instruction for view in here.board.views]
    assert "This exercise is out of order." in shown
    assert here.states[-1] == "idle"
    assert any(said.startswith("Plugin bad: effort of 'overhead-squat'") for said in here.board.view.problems)


def test_after_it_another_exercise_is_scanned_to_its_result() -> None:
    bad = replace(overhead_squat, effort=breaks_after(60, overhead_squat.effort))
    here, _ = station(bad, PUSH_UP)
    here.run(timed(empty(0.5), squats(3), empty(6.0), push_ups(3), empty(16.0)))
    assert [report["exercise"] for report in here.store.stored.values()] == ["incline-push-up"]


def test_an_exercise_out_of_order_is_not_offered_again() -> None:
    bad = replace(overhead_squat, effort=breaks_after(60, overhead_squat.effort))
    here, _ = station(bad, PUSH_UP)
    here.run(timed(empty(0.5), squats(3), empty(6.0), squats(3), empty(6.0)))
    assert here.states.count("scan") == 1
    assert here.store.stored == {}


def test_a_visit_of_another_exercise_notices_nothing() -> None:
    """The broken one is asked for its starting posture while the other one is being done, and before."""
    for calls in (0, 3, 8):
        bad = replace(overhead_squat, slug="bad", start=breaks_after(calls, lambda _: False))
        here, faults = station(bad, overhead_squat)
        plain = Station().run(visit())
        here.run(visit())
        assert [fault.plugin for fault in faults] == ["bad"]
        (report,), (expected,) = here.store.stored.values(), plain.store.stored.values()
        assert report == expected
        assert here.states == plain.states


def test_an_error_while_a_visit_is_judged_costs_the_values_and_not_the_result() -> None:
    def only_knees(*_: Pose) -> float:
        raise ValueError("no knees")

    # Left against right is looked at only when all is over; what is looked at in each rep is found out there.
    sides = tuple(replace(one, of_side=only_knees) for one in overhead_squat.sides)
    here, faults = station(replace(overhead_squat, sides=sides))
    here.run(visit())
    assert [fault.kind for fault in faults] == ["raised"]
    (report,) = here.store.stored.values()
    assert sum(one["complete"] for one in report["reps"]) == 10
    assert report["score"]["value"] is not None
    assert any(note.startswith("The plugin of this exercise made an error") for note in report["notes"])
    assert here.states[-3:] == ["pain", "result", "idle"]


def test_with_no_exercise_left_the_kiosk_stays_up_and_says_so() -> None:
    here, _ = station(replace(overhead_squat, start=breaks_after(0, lambda _: True)))
    here.run(timed(empty(0.5), standing(4.0)))
    assert "No exercise is installed" in [view.instruction for view in here.board.views]


def test_observers_are_told_each_rep_and_the_stored_report() -> None:
    onlooker = Onlooker()
    here = Station(observers=onlooker).run(visit())
    assert [(slug, rep["number"]) for slug, rep in onlooker.reps] == [
        ("overhead-squat", number) for number in (*range(1, 6), *range(1, 6))
    ]
    assert {rep["view"] for _, rep in onlooker.reps} == {"front", "side"}
    ((key, stored),) = here.store.stored.items()
    assert onlooker.reports == [{**stored, "id": key}]


def test_a_visit_without_a_result_is_not_told() -> None:
    onlooker = Onlooker()
    Station(observers=onlooker).run(timed(empty(0.5), standing(4.0), empty(4.0)))
    assert (onlooker.reps, onlooker.reports) == ([], [])
