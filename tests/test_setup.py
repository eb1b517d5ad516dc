"""Set-up as a newcomer meets it: `.ci/setup`, the Makefile and `.ci/run`, with stand-ins for Python and apt.

Each test gets a copy of the set-up's own files in a folder with a space in its name, and a PATH of the
few tools that the script uses and whatever stand-ins the test adds: no Python of this machine can help out.
"""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLUGINS = ("overhead_squat", "incline_push_up")
TOOLS = ["bash", "sh", "env", "make", "dirname", "id"]
TOOLS += ["cat", "chmod", "cp", "cut", "grep", "mkdir", "rm", "sha256sum", "tail", "touch"]

# A stand-in for an interpreter. It gives the probe the answer that a test chose, `-m venv DIR` makes
# DIR/bin/python (another stand-in), and `-m pip` writes down what was asked and makes the kiosk command.
PYTHON = """#!/bin/sh
say={answer!r}
case "$1 $2" in
    "-c "*importlib*) test -e .venv/installed ;;
    "-c "*) test -z "$say" || echo "$say" ;;
    "-m venv")
        mkdir -p "$3/bin"
        cp "$0" "$3/bin/python" ;;
    "-m pip")
        echo "$*" >>asked-of-pip
        {pip}
        case "$*" in *plugins/*)
            touch .venv/installed
            printf '#!/bin/sh\\necho "kiosk $*" >>asked-of-kiosk\\n' >.venv/bin/kiosk
            chmod +x .venv/bin/kiosk ;;
        esac ;;
esac
"""

# A stand-in for `npm install --prefix FOLDER ... PACKAGE`.
NPM = """
echo "$*" >>asked-of-npm
mkdir -p "$3/node_modules/axe-core"
echo axe >"$3/node_modules/axe-core/axe.min.js"
"""


