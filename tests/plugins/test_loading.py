"""Plugins are strangers: whatever one of them does, the others stay."""

import logging
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import pytest

from kiosk.errors import PluginError
from kiosk.plugins import GROUP, load_plugins, loading
from tests.plugins.written import API, Write, good, problem, status

BROKEN = {
    "is not installed": (None, "ModuleNotFoundError"),
    "is no python": ("def (", "SyntaxError"),
    "raises on import": ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
    "raises in the hook": (
        API + "from kiosk import hookimpl\n@hookimpl\ndef kiosk_register_exercises():\n    return 1 / 0",
        "ZeroDivisionError",
    ),
    "returns a text": (
        API + "from kiosk import hookimpl\n@hookimpl\ndef kiosk_register_exercises():\n    return 'squat'",
        "gave str, not a list",
    ),
    "returns a number": (
        API + "from kiosk import hookimpl\n@hookimpl\ndef kiosk_register_exercises():\n    return 3",
        "gave int, not a list",
    ),
    "returns something else in the list": (
        API + "from kiosk import hookimpl\n@hookimpl\ndef kiosk_register_exercises():\n    return [{'slug': 'squat'}]",
        "gave dict, not an Exercise",
    ),
    "misspells the hook": (
        API + "from kiosk import hookimpl\n@hookimpl\ndef kiosk_registers_exercises():\n    return []",
        "there is no hook kiosk_registers_exercises; did you mean 'kiosk_register_exercises'?",
    ),
    "wants arguments that the hook has not": (
        API + "from kiosk import hookimpl\n@hookimpl\ndef kiosk_register_exercises(app):\n    return []",
        "PluginValidationError",
    ),
    "has a checks.toml that is wrong": (
        "from kiosk import load_checks\nload_checks(__package__ or 'kiosk', {})",
        "checks.toml: there is no such file",
    ),
}


def test_a_plugin_brings_its_exercises_by_slug(write: Write) -> None:
    plugins = load_plugins(points=[write("one", good("first")), write("two", good("second"))])
    assert set(plugins.exercises) == {"first", "second"}
    assert plugins.get("first").slug == "first"
    assert status(plugins, "one").exercises == ("first",)
    assert plugins.problems == ()


