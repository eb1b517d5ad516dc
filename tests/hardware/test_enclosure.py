"""The box that is kept for printing is sound, fits what goes into it, and is the one of its source."""

from __future__ import annotations

import copy
import math
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from hardware import OUT
from hardware.__main__ import RECOMMENDED, drawings
from hardware.enclosure import build, checks, parts
from hardware.enclosure.dimensions import HEAT_W, air_needed_cm2, dimensions, through_walls_w
from hardware.pins import pin_table
from hardware.placement import lenses, place

LENS = lenses()[RECOMMENDED]
#: A usual printer's bed, and the most that a printable file may weigh here.
BED_MM, MOST_BYTES = 180.0, 300_000


@cache
def meshes() -> dict[str, trimesh.Trimesh]:
    return build.meshes()


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The dimensions, for a test that spoils them."""
    spoiled = copy.deepcopy(dimensions())
    for module in (checks, parts):
        monkeypatch.setattr(module, "dimensions", lambda: spoiled)
    return spoiled


def test_the_box_is_watertight_and_has_room_and_air() -> None:
    assert checks.faults(meshes(), LENS) == []


def test_the_printable_files_were_built_from_the_source_as_it_is() -> None:
    assert (OUT / "dimensions.scad").read_bytes() == drawings(pin_table())["dimensions.scad"]
    assert (OUT / build.STAMP).read_text(encoding="utf-8").strip() == build.fingerprint(), "run make hardware"


@pytest.mark.parametrize("part", build.PARTS)
def test_a_part_lies_on_the_bed_and_is_small_enough_for_it_and_for_the_repository(part: str) -> None:
    mesh = trimesh.load_mesh(OUT / f"{part}.stl")
    assert mesh.bounds[0][2] == pytest.approx(0 if part != "back" else -dimensions()["box"]["wall"], abs=0.01)
    assert (mesh.extents <= BED_MM).all()
    # Every edge belongs to two triangles, here counted without trimesh's own word for it.
    edges = np.sort(mesh.edges, axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    assert (OUT / f"{part}.stl").stat().st_size < MOST_BYTES


def test_a_part_is_one_piece() -> None:
    for name, mesh in meshes().items():
        # Faces that share an edge are of one piece: spread a mark from the first face until it spreads no more.
        joined = np.zeros(len(mesh.faces), dtype=bool)
        joined[0] = True
        pairs, before = mesh.face_adjacency, 0
        while before != joined.sum():
            before = int(joined.sum())
            touched = joined[pairs].any(axis=1)
            joined[pairs[touched]] = True
        assert joined.all(), name


def test_the_box_has_the_size_that_the_page_says() -> None:
    back, lid = meshes()["back"].bounds, meshes()["lid"].bounds
    size = np.maximum(back[1], lid[1]) - np.minimum(back[0], lid[0])
    assert f"{size[0]:.0f} × {size[1]:.0f} × {size[2]:.0f} mm" in (OUT.parent / "README.md").read_text(encoding="utf-8")


def test_the_wedge_tilts_by_what_the_camera_s_place_asks_for() -> None:
    mesh = meshes()["wedge"]
    slopes = {
        round(math.degrees(math.atan2(normal[1], normal[2])), 1)
        for normal, area in zip(mesh.face_normals, mesh.area_faces, strict=True)
        if normal[2] > 0.5 and area > 100
    }
    assert slopes == {round(place(LENS).tilt_deg, 1)}


def test_the_wall_screws_are_as_far_apart_and_as_high_as_the_guide_says() -> None:
    wall, box, lens = (dimensions()[name] for name in ("wall", "box", "camera"))
    (x0, y0), (x1, y1) = wall["keyholes"]
    assert y0 == y1
    guide = (OUT.parent / "assembly.md").read_text(encoding="utf-8")
    assert f"{x1 - x0:.0f} mm apart" in guide
    screws_m = 1.0 + (y0 + wall["slide"] - lens["lens"][1]) / 1000
    assert f"{screws_m:.2f} m above the floor" in guide
    # The box hangs between them: its middle is not beyond either.
    assert x0 < box["inner"][0] / 2 < x1


# --- What the checks would find ----------------------------------------------------------------------------------


def room() -> str:
    return "\n".join(checks.room(meshes()))


def test_a_torn_mesh_is_found() -> None:
    torn = meshes()["lid"].copy()
    torn.update_faces(np.arange(len(torn.faces)) > 5)
    assert checks.solidity("lid", torn) == ["lid: it is not watertight"]


def test_a_thin_wall_is_found() -> None:
    plate = trimesh.creation.box((50, 50, 0.8))
    assert checks.thinnest_mm(plate) == pytest.approx(0.8)
    assert checks.solidity("wedge", plate) == ["wedge: a wall of 0.80 mm is too thin"]


def test_a_board_in_a_wall_is_found(table: dict[str, dict[str, Any]]) -> None:
    table["pi"]["at"] = [76.0, 2.0]
    assert "board of the Pi: " in room() and "in the way of back" in room()


def test_a_plug_without_an_opening_is_found(table: dict[str, dict[str, Any]]) -> None:
    table["pi"]["lower_plug"] = [-2.6, 10.0]
    assert "power and screen plugs: " in room()


def test_parts_in_each_other_s_way_are_found(table: dict[str, dict[str, Any]]) -> None:
    table["front"]["button_deep"] = 30.0
    assert "parts on the breadboard and button 1 are in each other's way" in room()


def test_a_screw_head_behind_a_board_is_found(table: dict[str, dict[str, Any]]) -> None:
    table["wall"]["keyholes"] = [[40.0, 74.0], [149.0, 74.0]]
    assert "breadboard and head of wall screw 1 are in each other's way" in room()


def test_a_lid_that_does_not_close_is_found() -> None:
    lid = meshes()["lid"].copy()
    lid.apply_translation((1.0, 0.0, 0.0))
    assert "lid and back are" in "\n".join(checks.room(meshes() | {"lid": lid}))


def test_a_window_too_small_for_the_lens_is_found(table: dict[str, dict[str, Any]]) -> None:
    table["camera"]["lens_out"] = 3.0
    (said,) = checks.window(meshes()["lid"], LENS)
    assert said.endswith("of what the Camera Module 3 Wide, whole sensor sees")


def test_a_box_without_air_is_found() -> None:
    table = dimensions()
    x0, x1, y0, y1 = table["air"]["lid_upper"]
    deep, wall = table["box"]["inner"][2], table["box"]["wall"]
    cover = trimesh.creation.box(bounds=[(x0, y0, deep), (x1, y1, deep + wall)])
    covered = trimesh.boolean.union([meshes()["lid"], cover], engine="manifold")
    (said,) = checks.air(meshes() | {"lid": covered})
    assert "cm2 of air above" in said


def test_the_open_area_is_that_of_the_slots() -> None:
    air = dimensions()["air"]
    first, last = air["side_left"]
    slots = len(np.arange(first, last - air["slot"] + 1e-9, air["pitch"]))
    deep = air["side_deep"][1] - air["side_deep"][0]
    (left,) = [vent for vent in checks.vents("above") if vent[1].name == "left side"]
    assert checks.open_cm2(meshes(), left) == pytest.approx(slots * air["slot"] * deep / 100, rel=0.01)


def test_the_air_carries_the_heat_off() -> None:
    # Worked out the other way round: the flow through that opening, by its speed, takes the watts with it.
    rise_mm = checks.rise_mm()
    area_m2 = air_needed_cm2(rise_mm) / 1e4
    speed_m_s = 0.6 * math.sqrt(9.81 * rise_mm / 1000 * 20 / 300)
    assert area_m2 * speed_m_s * 1.15 * 1005 * 20 == pytest.approx(HEAT_W - through_walls_w(), rel=0.001)
    assert 0 < through_walls_w() < HEAT_W / 2
    assert air_needed_cm2(2 * rise_mm) < air_needed_cm2(rise_mm)


# --- OpenSCAD ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("openscad") is None, reason="builds the box: needs openscad (apt install openscad)")
def test_the_source_builds_the_same_box_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "hardware"
    (root / "enclosure").mkdir(parents=True)
    (root / "out").mkdir()
    shutil.copy(build.SOURCE, root / "enclosure")
    shutil.copy(OUT / "dimensions.scad", root / "out")
    monkeypatch.setattr(build, "SOURCE", root / "enclosure" / build.SOURCE.name)
    build.build(root / "out")
    assert (root / "out" / build.STAMP).read_text(encoding="utf-8") == (OUT / build.STAMP).read_text(encoding="utf-8")
    for name, mesh in build.meshes(root / "out").items():
        assert mesh.volume == pytest.approx(meshes()[name].volume, rel=1e-4)
        assert mesh.bounds == pytest.approx(meshes()[name].bounds, abs=0.01)


def test_without_openscad_the_builder_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(build.OpenScadError, match="apt install openscad"):
        build.build(tmp_path)


def test_a_source_that_does_not_build_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "openscad"
    program.write_text("#!/bin/sh\necho 'ERROR: no such thing' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(build.OpenScadError, match="could not build back:\nERROR: no such thing"):
        build.build(tmp_path)