class Clone:
    """A fresh clone's set-up files, and the PATH of the machine that it stands on."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a clone"
        self.path = folder / "bin"
        for name in ("pyproject.toml", "Makefile", ".ci/setup", ".ci/run"):
            self._copy(name)
        for plugin in PLUGINS:
            self._copy(f"plugins/{plugin}/pyproject.toml")
        self.path.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, f"this test needs {tool}"
            (self.path / tool).symlink_to(found)
        self.tool("df", "echo header; echo 'disk 99999 1 99998 1% /'")

    def _copy(self, name: str) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)

    def tool(self, name: str, body: str) -> None:
        """Put a shell script on PATH."""
        self._script(self.path / name, f"#!/bin/sh\n{body}\n")

    def python(self, name: str, answer: str, pip: str = "") -> Path:
        """Put a stand-in for an interpreter on PATH; ``pip`` is shell that runs when pip is called."""
        return self._script(self.path / name, PYTHON.format(answer=answer, pip=pip))

    @staticmethod
    def _script(path: Path, text: str) -> Path:
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run in the clone, with nobody at the keyboard."""
        return subprocess.run(
            command,
            cwd=self.root,
            env={"PATH": str(self.path), "HOME": str(self.root), "LC_ALL": "C", **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def setup(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return self.run("bash", ".ci/setup", *words, **env)

    def refused(self, *words: str, **env: str) -> str:
        """Run set-up, which must fail, and return its last sentence."""
        done = self.setup(*words, **env)
        assert done.returncode == 1, done.stdout + done.stderr
        sentence = done.stderr.strip().splitlines()[-1]
        assert sentence.startswith("setup: ")
        return sentence

    def asked_of_pip(self) -> list[str]:
        log = self.root / "asked-of-pip"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


@pytest.fixture
def ready(clone: Clone) -> Clone:
    """A clone on a machine that has what it needs."""
    clone.python("python3.12", "3.12.4 venv /usr")
    clone.tool("chromium", "true")
    clone.tool("mosquitto", "true")
    clone.tool("espeak-ng", "true")
    clone.tool("openscad", "true")
    clone.tool("npm", NPM)
    return clone


def test_set_up_installs_the_kiosk_and_both_plugins_and_leaves_the_command(ready: Clone) -> None:
    done = ready.setup()
    assert done.returncode == 0, done.stderr
    assert "making .venv with python3.12 (3.12.4)" in done.stdout
    assert "installing the kiosk and both exercise plugins" in done.stdout
    assert os.access(ready.root / ".venv/bin/kiosk", os.X_OK)
    (asked,) = ready.asked_of_pip()
    for place in (".", *(f"plugins/{plugin}" for plugin in PLUGINS)):
        assert f"-e {place}" in asked


def test_a_second_run_installs_nothing(ready: Clone) -> None:
    ready.setup("tests")
    before = ready.asked_of_pip()
    done = ready.setup("tests")
    assert done.returncode == 0
    assert ready.asked_of_pip() == before
    assert "making" not in done.stdout
    assert "the kiosk and its plugins are installed" in done.stdout
    assert "the tests' packages are installed" in done.stdout


def test_the_tests_get_their_group_from_a_pip_that_knows_groups(ready: Clone) -> None:
    assert ready.setup("tests").returncode == 0
    asked = ready.asked_of_pip()
    assert "--upgrade pip>=25.1" in asked[1]
    assert "--group test" in asked[2]


def test_set_up_alone_installs_no_test_packages(ready: Clone) -> None:
    ready.setup()
    assert not any("--group" in line for line in ready.asked_of_pip())


@pytest.mark.parametrize("name", ["pyproject.toml", "plugins/overhead_squat/pyproject.toml", ".ci/setup"])
def test_changed_requirements_are_installed(ready: Clone, name: str) -> None:
    ready.setup()
    with (ready.root / name).open("a") as file:
        file.write("# changed\n")
    done = ready.setup()
    assert "installing the kiosk" in done.stdout
    assert "making" not in done.stdout, "a sound .venv is kept"
    assert len(ready.asked_of_pip()) == 2


def test_a_missing_kiosk_command_is_made_again(ready: Clone) -> None:
    ready.setup()
    (ready.root / ".venv/bin/kiosk").unlink()
    assert ready.setup().returncode == 0
    assert (ready.root / ".venv/bin/kiosk").exists()


def test_a_damaged_kiosk_command_is_made_again(ready: Clone) -> None:
    ready.setup()
    command = ready.root / ".venv/bin/kiosk"
    command.write_text("")
    assert ready.setup().returncode == 0
    assert command.read_text()


def test_a_package_that_was_uninstalled_by_hand_is_installed_again(ready: Clone) -> None:
    ready.setup()
    (ready.root / ".venv/installed").unlink()
    assert "installing the kiosk" in ready.setup().stdout


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("touch .venv/unfinished", "the last set-up was cut off"),
        ("rm .venv/bin/python", "it is damaged, or of another Python"),
        ("rm .venv/made", "it is damaged, or of another Python"),
        ("echo /elsewhere >.venv/made", "the folder was moved"),
    ],
)
def test_a_half_made_or_damaged_venv_heals(ready: Clone, harm: str, reason: str) -> None:
    ready.setup()
    ready.run("sh", "-c", harm)
    done = ready.setup()
    assert done.returncode == 0, done.stderr
    assert f"making .venv afresh: {reason}" in done.stdout
    assert "are installed" in ready.setup().stdout


def test_a_run_killed_inside_pip_is_begun_afresh(ready: Clone) -> None:
    ready.python("python3.12", "3.12.4 venv /usr", pip="kill -9 $PPID; exit 1")
    assert ready.setup().returncode != 0
    assert (ready.root / ".venv/unfinished").exists()
    ready.python("python3.12", "3.12.4 venv /usr")
    done = ready.setup()
    assert done.returncode == 0
    assert "the last set-up was cut off" in done.stdout


def test_the_newest_python_is_taken(clone: Clone) -> None:
    for minor in (11, 12, 13):
        clone.python(f"python3.{minor}", f"3.{minor}.1 venv /usr")
    assert "with python3.13 (3.13.1)" in clone.setup().stdout


def test_a_python_without_venv_is_passed_over_for_one_that_has_it(clone: Clone) -> None:
    clone.python("python3.13", "3.13.1 bare /usr")
    clone.python("python3.11", "3.11.2 venv /usr")
    assert "with python3.11 (3.11.2)" in clone.setup().stdout


def test_a_shim_that_cannot_run_is_passed_over(clone: Clone) -> None:
    clone.tool("python3.13", "echo 'not installed' >&2; exit 127")
    clone.python("python3", "3.11.2 venv /usr")
    assert "with python3 (3.11.2)" in clone.setup().stdout


def test_no_python_at_all_is_a_sentence_that_says_what_to_install(clone: Clone) -> None:
    sentence = clone.refused()
    assert "no Python 3.11, 3.12 or 3.13 was found (python3 is not installed)" in sentence
    assert "apt install python3 python3-venv" in sentence
    assert not (clone.root / ".venv").exists()


@pytest.mark.parametrize("version", ["3.9.18", "3.14.0"])
def test_a_python_too_old_or_too_new_is_named_in_the_refusal(clone: Clone, version: str) -> None:
    clone.tool("python3", f'case "$2" in *split*) echo {version} ;; esac')
    assert f"python3 is {version}" in clone.refused()


def test_a_missing_venv_module_is_a_sentence_with_the_package(clone: Clone) -> None:
    clone.python("python3", "3.11.2 bare /usr")
    sentence = clone.refused()
    assert "python3 is Python 3.11.2, but its venv module is not installed" in sentence
    assert "apt install python3.11-venv" in sentence


def test_PYTHON_overrides_the_search(clone: Clone) -> None:
    clone.python("python3.13", "3.13.1 venv /usr")
    own = clone.python("my-python", "3.11.9 venv /opt")
    assert f"with {own} (3.11.9)" in clone.setup(PYTHON=str(own)).stdout


def test_a_venv_keeps_its_python_until_PYTHON_asks_for_another(ready: Clone) -> None:
    ready.setup()
    ready.python("python3.13", "3.13.1 venv /usr")
    assert "making" not in ready.setup().stdout
    done = ready.setup(PYTHON="python3.13")
    assert "making .venv afresh: PYTHON asks for another Python" in done.stdout
    assert "with python3.13" in done.stdout
    assert "making" not in ready.setup(PYTHON="python3.13").stdout


def test_an_unsuitable_PYTHON_is_refused_and_costs_no_working_venv(ready: Clone) -> None:
    ready.setup()
    ready.tool("old-python", "true")
    sentence = ready.refused(PYTHON="old-python")
    assert "PYTHON=old-python is not a Python 3.11, 3.12 or 3.13" in sentence
    assert (ready.root / ".venv/bin/kiosk").exists()


def test_no_network_is_told_apart_from_other_failures_of_pip(clone: Clone) -> None:
    clone.python("python3", "3.12.4 venv /usr", pip="echo 'NewConnectionError: refused'; exit 1")
    sentence = clone.refused()
    assert "could not reach a package index" in sentence
    assert "Check the network" in sentence


def test_another_failure_of_pip_shows_its_own_words(clone: Clone) -> None:
    clone.python("python3", "3.12.4 venv /usr", pip="echo 'ERROR: the moon is full'; exit 1")
    done = clone.setup()
    assert done.returncode == 1
    assert "the moon is full" in done.stderr
    assert "its own words are above" in done.stderr


def test_a_full_disk_is_told_and_the_half_made_venv_is_not_trusted(clone: Clone) -> None:
    clone.python("python3", "3.12.4 venv /usr", pip="echo '[Errno 28] No space left on device'; exit 1")
    assert "the disk is full" in clone.refused()
    clone.python("python3", "3.12.4 venv /usr")
    assert "making .venv afresh" in clone.setup().stdout


def test_too_little_room_is_told_before_anything_is_made(ready: Clone) -> None:
    ready.tool("df", "echo header; echo 'disk 99999 99987 12 99% /'")
    sentence = ready.refused()
    assert "has 12 MB free" in sentence
    assert "Make room" in sentence
    assert not (ready.root / ".venv").exists()


def test_pip_that_leaves_no_command_is_not_taken_for_success(clone: Clone) -> None:
    clone.python("python3", "3.12.4 venv /usr", pip="exit 0")
    assert "left no .venv/bin/kiosk" in clone.refused()


def test_an_unknown_word_is_refused(ready: Clone) -> None:
    assert "unknown word 'test'" in ready.refused("test")


def test_chromium_is_installed_by_apt_when_root(ready: Clone, tmp_path: Path) -> None:
    (ready.path / "chromium").unlink()
    ready.tool("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    ready.tool("apt-get", f"echo \"$*\" >>'{tmp_path}/apt'; cp '{ready.path}/df' '{ready.path}/chromium'")
    done = ready.setup("tests")
    assert done.returncode == 0, done.stderr
    assert "installing Chromium for the browser tests" in done.stdout
    update, install = (tmp_path / "apt").read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("chromium")
    assert "Chromium is there" in ready.setup("tests").stdout


def test_axe_core_is_fetched_once_in_one_version_and_without_its_scripts(ready: Clone) -> None:
    assert "fetching axe-core@" in ready.setup("tests").stdout
    assert (ready.root / ".venv/axe-core/node_modules/axe-core/axe.min.js").exists()
    assert "axe-core is there" in ready.setup("tests").stdout
    (asked,) = (ready.root / "asked-of-npm").read_text().splitlines()
    assert re.search(r" --ignore-scripts .* axe-core@\d+\.\d+\.\d+$", asked)


def test_axe_core_that_was_removed_by_hand_is_fetched_again(ready: Clone) -> None:
    ready.setup("tests")
    (ready.root / ".venv/axe-core/node_modules/axe-core/axe.min.js").unlink()
    assert "fetching axe-core" in ready.setup("tests").stdout


def test_npm_is_installed_by_apt_or_asked_for_in_a_sentence(ready: Clone) -> None:
    (ready.path / "npm").unlink()
    assert "npm to fetch it. Install it, then run this again." in ready.refused("tests")
    ready.tool("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    ready.tool("npm-of-apt", NPM)
    ready.tool("apt-get", f"cp '{ready.path}/npm-of-apt' '{ready.path}/npm'")
    assert "installing npm, which fetches axe-core" in ready.setup("tests").stdout


def test_npm_that_fetches_nothing_shows_its_own_words_and_is_tried_again(ready: Clone) -> None:
    ready.tool("npm", "echo 'ENOTFOUND the moon' >&2; exit 1")
    done = ready.setup("tests")
    assert done.returncode == 1
    assert "ENOTFOUND the moon" in done.stderr
    assert "Check the network" in done.stderr
    ready.tool("npm", NPM)
    assert "fetching axe-core" in ready.setup("tests").stdout


@pytest.mark.parametrize(
    ("program", "name", "left_out"),
    [
        ("mosquitto", "mosquitto", "some tests of docs/examples/mqtt_results are left out"),
        ("espeak-ng", "espeak-ng", "some tests of the voice are left out"),
        ("openscad", "OpenSCAD", "the test that builds the box anew is left out"),
    ],
)
def test_what_some_tests_need_is_installed_by_apt_and_without_it_the_rest_is_tested(
    ready: Clone, tmp_path: Path, program: str, name: str, left_out: str
) -> None:
    (ready.path / program).unlink()
    ready.tool("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    ready.tool("apt-get", "exit 100")
    done = ready.setup("tests", SBIN=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert f"{left_out}. apt could not install it" in done.stdout
    ready.tool("apt-get", f"cp '{ready.path}/df' '{ready.path}/{program}'")
    assert f"installing {name}" in ready.setup("tests", SBIN=str(tmp_path)).stdout
    assert f"{name} is there" in ready.setup("tests", SBIN=str(tmp_path)).stdout


def test_a_failing_apt_is_a_sentence_that_says_what_to_run(ready: Clone) -> None:
    (ready.path / "chromium").unlink()
    ready.tool("sudo", "echo 'a password is needed' >&2; exit 1")
    ready.tool("apt-get", "exit 100")
    assert "apt install chromium (as root or with sudo)" in ready.refused("tests")


def test_a_system_without_apt_is_asked_for_chromium(ready: Clone) -> None:
    (ready.path / "chromium").unlink()
    assert "the tests need Chromium as the command chromium" in ready.refused("tests")


def test_make_demo_sets_up_and_runs_the_demo_with_its_arguments(ready: Clone) -> None:
    done = ready.run("make", "demo", "ARGS=--once")
    assert done.returncode == 0, done.stderr
    assert (ready.root / "asked-of-kiosk").read_text() == "kiosk demo --once\n"


def test_make_setup_passes_PYTHON_on(clone: Clone) -> None:
    clone.python("own", "3.11.9 venv /opt")
    done = clone.run("make", "setup", "PYTHON=own")
    assert "with own (3.11.9)" in done.stdout
    assert (clone.root / ".venv/bin/kiosk").exists()


def test_make_test_runs_lint_types_and_pytest_in_this_order_and_ends_with_pytest(ready: Clone) -> None:
    ready.setup("tests")
    for tool in ("ruff", "mypy"):
        shutil.copy(ready.path / "chromium", ready.root / ".venv/bin" / tool)
    with (ready.root / ".venv/bin/python").open("a") as file:
        file.write('case "$2" in pytest) echo "== 3 passed ==" ;; esac\n')
    done = ready.run("make", "test")
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if not line.startswith("setup:")]
    assert said == [
        "lint: ruff check",
        "lint: ruff format --check",
        "types: mypy --strict",
        "test: pytest",
        "== 3 passed ==",
    ]


def test_a_lint_error_stops_make_test_and_says_what_to_run(ready: Clone) -> None:
    ready.setup("tests")
    ruff = ready.root / ".venv/bin/ruff"
    ruff.write_text('#!/bin/sh\n[ "$1" = check ]\n')
    ruff.chmod(0o755)
    done = ready.run("make", "test")
    assert done.returncode != 0
    assert "run: make format" in done.stderr
    assert "pytest" not in done.stdout


def test_ci_runs_make_test_from_any_folder(clone: Clone, tmp_path: Path) -> None:
    (clone.path / "make").unlink()
    clone.tool("make", f"pwd >'{tmp_path}/where'; echo \"$*\" >'{tmp_path}/what'")
    done = subprocess.run(
        ["bash", str(clone.root / ".ci/run")], cwd=tmp_path, env={"PATH": str(clone.path)}, check=False
    )
    assert done.returncode == 0
    assert (tmp_path / "what").read_text().split()[-1] == "test"
    assert (tmp_path / "where").read_text().strip() == str(clone.root.resolve())


def test_make_alone_lists_every_target(clone: Clone) -> None:
    listed = clone.run("make").stdout
    for target in ("demo", "test", "setup", "check", "lint", "types", "format", "clean"):
        assert f"make {target} " in listed


def test_make_clean_leaves_nothing_of_the_set_up(ready: Clone) -> None:
    ready.tool("find", "true")
    ready.setup()
    assert ready.run("make", "clean").returncode == 0
    assert not (ready.root / ".venv").exists()


@pytest.mark.parametrize("name", [".ci/run", ".ci/setup"])
def test_the_scripts_can_be_run(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_every_package_and_plugin_of_the_tree_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = set(project["tool"]["setuptools"]["packages"])
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "kiosk").rglob("*.py")}
    missing = {".".join(folder.parts) for folder in folders} - named
    assert not missing, f"not in [tool.setuptools] packages: {missing}"


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_is_a_distribution_like_any_third_partys(plugin: str) -> None:
    folder = ROOT / "plugins" / plugin
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    slug, package = plugin.replace("_", "-"), f"kiosk_{plugin}"
    assert project["project"]["name"] == f"plumbline-{slug}"
    assert project["project"]["entry-points"]["kiosk"] == {slug: package}
    assert project["tool"]["setuptools"]["packages"] == [package]
    assert (folder / package / "py.typed").exists()
