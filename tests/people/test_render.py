"""Drawing meshes: at the right place, in the right order, in the right light."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.vision.camera import Image
from tests.people.camera import Camera
from tests.people.mesh import Mesh, box
from tests.people.render import LIGHTS, Light, draw

CAMERA = Camera(size_px=(160, 120))
WALL = np.full((120, 160, 3), 120, np.uint8)
FLAT = Light(direct=0.0, fill=0.0, sky=0.0, ambient=1.0, shadow=0.0)
RED, BLUE = (0.0, 0.0, 250.0), (250.0, 0.0, 0.0)


def reds(image: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return (image[..., 2] > 150) & (image[..., 0] < 60)


def middle(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    return float(columns.mean() + 0.5), float(rows.mean() + 0.5)


@pytest.mark.parametrize(
    "camera",
    [
        CAMERA,
        replace(CAMERA, azimuth_deg=90, yaw_deg=10, tilt_deg=6),
        replace(CAMERA, azimuth_deg=200, roll_deg=5, tilt_deg=-4),
        replace(CAMERA, fov_deg=102, k1=-0.1),
    ],
    ids=["front", "side", "rear, rolled", "barrel"],
)
def test_a_small_thing_is_drawn_where_the_camera_says(camera: Camera) -> None:
    point = (0.5, -0.3, 1.4)
    image = draw(camera, WALL, [box(point, (0.12, 0.12, 0.12), RED)], FLAT)
    assert middle(reds(image)) == pytest.approx(tuple(camera.project(np.array([point]))[0][0]), abs=0.6)


def test_a_things_size_in_the_picture_is_what_the_camera_says() -> None:
    image = draw(CAMERA, WALL, [box((0, 0, 1), (0.6, 0.02, 0.6), RED)], FLAT)
    side = 0.6 * CAMERA.focal_px / 2.99
    assert reds(image).sum() == pytest.approx(side**2, rel=0.06)


@pytest.mark.parametrize("turn", [1, -1], ids=["near first", "far first"])
def test_the_nearer_thing_covers_the_farther_whatever_the_order(turn: int) -> None:
    near, far = box((0, -0.5, 1), (0.4, 0.2, 0.4), RED), box((0.0, 0.8, 1), (0.3, 0.2, 0.3), BLUE)
    image = draw(CAMERA, WALL, [near, far][::turn], FLAT)
    assert reds(image)[60, 80]
    assert not ((image[..., 0] > 150) & (image[..., 2] < 60)).any()


def test_from_behind_it_is_the_other_way_round() -> None:
    near, far = box((0, -0.5, 1), (0.4, 0.2, 0.4), RED), box((0.0, 0.8, 1), (0.8, 0.2, 0.8), BLUE)
    image = draw(replace(CAMERA, azimuth_deg=180), WALL, [near, far], FLAT)
    assert not reds(image).any()


def test_drawing_leaves_the_background_alone_and_touches_only_what_is_near() -> None:
    before = WALL.copy()
    image = draw(CAMERA, WALL, [box((0, 0, 1), (0.3, 0.3, 0.3), RED)], FLAT)
    assert (before == WALL).all()
    assert (image[:, :40] == 120).all()
    assert (draw(CAMERA, WALL, [], FLAT) == WALL).all()


def test_things_behind_the_camera_and_beside_the_picture_are_not_drawn() -> None:
    away = [box((0, -4, 1), (0.3, 0.3, 0.3), RED), box((9, 0, 1), (0.3, 0.3, 0.3), RED)]
    assert not reds(draw(CAMERA, WALL, away, FLAT)).any()


def test_a_thing_half_out_of_the_picture_is_cut_at_its_edge() -> None:
    image = draw(CAMERA, WALL, [box((1.8, 0, 1), (0.6, 0.02, 0.6), RED)], FLAT)
    assert reds(image)[55:65, -1].all()


def test_a_triangle_is_a_quad_that_repeats_its_last_vertex() -> None:
    triangle = Mesh(np.array([[-0.5, 0, 0.5], [0.5, 0, 0.5], [0.0, 0, 1.5]]), np.array([[0, 1, 2, 2]]), np.array([RED]))
    area = 0.5 * (CAMERA.focal_px / 3) ** 2
    assert reds(draw(CAMERA, WALL, [triangle], FLAT)).sum() == pytest.approx(area, rel=0.08)


def test_faces_show_their_outer_side_only() -> None:
    inside_out = Mesh(
        np.array([[-0.5, 0, 0.5], [0.5, 0, 0.5], [0.0, 0, 1.5]]), np.array([[1, 0, 2, 2]]), np.array([RED])
    )
    assert not reds(draw(CAMERA, WALL, [inside_out], FLAT)).any()


def test_light_from_the_right_makes_the_right_side_brighter() -> None:
    light = Light(azimuth_deg=80, elevation_deg=20, direct=0.8, fill=0.0, sky=0.0, ambient=0.2, shadow=0.0)
    post = box((0, 0, 1), (0.4, 0.4, 0.4), (200.0, 200.0, 200.0))
    image = draw(replace(CAMERA, yaw_deg=45), WALL, [post], light)
    rows = image[55:65].mean((0, 2))
    assert rows[90] > 1.5 * rows[70]


def test_the_light_stays_with_the_camera_in_every_true_view() -> None:
    post = box((0, 0, 1), (0.4, 0.4, 0.4), (200.0, 200.0, 200.0))
    views = [draw(replace(CAMERA, azimuth_deg=azimuth), WALL, [post], LIGHTS["side"]) for azimuth in (0, 90, 180, 270)]
    assert all(np.abs(view.astype(int) - views[0]).max() <= 3 for view in views)


def test_the_shadow_falls_away_from_the_light() -> None:
    post = box((0, 0, 0.5), (0.3, 0.3, 1.0), RED)
    darker = {}
    for side, azimuth_deg in (("left", 80.0), ("right", -80.0)):
        image = draw(CAMERA, WALL, [post], replace(FLAT, azimuth_deg=azimuth_deg, elevation_deg=40, shadow=0.5))
        darker[side] = (image[90:, :65].mean(), image[90:, 95:].mean())
    assert darker["left"][0] < 119 < darker["left"][1]
    assert darker["right"][1] < 119 < darker["right"][0]


def test_a_deeper_shadow_is_darker() -> None:
    post = box((0, 0, 0.5), (0.3, 0.3, 1.0), RED)
    shadows = [
        draw(CAMERA, WALL, [post], replace(FLAT, azimuth_deg=80, shadow=depth)).min(2)[95:].mean()
        for depth in (0.2, 0.7)
    ]
    assert shadows[0] > shadows[1]


@pytest.mark.parametrize("name", ["side", "dim", "window"])
def test_the_other_lights_leave_a_person_seen_from_the_front_darker_than_the_normal_one(name: str) -> None:
    front = np.array([[0.0, -1.0, 0.0]])
    assert LIGHTS[name].on(front, CAMERA).mean() < LIGHTS["normal"].on(front, CAMERA).mean()


def test_drawing_twice_gives_the_same_picture() -> None:
    scene = [box((0.1, 0, 0.5), (0.3, 0.3, 1.0), RED)]
    assert (draw(CAMERA, WALL, scene, LIGHTS["side"]) == draw(CAMERA, WALL, scene, LIGHTS["side"])).all()
