"""Scenarios: one rendered recording each, told in a small TOML text. README.md beside this lists every key.

Reading is strict: one message names every unknown key and every wrong value of a file. A value that is left out has
the default of its dataclass, so that a text holds only what is particular about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError, PluginError
from kiosk.movement.view import View
from kiosk.toml_fields import FieldError, Problems, Reader, as_is, flag, number, one_of, read_table, read_toml, text
from tests.people.body import body_names
from tests.people.mesh import Colour
from tests.people.outfit import SKIN_TONES, Outfit
from tests.people.push_up import PushUpFaults
from tests.people.render import LIGHTS
from tests.people.room import STYLES
from tests.people.squat import SquatFaults

SCHEMA = 1
SQUAT, PUSH_UP = "overhead-squat", "incline-push-up"
#: What people do besides: stand, walk across and back, bend to the floor, raise the arms and lower them.
NEGATIVES = ("idle", "walk", "bend", "arms")
PARTS = ("tune", "report")
SUPPORTS = ("bench", "bar")
LAG = "lag_ms"
FAULTS: Mapping[str, type[SquatFaults] | type[PushUpFaults]] = {SQUAT: SquatFaults, PUSH_UP: PushUpFaults}
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class ScenarioError(KioskError):
    """A scenario file is missing or wrong."""


@dataclass(frozen=True)
class Person:
    """Who is seen: one of ``body_names()``, scaled to a stature (None: as it is), and what it wears."""

    body: str
    stature_m: float | None = None
    outfit: Outfit = field(default_factory=Outfit)


@dataclass(frozen=True)
class Scene:
    """One of ``STYLES`` in one of ``LIGHTS``; what the hands of a push-up are on."""

    room: str = "plain"
    light: str = "normal"
    support: str = "bench"


@dataclass(frozen=True)
class Mounting:
    """The camera. ``flank`` is the side of the person that a side view sees; `Camera` and `Sensor` explain the rest.

    tilt_deg None is aimed so that a person with raised arms is in mid-picture. ``shutter_s`` above 0 gives motion
    blur and doubles the time that a frame takes to render.
    """

    flank: str = "left"
    distance_m: float = 3.0
    height_m: float = 1.0
    yaw_deg: float = 0.0
    tilt_deg: float | None = None
    roll_deg: float = 0.0
    fov_deg: float = 62.0
    k1: float = 0.0
    fps: float = 15.0
    width_px: int = 640
    height_px: int = 480
    blur_px: float = 0.5
    noise: float = 1.5
    flicker: float = 0.0
    readout_s: float = 0.0
    exposure: float = 1.0
    shutter_s: float = 0.0


@dataclass(frozen=True)
class Motion:
    """The course of the recording.

    walks_in, walks_out: from and to one side of the picture. raises_arms_s: how long a squatter takes to raise the
    arms; 0 begins with raised arms. lead_s: in the starting posture; down_s, hold_s, up_s, rest_s: of each rep;
    tail_s: after the last one. jitter: 1 varies tempo, depth and posture from rep to rep as people do, 0 not at all.
    second_person: somebody walks through behind. repeats: how often a negative does what it does; lasts_s: of "idle".
    """

    walks_in: bool = False
    raises_arms_s: float = 0.0
    lead_s: float = 1.0
    down_s: float = 1.3
    hold_s: float = 0.2
    up_s: float = 1.0
    rest_s: float = 0.4
    tail_s: float = 0.8
    jitter: float = 1.0
    second_person: bool = False
    walks_out: bool = False
    repeats: int = 2
    lasts_s: float = 10.0


@dataclass(frozen=True)
class RepPlan:
    """One rep: what is particular about it, by the names of `SquatFaults` or `PushUpFaults`.

    ``lag_ms``: by how much the right side of a push-up is later than the left.
    """

    faults: Mapping[str, float] = field(default_factory=dict)
    lag_ms: float = 0.0


@dataclass(frozen=True)
class Scenario:
    """One recording. ``style`` is what is particular about the person's every rep, as a rep's own faults are."""

    exercise: str
    view: View
    part: str
    seed: int
    person: Person
    scene: Scene = Scene()
    camera: Mounting = Mounting()
    motion: Motion = Motion()
    style: Mapping[str, float] = field(default_factory=dict)
    reps: tuple[RepPlan, ...] = ()

    @property
    def is_negative(self) -> bool:
        """Whether no rep is to be counted in it."""
        return self.exercise in NEGATIVES

    @property
    def azimuth_deg(self) -> float:
        """Where the camera's true view is, as `Camera` takes it."""
        of_side = {"left": 90.0, "right": 270.0}[self.camera.flank]
        return {View.FRONT: 0.0, View.REAR: 180.0, View.SIDE: of_side}[self.view]

    def faults_of(self, rep: RepPlan) -> SquatFaults | PushUpFaults:
        """Return everything that is particular about a rep, its style among it; KeyError for a negative."""
        return FAULTS[self.exercise](**{**self.style, **rep.faults})


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a file. Raises ScenarioError, which names the file and every wrong key."""
    try:
        raw = read_toml(path, path.name)
    except PluginError as error:
        raise ScenarioError(str(error)) from error
    return parsed(raw, path.name)


def parsed(raw: Mapping[str, Any], name: str) -> Scenario:
    """Return the scenario of a TOML table; ``name`` is what a message calls it. Raises ScenarioError."""
    problems = Problems(name)
    required = ("schema", "exercise", "view", "part", "seed", "person")
    top = read_table(raw, _TOP, required, "", problems)
    tables = {
        key: read_table(top.get(key, {}), readers, _REQUIRED.get(key, ()), key, problems)
        for key, readers in _TABLES.items()
    }
    exercise = top.get("exercise", NEGATIVES[0])
    style = read_table(top.get("style", {}), _fault_readers(exercise), (), "style", problems)
    reps = list(_reps(top.get("reps", []), exercise, problems))
    if ("reps" in raw) == (exercise in NEGATIVES):
        problems.add("reps", f"{'must be left out of' if exercise in NEGATIVES else 'are missing in'} '{exercise}'")
    motion = tables["motion"]
    if exercise == SQUAT and motion.get("walks_in") and not motion.get("raises_arms_s"):
        problems.add("motion.raises_arms_s", "must be above 0 where somebody walks in: nobody walks with raised arms")
    if problems.lines:
        raise ScenarioError("\n".join(problems.lines))
    person = tables["person"]
    whose = {key: person.pop(key) for key in ("body", "stature_m") if key in person}
    return Scenario(
        exercise=exercise,
        view=View(top["view"]),
        part=top["part"],
        seed=top["seed"],
        person=Person(**whose, outfit=Outfit(**person)),
        scene=Scene(**tables["scene"]),
        camera=Mounting(**tables["camera"]),
        motion=Motion(**motion),
        style=style,
        reps=tuple(reps),
    )


def text_of(scenario: Scenario, comments: Sequence[str] = ()) -> str:
    """Return the TOML text of a scenario, without what is as by default; the comments stand at its top."""
    lines = [f"# {comment}" for comment in comments]
    lines += [f"schema = {SCHEMA}"]
    lines += [f"{key} = {_literal(getattr(scenario, key))}" for key in ("exercise", "view", "part", "seed")]
    person = scenario.person
    default = Person(person.body)
    lines += ["", "[person]", f"body = {_literal(person.body)}", *_differing(person, default, skip=("body", "outfit"))]
    lines += _differing(person.outfit, default.outfit)
    for name, value in (("scene", scenario.scene), ("camera", scenario.camera), ("motion", scenario.motion)):
        changed = list(_differing(value, type(value)()))
        lines += ["", f"[{name}]", *changed] if changed else []
    if scenario.style:
        lines += ["", "[style]", *(f"{key} = {_literal(value)}" for key, value in scenario.style.items())]
    for rep, alike in groupby(scenario.reps):
        values = {"count": len(list(alike)), **rep.faults, **({LAG: rep.lag_ms} if rep.lag_ms else {})}
        lines += ["", "[[reps]]", *(f"{key} = {_literal(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def _differing(value: Any, default: Any, skip: Sequence[str] = ()) -> Iterator[str]:
    for one in fields(value):
        now = getattr(value, one.name)
        if one.name not in skip and now != getattr(default, one.name):
            yield f"{one.name} = {_literal(now)}"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if value is None:
        return '"none"'
    if isinstance(value, tuple):
        blue, green, red = (round(part) for part in value)
        return f'"#{red:02x}{green:02x}{blue:02x}"'
    return f'"{value}"'


def _reps(raw: object, exercise: str, problems: Problems) -> Iterator[RepPlan]:
    if not isinstance(raw, list):
        problems.add("reps", "must be tables that begin with [[reps]]")
        return
    readers = _fault_readers(exercise) | {"count": _whole(1, 50)}
    if exercise == PUSH_UP:
        readers[LAG] = _between(-400, 400)
    for place, table in enumerate(raw):
        values = read_table(table, readers, (), f"reps[{place}]", problems)
        count, lag_ms = values.pop("count", 1), values.pop(LAG, 0.0)
        for _ in range(count):
            yield RepPlan(values, lag_ms)


def _fault_readers(exercise: str) -> dict[str, Reader]:
    if exercise not in FAULTS:
        return {}
    return {one.name: number for one in fields(FAULTS[exercise])}


def _between(least: float, most: float) -> Reader:
    """Return a reader of numbers from least to most."""

    def read(value: object) -> float:
        result = number(value)
        if not least <= result <= most:
            raise FieldError(f"must be from {least:g} to {most:g}, not {result:g}")
        return result

    return read


def _whole(least: int, most: int) -> Reader:
    """Return a reader of whole numbers from least to most."""

    def read(value: object) -> int:
        result = _between(least, most)(value)
        if result != int(result):
            raise FieldError(f"must be a whole number, not {result:g}")
        return int(result)

    return read


def _colour(value: object) -> Colour:
    word = text(value)
    if not _COLOUR.fullmatch(word):
        raise FieldError(f"'{word}' must be a colour such as #3c3cbe: red, green, blue, two small hex digits each")
    red, green, blue = (int(word[at : at + 2], 16) for at in (1, 3, 5))
    return blue, green, red


def _colour_or_none(value: object) -> Colour | None:
    return None if value == "none" else _colour(value)


def _schema(value: object) -> int:
    if type(value) is not int or value != SCHEMA:
        raise FieldError(f"must be {SCHEMA}, the only one that there is")
    return SCHEMA


_TOP: dict[str, Reader] = {
    "schema": _schema,
    "exercise": one_of((*FAULTS, *NEGATIVES)),
    "view": one_of([view.value for view in View]),
    "part": one_of(PARTS),
    "seed": _whole(0, 2**31),
    "person": as_is,
    "scene": as_is,
    "camera": as_is,
    "motion": as_is,
    "style": as_is,
    "reps": as_is,
}
_REQUIRED = {"person": ("body",)}
_TABLES: dict[str, dict[str, Reader]] = {
    "person": {
        "body": one_of(body_names()),
        "stature_m": _between(1.3, 2.2),
        "skin": one_of(SKIN_TONES),
        "top": one_of(("tight", "normal", "loose")),
        "sleeves": one_of(("none", "short", "long")),
        "bottom": one_of(("shorts", "leggings", "trousers")),
        "hair": one_of(("none", "short", "long")),
        "top_colour": _colour,
        "bottom_colour": _colour,
        "shoes": _colour_or_none,
        "hair_colour": _colour,
    },
    "scene": {"room": one_of(STYLES), "light": one_of(LIGHTS), "support": one_of(SUPPORTS)},
    "camera": {
        "flank": one_of(("left", "right")),
        "distance_m": _between(1.0, 10.0),
        "height_m": _between(0.1, 3.0),
        "yaw_deg": _between(-90, 90),
        "tilt_deg": _between(-60, 60),
        "roll_deg": _between(-30, 30),
        "fov_deg": _between(20, 120),
        "k1": _between(-0.2, 0.2),
        "fps": _between(1, 120),
        "width_px": _whole(64, 1920),
        "height_px": _whole(64, 1920),
        "blur_px": _between(0, 10),
        "noise": _between(0, 60),
        "flicker": _between(0, 0.9),
        "readout_s": _between(0, 0.1),
        "exposure": _between(0.05, 4),
        "shutter_s": _between(0, 0.2),
    },
    "motion": {
        "walks_in": flag,
        "raises_arms_s": _between(0, 10),
        "lead_s": _between(0, 30),
        "down_s": _between(0.2, 10),
        "hold_s": _between(0, 10),
        "up_s": _between(0.2, 10),
        "rest_s": _between(0, 30),
        "tail_s": _between(0, 30),
        "jitter": _between(0, 3),
        "second_person": flag,
        "walks_out": flag,
        "repeats": _whole(1, 20),
        "lasts_s": _between(1, 120),
    },
}
