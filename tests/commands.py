"""``kiosk`` as a user calls it: in this process, or as one of its own; with nobody's configuration."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli import main
from kiosk.testing import FRONT, Squatter, perform
from kiosk.vision.keypoint_file import write_keypoints

ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "kiosk" / "demo"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one sentence on stderr of a command that was refused."""
        assert self.code == 2, self
        assert self.out == ""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("kiosk: ")
        assert "Traceback" not in self.err
        return lines[0]


class Kiosk:
    """Calls the command line in a folder of its own."""

    def __init__(self, folder: Path, capture: Any) -> None:
        self.folder = folder
        self._capture = capture

    def __call__(self, *words: str | Path) -> Said:
        self._capture.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:  # argparse ends by itself
            code = int(end.code or 0)
        out, err = self._capture.readouterr()
        return Said(code, out, err)

    def process(self, *words: str | Path, **environ: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "kiosk", *map(str, words)],
            cwd=self.folder,
            env=process_environ(self.folder, environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def squats(self, name: str = "squats.npz", reps: int = 4, **person: float) -> Path:
        """Write a keypoint file of clean squats, seen from the front."""
        path = self.folder / name
        write_keypoints(path, perform([Squatter(**person)] * reps, FRONT))
        return path


def process_environ(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that finds the kiosk of this repository, and nobody's configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIOSK_")}
    paths = [str(ROOT), *kept.get("PYTHONPATH", "").split(os.pathsep)]
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "XDG_CONFIG_HOME": str(folder)} | dict(more)


def make_kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capture: Any) -> Kiosk:
    for name in [name for name in os.environ if name.startswith("KIOSK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return Kiosk(tmp_path, capture)
