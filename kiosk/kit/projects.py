"""Where the project of an installed plugin stands, with its golden recordings beside its package."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from kiosk.errors import PluginError
from kiosk.kit.golden import FOLDER, exercises_in
from kiosk.plugins import GROUP, Plugins

#: What tells a project's folder from any other that a package may stand in.
_PROJECT_FILE = "pyproject.toml"


def golden_folder(slug: str, plugins: Plugins, points: Iterable[EntryPoint] | None = None) -> Path:
    """Return where the golden recordings of an exercise belong: the folder ``golden`` of its plugin's project.

    The folder itself may be missing. Raises PluginError where the plugin is not installed from its source.
    ``points`` replaces the installed entry points in tests.
    """
    plugins.get(slug)
    name = next(status.name for status in plugins.found if slug in status.exercises)
    known = entry_points(group=GROUP) if points is None else points
    package = next(point.module for point in known if point.name == name).partition(".")[0]
    spec = importlib.util.find_spec(package)
    project = Path(spec.origin).parent.parent if spec and spec.origin else None
    if project is None or not (project / _PROJECT_FILE).is_file():
        raise PluginError(
            f"The plugin of '{slug}' is not installed from its source, so its golden recordings are not at hand: "
            "install it with pip install --editable, or name a folder of recordings."
        )
    return project / FOLDER


def named_folder(word: str, plugins: Plugins) -> tuple[Path, tuple[str, ...]]:
    """Return the golden folder that a word on the command line means, and the exercises to check in it.

    The word is a slug, a folder of golden recordings, or a project with one. Raises PluginError where it is none.
    """
    if word in plugins.exercises:
        return golden_folder(word, plugins), (word,)
    folder = Path(word)
    if not folder.is_dir():
        plugins.get(word)
    inner = folder / FOLDER
    folder = inner if inner.is_dir() else folder
    slugs = exercises_in(folder)
    if not slugs:
        raise PluginError(f"There is no golden recording in {folder}: kiosk record --exercise SLUG makes one.")
    for slug in slugs:
        plugins.get(slug)
    return folder, slugs


def every_folder(plugins: Plugins) -> tuple[list[tuple[Path, str]], list[str]]:
    """Return (golden folder, slug) of every exercise that has recordings, and a note for each that has none."""
    found, without = [], []
    for slug in sorted(plugins.exercises):
        try:
            folder = golden_folder(slug, plugins)
        except PluginError as error:
            without.append(str(error))
            continue
        if folder.is_dir() and slug in exercises_in(folder):
            found.append((folder, slug))
        else:
            without.append(f"'{slug}' has no golden recording in {folder}.")
    return found, without
