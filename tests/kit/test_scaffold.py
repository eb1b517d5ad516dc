"""A new plugin: whatever is chosen, it installs, is typed, in shape, explained, and passes its own tests."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kiosk import checks_file
from kiosk.errors import OutputError, PluginError
from kiosk.kit.scaffold import SIGNALS, STARTS, Plan, named_slug, write_plugin
from kiosk.movement.view import View
from tests.commands import ROOT, process_environ

FRONT, REAR, SIDE = View.FRONT, View.REAR, View.SIDE
#: Every signal with every posture that it goes with, and the views in every mix.
PLANS = [
    *(
        Plan(f"Trial {signal} {start}", signal, (FRONT, SIDE) if FRONT in SIGNALS[signal].views else (SIDE,), start)
        for signal in SIGNALS
        for start in STARTS
        if signal in STARTS[start].signals
    ),
    Plan("Rear", "arm-raise", (REAR,), "hands-on-head"),
    Plan("All of a long name with numbers 1 2 3 45", "hip-drop", (REAR, SIDE, FRONT), "arms-crossed", 12),
    Plan("Kniebeuge über Kreuz", "hip-drop", (FRONT,), "hands-on-hips", 1),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all of them."""
    folder = tmp_path_factory.mktemp("plugins")
    for plan in PLANS:
        write_plugin(plan, folder)
    return folder


