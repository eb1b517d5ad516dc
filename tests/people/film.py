"""Renders scenarios to labelled recordings: NAME.mp4 and its truth, kept by content."""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np

from kiosk.vision.camera import Image
from tests.people.body import BODIES, Body, Posture, body_names
from tests.people.mesh import Mesh, bar_mesh, bench_mesh
from tests.people.motion import Performance
from tests.people.mounting import camera_of
from tests.people.outfit import SKIN_TONES, Dressed, Outfit, dress
from tests.people.push_up import PushUpStation
from tests.people.render import LIGHTS, draw
from tests.people.room import Room, background
from tests.people.scenario import Scenario, text_of
from tests.people.sensor import Sensor
from tests.people.truth import truth_file, truth_of, write_truth

#: Quality and effort of H.264: at 20 its traces are smaller than the noise of a camera.
OPTIONS: Mapping[str, str] = MappingProxyType({"crf": "20", "preset": "veryfast"})
#: The modules that decide what a recording looks like, and those that besides decide what is written down of it.
SEEN_BY = (
    *("acts", "body", "camera", "film", "head", "limbs", "mesh", "motion", "mounting", "outfit", "push_up", "render"),
    *("room", "rotation", "scenario", "sensor", "squat", "walking"),
)
TOLD_BY = ("truth",)
#: Where the JSON of a truth keeps its `content_keys`.
MADE_FROM = "made_from"


@dataclass(frozen=True, eq=False)
class Extra:
    """Somebody else in the picture: body and clothes."""

    body: Body
    dressed: Dressed


class Stage:
    """A scenario made ready to be seen: people dressed, room painted, camera mounted."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        person = scenario.person
        self.body = Body.load(person.body, person.stature_m)
        self._dressed = dress(self.body, person.outfit)
        self._extra = _somebody_else(scenario) if scenario.motion.second_person else None
        self.performance = Performance(scenario, self.body, self._extra.body if self._extra else None)
        station = self.performance.station
        self._things = [_support(scenario, station)] if station else []
        self._camera = camera_of(scenario, station)
        self._light = LIGHTS[scenario.scene.light]
        self._background = background(self._camera, Room(scenario.scene.room, self._light), scenario.seed)
        mounted = scenario.camera
        self._sensor = Sensor(
            blur_px=mounted.blur_px,
            noise=mounted.noise,
            exposure=mounted.exposure,
            flicker=mounted.flicker,
            readout_s=mounted.readout_s,
            seed=scenario.seed,
        )

    def frame(self, t_s: float) -> Image:
        """Return the picture (height, width, 3) BGR at a time."""
        shutter_s = self.scenario.camera.shutter_s
        if not shutter_s:
            return self._sensor.expose(self._drawn(t_s), t_s)
        early, late = (self._drawn(t_s + share * shutter_s) for share in (-0.25, 0.25))
        return self._sensor.expose(early, t_s, late)

    def _drawn(self, t_s: float) -> Image:
        people = self.performance.at(t_s)
        meshes = [_shown(self.body, self._dressed, people.person), *self._things]
        if people.passer_by is not None and self._extra is not None:
            meshes.append(_shown(self._extra.body, self._extra.dressed, people.passer_by))
        return draw(self._camera, self._background, meshes, self._light)


def _shown(body: Body, dressed: Dressed, posture: Posture) -> Mesh:
    return Mesh(body.skin(posture, dressed.offset), dressed.faces, dressed.colours)


def _support(scenario: Scenario, station: PushUpStation) -> Mesh:
    mesh = bench_mesh if scenario.scene.support == "bench" else bar_mesh
    return mesh(station)


def _somebody_else(scenario: Scenario) -> Extra:
    """Return another body than the scenario's, in clothes of any colour."""
    rng = np.random.default_rng((scenario.seed, 2))
    names = [name for name in body_names() if name != scenario.person.body]
    skins = sorted(SKIN_TONES)
    top, bottom = ((int(blue), int(green), int(red)) for blue, green, red in rng.integers(30, 220, (2, 3)))
    outfit = Outfit(
        skin=skins[rng.integers(len(skins))], bottom="trousers", top_colour=top, bottom_colour=bottom, hair="short"
    )
    body = Body.load(names[rng.integers(len(names))])
    return Extra(body, dress(body, outfit))


