"""The recordings of ``kiosk demo``, rendered from the three scenarios in ``demo/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.people.film import Stage, write_video
from tests.people.scenario import Scenario

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
