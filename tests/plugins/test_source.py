"""Versions and what is public: both are known before a line of the plugin has run."""

from __future__ import annotations

import inspect
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

import kiosk
import kiosk.testing
from kiosk.errors import PluginError
from kiosk.plugins import GROUP, load_plugins
from kiosk.plugins.source import refuse_unfit
from tests.plugins.written import Write, good, problem

MAJOR, MINOR = map(int, kiosk.API_VERSION.split("."))


@pytest.mark.parametrize("says", [f"{MAJOR}.{minor}" for minor in range(MINOR + 1)])
def test_a_plugin_of_this_version_or_of_an_earlier_one_with_the_same_first_number_is_fit(says: str) -> None:
    refuse_unfit(says)


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (None, 'does not say which API it was written for: let its module say kiosk_api = "1.0"'),
        (f"{MAJOR + 1}.0", "this kiosk has 1.0: update the kiosk"),
        (f"{MAJOR}.{MINOR + 1}", "this kiosk has 1.0: update the kiosk"),
        (f"{MAJOR - 1}.9", "this kiosk has 1.0: update the plugin"),
        ("1", "its kiosk_api is '1', and it must be a text such as \"1.0\""),
        ("1.0.3", "must be a text"),
        ("newest", "must be a text"),
        (1.0, "its kiosk_api is 1.0, and it must be a text"),
    ],
)
def test_an_unfit_one_is_refused_with_what_to_do(says: object, reason: str) -> None:
    with pytest.raises(PluginError) as caught:
        refuse_unfit(says)
    assert reason in str(caught.value)


def with_api(says: str) -> str:
    return good("mine").replace('kiosk_api = "1.0"', says)


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("", "does not say which API"),
        ('kiosk_api = "2.0"', "written for API 2.0, and this kiosk has 1.0: update the kiosk"),
        ('kiosk_api: str = "0.9"', "written for API 0.9"),
        ("kiosk_api = '1.' + '7'", "written for API 1.7"),
    ],
)
def test_the_loader_refuses_an_unfit_plugin_and_goes_on(write: Write, says: str, reason: str) -> None:
    plugins = load_plugins(points=[write("a", with_api(says)), write("b", good("alive"))])
    assert reason in problem(plugins, "a")
    assert set(plugins.exercises) == {"alive"}


def test_a_plugin_of_a_later_api_is_refused_for_that_and_not_for_what_it_cannot_import(write: Write) -> None:
    source = 'from kiosk import NotYetThere\nkiosk_api = "1.9"\n'
    assert "written for API 1.9" in problem(load_plugins(points=[write("a", source)]), "a")


def test_an_unfit_plugin_is_not_run_at_all(write: Write, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    write_it = f"from pathlib import Path\nPath({str(ran)!r}).touch()\n"
    load_plugins(points=[write("a", write_it + 'kiosk_api = "2.0"'), write("b", write_it + "import kiosk.config")])
    assert not ran.exists()


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("import kiosk.station.engine", "kiosk.station.engine"),
        ("from kiosk.movement.reps import find_swings", "kiosk.movement.reps.find_swings"),
        ("from kiosk import plugins", "kiosk.plugins"),
        ("from kiosk.testing import _private", "kiosk.testing._private"),
        ("import kiosk\nkiosk.movement.reps", "kiosk.movement"),
        ("def f():\n    from kiosk.config import load_settings", "kiosk.config.load_settings"),
    ],
)
def test_what_is_not_public_cannot_be_reached_by_accident(write: Write, line: str, taken: str) -> None:
    plugins = load_plugins(points=[write("a", f"{good('mine')}\n{line}\n"), write("b", good("alive"))])
    said = problem(plugins, "a")
    assert f"takes {taken}, which is not public" in said
    assert ", line " in said
    assert set(plugins.exercises) == {"alive"}


@pytest.mark.parametrize(
    "line",
    [
        "import kiosk\nkiosk.View, kiosk.geometry, kiosk.__version__",
        "import kiosk.testing",
        "from kiosk.testing import Squatter",
        "import kiosk_overhead_squat",
        "from kiosk import geometry as g",
        "import json, numpy",
    ],
)
def test_what_is_public_may_be_taken_in_every_way(write: Write, line: str) -> None:
    assert load_plugins(points=[write("a", f"{line}\n{good('mine')}")]).problems == ()


def test_every_file_of_a_package_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / f"{tmp_path.name.replace('-', '_')}_package"
    (package / "deep").mkdir(parents=True)
    (package / "__init__.py").write_text(good("mine"))
    (package / "deep" / "inside.py").write_text("from kiosk.vision import camera\n")
    monkeypatch.syspath_prepend(tmp_path)
    plugins = load_plugins(points=[EntryPoint("a", package.name, GROUP)])
    assert "inside.py, line 1, takes kiosk.vision.camera" in problem(plugins, "a")


def test_an_object_says_its_api_too(write: Write) -> None:
    source = """
        from kiosk import hookimpl
        class Plugin:
            SAYS
            @hookimpl
            def kiosk_register_exercises(self):
                return []
        plugin = Plugin()
    """
    points = []
    for name, says in (("a", 'kiosk_api = "1.0"'), ("b", 'kiosk_api = "3.1"')):
        module = write(name, source.replace("SAYS", says)).value
        points.append(EntryPoint(name, f"{module}:plugin", GROUP))
    plugins = load_plugins(points=points)
    assert [bool(one.problem) for one in plugins.found] == [False, True]


@pytest.mark.parametrize("module", [kiosk, kiosk.testing], ids=["kiosk", "kiosk.testing"])
def test_everything_public_is_there_and_is_explained(module: ModuleType) -> None:
    assert len(module.__all__) == len(set(module.__all__))
    for name in module.__all__:
        thing = getattr(module, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert thing.__doc__, name
