import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.bench.accuracy.recordings import ideal_track, read_recording
from kiosk.movement.pose import FloatArray
from kiosk.movement.view import View
from kiosk.vision.camera import Image
from kiosk.vision.sources import VideoFile
from tests.people import __main__ as command
from tests.people import film
from tests.people.film import Stage, content_keys, is_made, render, write_video
from tests.people.motion import Performance
from tests.people.scenario import Motion, Mounting, Person, Scenario, Scene, text_of
from tests.people.truth import truth_file

pytest.importorskip("av", reason="rendering needs PyAV: make setup-tests")

ROOT = Path(__file__).parents[2]
#: A second of somebody who stands there, as small as a scenario may be.
TINY = Scenario(
    "idle",
    View.FRONT,
    "tune",
    4,
    Person("man-30-medium"),
    Scene("plain"),
    Mounting(fps=8.0, width_px=96, height_px=72),
    Motion(lasts_s=1.0),
)


def pictures(path: Path) -> list[Image]:
    video = VideoFile(path)
    video.open()
    with contextlib.closing(video):
        return [frame.image for frame in iter(video.read, None) if frame.image is not None]


def grey(images: list[Image]) -> FloatArray:
    return np.array([image.mean(axis=2) for image in images])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recordings")
    assert render(TINY, made / "tiny") == 8
    return made


# -- one recording ---------------------------------------------------------------------------------------------------


def test_the_video_is_read_back_as_it_was_drawn(folder: Path) -> None:
    seen, stage = pictures(folder / "tiny.mp4"), Stage(TINY)
    drawn = [stage.frame(number / 8.0) for number in range(8)]
    assert len(seen) == 8
    assert seen[0].shape == (72, 96, 3)
    assert np.abs(grey(seen) - grey(drawn)).mean() < 4
    assert grey(seen).std() > 10


def test_the_video_keeps_its_pace(folder: Path) -> None:
    video = VideoFile(folder / "tiny.mp4")
    video.open()
    with contextlib.closing(video):
        times_s = [frame.t_s for frame in iter(video.read, None)]
    np.testing.assert_allclose(np.diff(times_s), 1 / 8, atol=2e-3)
    np.testing.assert_allclose(ideal_track(read_recording(folder / "tiny.truth.json")).t_s, np.arange(8) / 8)


def test_somebody_is_in_the_picture_where_the_truth_says(folder: Path) -> None:
    stage = Stage(TINY)
    with np.load(folder / "tiny.truth.npz") as arrays:
        hips = arrays["xy"][0, 11:13].mean(axis=0)
    empty, seen = (np.asarray(image, np.float64) for image in (stage._background, stage.frame(0.0)))
    changed = np.abs(empty - seen).max(axis=2) > 25
    rows, columns = np.nonzero(changed)
    assert 100 < changed.sum() < 2500
    assert abs(columns.mean() - hips[0]) < 5
    assert rows.min() < hips[1] < rows.max()


def test_a_frame_is_the_same_every_time_and_the_next_one_another() -> None:
    first, again = Stage(TINY), Stage(TINY)
    np.testing.assert_array_equal(first.frame(0.5), again.frame(0.5))
    assert not np.array_equal(first.frame(0.5), first.frame(0.625))


def test_a_slow_shutter_blurs_what_moves() -> None:
    walk = replace(TINY, exercise="walk", camera=replace(TINY.camera, noise=0.0, blur_px=0.0))
    middle_s = 0.5 * Performance(walk, Stage(walk).body).duration_s
    sharp, blurred = (
        Stage(replace(walk, camera=replace(walk.camera, shutter_s=shutter_s))).frame(middle_s / 2)
        for shutter_s in (0.0, 0.2)
    )
    assert np.abs(np.asarray(sharp, np.float64) - blurred).max() > 20


def test_a_push_up_has_a_bench_and_a_second_person_is_drawn() -> None:
    pushes = Scenario("incline-push-up", View.SIDE, "tune", 1, TINY.person, camera=TINY.camera)
    with pytest.raises(IndexError):
        Stage(pushes)
    busy = replace(TINY, motion=Motion(lasts_s=4.0, second_person=True))
    alone, both = Stage(replace(busy, motion=Motion(lasts_s=4.0))), Stage(busy)
    moments = [t for t in np.arange(0, 4, 0.25) if both.performance.at(float(t)).passer_by is not None]
    differences = [np.abs(np.asarray(alone.frame(float(t)), np.float64) - both.frame(float(t))).mean() for t in moments]
    assert max(differences) > 1


# -- kept by content -------------------------------------------------------------------------------------------------


@pytest.fixture
def never_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Image:
        raise AssertionError("a frame was drawn")

    monkeypatch.setattr(Stage, "frame", refuse)


@pytest.mark.usefixtures("never_drawn")
def test_what_is_there_is_not_drawn_again(folder: Path) -> None:
    assert is_made(folder / "tiny", TINY)
    before = (folder / "tiny.mp4").stat().st_mtime_ns
    assert render(TINY, folder / "tiny") == 8
    assert (folder / "tiny.mp4").stat().st_mtime_ns == before


