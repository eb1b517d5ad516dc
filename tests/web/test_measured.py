"""What a check measures, drawn: every kind, and every check of our plugins on recordings."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk.analyze import Recording, report_on
from kiosk.movement.drawn import KINDS, read_drawn
from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import Keypoint
from kiosk.movement.report_json import report_json
from kiosk.vision.keypoint_file import read_keypoints
from kiosk.web.drawing import check_figure, check_svg, described, from_value
from kiosk.web.figure import Dot, Figure, Stroke, Word, apart, compass
from kiosk.web.measured import DRAWERS

ROOT = Path(__file__).parents[2]
EXERCISES = (overhead_squat, incline_push_up)
CHECKS = [(exercise, check) for exercise in EXERCISES for check in exercise.checks]

#: Somebody deep in a squat seen from the side, facing right: x and y by keypoint.
SIDE = {
    "NOSE": (330, 150), "EAR": (310, 150), "EYE": (322, 144), "SHOULDER": (300, 190), "ELBOW": (350, 150),
    "WRIST": (400, 110), "HIP": (240, 300), "KNEE": (320, 310), "ANKLE": (280, 400),
}  # fmt: skip
#: Somebody seen from the front: the left is on the right of the picture.
FRONT = {
    "NOSE": (300, 100), "EYE": (306, 95), "EAR": (312, 98), "SHOULDER": (340, 150), "ELBOW": (370, 110),
    "WRIST": (380, 60), "HIP": (325, 290), "KNEE": (322, 330), "ANKLE": (340, 430),
}  # fmt: skip


def pixels(places: dict[str, tuple[int, int]], view: str) -> list[list[float]]:
    xy = []
    for keypoint in Keypoint:
        side, _, joint = keypoint.name.rpartition("_")
        x, y = places[joint]
        if view == "front":
            x = 600 - x if side == "RIGHT" else x
        elif side == "LEFT":
            x += 4  # the far side
        xy.append([float(x), float(y)])
    return xy


def made(declaration: str, value: float, sign: float, **more: Any) -> dict[str, Any]:
    view = more.get("view", "side")
    moment = {"rep": 2, "t_s": 1.0, "size_px": [640, 480], "xy": pixels(FRONT if view == "front" else SIDE, view)}
    check = {
        "slug": "x", "title": "X", "checkpoint": "hips", "view": view, "status": "sign", "unit": "deg", "clear": 0.0,
        "sign": sign, "two_sided": False, "value": 99.0, "drawn": declaration, "done_on": None, "moment": moment,
        "per_rep": [{"rep": 1, "value": 99.0, "verdict": "sign"}, {"rep": 2, "value": value, "verdict": "sign"}],
    }  # fmt: skip
    return check | more


def figure(*args: Any, **more: Any) -> Figure:
    found = check_figure(made(*args, **more))
    assert found is not None
    return found


def strokes(of: Figure, role: str) -> list[Stroke]:
    return [one for one in of.shapes if isinstance(one, Stroke) and one.role == role]


def words(of: Figure) -> dict[str, str]:
    return {one.role: one.text for one in of.shapes if isinstance(one, Word)}


def any_declaration(kind: str) -> str:
    return " ".join([kind, *("shoulder", "hip", "knee", "ankle")[: KINDS[kind]]])


def test_every_kind_that_can_be_declared_is_drawn() -> None:
    assert set(DRAWERS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("view", ["side", "front"])
@pytest.mark.parametrize("value", [-12.0, 0.0, 0.4, 31.0])
def test_every_kind_shows_value_and_limit_inside_its_frame(kind: str, view: str, value: float) -> None:
    found = figure(any_declaration(kind), value, 20.0, view=view)
    assert {"value", "limit-word"} <= set(words(found))
    assert words(found)["limit-word"] == "limit 20°"
    assert strokes(found, "limit") or kind == "sag"
    for shape in found.shapes:
        for x, y in shape.points if isinstance(shape, Stroke) else [shape.at]:
            assert found.left - 1 <= x <= found.left + found.width + 1
            assert found.top - 1 <= y <= found.top + found.height + 1


def test_the_value_written_is_that_of_the_pictured_rep_not_the_median() -> None:
    assert words(figure("lean hip shoulder", 28.0, 20.0))["value"] == "28°"


def test_a_moment_that_was_measured_by_itself_says_its_own_value() -> None:
    check = made("lean hip shoulder", 28.0, 20.0)
    check["moment"]["value"] = 33.0
    found = check_figure(check)
    assert found is not None
    assert words(found)["value"] == "33°"
    assert "Measured there: 33°. Limit: 20°." in described(check, "Leans.")


def test_the_limit_is_a_dashed_ray_as_far_from_the_line_as_the_value_is_from_it() -> None:
    found = figure("lean hip shoulder", 30.0, 20.0)
    (line,), (limit,) = strokes(found, "measure"), strokes(found, "limit")
    assert limit.dashed
    assert limit.points[0] == line.points[0]
    assert compass(*line.points) - compass(*limit.points) == pytest.approx(10)


def test_someone_who_faces_left_gets_the_same_picture_in_a_mirror() -> None:
    check = made("lean hip shoulder", 30.0, 20.0)
    check["moment"]["xy"] = [[640 - x, y] for x, y in check["moment"]["xy"]]
    found = check_figure(check)
    assert found is not None
    (line,), (limit,) = strokes(found, "measure"), strokes(found, "limit")
    assert compass(*limit.points) - compass(*line.points) == pytest.approx(10)


def test_an_angle_opens_towards_a_larger_limit() -> None:
    found = figure("angle hip knee ankle", 70.0, 99.0)
    (line,), (limit,) = strokes(found, "measure"), strokes(found, "limit")
    hip, knee, ankle = line.points
    bent = abs((compass(knee, ankle) - compass(knee, hip) + 180) % 360 - 180)
    at_limit = abs((compass(*limit.points) - compass(knee, hip) + 180) % 360 - 180)
    assert at_limit - bent == pytest.approx(29)


def test_the_gap_at_the_limit_stands_in_the_proportion_of_the_numbers() -> None:
    found = figure("gap knee ankle", 0.6, 0.9, view="front", unit="ratio", clear=1.0)
    knees = strokes(found, "measure")[0]
    left, right = (one.points[0][0] for one in strokes(found, "limit"))
    assert abs(right - left) / apart(*knees.points) == pytest.approx(0.9 / 0.6, rel=0.01)


def test_hips_that_sag_beyond_the_limit_hang_below_it_and_above_it_when_they_do_not() -> None:
    for value, below in ((25.0, True), (3.0, False)):
        check = made("sag shoulder hip ankle", value, 9.0)
        check["moment"]["xy"] = [[y, x] for x, y in check["moment"]["xy"]]  # lying
        found = check_figure(check)
        assert found is not None
        (line,), (limit,) = strokes(found, "measure"), strokes(found, "limit")
        assert (line.points[1][1] > limit.points[1][1]) is below


def test_a_two_sided_check_shows_its_limit_on_both_sides() -> None:
    found = figure("offset hip ankle", -0.2, 0.1, view="front", unit="ratio", two_sided=True)
    assert len(strokes(found, "limit")) == 2
    assert words(found)["limit-word"] == "limit ± 0.10"


def test_hips_to_the_persons_left_are_drawn_to_the_right_of_the_plumb_line_of_a_front_view() -> None:
    found = figure("offset hip ankle", 0.2, 0.1, view="front", unit="ratio", two_sided=True)
    (dot,) = [one for one in found.shapes if isinstance(one, Dot) and one.role == "measure-dot"]
    assert dot.at[0] > strokes(found, "zero")[0].points[0][0]


def test_a_back_that_rounds_bulges_behind_and_one_that_arches_ahead() -> None:
    ways = []
    for kind in ("bow", "hollow"):
        line = strokes(figure(f"{kind} hip shoulder", 30.0, 25.0), "measure")[0]
        middle, ends = line.points[6], (line.points[0], line.points[-1])
        ways.append(middle[0] - (ends[0][0] + ends[1][0]) / 2)
    assert ways[0] < 0 < ways[1]


def test_toes_point_outwards_of_both_ankles() -> None:
    feet = strokes(figure("toes-out ankle", 30.0, 25.0, view="front"), "measure")
    turned = sorted(foot.points[1][0] - foot.points[0][0] for foot in feet)
    assert turned[0] < 0 < turned[1]
    assert -turned[0] == pytest.approx(turned[1])


def test_near_is_the_flank_that_the_camera_sees() -> None:
    check = made("lean near_ankle near_knee", 30.0, 20.0)
    found = check_figure(check)
    assert found is not None
    assert strokes(found, "measure")[0].points[0] == tuple(check["moment"]["xy"][Keypoint.RIGHT_ANKLE])


def test_left_is_the_side_that_works() -> None:
    for works, keypoint in (("left", Keypoint.LEFT_HIP), ("right", Keypoint.RIGHT_HIP)):
        check = made("drop left_hip", 20.0, 10.0, view="front", unit="percent", done_on=works)
        found = check_figure(check)
        assert found is not None
        (dot,) = [one for one in found.shapes if isinstance(one, Dot) and one.role == "measure-dot"]
        assert dot.at == tuple(check["moment"]["xy"][keypoint])


def test_each_side_is_drawn_and_named_once() -> None:
    found = figure("lean each_shoulder each_elbow", 60.0, 65.0, view="front")
    assert len(strokes(found, "measure")) == 2
    assert len([one for one in found.shapes if isinstance(one, Word)]) == 2


@pytest.mark.parametrize("change", [{"drawn": "no-such-kind hip"}, {"sign": None}, {"per_rep": []}, {"drawn": None}])
def test_without_all_that_it_needs_the_skeleton_stands_alone_with_its_rings(change: dict[str, Any]) -> None:
    found = check_figure(made("lean hip shoulder", 30.0, 20.0) | change)
    assert found is not None
    assert strokes(found, "measure") == []
    assert [one for one in found.shapes if isinstance(one, Dot) and one.role == "ring"]


def test_a_point_that_was_not_seen_is_never_guessed() -> None:
    check = made("angle near_hip near_knee near_ankle", 30.0, 20.0)
    for keypoint in (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE):
        check["moment"]["xy"][keypoint] = None
    found = check_figure(check)
    assert found is not None
    assert strokes(found, "measure") == []


def test_the_picture_is_read_out_with_its_value_and_limit() -> None:
    title = ElementTree.fromstring(check_svg(made("lean hip shoulder", 30.0, 20.0), "X: your skeleton.")).findtext(
        "title"
    )
    assert title == "X: your skeleton. Measured there: 30°. Limit: 20°."


def test_what_the_points_do_not_show_is_known_to_be_drawn_from_its_value() -> None:
    assert from_value(made("toes-out ankle", 30.0, 25.0))
    assert not from_value(made("lean hip shoulder", 30.0, 25.0))


@pytest.mark.parametrize(("exercise", "check"), CHECKS, ids=lambda one: one.slug)
def test_every_check_of_our_plugins_says_how_it_is_drawn(exercise: Exercise, check: Any) -> None:
    assert check.drawn is not None, f"{exercise.slug} {check.slug}"
    assert read_drawn(check.drawn).kind in DRAWERS


@cache
def recorded() -> dict[tuple[str, str], dict[str, Any]]:
    """The checks of all golden recordings of our plugins, by exercise and slug."""
    found = {}
    for folder, exercise in zip(("overhead_squat", "incline_push_up"), EXERCISES, strict=True):
        for path in sorted((ROOT / "plugins" / folder / "golden").glob("*.npz")):
            recording = Recording(path.name, read_keypoints(path))
            report = report_json(report_on(recording, {exercise.slug: exercise}, model="movenet_thunder_f16"))
            found |= {(exercise.slug, one["slug"]): one for one in report["checks"] if one["moment"]}
    return found


def test_recordings_show_most_checks_of_both_plugins() -> None:
    assert len(recorded()) >= 13


@pytest.mark.parametrize(("exercise", "check"), CHECKS, ids=lambda one: one.slug)
def test_every_check_of_our_plugins_is_drawn_on_a_golden_recording_or_on_a_made_person(
    exercise: Exercise, check: Any
) -> None:
    made_up = made(check.drawn, 1.2 * check.sign, check.sign, view=str(check.views[0]), unit=check.unit)
    # Recorded keypoints hold nothing for the second model, and no golden set of push-ups is seen from the front.
    one = recorded().get((exercise.slug, check.slug), made_up)
    found = check_figure(one)
    assert found is not None
    assert strokes(found, "measure")
    assert strokes(found, "limit")
    assert all(math.isfinite(number) for line in strokes(found, "measure") for point in line.points for number in point)


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "examples").glob("*/kiosk_*/checks.toml")), ids=str)
def test_the_examples_say_how_their_checks_are_drawn(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\ndrawn = ") == text.count('\nphase = "bottom"') + text.count('\nphase = "hold"')


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("", "must begin with one of"),
        ("circle hip", "must begin with one of"),
        ("lean hip", "takes 2 points, not 1"),
        ("lean hip toe", "'toe' is no point"),
        ("lean left_nose hip", "'left_nose' is no point"),
        ("gap left_knee ankle", "without a side"),
    ],
)
def test_a_wrong_declaration_says_what_is_wrong(declaration: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_drawn(declaration)
