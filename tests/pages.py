"""Pages of the documentation that are run: their files are written and their commands called, as a reader would.

What a fence's first line says after the language is what happens to the block:

    ```python FILE              the file is written
    ```python FILE append       the block is put at the file's end
    ```python FILE before LINE  ... before the one line that holds LINE (`after`: behind it, `instead`: in its place)
    ```bash                     the commands are run; "exit 1" after it is the exit code that they end with
    ```text                     the lines that the commands before it print, in order; "..." is whatever is between

`<!-- before: COMMAND -->` is run and not shown: what a page takes for granted.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .commands import ROOT, process_environ

DOCS = ROOT / "docs"
_STEP = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$|^<!-- before: ([^\n]*) -->$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"python", "toml", "bash", "text"}


@dataclass(frozen=True)
class Step:
    """One block of a page, and the line at which it begins."""

    language: str
    what: str
    content: str
    line: int
    prose: str  # what stands above it


def steps(page: Path) -> list[Step]:
    text = page.read_text(encoding="utf-8")
    found, last = [], 0
    for match in _STEP.finditer(text):
        line, prose = text.count("\n", 0, match.start()) + 1, text[last : match.start()]
        language, what, content = (match[1], match[2], match[3]) if match[1] else ("bash", "", match[4] + "\n")
        found.append(Step(language, what, content, line, prose))
        last = match.end()
    return found


@dataclass
class Reader:
    """Does what a page says, in a folder of its own with a Python of its own; needs no network."""

    folder: Path
    bin: Path
    said: str = ""

    def read(self, page: Path) -> None:
        for step in steps(page):
            where = f"{page.relative_to(ROOT)}, line {step.line}"
            assert step.language in LANGUAGES, f"{where}: nobody knows what to do with {step.language}"
            if step.language == "bash":
                self._run(step, where)
            elif step.language == "text":
                missing = first_missing(step.content, self.said)
                assert missing is None, f"{where}: was not said: {missing}\n--- but:\n{self.said}"
            else:
                self._write(step, where)

    def _run(self, step: Step, where: str) -> None:
        code = int(step.what.removeprefix("exit ") or 0)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", step.content],
            cwd=self.folder,
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        self.said = done.stdout
        assert done.returncode == code, f"{where}: ended with {done.returncode}\n{done.stdout}"
        assert "Traceback" not in done.stdout, where

    def _environ(self) -> dict[str, str]:
        environ = process_environ(self.folder, {"XDG_STATE_HOME": str(self.folder / "state"), "COLUMNS": "200"})
        del environ["PYTHONPATH"]
        path = os.pathsep.join([str(self.bin), environ["PATH"]])
        return environ | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    def _write(self, step: Step, where: str) -> None:
        name, _, how = step.what.partition(" ")
        assert name, f"{where}: says of no file"
        assert Path(name).name in step.prose, f"{where}: a reader cannot know that this goes to {name}"
        place = self.folder / name
        how, _, anchor = how.partition(" ")
        assert not anchor or f"`{anchor}`" in step.prose, f"{where}: a reader cannot know where this goes"
        if not how:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(step.content, encoding="utf-8")
            return
        old = place.read_text(encoding="utf-8")
        place.write_text(changed(old, how, anchor, step.content), encoding="utf-8")


def changed(old: str, how: str, anchor: str, block: str) -> str:
    """Return a text with a block in it, where ``how`` and ``anchor`` say."""
    if how == "append":
        return f"{old.rstrip()}\n\n{block}" if old else block
    lines = old.splitlines(keepends=True)
    (at,) = [number for number, line in enumerate(lines) if anchor in line]
    first, last = {"before": (at, at), "after": (at + 1, at + 1), "instead": (at, at + 1)}[how]
    return "".join([*lines[:first], block, *lines[last:]])


def first_missing(expected: str, said: str) -> str | None:
    """Return the first line that was not said in its turn; None where all were. Blanks at ends of lines are nothing."""
    lines, at, skips = [line.rstrip() for line in said.splitlines()], 0, True
    for line in (line.rstrip() for line in expected.splitlines()):
        if line == "...":
            skips = True
            continue
        later = (
            [k for k in range(at, len(lines)) if lines[k] == line] if skips else [at] * (lines[at : at + 1] == [line])
        )
        if not later:
            return line
        at, skips = later[0] + 1, False
    return None


def make_python(folder: Path) -> Path:
    """Return the folder with the commands of a Python that has all that this one has, and keeps what is installed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=120)
    there = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    packages = sysconfig.get_path("purelib")
    line = f"import site; site.addsitedir({packages!r}); import sys; sys.path.append({str(ROOT)!r})\n"
    (Path(there) / "all.pth").write_text(line, encoding="utf-8")
    # What a plugin needs is there: pip is to take nothing from anywhere.
    alone = "--quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation"
    python = f'exec "{folder}/bin/python" -m'
    _script(folder, "kiosk", f'{python} kiosk "$@"')
    _script(folder, "pip", f'[ "$1" != install ] || {{ shift; set -- install {alone} "$@"; }}\n{python} pip "$@"')
    return folder / "bin"


def _script(folder: Path, name: str, line: str) -> None:
    script = folder / "bin" / name
    script.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    script.chmod(0o755)