@pytest.mark.usefixtures("never_drawn")
def test_a_change_of_what_is_told_writes_only_the_truth_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "TOLD_BY", ("truth", "measured"))
    assert not is_made(folder / "tiny", TINY)
    render(TINY, folder / "tiny")
    assert is_made(folder / "tiny", TINY)
    monkeypatch.undo()


@pytest.mark.parametrize("change", ["seed", "scenario", "code", "video gone", "truth cut off", "truth of old"])
def test_what_is_out_of_date_or_cut_off_is_not_taken_for_made(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    stem, wanted = tmp_path / "tiny", TINY
    for name in ("tiny.mp4", "tiny.truth.json", "tiny.truth.npz"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    facts = truth_file(stem)
    text = facts.read_text(encoding="utf-8")
    facts.write_text(json.dumps({**json.loads(text), "made_from": content_keys(TINY)}), encoding="utf-8")
    assert is_made(stem, wanted)
    if change == "seed":
        wanted = replace(TINY, seed=5)
    elif change == "scenario":
        wanted = replace(TINY, camera=replace(TINY.camera, yaw_deg=1.0))
    elif change == "code":
        monkeypatch.setattr(film, "SEEN_BY", film.SEEN_BY[1:])
    elif change == "video gone":
        stem.with_name("tiny.mp4").unlink()
    elif change == "truth cut off":
        facts.write_text(text[: len(text) // 2], encoding="utf-8")
    else:
        facts.write_text('{"made_from": 3}', encoding="utf-8")
    assert not is_made(stem, wanted)


def test_a_video_that_is_out_of_date_is_made_again(tmp_path: Path) -> None:
    stem, short = tmp_path / "short", replace(TINY, motion=Motion(lasts_s=1.0), camera=replace(TINY.camera, fps=2.0))
    assert render(short, stem) == 2
    assert render(replace(short, camera=replace(short.camera, fps=3.0)), stem) == 3
    assert len(pictures(tmp_path / "short.mp4")) == 3


def test_comments_and_layout_of_the_code_do_not_count() -> None:
    assert content_keys(TINY) == content_keys(replace(TINY))
    assert content_keys(TINY)["video"] != content_keys(replace(TINY, seed=5))["video"]
    assert content_keys(TINY)["video"] != content_keys(TINY)["truth"]


def test_every_module_that_a_picture_depends_on_counts() -> None:
    here = Path(film.__file__).parent
    known = {*film.SEEN_BY, *film.TOLD_BY}
    imported = {
        line.split()[1].removeprefix("tests.people.")
        for name in known
        for line in (here / f"{name}.py").read_text(encoding="utf-8").splitlines()
        if line.startswith("from tests.people.")
    }
    assert imported <= known | {"measured"}


# -- cut off ---------------------------------------------------------------------------------------------------------


def test_who_interrupts_finds_no_half_file(tmp_path: Path) -> None:
    def interrupted() -> Iterator[Image]:
        yield np.zeros((72, 96, 3), np.uint8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_video(tmp_path / "half.mp4", 8.0, interrupted())
    assert not list(tmp_path.iterdir())


def test_what_was_there_stays_until_the_new_one_is_whole(tmp_path: Path, folder: Path) -> None:
    def interrupted() -> Iterator[Image]:
        yield np.zeros((72, 96, 3), np.uint8)
        raise KeyboardInterrupt

    path = tmp_path / "some.mp4"
    path.write_bytes((folder / "tiny.mp4").read_bytes())
    with pytest.raises(KeyboardInterrupt):
        write_video(path, 8.0, interrupted())
    assert len(pictures(path)) == 8


def test_a_recording_that_was_cut_off_while_drawn_does_not_count_as_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupts(*_: object) -> Image:
        raise KeyboardInterrupt

    stem = tmp_path / "tiny"
    with monkeypatch.context() as patch:
        patch.setattr(Stage, "frame", interrupts)
        with pytest.raises(KeyboardInterrupt):
            render(TINY, stem)
    assert not list(tmp_path.iterdir())
    assert not is_made(stem, TINY)


# -- many ------------------------------------------------------------------------------------------------------------


def test_the_command_renders_what_is_missing_and_says_so(
    tmp_path: Path,
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    short = replace(TINY, camera=replace(TINY.camera, fps=2.0))
    for name, part in (("mine", "tune"), ("other", "report")):
        (texts / f"{name}.toml").write_text(text_of(replace(short, part=part)), encoding="utf-8")
    # In a process of its own: it forks, and this one has threads.
    asked = [sys.executable, "-m", "tests.people", "render", "--scenarios", str(texts), "--out", str(tmp_path / "out")]
    for there in (0, 2):
        done = subprocess.run(
            [*asked, "--jobs", "2"], cwd=ROOT, capture_output=True, text=True, timeout=100, check=True
        )
        assert f"{there} of 2 are there" in done.stdout
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {f"{name}{kind}" for name in ("mine", "other") for kind in (".mp4", ".truth.json", ".truth.npz")}


def test_a_name_that_no_scenario_has_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["render", "--scenarios", str(tmp_path), "--only", "nobody-*"]) == 2
    assert "nobody-*" in capsys.readouterr().err
