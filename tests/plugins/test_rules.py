"""An exercise that makes no sense is found out at the start, not in front of a member."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk.errors import PluginError
from kiosk.movement.exercise import Exercise
from kiosk.movement.reps import Phase, RepPercentile
from kiosk.plugins import load_plugins
from kiosk.plugins.rules import refuse_unsound, try_out
from kiosk.plugins.watch import Watch
from tests.plugins.written import Write, good, problem


@pytest.mark.parametrize("exercise", [overhead_squat, incline_push_up], ids=lambda one: one.slug)
def test_our_exercises_are_sound(exercise: Exercise) -> None:
    assert refuse_unsound(exercise) is exercise


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"slug": "Split Squat"}, "the slug 'Split Squat' must be small letters, digits and single hyphens"),
        ({"slug": 7}, "the slug 7 must be"),
        ({"title": ""}, "title must be a text, not ''"),
        ({"start_ask": None}, "start_ask must be a text, not None"),
        ({"least_range": float("nan")}, "least_range must be a number above 0, not nan"),
        ({"least_range": float("inf")}, "least_range must be a number above 0, not inf"),
        ({"shortest_s": "0.5"}, "shortest_s must be a number above 0, not '0.5'"),
        ({"shortest_s": True}, "shortest_s must be a number above 0, not True"),
        ({"passes": ()}, "passes must be a tuple of Pass and not empty"),
        ({"passes": list(overhead_squat.passes)}, "passes must be a tuple of Pass"),
        ({"passes": ("front",)}, "passes holds str, and must hold Pass"),
        ({"checks": ({},)}, "checks holds dict, and must hold Check"),
        ({"sides": (len,)}, "sides holds builtin_function_or_method, and must hold SideMeasure"),
        ({"hold": 30}, "hold must be a Hold, not int"),
        ({"start": None}, "start must be a function, not NoneType"),
        ({"effort": 0.5}, "effort must be a function, not float"),
        ({"checks": overhead_squat.checks[:1] * 2}, "is declared 2 times: each slug may be used once"),
    ],
)
def test_nonsense_is_refused_with_the_field_and_what_it_must_be(changed: dict[str, object], reason: str) -> None:
    exercise = replace(overhead_squat, **changed)  # type: ignore[arg-type] # that is what is tried here
    with pytest.raises(PluginError) as caught:
        refuse_unsound(exercise)
    assert reason in str(caught.value)


def test_a_check_without_its_function_is_refused() -> None:
    checks = tuple(replace(one, measure=None) if one.slug == "knees-in" else one for one in overhead_squat.checks)
    with pytest.raises(PluginError, match="the measure of the check 'knees-in' must be a function"):
        refuse_unsound(replace(overhead_squat, checks=checks))


def with_percentile(measure: object, phase: Phase) -> Exercise:
    whole = RepPercentile(measure, 90)  # type: ignore[arg-type] # that is what is tried here
    changed = {"knees-in": {"measure": whole, "phase": phase}}
    checks = (replace(one, **changed.get(one.slug, {})) for one in overhead_squat.checks)  # type: ignore[arg-type] # by name
    return replace(overhead_squat, checks=tuple(checks))


@pytest.mark.parametrize(
    ("measure", "phase", "reason"),
    [
        (abs, Phase.BOTTOM, "the check 'knees-in' is a RepPercentile: its phase must be 'whole', not 'bottom'"),
        (90, Phase.WHOLE, "the measure of the check 'knees-in' must be a function, not int"),
    ],
)
def test_a_percentile_is_of_a_function_over_the_whole_rep(measure: object, phase: Phase, reason: str) -> None:
    with pytest.raises(PluginError) as caught:
        refuse_unsound(with_percentile(measure, phase))
    assert reason in str(caught.value)


def test_the_function_of_a_percentile_is_tried_at_the_start() -> None:
    def measure(_pose: object, _top: object) -> float:
        raise ZeroDivisionError

    watch = Watch(lambda _fault: None)
    try_out(watch.guard("mine", with_percentile(measure, Phase.WHOLE)))
    assert "the check 'knees-in' of 'overhead-squat' raised ZeroDivisionError" in watch.faults["mine"].says


@pytest.mark.parametrize(
    ("field", "source", "reason"),
    [
        ("start", "lambda pose: 1 / 0", "start of 'mine' raised ZeroDivisionError: division by zero"),
        ("start", "lambda: True", "start of 'mine' raised TypeError"),
        ("effort", "lambda pose, torso_px: 'low'", "effort of 'mine' returned str ('low')"),
        ("effort", "lambda pose, torso_px: math.inf", "effort of 'mine' returned inf"),
        ("effort", "lambda pose, torso_px: pose.xy", "returned an array of the shape (17, 2)"),
    ],
)
def test_functions_are_tried_at_the_start_on_an_empty_picture(
    write: Write, field: str, source: str, reason: str
) -> None:
    plugins = load_plugins(points=[write("a", good("mine", **{field: source})), write("b", good("alive"))])
    assert reason in problem(plugins, "a")
    assert "in front of a member" in problem(plugins, "a")
    assert set(plugins.exercises) == {"alive"}


def test_a_check_declared_twice_leaves_its_plugin_out_and_is_named(write: Write) -> None:
    twice = good("mine", checks="overhead_squat.checks[:1] * 2")
    plugins = load_plugins(points=[write("a", twice), write("b", good("alive"))])
    assert "declared 2 times" in problem(plugins, "a")
    assert set(plugins.exercises) == {"alive"}
