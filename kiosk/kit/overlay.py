"""New limits in a gym's own checks file, by changing two lines and leaving everything else as it was written."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from kiosk.checks_file import SCHEMA, apply_overlay
from kiosk.errors import PluginError
from kiosk.kit.tuning import Limits
from kiosk.movement.exercise import Exercise

_HEADER = re.compile(r"^\s*\[")


def overlay_place(folder: Path, slug: str) -> Path:
    """Return the file of an exercise in the folder of overlays."""
    return folder / f"{slug}.toml"


def overlay_with(path: Path, exercise: Exercise, check: str, limits: Limits) -> str:
    """Return the text of an overlay with these limits of one check in it; remarks and other lines stay.

    Raises PluginError where the file is wrong, or is written in a way that this cannot change.
    """
    if path.exists():
        apply_overlay(exercise.checks, path, exercise=exercise.slug)
        text = path.read_bytes().decode("utf-8-sig")
    else:
        remark = "# Limits and words of this gym; the keys are explained in docs/checks-file.md."
        text = f'{remark}\nschema = {SCHEMA}\nexercise = "{exercise.slug}"\n'
    changed = _changed(text, check, {"clear": limits.clear, "sign": limits.sign})
    _refuse_unless_right(changed, path, exercise, check, limits)
    return changed


def _refuse_unless_right(text: str, path: Path, exercise: Exercise, check: str, limits: Limits) -> None:
    """Raise PluginError unless this text, read as the file at ``path``, gives the check these limits."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, encoding="utf-8")
        try:
            changed = {one.slug: one for one in apply_overlay(exercise.checks, trial, exercise=exercise.slug)}[check]
            right = (changed.clear, changed.sign) == (limits.clear, limits.sign)
        except PluginError:
            right = False
    if not right:
        raise PluginError(
            f"{path} is written in a way that cannot be changed for you: put clear = {limits.clear:g} and "
            f"sign = {limits.sign:g} into [checks.{check}] by hand."
        )


def _changed(text: str, check: str, values: dict[str, float]) -> str:
    """Return the text with the keys of a check's table set, the table put at the end where there is none."""
    lines = text.splitlines()
    header = re.compile(rf"^\s*\[\s*checks\s*\.\s*(\"?){re.escape(check)}\1\s*\]\s*(#.*)?$")
    start = next((number for number, line in enumerate(lines) if header.match(line)), None)
    if start is None:
        lines += ["", f"[checks.{check}]"]
        start = len(lines) - 1
    end = next((n for n in range(start + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    for key, value in reversed(values.items()):
        line = re.compile(rf"^(\s*{key}\s*=\s*)[^#]*?(\s*#.*)?$")
        place = next((n for n in range(start + 1, end) if line.match(lines[n])), None)
        if place is None:
            lines.insert(start + 1, f"{key} = {value:g}")
            end += 1
        else:
            lines[place] = line.sub(rf"\g<1>{value:g}\g<2>", lines[place])
    return "\n".join(lines) + "\n"
