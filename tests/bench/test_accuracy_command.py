"""``kiosk bench accuracy`` as a plugin's author calls it: from recordings to a card that the kiosk quotes."""

import json
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from kiosk.bench.accuracy import suite
from kiosk.bench.accuracy.document import BEGIN, END, document
from kiosk.errors import KioskError, SourceError
from kiosk.how_sure import TITLE
from kiosk.plugins import load_plugins
from kiosk.testing import FRONT, perform
from kiosk.vision.keypoint_file import write_keypoints
from tests.bench.labelled import knees, write_set, write_squats, write_walk
from tests.commands import Kiosk, make_kiosk

MODEL = "movenet_thunder_f16"
PLUGIN = """
from kiosk import Exercise, Keypoint, Pass, View, geometry, hookimpl, load_checks


def knees_apart(pose, top):
    knees = geometry.width_px(pose, Keypoint.LEFT_KNEE)
    ankles = geometry.width_px(pose, Keypoint.LEFT_ANKLE)
    return knees / ankles


def sinks(pose, torso_px):
    hips, ankles = (geometry.pair(pose, joint)[1] for joint in (Keypoint.LEFT_HIP, Keypoint.LEFT_ANKLE))
    return (hips - ankles) / torso_px


kiosk_api = "1.0"
bends = Exercise(
    slug="knee-bend",
    title="Knee bend",
    passes=(Pass(View.FRONT, reps=5, ask="Bend your knees"),),
    start=lambda pose: False,
    start_ask="Stand",
    effort=sinks,
    planted=(Keypoint.LEFT_ANKLE,),
    checks=load_checks(__package__, {"narrow": knees_apart}),
)


@hookimpl
def kiosk_register_exercises():
    return [bends]
"""
CHECKS = """
schema = 1
exercise = "knee-bend"
sources = { P = "ours" }

[checks.narrow]
title = "Knees are narrow"
checkpoint = "knees"
views = ["front"]
assessed_by = "keypoints"
phase = "bottom"
unit = "ratio"
clear = 1.0
sign = 0.85
weight = 10
saw = "We saw it."
cue = "Wider"
sources = ["P"]
"""


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody's own plugin, the only one that is installed; its package."""
    package = tmp_path / "site" / "kiosk_knee_bend"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(PLUGIN)
    (package / "checks.toml").write_text(CHECKS)
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, package.name, raising=False)
    point = EntryPoint("knee-bend", package.name, "kiosk")
    monkeypatch.setattr("kiosk.plugins.loading.entry_points", lambda group: [point])
    return package


