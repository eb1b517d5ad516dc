"""A bundle as `make bundle` writes it: read, refused where it is not for this machine, unpacked and verified."""

from __future__ import annotations

import hashlib
import re
import shutil
import tarfile
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from kiosk.errors import UpdateError

FORMAT = 1
SUMS = "SHA256SUMS"
#: Unpacked wheels are about three times as large as packed ones, and the unpacked bundle is there meanwhile.
ROOM_TIMES, ROOM_BYTES = 4, 100_000_000
_AGAIN = "Make or copy the bundle again."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle, or an installed version, says of itself. ``created`` is when its code was committed."""

    version: str
    build: str
    created: datetime

    @property
    def age(self) -> tuple[tuple[int, ...], datetime]:
        """What orders versions: the numbers of the version, then the time."""
        return tuple(int(number) for number in re.findall(r"\d+", self.version)), self.created


def read_manifest(text: str, where: str) -> tuple[Manifest, dict[str, Any]]:
    """Return the manifest, and all of its table. Raises UpdateError for one that is none."""
    try:
        table = tomllib.loads(text)
        if table["format"] != FORMAT or table["name"] != "plumbline":
            raise UpdateError(f"{where} is of another format ({table['format']}): this kiosk reads {FORMAT}.")
        created = table["created"]
        manifest = Manifest(str(table["version"]), str(table["build"]), created.astimezone(UTC))
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as error:
        raise UpdateError(f"{where} has no manifest that can be read ({error}). {_AGAIN}") from error
    # It becomes the name of a folder.
    if not re.fullmatch(r"\d[0-9A-Za-z.+_-]*", manifest.build):
        raise UpdateError(f"{where} calls itself '{manifest.build}', which is no name of a version. {_AGAIN}")
    return manifest, table


class Bundle:
    """A bundle's file, whose manifest was read. Raises UpdateError for what is no bundle, or not for this machine."""

    def __init__(self, file: Path, kind: tuple[str, str]) -> None:
        self.file = file
        python, machine = kind
        #: The exact list of packages for this machine.
        self.requirements = f"requirements/cp{python.replace('.', '')}-{machine}.txt"
        try:
            self._bytes = file.stat().st_size
            with tarfile.open(file) as tar:
                # It stands first, so that nobody reads 300 MB to learn that a bundle is not for his machine.
                entry = tar.next()
                packed = tar.extractfile(entry) if entry is not None and entry.name == "manifest.toml" else None
                if packed is None:
                    raise UpdateError(f"{file} is no bundle: it does not begin with a manifest. {_AGAIN}")
                text = packed.read().decode("utf-8", "replace")
        except (OSError, tarfile.TarError) as error:
            raise UpdateError(f"{file} cannot be read as a bundle: {error}.") from error
        self.manifest, table = read_manifest(text, str(file))
        if python not in table.get("pythons", ()) or machine not in table.get("architectures", ()):
            made_for = f"Python {', '.join(table.get('pythons', ()))} on {', '.join(table.get('architectures', ()))}"
            raise UpdateError(f"{file} is made for {made_for}; this kiosk has Python {python} on {machine}.")

    def check_room(self, folder: Path) -> None:
        """Raise UpdateError when the disk of ``folder`` has no room for unpacking and installing it."""
        needed = ROOM_TIMES * self._bytes + ROOM_BYTES
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise UpdateError(
                f"{folder} has {free / 1e6:.0f} MB left, and this update needs {needed / 1e6:.0f} MB: make room first."
            )

    def unpack(self, folder: Path) -> None:
        """Unpack into a folder that is there, and verify every file. Raises UpdateError when one is not as it was."""
        try:
            with tarfile.open(self.file) as tar:
                for entry in tar:
                    _unpack_entry(tar, entry, folder)
        except (OSError, tarfile.TarError, EOFError) as error:
            raise UpdateError(f"{self.file} cannot be unpacked: {error}. {_AGAIN}") from error
        verify(folder)
        if not (folder / self.requirements).is_file():
            raise UpdateError(f"{self.file} lacks {self.requirements}, the packages for this machine. {_AGAIN}")


def _unpack_entry(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    path = PurePosixPath(entry.name)
    if path.is_absolute() or ".." in path.parts or not (entry.isfile() or entry.isdir()):
        raise UpdateError(f"The bundle holds '{entry.name}', which is no plain file inside it. {_AGAIN}")
    place = folder / path
    if entry.isdir():
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    packed = tar.extractfile(entry)
    assert packed is not None, "a plain file has a content"
    with place.open("xb") as out:
        shutil.copyfileobj(packed, out, 1 << 20)
    place.chmod(0o755 if entry.mode & 0o100 else 0o644)


def verify(folder: Path) -> None:
    """Raise UpdateError unless exactly the files of SHA256SUMS are there, each as it was packed."""
    sums = folder / SUMS
    if not sums.is_file():
        raise UpdateError(f"The bundle has no {SUMS}. {_AGAIN}")
    lines = re.findall(r"^([0-9a-f]{64}) [ *](.+)$", sums.read_text("utf-8", "replace"), re.MULTILINE)
    listed = {name: digest for digest, name in lines}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {SUMS}
    if there != listed.keys():
        name = min(there ^ listed.keys())
        how = "is listed and not there" if name in listed else "is there and not listed"
        raise UpdateError(f"The bundle is damaged: {name} {how}. {_AGAIN}")
    for name, digest in listed.items():
        with (folder / name).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise UpdateError(f"The bundle is damaged: {name} is not what was packed. {_AGAIN}")
