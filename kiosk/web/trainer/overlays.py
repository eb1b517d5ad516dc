"""The gym's own checks files: read, tried out, written whole, and each version before a change kept for a while."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import secrets
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.checks_file import SCHEMA, apply_overlay
from kiosk.errors import KioskError, OutputError, PluginError
from kiosk.movement.exercise import Check, Exercise

#: So many versions of each file are kept.
KEPT = 20
_REMARK = "Limits and words of this gym; the keys are explained in docs/checks-file.md."


class ChangedMeanwhileError(KioskError):
    """Somebody else saved the file since it was read."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version that is kept: its number, when it was replaced (UTC), and what stood in it (empty: no file)."""

    number: int
    replaced: datetime
    text: str


class Overlays:
    """The gym's files in one folder, the very one that the kiosk reads at its start. Any thread may call it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def file(self, slug: str) -> Path:
        """Return the file of an exercise, which need not be there."""
        return self.folder / f"{slug}.toml"

    def text(self, slug: str) -> str:
        """Return what stands in the file, empty where there is none. Raises PluginError where it cannot be read."""
        try:
            return self.file(slug).read_bytes().decode("utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise PluginError(f"{self.file(slug)} cannot be read: let the kiosk's user read it, as UTF-8.") from error

    def checks(self, exercise: Exercise) -> tuple[Check, ...]:
        """Return the checks of a shipped exercise with the gym's changes. Raises PluginError as the loader does."""
        return tried(exercise, self.text(exercise.slug), self.file(exercise.slug).name)

    def save(self, exercise: Exercise, text: str, seen: str) -> tuple[Check, ...]:
        """Put a text in place of the file, keep the one before, and return the checks that come of it.

        ``seen``: the `mark_of` the text that the trainer looked at. Raises ChangedMeanwhileError where that is not
        what stands there now, PluginError where the reader of checks refuses the text, and OutputError where it
        cannot be written; then nothing has changed.
        """
        with self._lock:
            before = self.text(exercise.slug)
            if mark_of(before) != seen:
                raise ChangedMeanwhileError(
                    "Somebody else changed these checks meanwhile. Nothing of yours is saved yet: "
                    "look at the values here, and save again."
                )
            checks = tried(exercise, text, self.file(exercise.slug).name)
            if text != before:
                try:
                    self.folder.mkdir(parents=True, exist_ok=True)
                    self._keep(exercise.slug, before)
                    _write(self.file(exercise.slug), text)
                except OSError as error:
                    raise OutputError(f"{self.folder} cannot be written: {error.strerror}.") from error
        return checks

    def versions(self, slug: str) -> list[Version]:
        """Return the versions that are kept, newest first."""
        found = []
        for number, path in sorted(self._kept(slug).items(), reverse=True):
            replaced = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found.append(Version(number, replaced, path.read_text(encoding="utf-8")))
        return found

    def _kept(self, slug: str) -> dict[int, Path]:
        pattern = re.compile(rf"{re.escape(slug)}\.(\d+)\.toml")
        folder = self.folder / "earlier"
        paths = folder.iterdir() if folder.is_dir() else ()
        return {int(match[1]): path for path in paths if (match := pattern.fullmatch(path.name))}

    def _keep(self, slug: str, text: str) -> None:
        kept = self._kept(slug)
        (self.folder / "earlier").mkdir(exist_ok=True)
        number = max(kept, default=0) + 1
        _write(self.folder / "earlier" / f"{slug}.{number:06d}.toml", text)
        for old in sorted(kept)[: max(0, len(kept) + 1 - KEPT)]:
            kept[old].unlink()


def mark_of(text: str) -> str:
    """Return a short mark of a text, by which a change is noticed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def tried(exercise: Exercise, text: str, name: str) -> tuple[Check, ...]:
    """Return what the reader of checks makes of a text. Raises PluginError as it does, with ``name`` for the file.

    An empty text stands for no file: the checks of the plugin.
    """
    if not text.strip():
        return exercise.checks
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / name
        trial.write_text(text, encoding="utf-8")
        try:
            return apply_overlay(exercise.checks, trial, exercise=exercise.slug)
        except PluginError as error:
            raise PluginError(str(error).replace(str(trial), name)) from error


def text_with(text: str, exercise: str, check: str, values: Mapping[str, Any]) -> str:
    """Return the text of a file with these keys of one check in it; a key with None is taken out.

    Remarks and all other lines stay. A file in which nothing is left to change becomes empty. Raises PluginError
    where the text is no TOML.
    """
    # Imported where a trainer saves something: nobody at the kiosk's start waits for it.
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise PluginError(f"{exercise}.toml is not valid TOML: {error}.") from error
    if "schema" not in document:
        document.add(tomlkit.comment(_REMARK))
        document.add("schema", tomlkit.item(SCHEMA))
        document.add("exercise", tomlkit.item(exercise))
    checks = document.setdefault("checks", tomlkit.table(is_super_table=True))
    table = checks.get(check)
    if table is None:
        table = tomlkit.table()
        checks.append(check, table)
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif table.get(key) != value:
            table[key] = _item(value)
    if not table:
        checks.remove(check)
    if not checks:
        return ""
    return tomlkit.dumps(document).rstrip("\n") + "\n"


def _item(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    import tomlkit

    tables = tomlkit.aot()
    for one in value:
        table = tomlkit.table()
        table.update(one)
        tables.append(table)
    return tables


def differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that differ between two texts: ("-" taken out or "+" put in, the line)."""
    for line in difflib.ndiff(before.splitlines(), after.splitlines()):
        if line[0] in "-+" and line[2:].strip():
            yield line[0], line[2:]


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all; an empty text of a gym's own file takes it away."""
    if not text and path.parent.name != "earlier":
        path.unlink(missing_ok=True)
        return
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
