"""``kiosk analyze`` to the letter of its contract, on the demo's recordings and on everything that may go wrong."""

import json
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from kiosk.cli import main
from kiosk.movement.pose import PoseTrack
from kiosk.testing import FRONT, SIDE, PushUpper, Squatter, Walker, perform, record
from kiosk.vision.details import MISSING, NO_PICTURE, OFF
from kiosk.vision.keypoint_file import write_keypoints
from kiosk.vision.models import models_dir
from tests.commands import CLIPS, ROOT, Kiosk, make_kiosk
from tests.vision.recordings import write_gif, write_noise_avi, write_video

SCHEMA = json.loads((ROOT / "kiosk" / "report.schema.json").read_text(encoding="utf-8"))
CONTRACT = {
    "schema",
    "source",
    "model",
    "exercise",
    "view",
    "reps",
    "checks",
    "score",
    "first",
    "programme",
    "notes",
}
OF_A_REP = {"number", "start_s", "bottom_s", "end_s", "eccentric_s", "concentric_s", "range_of_motion"}
OF_A_REP |= {"complete", "score", "signs"}
OF_A_CHECK = {
    "slug",
    "checkpoint",
    "status",
    "value",
    "unit",
    "error",
    "clear",
    "sign",
    "reps",
    "from_rep",
    "reason",
}
QUICK = "lightning_int8"


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


def checked(report: dict[str, Any]) -> dict[str, Any]:
    """Hold a report to the schema and to the contract of the issue."""
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert set(report) >= CONTRACT
    assert all(set(rep) >= OF_A_REP for rep in report["reps"])
    assert all(set(check) >= OF_A_CHECK for check in report["checks"])
    return report


def analysed(kiosk: Kiosk, *words: str | Path) -> dict[str, Any]:
    said = kiosk("analyze", *words, "--json", "-")
    assert said.code == 0, said.err
    return checked(json.loads(said.out))


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {check["slug"]: check["status"] for check in report["checks"]}


# -- the recordings of the demo --------------------------------------------------------------------------------


