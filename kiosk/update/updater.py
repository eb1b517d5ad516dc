"""The order of an update. At every step a power cut leaves a version that runs, and `settle` brings it to an end."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.errors import UpdateError
from kiosk.update.bundle import Bundle
from kiosk.update.database import copy, copy_before, put_back
from kiosk.update.proof import UNIT, why_not
from kiosk.update.system import System
from kiosk.update.trial import make_version, try_version
from kiosk.update.versions import UNFINISHED, Pending, Versions


class Updater:
    """Updates the kiosk of a machine. ``told`` is called with a line for each step."""

    def __init__(
        self, system: System, config: Path, database: Path | None, told: Callable[[str], None] = lambda _line: None
    ) -> None:
        """``config`` is the kiosk's configuration; ``database`` the file of its results, None where it is no file."""
        self._system, self._config, self._database, self._told = system, config, database, told
        self.versions = Versions(system.home)

    def update(self, file: Path, *, allow_older: bool = False) -> None:
        """Install a bundle, try it, switch to it, and stay with it once it is proved. Raises UpdateError if not."""
        with self._alone():
            self._finish_open_one()
            bundle = Bundle(file, self._system.kind)
            build, current = bundle.manifest.build, self.versions.current
            if build == current:
                self._told(f"{build} is what runs: nothing to do.")
                return
            self._refuse_older(bundle, allow_older=allow_older)
            bundle.check_room(self.versions.folder)
            self._install(bundle)
            health = self._system.health() or {}
            self._switch(Pending(build, current, self.versions.previous, camera_was_ok=health.get("camera") == "ok"))
            self._prove()

    def back(self) -> None:
        """Go back to the version before. Raises UpdateError where there is none, or where it does not come up."""
        with self._alone():
            self._finish_open_one()
            build, before = self.versions.current, self.versions.previous
            if before is None:
                raise UpdateError("There is no version before this one to go back to.")
            self._told(f"Going back from {build} to {before}.")
            self._run_with(before, leaving=build)
            self.versions.point("previous", build)
            wrong = why_not(self._system, camera_needed=False)
            if wrong is not None:
                raise UpdateError(f"{before} runs again, but {wrong}: see journalctl --unit {UNIT}.")
            self._told(f"{before} is up and well.")

    def settle(self) -> None:
        """Bring an update to its end that was cut off; nothing to do where none was. Raises UpdateError as `update`."""
        with self._alone():
            self._finish_open_one()

    def _install(self, bundle: Bundle) -> None:
        build = bundle.manifest.build
        with self._unfinished() as folder:
            try:
                if not self.versions.is_complete(build):
                    self._told(f"Unpacking and verifying {bundle.file.name}.")
                    bundle.unpack(folder)
                    self._told(f"Installing {build} beside the version that runs.")
                    make_version(self._system, self.versions, bundle, folder)
                self._told("Trying it: its doctor, and a recorded visit.")
                try_version(self._system, self.versions, build, self._config, self._copy_to_try(folder))
            except UpdateError:
                self.versions.remove(build)
                raise
        self.versions.finish(build)

    def _copy_to_try(self, folder: Path) -> Path | None:
        """Return a copy of the results that the new version may change; None where they are in no file yet."""
        database = self._database
        if database is None or not database.is_file():
            return None
        place = folder / "tried"
        place.mkdir()
        shutil.copystat(database.parent, place)
        owner = database.parent.stat()
        shutil.chown(place, owner.st_uid, owner.st_gid)
        folder.chmod(0o755)
        copy(database, place / "results.db")
        return place / "results.db"

    def _switch(self, pending: Pending) -> None:
        self._told(f"Switching from {pending.back_to} to {pending.build}.")
        # The one to go back to must be known before it is needed: it is what settles an update that is cut off.
        self.versions.point("previous", pending.back_to)
        self.versions.set_pending(pending)
        self._stop()
        if self._database is not None and self._database.is_file():
            copy(self._database, copy_before(self._database, pending.build))
        self.versions.point("current", pending.build)
        self._put_files(pending.build)
        self._system.run(["systemctl", "restart", UNIT])

    def _finish_open_one(self) -> None:
        pending = self.versions.pending
        if pending is None:
            return
        self._told(f"The update to {pending.build} was cut off; finishing it.")
        if self.versions.current == pending.build:
            self._put_files(pending.build)
            self._system.run(["systemctl", "start", UNIT])
            self._prove()
            return
        # It was cut off before the switch, or on the way back.
        self._put_files(pending.back_to)
        self._system.run(["systemctl", "start", UNIT])
        self._forget(pending)
        self._told(f"{pending.back_to} runs, as before.")

    def _prove(self) -> None:
        pending = self.versions.pending
        assert pending is not None, "only a switch is proved"
        self._told("Waiting until it has been up and well for a minute.")
        wrong = why_not(self._system, camera_needed=pending.camera_was_ok)
        if wrong is None:
            self.versions.set_pending(None)
            self._remove_old_copies()
            gone = [name for name in self.versions.remove_others() if not name.startswith(UNFINISHED)]
            self._told(f"{pending.build} is up and well." + (f" Removed: {', '.join(gone)}." if gone else ""))
            return
        self._told(f"{pending.build} does not work: {wrong}. Going back to {pending.back_to}.")
        self._run_with(pending.back_to, leaving=pending.build)
        self._forget(pending)
        raise UpdateError(f"The update to {pending.build} failed, because {wrong}. {pending.back_to} runs again.")

    def _run_with(self, build: str, leaving: str) -> None:
        """Stop the kiosk, and start another version on results that it can read."""
        self._stop()
        aside = None if self._database is None else put_back(self._database, leaving)
        if aside is not None:
            self._told(
                f"{build} cannot read what {leaving} made of the results, so those from before the update are back; "
                f"all of them, with those since then, are in {aside}."
            )
        self.versions.point("current", build)
        self._put_files(build)
        self._system.run(["systemctl", "restart", UNIT])

    def _forget(self, pending: Pending) -> None:
        """Leave no trace of an update that did not come to anything, but what holds results."""
        if pending.previous is not None:
            self.versions.point("previous", pending.previous)
        self.versions.set_pending(None)
        self.versions.remove(pending.build)

    def _stop(self) -> None:
        self._system.run(["systemctl", "stop", UNIT])

    def _put_files(self, build: str) -> None:
        """Bring the units to the version's own; a version from before such files travelled with it has none."""
        install = self.versions.place(build) / "systemd" / "install.sh"
        if install.is_file():
            done = self._system.run(["bash", install, "--files"])
            if done.code != 0:
                self._told(f"The units of {build} could not be put in place: {done.last_words}")
        # A unit that gave up would otherwise not be started again so soon.
        self._system.run(["systemctl", "daemon-reload"])
        self._system.run(["systemctl", "reset-failed", UNIT])

    def _refuse_older(self, bundle: Bundle, *, allow_older: bool) -> None:
        now = self.versions.manifest(self.versions.current)
        if now is not None and bundle.manifest.age < now.age and not allow_older:
            raise UpdateError(
                f"{bundle.manifest.build} ({bundle.manifest.created:%Y-%m-%d}) is older than {now.build} "
                f"({now.created:%Y-%m-%d}), which runs. Install it all the same with --allow-older."
            )

    def _remove_old_copies(self) -> None:
        """Keep the copy of the results that going back from the current version may need, and no older one."""
        if self._database is not None:
            kept = copy_before(self._database, self.versions.current)
            for old in self._database.parent.glob("before-*.db"):
                if old != kept:
                    old.unlink()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of updates. Raises UpdateError while another one runs, or without a kiosk to update."""
        home = self._system.home
        if not home.is_dir():
            raise UpdateError(f"No kiosk is installed in {home}: install it with systemd/install.sh first.")
        with (home / "update.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UpdateError("Another update runs just now: wait for its end.") from None
            yield

    @contextlib.contextmanager
    def _unfinished(self) -> Iterator[Path]:
        """Give a folder on the versions' disk that is gone afterwards, and with it those of updates that were cut."""
        for left in self.versions.folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=self.versions.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
