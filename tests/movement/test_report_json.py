"""The JSON of reports, held to ``kiosk/report.schema.json`` and to the contract."""

import copy
import json
import math
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from kiosk_plank_hold import plank_hold
from kiosk_single_leg_squat import single_leg_squat

from kiosk import Exercise
from kiosk.movement.judge import judge
from kiosk.movement.pose import PoseTrack
from kiosk.movement.report import Report, Source
from kiosk.movement.report_json import report_json
from kiosk.movement.view import View
from kiosk.testing import (
    FRONT,
    REAR,
    SIDE,
    BothSides,
    JointCurves,
    PushUpper,
    Squatter,
    Support,
    hold,
    perform,
    record,
    scanned,
)

from .scenes import cut, empty_track, jumping_jacks, walks_in, without

Json = dict[str, Any]
SCHEMA: Json = json.loads((files("kiosk") / "report.schema.json").read_text("utf-8"))
DOCUMENT = (Path(__file__).parents[2] / "docs" / "report.md").read_text("utf-8")
VALIDATOR = Draft202012Validator(SCHEMA)
#: The example of the contract, word for word but for the dose. Nothing else may be required.
CONTRACT: Json = {
    "schema": 1,
    "source": {"name": "clip.mp4", "frames": 300, "fps": 30.0, "duration_s": 10.0, "size_px": [640, 480]},
    "model": "movenet_thunder_int8mix",
    "exercise": "overhead-squat",
    "view": "front",
    "reps": [
        {
            "number": 1,
            "start_s": 1.2,
            "bottom_s": 2.3,
            "end_s": 3.4,
            "eccentric_s": 1.1,
            "concentric_s": 1.0,
            "range_of_motion": 0.92,
            "complete": True,
            "score": 84,
            "signs": ["knees-in"],
        }
    ],
    "checks": [
        {
            "slug": "knees-in",
            "checkpoint": "knees",
            "status": "sign",
            "value": 0.79,
            "unit": "ratio",
            "error": 0.06,
            "clear": 1.0,
            "sign": 0.85,
            "reps": [2, 3],
            "from_rep": 2,
            "reason": None,
        }
    ],
    "score": {"value": 78, "low": 72, "high": 84, "seen": 9, "of": 14},
    "first": "knees-in",
    "programme": [{"check": "knees-in", "phase": "inhibit", "exercise": "foam-roll-adductors", "dose": "30 s"}],
    "notes": [],
}


def as_json(report: Report) -> Json:
    read: Json = json.loads(json.dumps(report_json(report), allow_nan=False))
    return read


def mistakes(report: Json) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(report)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_example_of_the_contract_fits() -> None:
    assert mistakes(CONTRACT) == []


def keys(value: object, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {f"{path}.{key}" for key in value} | {k for key, v in value.items() for k in keys(v, f"{path}.{key}")}
    if isinstance(value, list):
        return {k for item in value for k in keys(item, path + "[]")}
    return set()


def without_key(report: Json, path: str) -> Json:
    changed = copy.deepcopy(report)
    *parents, last = path.strip(".").split(".")
    table: Any = changed
    for name in parents:
        table = table[name.removesuffix("[]")]
        table = table[0] if name.endswith("[]") else table
    del table[last]
    return changed


@pytest.mark.parametrize("path", sorted(keys(CONTRACT)))
def test_every_key_of_the_contract_is_required(path: str) -> None:
    assert mistakes(without_key(CONTRACT, path))


def test_more_keys_are_welcome() -> None:
    assert mistakes(CONTRACT | {"id": "k3v9q2m7", "created": "2026-11-21T10:12:33+00:00", "mood": "fine"}) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("schema",), 2),
        (("view",), "top"),
        (("exercise",), "Overhead Squat"),
        (("score", "value"), 101),
        (("score", "low"), None),
        (("checks", 0, "status"), "bad"),
        (("checks", 0, "checkpoint"), "wrist"),
        (("checks", 0, "value"), None),
        (("checks", 0, "from_rep"), None),
        (("checks", 0, "reps"), []),
        (("checks", 0, "unit"), "furlong"),
        (("reps", 0, "number"), 0),
        (("reps", 0, "complete"), False),
        (("reps", 0, "score"), 3.5),
        (("programme", 0, "phase"), "rest"),
        (("programme",), CONTRACT["programme"] * 9),
        (("source", "size_px"), [640]),
        (("pain",), True),
    ],
    ids=str,
)
def test_what_matters_is_held_strictly(where: tuple[str | int, ...], value: object) -> None:
    changed = copy.deepcopy(CONTRACT)
    table: Any = changed
    for key in where[:-1]:
        table = table[key]
    table[where[-1]] = value
    assert mistakes(changed)


