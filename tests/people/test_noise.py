from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.analyze import see
from kiosk.bench.accuracy.recordings import read_recordings
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import SEEN_SCORE, FloatArray
from kiosk.vision.keypoint_file import KeypointSource, read_keypoints
from tests.people import suite
from tests.people.noise import KeypointNoise, Seen, amounts, measured, noisy, read_noise, torso_of, write_noise
from tests.people.recorded import write_recordings
from tests.people.sizes import exercise_of

FPS, SIZE_PX = 15.0, (640, 480)
REPS = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
ONE = KeypointNoise((0.04, -0.02), (-0.06, 0.03), (0.0, 0.0), (0.02, 0.01), 0.2, 0.7, 0.05, 0.05, 0.3)
SOME = ("squat-front-clean-01", "squat-side-clean-02", "push-up-side-clean-03", "push-up-front-clean-01")


def still(seconds: float = 60.0) -> tuple[FloatArray, FloatArray]:
    """Somebody whose torso is 100 px long and who does not move; and the times."""
    t_s = np.arange(round(seconds * FPS)) / FPS
    pose = np.full((17, 2), 200.0)
    pose[11:, 1] += 100
    return np.repeat(pose[None], len(t_s), axis=0), t_s


def many_reps(seconds: float) -> list[tuple[float, float, float]]:
    return [(start, start + 1.0, start + 2.0) for start in np.arange(0.5, seconds - 3, 2.5)]


# -- made ------------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_noise_and_another_one_other_noise() -> None:
    truth, t_s = still(5.0)
    first, again, other = (noisy(truth, t_s, SIZE_PX, REPS, [ONE] * 17, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.xy, again.xy)
    np.testing.assert_array_equal(first.score, again.score)
    assert not np.array_equal(first.xy, other.xy)


def test_what_is_not_seen_has_no_place_and_a_low_score() -> None:
    truth, t_s = still()
    track = noisy(truth, t_s, SIZE_PX, REPS, [replace(ONE, unseen=0.3)] * 17, 1)
    gone = track.score < SEEN_SCORE
    assert 0.2 < gone.mean() < 0.4
    np.testing.assert_array_equal(np.isnan(track.xy).any(axis=2), gone)


def test_the_way_down_and_up_is_even() -> None:
    amount = amounts(REPS, np.array([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 5.0]))
    np.testing.assert_allclose(amount, [0, 0, 0.5, 1, 0.5, 0, 0, 1], atol=1e-9)


def test_the_offset_goes_from_that_of_the_top_to_that_of_the_bottom() -> None:
    truth, t_s = still(8.0)
    calm = replace(ONE, jitter=(0.0, 0.0), unseen=0.0)
    off = (noisy(truth, t_s, SIZE_PX, REPS, [calm] * 17, 1).xy - truth)[:, 5] / torso_of(truth)
    np.testing.assert_allclose(off[0], ONE.top, atol=1e-9)
    np.testing.assert_allclose(off[round(2.0 * FPS)], ONE.bottom, atol=1e-9)


# -- measured --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("from_right", [False, True])
def test_what_was_put_in_is_measured(from_right: bool) -> None:
    truth, t_s = still(200.0)
    reps = many_reps(200.0)
    put_in = [replace(ONE, top=(0.01 * index, 0.0)) for index in range(17)]
    track = noisy(truth, t_s, SIZE_PX, reps, put_in, 4, from_right=from_right)
    found = measured([Seen(truth, track, reps, from_right)])
    for one, wanted in zip(found, put_in, strict=True):
        np.testing.assert_allclose([one.top, one.bottom], [wanted.top, wanted.bottom], atol=0.01)
        np.testing.assert_allclose(one.jitter, wanted.jitter, rtol=0.2)
        assert one.lasts_s == pytest.approx(wanted.lasts_s, rel=0.35)
        assert one.score == pytest.approx(wanted.score, abs=0.02)
        assert one.unseen == pytest.approx(wanted.unseen, abs=0.035)
        assert one.gone_s == pytest.approx(wanted.gone_s, rel=0.5)


def test_what_differs_from_one_recording_to_the_next_is_no_jitter() -> None:
    truth, t_s = still(20.0)
    put_in = [replace(ONE, differs=(0.1, 0.05), unseen=0.0)] * 17
    seen = [Seen(truth, noisy(truth, t_s, SIZE_PX, REPS, put_in, seed), REPS) for seed in range(30)]
    found = measured(seen)
    assert np.mean([one.differs[0] for one in found]) == pytest.approx(0.1, rel=0.15)
    assert np.mean([one.jitter[0] for one in found]) == pytest.approx(0.02, rel=0.15)


def test_a_keypoint_that_was_never_seen_is_no_mistake() -> None:
    truth, t_s = still(8.0)
    track = noisy(truth, t_s, SIZE_PX, REPS, [replace(ONE, unseen=1.0)] * 17, 1)
    assert np.isnan(track.xy).all()
    assert all(one.unseen == 1 for one in measured([Seen(truth, track, REPS)]))


def test_nothing_is_measured_on_nothing() -> None:
    with pytest.raises(ValueError, match="one recording"):
        measured([])


def test_noise_survives_being_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "noise.json"
    write_noise("some_model", 3, {"overhead-squat front": [ONE] * 17}, path)
    assert read_noise(path) == ("some_model", {"overhead-squat front": (ONE,) * 17})


# -- the noise that was measured, on people of the suite -------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keypoints")
    scenarios = suite.read()
    assert list(write_recordings({name: scenarios[name] for name in SOME}, made, *read_noise())) == list(SOME)
    return made


def test_keypoint_files_are_labelled_recordings(folder: Path) -> None:
    recordings = read_recordings(folder)
    assert [one.name for one in recordings] == sorted(SOME)
    assert {one.model for one in recordings} == {read_noise()[0]}
    assert not any(one.is_film for one in recordings)


@pytest.mark.parametrize("name", SOME)
def test_all_reps_are_counted_in_spite_of_the_noise(folder: Path, name: str) -> None:
    scenario = suite.read()[name]
    source = KeypointSource(folder / f"{name}.npz")
    source.open()
    read = read_pass(exercise_of(scenario), see(source, None).track)
    assert len(read.complete) == len(scenario.reps)
    assert read_keypoints(folder / f"{name}.npz").size_px == (640, 480)


def test_two_processes_write_the_same_as_one(folder: Path, tmp_path: Path) -> None:
    scenarios = suite.read()
    two = {name: scenarios[name] for name in SOME[:2]}
    assert list(write_recordings(two, tmp_path, *read_noise(), jobs=2)) == list(two)
    for name in two:
        alone, together = read_keypoints(folder / f"{name}.npz"), read_keypoints(tmp_path / f"{name}.npz")
        np.testing.assert_array_equal(alone.xy, together.xy)
        np.testing.assert_array_equal(alone.score, together.score)


def test_what_has_no_known_noise_is_left_out(tmp_path: Path) -> None:
    scenarios = suite.read()
    assert list(write_recordings({SOME[0]: scenarios[SOME[0]]}, tmp_path, "some-model", {})) == []
