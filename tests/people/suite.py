"""The suite: hundreds of scenarios, made from one seed and kept as text files in ``suite/``.

``kinds.py`` says which sets there are, ``dealing.py`` who does them where. The parts "tune" and "report" have
different bodies and seeds: what is tuned on the one is reported on the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kiosk.movement.pose import FloatArray, Keypoint
from kiosk.movement.view import View
from tests.people.body import Body
from tests.people.camera import shows
from tests.people.dealing import Dealer, style
from tests.people.kinds import CLEAN, KINDS, LAGGING, MIXED, NOT_EXERCISES, Faults, Kind
from tests.people.mounting import camera_of
from tests.people.push_up import PushUpFaults, PushUpStation, push_up_posture
from tests.people.scenario import LAG, PARTS, PUSH_UP, SQUAT, Motion, RepPlan, Scenario, read_scenario, text_of
from tests.people.sizes import exercise_of, fault_for, size_of, sizes_of
from tests.people.squat import SquatFaults, squat_posture

FOLDER = Path(__file__).with_name("suite")
SEED = 20250
#: Reps of a set: of squats, of push-ups, and of those in which one side may be late, filmed at so many frames/s.
SQUATS, PUSH_UPS, LAG_REPS, LAG_FPS = 5, 5, 10, 30.0
#: A fault of a whole set begins at its first rep; of every third set later.
ONSET_EVERY = 3
#: Lenses from which the narrowest is taken that shows everything, horizontal degrees.
LENSES_DEG = (58.0, 62.0, 68.0, 76.0, 84.0, 92.0, 100.0)
#: From the wrists to the finger tips; what stays clear at the edges of the picture.
HAND_M, MARGIN_PX = 0.2, 8.0
#: A clean style stays this far on the near side of every limit, as a share of what lies between clear and sign.
CLEARLY, STYLES_TRIED = 0.15, 40
SHORT = {SQUAT: "squat", PUSH_UP: "push-up"}


@dataclass(frozen=True)
class Wanted:
    """One set to be made: faults by kind and number of the size, or a lag, or what is no exercise."""

    name: str
    exercise: str
    view: View
    number: int
    kinds: tuple[tuple[Kind, int], ...] = ()
    lag_ms: float | None = None
    #: What of its [motion] is not as usual; only of what is no exercise.
    motion: Mapping[str, bool] | None = None

    @property
    def part(self) -> str:
        """Which part it belongs to."""
        return PARTS[self.number % 2]

    @property
    def group(self) -> str:
        """The sets among which people and cameras are dealt evenly."""
        clean = "faults" if self.kinds or self.lag_ms else "clean"
        return f"{self.exercise} {self.view.value} {clean}"


def wanted() -> Iterator[Wanted]:
    """Yield every set of the suite."""
    yield from _clean()
    yield from _with_faults()
    yield from _lagging()
    named = {(kind.exercise, kind.view, kind.name): kind for kind in KINDS}
    for place, (exercise, view, *both) in enumerate(MIXED):
        kinds = tuple((named[exercise, view, name], size) for name, size in both)
        yield Wanted(f"{SHORT[exercise]}-{view.value}-mixed-{place + 1:02}", exercise, view, place, kinds)
    for place, (doing, view, motion) in enumerate(NOT_EXERCISES):
        yield Wanted(f"{doing}-{view.value}-{place + 1:02}", doing, view, place, motion=motion)


def _clean() -> Iterator[Wanted]:
    for exercise, view, count in CLEAN:
        for place in range(count):
            yield Wanted(f"{SHORT[exercise]}-{view.value}-clean-{place + 1:02}", exercise, view, place)


def _with_faults() -> Iterator[Wanted]:
    number = 0
    for kind in KINDS:
        for size in range(len(kind.sizes)):
            for place in range(kind.sets):
                name = f"{SHORT[kind.exercise]}-{kind.view.value}-{kind.name}-{'abc'[size]}{place + 1}"
                yield Wanted(name, kind.exercise, kind.view, number, ((kind, size),))
                number += 1


def _lagging() -> Iterator[Wanted]:
    number = 0
    for lag in LAGGING:
        for view, count in ((View.FRONT, lag.front), (View.REAR, lag.rear)):
            for place in range(count):
                name = f"push-up-{view.value}-lag-{lag.lag_ms:03.0f}-{place + 1}"
                yield Wanted(name, PUSH_UP, view, number, lag_ms=lag.lag_ms)
                number += 1


def make(only: int = 1) -> Iterator[tuple[str, Scenario, list[str]]]:
    """Yield the name, the scenario and the comments of every set, or of every ``only``-th."""
    dealers: dict[tuple[str, str], Dealer] = {}
    for place, one in enumerate(wanted()):
        key = (one.group, one.part)
        dealer = dealers.setdefault(key, Dealer(SEED, *key))
        rng = np.random.default_rng((SEED, place))
        scenario = _dealt(one, dealer, rng)
        if place % only == 0:
            yield one.name, *_with_reps(one, scenario, rng)


def write(folder: Path = FOLDER) -> int:
    """Write all scenarios, remove those that are no more, and return how many there are."""
    folder.mkdir(exist_ok=True)
    files = {f"{name}.toml": text_of(scenario, comments) for name, scenario, comments in make()}
    for path in folder.glob("*.toml"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(files)


def read(folder: Path = FOLDER) -> dict[str, Scenario]:
    """Return all scenarios of a folder by their names. Raises ScenarioError for a wrong file."""
    return {path.name.removesuffix(".toml"): read_scenario(path) for path in sorted(folder.glob("*.toml"))}


def frames(scenario: Scenario) -> int:
    """Return about how many frames a scenario has, without what walks in and out."""
    motion = scenario.motion
    rep_s = motion.down_s + motion.hold_s + motion.up_s + motion.rest_s
    lasts_s = len(scenario.reps) * rep_s + motion.lead_s + motion.tail_s if scenario.reps else motion.lasts_s
    return round((lasts_s + (5.0 if motion.walks_in else 0.0)) * scenario.camera.fps)


def _dealt(one: Wanted, dealer: Dealer, rng: np.random.Generator) -> Scenario:
    """Return the scenario with everything that is dealt, and no reps yet."""
    exercise = one.exercise
    person = dealer.person(rng)
    motion = dealer.motion(rng, exercise)
    if one.motion is not None:
        motion = replace(Motion(), **one.motion)
    scene = dealer.scene(motion.walks_in or motion.second_person or one.motion is not None)
    camera = dealer.camera(rng, scene.light)
    if one.lag_ms is not None:
        camera = replace(camera, fps=LAG_FPS)
    seed = int(rng.integers(2**31))
    return Scenario(exercise, one.view, one.part, seed, person, scene, camera, motion)


def _with_reps(one: Wanted, scenario: Scenario, rng: np.random.Generator) -> tuple[Scenario, list[str]]:
    comments: list[str] = []
    if not scenario.is_negative:
        extra = {name: value for kind, _ in one.kinds for name, value in kind.style.items()}
        scenario = _with_clean_style(scenario, extra, rng)
        count = SQUATS if one.exercise == SQUAT else LAG_REPS if one.lag_ms is not None else PUSH_UPS
        faults, comments = _faults(one, scenario)
        lag_ms = (one.lag_ms or 0.0) * (1 if one.number % 4 < 2 else -1)
        clean = int(rng.integers(1, 4)) * count // 5 if one.number % ONSET_EVERY == 0 and (faults or lag_ms) else 0
        comments += [f"{LAG} {lag_ms:g}"] if lag_ms else []
        comments = [f"Wanted from rep {clean + 1} on: {text}" for text in comments]
        scenario = replace(scenario, reps=(RepPlan(),) * clean + (RepPlan(faults, lag_ms),) * (count - clean))
    return _with_lens(scenario), comments


def _faults(one: Wanted, scenario: Scenario) -> tuple[dict[str, float], list[str]]:
    """Return the faults that have the wanted sizes, one after the other, and a line on each."""
    faults: dict[str, float] = {}
    comments = []
    for kind, number in one.kinds:
        side = -1.0 if kind.signed and one.number % 4 >= 2 else 1.0
        size, before = side * kind.sizes[number], dict(faults)

        def both(parameter: float, kind: Kind = kind, before: Faults = before) -> Faults:
            return {**before, **kind.faults(parameter)}

        parameter = fault_for(kind.check, size, scenario, both, side * kind.most)
        faults.update(
            {name: round(value, 3 if abs(value) < 2 else 1) for name, value in kind.faults(parameter).items()}
        )
        comments.append(f"{kind.check} {size:g}, true {size_of(kind.check, scenario, faults):.3g}")
    return faults, comments


def _with_clean_style(scenario: Scenario, extra: Faults, rng: np.random.Generator) -> Scenario:
    """Return the scenario in a style whose every true value is clear."""
    for _ in range(STYLES_TRIED):
        styled = replace(scenario, style={**style(rng, scenario.exercise), **extra})
        sizes = sizes_of(styled, {})
        if all(_is_clear(styled, check, value) for check, value in sizes.items()):
            return styled
    raise ValueError(f"no clean style was found for {scenario.person.body} in {STYLES_TRIED}: {sizes}")


def _is_clear(scenario: Scenario, slug: str, value: float) -> bool:
    check = next(check for check in exercise_of(scenario).checks if check.slug == slug)
    if check.clear is None or check.sign is None or check.assessed_by.value == "second-model":
        return True
    size = abs(value) if check.two_sided else value
    return not math.isnan(size) and (size - check.clear) / (check.sign - check.clear) <= -CLEARLY


def _with_lens(scenario: Scenario) -> Scenario:
    """Return the scenario with the narrowest lens that is no narrower than its own and shows the whole person."""
    for fov_deg in LENSES_DEG:
        seen = replace(scenario, camera=replace(scenario.camera, fov_deg=max(fov_deg, scenario.camera.fov_deg)))
        camera = camera_of(seen, _station(seen))
        if shows(camera, _extent(seen), MARGIN_PX):
            return seen
    raise ValueError(f"no lens shows the whole person: {scenario.camera}")


def _station(scenario: Scenario) -> PushUpStation | None:
    if scenario.exercise != PUSH_UP:
        return None
    faults = scenario.faults_of(RepPlan())
    if not isinstance(faults, PushUpFaults):
        raise TypeError(f"{scenario.exercise} needs no bench")
    return PushUpStation.of(Body.load(scenario.person.body, scenario.person.stature_m), faults)


def _extent(scenario: Scenario) -> FloatArray:
    """Return (N, 3): the outermost points of the person, raised hands or a push-up's top and bottom."""
    body = Body.load(scenario.person.body, scenario.person.stature_m)
    station = _station(scenario)
    postures = [
        push_up_posture(body, station, amount, amount)
        if station
        else squat_posture(body, amount, SquatFaults(arm_spread=16))
        for amount in (0.0, 1.0)
    ]
    points = np.concatenate([body.keypoints_at(posture) for posture in postures])
    hands = points[[Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]] + (0, 0, HAND_M) if station is None else points[:1]
    feet = np.concatenate([body.feet_at(posture) for posture in postures])
    return np.concatenate([points, hands, feet])
