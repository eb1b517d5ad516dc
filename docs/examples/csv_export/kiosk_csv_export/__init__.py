"""Stored results as CSV files, one for each month, for a spreadsheet: written once an hour, or as often as is set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk import Job, PluginError, StoredResults, hookimpl
from kiosk_csv_export.files import export

kiosk_api = "1.0"

#: Once an hour. Less than a minute wears out an SD card for nothing.
EVERY_S, LEAST_EVERY_S = 3600.0, 60.0


class CsvExport:
    """The plugin: its settings, and one job."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.every_s = EVERY_S

    @hookimpl
    def kiosk_configure(self, settings: Mapping[str, Any]) -> None:
        """Take in ``folder`` and ``every_s``. Raises `PluginError` for what is wrong with them."""
        unknown = sorted(set(settings) - {"folder", "every_s"})
        if unknown:
            raise PluginError(f"{unknown[0]}: is not a setting; known are folder and every_s.")
        folder, every_s = settings.get("folder"), settings.get("every_s", EVERY_S)
        if not isinstance(folder, str) or not Path(folder).is_absolute():
            raise PluginError('folder: say where the files are to be written, such as folder = "/srv/kiosk/results".')
        if isinstance(every_s, bool) or not isinstance(every_s, int | float) or not every_s >= LEAST_EVERY_S:
            raise PluginError(f"every_s: must be a number of seconds, {LEAST_EVERY_S:g} or more.")
        self.folder, self.every_s = Path(folder), float(every_s)

    @hookimpl
    def kiosk_register_jobs(self) -> list[Job]:
        """Give the kiosk the export."""
        return [Job("export", self.every_s, self.run)]

    def run(self, results: StoredResults) -> None:
        """Write what has come up since the last time. Raises OSError where it cannot be written."""
        if self.folder is not None:
            export(results, self.folder)


plugin = CsvExport()
