"""What takes too long to be loaded is stopped, and nothing of the stopping stays behind."""

import signal
import threading

import pytest

from kiosk.errors import PluginError
from kiosk.plugins.in_time import in_time


def test_what_never_comes_back_is_stopped() -> None:
    with pytest.raises(PluginError, match=r"not loaded within 0\.1 s"), in_time(0.1):
        while True:
            pass


@pytest.mark.parametrize("fails", [False, True])
def test_what_comes_back_leaves_no_alarm_behind(fails: bool) -> None:
    before = signal.getsignal(signal.SIGALRM)
    try:
        with in_time(60.0):
            assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
            if fails:
                raise KeyError("its own")
    except KeyError:
        assert fails
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_on_another_thread_nothing_is_stopped() -> None:
    seen: list[float] = []

    def load() -> None:
        with in_time(60.0):
            seen.append(signal.getitimer(signal.ITIMER_REAL)[0])

    thread = threading.Thread(target=load)
    thread.start()
    thread.join()
    assert seen == [0.0]
