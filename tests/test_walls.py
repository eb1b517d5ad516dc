"""The walls between the rooms, and the house rules that a machine can hold.

Everything is read from the source as it stands, so a new module is held from its first day.
"""

import ast
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAX_LINES = 400
MIN_TESTS_PER_SOURCE = 0.75

# room or module -> what of ours it may import; the longest name that fits a module rules. Modules that no
# line here names (cli, demo, bench ...) stand above the rooms and may import them all.
PURE = ("kiosk.movement", "kiosk.errors")
WALLS = {
    # What `import kiosk` brings in.
    "kiosk": ("kiosk.movement", "kiosk.hookspecs", "kiosk.checks_file", "kiosk.observing", "kiosk.errors"),
    "kiosk.errors": (),
    "kiosk.movement": PURE,
    "kiosk.observing": (),
    "kiosk.health": (),
    "kiosk.item": (),
    "kiosk.health_items": ("kiosk.health", "kiosk.item", "kiosk.station.history"),
    "kiosk.running": ("kiosk.errors", "kiosk.settings"),
    "kiosk.hookspecs": (*PURE, "kiosk.observing"),
    "kiosk.toml_fields": PURE,
    "kiosk.accuracy_file": (*PURE, "kiosk.toml_fields"),
    "kiosk.checks_file": (*PURE, "kiosk.toml_fields", "kiosk.accuracy_file"),
    "kiosk.how_sure": (*PURE, "kiosk.how_sure"),
    "kiosk.setting_rules": (*PURE, "kiosk.toml_fields"),
    "kiosk.settings": (*PURE, "kiosk.toml_fields", "kiosk.setting_rules"),
    "kiosk.config": (*PURE, "kiosk.toml_fields", "kiosk.settings"),
    "kiosk.plugins": (
        *PURE,
        "kiosk.hookspecs",
        "kiosk.observing",
        "kiosk.checks_file",
        "kiosk.toml_fields",
        "kiosk.plugins",
    ),
    "kiosk.plugins.site": (*PURE, "kiosk.plugins", "kiosk.settings"),
    "kiosk.vision": (*PURE, "kiosk.vision"),
    "kiosk.mounting": (*PURE, "kiosk.mounting", "kiosk.vision", "kiosk.item"),
    "kiosk.station": (
        *PURE,
        "kiosk.vision",
        "kiosk.station",
        "kiosk.health",
        "kiosk.plugins",
        "kiosk.observing",
        "kiosk.settings",
        "kiosk.config",
        "kiosk.hookspecs",
    ),
    "kiosk.update": (*PURE, "kiosk.update"),
    # The web looks, it never runs the pipeline.
    "kiosk.web.trainer": (
        *PURE,
        "kiosk.web",
        "kiosk.station.history",
        "kiosk.checks_file",
    ),
    "kiosk.web": (
        *PURE,
        "kiosk.web",
        "kiosk.item",
        "kiosk.how_sure",
        "kiosk.station.live",
        "kiosk.station.history",
        "kiosk.config",
    ),
}

# Third-party package -> the rooms that know it; nobody else does.
EDGES = {
    "cv2": ("kiosk.vision", "kiosk.web.picture"),
    "ai_edge_litert": ("kiosk.vision",),
    "tflite_runtime": ("kiosk.vision",),
    "picamera2": ("kiosk.vision",),
    "libcamera": ("kiosk.vision",),
    "gpiozero": ("kiosk.station",),
    "lgpio": ("kiosk.station",),
    "sqlalchemy": ("kiosk.station",),
    "alembic": ("kiosk.station",),
    "babel": ("kiosk.web",),
    "flask": ("kiosk.web",),
    "fpdf": ("kiosk.web.sheet",),
    "waitress": ("kiosk.web",),
    "werkzeug": ("kiosk.web",),
    "limits": ("kiosk.web.rate",),
    "flask_wtf": ("kiosk.web.app",),
    "itsdangerous": ("kiosk.web.share",),
    "segno": ("kiosk.web.share", "kiosk.web.paper_figures"),
    "prometheus_client": ("kiosk.metrics",),
    "tomlkit": ("kiosk.web.trainer.overlays",),
}