def test_a_check_that_is_not_assessed_has_a_reason_and_no_value() -> None:
    check = CONTRACT["checks"][0] | {"status": "not-assessed", "value": None, "reps": [], "from_rep": None}
    assert mistakes(CONTRACT | {"checks": [check]})
    assert mistakes(CONTRACT | {"checks": [check | {"reason": "No toes."}]}) == []


# -- real reports ---------------------------------------------------------------------------------------------------


def squats(camera: object, **person: float) -> PoseTrack:
    return perform([Squatter(**person)] * 5, SIDE if camera is SIDE else FRONT, noise_px=1.0)


def test_reports_of_squats_fit(squat: Exercise) -> None:
    faulty = {"knees_ratio": 0.7, "shift": 0.2, "lean_deg": 28.0, "arms_deg": 20.0}
    for person in ({}, faulty):
        front, side = (squats(FRONT, **person), View.FRONT), (squats(SIDE, **person), View.SIDE)
        for tracks in ([front], [side], [front, side]):
            report = as_json(scanned(squat, *tracks))
            assert mistakes(report) == []
            assert len(report["reps"]) == 5 * len(tracks)
            assert len(report["checks"]) == 12
            assert bool(report["first"]) is bool(person)


@pytest.mark.parametrize(
    ("camera", "view"), [(SIDE, View.SIDE), (FRONT, View.FRONT), (REAR, View.REAR)], ids=["side", "front", "rear"]
)
def test_reports_of_push_ups_fit(push_up: Exercise, camera: object, view: View) -> None:
    where = {View.SIDE: SIDE, View.FRONT: FRONT, View.REAR: REAR}[view]
    people = [PushUpper()] * 5 + [PushUpper(sag_deg=20, lag_s=0.12, tilt=0.2)] * 5
    report = as_json(scanned(push_up, (perform(people, where, rep_s=1.6), view)))
    assert mistakes(report) == []
    assert {check["from_rep"] for check in report["checks"] if check["status"] == "sign"} == {6}


def test_reports_of_nobody_no_rep_and_nothing_at_all_fit(squat: Exercise, push_up: Exercise) -> None:
    for exercise in (squat, push_up):
        for track in (empty_track(), record(walks_in, 4.0), record(jumping_jacks, 4.0)):
            report = as_json(scanned(exercise, (track, View.FRONT)))
            assert mistakes(report) == []
            assert report["reps"] == []
            assert report["score"]["value"] is None
            assert report["notes"]
        assert mistakes(as_json(scanned(exercise))) == []


def test_a_report_of_an_unknown_exercise_fits() -> None:
    source = Source("clip.mp4", 0, math.inf, math.nan, (640, 480))
    report = as_json(Report(source, "m", None, None, None, notes=("Nobody was seen.",)))
    assert mistakes(report) == []
    assert report["source"]["fps"] is report["source"]["duration_s"] is None


def test_a_report_of_pain_fits_and_withholds(squat: Exercise) -> None:
    report = as_json(scanned(squat, (squats(FRONT, knees_ratio=0.7), View.FRONT), pain=True))
    assert mistakes(report) == []
    assert report["pain"] is True
    assert report["score"]["value"] is report["first"] is None
    assert report["programme"] == []


def test_incomplete_and_half_hidden_reps_fit(squat: Exercise) -> None:
    track = without(cut(squats(SIDE, lean_deg=28.0), 1.9, 14.0), 2.0, 12.0, 7, 8, 9, 10)
    report = as_json(scanned(squat, (track, View.SIDE)))
    assert mistakes(report) == []
    assert not report["reps"][0]["complete"]
    arms = next(check for check in report["checks"] if check["slug"] == "arms-fall-forward")
    assert arms["status"] == "not-assessed"
    assert arms["reason"]


def test_numbers_are_finite_and_rounded(squat: Exercise) -> None:
    report = as_json(scanned(squat, (squats(SIDE, lean_deg=28.0), View.SIDE)))
    lean = next(check for check in report["checks"] if check["slug"] == "forward-lean")
    assert lean["value"] == round(lean["value"], 3)
    assert len(lean["moment"]["xy"]) == 17
    assert all(point == [round(point[0], 1), round(point[1], 1)] for point in lean["moment"]["xy"])


