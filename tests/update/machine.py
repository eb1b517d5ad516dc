"""A machine with a kiosk on it, in a folder: real bundles, real files and databases; systemd is told by the test."""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from kiosk.update.system import Done
from kiosk.update.updater import Updater
from kiosk.update.versions import Versions

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
TAG = f"cp{PYTHON.replace('.', '')}-{platform.machine()}"


class PowerCut(BaseException):
    """The plug was pulled: nothing of this process goes on."""


@dataclass(frozen=True)
class Makes:
    """How a version behaves. ``schema`` is how its database is built."""

    version: str
    wrong: tuple[str, ...] = ()
    reps: int = 5
    schema: int = 1
    starts: bool = True
    broken_doctor: bool = False
    sees_camera: bool = True
    day: int = 1
    file_changes: Mapping[str, bytes | None] = field(default_factory=dict)


MAIN = """
import json, os, sqlite3, sys
HOW = json.loads({how!r})
if sys.argv[1] == "doctor":
    url = os.environ.get("KIOSK_HISTORY_URL", "")
    if url:
        with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
            database.execute("UPDATE alembic_version SET version_num = ?", (str(HOW["schema"]),))
        database.close()
    for name in HOW["wrong"]:
        print(f"WRONG {{name}}: it is broken")
    sys.exit(1 if HOW["wrong"] else 0)
if sys.argv[1] == "analyze":
    assert open(sys.argv[2], "rb").read() == b"keypoints"
    print(json.dumps({{"exercise": "squat", "reps": [{{"complete": True}}] * HOW["reps"]}}))
"""


def wheel(makes: Makes) -> tuple[str, bytes]:
    """A wheel that pip installs, with a kiosk of a few lines in it."""
    how = {"wrong": makes.wrong, "reps": makes.reps, "schema": makes.schema}
    data = f"plumbline_kiosk-{makes.version}.dist-info"
    files = {
        "kiosk/__init__.py": "",
        "kiosk/__main__.py": MAIN.format(how=json.dumps(how)),
        f"{data}/METADATA": f"Metadata-Version: 2.1\nName: plumbline-kiosk\nVersion: {makes.version}\n",
        f"{data}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(text.encode())}\n")
    files[f"{data}/RECORD"] = "".join(lines) + f"{data}/RECORD,,\n"
    packed = BytesIO()
    with ZipFile(packed, "w") as into:
        for name, text in files.items():
            into.writestr(name, text)
    return f"plumbline_kiosk-{makes.version}-py3-none-any.whl", packed.getvalue()


def bundle(folder: Path, makes: Makes, **manifest: str) -> Path:
    """A bundle as docs/bundle.md describes it. ``makes.file_changes`` damage it after its checksums were taken."""
    name, packed = wheel(makes)
    files = {
        f"wheels/{name}": packed,
        f"requirements/{TAG}.txt": (
            f"plumbline-kiosk=={makes.version} --hash=sha256:{hashlib.sha256(packed).hexdigest()}\n".encode()
        ),
        "systemd/install.sh": b"#!/usr/bin/env bash\nexit 0\n",
        "visit/visit.npz": b"keypoints",
        "visit/visit.toml": b'exercise = "squat"\n' + b"[[reps]]\nstart_s = 1.0\n" * 5,
        "docs/cli.md": b"# How\n",
        "LICENSE": b"free\n",
    }
    table = {
        "format": "1",
        "name": '"plumbline"',
        "version": f'"{makes.version}"',
        "build": f'"{build_of(makes)}"',
        "created": f"2026-11-{makes.day:02}T14:00:00Z",
        "pythons": f'["{PYTHON}"]',
        "architectures": f'["{platform.machine()}"]',
    } | manifest
    files["manifest.toml"] = "".join(f"{key} = {value}\n" for key, value in table.items()).encode()
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    for changed, content in makes.file_changes.items():
        if content is None:
            del files[changed]
        else:
            files[changed] = content
    file = folder / f"plumbline-{build_of(makes)}.tar"
    with tarfile.open(file, "w") as tar:
        for name in ["manifest.toml", *sorted(files.keys() - {"manifest.toml"})]:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), 0o644
            tar.addfile(entry, BytesIO(files[name]))
    return file


def build_of(makes: Makes) -> str:
    return f"{makes.version}+0000000{makes.day}"


