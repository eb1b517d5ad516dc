"""The tables of counts, of the crop, and of correct against incorrect squats, on data of known content."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.bench.captured import FILE, joined, read_reps, seen_by_camera, sets
from kiosk.bench.clips import WAYS, Clip, keypoints, read_labels
from kiosk.bench.counts import Count, count, false_reps, rep_tables
from kiosk.bench.crop import compare, crop_tables
from kiosk.bench.separation import (
    Judged,
    auc,
    best_limit,
    count_table,
    judge_sets,
    separation_table,
)
from kiosk.bench.tables import share, table
from kiosk.errors import SourceError
from kiosk.movement.exercise import Exercise
from kiosk.movement.pose import PoseTrack
from kiosk.movement.view import View
from kiosk.plugins import load_plugins
from kiosk.testing import Squatter
from kiosk.vision.keypoint_file import read_keypoints
from kiosk.vision.models import ModelFile, find_model, models_dir
from tests.bench.made import captured, make_captured, make_shared, push_ups, squats, walk
from tests.commands import ROOT, Kiosk, make_kiosk
from tests.vision.recordings import write_video

SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="module")
def exercises() -> dict[str, Exercise]:
    return load_plugins().exercises


@pytest.fixture(scope="module")
def model() -> ModelFile:
    return find_model("lightning_int8", models_dir())


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


def clip(exercise: str | None = "overhead-squat", reps: int = 3, usable: bool = True) -> Clip:
    return Clip(Path("clip.mp4"), exercise, "front", reps, (reps, reps), usable)


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line]


# -- tables --------------------------------------------------------------------------------


def test_a_table_is_markdown_with_two_digits() -> None:
    assert table(["name", "value"], [["a", 1.234], ["b", 7]]) == (
        "| name | value |\n| --- | --- |\n| a | 1.23 |\n| b | 7 |"
    )


def test_a_share_of_nothing_is_no_error() -> None:
    assert (share(9, 10), share(0, 0)) == ("9 of 10 (90 %)", "0 of 0")


# -- clips --------------------------------------------------------------------------------


def test_labels_are_read(tmp_path: Path) -> None:
    good, cut, push, negative = read_labels(make_shared(tmp_path))
    assert (good.path.name, good.exercise, good.reps, good.acceptable, good.usable) == (
        "good.npz",
        "overhead-squat",
        3,
        (3, 3),
        True,
    )
    assert not cut.usable
    assert push.acceptable == (4, 5)
    assert negative.exercise is None


@pytest.mark.parametrize("text", [None, "no json", "{}", '[{"file": "x"}]', "[1]"])
def test_labels_that_are_missing_or_wrong_are_refused_with_their_place(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "clips").mkdir()
    if text == "{}":
        text = '{"file": 1}'
    if text is not None:
        (tmp_path / "clips" / "labels.json").write_text(text)
    with pytest.raises(SourceError, match=r"labels\.json"):
        read_labels(tmp_path)


@pytest.mark.parametrize("way", WAYS)
def test_what_the_model_saw_is_kept_and_taken_from_there(tmp_path: Path, model: ModelFile, way: str) -> None:
    video = write_video(tmp_path / "grey.mp4", 4)
    first = keypoints(video, model, way, threads=1, cache=tmp_path / "cache")
    kept = tmp_path / "cache" / f"lightning_int8_{way}" / "grey.npz"
    assert len(read_keypoints(kept)) == len(first) == 4
    video.unlink()
    assert len(keypoints(video, model, way, threads=1, cache=tmp_path / "cache")) == 4


def test_without_a_cache_nothing_is_kept(tmp_path: Path, model: ModelFile) -> None:
    video = write_video(tmp_path / "grey.mp4", 4)
    keypoints(video, model, "crop", threads=1, cache=None)
    assert list(tmp_path.iterdir()) == [video]


# -- counts --------------------------------------------------------------------------------


def test_a_clip_is_counted_for_its_own_exercise(exercises: dict[str, Exercise]) -> None:
    counted = count(clip(reps=3), squats(3), exercises)
    assert (counted.counted, counted.recognised, counted.right) == (3, "overhead-squat", True)
    assert not replace(counted, counted=4).right


def test_a_negative_is_counted_for_every_exercise(exercises: dict[str, Exercise]) -> None:
    assert count(clip(None, 0), walk(), exercises).counted == 0
    wrong = [count(clip(None, 0), track, exercises) for track in (squats(2), push_ups(3))]
    assert [c.counted for c in wrong] == [2, 3]
    assert not any(c.right for c in wrong)
    assert false_reps(wrong) == 5


def test_the_table_of_counts_adds_up_and_lists_what_is_wrong() -> None:
    squat, other = clip(), clip(usable=False)
    counts = [
        Count(squat, 3, "overhead-squat"),
        Count(replace(squat, path=Path("bad.mp4")), 4, "overhead-squat"),
        Count(other, 2, None),
        Count(clip("incline-push-up"), 3, "incline-push-up"),
        Count(clip(None, 0), 2, "overhead-squat"),
    ]
    by_name = {row[0]: row[1:] for row in rows(rep_tables(counts))}
    assert by_name["overhead-squat, usable"][0] == "1 of 2 (50 %)"
    assert by_name["all usable"][:2] == ["2 of 3 (67 %)", "2 of 3 (67 %)"]
    assert by_name["not usable (for interest)"][0] == "0 of 1 (0 %)"
    assert by_name["negatives"] == ["0 of 1 (0 %)", "-", "2", "-"]
    assert by_name["bad.mp4"] == ["overhead-squat", "yes", "4", "3"]


def test_nothing_wrong_makes_no_list() -> None:
    assert "not right" not in rep_tables([Count(clip(), 3, "overhead-squat")])


# -- the crop --------------------------------------------------------------------------------


def noisy(track: PoseTrack, noise_px: float, hidden: int = 0) -> PoseTrack:
    xy = track.xy + np.random.default_rng(1).normal(0, noise_px, track.xy.shape)
    xy[:, :hidden] = np.nan
    return PoseTrack(xy, track.score, track.t_s, track.size_px)


def test_more_noise_is_more_jitter_and_hidden_points_are_seen_less(exercises: dict[str, Exercise]) -> None:
    looks = compare(clip(), noisy(squats(3), 4.0, hidden=2), noisy(squats(3), 1.0), exercises)
    whole, crop = looks.jitter_percent
    assert whole == pytest.approx(4 * crop, rel=0.3)
    # Half the points of a circle of normal noise lie within 1.18 of it; the smoothed track keeps a part.
    assert 0.5 < crop * 1.1 / 1.18 < 1.2
    assert looks.seen == pytest.approx((15 / 17, 1.0))
    assert [c.counted for c in looks.counts] == [3, 3]


def test_nothing_seen_in_both_ways_has_no_jitter(exercises: dict[str, Exercise]) -> None:
    looks = compare(clip(), noisy(squats(1), 1.0, hidden=17), squats(1), exercises)
    assert looks.jitter_percent == (0.0, 0.0)


def test_the_table_of_the_crop_has_both_ways_and_every_clip(exercises: dict[str, Exercise]) -> None:
    looks = [
        compare(clip(), noisy(squats(3), 4.0), squats(3), exercises),
        compare(clip(None, 0), walk(), walk(), exercises),
    ]
    found = rows(crop_tables(looks))
    assert found[2][:3] == ["the whole frame", "1 of 1 (100 %)", "0"]
    assert found[3][0] == "the tracking crop"
    assert found[-2][:2] == ["clip", "3 / 3 of 3"]


# -- captured squats --------------------------------------------------------------------------------


def test_captured_reps_are_read_by_kind_and_person(tmp_path: Path) -> None:
    make_captured(tmp_path / FILE, people=2, reps=3)
    reps = read_reps(tmp_path / FILE)
    assert {key: len(parts) for key, parts in reps.items()} == {
        (kind, person): 3 for kind in ("correct", "incorrect") for person in (1, 2)
    }


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_a_file_of_captured_reps_that_is_missing_or_wrong_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "captured.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"captured\.npz"):
        read_reps(path)


def test_reps_are_joined_without_a_jump() -> None:
    one, other = captured(Squatter()), captured(Squatter()) + np.array([400.0, 0.0, 0.0])
    whole = joined([one, other])
    assert np.abs(np.diff(whole, axis=0)).max() < 100
    assert len(whole) > (len(one) + len(other)) / 3


def test_the_front_camera_sees_the_own_left_on_the_right_and_the_floor_below() -> None:
    xy = seen_by_camera(captured(Squatter()), View.FRONT, noise=0.0, seed=0).xy[0]
    assert xy[5, 0] > xy[6, 0], "left shoulder"
    assert xy[15, 1] > xy[11, 1] > xy[5, 1], "ankle below hip below shoulder"
    # A point as high as the lens is in the middle of the picture.
    at_lens = seen_by_camera(np.full((1, 17, 3), 1000.0), View.FRONT, noise=0.0, seed=0).xy[0]
    assert at_lens[0, 1] == 480


def test_the_side_camera_sees_the_person_face_right() -> None:
    xy = seen_by_camera(captured(Squatter()), View.SIDE, noise=0.0, seed=0).xy[0]
    assert xy[0, 0] > xy[3, 0], "nose ahead of the ear"


def test_noise_is_a_share_of_the_torso_and_the_same_each_time() -> None:
    still = np.repeat(captured(Squatter())[:1], 400, 0)
    clean = seen_by_camera(still, View.FRONT, noise=0.0, seed=3).xy
    first, again = (seen_by_camera(still, View.FRONT, noise=0.02, seed=3).xy for _ in range(2))
    torso = float(np.hypot(*(clean[0, 5:7].mean(axis=0) - clean[0, 11:13].mean(axis=0))))
    assert (first - clean).std() == pytest.approx(0.02 * torso, rel=0.05)
    np.testing.assert_array_equal(first, again)


def test_a_value_of_one_group_over_all_of_the_other_separates_fully() -> None:
    assert auc(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1.0
    assert auc(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 0.0
    assert auc(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == 0.5


def test_the_best_limit_lies_between_the_groups() -> None:
    assert best_limit(np.array([5.0, 6.0]), np.array([1.0, 2.0, 3.0])) == 4.0
    assert best_limit(np.array([1.0]), np.array([1.0])) == 1.0


def test_the_best_limit_is_a_quiet_one() -> None:
    clear = np.arange(20.0)
    # Ten of twelve signs lie above 14, but so do five correct reps of twenty.
    limit = best_limit(np.array([14.5] * 10 + [30.0, 31.0]), clear)
    assert (clear > limit).mean() <= 0.05
    assert limit < 30.0


def test_sets_are_counted_and_faults_told_from_none(tmp_path: Path, exercises: dict[str, Exercise]) -> None:
    make_captured(tmp_path / FILE)
    counted, judged = judge_sets(exercises["overhead-squat"], sets(read_reps(tmp_path / FILE), noise=0.01))
    assert all(one.counted == one.reps == 3 for one in counted)
    by_check = {row[0]: row[1:] for row in rows(separation_table(judged))}
    view, everybody, unseen, sensitivity, specificity, _, false_signs = by_check["knees-in"]
    assert (view, everybody, unseen, sensitivity, specificity, false_signs) == (
        "front",
        "1.00",
        "1.00",
        "1.00",
        "1.00",
        "0.0%",
    )
    assert float(by_check["shallow-depth"][1]) > 0.95
    assert rows(count_table(counted))[-1][:3] == ["all", "72 of 72 (100 %)", "72 of 72"]


def test_limits_are_fitted_on_four_people_and_reported_on_the_others() -> None:
    judged = [
        Judged("c", View.FRONT, kind, person, value, False)
        for person in (1, 2, 3, 4)
        for kind, value in (("correct", 1.0), ("incorrect", 3.0))
    ]
    # The others are the other way round: a limit that was fitted on them would look good.
    judged += [Judged("c", View.FRONT, "correct", 5, 9.0, True), Judged("c", View.FRONT, "incorrect", 5, 0.0, False)]
    row = rows(separation_table(judged))[2]
    assert row[3:6] == ["0.00", "0.00", "0.00"]
    assert row[6:] == ["0%", "20.0%"]


# -- the commands --------------------------------------------------------------------------------


def test_bench_reps_prints_all_tables(kiosk: Kiosk) -> None:
    shared = make_shared(kiosk.folder / "shared")
    said = kiosk("bench", "reps", "--shared", shared, "--model", "lightning_int8")
    assert said.code == 0, said.err
    by_name = {row[0]: row[1:] for row in rows(said.out)}
    assert by_name["all usable"][0] == "2 of 2 (100 %)"
    assert by_name["negatives"][2] == "0"
    assert by_name["cut.npz"] == ["overhead-squat", "no", "2", "4"]
    assert by_name["knees-in"][0] == "front"
    assert by_name["all"][1].endswith("of 72")


def test_bench_crop_prints_the_table(kiosk: Kiosk) -> None:
    shared = make_shared(kiosk.folder / "shared")
    said = kiosk("bench", "crop", "--shared", shared, "--cache", "cache")
    assert said.code == 0, said.err
    assert "Model movenet_thunder_f16, 4 clips" in said.out
    assert (kiosk.folder / "cache" / "thunder_f16_whole" / "good.npz").is_file()


def test_a_folder_without_labels_is_refused(kiosk: Kiosk) -> None:
    assert "labels.json" in kiosk("bench", "reps", "--shared", kiosk.folder).complaint


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_every_captured_rep_is_counted_and_hardly_a_correct_one_shows_a_sign(exercises: dict[str, Exercise]) -> None:
    counted, judged = judge_sets(exercises["overhead-squat"], sets(read_reps(SHARED / FILE)))
    assert sum(c.reps for c in counted if c.counted == c.reps) >= 0.99 * sum(c.reps for c in counted)
    for check in {one.check for one in judged}:
        correct = [one.sign for one in judged if one.check == check and one.kind == "correct"]
        assert np.mean(correct) <= 0.05, check


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_the_labels_at_hand_can_be_read() -> None:
    clips = read_labels(SHARED)
    assert len(clips) == len(json.loads((SHARED / "clips" / "labels.json").read_text()))
    assert all(one.path.is_file() for one in clips)