def test_an_author_measures_a_plugin_and_results_quote_the_card(
    kiosk: Kiosk, plugin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_squats(kiosk.folder / "sets", knees_px=4.0, model=MODEL)
    for path in (kiosk.folder / "sets").glob("*.truth.json"):
        path.write_text(path.read_text().replace('"overhead-squat"', '"knee-bend"'))
    said = kiosk(
        *("bench", "accuracy", "--recordings", "sets", "--exercise", "knee-bend", "--jobs", "1"),
        *("--write", "--docs", "page.md", "--sets", "sets.csv"),
    )
    assert said.code == 0, said.err
    assert f"# {TITLE}" in said.out
    assert "Knee bend" in said.out
    assert (plugin / "accuracy.json").is_file()
    assert f"{plugin / 'accuracy.json'} is written." in said.err
    assert (kiosk.folder / "page.md").read_text() == said.out
    assert (kiosk.folder / "sets.csv").read_text().startswith("model,part,set,")

    monkeypatch.delitem(sys.modules, plugin.name)
    check = load_plugins().get("knee-bend").checks[0]
    known = check.accuracy[MODEL]
    assert known.found.count == known.found.of == 10
    assert known.offset == pytest.approx(-0.121, abs=0.01)

    # Keypoints of nobody's model: the largest error that is known, and nothing is corrected.
    write_keypoints(kiosk.folder / "own.npz", perform(knees(0.92), FRONT))
    report = json.loads(kiosk("analyze", "own.npz", "--json", "-").out)
    (found,) = report["checks"]
    assert found["error"] == pytest.approx(known.error, abs=1e-3)
    assert found["value"] == pytest.approx(0.92, abs=0.01)
    assert f"0.92 ± {known.error:.2f}" in kiosk("analyze", "own.npz").out


def test_without_a_card_a_result_says_that_the_error_is_not_measured(kiosk: Kiosk, plugin: Path) -> None:
    write_keypoints(kiosk.folder / "own.npz", perform(knees(0.7), FRONT))
    assert "(error not measured)" in kiosk("analyze", "own.npz").out
    assert json.loads(kiosk("analyze", "own.npz", "--json", "-").out)["checks"][0]["error"] is None
    assert plugin.is_dir()


def test_two_runs_write_the_same(kiosk: Kiosk) -> None:
    write_squats(kiosk.folder / "sets", count=4)
    words = ("bench", "accuracy", "--recordings", "sets", "--jobs", "1", "--out")
    for folder in ("one", "two"):
        assert kiosk(*words, folder).code == 0
    one, two = ((kiosk.folder / folder / "overhead-squat.accuracy.json").read_bytes() for folder in ("one", "two"))
    assert one == two


def test_json_is_printed_and_nothing_else(kiosk: Kiosk) -> None:
    write_set(kiosk.folder / "sets", "one", knees(0.7))
    said = kiosk("bench", "accuracy", "--recordings", "sets", "--json", "-")
    cards = json.loads(said.out)
    assert list(cards) == ["overhead-squat"]
    assert cards["overhead-squat"]["models"]["keypoints"]["reps"]["exact"] == 1


def test_a_part_without_recordings_has_nothing_to_say(kiosk: Kiosk) -> None:
    write_set(kiosk.folder / "sets", "one", knees(0.7))
    said = kiosk("bench", "accuracy", "--recordings", "sets", "--part", "tune")
    assert said.code == 0
    assert "Measured on 0 sets" in said.out


def test_only_the_wanted_exercise_is_measured(kiosk: Kiosk) -> None:
    write_walk(kiosk.folder / "sets")
    write_set(kiosk.folder / "sets", "one", knees(0.7))
    said = kiosk("bench", "accuracy", "--recordings", "sets", "--exercise", "incline-push-up")
    assert "No labelled recording shows 'incline-push-up'. They show: overhead-squat." in said.complaint


def test_an_exercise_that_is_not_installed_is_told(kiosk: Kiosk) -> None:
    write_set(kiosk.folder / "sets", "one", knees(0.7), exercise="handstand")
    assert "'handstand', and no installed plugin brings" in kiosk("bench", "accuracy", "--recordings", "sets").complaint


def test_a_folder_without_recordings_is_told(kiosk: Kiosk) -> None:
    assert "holds no labelled recording" in kiosk("bench", "accuracy", "--recordings", ".").complaint


def test_a_card_goes_only_beside_checks_that_may_be_written(
    kiosk: Kiosk, plugin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(kiosk.folder / "sets", "one", knees(0.7), exercise="knee-bend")
    monkeypatch.setattr("kiosk.cli.accuracy.os.access", lambda *_: False)
    said = kiosk("bench", "accuracy", "--recordings", "sets", "--write")
    assert "name another folder with --out" in said.complaint
    assert not (plugin / "accuracy.json").exists()


def test_films_need_a_model_that_is_there(kiosk: Kiosk) -> None:
    write_set(kiosk.folder / "sets", "one", knees(0.7))
    (kiosk.folder / "sets" / "one.mp4").touch()
    said = kiosk("bench", "accuracy", "--recordings", "sets", "--model", "alexnet")
    assert "alexnet" in said.complaint


# -- the suite of a checkout --------------------------------------------------------------------------------


def checkout(folder: Path, program: str) -> Path:
    people = folder / "tests" / "people"
    people.mkdir(parents=True)
    for name in (folder / "tests" / "__init__.py", people / "__init__.py"):
        name.touch()
    (people / "__main__.py").write_text(program)
    return folder


def test_an_installed_package_says_that_it_has_no_suite(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="name your own labelled recordings with --recordings DIR"):
        suite.made(tmp_path, quick=False)


@pytest.mark.parametrize(("quick", "verb"), [(False, "render"), (True, "keypoints")])
def test_the_suite_is_made_by_the_checkouts_own_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: bool, verb: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    program = "import sys, pathlib; pathlib.Path('asked').write_text(' '.join(sys.argv[1:]))"
    source = checkout(tmp_path / "source", program)
    out = suite.made(source, quick=quick)
    assert out.parent == tmp_path / "cache" / "plumbline"
    assert (source / "asked").read_text() == f"{verb} --out {out}"


def test_a_suite_that_could_not_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(KioskError, match=r"python -m tests\.people render ended with 3"):
        suite.made(checkout(tmp_path, "raise SystemExit(3)"), quick=False)


# -- the page as a file --------------------------------------------------------------------------------


def test_the_page_keeps_what_real_people_showed_and_ends_with_the_notes(tmp_path: Path) -> None:
    place = tmp_path / "accuracy.md"
    (tmp_path / "accuracy_notes.md").write_text("## Known limits\n\nMany.\n")
    first = document((), "## Real people\n\nTen.\n", place)
    assert f"{BEGIN}\n## Real people\n\nTen.\n\n{END}\n" in first
    assert first.endswith("## Known limits\n\nMany.\n")
    place.write_text(first)
    assert document((), None, place) == first
    assert "Eleven." in document((), "Eleven.\n", place)


def test_a_page_without_real_people_or_notes_is_the_cards_alone(tmp_path: Path) -> None:
    assert document((), None, tmp_path / "accuracy.md") == document((), None, None)
    assert BEGIN not in document((), None, None)
