"""What can be set: the sections of the configuration, and the rule that each value must keep.

`kiosk.config` reads the file and the environment by these; what each setting means stands in
``docs/configuration.md``, which a test holds to the names and defaults here.
"""

from __future__ import annotations

import os
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from kiosk.setting_rules import (
    FLAG,
    FOLDER,
    PIN,
    TEXT,
    Rule,
    address,
    command,
    exposure,
    exposure_text,
    mains_hz,
    names_in,
    real,
    source,
    url,
    whole,
)
from kiosk.toml_fields import list_of, one_of, text


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Where the pictures come from, and what is asked of a live camera.

    ``source`` is "auto", a number, a device, "csi" or a file; then pixels and frames per second. ``exposure`` is
    "auto", "sharp" or milliseconds, ``mains_hz`` the frequency of what feeds the lamps, ``focus_m`` the distance in
    metres at which a lens that can be set is sharp, 0: it follows. ``lens_deg``: its horizontal angle, 0: not known.
    """

    source: str = "auto"
    width: int = 1280
    height: int = 720
    fps: float = 30.0
    mains_hz: int = 50
    exposure: str | float = "auto"
    focus_m: float = 3.0
    lens_deg: float = 0.0
    show_picture: bool = False

    @property
    def asked(self) -> dict[str, Any]:
        """What `kiosk.vision.sources.open_source` is to ask of a live camera, by name."""
        names = ("width", "height", "fps", "mains_hz", "exposure", "focus_m")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which pose model runs, and whether a second one looks at feet and backs. ``folder`` None: the shipped models."""

    name: str = "auto"
    threads: int = 0
    folder: Path | None = None
    min_fps: float = 24.0
    second: bool = True

    @property
    def thread_count(self) -> int:
        """The threads to use here: as set, else two, less where the camera and the pages need the core."""
        return self.threads or max(1, min(2, len(os.sched_getaffinity(0)) - 1))


@dataclass(frozen=True, slots=True)
class VisitSettings:
    """How long the parts of a visit take or may take, in seconds: `kiosk.station.visit.VisitTimes`, name by name."""

    greet_s: float = 0.5
    gone_s: float = 2.0
    hold_s: float = 1.0
    patience_s: float = 1.0
    rest_s: float = 6.0
    give_up_s: float = 25.0
    pain_s: float = 12.0
    pain_between_s: float = 6.0
    result_s: float = 20.0
    result_longest_s: float = 120.0


@dataclass(frozen=True, slots=True)
class LightsSettings:
    """The LEDs: what drives them, and their pins in BCM numbers. None: that LED is not wired."""

    kind: str = "gpio"
    red: int = 17
    green: int = 27
    blue: int = 22
    ready_pin: int | None = None
    busy_pin: int | None = None
    trouble_pin: int | None = None
    active_high: bool = True

    @property
    def single_leds(self) -> dict[str, int]:
        """The pins of the single LEDs that are wired, by name."""
        pins = {"ready": self.ready_pin, "busy": self.busy_pin, "trouble": self.trouble_pin}
        return {name: pin for name, pin in pins.items() if pin is not None}


@dataclass(frozen=True, slots=True)
class ButtonsSettings:
    """The push buttons' pins in BCM numbers, None: not wired. ``shutdown`` is the command of a press of ``hold_s``."""

    next_pin: int | None = None
    stop_pin: int | None = None
    hold_s: float = 5.0
    shutdown: str | None = None

    @property
    def pins(self) -> dict[str, int]:
        """The pins of the buttons that are wired, by name."""
        pins = {"next": self.next_pin, "stop": self.stop_pin}
        return {name: pin for name, pin in pins.items() if pin is not None}


@dataclass(frozen=True, slots=True)
class BuzzerSettings:
    """The buzzer's pin, None: not wired. ``tonal``: it must be given a tone, instead of sounding by itself."""

    pin: int | None = None
    tonal: bool = False


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the pages are served, and to how many lookers-on at once. Port 0: any free one.

    ``address`` is what phones open, None: the machine's address on its network; ``share_hours`` how long the link to a
    result works. ``theme`` is what the kiosk's own screen looks like: dark, light, or auto (what its browser prefers).
    ``watchers`` is what other browsers on the network see of a visit: counts, or the skeleton too. ``language`` is what
    the pages speak unless somebody chose, by its code; ``languages`` a folder with translations of the gym's own.
    ``trainer_minutes``: after so many without a click the trainer is logged out. ``metrics``: numbers for Prometheus.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    max_streams: int = 24
    address: str | None = None
    share_hours: float = 48.0
    theme: str = "dark"
    watchers: str = "counts"
    language: str = "en"
    languages: Path | None = None
    trainer_minutes: int = 30
    metrics: bool = False


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """Where the results are stored, and for how many days. ``url`` None: an SQLite file in the state folder.

    ``trust_clock``: the owner sees to the clock, although no network sets it.
    """

    url: str | None = None
    keep_days: int = 365
    keep_guest_days: int = 30
    trust_clock: bool = False