def test_a_moment_has_a_value_of_its_own_where_a_check_looks_at_more_than_one(push_up: Exercise) -> None:
    report = as_json(scanned(push_up, (perform([PushUpper(sag_deg=20)] * 4, SIDE), View.SIDE)))
    values = {check["slug"]: check["moment"]["value"] for check in report["checks"] if check["moment"]}
    assert values["hips-sag"] == pytest.approx(20, abs=3)
    assert values["hips-sag"] == round(values["hips-sag"], 3)
    assert values["shallow-depth"] is None


def test_keypoints_that_were_not_seen_are_null_in_a_moment(squat: Exercise) -> None:
    track = squats(SIDE, lean_deg=28.0)
    track.xy[:, 9] = math.nan
    report = as_json(scanned(squat, (track, View.SIDE)))
    lean = next(check for check in report["checks"] if check["slug"] == "forward-lean")
    assert lean["moment"]["xy"][9] is None


def test_the_json_of_a_judgement_without_passes_can_be_written(push_up: Exercise) -> None:
    source = Source("x", 0, 0.0, 0.0, (0, 0))
    assert mistakes(as_json(judge(push_up, [], source, "m", pain=True))) == []


# -- holds, and exercises done per side ---------------------------------------------------------------------------


def a_hold() -> Json:
    tiring = JointCurves(Support.FOREARMS, shoulder_deg=78, hip_deg=lambda share: 178 + (16 if share > 0.5 else 0))
    return as_json(scanned(plank_hold, (hold(tiring, 30.0), View.SIDE)))


def test_a_hold_is_told_in_seconds() -> None:
    report = a_hold()
    assert mistakes(report) == []
    (one,) = report["passes"]
    assert (one["held_s"], one["asked_s"], one["asked"]) == (pytest.approx(30, abs=0.2), None, None)
    assert [rep["held_before_s"] for rep in report["reps"]] == pytest.approx([0, 5, 10, 15, 20, 25], abs=0.2)
    sag = next(check for check in report["checks"] if check["slug"] == "hips-sag")
    assert (sag["status"], sag["from_rep"], sag["from_s"]) == ("sign", 4, pytest.approx(15, abs=0.2))
    assert [row["at_s"] for row in sag["per_rep"]] == [rep["held_before_s"] for rep in report["reps"]]


def test_reps_have_no_seconds_of_a_hold(squat: Exercise) -> None:
    report = as_json(scanned(squat, (squats(FRONT), View.FRONT)))
    assert {one["held_s"] for one in report["passes"]} == {None}
    assert {rep["held_before_s"] for rep in report["reps"]} == {None}
    assert {row["at_s"] for check in report["checks"] for row in check["per_rep"]} == {None}
    assert {check["from_s"] for check in report["checks"]} == {None}
    assert {check["done_on"] for check in report["checks"]} == {None}
    assert report["first_on"] is None


def test_what_is_done_per_side_is_told_per_side() -> None:
    bends = (178.0, 120.0)
    left = JointCurves(
        Support.LEFT_LEG,
        knee_deg=BothSides(bends, 90.0),
        hip_deg=BothSides((178.0, 135.0), 165.0),
        shin_deg=(0.0, 25.0),
        knee_in_deg=(0.0, 18.0),
        elbow_deg=110.0,
    )
    report = as_json(scanned(single_leg_squat, (perform([left] * 4), View.FRONT)))
    assert mistakes(report) == []
    assert [one["done_on"] for one in report["passes"]] == ["left"]
    assert (report["first"], report["first_on"]) == ("knee-in", "left")
    both = [(check["done_on"], check["status"]) for check in report["checks"] if check["slug"] == "knee-in"]
    assert both == [("left", "sign"), ("right", "not-assessed")]
    assert {step["done_on"] for step in report["programme"]} == {"left"}


# -- the document -----------------------------------------------------------------------------------------------


def schema_keys(part: Json) -> set[str]:
    found = set(part.get("properties", {}))
    for inner in [*part.get("properties", {}).values(), *part.get("$defs", {}).values()]:
        found |= schema_keys(inner)
    if isinstance(part.get("items"), dict):
        found |= schema_keys(part["items"])
    return found


def test_every_key_is_in_the_schema_and_in_the_document(squat: Exercise) -> None:
    people = [Squatter(knees_ratio=0.7)] * 5
    report = as_json(scanned(squat, (perform(people), View.FRONT)))
    free = {check["slug"] for check in report["checks"]}  # the keys of a rep's values and verdicts are slugs
    written = {path.rsplit(".", 1)[1] for path in keys(report)} - free
    known = schema_keys(SCHEMA)
    assert written <= known
    documented = set(re.findall(r"^\| `([a-z_0-9]+)` \|", DOCUMENT, re.MULTILINE))
    assert known == documented
