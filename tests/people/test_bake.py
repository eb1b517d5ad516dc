import dataclasses

import numpy as np
import pytest

from tests.people.bake import BONES_EACH, GROUPS, SHAPES, STEP_M, Baked, base_mesh, pack, packed_points, positions
from tests.people.body import body_names

OBJ = """
v 0 0 0
g body
f 1/1 2/2 3/3 4/4
f 2/1 3/2 5/3
g joint-ground
f 5/1 6/2 7/3 8/4
g helper-hair
f 9 10 11 12
"""


def a_bake() -> Baked:
    """Five points on three bones, weighed by more bones than are kept."""
    rng = np.random.default_rng(1)
    return Baked(
        points=rng.uniform(-0.5, 1.8, (len(SHAPES), 5, 3)),
        heads=rng.uniform(0.0, 1.0, (len(SHAPES), 3, 3)),
        faces=np.array([[0, 1, 2, 3], [1, 2, 4, 4]]),
        group=np.array([0, 1]),
        weight=np.array([[0.05, 0.4, 0.1, 0.2, 0.25, 0.0]] * 5),
        weight_bone=np.array([[0, 1, 2, 0, 1, 2]] * 5),
        parents=np.array([-1, 0, 1]),
        bones=("root", "spine", "head"),
        regressor=np.array([[0.0, 0.5, 0.5, 0.0, 0.0]]),
        points_named=("nose",),
    )


def test_the_stored_bodies_are_those_the_command_bakes() -> None:
    assert body_names() == tuple(SHAPES)


def test_only_the_parts_that_are_drawn_are_kept_of_the_base_mesh() -> None:
    faces, group = base_mesh(OBJ)
    assert faces.tolist() == [[0, 1, 2, 3], [1, 2, 4, 4], [8, 9, 10, 11]]
    assert group.tolist() == [GROUPS["body"], GROUPS["body"], GROUPS["helper-hair"]]


def test_kept_points_are_counted_anew() -> None:
    assert positions(np.array([1, 4])).tolist() == [-1, 0, -1, -1, 1]
    assert positions(np.array([1]), of=3).tolist() == [-1, 0, -1]


def test_packed_points_come_back_within_half_a_step() -> None:
    points = a_bake().points
    whole = np.cumsum(packed_points(points).astype(int), axis=2)
    whole[1:] += whole[0]
    assert np.abs(STEP_M * whole.transpose(0, 2, 1) - points).max() <= STEP_M / 2 + 1e-12


def test_points_too_far_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="too far apart"):
        packed_points(np.array([[[0.0, 0.0, 0.0], [7.0, 0.0, 0.0]]]))


def test_the_heaviest_bones_of_a_point_are_kept_and_share_all_of_it() -> None:
    stored = pack(a_bake())
    assert stored["weight"].shape == (5, BONES_EACH)
    assert stored["weight_bone"][0].tolist() == [1, 1, 0, 2]
    np.testing.assert_allclose(stored["weight"][0] / 255, np.array([0.4, 0.25, 0.2, 0.1]) / 0.95, atol=0.003)


def test_the_same_bake_is_packed_the_same() -> None:
    first, second = pack(a_bake()), pack(dataclasses.replace(a_bake()))
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[part], second[part]) for part in first)
