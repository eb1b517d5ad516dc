"""Labelled recordings as keypoint files, with the noise of a model; and that noise, measured on rendered videos."""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from kiosk.bench.accuracy.recordings import ARRAYS, Labelled, TrueRep, read_recordings
from kiosk.bench.clips import keypoints
from kiosk.vision.keypoint_file import write_keypoints
from kiosk.vision.models import ModelFile
from tests.people.body import Body
from tests.people.motion import Performance
from tests.people.noise import KeypointNoise, Seen, Span, measured, noisy
from tests.people.scenario import Scenario
from tests.people.truth import truth_of, write_truth

#: What stands in for a view or exercise that was not measured: people who only stand there are seen like squatters.
_LIKE = {"incline-push-up rear": "incline-push-up front"}


def measure_noise(
    folder: Path, model: ModelFile, most: int, cache: Path | None = None
) -> tuple[int, dict[str, tuple[KeypointNoise, ...]]]:
    """Return on how many recordings, and the noise by "exercise view", measured on films of the part "tune".

    At most ``most`` recordings of each exercise and view are looked at. Raises SourceError for a wrong folder.
    """
    groups: dict[str, list[Labelled]] = defaultdict(list)
    for recording in read_recordings(folder):
        if recording.part == "tune" and recording.is_film and recording.exercise and recording.view:
            groups[f"{recording.exercise} {recording.view.value}"].append(recording)
    few = {name: _spread(group, most) for name, group in groups.items()}
    noise = {name: measured(_seen(one, model, cache) for one in group) for name, group in few.items()}
    return sum(len(group) for group in few.values()), noise


def write_recordings(
    scenarios: Mapping[str, Scenario],
    folder: Path,
    model: str,
    noise: Mapping[str, tuple[KeypointNoise, ...]],
    jobs: int = 1,
) -> Iterator[str]:
    """Write each scenario as NAME.npz with its truth beside it; yield the names. The same scenario gives the same.

    Several jobs are processes. Those of whose exercise and view no noise is known are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = [
        (folder / name, scenario, model, known)
        for name, scenario in scenarios.items()
        if (known := _noise_of(scenario, noise)) is not None
    ]
    if jobs == 1:
        yield from map(_write, work)
        return
    # Not forked: NumPy's and OpenCV's threads would be left behind half alive.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_write, work)


_Work = tuple[Path, Scenario, str, tuple[KeypointNoise, ...]]


def _noise_of(scenario: Scenario, noise: Mapping[str, tuple[KeypointNoise, ...]]) -> tuple[KeypointNoise, ...] | None:
    group = f"{scenario.exercise} {scenario.view.value}"
    return noise.get(group) or noise.get(_LIKE.get(group, f"overhead-squat {scenario.view.value}"))


def _write(work: _Work) -> str:
    place, scenario, model, known = work
    body = Body.load(scenario.person.body, scenario.person.stature_m)
    truth = truth_of(scenario, body, Performance(scenario, body))
    reps = [(rep["start_s"], rep["bottom_s"], rep["end_s"]) for rep in truth.facts["reps"]]
    size_px = (scenario.camera.width_px, scenario.camera.height_px)
    from_right = scenario.azimuth_deg == 270.0
    track = noisy(truth.xy, truth.t_s, size_px, reps, known, scenario.seed, from_right=from_right)
    write_keypoints(place.with_name(f"{place.name}.npz"), track)
    write_truth(place, truth, {"model": model, "source": "keypoints with noise"})
    return place.name


def _spread(group: list[Labelled], most: int) -> list[Labelled]:
    return group[:: max(1, -(-len(group) // most))]


def _seen(recording: Labelled, model: ModelFile, cache: Path | None) -> Seen:
    track = keypoints(recording.path, model, "tracked", threads=1, cache=cache)
    with np.load(recording.path.with_name(recording.name + ARRAYS), allow_pickle=False) as arrays:
        truth = np.asarray(arrays["xy"], np.float64)
    return Seen(
        truth[: len(track)], track, [_span(rep) for rep in recording.reps], recording.factors["flank"] == "right"
    )


def _span(rep: TrueRep) -> Span:
    return rep.start_s, rep.bottom_s, rep.end_s
