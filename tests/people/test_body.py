import math

import numpy as np
import pytest

from kiosk.movement.pose import FloatArray, Keypoint
from tests.people.body import Body, Posture, blended, body_names
from tests.people.rotation import about_y, turn_of
from tests.people.squat import squat_posture
from tests.people.walking import standing_posture


def at_rest(body: Body) -> Posture:
    return Posture(body.rig, np.tile(np.eye(3), (len(body.rig.names), 1, 1)), body.rig.heads)


def volume_m3(body: Body) -> float:
    """The volume inside the skin: the sum of the pyramids from the origin to each triangle."""
    faces = body.faces[body.group == 0]
    halves = np.concatenate([faces[:, (0, 1, 2)], faces[:, (0, 2, 3)]])
    a, b, c = (body.rest[halves[:, corner]] for corner in range(3))
    return float((np.cross(a, b) * c).sum() / 6)


def belly_m(body: Body) -> float:
    """How wide and deep the trunk is together at the height of the navel."""
    trunk = body.weights[:, [body.rig.index[bone] for bone in ("root", "spine05", "spine04", "spine03")]].sum(axis=1)
    navel = (trunk > 0.9) & (np.abs(body.rest[:, 2] - 0.6 * body.stature_m) < 0.02)
    return float(np.ptp(body.rest[navel, 0]) + np.ptp(body.rest[navel, 1]))


def test_there_are_bodies_of_both_sexes_of_every_build_young_and_old() -> None:
    bodies = [Body.load(name) for name in body_names()]
    assert len(bodies) >= 10
    kinds = {(body.sex, body.build) for body in bodies}
    assert kinds == {(sex, build) for sex in ("female", "male") for build in ("light", "medium", "heavy")}
    for sex in ("female", "male"):
        ages = [body.age_years for body in bodies if body.sex == sex]
        statures = [body.stature_m for body in bodies if body.sex == sex]
        assert min(ages) <= 20 and max(ages) >= 65
        assert max(statures) - min(statures) > 0.1


@pytest.mark.parametrize("sex", ["female", "male"])
def test_builds_are_told_apart_by_what_they_weigh_for_their_height(sex: str) -> None:
    mass_index: dict[str, list[float]] = {"light": [], "medium": [], "heavy": []}
    for person in map(Body.load, body_names()):
        if person.sex == sex:
            mass_index[person.build].append(1000 * volume_m3(person) / person.stature_m**2)
    assert max(mass_index["light"]) < min(mass_index["medium"])
    assert max(mass_index["medium"]) + 1.5 < min(mass_index["heavy"])


def test_heavy_comes_with_a_belly_or_with_muscle() -> None:
    assert belly_m(Body.load("man-60-heavy")) > 1.3 * belly_m(Body.load("man-40-light"))
    assert belly_m(Body.load("man-60-heavy")) > 1.1 * belly_m(Body.load("man-35-heavy"))


def test_a_body_stands_on_the_floor_as_high_as_it_says(any_body: Body) -> None:
    skin = any_body.rest[np.unique(any_body.faces[any_body.group == 0])]
    assert skin[:, 2].min() == pytest.approx(0.0, abs=5e-4)
    assert np.ptp(skin[:, 2]) == pytest.approx(any_body.stature_m, abs=1e-3)


def test_a_stature_scales_all_of_the_body() -> None:
    own, tall = Body.load("woman-30-light"), Body.load("woman-30-light", 1.95)
    scale = 1.95 / own.stature_m
    assert tall.stature_m == pytest.approx(1.95)
    np.testing.assert_allclose(tall.rest, scale * own.rest)
    np.testing.assert_allclose(tall.rig.heads, scale * own.rig.heads)
    np.testing.assert_allclose(tall.keypoints_at(at_rest(tall)), scale * own.keypoints_at(at_rest(own)), atol=1e-9)


def test_an_unknown_body_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match=r"'nobody'.*man-30-medium"):
        Body.load("nobody")


def test_a_body_loads_the_same_every_time() -> None:
    assert Body.load("man-30-medium") is Body.load("man-30-medium")
    assert body_names() == tuple(dict.fromkeys(body_names()))


def test_a_skin_in_the_posture_of_rest_is_the_skin_at_rest(body: Body) -> None:
    np.testing.assert_allclose(body.skin(at_rest(body)), body.rest, atol=1e-6)


def test_keypoints_sit_where_they_belong_on_every_body(any_body: Body) -> None:
    points = any_body.keypoints_at(at_rest(any_body))
    heights = {joint: points[joint, 2] / any_body.stature_m for joint in Keypoint}
    assert heights[Keypoint.NOSE] > 0.88
    assert 0.75 < heights[Keypoint.LEFT_SHOULDER] < 0.87
    assert 0.45 < heights[Keypoint.LEFT_HIP] < 0.58
    assert 0.22 < heights[Keypoint.LEFT_KNEE] < 0.32
    assert 0.02 < heights[Keypoint.LEFT_ANKLE] < 0.08
    assert all(points[left, 0] > 0.02 > -0.02 > points[left + 1, 0] for left in range(1, len(points), 2))
    assert points[Keypoint.NOSE, 1] < points[Keypoint.LEFT_EAR, 1]  # they face -y


