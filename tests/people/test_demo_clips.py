import contextlib
from pathlib import Path

import numpy as np
import pytest

from kiosk.vision.sources import VideoFile
from tests.people import __main__ as command
from tests.people import demo, suite

NAMES = ("incline_push_up_side", "overhead_squat_front", "overhead_squat_side")


def test_there_is_a_scenario_for_every_clip_of_the_package() -> None:
    assert set(suite.read(demo.SCENARIOS)) == {path.stem for path in demo.CLIPS.glob("*.mp4")} == set(NAMES)


@pytest.mark.parametrize(
    ("name", "reps", "onset", "fault"),
    [
        ("overhead_squat_front", 5, 3, "knee_in"),
        ("overhead_squat_side", 5, 3, "arms_fwd"),
        ("incline_push_up_side", 8, 6, "sag"),
    ],
)
def test_each_shows_one_fault_from_one_rep_on(name: str, reps: int, onset: int, fault: str) -> None:
    plans = suite.read(demo.SCENARIOS)[name].reps
    assert [set(plan.faults) for plan in plans] == [set()] * (onset - 1) + [{fault}] * (reps - onset + 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_is_of_todays_scenario_and_small(name: str) -> None:
    path, truth = demo.CLIPS / f"{name}.mp4", demo.truth_of_clip(name)
    video = VideoFile(path)
    video.open()
    with contextlib.closing(video):
        assert video.frame_count == len(truth.t_s)
        assert video.fps == pytest.approx(30, abs=0.01)
    assert path.stat().st_size < 350_000
    # Two seconds in the starting posture first.
    moves = np.abs(truth.xy[:59] - truth.xy[0]).max()
    assert moves < 12 < np.abs(truth.xy - truth.xy[0]).max()


def test_the_command_renders_every_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("av", reason="rendering needs PyAV: make setup-tests")
    text = (demo.SCENARIOS / "overhead_squat_front.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("fps = 30.0", "fps = 1.0\nwidth_px = 96\nheight_px = 72"))
    monkeypatch.setattr(demo, "SCENARIOS", tmp_path)
    assert command.main(["demo", "--out", str(tmp_path / "clips")]) == 0
    assert [path.name for path in (tmp_path / "clips").iterdir()] == ["mine.mp4"]
    assert "mine.mp4" in capsys.readouterr().out