@dataclass(frozen=True, slots=True)
class PluginsSettings:
    """Which plugins are left out, and the folders of the site's own changes to their checks, and of their settings.

    After ``hang_s`` seconds in which the loop stands still, because a plugin does not come back, the kiosk ends.
    """

    blocked: tuple[str, ...] = ()
    overlays: Path | None = None
    settings: Path | None = None
    hang_s: float = 20.0


@dataclass(frozen=True, slots=True)
class LoggingSettings:
    """The least weight of a line in the log."""

    level: str = "info"


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration of one kiosk. ``came_from``: the file that was read, None if there was none."""

    state_dir: Path
    camera: CameraSettings = CameraSettings()
    model: ModelSettings = ModelSettings()
    visit: VisitSettings = VisitSettings()
    lights: LightsSettings = LightsSettings()
    buttons: ButtonsSettings = ButtonsSettings()
    buzzer: BuzzerSettings = BuzzerSettings()
    web: WebSettings = WebSettings()
    history: HistorySettings = HistorySettings()
    plugins: PluginsSettings = PluginsSettings()
    logging: LoggingSettings = LoggingSettings()
    came_from: Path | None = None

    @property
    def history_place(self) -> str | Path:
        """Where the results are: the URL that was set, or the file in the state folder."""
        return self.history.url or self.state_dir / "history.db"

    @property
    def overlays_folder(self) -> Path:
        """Where the gym's own checks files are, whether or not there are any yet."""
        return self.plugins.overlays or self.state_dir / "overlays"


SECTIONS: dict[str, Any] = {
    of.name: type(of.default) for of in fields(Settings) if of.name != "came_from" and of.default is not MISSING
}


#: Every setting by its dotted key.
RULES: dict[str, Rule] = {
    "state_dir": FOLDER,
    "camera.source": Rule(source),
    "camera.width": whole(64, 7680),
    "camera.height": whole(64, 4320),
    "camera.fps": real(1, 240),
    "camera.mains_hz": Rule(mains_hz, lambda word: int(word) if word.isdecimal() else word),
    "camera.exposure": Rule(exposure, exposure_text),
    "camera.focus_m": real(0, 20),
    "camera.lens_deg": real(0, 150),
    "camera.show_picture": FLAG,
    "model.name": TEXT,
    "model.threads": whole(0, 64),
    "model.folder": FOLDER,
    "model.min_fps": real(1, 240),
    "model.second": FLAG,
    "visit.greet_s": real(0.1, 60),
    "visit.gone_s": real(0.1, 60),
    "visit.hold_s": real(0.1, 60),
    "visit.patience_s": real(0.1, 60),
    "visit.rest_s": real(1, 600),
    "visit.give_up_s": real(1, 600),
    "visit.pain_s": real(1, 600),
    "visit.pain_between_s": real(1, 600),
    "visit.result_s": real(1, 3600),
    "visit.result_longest_s": real(1, 3600),
    "lights.kind": Rule(one_of(("gpio", "mock", "none"))),
    "lights.red": PIN,
    "lights.green": PIN,
    "lights.blue": PIN,
    "lights.ready_pin": PIN,
    "lights.busy_pin": PIN,
    "lights.trouble_pin": PIN,
    "lights.active_high": FLAG,
    "buttons.next_pin": PIN,
    "buttons.stop_pin": PIN,
    "buttons.hold_s": real(1, 60),
    "buttons.shutdown": Rule(command),
    "buzzer.pin": PIN,
    "buzzer.tonal": FLAG,
    "web.host": TEXT,
    "web.port": whole(0, 65535),
    "web.max_streams": whole(1, 256),
    "web.address": Rule(address),
    "web.share_hours": real(0.1, 24 * 365),
    "web.theme": Rule(one_of(("dark", "light", "auto"))),
    "web.watchers": Rule(one_of(("counts", "skeleton"))),
    "web.language": TEXT,
    "web.languages": FOLDER,
    "web.trainer_minutes": whole(1, 1440),
    "web.metrics": FLAG,
    "history.url": Rule(url),
    "history.keep_days": whole(1, 36500),
    "history.keep_guest_days": whole(1, 36500),
    "history.trust_clock": FLAG,
    "plugins.blocked": Rule(list_of(text), names_in),
    "plugins.overlays": FOLDER,
    "plugins.settings": FOLDER,
    "plugins.hang_s": real(2, 600),
    "logging.level": Rule(one_of(("debug", "info", "warning", "error"))),
}

#: ``lights = "none"`` stands for ``lights.kind = "none"``, and so on.
MAIN_KEYS = {
    "camera": "source",
    "model": "name",
    "lights": "kind",
    "history": "url",
    "logging": "level",
}


def default_of(key: str) -> Any:
    """The default of a setting by its dotted key; MISSING for ``state_dir``, which depends on the user."""
    section, _, name = key.rpartition(".")
    found = fields(SECTIONS[section] if section else Settings)
    return next(of.default for of in found if of.name == name)


def may_be_unset(key: str) -> bool:
    """Whether the empty text takes a setting back to None, "not set"."""
    return default_of(key) is None
