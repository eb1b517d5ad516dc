"""The recordings of ``kiosk demo``, rendered from the three scenarios in ``demo/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.people.body import Body
from tests.people.film import Stage, write_video
from tests.people.motion import Performance
from tests.people.scenario import Scenario, read_scenario
from tests.people.truth import Truth, truth_of

#: Where the scenarios are, and where the package keeps what is made of them.
SCENARIOS = Path(__file__).with_name("demo")
CLIPS = Path(__file__).parents[2] / "kiosk" / "demo"
#: They travel in the wheel: small before quick to make.
OPTIONS: Mapping[str, str] = MappingProxyType({"crf": "27", "preset": "veryslow"})


def make_clips(scenarios: Mapping[str, Scenario], folder: Path) -> Iterator[Path]:
    """Render NAME.mp4 of each scenario into a folder; yield them as they are done. Each is whole or as it was."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scenario in scenarios.items():
        stage, path = Stage(scenario), folder / f"{name}.mp4"
        times_s = stage.performance.frame_times(scenario.camera.fps)
        write_video(path, scenario.camera.fps, (stage.frame(float(t_s)) for t_s in times_s), OPTIONS)
        yield path


def truth_of_clip(name: str) -> Truth:
    """Return what is true of a clip of the demo, by its name without an ending; a pose for each of its frames."""
    scenario = read_scenario(SCENARIOS / f"{name}.toml")
    body = Body.load(scenario.person.body, scenario.person.stature_m)
    return truth_of(scenario, body, Performance(scenario, body))
