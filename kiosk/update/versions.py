"""The installed versions: which runs, which one to go back to, and a switch that a power cut cannot halve.

/opt/kiosk/versions/BUILD/{venv,manifest.toml,visit,systemd,docs,complete}
/opt/kiosk/current  -> versions/BUILD
/opt/kiosk/previous -> versions/BUILD of the version before
/opt/kiosk/pending     an update that was switched to and is not proved yet
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.errors import UpdateError
from kiosk.update.bundle import Manifest, read_manifest

#: What begins like this in ``versions`` is unfinished, and nobody's once no update runs.
UNFINISHED = ".new-"


@dataclass(frozen=True, slots=True)
class Pending:
    """A switch that is not proved yet: to which build, from which, and which one was to be gone back to before."""

    build: str
    back_to: str
    previous: str | None
    camera_was_ok: bool = False


class Versions:
    """The folder of the program, /opt/kiosk."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "versions"

    def place(self, build: str) -> Path:
        """Return the folder of a version, whether or not it is there."""
        return self.folder / build

    def is_complete(self, build: str) -> bool:
        """Whether a version was installed to its end."""
        return (self.place(build) / "complete").is_file()

    def manifest(self, build: str) -> Manifest | None:
        """Return what a version says of itself, None for one that was installed without a bundle."""
        file = self.place(build) / "manifest.toml"
        return read_manifest(file.read_text("utf-8"), str(file))[0] if file.is_file() else None

    @property
    def current(self) -> str:
        """The build that runs. Raises UpdateError where no kiosk is installed."""
        build = self._linked("current")
        if build is None:
            raise UpdateError(f"No kiosk is installed in {self.home}: install it with systemd/install.sh first.")
        return build

    @property
    def previous(self) -> str | None:
        """The build before it, None where there is none that could run."""
        build = self._linked("previous")
        return build if build is not None and self.is_complete(build) and build != self._linked("current") else None

    def installed(self) -> Iterator[str]:
        """Yield the builds that are there to their end, by name."""
        for place in sorted(self.folder.glob("*")):
            if self.is_complete(place.name):
                yield place.name

    def point(self, link: str, build: str) -> None:
        """Let ``current`` or ``previous`` point to a version: before or after, never neither."""
        new = self.home / f".{link}.new"
        new.unlink(missing_ok=True)
        new.symlink_to(Path("versions", build))
        new.replace(self.home / link)
        flush(self.home)

    def finish(self, build: str) -> None:
        """Write down that a version is there to its end, after all else of it is on the disk."""
        os.sync()
        (self.place(build) / "complete").touch()
        flush(self.place(build))

    def remove_others(self) -> list[str]:
        """Delete all versions but the current one and the one before, and what is unfinished; return which."""
        kept = {self.current, self.previous}
        gone = [place.name for place in sorted(self.folder.iterdir()) if place.name not in kept]
        for name in gone:
            self.remove(name)
        return gone

    def remove(self, build: str) -> None:
        """Delete a version; what is left of it when the power fails meanwhile does not count as one."""
        (self.place(build) / "complete").unlink(missing_ok=True)
        flush(self.folder)
        shutil.rmtree(self.place(build), ignore_errors=True)

    @property
    def pending(self) -> Pending | None:
        """The switch that is not proved yet, None where there is none."""
        try:
            return Pending(**json.loads((self.home / "pending").read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise UpdateError(f"{self.home / 'pending'} cannot be read ({error}): delete it.") from error

    def set_pending(self, pending: Pending | None) -> None:
        """Write down the switch that is about to happen, or that none is open."""
        file = self.home / "pending"
        if pending is None:
            file.unlink(missing_ok=True)
        else:
            new = file.with_name(".pending.new")
            with new.open("w", encoding="utf-8") as stream:
                json.dump(asdict(pending), stream)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(file)
        flush(self.home)

    def _linked(self, link: str) -> str | None:
        try:
            return (self.home / link).readlink().name
        except OSError:
            return None


def flush(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
