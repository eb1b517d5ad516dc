"""The configuration: one TOML file, overridden by the environment, read strictly into frozen settings."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.errors import ConfigError
from kiosk.settings import MAIN_KEYS, RULES, SECTIONS, Settings, may_be_unset
from kiosk.toml_fields import FieldError, nearest, type_name

__all__ = ["SYSTEM_FILE", "Settings", "find_file", "load_settings", "variable_of"]

PREFIX = "KIOSK_"
#: Names the file; it is no setting itself.
FILE_VARIABLE = "KIOSK_CONFIG"
SYSTEM_FILE = Path("/etc/kiosk/kiosk.toml")

#: So alike must a variable's name be to one of ours to be taken for a slip of the pen.
_ALIKE = 0.75


@dataclass
class _Draft:
    """The values that were taken so far, by dotted key, and a line for each that could not be."""

    home: str | None
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take(self, key: str, where: str, base: Path, value: object) -> None:
        """Read one value. Folders count from ``base``; ``where`` is what a message calls the place."""
        if value == "" and may_be_unset(key):
            self.values[key] = None
            return
        try:
            taken = RULES[key].read(value)
            self.values[key] = self._placed(taken, base) if isinstance(taken, Path) else taken
        except FieldError as error:
            self.refuse(f"{where}: {error}")

    def take_text(self, key: str, where: str, word: str) -> None:
        """Read one value from the text of an environment variable. Folders count from the working folder."""
        value: object = ""
        try:
            if word.strip() or not may_be_unset(key):
                value = RULES[key].from_text(word.strip())
        except FieldError as error:
            self.refuse(f"{where}: {error}")
        else:
            self.take(key, where, Path.cwd(), value)

    def refuse(self, line: str) -> None:
        """Keep one mistake, on one line whatever the file holds."""
        self.problems.append(" ".join(line.splitlines()))

    def _placed(self, folder: Path, base: Path) -> Path:
        if folder.parts[0] != "~":
            return base / folder
        if not self.home:
            raise FieldError("begins with ~, but no home folder is known here; write the folder out")
        return Path(self.home, *folder.parts[1:])


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Return the settings of ``path``, or of the file in its usual place, overridden by ``KIOSK_`` variables.

    Folders in the file count from the file's own folder, those in a variable from the working folder. Raises
    `ConfigError` for a file that was named and cannot be read, and with one line for every key that is
    unknown and every value of the wrong type or out of range.
    """
    file = path if path is not None else find_file(environ)
    draft = _Draft(environ.get("HOME"))
    if file is not None:
        _take_tables(draft, file, _read(file))
    _take_environment(draft, environ)
    # A pin that is wired twice is a mistake of the whole, whichever places its parts came from.
    if not draft.problems:
        _check_pins(draft)
    if draft.problems:
        raise ConfigError("\n".join(draft.problems))
    return _settled(draft, file, environ)


def find_file(environ: Mapping[str, str]) -> Path | None:
    """Return the file that ``KIOSK_CONFIG`` names, else the user's or the system's if there is one."""
    named = environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    own = _base_folder(environ, "XDG_CONFIG_HOME", ".config")
    places = [own / "plumbline" / "kiosk.toml"] if own else []
    return next((place for place in [*places, SYSTEM_FILE] if _is_there(place)), None)


def _is_there(place: Path) -> bool:
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # a file that we may not look at is not passed over: reading it says why
    return True


def variable_of(key: str) -> str:
    """Return the environment variable of a setting: ``KIOSK_CAMERA_SOURCE`` for ``camera.source``."""
    return PREFIX + key.replace(".", "_").upper()


