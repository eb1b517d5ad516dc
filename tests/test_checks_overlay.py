"""A gym's own file over the checks of a plugin."""

import math
from pathlib import Path

import pytest

from kiosk.checks_file import apply_overlay, read_checks
from kiosk.errors import PluginError
from kiosk.movement.exercise import Check
from kiosk.movement.pose import Pose

PLUGIN = """
schema = 1
exercise = "overhead-squat"
sources = { D = "computed", S2 = "a book" }

[checks]
knees-in.title = "Knees move inward"
knees-in.checkpoint = "knees"
knees-in.views = ["front"]
knees-in.assessed_by = "keypoints"
knees-in.phase = "bottom"
knees-in.unit = "ratio"
knees-in.clear = 1.0
knees-in.sign = 0.85
knees-in.weight = 20
knees-in.saw = "We saw your knees."
knees-in.cue = "Knees over your toes"
knees-in.sources = ["D"]
knees-in.muscles = { overactive = ["inner thigh"], underactive = ["side of the hip"] }
knees-in.corrections = [
  { phase = "inhibit", exercise = "roll", title = "Roll", dose = "30 s", how = "Slowly.", source = "S2" },
]
heels-rise.title = "Heels rise"
heels-rise.checkpoint = "feet"
heels-rise.views = ["side"]
heels-rise.assessed_by = "not-assessed"
heels-rise.reason = "No heel point."
heels-rise.phase = "bottom"
heels-rise.sources = ["S2"]

[checks.weight-shift]
title = "Hips shift"
checkpoint = "hips"
views = ["front"]
assessed_by = "keypoints"
phase = "bottom"
unit = "ratio"
clear = 0.08
sign = 0.12
weight = 10
two_sided = true
saw = "We saw your hips."
cue = "Stay in the middle"
sources = ["D"]
"""


def measure(pose: Pose, top: Pose) -> float:
    return math.nan


@pytest.fixture
def checks(tmp_path: Path) -> tuple[Check, ...]:
    path = tmp_path / "plugin.toml"
    path.write_text(PLUGIN, encoding="utf-8")
    return read_checks(path, {"knees-in": measure, "weight-shift": measure})


def overlay(tmp_path: Path, changes: str) -> Path:
    path = tmp_path / "squat.toml"
    path.write_text('schema = 1\nexercise = "overhead-squat"\n' + changes, encoding="utf-8")
    return path


def complaint(checks: tuple[Check, ...], path: Path, exercise: str | None = None) -> str:
    with pytest.raises(PluginError) as refused:
        apply_overlay(checks, path, exercise=exercise)
    return str(refused.value)


def test_an_overlay_changes_only_what_it_names(checks: tuple[Check, ...], tmp_path: Path) -> None:
    after = apply_overlay(checks, overlay(tmp_path, "[checks.knees-in]\nsign = 0.9\ncue = 'Knees out'\n"))
    assert (after[0].sign, after[0].cue) == (0.9, "Knees out")
    assert (after[0].clear, after[0].measure, after[0].corrections) == (1.0, measure, checks[0].corrections)
    assert after[0].sources == checks[0].sources
    assert after[1:] == checks[1:]


def test_in_muscles_an_overlay_changes_only_the_named_keys(checks: tuple[Check, ...], tmp_path: Path) -> None:
    changes = "[checks.knees-in.muscles]\noveractive = ['calf']\nconfirm = true\n"
    muscles = apply_overlay(checks, overlay(tmp_path, changes))[0].muscles
    assert (muscles.overactive, muscles.underactive) == (("calf",), ("side of the hip",))
    assert muscles.confirm


def test_a_list_in_an_overlay_replaces_the_list_of_the_plugin(checks: tuple[Check, ...], tmp_path: Path) -> None:
    changes = """
        [sources]
        OURS = "our trainer"
        [[checks.knees-in.corrections]]
        phase = "integrate"
        exercise = "step-up"
        title = "Step up"
        dose = "10"
        how = "Step up slowly."
        source = "OURS"
        """
    knees = apply_overlay(checks, overlay(tmp_path, changes))[0]
    assert [step.exercise for step in knees.corrections] == ["step-up"]
    assert knees.sources == (("D", "computed"), ("S2", "a book"), ("OURS", "our trainer"))


