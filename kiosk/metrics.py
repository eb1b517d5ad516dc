"""Numbers for Prometheus: how the machine and the engine are, and nothing about anybody who was scanned.

Imported only where ``web.metrics`` is on. Everything is read at the moment of the scrape; nothing counts by itself, so
a restart of the kiosk loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from kiosk import __version__
from kiosk.errors import HistoryError
from kiosk.health import Readings
from kiosk.plugins import Plugins
from kiosk.station.history import History
from kiosk.station.live import LiveView
from kiosk.web.context import Numbers


class _Kiosk(Collector):
    """All families, made anew for each scrape. A number that is not known is left out, never 0."""

    def __init__(
        self, plugins: Plugins, history: History, view: Callable[[], LiveView], readings: Callable[[], Readings]
    ) -> None:
        self._plugins, self._history, self._view, self._readings = plugins, history, view, readings

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("plumbline", "The version that runs.", {"version": __version__})
        yield from self._engine(self._view())
        yield from self._stored()
        yield from _machine(self._readings())

    def _engine(self, view: LiveView) -> Iterator[Metric]:
        working = view.camera == "ok"
        yield _gauge("camera_up", "Whether the camera gives pictures.", working)
        yield _gauge("frames_per_second", "Pictures taken in a second.", view.fps if working else 0.0)
        yield _gauge("inference_seconds", "What the pose model takes for a picture.", view.inference_ms / 1000)
        yield _gauge("problems", "How many things the machine cannot do just now.", len(view.problems))
        out = set(self._plugins.watch.faults)
        family = GaugeMetricFamily("plumbline_plugin_up", "Whether a plugin is in use.", labels=["plugin"])
        for status in self._plugins.found:
            family.add_metric([status.name], float(status.problem is None and status.name not in out))
        yield family

    def _stored(self) -> Iterator[Metric]:
        try:
            count, newest = self._history.count(), self._history.recent(1, 0)
        except HistoryError:
            yield _gauge("database_up", "Whether the database of results can be read.", False)
            return
        yield _gauge("database_up", "Whether the database of results can be read.", True)
        yield _gauge("results", "How many results are stored.", count)
        if newest:
            stored_s = newest[0].created.timestamp()
            yield _gauge("last_result_timestamp_seconds", "When the last result was stored.", stored_s)


def _machine(now: Readings) -> Iterator[Metric]:
    weak, slow = (None, None) if now.power is None else (now.power.under_voltage, now.power.throttled)
    known = {
        "temperature_celsius": ("The temperature of the processor.", now.temperature_c),
        "under_voltage": ("Whether the power supply is too weak just now.", weak),
        "throttled": ("Whether the machine slows itself down just now.", slow),
        "memory_available_bytes": ("Memory that programs could still have.", now.memory_free),
        "resident_memory_bytes": ("Memory that the kiosk holds.", now.memory_kiosk),
        "disk_free_bytes": ("Room where results are kept.", now.disk_free),
        "state_writable": ("Whether the disk of the results can be written.", now.state_written),
        "load1": ("Busy processes, over a minute.", now.load),
        "uptime_seconds": ("Time since the machine was started.", now.uptime_s),
        "clock_synchronised": ("Whether the clock was set since the start.", now.clock_synchronised),
    }
    for name, (says, value) in known.items():
        if value is not None:
            yield _gauge(name, says, value)


def _gauge(name: str, says: str, value: float | bool) -> Metric:
    return GaugeMetricFamily(f"plumbline_{name}", says, float(value))


def metrics(
    plugins: Plugins, history: History, view: Callable[[], LiveView], readings: Callable[[], Readings]
) -> Callable[[], Numbers]:
    """Return what makes the numbers of this moment, in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Kiosk(plugins, history, view, readings))
    return lambda: Numbers(generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4)
