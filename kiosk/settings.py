"""What can be set: the sections of the configuration, and the rule that each value must keep.

`kiosk.config` reads the file and the environment by these; what each setting means stands in
``docs/configuration.md``, which a test holds to the names and defaults here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kiosk.toml_fields import FieldError, Reader, flag, list_of, number, one_of, text, type_name


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Where the pictures come from: a number, a device or a file; pixels and frames per second to ask for."""

    source: str = "0"
    width: int = 1280
    height: int = 720
    fps: float = 30.0
    show_picture: bool = False


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
class WebSettings:
    """Where the pages are served, and to how many lookers-on at once. Port 0: any free one.

    ``address`` is what phones open, None: the machine's address on its network; ``share_hours`` how long the link to a
    result works. ``theme`` is what the kiosk's own screen looks like: dark, light, or auto (what its browser prefers).
    ``watchers`` is what other browsers on the network see of a visit: counts, or the skeleton too. ``language`` is what
    the pages speak unless somebody chose, by its code; ``languages`` a folder with translations of the gym's own.
    ``trainer_minutes``: after so many without a click the trainer is logged out.
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


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """Where the results are stored, and for how many days. ``url`` None: an SQLite file in the state folder."""

    url: str | None = None
    keep_days: int = 365
    keep_guest_days: int = 30


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


@dataclass(frozen=True, slots=True)
class Rule:
    """How a value is read, and how the text of an environment variable becomes such a value."""

    read: Reader
    from_text: Callable[[str], object] = str


def _whole(least: int, most: int) -> Rule:
    allowed = f"a whole number from {least} to {most}"

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FieldError(f"must be {allowed}, not {type_name(value)}")
        if not isinstance(value, int) or not least <= value <= most:
            raise FieldError(f"must be {allowed}, not {value}")
        return value

    def from_text(word: str) -> int:
        try:
            return int(word)
        except ValueError:
            raise FieldError(f"must be {allowed}, not '{word}'") from None

    return Rule(read, from_text)


def _real(least: float, most: float) -> Rule:
    allowed = f"a number from {least:g} to {most:g}"

    def read(value: object) -> float:
        result = number(value)
        if not least <= result <= most:
            raise FieldError(f"must be {allowed}, not {result:g}")
        return result

    def from_text(word: str) -> float:
        try:
            return float(word)
        except ValueError:
            raise FieldError(f"must be {allowed}, not '{word}'") from None

    return Rule(read, from_text)


def _yes_or_no(word: str) -> bool:
    if word.lower() not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        raise FieldError(f"must be true or false, not '{word}'")
    return word.lower() in ("true", "1", "yes", "on")


def _names(word: str) -> list[str]:
    return [name.strip() for name in word.split(",") if name.strip()]


def _source(value: object) -> str:
    # A camera's number is as good without quotes.
    return str(value) if type(value) is int and value >= 0 else text(value)


def _folder(value: object) -> Path:
    return Path(text(value))


def _url(value: object) -> str:
    url = text(value)
    if "://" not in url:
        raise FieldError(f"must be a database URL such as sqlite:////srv/kiosk/history.db, not '{url}'")
    return url


def _address(value: object) -> str:
    address = text(value)
    if not _is_address(address):
        raise FieldError(f"must be a name or a URL such as kiosk.local or http://192.168.1.20:8080, not '{address}'")
    return address


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, or half an IPv6 address
        return False
    return named and not (parts.query or parts.fragment or parts.username) and not re.search(r"\s", address)


_TEXT = Rule(text)
_FLAG = Rule(flag, _yes_or_no)
_FOLDER = Rule(_folder)
_PIN = _whole(0, 27)  # what the Raspberry Pi's header leads out

#: Every setting by its dotted key.
RULES: dict[str, Rule] = {
    "state_dir": _FOLDER,
    "camera.source": Rule(_source),
    "camera.width": _whole(64, 7680),
    "camera.height": _whole(64, 4320),
    "camera.fps": _real(1, 240),
    "camera.show_picture": _FLAG,
    "model.name": _TEXT,
    "model.threads": _whole(0, 64),
    "model.folder": _FOLDER,
    "model.min_fps": _real(1, 240),
    "model.second": _FLAG,
    "visit.greet_s": _real(0.1, 60),
    "visit.gone_s": _real(0.1, 60),
    "visit.hold_s": _real(0.1, 60),
    "visit.patience_s": _real(0.1, 60),
    "visit.rest_s": _real(1, 600),
    "visit.give_up_s": _real(1, 600),
    "visit.pain_s": _real(1, 600),
    "visit.pain_between_s": _real(1, 600),
    "visit.result_s": _real(1, 3600),
    "visit.result_longest_s": _real(1, 3600),
    "lights.kind": Rule(one_of(("gpio", "mock", "none"))),
    "lights.red": _PIN,
    "lights.green": _PIN,
    "lights.blue": _PIN,
    "lights.ready_pin": _PIN,
    "lights.busy_pin": _PIN,
    "lights.trouble_pin": _PIN,
    "lights.active_high": _FLAG,
    "web.host": _TEXT,
    "web.port": _whole(0, 65535),
    "web.max_streams": _whole(1, 256),
    "web.address": Rule(_address),
    "web.share_hours": _real(0.1, 24 * 365),
    "web.theme": Rule(one_of(("dark", "light", "auto"))),
    "web.watchers": Rule(one_of(("counts", "skeleton"))),
    "web.language": _TEXT,
    "web.languages": _FOLDER,
    "web.trainer_minutes": _whole(1, 1440),
    "history.url": Rule(_url),
    "history.keep_days": _whole(1, 36500),
    "history.keep_guest_days": _whole(1, 36500),
    "plugins.blocked": Rule(list_of(text), _names),
    "plugins.overlays": _FOLDER,
    "plugins.settings": _FOLDER,
    "plugins.hang_s": _real(2, 600),
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
