"""From a close-up to feet and backs: placing, the gate, the outline, and a rendered person seen by the real model."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace

import numpy as np
import pytest

from kiosk.movement.detail import BACK_SHARES, Detail, turn_out_deg
from kiosk.movement.pose import FloatArray, Pose
from kiosk.movement.view import View
from kiosk.testing import FRONT, SIDE, Camera, Squatter
from kiosk.vision.blazepose import FEET, LEGS, POINTS, SIDE_PX, Body
from kiosk.vision.close_up import CloseUp, after, close_up, moved
from kiosk.vision.details import DetailReader, agrees, back_outline, beyond, nearer_foot, upright
from kiosk.vision.models import find_detail_model, find_model, models_dir
from kiosk.vision.movenet import MoveNet
from kiosk.vision.sources import open_source
from tests.commands import CLIPS

SIZE_PX = (640, 480)


def pose_of(down: float, camera: Camera = SIDE) -> Pose:
    return Pose(camera.see(Squatter().body(down)), np.ones(17), 0.0, SIZE_PX)


def shown_of(pose: Pose) -> CloseUp:
    shown = close_up(np.zeros((SIZE_PX[1], SIZE_PX[0], 3), np.uint8), pose)
    assert shown is not None
    return shown


def points_of(pose: Pose) -> FloatArray:
    """The 33 points of somebody whose legs are where MoveNet sees them; feet point to +x."""
    points = np.full((POINTS, 2), 300.0)
    points[list(LEGS)] = pose.xy[11:17]
    points[FEET[0] : FEET[1] + 1] = pose.xy[15:17] + np.array([-5, 10])
    points[FEET[2] : FEET[3] + 1] = pose.xy[15:17] + np.array([30, 14])
    return points


class FakeModel:
    """Sees what a test tells it, given in pixels of the frame."""

    def __init__(self, pose: Pose) -> None:
        self.points = points_of(pose)
        self.presence, self.visible = 1.0, np.ones(POINTS)
        self.mask = np.full((SIDE_PX, SIDE_PX), -1.0, np.float32)
        self.shown: list[tuple[int, ...]] = []
        self._to_square = upright(shown_of(pose))

    def infer(self, square: np.ndarray) -> Body:
        self.shown.append(square.shape)
        return Body(moved(self.points, self._to_square), self.visible, self.presence, self.mask)


def read(model: FakeModel, pose: Pose, view: View = View.FRONT) -> Detail:
    return DetailReader(lambda: model).read(shown_of(pose), view, standing=True)


# -- placing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("down", [0.0, 0.5, 1.0])
def test_in_the_square_the_trunk_stands_upright_over_its_middle(down: float) -> None:
    pose = pose_of(down)
    square = moved(pose.xy, upright(shown_of(pose)))
    hips, shoulders = square[11:13].mean(axis=0), square[5:7].mean(axis=0)
    assert hips == pytest.approx([128, 128])
    assert shoulders[0] == pytest.approx(128)
    assert shoulders[1] < 100
    assert square.min() > 0
    assert square.max() < SIDE_PX


def test_what_the_model_saw_comes_back_to_where_it_is_in_the_frame() -> None:
    pose = pose_of(1.0)
    model = FakeModel(pose)
    np.testing.assert_allclose(read(model, pose).feet, model.points[list(FEET)], atol=1e-6)
    assert model.shown == [(SIDE_PX, SIDE_PX, 3)]


def test_the_model_is_loaded_for_the_first_close_up_and_again_after_a_rest() -> None:
    pose, loaded = pose_of(0.0), 0

    def load() -> FakeModel:
        nonlocal loaded
        loaded += 1
        return FakeModel(pose)

    reader = DetailReader(load)
    assert loaded == 0
    for _ in range(2):
        reader.read(shown_of(pose), View.FRONT, standing=True)
    assert loaded == 1
    reader.rest()
    reader.read(shown_of(pose), View.FRONT, standing=True)
    assert loaded == 2


# -- what is believed ----------------------------------------------------------------------------------------------


def unseen(detail: Detail) -> bool:
    return bool(np.isnan(detail.feet).all() and np.isnan(detail.back).all() and math.isnan(detail.heel_up_deg))


def test_a_model_that_sees_nobody_is_believed() -> None:
    pose = pose_of(0.0)
    model = FakeModel(pose)
    model.presence = 0.2
    assert unseen(read(model, pose))


def test_legs_that_are_not_movenets_are_refused() -> None:
    pose = pose_of(0.0)
    model = FakeModel(pose)
    model.points += (60, 0)
    assert unseen(read(model, pose))
    assert not agrees(model.points, pose)


def test_left_and_right_may_be_changed_over_as_they_often_are_from_the_side() -> None:
    pose = pose_of(1.0)
    points = points_of(pose)
    points[list(LEGS)] = points[[leg + 1 if leg % 2 else leg - 1 for leg in LEGS]]
    assert agrees(points, pose)


def test_an_ankle_that_movenet_did_not_see_leaves_nothing_to_compare_with() -> None:
    pose = pose_of(0.0)
    xy = pose.xy.copy()
    xy[15:17] = np.nan
    assert not agrees(points_of(pose), replace(pose, xy=xy))


def test_a_point_that_the_model_doubts_is_not_seen() -> None:
    pose = pose_of(0.0, FRONT)
    model = FakeModel(pose)
    model.visible[FEET[2]] = 0.1
    feet = read(model, pose).feet
    assert np.isnan(feet[2]).all()
    assert not np.isnan(feet[[0, 1, 3]]).any()


def test_feet_at_the_edge_of_the_picture_were_guessed() -> None:
    points = np.array([[300.0, 400], [300, 479], [1, 300], [639, 300], [300, -20]])
    assert beyond(points, SIZE_PX).tolist() == [False, True, True, True, True]


def test_the_foot_on_the_side_of_the_camera_is_the_left_one_of_somebody_who_faces_left() -> None:
    feet = points_of(pose_of(0.0))[list(FEET)]
    assert nearer_foot(feet) == 1
    feet[:, 0] *= -1
    assert nearer_foot(feet) == 0


def test_feet_of_somebody_who_goes_on_below_the_picture_are_not_seen() -> None:
    pose = pose_of(0.0)
    low = replace(pose, xy=pose.xy + np.array([0, SIZE_PX[1] - 12 - pose.xy[15:17, 1].max()]))
    model = FakeModel(low)
    model.points[list(FEET), 1] = SIZE_PX[1] - 8.0
    assert not np.isnan(read(model, low).feet).any()
    model.mask[:] = 1.0
    assert np.isnan(read(model, low).feet).all()
    higher = FakeModel(pose)
    higher.mask[:200] = 1.0
    assert not np.isnan(read(higher, pose).feet).any(), "the edge of the picture is far below"


# -- the outline ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [1, -1])
def test_the_outline_is_where_the_mask_ends_behind_the_trunk(ahead: int) -> None:
    pose = pose_of(0.0)
    columns = np.arange(SIDE_PX, dtype=np.float32)
    edge = 100.25 if ahead > 0 else 155.75
    mask = np.tile((columns - edge) * ahead, (SIDE_PX, 1)).astype(np.float32)
    outline = back_outline(mask, pose, upright(shown_of(pose)), ahead)
    assert outline.shape == (len(BACK_SHARES), 2)
    np.testing.assert_allclose(outline[:, 0], edge, atol=0.01)
    assert (np.diff(outline[:, 1]) < 0).all(), "from the pelvis up"


def test_an_outline_that_does_not_end_or_does_not_begin_is_not_seen() -> None:
    pose = pose_of(0.0)
    for value in (1.0, -1.0):
        mask = np.full((SIDE_PX, SIDE_PX), value, np.float32)
        assert np.isnan(back_outline(mask, pose, upright(shown_of(pose)), 1.0)).all()


# -- the real model on the rendered people of the demo ---------------------------------------------------------------


def look(name: str, times_s: tuple[float, ...]) -> list[CloseUp]:
    """Close-ups of a demo recording, each of the first frame after its time."""
    net = MoveNet(find_model("lightning_int8mix", models_dir()).path)
    source = open_source(str(CLIPS / f"{name}.mp4"))
    source.open()
    found: list[CloseUp] = []
    with contextlib.closing(source):
        while len(found) < len(times_s) and (frame := source.read()) is not None and frame.image is not None:
            pose = net.estimate(frame.image, frame.t_s)
            if frame.t_s >= times_s[len(found)]:
                shown = close_up(frame.image, pose)
                assert shown is not None
                found.append(shown)
    return found


@pytest.fixture(scope="module")
def reader() -> DetailReader:
    return DetailReader.of(find_detail_model(models_dir()).path)


def test_feet_that_point_out_as_usual_are_seen_so_from_the_front(reader: DetailReader) -> None:
    for shown in look("overhead_squat_front", (1.0, 1.6)):
        detail = reader.read(shown, View.FRONT, standing=True)
        assert 4 < turn_out_deg(detail) < 20
        assert math.isnan(detail.heel_up_deg)
        ankles = shown.pose.xy[15:17]
        assert np.linalg.norm(detail.feet[:2] - ankles, axis=1).max() < 35


def test_heels_that_stay_down_are_seen_so_from_the_side(reader: DetailReader) -> None:
    reader.forget()
    standing, bottom = look("overhead_squat_side", (1.0, 3.6))
    first = reader.read(standing, View.SIDE, standing=True)
    second = reader.read(bottom, View.SIDE, standing=False)
    assert first.heel_up_deg == pytest.approx(0, abs=1)
    assert second.heel_up_deg == pytest.approx(0, abs=3)
    assert not np.isnan(second.back).any()


def test_without_a_standing_frame_heels_are_not_seen(reader: DetailReader) -> None:
    reader.forget()
    (bottom,) = look("overhead_squat_side", (3.6,))
    assert math.isnan(reader.read(bottom, View.SIDE, standing=False).heel_up_deg)


def test_the_outline_of_the_back_lies_behind_hips_and_shoulders(reader: DetailReader) -> None:
    (standing,) = look("overhead_squat_side", (1.0,))
    detail = reader.read(standing, View.SIDE, standing=True)
    pose = standing.pose
    ahead = math.copysign(1.0, pose.xy[0, 0] - np.nanmean(pose.xy[3:5, 0]))
    middle = np.nanmean(pose.xy[[5, 6, 11, 12], 0])
    assert (ahead * (middle - detail.back[:, 0]) > 0).all()


def test_warps_are_joined_in_the_order_in_which_they_are_done() -> None:
    shift, scale = np.array([[1.0, 0, 5], [0, 1, 0]]), np.array([[2.0, 0, 0], [0, 2, 0]])
    assert moved(np.array([[1.0, 1.0]]), after(scale, shift)).tolist() == [[12, 2]]
