import math

import numpy as np
import pytest

from tests.people.rotation import (
    about,
    about_x,
    about_y,
    about_z,
    carrying,
    cross,
    turn_by,
    turn_of,
    turns_between,
    twist_deg,
    unit,
)

X, Y, Z = np.eye(3)


def test_turns_go_the_way_they_say() -> None:
    np.testing.assert_allclose(about_x(90.0) @ Z, -Y, atol=1e-12)  # forwards
    np.testing.assert_allclose(about_y(90.0) @ Z, X, atol=1e-12)  # to the own left
    np.testing.assert_allclose(about_z(90.0) @ -Y, X, atol=1e-12)  # who faces -y turns to the own left
    for axis, turn in ((X, about_x), (Y, about_y), (Z, about_z)):
        np.testing.assert_allclose(about(3.0 * axis, 37.0), turn(37.0), atol=1e-12)


def test_a_cross_product_is_numpys() -> None:
    a, b = np.array([0.3, -1.2, 2.0]), np.array([-0.7, 0.4, 1.1])
    np.testing.assert_allclose(cross(a, b), np.cross(a, b))


@pytest.mark.parametrize("angle_deg", [0.0, 1e-6, 30.0, 179.9])
def test_a_turn_is_its_axis_and_back(angle_deg: float) -> None:
    axis = unit(np.array([0.2, -0.5, 0.8])) * math.radians(angle_deg)
    np.testing.assert_allclose(turn_of(turn_by(axis)), axis, atol=1e-7)


def test_many_turns_at_once_are_each_one() -> None:
    axes = np.array([[0.1, 0.2, 0.3], [0.0, 0.0, 0.0], [-1.0, 0.5, 2.0]])
    np.testing.assert_allclose(turn_by(axes), np.stack([turn_by(axis) for axis in axes]))
    np.testing.assert_allclose(turn_of(turn_by(axes)), axes, atol=1e-12)


def test_carrying_brings_the_line_and_as_far_as_it_can_the_hinge() -> None:
    turn = carrying(Z, X, np.array([0.0, -2.0, 0.0]), np.array([1.0, -1.0, 0.0]))
    np.testing.assert_allclose(turn @ Z, -Y, atol=1e-12)
    np.testing.assert_allclose(turn @ X, X, atol=1e-12)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)


def test_between_two_turns_lies_the_short_way() -> None:
    np.testing.assert_allclose(turns_between(about_z(170.0), about_z(-170.0), 0.5), about_z(180.0), atol=1e-12)
    np.testing.assert_allclose(turns_between(about_x(10.0), about_x(50.0), 0.25), about_x(20.0), atol=1e-12)


def test_a_twist_is_the_share_about_the_axis_alone() -> None:
    assert twist_deg(about_y(70.0) @ about_z(25.0), Z) == pytest.approx(25.0)
    assert twist_deg(about_y(70.0), Z) == pytest.approx(0.0)
    assert twist_deg(np.eye(3), Z) == 0.0
