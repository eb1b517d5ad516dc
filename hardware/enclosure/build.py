"""From ``enclosure.scad`` to printable files, by OpenSCAD; and from the files back to meshes in the box's axes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import numpy as np
import trimesh

from hardware import FOLDER, OUT
from hardware.enclosure.dimensions import dimensions

SOURCE = FOLDER / "enclosure" / "enclosure.scad"
PARTS = ("back", "lid", "wedge")
#: Says which source the printable files were built from.
STAMP = "enclosure.sha256"


class OpenScadError(RuntimeError):
    """OpenSCAD is missing, or could not build a part."""


def build(folder: Path = OUT) -> None:
    """Build the printable files into a folder, which holds ``dimensions.scad`` already. Raises OpenScadError."""
    program = shutil.which("openscad")
    if program is None:
        raise OpenScadError("OpenSCAD is not installed, and builds the enclosure. On Debian: apt install openscad")
    for part in PARTS:
        path = folder / f"{part}.stl"
        order = [program, "--export-format", "binstl", "-D", f'part="{part}"', "-o", str(path), str(SOURCE)]
        done = subprocess.run(order, capture_output=True, text=True, check=False)
        if done.returncode or "WARNING" in done.stderr:
            raise OpenScadError(f"OpenSCAD could not build {part}:\n{done.stderr}")
    (folder / STAMP).write_text(fingerprint(folder) + "\n", encoding="utf-8")


def fingerprint(folder: Path = OUT) -> str:
    """Return what the printable files depend on, as a hash."""
    return hashlib.sha256(SOURCE.read_bytes() + (folder / "dimensions.scad").read_bytes()).hexdigest()


def meshes(folder: Path = OUT) -> dict[str, trimesh.Trimesh]:
    """Return the parts of the printable files; back and lid where they are in the closed box."""
    found = {part: trimesh.load_mesh(folder / f"{part}.stl") for part in PARTS}
    box = dimensions()["box"]
    # It is printed lying on its face.
    turn = np.diag([1.0, -1.0, -1.0, 1.0])
    turn[:3, 3] = [0, box["inner"][1], box["inner"][2] + box["wall"]]
    found["lid"].apply_transform(turn)
    return found