def run(folder: Path, *words: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=folder,
        env=process_environ(folder, environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_every_new_plugin_passes_its_own_tests(written: Path) -> None:
    packages = os.pathsep.join([str(ROOT), *(str(written / plan.name) for plan in PLANS)])
    tests = [written / plan.name / "tests" for plan in PLANS]
    words = ["pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "--import-mode=importlib", *tests]
    done = run(written, *words, PYTHONPATH=packages)
    assert done.returncode == 0, done.stdout
    assert "failed" not in done.stdout


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
def test_every_new_plugin_is_in_shape(written: Path, plan: Plan) -> None:
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    rules = ",".join(rule for rule in own["lint"]["select"] if rule != "D1")
    shape = [
        "--isolated",
        "--no-cache",
        "--line-length",
        str(own["line-length"]),
        "--target-version",
        own["target-version"],
    ]
    for words in (["check", "--select", rules, *own_ignored(own)], ["format", "--check"]):
        done = run(written / plan.name, "ruff", *words, *shape, ".")
        assert done.returncode == 0, done.stdout


def own_ignored(own: dict[str, Any]) -> list[str]:
    return ["--ignore", ",".join([*own["lint"]["ignore"], "N"])]


@pytest.mark.parametrize("plan", [PLANS[0], PLANS[-2]], ids=lambda plan: plan.slug)
def test_a_new_plugin_is_typed_with_its_tests(written: Path, plan: Plan) -> None:
    project = written / plan.name
    done = run(project, "mypy", f"kiosk_{plan.name}", "tests", MYPYPATH=str(ROOT), MYPY_CACHE_DIR=str(written / "mypy"))
    assert done.returncode == 0, done.stdout
    assert (project / f"kiosk_{plan.name}" / "py.typed").is_file()


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
def test_the_exercise_module_is_short_and_the_golden_folder_empty(written: Path, plan: Plan) -> None:
    module = written / plan.name / f"kiosk_{plan.name}" / "__init__.py"
    assert len(module.read_text(encoding="utf-8").splitlines()) < 100
    assert list((written / plan.name / "golden").iterdir()) == []
    assert sorted(path.name for path in (written / plan.name).iterdir()) == sorted(
        ["README.md", "golden", f"kiosk_{plan.name}", "pyproject.toml", "tests"]
    )


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
def test_every_key_of_the_checks_file_is_explained_in_it(written: Path, plan: Plan) -> None:
    text = (written / plan.name / f"kiosk_{plan.name}" / "checks.toml").read_text(encoding="utf-8")
    keys = {*checks_file._FILE, *checks_file._CHECK, *checks_file._MUSCLES, *checks_file._CORRECTION}
    lines = text.splitlines()
    for key in keys:
        used = [number for number, line in enumerate(lines) if line.lstrip("# ").startswith((f"{key} =", f"[{key}"))]
        table = [number for number, line in enumerate(lines) if line.startswith("[") and f"{key}]" in line]
        assert any("#" in lines[n] or lines[n - 1].startswith("#") for n in used + table), key


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
def test_the_project_names_the_entry_point_and_what_it_needs(written: Path, plan: Plan) -> None:
    project = tomllib.loads((written / plan.name / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["kiosk"] == {plan.slug: f"kiosk_{plan.name}"}
    assert project["project"]["name"] == f"plumbline-{plan.slug}"
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["project"]["requires-python"] == own["requires-python"]
    assert project["project"]["dependencies"] == [f"{own['name']}>={own['version'].rpartition('.')[0]}"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with everything that this one has, into which a plugin can be installed without a trace here."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=120)
    python = folder / "bin" / "python"
    there = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (Path(there) / "all.pth").write_text(line, encoding="utf-8")
    return python


def test_after_one_install_the_kiosk_lists_it(written: Path, environment: Path, tmp_path: Path) -> None:
    project = tmp_path / "split_squat"
    shutil.copytree(write_plugin(Plan("Split squat", "hip-drop", (SIDE,), "hands-on-hips"), written), project)
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "install", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*pip, "--editable", str(project)], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        [environment, "-m", "kiosk", "plugins", "list"],
        cwd=tmp_path,
        env=process_environ(tmp_path, {}),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "split-squat  (plumbline-split-squat 0.1.0)" in listed.stdout
    assert "split-squat: Split squat; 5 reps from the side; 2 of 2 checks assessed" in listed.stdout


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Split squat", "split-squat"),
        ("Hold 90-90", "hold-90-90"),
        ("Übung  für Tom", "ubung-fur-tom"),
        ("A", "a"),
    ],
)
def test_a_title_gives_the_slug(title: str, slug: str) -> None:
    assert named_slug(title) == slug


@pytest.mark.parametrize(
    "title",
    ["", " ", "123", "深蹲", 'Say "hi"', "Tom's", "a\nb", "{{ 7 * 7 }}", " Squat", "x" * 41, "a\\b", "1 leg"],
)
def test_a_title_that_cannot_be_one_is_refused_with_an_example(title: str) -> None:
    with pytest.raises(PluginError, match='such as "Split squat"'):
        Plan(title, "hip-drop", (SIDE,), "hands-on-hips")


@pytest.mark.parametrize(
    ("signal", "views", "start", "reps", "complaint"),
    [
        ("hips", (SIDE,), "plank", 5, "There is no signal 'hips'. Known: hip-drop, "),
        ("hip-drop", (SIDE,), "lying", 5, "There is no start 'lying'. Known: hands-on-hips, "),
        ("hip-drop", (SIDE,), "plank", 5, "goes with the signal elbow-bend"),
        ("knee-bend", (SIDE, FRONT), "arms-crossed", 5, "does not show from the front: take the side view"),
        ("hip-drop", (), "arms-crossed", 5, "Name one or more views"),
        ("hip-drop", (SIDE, SIDE), "arms-crossed", 5, "each once"),
        ("hip-drop", (SIDE,), "arms-crossed", 0, "1 to 30 reps, not 0"),
        ("hip-drop", (SIDE,), "arms-crossed", 31, "1 to 30 reps, not 31"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    signal: str, views: tuple[View, ...], start: str, reps: int, complaint: str
) -> None:
    with pytest.raises(PluginError) as told:
        Plan("Trial", signal, views, start, reps)
    assert complaint in str(told.value)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    plan = PLANS[0]
    (tmp_path / plan.name).mkdir()
    (tmp_path / plan.name / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="nothing is overwritten"):
        write_plugin(plan, tmp_path)
    assert [path.name for path in (tmp_path / plan.name).iterdir()] == ["mine.txt"]


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_plugin(PLANS[0], tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
