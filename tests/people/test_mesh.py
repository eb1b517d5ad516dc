"""Meshes of coloured quads: their outer sides, and what the furniture leaves in sight."""

import numpy as np
import pytest

from tests.people.body import Body
from tests.people.mesh import Mesh, at_vertices, bar_mesh, bench_mesh, box, disc, joined
from tests.people.push_up import PushUpStation

GREY = (128.0, 128.0, 128.0)


def volume(mesh: Mesh) -> float:
    """Return the volume that the faces enclose, positive only where they are anticlockwise from outside."""
    a, b, c, d = (mesh.vertices[mesh.faces[:, corner]] for corner in range(4))
    triangles = np.einsum("ij,ij->", a, np.cross(b, c)) + np.einsum("ij,ij->", a, np.cross(c, d))
    return float(triangles / 6)


def test_a_box_is_closed_and_turned_outwards() -> None:
    assert volume(box((1.0, 2.0, 0.5), (0.3, 0.5, 0.2), GREY)) == pytest.approx(0.03)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_disc_is_closed_and_turned_outwards_about_every_axis(axis: int) -> None:
    polygon = 10 * np.sin(2 * np.pi / 20)
    assert volume(disc((0.5, 0.1, 1.0), 0.2, 0.5, axis, GREY)) == pytest.approx(polygon * 0.2**2 * 0.5)


def test_joined_meshes_keep_their_faces_and_colours() -> None:
    first, second = box((0, 0, 1), (0.1, 0.1, 0.1), GREY), box((1, 0, 1), (0.1, 0.1, 0.1), (1.0, 2.0, 3.0))
    both = joined([first, second])
    assert volume(both) == pytest.approx(0.002)
    assert both.vertices[both.faces[len(first.faces) :]].mean((0, 1)) == pytest.approx([1, 0, 1])
    assert both.colours[-1].tolist() == [1, 2, 3]


def test_bench_and_bar_stand_where_the_hands_go() -> None:
    station = PushUpStation.of(Body.load("man-30-medium"))
    for mesh in (bench_mesh(station), bar_mesh(station)):
        at_hand = np.abs(mesh.vertices - (0, station.bar_y_m, station.bar_h_m)) < (0.4, 0.1, 0.06)
        assert mesh.vertices[at_hand.all(1), 2].max() == pytest.approx(station.bar_h_m)
        assert mesh.vertices[:, 2].min() == pytest.approx(0, abs=1e-9)


def test_the_bar_leaves_the_legs_in_sight_and_the_bench_does_not() -> None:
    station = PushUpStation.of(Body.load("man-30-medium"))
    low = [mesh.vertices[mesh.vertices[:, 2] < 0.4] for mesh in (bench_mesh(station), bar_mesh(station))]
    assert [bool((np.abs(part[:, 0]) < 0.5).any()) for part in low] == [True, False]


def test_a_vertex_gathers_what_the_faces_around_it_have() -> None:
    faces = np.array([[0, 1, 2, 3], [1, 4, 2, 2]])
    gathered = at_vertices(faces, np.array([[1.0, 0, 0], [0, 10.0, 0]]), 6)
    assert gathered[[0, 1, 4, 5]].tolist() == [[1, 0, 0], [1, 10, 0], [0, 10, 0], [0, 0, 0]]
