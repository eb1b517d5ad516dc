"""The golden recordings of the examples, through the whole of ``kiosk plugins check``."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from kiosk.kit.golden import read_folder
from kiosk.plugins import loading
from kiosk.vision.keypoint_file import recorded_with
from tests.commands import Kiosk, make_kiosk

from .example_golden import EXAMPLES, REMARK, SYNTHETIC, recordings
from .test_examples import FOLDERS, every_example, exercise, points


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kiosk:
    """The command where both examples are installed beside what is shipped."""
    found = [point for slug in FOLDERS for point in points(slug)]

    def installed(group: str) -> list[EntryPoint]:
        assert group == "kiosk"
        return found

    monkeypatch.setattr(loading, "entry_points", installed)
    return make_kiosk(tmp_path, monkeypatch, capsys)


@every_example
def test_an_example_keeps_what_it_promises_also_of_degraded_copies(kiosk: Kiosk, slug: str) -> None:
    said = kiosk("plugins", "check", FOLDERS[slug], "--html", "check.html")
    assert said.code == 0, said.out + said.err
    assert "It keeps its promise." in said.out
    assert "MISCOUNTED" not in said.out
    assert "MISSED" not in said.out
    assert "FALSE SIGN" not in said.out
    page = (kiosk.folder / "check.html").read_text(encoding="utf-8")
    assert page.count('<svg class="signal"') == len(list((FOLDERS[slug] / "golden").glob("*.npz")))


@every_example
def test_its_recordings_are_those_that_the_tests_make(slug: str) -> None:
    there = {one.name: one for one in read_folder(FOLDERS[slug] / "golden", exercise(slug))}
    made = {one.name: one for one in recordings(exercise(slug))}
    assert set(there) == set(made)
    for name, one in made.items():
        assert there[name].labels == one.labels
        np.testing.assert_allclose(there[name].track.xy, one.track.xy, atol=0.11)


@every_example
def test_every_check_of_it_is_labelled_both_ways(slug: str) -> None:
    labels = [one.labels for one in read_folder(FOLDERS[slug] / "golden", exercise(slug))]
    for check in exercise(slug).checks:
        said = {one.in_set(check.slug) for one in labels}
        assert {True, False} <= said, check.slug


def test_synthetic_people_are_said_to_be_such() -> None:
    files = sorted(EXAMPLES.glob("*/golden/*.npz"))
    assert files
    for path in files:
        assert recorded_with(path) == SYNTHETIC
        assert path.with_suffix(".toml").read_text(encoding="utf-8").startswith(REMARK)
    for folder in FOLDERS.values():
        assert "nobody was filmed" in (folder / "README.md").read_text(encoding="utf-8")
