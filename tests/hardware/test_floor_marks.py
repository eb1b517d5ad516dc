"""The floor marks come out of a printer at true scale, whole, and in the right place."""

from __future__ import annotations

from functools import cache
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest

from hardware.__main__ import fitting
from hardware.floor_marks import (
    BAR_MM,
    COLUMNS,
    PAGE,
    PAGES,
    ROWS,
    RULER_AT,
    RULER_MM,
    SHOE,
    STANCE_MM,
    TILE,
    TILE_AT,
    outlines,
    overview,
    write,
)

#: Pixels of a millimetre in the test's own print: a point is 1/72 inch.
FINE = 5.0
BLUE, BROWN, RED, BLACK = (35, 82, 196), (190, 90, 20), (200, 30, 30), (0, 0, 0)


@cache
def document() -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(write(fitting()))


@cache
def printed(page: int) -> np.ndarray:
    """A page as a printer with `FINE` dots per millimetre lays it down; another program reads the file for that."""
    return np.asarray(document()[page - 1].render(scale=FINE * 25.4 / 72).to_pil().convert("RGB"), dtype=int)


def of_colour(image: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return np.abs(image - np.array(colour)).sum(axis=2) < 60


def put_together() -> np.ndarray:
    """The tiles, cut along their frames and laid side by side."""
    wide, high = (round(side * FINE) for side in TILE)
    left, top = (round(at * FINE) for at in TILE_AT)
    cut = [printed(page)[top : top + high, left : left + wide] for page in range(2, 2 + COLUMNS * ROWS)]
    return np.vstack([np.hstack(cut[row * COLUMNS : (row + 1) * COLUMNS]) for row in range(ROWS)])


def extent_mm(mask: np.ndarray) -> tuple[float, float]:
    """How far a colour reaches across and down, in millimetres."""
    rows, columns = np.nonzero(mask)
    return float(np.ptp(columns) + 1) / FINE, float(np.ptp(rows) + 1) / FINE


def test_the_pages_are_a4_and_as_many_as_they_say() -> None:
    assert len(document()) == PAGES
    for page in document():
        assert [side * 25.4 / 72 for side in page.get_size()] == [
            pytest.approx(210, abs=0.1),
            pytest.approx(297, abs=0.1),
        ]
    assert PAGE == (210.0, 297.0)


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_the_ruler_on_every_page_is_100_mm_long(page: int) -> None:
    x, y = RULER_AT
    # Its two end strokes, in a strip where no shorter stroke reaches.
    strip = of_colour(printed(page), BLACK)[round((y - 4.8) * FINE) : round((y - 4) * FINE)].any(axis=0)
    strokes = np.nonzero(strip)[0] / FINE
    assert RULER_MM == 100
    assert strokes.min() == pytest.approx(x, abs=0.5)
    assert strokes.max() - strokes.min() == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_every_page_says_what_it_is(page: int) -> None:
    words = document()[page - 1].get_textpage().get_text_range()
    assert f"Page {page} of {PAGES}" in words and "100 percent" in words and "must be 100 mm" in words


def test_glued_together_the_feet_have_the_size_and_distance_of_the_table() -> None:
    blue = of_colour(put_together(), BLUE)
    across, along = extent_mm(blue)
    # The lines are 1.2 mm thick, half of it outside.
    assert across == pytest.approx(STANCE_MM + SHOE[0] + 1.2, abs=1)
    assert along == pytest.approx(SHOE[1] + 1.2, abs=1)
    brown = of_colour(put_together(), BROWN)
    turned_across, turned_along = extent_mm(brown)
    assert turned_along == pytest.approx(across, abs=1.5)
    assert turned_across == pytest.approx(along, abs=1.5)


def test_the_cross_is_in_the_middle_of_both_pairs() -> None:
    sheet = put_together()
    middle = [side / 2 for side in sheet.shape[:2]]
    for colour in (RED, BLUE, BROWN):
        rows, columns = np.nonzero(of_colour(sheet, colour))
        assert (rows.min() + rows.max()) / 2 == pytest.approx(middle[0], abs=0.8 * FINE)
        assert (columns.min() + columns.max()) / 2 == pytest.approx(middle[1], abs=0.8 * FINE)


def test_no_line_is_torn_where_tiles_meet() -> None:
    sheet = put_together()
    wide, high = (round(side * FINE) for side in TILE)
    blue = of_colour(sheet, BLUE)
    seam = round(1.0 * FINE)
    above, below = blue[high - 2 * seam : high - seam].any(axis=0), blue[high + seam : high + 2 * seam].any(axis=0)
    # Four outlines of feet cross the middle seam; each goes on within 1.5 mm of where it stopped.
    for column in np.nonzero(above)[0]:
        assert below[max(0, column - round(1.5 * FINE)) : column + round(1.5 * FINE)].any()
    assert above.any() and below.any()
    assert sheet.shape[:2] == (ROWS * high, COLUMNS * wide)


def test_a_foot_is_shaped_like_one() -> None:
    for outline in outlines():
        points = np.array(outline.points)
        sizes = sorted(np.ptp(points, axis=0))
        assert sizes == [pytest.approx(SHOE[0]), pytest.approx(SHOE[1])]
    left, right = (np.array(outline.points) for outline in outlines()[:2])
    assert left[:, 0].max() < 0 < right[:, 0].min()
    # The toes, at the camera's side, are wider than the heel; the big toe is inside.
    toes, heel = left[left[:, 1] > 60], left[left[:, 1] < -90]
    assert np.ptp(toes[:, 0]) > np.ptp(heel[:, 0])
    assert left[left[:, 1].argmax()][0] > left[:, 0].mean()


def test_the_marks_stay_on_the_sheet() -> None:
    reach = max(abs(x) for outline in outlines() for x, _ in outline.points)
    assert reach < COLUMNS * TILE[0] / 2 - 5
    assert max(abs(y) for outline in outlines() for _, y in outline.points) < ROWS * TILE[1] / 2 - 5


def test_the_first_page_names_every_lens_with_its_distance_and_the_last_the_bar() -> None:
    first = document()[0].get_textpage().get_text_range()
    for one in fitting():
        assert f"{one.lens.name}: {one.distance_m:.2f} m" in first
    assert f"{BAR_MM / 10:.0f} cm from it" in first
    assert f"{BAR_MM:.0f} mm" in document()[PAGES - 1].get_textpage().get_text_range()


def test_no_words_run_off_the_page() -> None:
    for page in document():
        words = page.get_textpage()
        width, _ = page.get_size()
        for index in range(words.count_rects()):
            left, _, right, _ = words.get_rect(index)
            assert left > 5 and right < width - 5


def test_the_picture_for_the_guide_shows_the_same_outlines() -> None:
    tree = ElementTree.fromstring(overview())
    drawn = [line.get("points", "") for line in tree.iter("{http://www.w3.org/2000/svg}polyline")]
    for outline in outlines():
        x, y = outline.points[0]
        first = f"{round(x + COLUMNS * TILE[0] / 2, 2):g},{round(ROWS * TILE[1] / 2 - y, 2):g}"
        assert any(points.startswith(first) and points.endswith(first) for points in drawn)


def test_the_same_marks_give_the_same_file() -> None:
    assert write(fitting()) == write(fitting())