# Where time enters only by Frame.t_s, so that a replay equals a live visit.
TIMELESS = (
    "kiosk.movement",
    "kiosk.station.screening",
    "kiosk.station.arrival",
    "kiosk.station.progress",
    "kiosk.station.sight",
    "kiosk.station.course",
    "kiosk.station.framing",
    "kiosk_overhead_squat",
    "kiosk_incline_push_up",
)
CLOCKS = {"time", "datetime"}

# Split, so that this file does not hold what it looks for.
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "golang" + ".org")
MACHINE_PATHS = ("/wo" + "rk/", "/tmp" + "/dev", "/ro" + "ot/", "/opt/" + "pypi", "/opt/" + "wheels")


@cache
def modules() -> dict[str, Path]:
    """Return the modules of the kiosk and of our plugins: dotted name -> file."""
    found = {}
    for base, folder in (
        (ROOT, ROOT / "kiosk"),
        *((path.parent, path) for path in (ROOT / "plugins").glob("*/kiosk_*") if path.is_dir()),
    ):
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = sorted(modules())
KIOSK = [name for name in MODULES if name.split(".")[0] == "kiosk"]
PLUGINS = [name for name in MODULES if name.split(".")[0] != "kiosk"]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def is_in(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def imports(name: str) -> Iterator[str]:
    """Yield what a module imports, also inside functions and for type checkers: dotted names."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively; write the whole name"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules() else str(node.module)


def wall_of(name: str) -> tuple[str, ...] | None:
    """Return what of ours a module may import, or None where it may import all."""
    rooms = [room for room in WALLS if (name == room if room == "kiosk" else is_in(name, room))]
    return WALLS[max(rooms, key=len)] if rooms else None


def beyond_the_wall(name: str, imported: str) -> bool:
    wall = wall_of(name)
    return wall is not None and is_in(imported, "kiosk") and not any(is_in(imported, room) for room in wall)


@pytest.mark.parametrize("name", KIOSK)
def test_a_module_imports_only_what_its_room_may(name: str) -> None:
    wrong = {imported for imported in imports(name) if beyond_the_wall(name, imported)}
    assert not wrong, f"{name} may not import {wrong} (WALLS in this file)"


def test_the_walls_would_be_seen_to_fall() -> None:
    assert beyond_the_wall("kiosk.movement.reps", "kiosk.vision.camera")
    assert beyond_the_wall("kiosk.movement.reps", "kiosk")
    assert beyond_the_wall("kiosk.web.live", "kiosk.station.engine")
    assert beyond_the_wall("kiosk.vision.camera", "kiosk.station.live")
    assert beyond_the_wall("kiosk.errors", "kiosk.movement")
    assert not beyond_the_wall("kiosk.web.live", "kiosk.station.live")
    assert not beyond_the_wall("kiosk.cli", "kiosk.station.engine")


@pytest.mark.parametrize("name", KIOSK)
def test_only_the_edges_know_the_outside(name: str) -> None:
    for imported in imports(name):
        rooms = EDGES.get(imported.split(".")[0])
        assert rooms is None or any(is_in(name, room) for room in rooms), f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in KIOSK if is_in(name, "kiosk.movement")])
def test_movement_knows_numpy_and_the_standard_library_only(name: str) -> None:
    outside = {
        top
        for imported in imports(name)
        if (top := imported.split(".")[0]) not in sys.stdlib_module_names and top not in ("numpy", "kiosk")
    }
    assert not outside


@pytest.mark.parametrize("name", PLUGINS)
def test_our_plugins_use_only_what_every_plugin_may(name: str) -> None:
    own = name.split(".")[0]
    wrong = {i for i in imports(name) if i.startswith("kiosk") and not is_in(i, own)}
    assert wrong <= {"kiosk", "kiosk.testing"} | public_modules(), f"{name} imports {wrong}"


def public_modules() -> set[str]:
    """Return the modules that `kiosk` itself hands out, such as geometry, under their whole names."""
    handed_out = {f"kiosk.movement.{name}" for name in public_names()}
    return handed_out & set(modules())


def public_names() -> set[str]:
    for node in tree("kiosk").body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    raise AssertionError("kiosk/__init__.py has no __all__")


@pytest.mark.parametrize("name", PLUGINS)
def test_our_plugins_take_from_kiosk_only_public_names(name: str) -> None:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ImportFrom) and node.module == "kiosk":
            assert {alias.name for alias in node.names} <= public_names()


def test_import_kiosk_brings_in_nothing_heavy() -> None:
    code = "import kiosk, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert "kiosk" in loaded
    assert not loaded & set(EDGES)


@pytest.mark.parametrize("name", [n for n in MODULES if any(is_in(n, room) for room in TIMELESS)])
def test_time_enters_judgement_only_by_the_frames(name: str) -> None:
    assert not {imported.split(".")[0] for imported in imports(name)} & CLOCKS


def catch_alls(name: str) -> list[int]:
    """Return the lines of handlers that catch everything and do not raise it again."""
    lines = []
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ExceptHandler):
            caught = "BaseException" if node.type is None else ast.unparse(node.type)
            raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if re.search(r"\b(Base)?Exception\b", caught) and not raises_again:
                lines.append(node.lineno)
    return lines


def test_catch_alls_stand_only_at_the_two_doors_to_plugins() -> None:
    found = {name: lines for name in MODULES if (lines := catch_alls(name))}
    assert {name: len(lines) for name, lines in found.items()} == {"kiosk.plugins.loading": 1, "kiosk.plugins.watch": 2}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_stays_readable_in_one_sitting(name: str) -> None:
    assert line_count(modules()[name]) <= MAX_LINES


@pytest.mark.parametrize("name", MODULES)
def test_a_silenced_tool_has_its_reason_beside_it(name: str) -> None:
    with modules()[name].open("rb") as file:
        comments = [t for t in tokenize.tokenize(file.readline) if t.type == tokenize.COMMENT]
    for comment in comments:
        silenced = re.search(r"#\s*(type:\s*ignore|noqa)(\[[^\]]*\]|:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?", comment.string)
        if silenced:
            reason = comment.string[: silenced.start()] + comment.string[silenced.end() :]
            assert silenced[2], f"{name}:{comment.start[0]} silences everything"
            assert len(reason.split()) >= 2, f"{name}:{comment.start[0]} says no reason"
        unfinished = re.search(r"\b(TO" + r"DO|FIX" + r"ME|XXX)\b", comment.string)
        assert not unfinished, f"{name}:{comment.start[0]}"


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_tests_weigh_at_least_three_quarters_of_the_source() -> None:
    tests = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "plugins").glob("*/tests/**/*.py")]
    source = sum(line_count(path) for path in modules().values())
    ratio = sum(map(line_count, tests)) / source
    assert ratio >= MIN_TESTS_PER_SOURCE, f"tests are {ratio:.2f} of the source"


@cache
def text_files() -> list[Path]:
    """Return the text files that the repository holds or is about to hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git clone, so nobody knows which files belong to it")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


@pytest.mark.parametrize("words", [REGISTRIES, MACHINE_PATHS], ids=["registries", "machine paths"])
def test_no_text_names_a_registry_or_a_place_on_somebodys_machine(words: tuple[str, ...]) -> None:
    # A path starts where no word runs into it.
    pattern = re.compile("|".join((r"(?<![\w.])" if word[0] == "/" else "") + re.escape(word) for word in words))
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)


def project(path: str) -> dict[str, str]:
    table: dict[str, str] = tomllib.loads((ROOT / path).read_text(encoding="utf-8"))["project"]
    return table


def test_one_version_is_named_everywhere() -> None:
    version = project("pyproject.toml")["version"]
    assert f'__version__ = "{version}"' in modules()["kiosk"].read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert version in headings[0].split(), "the changelog's newest section is of another version"


@pytest.mark.parametrize("plugin", ["overhead_squat", "incline_push_up"])
def test_our_plugins_run_on_the_pythons_that_the_kiosk_runs_on(plugin: str) -> None:
    own, kiosk = project(f"plugins/{plugin}/pyproject.toml"), project("pyproject.toml")
    assert own["requires-python"] == kiosk["requires-python"]
    assert any(need.startswith(kiosk["name"]) for need in own["dependencies"])


def test_the_top_level_is_the_one_that_was_agreed() -> None:
    agreed = {"pyproject.toml", "README.md", "kiosk", "plugins", "models", "tests", "systemd", "hardware"}
    usual = {"LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "docs", ".ci", ".gitignore"}
    top = {path.relative_to(ROOT).parts[0] for path in text_files()}
    assert top <= agreed | usual
