"""Clothes, skin and hair of the rendered people, judged by what a camera sees of them."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.movement.pose import Keypoint
from kiosk.vision.camera import Image
from tests.people.body import Body
from tests.people.camera import Camera
from tests.people.head import seen_from_outside
from tests.people.mesh import Mesh
from tests.people.outfit import SKIN_TONES, Bottom, Hair, Outfit, Top, dress
from tests.people.render import Light, draw
from tests.people.squat import squat_posture

BODY = Body.load("man-30-medium")
PICTURE = Camera(size_px=(240, 240), fov_deg=45)
WALL = np.full((240, 240, 3), (0, 255, 0), np.uint8)
FLAT = Light(direct=0.0, fill=0.0, sky=0.0, ambient=1.0, shadow=0.0)
SHORT_AND_LONG: tuple[Hair, ...] = ("short", "long")
TOP, BOTTOM = (0.0, 0.0, 250.0), (250.0, 0.0, 0.0)
PLAIN = Outfit(top_colour=TOP, bottom_colour=BOTTOM)


def look(outfit: Outfit, camera: Camera = PICTURE, amount: float = 0.0) -> Image:
    dressed = dress(BODY, outfit)
    vertices = BODY.skin(squat_posture(BODY, amount), dressed.offset)
    return draw(camera, WALL, [Mesh(vertices, dressed.faces, dressed.colours)], FLAT)


def person(image: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray((np.abs(image.astype(int) - (0, 255, 0)) > 60).any(2))


def of_colour(image: Image, channel: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    others = np.delete(image, channel, axis=2)
    return (image[..., channel] > 90) & (others < 30).all(2)


def at(image: Image, point: tuple[float, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    column, row = PICTURE.project(np.array([point]))[0][0].astype(int)
    return np.asarray(image[row - 1 : row + 2, column - 1 : column + 2].mean((0, 1)))


def test_looser_tops_and_bottoms_widen_the_silhouette() -> None:
    tight = person(look(replace(PLAIN, top="tight", bottom="leggings"))).sum()
    normal = person(look(replace(PLAIN, top="normal", bottom="leggings"))).sum()
    loose = person(look(replace(PLAIN, top="loose", bottom="trousers"))).sum()
    assert tight * 1.02 < normal < loose
    assert tight * 1.15 < loose


@pytest.mark.parametrize("top", ["tight", "normal", "loose"])
def test_cloth_stands_off_by_no_more_than_four_centimetres(top: Top) -> None:
    dressed = dress(BODY, replace(PLAIN, top=top, sleeves="none", hair="none", shoes=None))
    trunk = np.abs(BODY.rest[:, 2] - BODY.rig.head("spine02")[2]) < 0.08
    off = np.linalg.norm(dressed.offset[trunk & (np.abs(BODY.rest[:, 0]) < 0.2)], axis=1)
    assert off.max() <= 0.04
    assert off.max() > 0.002


def test_longer_sleeves_and_legs_cover_more() -> None:
    tops = [of_colour(look(replace(PLAIN, sleeves=sleeves)), 2).sum() for sleeves in ("none", "short", "long")]
    bottoms = [of_colour(look(replace(PLAIN, bottom=bottom)), 0).sum() for bottom in ("shorts", "leggings")]
    assert tops[0] * 1.05 < tops[1] < tops[2] * 0.85
    assert bottoms[0] * 1.4 < bottoms[1]


@pytest.mark.parametrize("bottom", ["shorts", "trousers"])
def test_hems_are_level(bottom: Bottom) -> None:
    image = of_colour(look(replace(PLAIN, bottom=bottom, top="tight")), 0)
    lowest = np.array([np.flatnonzero(column).max() for column in image.T if column.sum() > 8])
    # Columns of each leg's own hem, away from the crotch; half a pixel is 5 mm here.
    hem = lowest[lowest > np.percentile(lowest, 60) - 6]
    assert np.ptp(hem) <= 3


def test_a_shirt_ends_at_one_height_all_around() -> None:
    dressed = dress(BODY, replace(PLAIN, top="normal", sleeves="none"))
    worn = (dressed.colours == TOP).all(1)
    edge = np.intersect1d(dressed.faces[worn], dressed.faces[~worn])
    low = (BODY.rest + dressed.offset)[edge]
    hips = low[low[:, 2] < BODY.rig.head("spine04")[2]]
    assert len(hips) > 20
    assert hips[:, 2].std() < 0.006


def test_bare_feet_show_skin_and_shoes_their_colour() -> None:
    ankles = BODY.keypoints_at(squat_posture(BODY, 0.0))[Keypoint.LEFT_ANKLE]
    toes = (float(ankles[0]), float(ankles[1]) - 0.1, 0.03)
    assert at(look(replace(PLAIN, shoes=(0.0, 0.0, 0.0))), toes).max() < 40
    assert at(look(replace(PLAIN, shoes=None)), toes).max() > 100


def test_nobody_stands_below_the_floor_in_shoes() -> None:
    dressed = dress(BODY, PLAIN)
    assert (BODY.rest + dressed.offset)[:, 2].min() >= -1e-9


def test_skin_tones_go_from_very_light_to_very_dark() -> None:
    levels = [np.mean(tone) for tone in SKIN_TONES.values()]
    assert len(levels) >= 5
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 3.5 * levels[-1]
    assert all(blue < green < red for blue, green, red in SKIN_TONES.values())


@pytest.mark.parametrize("skin", ["pale", "deep"])
def test_the_forearm_shows_the_skin(skin: str) -> None:
    points = BODY.keypoints_at(squat_posture(BODY, 0.0))
    forearm = (points[Keypoint.LEFT_ELBOW] + points[Keypoint.LEFT_WRIST]) / 2
    shown = at(look(replace(PLAIN, skin=skin)), tuple(forearm))
    assert shown == pytest.approx(np.array(SKIN_TONES[skin]), rel=0.35)


def test_long_hair_hangs_lower_than_short_hair_and_leaves_face_and_shirt_free() -> None:
    hair = (250.0, 0.0, 250.0)
    behind = replace(PICTURE, azimuth_deg=180)
    quiet = replace(PLAIN, top_colour=(90.0, 90.0, 90.0), bottom_colour=(90.0, 90.0, 90.0))

    def strands(cut: Hair, camera: Camera, amount: float = 0.0) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        image = look(replace(quiet, hair=cut, hair_colour=hair), camera, amount)
        return (image[..., 0] > 90) & (image[..., 2] > 90) & (image[..., 1] < 30)

    assert not strands("none", behind).any()
    lowest = [np.flatnonzero(strands(cut, behind).any(1)).max() for cut in SHORT_AND_LONG]
    assert lowest[1] > lowest[0] + 3
    nose = BODY.keypoints_at(squat_posture(BODY, 0.0))[Keypoint.NOSE]
    column, row = PICTURE.project(nose[None])[0][0].astype(int)
    assert not strands("long", PICTURE)[row, column]
    # At the bottom of a squat the ends still end at the neck: nothing below the shoulders is hair.
    posture = squat_posture(BODY, 1.0)
    shoulders = behind.project(BODY.keypoints_at(posture)[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]])[0]
    assert np.flatnonzero(strands("long", behind, 1.0).any(1)).max() < shoulders[:, 1].max() + 6


def test_faces_that_nobody_can_see_are_left_out_and_nothing_else() -> None:
    seen = seen_from_outside(BODY.name)
    follows = np.array([name.startswith(("head", "neck", "eye")) for name in BODY.rig.names])
    head = follows[BODY.weights.argmax(1)][BODY.faces[:, 0]]
    assert seen[~head].all()
    assert 0.5 < seen[head].mean() < 0.98
    vertices = BODY.skin(squat_posture(BODY, 0.5))
    hairless = BODY.group != 1
    for azimuth_deg in (0, 60, 180):
        camera = replace(PICTURE, azimuth_deg=azimuth_deg)
        views = [
            draw(camera, WALL, [Mesh(vertices, BODY.faces[part], np.full((part.sum(), 3), 90.0))], FLAT)
            for part in (hairless, hairless & seen)
        ]
        assert (person(views[0]) != person(views[1])).sum() <= 2


def test_an_unknown_skin_is_refused() -> None:
    with pytest.raises(KeyError):
        dress(BODY, replace(PLAIN, skin="green"))
