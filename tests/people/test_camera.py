"""The camera of the rendered clips: where world points fall in its picture."""

from dataclasses import replace

import numpy as np
import pytest

from tests.people.camera import Camera, aimed, shows

LEVEL = Camera(distance_m=3.0, height_m=1.0)
LEFT_HAND, RIGHT_HAND = np.array([[0.5, 0.0, 1.0]]), np.array([[-0.5, 0.0, 1.0]])


def place(camera: Camera, *point: float) -> tuple[float, float]:
    x, y = camera.project(np.array([point]))[0][0]
    return float(x), float(y)


def test_a_point_at_the_height_of_a_level_lens_falls_in_mid_picture() -> None:
    assert place(LEVEL, 0, 0, 1.0) == pytest.approx((320, 240))


def test_depth_is_the_distance_along_the_optical_axis() -> None:
    depth = LEVEL.project(np.array([[0.0, 0.0, 1.0], [0.7, -1.0, 0.2]]))[1]
    assert depth == pytest.approx([3.0, 2.0])


def test_the_edge_of_the_picture_lies_half_the_field_of_view_away() -> None:
    half_width = 3.0 * np.tan(np.radians(31))
    assert place(LEVEL, half_width, 0, 1.0)[0] == pytest.approx(640)


@pytest.mark.parametrize(
    ("azimuth_deg", "left_is_right_in_picture"), [(0, True), (180, False)], ids=["from the front", "from behind"]
)
def test_the_persons_left_is_on_the_pictures_right_from_the_front_only(
    azimuth_deg: float, left_is_right_in_picture: bool
) -> None:
    camera = replace(LEVEL, azimuth_deg=azimuth_deg)
    assert (camera.project(LEFT_HAND)[0][0, 0] > 320) == left_is_right_in_picture


@pytest.mark.parametrize(("azimuth_deg", "nearer"), [(90, LEFT_HAND), (270, RIGHT_HAND)])
def test_the_left_flank_is_near_at_90_degrees_and_the_right_one_at_270(
    azimuth_deg: float, nearer: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> None:
    assert replace(LEVEL, azimuth_deg=azimuth_deg).project(nearer)[1] == pytest.approx([2.5])


def test_a_person_who_faces_minus_y_looks_to_the_pictures_left_when_seen_from_its_left_flank() -> None:
    assert place(replace(LEVEL, azimuth_deg=90), 0, -0.5, 1.0)[0] < 320


def test_misalignment_walks_around_the_person_and_still_looks_at_it() -> None:
    aside = replace(LEVEL, yaw_deg=20)
    assert aside.position_m == pytest.approx([3 * np.sin(np.radians(20)), -3 * np.cos(np.radians(20)), 1.0])
    assert place(aside, 0, 0, 1.0) == pytest.approx((320, 240))


def test_a_camera_that_looks_down_sees_things_higher_in_its_picture() -> None:
    assert place(replace(LEVEL, tilt_deg=10), 0, 0, 1.0)[1] < place(LEVEL, 0, 0, 1.0)[1]


def test_without_a_tilt_the_camera_looks_at_its_target() -> None:
    camera = Camera(height_m=1.6, target_m=(0.2, 0.1, 0.9), tilt_deg=None, azimuth_deg=40)
    assert place(camera, 0.2, 0.1, 0.9) == pytest.approx((320, 240))


def test_a_camera_that_rolls_clockwise_turns_the_picture_the_other_way() -> None:
    x, y = place(replace(LEVEL, roll_deg=10), 0, 0, 1.5)
    assert (x < 320, y < 240) == (True, True)
    assert np.hypot(x - 320, y - 240) == pytest.approx(240 - place(LEVEL, 0, 0, 1.5)[1])


def test_a_barrel_draws_points_towards_the_middle_but_keeps_the_field_of_view() -> None:
    straight, barrel = Camera(fov_deg=102), Camera(fov_deg=102, k1=-0.1)
    edge = 3.0 * np.tan(np.radians(51))
    assert place(barrel, edge, 0, 1.0)[0] == pytest.approx(640)
    # The same middle shows larger: the edges are squeezed.
    assert place(barrel, 0.5, 0, 1.0)[0] > place(straight, 0.5, 0, 1.0)[0]


def test_a_barrel_brings_nothing_from_far_outside_back_into_the_picture() -> None:
    camera = Camera(fov_deg=102, k1=-0.1)
    places = [place(camera, x, 0, 1.0)[0] for x in (3.0, 4.0, 6.0, 12.0, 30.0)]
    assert places == sorted(places)


def test_a_lens_that_folds_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="folds"):
        Camera(fov_deg=102, k1=-0.3)


@pytest.mark.parametrize("k1", [0.0, -0.1, 0.08])
def test_the_ray_of_a_pixel_leads_to_a_point_that_projects_onto_that_pixel(k1: float) -> None:
    camera = Camera(azimuth_deg=30, yaw_deg=5, tilt_deg=8, roll_deg=3, size_px=(64, 48), fov_deg=102, k1=k1)
    rays = camera.rays()
    points = camera.position_m + 2.5 * rays.reshape(-1, 3)
    columns, rows = np.meshgrid(np.arange(64) + 0.5, np.arange(48) + 0.5)
    assert camera.project(points)[0] == pytest.approx(np.stack([columns.ravel(), rows.ravel()], 1), abs=0.01)


@pytest.mark.parametrize("height_m", [0.7, 1.3, 2.0])
def test_an_aimed_camera_shows_the_whole_person_with_raised_arms(height_m: float) -> None:
    person = np.array([[0.0, 0.0, 0.0], [0.4, 0.0, 2.2], [-0.4, 0.0, 2.2]])
    assert shows(aimed(Camera(distance_m=3.0, height_m=height_m)), person)


def test_a_level_camera_too_near_cuts_something_off() -> None:
    person = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 2.2]])
    assert not shows(Camera(distance_m=1.8), person)
    assert not shows(LEVEL, np.array([[0.0, -4.0, 1.0]]))
