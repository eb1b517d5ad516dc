"""What must hold for any file before it is read as a recording."""

from __future__ import annotations

import stat
from pathlib import Path

from kiosk.errors import SourceError


def check_readable(path: Path, kind: str) -> None:
    """Raise SourceError unless ``path`` is a file with something in it; ``kind`` is "a video" or the like."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError(f"{path} is a folder: name {kind} file in it.")
        # Opening a pipe would wait for ever.
        if not stat.S_ISREG(mode):
            raise SourceError(f"{path} is not a file: name {kind} file.")
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise SourceError(f"{path} does not exist: check the name.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error
    if empty:
        raise SourceError(f"{path} is empty: record or copy it again.")