def test_an_overlay_may_use_the_sources_of_the_plugin(checks: tuple[Check, ...], tmp_path: Path) -> None:
    knees = apply_overlay(checks, overlay(tmp_path, "[checks.knees-in]\nsources = ['S2']\n"))[0]
    assert knees.sources[0] == ("S2", "a book")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            "[checks.knees-inn]\nsign = 1",
            "checks.knees-inn: is not a check of this exercise; did you mean 'knees-in'",
        ),
        ("[checks.knees-in]\nsing = 1", "checks.knees-in.sing: is not a known key; did you mean 'sign'?"),
        (
            "[checks.knees-in]\nunit = 'deg'",
            "checks.knees-in.unit: belongs to the plugin; an overlay cannot change",
        ),
        ("[checks.knees-in]\nsign = 1.2", "checks.knees-in.sign: must stay below clear, as in the plugin"),
        ("[checks.knees-in]\nsign = 1", "checks.knees-in.sign: must differ from clear"),
        ("[checks.knees-in]\nsign = nan", "checks.knees-in.sign: must be a finite number"),
        ("[checks.knees-in]\nreason = 'x'", "checks.knees-in.reason: is only for a proxy"),
        ("[checks.weight-shift]\nsign = 0.05", "checks.weight-shift.sign: must be above clear"),
        ("[checks.heels-rise]\nsign = 1", "checks.heels-rise.sign: must be left out"),
        ("[checks.knees-in]\nsources = ['X']", "checks.knees-in.sources: 'X' is not listed in [sources]"),
        ("[sources]\nS2 = 'mine'\n[checks.knees-in]\nsign = 0.8", "sources.S2: is the plugin's own source"),
        ("", "checks: is missing"),
        ("checks = 3", "checks: must be a table, not a number"),
        ("[checks]\nknees-in = 3", "checks.knees-in: must be a table, not a number"),
    ],
)
def test_a_mistake_in_an_overlay_is_refused_with_its_key(
    checks: tuple[Check, ...], tmp_path: Path, changes: str, expected: str
) -> None:
    path = overlay(tmp_path, changes)
    lines = complaint(checks, path).splitlines()
    assert any(line.startswith(f"{path}: {expected}") for line in lines)


def test_an_overlay_for_another_exercise_is_refused(checks: tuple[Check, ...], tmp_path: Path) -> None:
    message = complaint(checks, overlay(tmp_path, "[checks.knees-in]\nsign = 0.8"), "incline-push-up")
    assert "exercise: is 'overhead-squat', but these checks are those of 'incline-push-up'" in message


def test_an_overlay_that_is_not_there_is_refused_with_its_name(checks: tuple[Check, ...], tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"mine\.toml: there is no such file"):
        apply_overlay(checks, tmp_path / "mine.toml")


def test_all_mistakes_of_an_overlay_are_named_at_once(checks: tuple[Check, ...], tmp_path: Path) -> None:
    path = overlay(tmp_path, "[checks.knees-in]\nunit = 'deg'\nsign = nan\n[checks.knees]\nsign = 1\n")
    keys = [line.split(": ")[1] for line in complaint(checks, path).splitlines()]
    assert keys == ["checks.knees-in.unit", "checks.knees-in.sign", "checks.knees"]


def test_a_question_can_be_added_and_limits_turned_round_never(checks: tuple[Check, ...], tmp_path: Path) -> None:
    path = overlay(tmp_path, "[checks.knees-in]\nquestion = 'Do the knees hurt?'\nclear = 1.1\n")
    assert apply_overlay(checks, path)[0].question == "Do the knees hurt?"
    path = overlay(tmp_path, "[checks.knees-in]\nclear = 0.5\n")
    assert "checks.knees-in.sign: must stay below clear" in complaint(checks, path)