def test_toes_and_heels_are_on_the_floor_with_the_toes_ahead(any_body: Body) -> None:
    left_toe, right_toe, left_heel, right_heel = any_body.feet_at(at_rest(any_body))
    for toe, heel, side in ((left_toe, left_heel, 1), (right_toe, right_heel, -1)):
        assert 0.1 < heel[1] - toe[1] < 0.3
        assert side * toe[0] > 0 and side * heel[0] > 0
        assert 0 <= toe[2] < 0.05 and 0 <= heel[2] < 0.06


def test_keypoints_without_the_skin_are_those_on_the_skin(any_body: Body) -> None:
    posture = squat_posture(any_body, 0.7)
    skin = any_body.skin(posture)
    np.testing.assert_allclose(any_body.keypoints_at(posture), any_body.keypoints(skin), atol=1e-6)
    np.testing.assert_allclose(any_body.feet_at(posture), any_body.feet(skin), atol=1e-6)


def test_clothes_lie_on_the_skin_and_move_with_it() -> None:
    body = Body.load("man-45-heavy")
    posture = squat_posture(body, 1.0)
    offset = np.full_like(body.rest, 0.01)
    moved: FloatArray = body.skin(posture, offset) - body.skin(posture)
    # Joints blend the turns of their bones, which shortens the offset a little there and never lengthens it.
    lengths = np.linalg.norm(moved, axis=1) / (0.01 * math.sqrt(3))
    assert np.median(lengths) == pytest.approx(1.0, abs=0.01)
    assert lengths.max() < 1.001


def test_faces_are_polygons_of_points_that_exist_and_most_have_four_corners(body: Body) -> None:
    assert body.faces.shape == (len(body.group), 4)
    assert body.faces.min() >= 0 and body.faces.max() < len(body.rest)
    assert set(np.unique(body.group)) == {0, 1, 2}
    assert (body.faces[:, 3] != body.faces[:, 2]).mean() > 0.9
    assert volume_m3(body) > 0.03  # it would be negative with the insides out


def test_every_point_follows_its_bones_in_full(body: Body) -> None:
    np.testing.assert_allclose(body.weights.sum(axis=1), 1.0, atol=1e-5)


def test_every_bone_comes_after_its_parent(body: Body) -> None:
    assert body.rig.parents[0] == -1
    assert all(0 <= parent < bone for bone, parent in enumerate(body.rig.parents[1:], start=1))


def test_placing_turns_to_the_own_left_and_then_moves() -> None:
    body = Body.load("woman-30-medium")
    here = standing_posture(body)
    points = body.keypoints_at(here)
    there = body.keypoints_at(here.placed(1.0, -2.0, heading_deg=90.0))
    expected = np.stack([-points[:, 1] + 1.0, points[:, 0] - 2.0, points[:, 2]], axis=1)
    np.testing.assert_allclose(there, expected, atol=1e-6)  # ears sum to one but for rounding
    assert there[Keypoint.NOSE, 0] > there[Keypoint.LEFT_EAR, 0]  # from -y the own left is +x


def test_a_blend_begins_and_ends_with_its_postures_and_keeps_bones_whole() -> None:
    body = Body.load("man-20-light")
    start, end = standing_posture(body, arms=0.0), squat_posture(body, 1.0).placed(0.3, 0.2, 30.0)
    for share, posture in ((0.0, start), (1.0, end)):
        np.testing.assert_allclose(body.keypoints_at(blended(start, end, share)), body.keypoints_at(posture), atol=1e-9)
    half = blended(start, end, 0.5)
    for bone, joint in (("lowerleg01.L", "foot.L"), ("lowerarm01.R", "wrist.R"), ("upperarm01.L", "lowerarm01.L")):
        length = np.linalg.norm(half.at(joint) - half.at(bone))
        assert length == pytest.approx(body.rig.length(bone, joint), rel=0.01)
    np.testing.assert_allclose(half.position[0], (start.position[0] + end.position[0]) / 2)


def test_a_blend_turns_evenly() -> None:
    body = Body.load("man-20-light")
    start = standing_posture(body)
    end = start.placed(0.0, 0.0, 60.0)
    turned = blended(start, end, 0.25).rotation[0] @ start.rotation[0].T
    assert math.degrees(np.linalg.norm(turn_of(turned))) == pytest.approx(15.0)


def test_half_a_turn_about_its_own_axis_is_still_told() -> None:
    assert math.degrees(np.linalg.norm(turn_of(about_y(179.9)))) == pytest.approx(179.9)
