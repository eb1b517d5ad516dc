"""Is this kiosk fit to scan? What it has, what is wrong, and what that means."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from kiosk.errors import ConfigError, HistoryError, KioskError, LightsError, ModelError, SourceError
from kiosk.health import Readings, nearest, read_health
from kiosk.health_items import health_items, last_result
from kiosk.item import Item, Value
from kiosk.languages import SiteLanguages, site_languages
from kiosk.mounting.item import mounting_item
from kiosk.panel_item import panel_running, panel_tried
from kiosk.plugins import Plugins, PluginStatus
from kiosk.plugins.fault_file import in_words
from kiosk.plugins.site import fault_file, site_plugins, tolerant_watch
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.station.history import History
    from kiosk.station.live import LiveView

#: A live camera is watched for at most so long, and so many frames, to see what it really gives.
WATCH_S, WATCH_FRAMES = 2.0, 30
#: What makes speech, for `kiosk.web.voice`.
SPEECH = "espeak-ng"
_PARTS = (
    "ai-edge-litert",
    "tflite-runtime",
    "opencv-python-headless",
    "numpy",
    "gpiozero",
    "flask",
    "sqlalchemy",
    "prometheus-client",
)


def examine(settings: Settings, clock: Callable[[], float] = monotonic) -> list[Item]:
    """Return everything that matters, each tried for real: camera, model and lights are taken for a moment."""
    plugins = site_plugins(settings, tolerant_watch())
    return [
        configuration(settings),
        camera(settings, clock),
        mounting_item(settings.state_dir),
        model(settings),
        second_model(settings),
        *plugin_items(plugins, in_words(fault_file(settings).faults.values())),
        languages(settings, plugins),
        lights(settings),
        *panel_tried(settings),
        *database(settings),
        phones(settings),
        trainer(settings),
        voice(),
        *health_items(read_health(settings.state_dir), settings.state_dir, trust_clock=settings.history.trust_clock),
        machine(),
    ]


def status_page(
    settings: Settings,
    plugins: Plugins,
    history: History,
    view: LiveView,
    why: str,
    troubles: Mapping[str, str],
    spoken: SiteLanguages,
    readings: Readings,
) -> dict[str, Any]:
    """Return the same for a kiosk that is running, as plain data: nothing is opened that the engine holds.

    ``why`` is the sentence that says which model runs and why, ``troubles`` what is wrong with plugins that observe,
    ``spoken`` what the pages speak, ``readings`` how the machine is.
    """
    seen = view.camera == "ok"
    says = f"{settings.camera.source}: {view.fps:g} frames/s" if seen else view.camera
    fps = view.fps if seen else None
    dark = [problem for problem in view.problems if problem.startswith("The lights")]
    speed: dict[str, Value] = {"name": view.model, "inference_ms": view.inference_ms}
    items = [
        configuration(settings),
        Item("Camera", seen, says, "It is in use by the kiosk." if seen else _NO_CAMERA, _camera(settings, fps)),
        mounting_item(settings.state_dir),
        Item("Model", True, why, f"One picture takes {view.inference_ms:g} ms just now.", speed),
        second_model(settings),
        *plugin_items(plugins, {**troubles, **in_words(plugins.watch.faults.values())}),
        language_item(spoken),
        Item(
            "Lights",
            not dark,
            " ".join(dark) or f"pattern '{view.lit.pattern}'",
            _NO_LIGHTS if dark else "They shine.",
            {"pattern": view.lit.pattern},
        ),
        *panel_running(settings, view),
        *results(history),
        phones(settings),
        trainer(settings),
        voice(),
        *health_items(readings, settings.state_dir, trust_clock=settings.history.trust_clock),
        machine(),
    ]
    return {item.name: item.plain for item in items}


def configuration(settings: Settings) -> Item:
    """Return where the settings came from."""
    came = str(settings.came_from) if settings.came_from else "no file: defaults and environment variables"
    values = {"file": str(settings.came_from) if settings.came_from else None, "state_dir": str(settings.state_dir)}
    return Item("Configuration", True, came, "Every key in it is known and in its range.", values)


_NO_CAMERA = (
    "Nothing can be scanned. Plug the camera in, or name another with camera.source; if the kiosk is running, it holds "
    "the camera and its page /status tells how it is."
)
_CLOSER = "It looks at feet and backs in a few pictures of each rep."
_NO_LIGHTS = "Scanning works, the LEDs stay dark, and the page says so."


def camera(settings: Settings, clock: Callable[[], float] = monotonic) -> Item:
    """Return what the camera really gives, measured over a moment."""
    from kiosk.vision.sources import open_source, refused_by

    wish = settings.camera
    try:
        source = open_source(wish.source, **wish.asked)
        try:
            source.open()
            first = source.read()
            last, frames, start_s = first, 0, clock()
            while source.live and last is not None and frames < WATCH_FRAMES and clock() - start_s < WATCH_S:
                last, frames = source.read(), frames + 1
            took_s = clock() - start_s
        finally:
            source.close()
    except SourceError as error:
        return Item("Camera", False, str(error), _NO_CAMERA, _camera(settings, None))
    if first is None:
        return Item("Camera", False, f"{source.name} gave no picture.", _NO_CAMERA, _camera(settings, None))
    size = f"{source.name}: {first.size_px[0]} x {first.size_px[1]}"
    if not source.live:
        says, means = f"{size}, {source.fps:.3g} frames/s", "It is a recording, not a camera."
        return Item("Camera", None, says, means, _camera(settings, source.fps))
    fps = frames / took_s if took_s > 0 else 0.0
    says = f"{size}, {fps:.3g} frames/s measured, {source.fps:.3g} stated"
    if fps < settings.model.min_fps:
        means = f"Below {settings.model.min_fps:g} frames/s fast movements are seen coarsely: more light often helps."
        return Item("Camera", None, says, means, _camera(settings, fps))
    if refused := refused_by(source):
        says += f"; it does not take {', '.join(refused)}"
    return Item("Camera", True, says, "Pictures come as fast as they are needed.", _camera(settings, fps))


def _camera(settings: Settings, fps: float | None) -> dict[str, Value]:
    return {"working": fps is not None, "fps": None if fps is None else round(fps, 1), "source": settings.camera.source}


def model(settings: Settings) -> Item:
    """Return which pose model runs: verified, timed on this machine, and why this one."""
    from kiosk.vision.models import choose_model, find_model, models_dir, time_model

    wish = settings.model
    try:
        folder = models_dir(wish.folder)
        if wish.name == "auto":
            choice = choose_model(folder, threads=wish.thread_count, min_fps=wish.min_fps)
            file = choice.model
            fps, says = dict(choice.measured)[choice.model.name], f"chosen by measuring: {choice.reason}"
        else:
            file = find_model(wish.name, folder)
            fps = 1 / time_model(file, threads=wish.thread_count, enough_s=1.0)
            says = f"{file.name}, as configured: {fps:.3g} frames/s on this machine"
    except ModelError as error:
        return Item("Model", False, str(error), "Without a sound model nothing can be seen.")
    values: dict[str, Value] = {"name": file.name, "inference_ms": round(1000 / fps, 1)}
    if fps < wish.min_fps:
        means = "Fast movements are seen coarsely. A lighter model or a faster machine helps."
        return Item("Model", None, says, means, values)
    means = f"Its file is byte for byte the one that was shipped; {wish.min_fps:g} needed."
    return Item("Model", True, says, means, values)


def second_model(settings: Settings) -> Item:
    """Return whether feet and backs can be looked at: the file of the second model is read, not run."""
    from kiosk.vision.models import find_detail_model, models_dir

    blind = "Scans go on; feet and back are not assessed."
    if not settings.model.second:
        return Item("Second model", None, "switched off, as configured (model.second = false)", blind)
    try:
        file = find_detail_model(models_dir(settings.model.folder))
    except ModelError as error:
        return Item("Second model", False, str(error), blind)
    return Item("Second model", True, f"{file.name}: its file is byte for byte the one that was shipped", _CLOSER)


def plugin_items(plugins: Plugins, troubles: Mapping[str, str]) -> list[Item]:
    """Return one item for each plugin that was found, or one that says that there is none.

    ``troubles``: what went wrong with a plugin since it was loaded, by its name.
    """
    items = []
    for status in plugins.found:
        name = f"Plugin {status.name}"
        trouble = troubles.get(status.name)
        if status.problem is None and trouble is not None:
            means = "It is left out; the others go on." if status.exercises else "The others go on."
            says = f"{status.distribution} {status.version}: {trouble}"
            items.append(Item(name, False, says, means, _of_plugin(status)))
        elif status.problem is None:
            says = f"{status.distribution} {status.version}: {_brings(status)}"
            items.append(Item(name, True, says, _use(status), _of_plugin(status)))
        else:
            # What the site blocked itself is no fault.
            ok = None if status.problem.startswith("blocked") else False
            items.append(Item(name, ok, status.problem, "It is left out; the others go on.", _of_plugin(status)))
    if not plugins.exercises:
        items.append(Item("Exercises", False, "no exercise can be used", "Nothing can be scanned: run make setup."))
    return items


def _of_plugin(status: PluginStatus) -> dict[str, Value]:
    return {"distribution": status.distribution, "version": status.version}


def _brings(status: PluginStatus) -> str:
    observes = [f"observes {name.removeprefix('kiosk_').replace('_', ' ')}" for name in status.observes]
    return ", ".join([*status.exercises, *observes, *(f"job {name}" for name in status.jobs)]) or "no exercise"


def _use(status: PluginStatus) -> str:
    return "Its exercises can be scanned." if status.exercises else "It looks on, and costs no frame."


def languages(settings: Settings, plugins: Plugins) -> Item:
    """Return what the pages can speak, and whether every translation file is sound."""
    try:
        return language_item(site_languages(settings, plugins))
    except ConfigError as error:
        return Item("Languages", False, str(error), "The kiosk does not start with a language that it does not have.")


def language_item(spoken: SiteLanguages) -> Item:
    """Return the languages of the pages, and what is wrong with their files."""
    says = f"{', '.join(spoken.by_code)}; {spoken.default} unless somebody chose"
    if spoken.problems:
        return Item("Languages", None, " ".join((says + ".", *spoken.problems)), "What is left out stands in English.")
    return Item("Languages", True, says, "Every translation file can be read.")


def lights(settings: Settings) -> Item:
    """Return whether the LEDs can be driven as configured."""
    from kiosk.station.lights import make_lights
    from kiosk.station.panel import wired

    kind = settings.lights.kind
    try:
        made = make_lights(settings.lights)
        made.close()
    except LightsError as error:
        return Item("Lights", False, str(error), _NO_LIGHTS)
    if kind == "gpio":
        says = f"{made.name}: {wired(settings, others=False)}"
        return Item("Lights", True, says, "The LEDs follow the visit.", {"driven_by": made.name})
    return Item("Lights", None, f"{made.name}, as configured (lights = '{kind}')", "No LED will shine.")


def database(settings: Settings) -> list[Item]:
    """Return whether results can be stored, and the last one. A database that is not there yet is not made."""
    place = settings.history_place
    if isinstance(place, Path) and not place.exists():
        folder = nearest(place.parent)
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            means = "Results would be lost. Let the kiosk's user write there, or set state_dir."
            return [Item("Database", False, f"{folder} cannot be written, and {place} is not there", means)]
        return [Item("Database", True, f"{place}: not there yet", "It is made with the first start of the kiosk.")]
    from kiosk.station.history import open_history

    try:
        history = open_history(place)
        try:
            history.check()
            return results(history)
        finally:
            history.close()
    except HistoryError as error:
        return [_no_database(error)]


def results(history: History) -> list[Item]:
    """Return what an open database of results holds, and when the last one was stored."""
    try:
        count, newest = history.count(), history.recent(1, 0)
    except HistoryError as error:
        return [_no_database(error)]
    says = f"{history.name}: {count} {'result' if count == 1 else 'results'}{_journal(Path(history.name))}"
    means = "Every result is on the disk before it is shown."
    return [Item("Database", True, says, means, {"results": count}), last_result(newest[0] if newest else None)]


def phones(settings: Settings) -> Item:
    """Return under which address phones find the pages, which is what stands in the QR codes."""
    from kiosk.web.address import base_url

    web = settings.web
    address = base_url(web.host, web.port, web.address)
    if address is None:
        means = "Nobody can take a result along by its QR code. Set web.host to 0.0.0.0, or name web.address."
        return Item("Phones", None, f"no phone can reach the pages at {web.host}", means)
    return Item("Phones", True, address, "A phone on the kiosk's network opens a result here by its QR code.")


def _no_database(error: KioskError) -> Item:
    return Item("Database", False, str(error), "The kiosk does not start without a place for results.")


def _journal(file: Path) -> str:
    """Return how an SQLite file is written: byte 18 of its header is 2 for a write-ahead log (sqlite.org)."""
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        header = stream.read(20)
    return ", WAL" if header[18:19] == b"\2" else ", no WAL"


def trainer(settings: Settings) -> Item:
    """Return whether the trainer's side has a password."""
    from kiosk.web.trainer.password import read_password

    try:
        is_set = read_password(settings.state_dir) is not None
    except ConfigError as error:
        return Item("Trainer's side", False, str(error), "Nobody can log in.")
    if not is_set:
        means = "It is closed to everybody. Set one with kiosk trainer password."
        return Item("Trainer's side", None, "no password is set", means)
    return Item("Trainer's side", True, "its password is set", "A trainer logs in at /trainer.")


def voice() -> Item:
    """Return whether the kiosk can speak to a browser that has no voice of its own."""
    found = shutil.which(SPEECH)
    if found is None:
        means = f"Where the browser has no voice there are tones only. Install it with: apt install {SPEECH}"
        return Item("Voice", None, f"{SPEECH} is not installed", means)
    return Item("Voice", True, found, "It speaks to a browser that has no voice of its own.")


def machine() -> Item:
    """Return what everything runs on."""
    parts = {name: number for name in _PARTS if (number := _version(name))}
    own, board = _version("plumbline-kiosk") or _own(), _board()
    says = f"Plumbline {own}, Python {platform.python_version()}, {board}, {os.cpu_count()} cores"
    known = {"plumbline": own, "python": platform.python_version(), "board": board, **parts}
    return Item("Machine", True, says, ", ".join(f"{name} {number}" for name, number in parts.items()), known)


def _own() -> str:
    from kiosk import __version__

    return __version__


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _board() -> str:
    """Return the name of the board where there is one (Raspberry Pi), else system and processor."""
    try:
        board = Path("/proc/device-tree/model").read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    except OSError:
        board = ""
    return board or f"{platform.system()} {platform.machine()}"
