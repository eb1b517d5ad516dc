"""``mounting.toml`` in the state folder: how the camera hung when it was checked last."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from kiosk.errors import ConfigError, OutputError
from kiosk.mounting.findings import Finding
from kiosk.mounting.geometry import Place

NAME = "mounting.toml"


@dataclass(frozen=True, slots=True)
class Mounting:
    """What was measured, on which day (ISO 8601), with which camera; ``wrong`` are the names of what is to change."""

    checked: str
    camera: str
    place: Place | None
    wrong: tuple[str, ...]


def write_mounting(
    folder: Path, place: Place | None, lines: Sequence[Finding], *, checked: str, camera: str
) -> Mounting:
    """Store the outcome of a check and return it. It is whole or not there. Raises OutputError."""
    found = Mounting(checked, camera, place, tuple(line.name for line in lines if line.ok is False))
    text = [
        "# How the camera hung when `kiosk camera check` was run last: metres and degrees.",
        f"checked = {_quoted(checked)}",
        f"camera = {_quoted(camera)}",
        f"wrong = [{', '.join(map(_quoted, found.wrong))}]",
    ]
    if place is not None:
        values = {name: value for name, value in asdict(place).items() if not math.isnan(value)}
        text += ["", "[place]", *(f"{name} = {value:.3f}" for name, value in values.items())]
    part = folder / f".{NAME}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text("\n".join(text) + "\n", encoding="utf-8")
        part.replace(folder / NAME)
    except OSError as error:
        raise OutputError(
            f"{folder / NAME} cannot be written ({error.strerror}): let this user write there."
        ) from error
    return found


def read_mounting(folder: Path) -> Mounting | None:
    """Return the newest check; None if there was none. Raises ConfigError for a file that was damaged."""
    file = folder / NAME
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        place = raw.get("place")
        return Mounting(
            str(raw["checked"]),
            str(raw["camera"]),
            None if place is None else Place(*(float(place.get(one.name, math.nan)) for one in fields(Place))),
            tuple(str(name) for name in raw["wrong"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{file} cannot be read ({error}): run kiosk camera check again.") from error


def _quoted(text: str) -> str:
    """Return a TOML string."""
    plain = "".join(letter for letter in text if letter.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
