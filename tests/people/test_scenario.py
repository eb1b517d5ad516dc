import tomllib
from pathlib import Path

import pytest

from kiosk.movement.view import View
from tests.people.outfit import Outfit
from tests.people.push_up import PushUpFaults
from tests.people.scenario import (
    Motion,
    Mounting,
    Person,
    RepPlan,
    Scenario,
    ScenarioError,
    Scene,
    parsed,
    read_scenario,
    text_of,
)
from tests.people.squat import SquatFaults

SQUAT = """
schema = 1
exercise = "overhead-squat"
view = "front"
part = "tune"
seed = 7
[person]
body = "man-30-medium"
[[reps]]
count = 2
[[reps]]
knee_in = 14.0
"""
PUSH_UP = SQUAT.replace("overhead-squat", "incline-push-up").replace("knee_in", "sag")
IDLE = SQUAT.replace("overhead-squat", "idle").partition("[[reps]]")[0]


def read(text: str) -> Scenario:
    return parsed(tomllib.loads(text), "some.toml")


def mistakes(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return str(caught.value).splitlines()


def test_what_is_left_out_is_as_by_default() -> None:
    scenario = read(SQUAT)
    assert scenario == Scenario(
        "overhead-squat",
        View.FRONT,
        "tune",
        7,
        Person("man-30-medium"),
        reps=(RepPlan(), RepPlan(), RepPlan({"knee_in": 14.0})),
    )
    assert scenario.camera == Mounting() and scenario.motion == Motion() and scenario.scene == Scene()


def test_everything_survives_being_written_and_read() -> None:
    whole = Scenario(
        "incline-push-up",
        View.SIDE,
        "report",
        2**31 - 1,
        Person("woman-35-heavy", 1.71, Outfit(skin="dark", top="loose", shoes=None, top_colour=(1, 2, 254))),
        Scene("gym", "dim", "bar"),
        Mounting(flank="right", tilt_deg=-4.5, k1=-0.03, width_px=320, height_px=240),
        Motion(walks_in=True, second_person=True, jitter=0.0),
        {"bar_h": 0.6},
        (RepPlan({"sag": 12.5}, -80.0), RepPlan({"sag": 12.5}, -80.0), RepPlan()),
    )
    text = text_of(whole, ["what it is for"])
    assert text.startswith("# what it is for\n")
    assert read(text) == whole


def test_a_text_holds_only_what_is_particular() -> None:
    text = text_of(read(SQUAT))
    assert "[camera]" not in text and "[motion]" not in text and "skin" not in text
    assert text.count("[[reps]]") == 2


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (SQUAT.replace("schema = 1", "schema = 2"), "schema", "must be 1"),
        (SQUAT.replace("seed = 7", "seed = 7.5"), "seed", "whole number"),
        (SQUAT.replace("seed = 7", "sede = 7"), "sede", "seed"),
        (SQUAT.replace("seed = 7", ""), "seed", "missing"),
        (SQUAT.replace('"front"', '"above"'), "view", "above"),
        (SQUAT.replace('"tune"', '"test"'), "part", "report"),
        (SQUAT.replace("man-30-medium", "man-31-medium"), "person.body", "man-30-medium"),
        (SQUAT.replace("[person]\n", "[person]\nstature_m = 2.5\n"), "person.stature_m", "from 1.3 to 2.2"),
        (SQUAT.replace("[person]\n", '[person]\ntop_colour = "red"\n'), "person.top_colour", "#3c3cbe"),
        (SQUAT.replace("[[reps]]", "[camera]\nfps = true\n[[reps]]", 1), "camera.fps", "number"),
        (SQUAT.replace("[[reps]]", '[motion]\nwalks_in = "yes"\n[[reps]]', 1), "motion.walks_in", "true or false"),
        (SQUAT.replace("[[reps]]", '[scene]\nroom = "cellar"\n[[reps]]', 1), "scene.room", "cellar"),
        (SQUAT.replace("[[reps]]", "[style]\nsag = 3\n[[reps]]", 1), "style.sag", "not a known key"),
        (SQUAT.replace("knee_in = 14.0", "knees_in = 14.0"), "reps[1].knees_in", "knee_in"),
        (SQUAT.replace("count = 2", "count = 0"), "reps[0].count", "from 1 to 50"),
        (SQUAT.replace("knee_in = 14.0", "lag_ms = 80"), "reps[1].lag_ms", "not a known key"),
        (PUSH_UP.replace("sag = 14.0", "lag_ms = 1000"), "reps[1].lag_ms", "from -400 to 400"),
        (SQUAT.partition("[[reps]]")[0], "reps", "missing"),
        (IDLE + "[[reps]]\ncount = 2\n", "reps", "left out"),
        (IDLE.replace("[person]", "reps = 3\n[person]"), "reps", "[[reps]]"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_key(text: str, key: str, reason: str) -> None:
    told = [line for line in mistakes(text) if line.startswith(f"some.toml: {key}")]
    assert told and reason in told[0]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    told = mistakes(SQUAT.replace("seed = 7", "seed = -1").replace("count = 2", "count = 99").replace("knee_in", "kne"))
    assert [line.split(": ")[1] for line in told] == ["seed", "reps[0].count", "reps[1].kne"]


def test_nobody_walks_in_with_raised_arms() -> None:
    walks = SQUAT.replace("[[reps]]", "[motion]\nwalks_in = true\n[[reps]]", 1)
    assert [line.split(": ")[1] for line in mistakes(walks)] == ["motion.raises_arms_s"]
    assert read(walks.replace("walks_in = true", "walks_in = true\nraises_arms_s = 1.2")).motion.walks_in


def test_a_file_that_is_missing_or_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"gone\.toml"):
        read_scenario(tmp_path / "gone.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("schema = = 1", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"broken\.toml"):
        read_scenario(broken)


def test_the_faults_of_a_rep_lie_over_the_style_of_the_person() -> None:
    scenario = read(SQUAT.replace("[[reps]]", "[style]\nknee_in = 2.0\nstance = 0.4\n[[reps]]", 1))
    plain, knees = (scenario.faults_of(scenario.reps[place]) for place in (0, -1))
    assert plain == SquatFaults(knee_in=2.0, stance=0.4)
    assert knees == SquatFaults(knee_in=14.0, stance=0.4)
    pushed = read(PUSH_UP)
    assert pushed.faults_of(pushed.reps[-1]) == PushUpFaults(sag=14.0)
    assert read(IDLE).is_negative and not scenario.is_negative


@pytest.mark.parametrize(
    ("view", "flank", "azimuth_deg"),
    [("front", "left", 0), ("rear", "left", 180), ("side", "left", 90), ("side", "right", 270)],
)
def test_the_camera_stands_where_its_view_is(view: str, flank: str, azimuth_deg: float) -> None:
    text = SQUAT.replace('"front"', f'"{view}"').replace("[[reps]]", f'[camera]\nflank = "{flank}"\n[[reps]]', 1)
    assert read(text).azimuth_deg == azimuth_deg
