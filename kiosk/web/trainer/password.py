"""The trainer's password: its hash in one file of the state folder, which nobody but the kiosk's user may read."""

from __future__ import annotations

import contextlib
import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

from kiosk.errors import ConfigError

FILE_NAME = "trainer.toml"
SCHEMA = 1
LEAST_LENGTH, MOST_LENGTH = 10, 200


@dataclass(frozen=True, slots=True)
class Password:
    """What the file holds: the hash, and a mark that changes with every change and so ends all sessions."""

    hash: str
    mark: str

    def fits(self, tried: str) -> bool:
        """Whether this is the password. Takes as long for a wrong one as for the right one."""
        return check_password_hash(self.hash, tried[: MOST_LENGTH + 1])


def read_password(state_dir: Path) -> Password | None:
    """Return the password of this kiosk, None where none is set. Raises ConfigError for a file that is damaged."""
    file = state_dir / FILE_NAME
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        hashed, mark = table["hash"], table["mark"]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"The trainer's password, {file}, cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError) as error:
        raise _damaged(file) from error
    if not (isinstance(hashed, str) and isinstance(mark, str) and hashed.startswith("scrypt:")):
        raise _damaged(file)
    return Password(hashed, mark)


def write_password(state_dir: Path, password: str) -> Path:
    """Set the password and return its file. Raises ConfigError where it is too short or long, or cannot be kept."""
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        raise ConfigError(
            f"The password has {len(password)} characters: take {LEAST_LENGTH} to {MOST_LENGTH}, such as four words."
        )
    file = state_dir / FILE_NAME
    text = (
        f'schema = {SCHEMA}\nhash = "{generate_password_hash(password, "scrypt")}"\nmark = "{secrets.token_hex(16)}"\n'
    )
    part = file.with_name(f".{FILE_NAME}.{secrets.token_hex(4)}.part")
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        # Readable by nobody else from its first moment, and whole or not there.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise ConfigError(f"The trainer's password cannot be kept in {state_dir}: {error.strerror}.") from error
    return file


def remove_password(state_dir: Path) -> bool:
    """Close the trainer's side; say whether it was open. Raises ConfigError where the file cannot be removed."""
    file = state_dir / FILE_NAME
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ConfigError(f"{file} cannot be removed: {error.strerror}.") from error
    return True


def _damaged(file: Path) -> ConfigError:
    return ConfigError(f"The trainer's password, {file}, is damaged: set it anew with kiosk trainer password.")