def test_where_a_plugin_stands_is_known_once_it_is_loaded(write: Write) -> None:
    plugins = load_plugins(points=[write("one", good("first")), write("two", "raise RuntimeError")])
    folder = status(plugins, "one").folder
    assert folder is not None
    assert folder.is_dir()
    assert status(plugins, "two").folder is None


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_is_named_with_its_reason_and_leaves_the_others_alive(
    write: Write, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    source, reason = BROKEN[case]
    points = [write("a-broken", source), write("b-good", good("alive")), write("c-good", good("too"))]
    with caplog.at_level(logging.WARNING):
        plugins = load_plugins(points=points)
    assert set(plugins.exercises) == {"alive", "too"}
    problem = status(plugins, "a-broken").problem
    assert problem is not None
    assert reason in problem
    assert plugins.problems == (f"Plugin a-broken: {problem}",)
    assert "a-broken is not in use" in caplog.text


def test_two_broken_plugins_are_two_problems(write: Write) -> None:
    points = [write("x", "raise OSError('a')"), write("y", good("alive")), write("z", "raise OSError('b')")]
    plugins = load_plugins(points=points)
    assert [problem.split(":")[0] for problem in plugins.problems] == ["Plugin x", "Plugin z"]
    assert set(plugins.exercises) == {"alive"}


def test_the_second_plugin_with_the_same_slug_is_left_out(write: Write) -> None:
    plugins = load_plugins(points=[write("b", good("same")), write("a", good("same"))])
    assert status(plugins, "a").problem is None
    assert "'same' is already there" in (status(plugins, "b").problem or "")
    assert set(plugins.exercises) == {"same"}


def test_a_plugin_that_brings_one_slug_twice_brings_nothing(write: Write) -> None:
    twice = good("same").replace("return [exercise('same')]", "return [exercise('same'), exercise('same')]")
    plugins = load_plugins(points=[write("a", twice), write("b", good("other"))])
    assert set(plugins.exercises) == {"other"}


def test_a_good_exercise_beside_a_bad_one_is_not_taken_either(write: Write) -> None:
    half = good("half").replace("return [exercise('half')]", "return [exercise('half'), None]")
    plugins = load_plugins(points=[write("a", half)])
    assert plugins.exercises == {}
    assert "NoneType" in (status(plugins, "a").problem or "")


def test_the_same_module_under_two_names_is_used_once(write: Write) -> None:
    point = write("a", good("one"))
    plugins = load_plugins(points=[point, EntryPoint("b", point.value, GROUP)])
    assert set(plugins.exercises) == {"one"}
    assert status(plugins, "b").problem


def test_a_blocked_plugin_is_not_even_imported(write: Write) -> None:
    plugins = load_plugins(points=[write("a", "raise SystemExit(9)"), write("b", good("alive"))], blocked=["a"])
    assert status(plugins, "a").problem == "blocked by the configuration"
    assert set(plugins.exercises) == {"alive"}


def test_an_exercise_that_is_not_there_is_refused_with_the_known_ones(write: Write) -> None:
    plugins = load_plugins(points=[write("a", good("first")), write("b", good("second"))])
    with pytest.raises(PluginError, match=r"no exercise 'third'\. Known exercises: first, second\."):
        plugins.get("third")
    with pytest.raises(PluginError, match="no exercise plugin is installed"):
        load_plugins(points=[]).get("first")


# -- the site's own limits ----------------------------------------------------------------------------------------


def overlay(folder: Path, text: str, slug: str = "mine") -> Path:
    (folder / f"{slug}.toml").write_text(dedent(text), encoding="utf-8")
    return folder


@pytest.fixture
def overlays(tmp_path: Path) -> Path:
    folder = tmp_path / "overlays"
    folder.mkdir()
    return folder


def test_an_overlay_changes_a_limit_and_nothing_else(write: Write, overlays: Path) -> None:
    overlay(overlays, 'schema = 1\nexercise = "mine"\n[checks.knees-in]\nsign = 0.8\n')
    points = [write("a", good("mine")), write("b", good("theirs"))]
    plugins = load_plugins(points=points, overlays=overlays)
    signs = {
        slug: next(check.sign for check in exercise.checks if check.slug == "knees-in")
        for slug, exercise in plugins.exercises.items()
    }
    assert signs["mine"] == 0.8
    assert signs["theirs"] != 0.8
    assert plugins.problems == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("schema = ", "is not valid TOML"),
        ('schema = 1\nexercise = "mine"\n[checks.knee-in]\nsign = 0.8\n', "checks.knee-in: is not a check"),
        ('schema = 1\nexercise = "mine"\n[checks.knees-in]\nsign = "low"\n', "checks.knees-in.sign: must be a number"),
        ('schema = 1\nexercise = "other"\n[checks.knees-in]\nsign = 0.8\n', "exercise: is 'other'"),
    ],
)
def test_a_wrong_overlay_takes_its_exercise_out_and_names_file_and_key(
    write: Write, overlays: Path, text: str, reason: str
) -> None:
    overlay(overlays, text)
    plugins = load_plugins(points=[write("a", good("mine")), write("b", good("alive"))], overlays=overlays)
    assert set(plugins.exercises) == {"alive"}
    problem = status(plugins, "a").problem or ""
    assert reason in problem
    assert str(overlays / "mine.toml") in problem


def test_an_overlay_folder_without_a_file_for_it_changes_nothing(write: Write, overlays: Path) -> None:
    assert load_plugins(points=[write("a", good("mine"))], overlays=overlays).problems == ()
    assert load_plugins(points=[write("b", good("mine"))], overlays=overlays / "nowhere").problems == ()


def test_both_exercises_of_ours_load_side_by_side() -> None:
    ours = {"overhead-squat": "kiosk_overhead_squat", "incline-push-up": "kiosk_incline_push_up"}
    plugins = load_plugins(points=[EntryPoint(name, module, GROUP) for name, module in ours.items()])
    assert plugins.problems == ()
    assert set(plugins.exercises) == set(ours)


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        API + "from kiosk import hookimpl\n@hookimpl\ndef kiosk_register_exercises():\n    while True: pass",
        "def endless(pose):\n    while True: pass\n" + good("endless", start="endless"),
    ],
    ids=["on import", "in the hook", "in a function that is tried out"],
)
def test_a_plugin_that_never_comes_back_is_named_and_leaves_the_others(
    write: Write, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(loading, "LOADED_S", 0.3)
    points = [write("endless", source), write("fine", good("fine"))]
    plugins = load_plugins(points=points)
    assert "not loaded within 0.3 s" in problem(plugins, "endless")
    assert set(plugins.exercises) == {"fine"}