@cache
def demo_report(name: str, folder: Path) -> dict[str, Any]:
    place = folder / f"{name}.json"
    assert main(["analyze", str(CLIPS / f"{name}.mp4"), "--model", QUICK, "--json", str(place)]) == 0
    return checked(json.loads(place.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.mark.parametrize(
    ("name", "exercise", "view", "reps", "sign", "since"),
    [
        ("overhead_squat_front", "overhead-squat", "front", 5, "knees-in", 3),
        ("overhead_squat_side", "overhead-squat", "side", 5, "arms-fall-forward", 3),
        ("incline_push_up_side", "incline-push-up", "side", 8, "hips-sag", 6),
    ],
)
def test_the_demo_recordings_give_their_reps_and_the_fault_that_was_put_in(
    folder: Path, name: str, exercise: str, view: str, reps: int, sign: str, since: int
) -> None:
    report = demo_report(name, folder)
    assert (report["exercise"], report["view"]) == (exercise, view)
    assert [rep["number"] for rep in report["reps"]] == list(range(1, reps + 1))
    assert all(rep["complete"] for rep in report["reps"])
    found = next(check for check in report["checks"] if check["slug"] == sign)
    assert (found["status"], found["from_rep"]) == ("sign", since)
    assert found["reps"] == list(range(since, reps + 1))
    assert report["first"] == sign
    assert [other for other, status in statuses(report).items() if status == "sign"] == [sign]
    assert report["model"] == "movenet_lightning_int8"
    assert 1 <= len(report["programme"]) <= 8
    assert report["notes"] == []


def test_the_source_is_described_as_it_is(folder: Path) -> None:
    source = demo_report("overhead_squat_front", folder)["source"]
    assert source["name"] == "overhead_squat_front.mp4"
    assert source["size_px"] == [640, 480]
    assert source["fps"] == pytest.approx(30, abs=0.01)
    assert source["frames"] == 612
    assert source["duration_s"] == pytest.approx(20.4, abs=0.01)


def test_what_was_recorded_gives_the_same_reps_as_the_video(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_MODEL_SECOND", "false")  # recorded keypoints hold no picture for it
    video = CLIPS / "overhead_squat_side.mp4"
    of_video = analysed(kiosk, video, "--model", QUICK)
    said = kiosk("record", video, "--out", "side.npz", "--model", QUICK)
    assert said.code == 0
    report = analysed(kiosk, "side.npz")
    assert report["model"] == of_video["model"] == "movenet_lightning_int8"
    for part in ("reps", "score", "first", "programme", "view", "exercise"):
        assert report[part] == of_video[part], part
    judged = [[check for check in one["checks"] if check["value"] is not None] for one in (report, of_video)]
    assert judged[0] == judged[1]
    assert judged[0]


# -- what is printed and written --------------------------------------------------------------------------------


def test_the_summary_says_what_was_seen_in_words(kiosk: Kiosk) -> None:
    said = kiosk("analyze", kiosk.squats(knees_ratio=0.6))
    assert said.code == 0
    assert said.err == ""
    for words in (
        "Overhead squat, seen from the front",
        "4 reps",
        "knees-in",
        "Score",
        "Work on first: knees",
    ):
        assert words in said.out
    assert "Not assessed" in said.out
    assert "points seen" in said.out
    assert "Programme" in said.out
    assert "no diagnosis" in said.out


def test_json_on_standard_output_is_all_that_is_there(kiosk: Kiosk) -> None:
    said = kiosk("analyze", kiosk.squats(), "--json", "-")
    assert json.loads(said.out)["schema"] == 1
    assert said.out.count('"schema"') == 1


def test_json_in_a_file_comes_with_the_summary(kiosk: Kiosk) -> None:
    said = kiosk("analyze", kiosk.squats(), "--json", "report.json")
    assert "4 reps" in said.out
    assert checked(json.loads((kiosk.folder / "report.json").read_text()))["view"] == "front"
    assert sorted(path.name for path in kiosk.folder.iterdir()) == ["report.json", "squats.npz"]


def test_the_page_stands_alone(kiosk: Kiosk) -> None:
    assert kiosk("analyze", kiosk.squats(), "--html", "page.html", "--json", "-").code == 0
    page = (kiosk.folder / "page.html").read_text(encoding="utf-8")
    assert "Overhead squat" in page
    assert "<style>" in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_page_speaks_the_language_that_is_asked_for(kiosk: Kiosk) -> None:
    assert kiosk("analyze", kiosk.squats(), "--html", "page.html", "--lang", "de").code == 0
    page = (kiosk.folder / "page.html").read_text(encoding="utf-8")
    assert '<html lang="de"' in page
    assert "Überkopf-Kniebeuge" in page
    assert "kein Medizinprodukt" in page


def test_there_is_a_page_where_no_exercise_was_told_too(kiosk: Kiosk) -> None:
    write_keypoints(kiosk.folder / "empty.npz", nobody(20))
    assert kiosk("analyze", "empty.npz", "--html", "page.html").code == 0
    assert "Nobody was seen" in (kiosk.folder / "page.html").read_text(encoding="utf-8")


def test_a_given_view_and_exercise_are_taken(kiosk: Kiosk) -> None:
    report = analysed(kiosk, kiosk.squats(), "--view", "rear", "--exercise", "overhead-squat")
    assert report["view"] == "rear"
    assert len(report["reps"]) == 4
    assert "seen from the front" in report["notes"][0]


def test_a_chosen_model_says_why_on_stderr(kiosk: Kiosk) -> None:
    video = write_video(kiosk.folder / "grey.mp4", 5)
    said = kiosk("analyze", video, "--model", "auto", "--json", "-")
    assert said.err.startswith("kiosk: model: movenet_")
    assert "frames/s on this machine" in said.err
    assert len(said.err.splitlines()) == 1, "there is no progress bar but on a terminal"
    assert json.loads(said.out)["model"].startswith("movenet_")


def test_the_configured_model_is_taken_where_none_is_named(kiosk: Kiosk) -> None:
    (kiosk.folder / "kiosk.toml").write_text(f"model = '{QUICK}'\n")
    video = write_video(kiosk.folder / "grey.mp4", 5)
    assert analysed(kiosk, video, "--config", "kiosk.toml")["model"] == f"movenet_{QUICK}"


# -- nothing to judge is no error --------------------------------------------------------------------------------


def nobody(frames: int) -> PoseTrack:
    return PoseTrack(np.full((frames, 17, 2), np.nan), np.zeros((frames, 17)), np.arange(frames) / 30, (640, 480))


def test_a_video_without_a_person_says_so(kiosk: Kiosk) -> None:
    video = write_video(kiosk.folder / "grey.mp4", 12)
    report = analysed(kiosk, video, "--model", QUICK)
    assert (report["exercise"], report["view"], report["reps"], report["checks"]) == (None, None, [], [])
    assert report["score"] == {"value": None, "low": None, "high": None, "seen": 0, "of": 0}
    assert report["first"] is None
    assert report["programme"] == []
    assert "Nobody was seen in the 12 frames" in report["notes"][0]
    assert report["source"]["frames"] == 12


# -- the second model ------------------------------------------------------------------------------------------


def heels(report: dict[str, Any]) -> dict[str, Any]:
    return next(check for check in report["checks"] if check["slug"] == "heels-rise")


def test_heels_are_looked_at_in_a_video(folder: Path) -> None:
    found = heels(demo_report("overhead_squat_side", folder))
    assert found["assessed_by"] == "second-model"
    assert found["status"] == "clear"
    assert len(found["per_rep"]) == 5


def test_a_second_model_that_is_damaged_is_named_and_the_rest_goes_on(kiosk: Kiosk) -> None:
    models = kiosk.folder / "models"
    shutil.copytree(models_dir(), models, ignore=shutil.ignore_patterns("*thunder*", "build", "__pycache__"))
    with (models / "blazepose_full.tflite").open("r+b") as file:
        file.write(b"broken")
    (kiosk.folder / "kiosk.toml").write_text(f"[model]\nname = '{QUICK}'\nfolder = '{models}'\n")
    said = kiosk("analyze", CLIPS / "overhead_squat_side.mp4", "--json", "-", "--config", "kiosk.toml")
    assert said.code == 0
    assert "blazepose_full.tflite was altered" in said.err
    report = checked(json.loads(said.out))
    assert (heels(report)["status"], heels(report)["reason"]) == ("not-assessed", MISSING)
    assert [rep["complete"] for rep in report["reps"]] == [True] * 5


def test_a_second_model_that_is_switched_off_is_told_as_the_reason(kiosk: Kiosk) -> None:
    (kiosk.folder / "kiosk.toml").write_text(f"[model]\nname = '{QUICK}'\nsecond = false\n")
    report = analysed(kiosk, CLIPS / "overhead_squat_side.mp4", "--config", "kiosk.toml")
    assert heels(report)["reason"] == OFF


def test_recorded_keypoints_hold_no_picture_to_look_at(kiosk: Kiosk) -> None:
    report = analysed(kiosk, kiosk.squats())
    feet = next(check for check in report["checks"] if check["slug"] == "feet-turn-out")
    assert (feet["status"], feet["reason"]) == ("not-assessed", NO_PICTURE)


def test_a_gif_is_a_video(kiosk: Kiosk) -> None:
    gif = write_gif(kiosk.folder / "grey.gif", [0.1, 0.2, 0.1])
    report = analysed(kiosk, gif, "--model", QUICK)
    assert report["source"]["frames"] == 3
    assert report["reps"] == []


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_hardly_any_frames_are_no_error(kiosk: Kiosk, frames: int) -> None:
    write_keypoints(kiosk.folder / "short.npz", perform([Squatter()], FRONT).part(0, frames - 1))
    report = analysed(kiosk, "short.npz")
    assert report["reps"] == []
    assert report["source"]["frames"] == frames


def test_somebody_who_only_walks_gets_no_reps(kiosk: Kiosk) -> None:
    write_keypoints(kiosk.folder / "walk.npz", record(Walker().body, 4.0, SIDE))
    report = analysed(kiosk, "walk.npz")
    assert report["reps"] == []
    assert any("person was seen in 121 of 121 frames (4.0 s)" in note for note in report["notes"])


def test_the_named_exercise_without_a_rep_keeps_its_checks(kiosk: Kiosk) -> None:
    write_keypoints(kiosk.folder / "walk.npz", record(Walker().body, 4.0, SIDE))
    report = analysed(kiosk, "walk.npz", "--exercise", "overhead-squat")
    assert report["exercise"] == "overhead-squat"
    assert set(statuses(report).values()) == {"not-assessed"}
    assert all(check["reason"] for check in report["checks"])


def test_nobody_in_the_named_exercise_is_no_error_either(kiosk: Kiosk) -> None:
    write_keypoints(kiosk.folder / "empty.npz", nobody(20))
    report = analysed(kiosk, "empty.npz", "--exercise", "incline-push-up")
    assert (report["exercise"], report["view"], report["reps"]) == ("incline-push-up", None, [])
    assert any("Nobody was seen" in note for note in report["notes"])


def test_push_ups_are_told_from_squats(kiosk: Kiosk) -> None:
    write_keypoints(kiosk.folder / "push.npz", perform([PushUpper()] * 4, SIDE))
    report = analysed(kiosk, "push.npz")
    assert (report["exercise"], report["view"], len(report["reps"])) == ("incline-push-up", "side", 4)


# -- what a user can do wrong --------------------------------------------------------------------------------


def broken(kiosk: Kiosk, kind: str) -> Path:
    path = kiosk.folder / ("x.npz" if kind.endswith("keypoints") else "x.avi")
    if kind == "a folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("This is no video.\n" * 50)
    elif kind == "cut-off video":
        write_noise_avi(path, 3)
        path.write_bytes(path.read_bytes()[:1500])
    elif kind == "empty keypoints":
        np.savez(path, xy=np.zeros((0, 17, 2)), score=np.zeros((0, 17)), t_s=np.zeros(0), size_px=[640, 480])
    elif kind == "other keypoints":
        np.savez(path, xy=np.zeros((3, 16, 2)))
    elif kind == "cut-off keypoints":
        path.write_bytes(kiosk.squats("whole.npz").read_bytes()[:2000])
    return path


@pytest.mark.parametrize(
    "kind",
    [
        "missing",
        "a folder",
        "empty",
        "text",
        "cut-off video",
        "empty keypoints",
        "other keypoints",
        "cut-off keypoints",
        "missing keypoints",
    ],
)
@pytest.mark.parametrize("way", ["here", "process"])
def test_a_source_that_cannot_be_read_is_refused_with_its_name(kiosk: Kiosk, kind: str, way: str) -> None:
    path = broken(kiosk, kind)
    words = ("analyze", path, "--model", QUICK, "--json", "-")
    said = kiosk(*words) if way == "here" else kiosk.process(*words)
    assert str(path) in said.complaint


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--exercise", "deadlift", ["'deadlift'", "overhead-squat", "incline-push-up"]),
        ("--exercise", "", ["''"]),
        ("--view", "top", ["'top'", "front", "side", "rear"]),
        ("--model", "alexnet", ["'alexnet'", "movenet_thunder_f16"]),
        ("--json", "no/such/folder/x.json", ["no/such/folder/x.json"]),
        ("--json", ".", ["."]),
        ("--html", "no/such/folder/x.html", ["no/such/folder/x.html"]),
        ("--config", "none.toml", ["none.toml", "does not exist"]),
        ("--lang", "tlh", ["'tlh'", "en, de"]),
    ],
)
@pytest.mark.parametrize("way", ["here", "process"])
def test_a_wrong_option_is_refused_with_what_is_known(
    kiosk: Kiosk, option: str, value: str, named: list[str], way: str
) -> None:
    words = ("analyze", kiosk.squats(), option, value)
    complaint = (kiosk(*words) if way == "here" else kiosk.process(*words)).complaint
    assert all(word in complaint for word in named)


@pytest.mark.parametrize(
    "options",
    [
        ("--json", "no/folder/x.json"),
        ("--html", "no/folder/x.html"),
        ("--model", "alexnet"),
        ("--view", "top"),
        ("--exercise", "deadlift"),
        ("--lang", "tlh"),
    ],
)
def test_a_wrong_option_is_told_before_the_work(
    kiosk: Kiosk, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the recording was read")

    monkeypatch.setattr("kiosk.analyze.see", work)
    assert kiosk("analyze", kiosk.squats(), *options).complaint


def test_the_source_is_never_overwritten(kiosk: Kiosk) -> None:
    squats = kiosk.squats()
    before = squats.read_bytes()
    assert "named twice" in kiosk("analyze", squats, "--json", squats).complaint
    assert squats.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is write-protected for root")
def test_a_write_protected_place_is_refused(kiosk: Kiosk) -> None:
    kept = kiosk.folder / "kept.json"
    kept.touch(mode=0o400)
    assert "write-protected" in kiosk("analyze", kiosk.squats(), "--json", kept).complaint


def test_a_camera_is_not_analysed(kiosk: Kiosk) -> None:
    assert "kiosk record" in kiosk("analyze", "0").complaint


def test_a_progress_bar_is_drawn_on_a_terminal_only(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    squats = kiosk.squats()
    assert kiosk("analyze", squats, "--json", "-").err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    said = kiosk("analyze", squats, "--json", "-")
    assert "squats.npz" in said.err
    assert json.loads(said.out)["schema"] == 1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--side", "left"), "A side is one of an exercise: name that with --exercise too."),
        (("--side", "left", "--exercise", "overhead-squat"), "'overhead-squat' has no side 'left'"),
    ],
)
def test_a_side_that_cannot_be_is_told(kiosk: Kiosk, words: tuple[str, ...], named: str) -> None:
    said = kiosk("analyze", kiosk.squats(), *words)
    assert said.code == 2
    assert named in said.err
