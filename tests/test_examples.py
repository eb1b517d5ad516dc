"""The exercises under docs/examples: packages like any third party's, judged as what we ship is."""

import ast
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import kiosk
import kiosk.testing
from kiosk.checks_file import CORRECTION_PHASES
from kiosk.movement.exercise import AssessedBy, Check, Exercise
from kiosk.plugins import load_plugins

from .test_shipped_checks import FORBIDDEN, user_texts

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
FOLDERS = {"plank-hold": EXAMPLES / "plank_hold", "single-leg-squat": EXAMPLES / "single_leg_squat"}
#: An exercise is written in an afternoon.
MOST_LINES = 100

every_example = pytest.mark.parametrize("slug", FOLDERS)


def project(slug: str) -> dict[str, Any]:
    return tomllib.loads((FOLDERS[slug] / "pyproject.toml").read_text(encoding="utf-8"))


def points(slug: str) -> list[EntryPoint]:
    """The entry points that the package would install."""
    return [
        EntryPoint(name, value, "kiosk") for name, value in project(slug)["project"]["entry-points"]["kiosk"].items()
    ]


def exercise(slug: str) -> Exercise:
    return load_plugins(points=points(slug)).get(slug)


def module(slug: str) -> Path:
    return FOLDERS[slug] / f"kiosk_{FOLDERS[slug].name}" / "__init__.py"


def checks() -> Iterator[Any]:
    for slug in FOLDERS:
        for check in exercise(slug).checks:
            yield pytest.param(check, id=f"{slug}:{check.slug}")


@every_example
def test_its_entry_point_brings_the_exercise_beside_those_we_ship(slug: str) -> None:
    shipped = [
        EntryPoint(name, f"kiosk_{name.replace('-', '_')}", "kiosk") for name in ("overhead-squat", "incline-push-up")
    ]
    plugins = load_plugins(points=[*shipped, *points(slug)])
    assert plugins.problems == ()
    assert set(plugins.exercises) == {"overhead-squat", "incline-push-up", slug}


@every_example
def test_its_package_is_whole(slug: str) -> None:
    told, ours = project(slug), project("plank-hold")
    (package,) = told["tool"]["setuptools"]["packages"]
    assert module(slug).parent.name == package
    assert set(told["tool"]["setuptools"]["package-data"][package]) >= {"checks.toml", "py.typed"}
    assert all((module(slug).parent / name).is_file() for name in ("checks.toml", "py.typed"))
    assert told["project"]["requires-python"] == ours["project"]["requires-python"]
    assert any(need.startswith("plumbline-kiosk") for need in told["project"]["dependencies"])
    assert list((FOLDERS[slug] / "tests").glob("test_*.py"))


@every_example
def test_it_is_short(slug: str) -> None:
    assert len(module(slug).read_text(encoding="utf-8").splitlines()) < MOST_LINES


@every_example
def test_it_and_its_tests_use_only_what_is_public(slug: str) -> None:
    public = {"kiosk": set(kiosk.__all__), "kiosk.testing": set(kiosk.testing.__all__)}
    for path in FOLDERS[slug].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "kiosk":
                assert node.module in public, f"{path.name} imports {node.module}"
                assert {alias.name for alias in node.names} <= public[str(node.module)]
            elif isinstance(node, ast.Import):
                assert not any(alias.name.split(".")[0] == "kiosk" for alias in node.names)


def test_they_are_tested_from_their_folders_and_not_installed_with_the_kiosk() -> None:
    ini = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "docs/examples" in ini["testpaths"]
    assert {str(folder.relative_to(ROOT)) for folder in FOLDERS.values()} <= set(ini["pythonpath"])
    assert "docs/examples" not in (ROOT / ".ci" / "setup").read_text(encoding="utf-8").split("install_kiosk()")[0]


@pytest.mark.parametrize("check", list(checks()))
def test_its_words_are_those_of_the_house(check: Check) -> None:
    assert [text for text in user_texts(check) if FORBIDDEN.search(text)] == []
    assert check.saw.startswith("We saw ")
    assert check.regression
    assert check.corrections or check.question
    phases = [step.phase for step in check.corrections]
    assert phases == [phase for phase in CORRECTION_PHASES if phase in phases]


@pytest.mark.parametrize("check", list(checks()))
def test_what_no_source_says_is_marked_for_a_trainer_to_confirm(check: Check) -> None:
    for step in check.corrections:
        assert step.confirm == (step.source == "M" or step.phase in ("activate", "integrate")), step.exercise


def test_an_exercise_reads_as_it_does_in_what_we_ship() -> None:
    from .test_shipped_checks import FILES, shipped

    ours = {
        step.exercise: (step.title, step.how) for name in FILES for check in shipped(name) for step in check.corrections
    }
    seen: dict[str, tuple[str, str]] = {}
    for slug in FOLDERS:
        for check in exercise(slug).checks:
            for step in check.corrections:
                text = (step.title, step.how)
                assert seen.setdefault(step.exercise, text) == text
                assert ours.get(step.exercise, text) == text, step.exercise


@every_example
def test_its_readme_lists_the_checks_with_views_and_limits(slug: str) -> None:
    readme = (FOLDERS[slug] / "README.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in readme.splitlines() if line.startswith("| `")]
    listed = {row[0].strip("`"): row[1:] for row in rows}
    declared = {check.slug: check for check in exercise(slug).checks}
    assert list(listed) == list(declared)
    for name, (title, views, limits, assessed) in listed.items():
        check = declared[name]
        assert (title, views) == (check.title, ", ".join(check.views))
        assert limits == f"{check.clear:g}, {check.sign:g} {check.unit}"
        assert (check.reason or "") in assessed
        assert check.assessed_by is not AssessedBy.NOTHING