def _read(file: Path) -> dict[str, Any]:
    where = f"The configuration file {file}"
    try:
        # A byte order mark is what Windows' editors put in front; TOML forbids it.
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{where} does not exist: name another one, or none to run on defaults.") from None
    except IsADirectoryError:
        raise ConfigError(f"{where} is a folder: name the file in it, such as {file / 'kiosk.toml'}.") from None
    except OSError as error:
        raise ConfigError(f"{where} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{where} is not UTF-8 text (byte {error.start}): save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        # Beside its own error, tomllib lets these two through for absurdly long numbers and deep lists.
        raise ConfigError(f"{where} is not valid TOML: {error}.") from error


def _take_tables(draft: _Draft, file: Path, tables: dict[str, Any]) -> None:
    base = file.absolute().parent
    for key, where, value in _flat(draft, file, tables):
        draft.take(key, where, base, value)


def _flat(draft: _Draft, file: Path, tables: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    """Yield (dotted key, what to call it, value) of each known setting of the file; refuse the others."""
    for name, value in tables.items():
        if name in RULES:
            yield name, f"{file}: {name}", value
        elif name not in SECTIONS:
            known = [*SECTIONS, *(key for key in RULES if "." not in key)]
            draft.refuse(f"{file}: {name}: is not a known section{nearest(name, known)}")
        elif isinstance(value, dict):
            yield from _flat_section(draft, file, name, value)
        elif name in MAIN_KEYS:
            yield f"{name}.{MAIN_KEYS[name]}", f"{file}: {name}", value
        else:
            draft.refuse(f"{file}: {name}: must be a section, [{name}], not {type_name(value)}")


def _flat_section(draft: _Draft, file: Path, section: str, table: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    known = [key.partition(".")[2] for key in RULES if key.startswith(f"{section}.")]
    for name, value in table.items():
        if name in known:
            yield f"{section}.{name}", f"{file}: {section}.{name}", value
        else:
            draft.refuse(f"{file}: {section}.{name}: is not a known key{nearest(name, known)}")


def _take_environment(draft: _Draft, environ: Mapping[str, str]) -> None:
    variables = {variable_of(key): key for key in RULES}
    variables |= {variable_of(section): f"{section}.{key}" for section, key in MAIN_KEYS.items()}
    # The long name wins over the short one that stands for it: it comes later.
    for name in sorted(environ, key=len):
        if name in variables:
            draft.take_text(variables[name], f"environment variable {name}", environ[name])
        elif name.startswith(PREFIX) and name != FILE_VARIABLE:
            _refuse_a_slip(draft, name, list(variables))


def _refuse_a_slip(draft: _Draft, name: str, variables: list[str]) -> None:
    """Refuse a variable that means one of ours and misses it. Others that begin alike are not ours."""
    close = difflib.get_close_matches(name, variables, n=1, cutoff=_ALIKE)
    ours = any(name.startswith(f"{variable_of(section)}_") for section in SECTIONS)
    if close or ours:
        draft.refuse(f"environment variable {name}: is not a known setting{nearest(name, variables)}")


def _check_pins(draft: _Draft) -> None:
    lights, buttons, buzzer = (SECTIONS[name](**_of_section(draft, name)) for name in ("lights", "buttons", "buzzer"))
    pins = {"lights.red": lights.red, "lights.green": lights.green, "lights.blue": lights.blue}
    pins |= {f"lights.{name}_pin": pin for name, pin in lights.single_leds.items()}
    pins |= {f"buttons.{name}_pin": pin for name, pin in buttons.pins.items()}
    if buzzer.pin is not None:
        pins["buzzer.pin"] = buzzer.pin
    users: dict[int, str] = {}
    for name, pin in pins.items():
        if pin in users:
            draft.refuse(f"{users[pin]} and {name} are both pin {pin}: give each of them a pin of its own")
        users.setdefault(pin, name)


def _settled(draft: _Draft, file: Path | None, environ: Mapping[str, str]) -> Settings:
    state_dir = draft.values.get("state_dir")
    if state_dir is None:
        base = _base_folder(environ, "XDG_STATE_HOME", ".local/state")
        if base is None:
            raise ConfigError("state_dir: no home folder is known here; set it, or KIOSK_STATE_DIR.")
        state_dir = base / "plumbline"
    sections = {name: make(**_of_section(draft, name)) for name, make in SECTIONS.items()}
    return Settings(state_dir=state_dir, came_from=file, **sections)


def _of_section(draft: _Draft, section: str) -> dict[str, Any]:
    return {key.partition(".")[2]: value for key, value in draft.values.items() if key.startswith(f"{section}.")}


def _base_folder(environ: Mapping[str, str], variable: str, below_home: str) -> Path | None:
    """Return a folder of the XDG base directory rules, which say that a relative one is to be ignored."""
    named = environ.get(variable, "")
    if Path(named).is_absolute():
        return Path(named)
    home = environ.get("HOME")
    return Path(home, below_home) if home else None
