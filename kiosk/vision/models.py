"""Which pose model to run: the manifest of the shipped files, their check, and the choice for this machine.

Nothing here needs a model runtime until `choose_model` measures, so that listing and checking stay cheap.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from kiosk.errors import ModelError

MANIFEST = "models.toml"
PREFIX = "movenet_"

#: A bare model must keep this frame rate to be chosen by ``model = "auto"``.
MIN_FPS = 24.0

#: Runs that are timed for each model, after one that only warms up.
TIMED_RUNS = 5

#: A model this many times too slow is far too slow: one timed run is enough to know it, and a smaller number
#: format does not save its family (int8mix gains a factor of 1.6: models/README.md). So start stays quick.
FAR_TOO_SLOW = 3.0

_MEND = "Install plumbline-kiosk anew, or copy the file from its repository."
_TEXTS = ("file", "sha256", "input_type", "family", "precision", "source", "licence")
_NUMBERS = ("bytes", "input_px", "accuracy_rank")


class Task(StrEnum):
    """What a model is for: to follow the person in every frame, or to look closer at a few of them."""

    POSE = "pose"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One line of the manifest: a model file and what it must be.

    ``input_px`` is the side of the square that goes in, ``accuracy_rank`` 1 the most accurate of its task.
    """

    name: str
    path: Path
    sha256: str
    size_bytes: int
    input_px: int
    input_type: str
    family: str
    precision: str
    accuracy_rank: int
    source: str
    licence: str
    task: Task = Task.POSE


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What ``model = "auto"`` came to.

    ``measured`` holds (name, frames per second) in the order of measuring; ``reason`` is a sentence for the
    log and the status page.
    """

    model: ModelFile
    measured: tuple[tuple[str, float], ...]
    reason: str


def models_dir(override: Path | None = None) -> Path:
    """Return the folder of the models: ``override``, the installed package, or that of the repository.

    Raises `ModelError` where that folder holds no manifest.
    """
    if override is not None:
        if not (override / MANIFEST).is_file():
            raise ModelError(f"{override} is not a folder of models: it holds no {MANIFEST}.")
        return override
    places = [*_installed(), Path(__file__).resolve().parents[2] / "models"]
    for folder in places:
        if (folder / MANIFEST).is_file():
            return folder
    looked = " and ".join(str(folder) for folder in places)
    raise ModelError(f"No pose models are installed: no {MANIFEST} in {looked}. Install plumbline-kiosk anew.")


def _installed() -> list[Path]:
    """Return where the package kiosk_models is installed; nothing when the code runs from a bare checkout."""
    try:
        return [Path(str(resources.files("kiosk_models")))]
    except ModuleNotFoundError:
        return []


def read_manifest(folder: Path, task: Task = Task.POSE) -> dict[str, ModelFile]:
    """Return the models of a folder that are for a task by name, the most accurate first.

    Raises `ModelError`, with file and key, where the manifest is missing or wrong. The model files themselves
    are not opened: see `verify`.
    """
    path = folder / MANIFEST
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is not valid TOML: {error}.") from error
    models = [model for name, table in tables.items() if (model := _model(path, name, table)).task is task]
    if not models:
        kind = "model" if task is Task.POSE else f'model with task = "{task}"'
        raise ModelError(f"{path} names no {kind}.")
    ranks: dict[int, str] = {}
    for model in models:
        other = ranks.setdefault(model.accuracy_rank, model.name)
        if other != model.name:
            raise ModelError(f"{path}: {other} and {model.name} have the same accuracy_rank, {model.accuracy_rank}.")
    return {model.name: model for model in sorted(models, key=lambda model: model.accuracy_rank)}


def _model(path: Path, name: str, table: object) -> ModelFile:
    if not isinstance(table, dict):
        raise ModelError(f"{path}: {name} must be a table, [{name}], not a single value.")
    text = {key: _text(path, name, table, key) for key in _TEXTS}
    number = {key: _number(path, name, table, key) for key in _NUMBERS}
    if Path(text["file"]).name != text["file"]:
        raise ModelError(f"{path}: {name}.file must be a file name without folders, not {text['file']!r}.")
    if not re.fullmatch("[0-9a-f]{64}", text["sha256"]):
        raise ModelError(f"{path}: {name}.sha256 must be 64 hexadecimal digits, in small letters.")
    return ModelFile(
        name=name,
        path=path.parent / text["file"],
        sha256=text["sha256"],
        size_bytes=number["bytes"],
        input_px=number["input_px"],
        input_type=text["input_type"],
        family=text["family"],
        precision=text["precision"],
        accuracy_rank=number["accuracy_rank"],
        source=text["source"],
        licence=text["licence"],
        task=_task(path, name, table),
    )


def _task(path: Path, name: str, table: dict[str, Any]) -> Task:
    value = table.get("task", Task.POSE)
    if value not in list(Task):
        raise ModelError(f"{path}: {name}.task must be {' or '.join(Task)}, not {value!r}.")
    return Task(value)


def _entry(path: Path, name: str, table: dict[str, Any], key: str) -> object:
    if key not in table:
        raise ModelError(f"{path}: {name} has no key {key!r}.")
    return table[key]


def _text(path: Path, name: str, table: dict[str, Any], key: str) -> str:
    value = _entry(path, name, table, key)
    if not isinstance(value, str) or not value:
        raise ModelError(f"{path}: {name}.{key} must be a text, not {value!r}.")
    return value


def _number(path: Path, name: str, table: dict[str, Any], key: str) -> int:
    value = _entry(path, name, table, key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ModelError(f"{path}: {name}.{key} must be a whole number above zero, not {value!r}.")
    return value


def verify(model: ModelFile) -> None:
    """Raise `ModelError` unless the file is there, whole, and byte for byte the one of the manifest.

    An interpreter may crash the process on a damaged file, so this comes before it.
    """
    where = f"The model file {model.path}"
    try:
        with model.path.open("rb") as file:
            size_bytes = file.seek(0, os.SEEK_END)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise ModelError(f"{where} is missing. {_MEND}") from error
    except OSError as error:
        raise ModelError(f"{where} cannot be read: {error.strerror}. {_MEND}") from error
    if size_bytes != model.size_bytes:
        how = "cut off" if size_bytes < model.size_bytes else "too long"
        raise ModelError(f"{where} is {how}: {size_bytes} bytes instead of {model.size_bytes}. {_MEND}")
    if digest != model.sha256:
        raise ModelError(f"{where} was altered: its sha256 is not the one that {MANIFEST} names. {_MEND}")


def find_model(name: str, folder: Path) -> ModelFile:
    """Return a verified model by name, with or without ``movenet_`` before it.

    Raises `ModelError` for a name that the folder does not know, with those that it does, and for a bad file.
    """
    models = read_manifest(folder)
    for candidate in (name, PREFIX + name, name.removeprefix(PREFIX)):
        if candidate in models:
            verify(models[candidate])
            return models[candidate]
    raise ModelError(f"There is no model {name!r}. Known are: {', '.join(models)}.")


def find_detail_model(folder: Path) -> ModelFile:
    """Return the verified second model, which looks at feet and backs.

    Raises `ModelError` where the manifest names none, and for a missing or damaged file.
    """
    model = next(iter(read_manifest(folder, Task.DETAIL).values()))
    verify(model)
    return model


def choose_model(
    folder: Path,
    *,
    threads: int,
    min_fps: float = MIN_FPS,
    time_one: Callable[[ModelFile], float] | None = None,
) -> ModelChoice:
    """Return the most accurate model that keeps ``min_fps`` here, or else the fastest that was found.

    ``time_one`` gives the seconds that one picture takes; left out, the bare model is run on this machine.
    Raises `ModelError` for a damaged model rather than passing it over.
    """

    def run_here(model: ModelFile) -> float:
        return time_model(model, threads=threads, enough_s=FAR_TOO_SLOW / min_fps)

    timer = time_one or run_here
    models = list(read_manifest(folder).values())
    timed: list[tuple[ModelFile, float]] = []
    hopeless: set[str] = set()
    for place, model in enumerate(models):
        if model.family in hopeless:
            continue
        verify(model)
        fps = 1.0 / timer(model)
        if fps >= min_fps:
            return _choice(model, fps, timed, min_fps)
        timed.append((model, fps))
        lighter_follows = any(later.family != model.family for later in models[place + 1 :])
        if lighter_follows and fps * FAR_TOO_SLOW < min_fps:
            hopeless.add(model.family)
    fastest, fps = max(timed, key=lambda pair: pair[1])
    reason = (
        f"no model keeps {min_fps:g} frames/s on this machine: {fastest.name} is the fastest with "
        f"{_fps_text(fps)}, so fast movements will be seen coarsely"
    )
    return ModelChoice(fastest, _named(timed), reason)


def _choice(model: ModelFile, fps: float, slower: list[tuple[ModelFile, float]], min_fps: float) -> ModelChoice:
    reason = f"{model.name} keeps {_fps_text(fps)} frames/s on this machine ({min_fps:g} needed)"
    if slower:
        reason += "; too slow here: " + ", ".join(f"{other.name} ({_fps_text(rate)})" for other, rate in slower)
    return ModelChoice(model, _named([*slower, (model, fps)]), reason)


def _named(timed: Iterable[tuple[ModelFile, float]]) -> tuple[tuple[str, float], ...]:
    return tuple((model.name, fps) for model, fps in timed)


def _fps_text(fps: float) -> str:
    """Cut, never round up: 23.96 must not read as the 24 that it misses."""
    return f"{int(fps)}" if fps >= 10 else f"{int(fps * 10) / 10:g}"


def time_model(model: ModelFile, *, threads: int, enough_s: float) -> float:
    """Return the median seconds that this machine takes for one picture with the bare model.

    One run warms up; a timed run that takes ``enough_s`` or longer is the last.
    """
    # Imported here: cv2 and the model runtime take longer to load than everything else in this module.
    from kiosk.vision.movenet import MoveNet

    net = MoveNet(model.path, threads=threads)
    square = np.zeros((model.input_px, model.input_px, 3), np.uint8)
    net.infer(square)
    runs_s: list[float] = []
    while len(runs_s) < TIMED_RUNS and (not runs_s or runs_s[-1] < enough_s):
        begun_s = perf_counter()
        net.infer(square)
        runs_s.append(perf_counter() - begun_s)
    return median(runs_s)
