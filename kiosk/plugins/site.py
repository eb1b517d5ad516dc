"""The plugins of a configured kiosk: what its settings and its state folder say of them."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path

from kiosk.plugins.black_box import BlackBox, last_run
from kiosk.plugins.fault_file import FaultFile
from kiosk.plugins.loading import Plugins, load_plugins, versions
from kiosk.plugins.watch import Fault, Watch
from kiosk.settings import Settings

log = logging.getLogger(__name__)


def fault_file(settings: Settings) -> FaultFile:
    """Return what plugins did wrong on this kiosk."""
    return FaultFile(settings.state_dir, versions())


def site_plugins(settings: Settings, watch: Watch | None = None, *, safe: bool = False) -> Plugins:
    """Return the plugins that this kiosk uses, without those that hung or crashed it.

    ``watch`` as in `load_plugins`; ``safe``: with the two alone that come with the kiosk.
    """
    return load_plugins(
        blocked=settings.plugins.blocked,
        overlays=settings.overlays_folder,
        settings=settings.plugins.settings,
        out=fault_file(settings).lasting,
        safe=safe,
        watch=watch,
    )


def tolerant_watch() -> Watch:
    """Return a watch that takes a faulty plugin out of use, says so in the log, and has all the time in the world.

    For what looks at one recording with all exercises: the fault of one must not keep the others from it.
    """
    return Watch(_log)


def live_watch(faults: FaultFile | None, box: BlackBox | None) -> Watch:
    """Return the watch of a kiosk that runs: faults go to the log, and to the file where there is one."""
    return Watch(_log if faults is None else faults.add, clock=time.perf_counter, mark=box)


def open_black_box(settings: Settings) -> tuple[FaultFile, BlackBox | None]:
    """Begin a run: note what ended the last one, and open the black box for this one.

    Without a folder that can be written there is none, which the log says; nobody then notices a plugin that hangs.
    """
    faults, folder = fault_file(settings), black_box_folder(settings, os.environ)
    faults.begin(last_run(folder, settings.state_dir))
    return faults, _opened(folder, settings.plugins.hang_s)


def black_box_folder(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return where the black box is: the memory that systemd gives the service, else the state folder.

    The kernel brings a mapped file to the disk twice a minute, and a card that is written all day wears out.
    """
    # systemd names several folders with colons between them; ours is the first.
    named = environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(named) if Path(named).is_absolute() else settings.state_dir


def _opened(folder: Path, hang_s: float) -> BlackBox | None:
    try:
        return BlackBox(folder, hang_s)
    except OSError as error:
        why = "another kiosk uses it" if isinstance(error, BlockingIOError) else error.strerror
        log.warning("A plugin that hangs would not be noticed, since %s cannot be written: %s.", folder, why)
        return None


def _log(fault: Fault) -> None:
    log.warning("Plugin %s: %s", fault.plugin, fault.outcome)
