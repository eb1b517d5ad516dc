"""What plugins did wrong, beyond one run: ``plugin_faults.json`` in the state folder.

`kiosk doctor` reads it while the kiosk runs, and the next start leaves out what hung or crashed the kiosk, until a new
version of the plugin is installed or ``kiosk plugins allow NAME`` takes it back in. Everything else gets another try.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from kiosk.plugins.watch import Fault

log = logging.getLogger(__name__)

NAME = "plugin_faults.json"
#: These cost the kiosk a restart, so a plugin does them once.
LASTING = ("hung", "crashed")


class FaultFile:
    """The faults in a state folder, by plugin. ``versions`` are those that are installed, by plugin.

    A file that cannot be read counts as none, one that cannot be written is told in the log: neither may keep the kiosk
    from running. Any thread may call `add`.
    """

    def __init__(self, folder: Path, versions: Mapping[str, str]) -> None:
        self._file, self._versions = folder / NAME, versions
        self._lock = threading.Lock()
        self._faults, self._of_version = self._read()

    @property
    def faults(self) -> Mapping[str, Fault]:
        """The faults of the versions that are installed now."""
        return {
            name: fault
            for name, fault in self._faults.items()
            if name not in self._versions or self._of_version.get(name) == self._versions[name]
        }

    @property
    def lasting(self) -> dict[str, str]:
        """The plugins to leave out, each with its reason."""
        back = "It stays out until a new version is installed, or: kiosk plugins allow"
        return {name: f"{fault.outcome}. {back} {name}" for name, fault in self.faults.items() if fault.kind in LASTING}

    def begin(self, ended_last_run: Fault | None) -> None:
        """Begin a run: what passes is forgotten, what ended the last run is kept."""
        before = self._faults
        self._faults = {name: fault for name, fault in self.faults.items() if fault.kind in LASTING}
        if ended_last_run is not None:
            self._put(ended_last_run)
        if self._faults != before:
            self._write()

    def add(self, fault: Fault) -> None:
        """Keep a fault."""
        with self._lock:
            self._put(fault)
            self._write()

    def allow(self, name: str) -> bool:
        """Forget what a plugin did; return whether there was anything."""
        there = self._faults.pop(name, None) is not None
        if there:
            self._write()
        return there

    def _put(self, fault: Fault) -> None:
        log.warning("Plugin %s: %s", fault.plugin, fault.outcome)
        self._faults[fault.plugin] = fault
        self._of_version[fault.plugin] = self._versions.get(fault.plugin, "unknown")

    def _read(self) -> tuple[dict[str, Fault], dict[str, str]]:
        try:
            entries = json.loads(self._file.read_bytes())["faults"]
            faults = {e["plugin"]: Fault(e["plugin"], str(e["kind"]), str(e["says"])) for e in entries}
            return faults, {e["plugin"]: str(e["version"]) for e in entries}
        except FileNotFoundError:
            return {}, {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read, and counts as empty: %s", self._file, error)
            return {}, {}

    def _write(self) -> None:
        entries = [{**asdict(f), "version": self._of_version.get(f.plugin, "unknown")} for f in self._faults.values()]
        try:
            _replace(self._file, json.dumps({"faults": entries}, indent=1))
        except OSError as error:
            log.warning("%s cannot be written: %s", self._file, error)


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def in_words(faults: Iterable[Fault]) -> dict[str, str]:
    """Return what a page says of each plugin that went wrong, by its name."""
    return {fault.plugin: fault.outcome for fault in faults}
