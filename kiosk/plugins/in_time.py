"""A plugin that never comes back while it is being loaded: stopped, where nobody restarts the kiosk.

`kiosk run` has its black box for that. `kiosk plugins list` and `kiosk doctor` are what somebody asks who wants to know
which plugin it is, so they must answer.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from kiosk.errors import PluginError


class _NeverBackError(BaseException):
    """Time is up. No Exception, so that no guard and no plugin takes it for one of its own."""


@contextlib.contextmanager
def in_time(most_s: float) -> Iterator[None]:
    """End what takes longer than this. Raises `PluginError` then.

    It works on the main thread, between two steps of Python: a regular expression that runs away is not stopped.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _NeverBackError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, most_s)
    try:
        yield
    except _NeverBackError as error:
        raise PluginError(f"it was not loaded within {most_s:g} s: something in it never comes back.") from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
