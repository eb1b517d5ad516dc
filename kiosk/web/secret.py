"""The kiosk's secret: it signs the links that members take along, and keys what stands for their codes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kiosk.errors import WebError

SECRET_BYTES = 32
FILE = "secret.key"


def read_or_make_secret(state_dir: Path) -> bytes:
    """Return the secret of this kiosk, 32 bytes; the first start makes it, readable by the kiosk's user alone.

    A new one makes all links and codes useless that were given out before. Raises `WebError` where the file in the
    state folder cannot be read or written, or holds something else.
    """
    file = state_dir / FILE
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make(file)
        secret = file.read_bytes()
    except OSError as error:
        raise WebError(
            f"The secret for members' links, {file}, cannot be read or made: {error.strerror}. "
            "Let the kiosk's user write to this folder, or name another with state_dir."
        ) from error
    if len(secret) != SECRET_BYTES:
        raise WebError(
            f"The secret for members' links, {file}, is damaged: {len(secret)} bytes instead of {SECRET_BYTES}. Bring "
            "back a copy, or delete the file; links and codes from before then stop working."
        )
    return secret


def _make(file: Path) -> None:
    """Write a new secret to the disk whole, or leave one alone that another process was quicker to write."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(SECRET_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        # Unlike a rename, a link never replaces a secret that is already in use.
        os.link(new, file)
    except FileExistsError:
        return
    finally:
        new.unlink()
