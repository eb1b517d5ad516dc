"""Test only: stores copies of the first result as fast as the disk takes them, and says each id once it is stored.

    write_results.py DATABASE

It uses the kiosk's own history, so what is cut here is what the end of a visit writes.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from kiosk.station.history import open_history

history = open_history(Path(sys.argv[1]))
first = history.recent(1, 0)[0]
report = history.load(first.id)
while report is not None:
    print(history.store(report, datetime.now(UTC)), flush=True)
