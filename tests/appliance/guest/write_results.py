"""Test only: stores copies of the first result as fast as the disk takes them, and says each id once it is stored.

    write_results.py DATABASE FOLDER

It uses the kiosk's own history, so what is cut here is what the end of a visit writes. It says them into the pipe
`told` in FOLDER, and waits until somebody reads there; the file `waits` beside it says that it does.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from kiosk.station.history import open_history

folder = Path(sys.argv[2])
history = open_history(Path(sys.argv[1]))
first = history.recent(1, 0)[0]
report = history.load(first.id)
(folder / "waits").touch()
with (folder / "told").open("w", buffering=1) as told:
    while report is not None:
        print(history.store(report, datetime.now(UTC)), file=told)
