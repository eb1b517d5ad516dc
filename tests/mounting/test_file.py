"""The outcome of a check is kept, and told by the doctor."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from kiosk.errors import ConfigError, OutputError
from kiosk.mounting.file import NAME, Mounting, read_mounting, write_mounting
from kiosk.mounting.findings import Finding
from kiosk.mounting.geometry import Place
from kiosk.mounting.item import mounting_item

PLACE = Place(1.05, 3.02, 2.5, -0.4, 4.25, 70.0)
WELL = (Finding("Height", "", True), Finding("Frame rate", "", None))
BAD = (*WELL, Finding("Yaw", "", False, "Move it."), Finding("Tilt", "", False, "Tilt it."))


def store(
    folder: Path, place: Place | None = PLACE, lines: tuple[Finding, ...] = WELL, camera: str = "Camera"
) -> Mounting:
    return write_mounting(folder, place, lines, checked="2026-11-21", camera=camera)


def test_what_was_stored_is_read_again(tmp_path: Path) -> None:
    assert store(tmp_path, lines=BAD) == read_mounting(tmp_path)
    assert read_mounting(tmp_path) == Mounting("2026-11-21", "Camera", PLACE, ("Yaw", "Tilt"))


def test_what_was_not_measured_stays_so(tmp_path: Path) -> None:
    store(tmp_path, Place(1.0, 3.0, 1.0, 0.0, math.nan, 70.0))
    found = read_mounting(tmp_path)
    assert found is not None
    assert found.place is not None
    assert math.isnan(found.place.yaw_deg)
    store(tmp_path, None)
    found = read_mounting(tmp_path)
    assert found is not None
    assert found.place is None


@pytest.mark.parametrize("camera", ['Camera "USB"', "C:\\camera", "line\nbreak", "Kamera größer"])
def test_any_name_of_a_camera_can_be_kept(tmp_path: Path, camera: str) -> None:
    store(tmp_path, camera=camera)
    found = read_mounting(tmp_path)
    assert found is not None
    assert found.camera == camera.replace("\n", "")


def test_the_folder_is_made_and_no_half_file_is_left(tmp_path: Path) -> None:
    store(tmp_path / "state")
    assert [path.name for path in (tmp_path / "state").iterdir()] == [NAME]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(OutputError, match=r"mounting\.toml cannot be written"):
        store(tmp_path / "state")


@pytest.mark.parametrize("text", ["[", "checked = 1", "checked = 'a'\ncamera = 'b'\nwrong = 3", "\xff"])
def test_a_damaged_file_says_to_check_again(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError, match="run kiosk camera check again"):
        read_mounting(tmp_path)
    assert mounting_item(tmp_path).ok is None


def test_a_mounting_that_was_never_checked_is_worth_knowing(tmp_path: Path) -> None:
    item = mounting_item(tmp_path)
    assert item.ok is None
    assert "never checked" in item.says
    assert "kiosk camera check" in item.means


def test_what_is_to_be_changed_is_worth_knowing_until_it_was_changed(tmp_path: Path) -> None:
    store(tmp_path, lines=BAD)
    item = mounting_item(tmp_path)
    assert item.ok is None
    assert item.says.startswith("checked on 2026-11-21, to be changed: the camera stands 4° aside of")
    store(tmp_path)
    item = mounting_item(tmp_path)
    assert item.ok is True
    assert item.says == "checked on 2026-11-21: 1.1 m high, 3.0 m away, 2° down, 4° aside"
    assert item.values["yaw_deg"] == 4.25


def test_a_body_in_view_without_a_place_is_worth_knowing(tmp_path: Path) -> None:
    store(tmp_path, None)
    assert mounting_item(tmp_path).ok is None
