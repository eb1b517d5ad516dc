"""The stored results, as the trainer's pages read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import abort

from kiosk.station.history import History, Summary
from kiosk.web.context import context

#: So many lines are read at a time, however long the period.
AT_A_TIME = 50


def visits() -> History:
    """Return the stored results of the app that handles this request; 404 where it only shows some."""
    store = context().store
    if store is None:
        abort(404)
    return store


def walk(source: History, start: datetime, end: datetime) -> Iterator[Summary]:
    """Yield the results of a period, newest first, reading a few lines at a time."""
    offset = 0
    while True:
        found = source.between(start, end, AT_A_TIME, offset)
        yield from found
        if len(found) < AT_A_TIME:
            return
        offset += AT_A_TIME
