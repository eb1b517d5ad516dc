"""A new exercise plugin: a project that installs, is typed, passes its own tests, and explains itself."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kiosk.errors import OutputError, PluginError
from kiosk.hookspecs import API_VERSION
from kiosk.movement.view import View

_TEMPLATES = Path(__file__).parent / "templates" / "plugin"
#: Longer titles do not fit on the screen.
_LONGEST_TITLE = 40
#: What the kiosk's own code is kept to; a new plugin begins in shape.
_LINE = 120
MOST_REPS = 30


@dataclass(frozen=True, slots=True)
class Signal:
    """Which part of the body tells how far down a rep is.

    ``like``: exercises that it fits; ``views``: from where it shows. A bend seen end on is no bend in the picture.
    """

    about: str
    like: str
    function: str
    views: tuple[View, ...] = (View.SIDE,)


@dataclass(frozen=True, slots=True)
class Start:
    """The posture that starts the scan. ``ask`` is what the screen says; ``signals`` are those that it goes with."""

    about: str
    ask: str
    function: str
    signals: tuple[str, ...]


SIGNALS: Mapping[str, Signal] = MappingProxyType(
    {
        "hip-drop": Signal("the hips go down over the feet", "squat, split squat, lunge", "hips_drop", tuple(View)),
        "knee-bend": Signal("the knees bend", "step-down, leg press, wall sit", "knees_bend"),
        "hip-bend": Signal("the hips bend", "deadlift, good morning, sit-up", "hips_bend"),
        "elbow-bend": Signal("the elbows bend", "curl, press, push-up", "elbows_bend"),
        "arm-raise": Signal("the hands go up", "lateral raise, shoulder press", "arms_raise", tuple(View)),
    }
)
_ALL = tuple(SIGNALS)
STARTS: Mapping[str, Start] = MappingProxyType(
    {
        "hands-on-hips": Start("standing, hands on the hips", "Hands on your hips", "hands_on_hips", _ALL),
        "arms-crossed": Start("standing, arms crossed on the chest", "Cross your arms", "arms_crossed", _ALL),
        "hands-on-head": Start("standing, hands on the head", "Hands on your head", "hands_on_head", _ALL),
        "arms-overhead": Start("standing, arms overhead", "Raise both arms overhead", "arms_overhead", _ALL),
        "plank": Start("on the hands, body straight", "Hands down, body straight", "plank", ("elbow-bend",)),
    }
)
#: Where to stand, as the screen says it.
PLACES: Mapping[View, str] = MappingProxyType(
    {View.FRONT: "facing the camera", View.REAR: "back to the camera", View.SIDE: "side to the camera"}
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new plugin shall be. Raises PluginError for what cannot be one."""

    title: str
    signal: str
    views: tuple[View, ...]
    start: str
    reps: int = 5

    def __post_init__(self) -> None:
        named_slug(self.title)
        for word, known, what in ((self.signal, SIGNALS, "signal"), (self.start, STARTS, "start")):
            if word not in known:
                raise PluginError(f"There is no {what} '{word}'. Known: {', '.join(known)}.")
        if self.signal not in STARTS[self.start].signals:
            fitting = ", ".join(STARTS[self.start].signals)
            raise PluginError(f"The start '{self.start}' goes with the signal {fitting}, not with '{self.signal}'.")
        if not self.views or len(set(self.views)) < len(self.views):
            raise PluginError(f"Name one or more views, each once, of {', '.join(View)}.")
        blind = [view.value for view in self.views if view not in SIGNALS[self.signal].views]
        if blind:
            raise PluginError(f"The signal '{self.signal}' does not show from the {blind[0]}: take the side view.")
        if not 1 <= self.reps <= MOST_REPS:
            raise PluginError(f"A pass has 1 to {MOST_REPS} reps, not {self.reps}.")

    @property
    def slug(self) -> str:
        """The short name of the exercise: "split-squat"."""
        return named_slug(self.title)

    @property
    def name(self) -> str:
        """The slug as Python can spell it: "split_squat"."""
        return self.slug.replace("-", "_")


def named_slug(title: str) -> str:
    """Return the slug of a title. Raises PluginError for a title that has none, or that no file could hold."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
    printable = title.isprintable() and not set(title) & set("\"\\'{}")
    if not slug or not slug[0].isalpha() or not printable or title != title.strip() or len(title) > _LONGEST_TITLE:
        raise PluginError(
            f"'{title}' cannot be the title of an exercise: at most {_LONGEST_TITLE} letters, digits, blanks and "
            'hyphens, a letter first, such as "Split squat".'
        )
    return slug


def write_plugin(plan: Plan, parent: Path) -> Path:
    """Write the project into a new folder in ``parent``, whole or not at all, and return it.

    Raises OutputError where it is already there, or cannot be written.
    """
    folder = parent / plan.name
    if folder.exists() or folder.is_symlink():
        raise OutputError(f"{folder} is already there, and nothing is overwritten: choose another title or folder.")
    try:
        with tempfile.TemporaryDirectory(dir=parent, prefix=".plugin-") as scratch:
            made = Path(scratch) / plan.name
            for name, text in _files(plan).items():
                place = made / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
            (made / "golden").mkdir()
            shutil.move(made, folder)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}. Name another folder.") from error
    return folder


def _files(plan: Plan) -> dict[str, str]:
    package = f"kiosk_{plan.name}"
    return {
        "pyproject.toml": _filled("pyproject.toml.jinja", plan),
        "README.md": _filled("README.md.jinja", plan),
        f"{package}/__init__.py": _filled("exercise.py.jinja", plan),
        f"{package}/checks.toml": _filled("checks.toml.jinja", plan),
        f"{package}/py.typed": "",
        f"tests/test_{plan.name}.py": _filled("tests.py.jinja", plan),
    }


def _filled(template: str, plan: Plan) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(
        plan=plan,
        api=API_VERSION,
        package=f"kiosk_{plan.name}",
        signal=SIGNALS[plan.signal],
        start=STARTS[plan.start],
        places=PLACES,
        frontal=[view.value for view in plan.views if view is not View.SIDE],
        lateral=View.SIDE in plan.views,
        views=[view.value for view in plan.views],
        imports=_test_imports(plan),
    )


def _test_imports(plan: Plan) -> str:
    """Return what the tests import from ``kiosk.testing``, as the formatter would write it."""
    names = ["Body", "Camera", "ExerciseContract", "PushUpper", "Squatter", "perform", "scanned"]
    if plan.start != "plank":
        names.remove("PushUpper")
    names = sorted(view.name for view in plan.views) + names
    line = ", ".join(names)
    if len(f"from kiosk.testing import {line}") <= _LINE:
        return line
    rows = "".join(f"    {name},\n" for name in names)
    return f"(\n{rows})"
