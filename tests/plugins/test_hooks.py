"""Hooks: each is documented, each reaches its plugin and no other, and each example is one that the kiosk takes in."""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import kiosk
from kiosk import hookspecs
from kiosk.plugins import GROUP, load_plugins
from kiosk.plugins.loading import OBSERVING
from tests.plugins.written import API, Write, good, problem, status

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
HOOKS = {name: spec for name, spec in inspect.getmembers(hookspecs, inspect.isfunction) if name.startswith("kiosk_")}
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*/pyproject.toml"))

LOOKS_ON = (
    API
    + """
from kiosk import Job, hookimpl
got = []
@hookimpl
def kiosk_configure(settings): got.append(dict(settings))
@hookimpl
def kiosk_scan_finished(report): got.append(report)
@hookimpl
def kiosk_register_jobs(): return [Job("export", 60, got.append)]
"""
)


def settings(folder: Path, name: str, text: str) -> Path:
    (folder / "settings").mkdir(exist_ok=True)
    (folder / "settings" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / "settings"


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_documented_with_its_arguments(name: str) -> None:
    arguments = ", ".join(inspect.signature(HOOKS[name]).parameters)
    assert f"**`{name}({arguments})`**" in DOCUMENT
    assert HOOKS[name].__doc__


def test_no_hook_is_documented_that_there_is_not() -> None:
    assert set(re.findall(r"`(kiosk_(?!api|configure\b)[a-z_]+)\(", DOCUMENT)) <= set(HOOKS)


def test_a_hook_specification_is_never_called() -> None:
    for spec in HOOKS.values():
        with pytest.raises(AssertionError):
            spec(*inspect.signature(spec).parameters)


def test_the_documented_version_is_the_one_there_is() -> None:
    assert f'kiosk_api = "{kiosk.API_VERSION}"' in DOCUMENT


def test_who_looks_on_brings_its_hooks_and_jobs_and_no_exercise(write: Write) -> None:
    plugins = load_plugins(points=[write("a", LOOKS_ON), write("b", good("alive"))])
    assert plugins.problems == ()
    assert status(plugins, "a").observes == ("kiosk_scan_finished",)
    assert status(plugins, "a").jobs == ("export",)
    (observer,) = plugins.observers
    assert (observer.plugin, set(observer.hooks)) == ("a", {"kiosk_scan_finished"})


def test_an_observers_hook_calls_this_plugin_alone(write: Write) -> None:
    plugins = load_plugins(points=[write("a", LOOKS_ON), write("b", LOOKS_ON)])
    first, second = plugins.observers
    first.hooks["kiosk_scan_finished"](report={"id": "x"})
    first.jobs[0].run("results")  # type: ignore[arg-type] # it only keeps what it gets
    second.jobs[0].run("others")  # type: ignore[arg-type] # likewise
    seen = [one.jobs[0].run.__self__ for one in plugins.observers]  # type: ignore[attr-defined] # the list itself
    assert seen == [[{}, {"id": "x"}, "results"], [{}, "others"]]


def test_a_plugin_gets_the_settings_of_its_own_file(write: Write, tmp_path: Path) -> None:
    folder = settings(tmp_path, "a", 'host = "here"\n[deep]\nport = 3\n')
    plugins = load_plugins(points=[write("a", LOOKS_ON), write("b", LOOKS_ON)], settings=folder)
    got = [one.jobs[0].run.__self__ for one in plugins.observers]  # type: ignore[attr-defined] # the list itself
    assert got == [[{"host": "here", "deep": {"port": 3}}], [{}]]


def test_a_setting_that_a_plugin_refuses_leaves_it_out_with_its_file_and_sentence(write: Write, tmp_path: Path) -> None:
    picky = (
        API
        + "from kiosk import PluginError, hookimpl\n@hookimpl\ndef kiosk_configure(settings):\n"
        + "    raise PluginError('host: say where')\n"
    )
    folder = settings(tmp_path, "a", "x = 1")
    said = problem(load_plugins(points=[write("a", picky)], settings=folder), "a")
    assert said == f"{folder / 'a.toml'}: host: say where"


@pytest.mark.parametrize(("text", "reason"), [("x = ", "is not valid TOML"), ("x = 1", "takes none: remove the file")])
def test_settings_that_cannot_be_handed_over_are_named(write: Write, tmp_path: Path, text: str, reason: str) -> None:
    folder = settings(tmp_path, "a", text)
    plugins = load_plugins(points=[write("a", good("mine")), write("b", good("alive"))], settings=folder)
    assert reason in problem(plugins, "a")
    assert str(folder / "a.toml") in problem(plugins, "a")
    assert set(plugins.exercises) == {"alive"}


@pytest.mark.parametrize(
    ("gives", "reason"),
    [("'daily'", "gave str, not a list"), ("[60]", "gave int, not a Job"), ("[Job('x', 0, print)]", "ValueError")],
)
def test_jobs_that_are_none_leave_their_plugin_out(write: Write, gives: str, reason: str) -> None:
    source = f"{API}from kiosk import Job, hookimpl\n@hookimpl\ndef kiosk_register_jobs():\n    return {gives}\n"
    assert reason in problem(load_plugins(points=[write("a", source)]), "a")


def test_an_observer_that_wants_what_it_is_not_given_is_left_out(write: Write) -> None:
    source = f"{API}from kiosk import hookimpl\n@hookimpl\ndef kiosk_scan_finished(report, engine): pass\n"
    assert "engine" in problem(load_plugins(points=[write("a", source)]), "a")


def test_safe_mode_takes_nobody_who_only_bears_the_name(write: Write) -> None:
    plugins = load_plugins(points=[write("overhead-squat", good("overhead-squat"))], safe=True)
    assert "safe mode" in problem(plugins, "overhead-squat")
    assert set(load_plugins(safe=True).exercises) == {"overhead-squat", "incline-push-up"}


def test_who_hung_is_left_out_with_the_reason_and_is_not_run(write: Write) -> None:
    plugins = load_plugins(points=[write("a", "raise SystemExit"), write("b", good("b"))], out={"a": "it hung"})
    assert problem(plugins, "a") == "it hung"
    assert set(plugins.exercises) == {"b"}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_every_example_is_a_plugin_that_the_kiosk_takes_in(file: Path, tmp_path: Path) -> None:
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    needed = {
        "mqtt-results": 'host = "192.0.2.5"',
        "wled-light": 'url = "http://192.0.2.7"',
        "csv-export": f'folder = "{tmp_path}"',
    }
    ((name, module),) = project["entry-points"]["kiosk"].items()
    folder = settings(tmp_path, name, needed[name]) if name in needed else None
    plugins = load_plugins(points=[EntryPoint(name, module, GROUP)], settings=folder)
    assert plugins.problems == ()
    assert plugins.exercises or plugins.observers
    assert (set(status(plugins, name).observes) <= set(OBSERVING)) and (file.parent / "README.md").exists()


def test_every_kind_of_hook_has_an_example() -> None:
    sources = [path.read_text(encoding="utf-8") for file in EXAMPLES for path in file.parent.glob("kiosk_*/*.py")]
    assert {hook for hook in HOOKS for source in sources if f"def {hook}(" in source} == set(HOOKS)