class Machine:
    """What `kiosk.update.system.System` is on a Pi. With ``real`` venv, pip and the versions' commands really run."""

    user: str | None = None
    python = str(Path(sys.base_prefix, "bin", f"python{PYTHON}"))
    kind = (PYTHON, platform.machine())

    def __init__(self, folder: Path, versions: Sequence[Makes], *, real: bool = False) -> None:
        self.home, self.state, self.real = folder / "opt", folder / "state", real
        self.ran: list[list[str]] = []
        self.told: list[str] = []
        self.known = {build_of(makes): makes for makes in versions}
        self.runs: str | None = None
        self.failed = False
        self.restarts = self.sequence = 0
        self.time_s = 0.0
        self.steps_left: int | None = None
        (self.home / "versions").mkdir(parents=True)
        self.state.mkdir()
        self.database = self.state / "history.db"
        with closing(sqlite3.connect(self.database)) as made, made:
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("CREATE TABLE alembic_version (version_num TEXT)")
            made.execute("INSERT INTO alembic_version VALUES ('1')")
            made.execute("CREATE TABLE result (text TEXT)")
            made.execute("INSERT INTO result VALUES ('before')")

    # -- what the updater sees -----------------------------------------------------------------------------------

    def run(self, command: Sequence[str | Path], environ: Mapping[str, str] | None = None) -> Done:
        self.step()
        words = [str(word) for word in command]
        self.ran.append(words)
        if words[0] == "systemctl":
            return Done(0, self._systemctl(words[1:]), "")
        if not self.real and "venv" in words:
            Path(words[-1], "bin").mkdir(parents=True)
            return Done(0, "", "")
        if not self.real and "pip" in words:
            return self._unpack_wheels(words)
        if not self.real and words[0].endswith("bin/python"):
            site = Path(words[0]).parents[1] / "site"
            if "compileall" in words:
                return Done(0, "", "")
            if "kiosk" in words:
                return self._as_a_version(site, words, environ or {})
        done = subprocess.run(
            words, env={**dict(environ or {})}, cwd=self.state, capture_output=True, text=True, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def health(self) -> dict[str, Any] | None:
        self.step()
        if self.runs is None:
            return None
        self.sequence += 1
        camera = "ok" if self.known[self.runs].sees_camera else "/dev/video0 is missing"
        return {"ok": True, "sequence": self.sequence, "state": "idle", "camera": camera}

    def now_s(self) -> float:
        return self.time_s

    def wait(self, seconds: float) -> None:
        self.time_s += seconds

    # -- what the machine does ---------------------------------------------------------------------------------------

    def step(self) -> None:
        """One more thing that a power cut may come before."""
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise PowerCut

    def boot(self) -> None:
        """The power is back: the kiosk starts as its unit says."""
        self.steps_left, self.runs, self.failed = None, None, False
        self._start()

    def versions(self) -> Versions:
        return Versions(self.home)

    def updater(self) -> Updater:
        config = self.state / "kiosk.toml"
        config.touch()
        return Updater(self, config, self.database, self.told.append)

    def install(self, makes: Makes) -> None:
        """As install.sh leaves it: a version that runs."""
        place = self.home / "versions" / build_of(makes)
        (place / "venv" / "bin").mkdir(parents=True)
        self._write_kiosk(place, makes)
        packed = bundle(self.state, makes)
        with tarfile.open(packed) as tar, (place / "manifest.toml").open("wb") as out:
            manifest = tar.extractfile("manifest.toml")
            assert manifest is not None
            shutil.copyfileobj(manifest, out)
        packed.unlink()
        (place / "complete").touch()
        self.versions().point("current", build_of(makes))
        self.boot()

    def results(self, file: Path | None = None) -> list[str]:
        with closing(sqlite3.connect(file or self.database)) as opened:
            return [text for (text,) in opened.execute("SELECT text FROM result")]

    def schema(self, file: Path | None = None) -> int:
        with closing(sqlite3.connect(file or self.database)) as opened:
            return int(opened.execute("SELECT version_num FROM alembic_version").fetchone()[0])

    def store(self, text: str) -> None:
        with closing(sqlite3.connect(self.database)) as opened, opened:
            opened.execute("INSERT INTO result VALUES (?)", (text,))

    def _systemctl(self, words: list[str]) -> str:
        if words[0] == "show":
            state = "failed" if self.failed else "inactive" if self.runs is None else "active"
            return f"ActiveState={state}\nResult=exit-code\nNRestarts={self.restarts}\n"
        if words[0] in ("stop", "restart"):
            self.runs = None
        if words[0] == "reset-failed":
            self.failed = False
        if words[0] in ("start", "restart") and self.runs is None:
            self._start()
        return ""

    def _start(self) -> None:
        build = (self.home / "current").resolve().name
        assert (self.home / "versions" / build / "complete").is_file(), f"{build} was not there to its end"
        makes = self.known[build]
        # As the kiosk does: a database of an older version is brought up to date, one of a newer one is refused.
        if self.schema() > makes.schema or not makes.starts:
            self.failed = True
        if self.schema() < makes.schema:
            with closing(sqlite3.connect(self.database)) as opened, opened:
                opened.execute("UPDATE alembic_version SET version_num = ?", (str(makes.schema),))
        self.runs = None if self.failed else build

    def _unpack_wheels(self, words: list[str]) -> Done:
        site = Path(words[0]).parents[1] / "site"
        for packed in Path(words[words.index("--find-links") + 1]).glob("*.whl"):
            with ZipFile(packed) as opened:
                opened.extractall(site)
        return Done(0, "", "")

    def _write_kiosk(self, place: Path, makes: Makes) -> None:
        with ZipFile(BytesIO(wheel(makes)[1])) as opened:
            opened.extractall(place / "venv" / "site")
        if self.real:
            shutil.rmtree(place / "venv")
            subprocess.run([self.python, "-m", "venv", "--without-pip", str(place / "venv")], check=True)
            with ZipFile(BytesIO(wheel(makes)[1])) as opened:
                opened.extractall(next((place / "venv" / "lib").glob("python*")) / "site-packages")

    def _as_a_version(self, site: Path, words: list[str], environ: Mapping[str, str]) -> Done:
        """What the version's own command does, without a process for each."""
        build = site.parents[1].name
        makes = self.known[build]
        if "doctor" in words and makes.broken_doctor:
            return Done(1, "", "Traceback (most recent call last):\nModuleNotFoundError: No module named 'x'\n")
        if "doctor" in words:
            if url := environ.get("KIOSK_HISTORY_URL", ""):
                with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as opened, opened:
                    opened.execute("UPDATE alembic_version SET version_num = ?", (str(makes.schema),))
            return Done(int(bool(makes.wrong)), "".join(f"WRONG {name}: it is broken\n" for name in makes.wrong), "")
        return Done(0, json.dumps({"exercise": "squat", "reps": [{"complete": True}] * makes.reps}), "")