def render(scenario: Scenario, stem: Path) -> int:
    """Write one recording, its truth last, and return how many frames it has. It is whole or not there.

    A video that is there already and looks as it would now is kept, and only the truth written again.
    """
    stage = Stage(scenario)
    truth = truth_of(scenario, stage.body, stage.performance)
    keys = content_keys(scenario)
    if not _has_video(stem, keys["video"]):
        truth_file(stem).unlink(missing_ok=True)
        video = (stage.frame(float(t)) for t in truth.t_s)
        write_video(stem.with_name(f"{stem.name}.mp4"), scenario.camera.fps, video)
    write_truth(stem, truth, {MADE_FROM: keys})
    return len(truth.t_s)


def write_video(path: Path, fps: float, frames: Iterable[Image], options: Mapping[str, str] = OPTIONS) -> None:
    """Write pictures (height, width, 3) BGR as H.264; what was at ``path`` before stays until it is whole."""
    # Only who renders needs PyAV: the rest of this package is used without it.
    import av

    part = path.with_name(f".{path.stem}.part.mp4")
    images = iter(frames)
    first = next(images)
    try:
        with av.open(str(part), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001), options=dict(options))
            stream.height, stream.width = first.shape[:2]
            stream.pix_fmt = "yuv420p"
            # One process per core renders: more threads would only wait for each other.
            stream.codec_context.thread_count = 1
            for image in chain([first], images):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
            container.mux(stream.encode())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def content_keys(scenario: Scenario) -> dict[str, str]:
    """Return what video and truth depend on, a word each: the scenario, the bodies, and the code that makes them."""
    text = text_of(scenario)
    video = hashlib.sha256((text + _digest(SEEN_BY)).encode()).hexdigest()[:24]
    truth = hashlib.sha256((video + _digest(TOLD_BY)).encode()).hexdigest()[:24]
    return {"video": video, "truth": truth}


def is_made(stem: Path, scenario: Scenario) -> bool:
    """Whether the recording of a scenario is there, whole and of today's code."""
    keys = content_keys(scenario)
    return _has_video(stem, keys["video"]) and _made_from(stem).get("truth") == keys["truth"]


def _has_video(stem: Path, key: str) -> bool:
    return stem.with_name(f"{stem.name}.mp4").is_file() and _made_from(stem).get("video") == key


def _made_from(stem: Path) -> dict[str, str]:
    """Return the `content_keys` that a recording was made from; empty where there is none, or no readable one."""
    try:
        facts: dict[str, Any] = json.loads(truth_file(stem).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    keys = facts.get(MADE_FROM)
    return keys if isinstance(keys, dict) else {}


def default_folder() -> Path:
    """Return the folder for rendered recordings: plumbline/people in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "plumbline" / "people"


def render_all(scenarios: Mapping[str, Scenario], folder: Path, jobs: int) -> Iterator[str]:
    """Render scenarios by name, longest first, a process for each job; yield names as they are done."""
    folder.mkdir(parents=True, exist_ok=True)
    order = sorted(scenarios, key=lambda name: -scenarios[name].camera.fps * len(scenarios[name].reps))
    with ProcessPoolExecutor(jobs, initializer=_one_thread) as pool:
        running = {pool.submit(render, scenarios[name], folder / name): name for name in order}
        try:
            for future in as_completed(running):
                future.result()
                yield running[future]
        finally:
            # After Ctrl-C, or a mistake in one: nothing new begins.
            pool.shutdown(wait=True, cancel_futures=True)


def _one_thread() -> None:
    cv2.setNumThreads(1)


@cache
def _digest(modules: tuple[str, ...]) -> str:
    """Return the digest of the bodies and of modules, their comments and layout left out."""
    digest = hashlib.sha256(BODIES.read_bytes())
    for name in modules:
        source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        digest.update(ast.dump(ast.parse(source)).encode())
    return digest.hexdigest()
