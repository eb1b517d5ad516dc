"""What doctor and status page say long after the check: how the camera hangs, and what to change by how much."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.item import Item
from kiosk.mounting.file import write_mounting
from kiosk.mounting.findings import Finding, findings
from kiosk.mounting.geometry import Place
from kiosk.mounting.item import mounting_item
from kiosk.web.language import find_languages

from .test_findings import AROUND, GOOD, LOOKS

GERMAN = find_languages()["de"]


def checked(folder: Path, place: Place | None, lines: tuple[Finding, ...] | None = None) -> Item:
    found = findings(place, AROUND, LOOKS, 24.0) if lines is None else lines
    write_mounting(folder, place, found, checked="2026-11-21", camera="Camera /dev/video0")
    return mounting_item(folder)


def test_a_camera_that_was_never_checked_is_worth_knowing(tmp_path: Path) -> None:
    item = mounting_item(tmp_path)
    assert (item.ok, item.says) == (None, "the camera's place was never checked")
    assert "kiosk camera check" in item.means


def test_one_that_hangs_well_tells_its_place_with_tilt_and_yaw(tmp_path: Path) -> None:
    item = checked(tmp_path, GOOD)
    assert item.ok is True
    assert "2° nach oben, 3° seitlich" in GERMAN.said(item.says)
    assert item.says == "checked on 2026-11-21: 1.0 m high, 3.0 m away, 2° up, 3° aside"
    assert (item.values["tilt_deg"], item.values["yaw_deg"]) == (round(GOOD.tilt_deg, 2), 3.0)


@pytest.mark.parametrize(
    ("wrong", "says", "change"),
    [
        ({"tilt_deg": 12.0}, "the camera looks 12° down", "Tilt it up by 14°."),
        (
            {"yaw_deg": 20.0},
            "the camera stands 20° aside of where the mark points, at the person's left hand",
            "105 cm",
        ),
        ({"yaw_deg": -20.0}, "at the person's right hand", "Move the camera about 105 cm to that person's left"),
    ],
)
def test_tilt_and_yaw_that_mislead_are_warned_about_in_degrees_with_what_to_do(
    tmp_path: Path, wrong: dict[str, float], says: str, change: str
) -> None:
    item = checked(tmp_path, replace(GOOD, **wrong))
    # A warning and no fault: the kiosk scans, and an update must not fail for it.
    assert item.ok is None
    assert item.says.startswith("checked on 2026-11-21, to be changed: ")
    assert says in item.says
    assert change in item.means
    assert item.means.endswith("it says what to change.")
    assert item.values["wrong"] in ("Tilt", "Yaw")


def test_several_are_told_with_their_changes_and_what_was_only_so_at_the_check_by_its_name(tmp_path: Path) -> None:
    bad = replace(GOOD, tilt_deg=12.0, yaw_deg=20.0)
    lines = findings(bad, AROUND, replace(LOOKS, brightness=10.0), 24.0)
    item = checked(tmp_path, bad, lines)
    assert item.says.endswith("looks 12° down; the camera stands 20° aside of where the mark points, "
                              "at the person's left hand; Light")  # fmt: skip
    assert item.means.startswith("Tilt it up by 14°. Move the camera about 105 cm to that person's right, or turn")


def test_a_place_that_was_not_measured_has_names_alone(tmp_path: Path) -> None:
    lines = findings(None, None, LOOKS, 24.0)
    assert checked(tmp_path, None, lines).says == "checked on 2026-11-21, to be changed: Whole body"


def test_a_yaw_that_was_not_measured_is_no_warning(tmp_path: Path) -> None:
    item = checked(tmp_path, replace(GOOD, yaw_deg=math.nan))
    assert item.ok is True
    assert "aside" not in item.says


def test_the_warning_is_german_where_the_page_is(tmp_path: Path) -> None:
    item = checked(tmp_path, replace(GOOD, tilt_deg=12.0, yaw_deg=20.0))
    said = GERMAN.said(item.says)
    assert said.startswith(
        "am 2026-11-21 geprüft, zu ändern: die Kamera blickt 12° nach unten; die Kamera steht 20° neben"
    )
    assert not {"the", "Move", "Tilt", "it"} & set(f"{said} {GERMAN.said(item.means)}".split())


def test_a_file_that_was_damaged_says_so(tmp_path: Path) -> None:
    (tmp_path / "mounting.toml").write_text("checked = ")
    assert "run kiosk camera check again" in mounting_item(tmp_path).says
