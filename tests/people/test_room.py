"""The rooms behind rendered people: never empty, always the same for a seed, and lit as the person is."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.vision.camera import Image
from tests.people.camera import Camera
from tests.people.render import LIGHTS
from tests.people.room import STYLES, Room, background

SMALL = Camera(size_px=(160, 120))


def view(style: str = "plain", light: str = "normal", seed: int = 1, camera: Camera = SMALL) -> Image:
    return background(camera, Room(style, LIGHTS[light]), seed)


def test_there_are_at_least_four_rooms_and_they_differ() -> None:
    means = [view(style).astype(float).mean((0, 1)) for style in STYLES]
    assert len(means) >= 4
    for number, mean in enumerate(means):
        assert all(np.abs(mean - other).max() > 4 for other in means[:number])


@pytest.mark.parametrize("style", STYLES)
def test_a_room_fills_the_picture_and_is_not_empty(style: str) -> None:
    image = view(style)
    assert image.shape == (120, 160, 3)
    assert image.dtype == np.uint8
    # Edges of things and textures, beyond what a smooth wall would have.
    assert (np.abs(np.diff(image.astype(int).mean(2), axis=1)) > 8).mean() > 0.01


@pytest.mark.parametrize("style", STYLES)
def test_a_seed_gives_the_same_room_again_and_another_seed_another_one(style: str) -> None:
    assert (view(style, seed=5) == view(style, seed=5)).all()
    assert (np.abs(view(style, seed=5).astype(int) - view(style, seed=6)) > 10).mean() > 0.01


def test_dim_light_makes_a_dark_room() -> None:
    assert view(light="dim").mean() < 0.7 * view(light="normal").mean()


def test_a_window_behind_the_person_outshines_the_room() -> None:
    bright = np.asarray((view(light="window") >= 250).all(2))
    assert 0.02 < bright.mean() < 0.5
    assert bright[:70].sum() > 0.9 * bright.sum()
    assert (view(light="normal") >= 250).all(2).mean() < 0.005


@pytest.mark.parametrize("azimuth_deg", [90, 180, 270])
def test_the_same_wall_is_behind_the_person_in_every_true_view(azimuth_deg: float) -> None:
    turned = view(camera=replace(SMALL, azimuth_deg=azimuth_deg))
    assert (np.abs(turned.astype(int) - view()) <= 2).all()


def test_a_misaligned_camera_sees_another_part_of_the_room() -> None:
    assert (np.abs(view(camera=replace(SMALL, yaw_deg=12)).astype(int) - view()) > 10).mean() > 0.05


def test_a_camera_that_looks_up_sees_less_floor() -> None:
    court = np.abs(view("hall").astype(int)[..., 1] - view("hall").astype(int)[..., 2])
    up = view("hall", camera=replace(SMALL, tilt_deg=-12)).astype(int)
    assert (np.abs(up[..., 1] - up[..., 2]) > 40).sum() < (court > 40).sum()


def test_a_barrel_shows_each_point_of_the_wall_where_it_projects_it() -> None:
    straight, barrel = (Camera(size_px=(320, 240), fov_deg=90, k1=k1) for k1 in (0.0, -0.12))
    across, up = np.meshgrid(np.linspace(-2.5, 2.5, 40), np.linspace(1.2, 2.6, 15))
    wall = np.stack([across.ravel(), np.full(across.size, STYLES["plain"].depth_m), up.ravel()], 1)

    def colours(shown_by: Camera, places_of: Camera) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        columns, rows = places_of.project(wall)[0].astype(int).T
        return np.asarray(view("plain", camera=shown_by).astype(np.int64)[rows, columns])

    right = np.abs(colours(straight, straight) - colours(barrel, barrel)).mean()
    wrong = np.abs(colours(straight, straight) - colours(barrel, straight)).mean()
    assert right < 4
    assert wrong > 2 * right


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(KeyError):
        view("moon")
