"""The command line as a whole: quick, documented, and without a traceback whatever happens."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import __version__
from kiosk.cli import COMMANDS, make_parser
from kiosk.cli import output as writing
from kiosk.errors import OutputError
from tests.commands import ROOT, Kiosk, make_kiosk, process_environ

DOCUMENT = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
HEAVY = {"cv2", "ai_edge_litert", "flask", "sqlalchemy", "waitress", "gpiozero", "tqdm", "jinja2"}


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Kiosk:
    return make_kiosk(tmp_path, monkeypatch, capfd)


def walk(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield every command that can be called."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner or parser.get_default("handler") is not None:
        yield parser
    for action in inner:
        for child in action.choices.values():
            yield from walk(child)


PARSERS = {parser.prog: parser for parser in walk(make_parser())}


@pytest.mark.parametrize("prog", PARSERS)
def test_every_command_has_a_section_in_the_document_that_names_all_its_options(prog: str) -> None:
    sections = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
    (section,) = [text for text in sections if re.match(rf"`{prog}(`| [^a-z])", text)]
    for action in PARSERS[prog]._actions:
        if isinstance(action, argparse._SubParsersAction):
            continue  # each has a section of its own
        names = action.option_strings or [str(action.metavar)]
        if "--help" not in names:
            assert any(f"`{name}" in section or f" {name}" in section.splitlines()[0] for name in names), names


def test_the_document_names_no_command_and_no_option_that_does_not_exist() -> None:
    headings = {match[1] for match in re.finditer(r"^## `(kiosk [a-z]+(?: [a-z-]+)?)", DOCUMENT, re.MULTILINE)}
    assert headings == set(PARSERS)
    known = {name for parser in PARSERS.values() for action in parser._actions for name in action.option_strings}
    assert set(re.findall(r"--[a-z]+(?:-[a-z]+)*", DOCUMENT)) <= known | {"--version"}


@pytest.mark.parametrize("prog", PARSERS)
def test_every_option_has_a_help_text(prog: str) -> None:
    assert all(action.help for action in PARSERS[prog]._actions)
    assert PARSERS[prog].get_default("handler") is not None


def test_there_are_the_commands_that_were_agreed(kiosk: Kiosk) -> None:
    names = [module.__name__.rpartition(".")[2] for module in COMMANDS]
    assert names == [
        *("run", "demo", "analyze", "record", "camera", "doctor", "history", "plugins", "tune", "bench", "trainer"),
        *("lights", "update", "notice"),
    ]
    said = kiosk("--help")
    assert said.code == 0
    assert all(name in said.out for name in names)


def test_help_brings_in_nothing_that_is_slow_to_import() -> None:
    code = "import sys; from kiosk.cli import make_parser; make_parser(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert not {name.split(".")[0] for name in done.stdout.split()} & HEAVY


def test_the_version_is_told(kiosk: Kiosk) -> None:
    assert kiosk("--version").out == f"plumbline-kiosk {__version__}\n"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), "COMMAND"),
        (("dance",), "'dance'"),
        (("analyze",), "SOURCE"),
        (("analyze", "clip.mp4", "--bogus"), "--bogus"),
        (("record", "clip.mp4", "--out", "x.npz", "--seconds", "-1"), "'-1'"),
        (("record", "clip.mp4", "--out", "x.npz", "--seconds", "soon"), "'soon'"),
        (("record", "clip.mp4", "--out", "x.npz", "--seconds", "nan"), "'nan'"),
        (("plugins",), "COMMAND"),
        (("plugins", "new"), "TITLE"),
        (("plugins", "new", "Squat", "--reps", "many"), "'many'"),
        (("tune", "overhead-squat"), "CHECK"),
        (("bench", "reps"), "--shared"),
    ],
)
def test_a_command_that_cannot_be_read_is_refused_in_one_line(kiosk: Kiosk, words: tuple[str, ...], named: str) -> None:
    said = kiosk(*words)
    assert named in said.complaint
    assert "--help" in said.complaint


def test_the_module_is_the_command(kiosk: Kiosk) -> None:
    assert kiosk.process("--version").out == f"plumbline-kiosk {__version__}\n"
    assert "kiosk: " in kiosk.process("dance").complaint


COMMAND_LINES = {
    "run": (),
    "demo": (),
    "analyze": ("x.npz",),
    "record": ("x.npz", "--out", "y.npz"),
    "record --exercise overhead-squat": ("x.npz", "--out", "y.npz"),
    "doctor": (),
    "plugins list": (),
    "plugins check": (),
    "plugins new": ("Split squat",),
    "tune": ("overhead-squat", "knees-in"),
    "bench speed": (),
}


@pytest.mark.parametrize("command", COMMAND_LINES)
@pytest.mark.parametrize("wrong", ["missing", "broken", "unknown key"])
def test_a_configuration_that_is_missing_or_wrong_is_refused_by_every_command(
    kiosk: Kiosk, command: str, wrong: str
) -> None:
    config = kiosk.folder / "kiosk.toml"
    if wrong != "missing":
        config.write_text("[camera" if wrong == "broken" else "[camera]\ncolour = 1\n")
    complaint = kiosk(*command.split(), *COMMAND_LINES[command], "--config", config).complaint
    assert str(config) in complaint


def test_each_mistake_in_a_configuration_has_its_own_line(kiosk: Kiosk) -> None:
    config = kiosk.folder / "kiosk.toml"
    config.write_text("[camera]\ncolour = 1\nwidth = 'wide'\n")
    said = kiosk("plugins", "list", "--config", config)
    assert said.code == 2
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("kiosk: ") for line in lines)


def test_ctrl_c_ends_a_command_without_a_traceback(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kiosk.analyze.report_on", interrupted)
    said = kiosk("analyze", kiosk.squats())
    assert said.code == 130
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_real_ctrl_c_during_the_work_ends_with_130(kiosk: Kiosk) -> None:
    code = (
        "import os, signal, sys, kiosk.analyze\n"
        "see = kiosk.analyze.see\n"
        "def pressed(*a, **k): os.kill(os.getpid(), signal.SIGINT); return see(*a, **k)\n"
        "kiosk.analyze.see = pressed\n"
        "from kiosk.cli import main\n"
        f"sys.exit(main(['analyze', {str(kiosk.squats())!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=process_environ(kiosk.folder, {}),
        cwd=kiosk.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr


def closed_pipe() -> int:
    """The writing end of a pipe that nobody reads any more."""
    reading, end = os.pipe()
    os.close(reading)
    return end


def process_with_output(kiosk: Kiosk, output: int, *words: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *map(str, words)],
        env=process_environ(kiosk.folder, {}),
        cwd=kiosk.folder,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr


def test_a_reader_that_has_gone_is_no_reason_to_complain(kiosk: Kiosk) -> None:
    end = closed_pipe()
    code, err = process_with_output(kiosk, end, "plugins", "list")
    os.close(end)
    assert (code, err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_is_full_is_told_in_one_line(kiosk: Kiosk) -> None:
    with Path("/dev/full").open("w") as full:
        code, err = process_with_output(kiosk, full.fileno(), "analyze", kiosk.squats(), "--json", "-")
    assert code == 2
    assert err == "kiosk: Standard output cannot be written: No space left on device.\n"


def test_a_terminal_of_few_letters_gets_what_it_can_show(kiosk: Kiosk) -> None:
    said = kiosk.process("analyze", kiosk.squats("größe.npz"), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert said.code == 0, said.err
    assert "gr\\xf6\\xdfe.npz" in said.out


# -- where results go --------------------------------------------------------------------------------


def test_a_file_is_written_whole_in_place_of_the_old_one(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    place.write_text("old")
    writing.write_text(str(place), "new")
    assert place.read_text() == "new"
    assert list(tmp_path.iterdir()) == [place]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "report.json", tmp_path / "there" / "report.json"
    link.symlink_to(target)
    writing.write_text(str(link), "text")
    assert link.is_symlink()
    assert target.read_text() == "text"


def test_a_device_is_written_and_not_replaced() -> None:
    writing.check_places(["/dev/null"], "clip.mp4")
    writing.write_text("/dev/null", "text")
    assert not Path("/dev/null").is_file()


def test_a_failure_in_the_middle_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    place.write_text("old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch, pytest.raises(OutputError, match="No space left"):
        patch.setattr(os, "fsync", fail)
        writing.write_text(str(place), "new")
    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("name", ["x" * 300, "file/x.json", "loop/x.json"])
def test_a_place_that_cannot_even_be_looked_at_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OutputError, match="cannot be written"):
        writing.check_places([str(tmp_path / name)], "clip.mp4")


def test_one_new_file_may_not_be_two_results(kiosk: Kiosk) -> None:
    said = kiosk("analyze", kiosk.squats(), "--json", "same", "--html", "same")
    assert "named twice" in said.complaint
    assert not (kiosk.folder / "same").exists()


def test_without_standard_error_results_stay_clean(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    writing.tell("This goes nowhere.")
    said = kiosk("analyze", kiosk.squats(), "--json", "-")
    assert (said.code, json.loads(said.out)["schema"]) == (0, 1)


def test_trying_a_place_leaves_nothing_there(tmp_path: Path) -> None:
    writing.check_places([str(tmp_path / "a.json"), "-", None], "clip.mp4")
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_no_text_can_be_part_of_a_report(tmp_path: Path) -> None:
    odd = os.fsdecode(b"clip-\xff.mp4")
    place = tmp_path / "report.json"
    writing.write_text(str(place), writing.as_json({"name": odd}))
    assert "udcff" in place.read_text()
    writing.write_text(str(place), f"<p>{odd}</p>")
    assert place.read_text() == "<p>clip-?.mp4</p>"
