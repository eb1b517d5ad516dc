"""Where results go: the terminal, and files that are whole or not there at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kiosk.errors import OutputError

#: The name that stands for the terminal, or for whatever it is redirected to.
STDOUT = "-"


def as_json(value: Mapping[str, Any]) -> str:
    """Return plain data as JSON text that any terminal and any file can hold."""
    return json.dumps(value, indent=2, allow_nan=False) + "\n"


def check_places(places: Iterable[str | None], source: str) -> None:
    """Raise OutputError for a place that cannot be written, before the long work begins.

    None and ``-`` are passed over. Neither the source nor one place may be named twice.
    """
    taken = [os.path.realpath(source)]
    for place in places:
        if place is None or place == STDOUT:
            continue
        path = Path(os.path.realpath(place))
        try:
            if str(path) in taken and (path.is_file() or not path.exists()):
                raise OutputError(f"{place} is named twice, as what is read or written: name another file.")
            _try(path)
        except OSError as error:
            raise _refused(place, error) from error
        taken.append(str(path))


def _try(path: Path) -> None:
    """Raise OSError unless a file can be written there."""
    if path.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    if path.exists():
        if not os.access(path, os.W_OK):
            raise PermissionError(0, "it is write-protected")
        if not path.is_file():
            return  # a pipe or a device is written straight
    part = _part(path)
    part.touch(exist_ok=False)
    part.unlink()


def _part(path: Path) -> Path:
    return path.with_name(f".{os.getpid()}.part")


def _refused(place: str, error: OSError) -> OutputError:
    return OutputError(f"{place} cannot be written: {error.strerror or error}. Name another place.")


def write_text(place: str, text: str) -> None:
    """Write a text to standard output for ``-``, else to a file: whole, or not at all.

    Raises OutputError where that fails; what was there before stays until then.
    """
    if place == STDOUT:
        say(text, end="")
    else:
        _write(place, text.encode("utf-8", errors="replace"))


def write_bytes(place: str, content: bytes) -> None:
    """Write what is no text in the same way. Raises OutputError where that fails."""
    if place != STDOUT:
        _write(place, content)
        return
    if sys.stdout is None:
        raise OutputError("There is no standard output to write to: name a file instead.")
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Standard output cannot be written: {error.strerror or error}.") from error


def _write(place: str, content: bytes) -> None:
    path = Path(os.path.realpath(place))
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return
        part = _part(path)
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(place, error) from error


def tell(text: str) -> None:
    """Print a line beside the results, to standard error; nowhere if there is none."""
    if sys.stderr is not None:
        print(f"kiosk: {text}", file=sys.stderr, flush=True)


def say(text: str, end: str = "\n") -> None:
    """Print to standard output at once. Raises OutputError where it is full or closed, but for a closed pipe."""
    if sys.stdout is None:
        raise OutputError("There is no standard output to write to: name a file instead.")
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Standard output cannot be written: {error.strerror or error}.") from error
