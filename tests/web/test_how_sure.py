"""The page /how-sure and its charts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.how_sure import INTRO, Seen
from kiosk.movement.accuracy import SizeBand
from kiosk.station.live import LiveBoard, LiveView
from kiosk.web.size_chart import PLOT, sizes_svg
from tests.test_how_sure import measured

BANDS = (SizeBand(0.0, 1.0, 1, 2, 3, 0), SizeBand(1.0, 2.0, 0, 0, 0, 0), SizeBand(2.0, None, 4, 0, 0, 0))


def test_the_page_says_what_was_measured(make_app: Callable[..., Flask], board: LiveBoard) -> None:
    board.publish(LiveView(sequence=1, model="thunder"))
    answer = make_app(exercises=[measured()]).test_client().get("/how-sure")
    markup = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert INTRO[1] in markup
    assert "Tilting: thunder (in use here)" in markup
    assert "<summary>Tilting: lightning</summary>" in markup
    assert '<td data-of="Signs found">9 of 10 (90%; 60% to 98%)</td>' in markup
    assert 'class="missed">NO</td>' in markup
    assert markup.count("<svg") == 1, "of two checks one has sets with a fault"


def test_without_exercises_it_says_so(client: FlaskClient) -> None:
    assert "No exercise is in use." in client.get("/how-sure").get_data(as_text=True)


def test_an_exercise_that_nobody_measured_says_so(make_app: Callable[..., Flask]) -> None:
    markup = make_app(exercises=[measured(None)]).test_client().get("/how-sure").get_data(as_text=True)
    assert "Nobody has measured this exercise yet" in markup


@pytest.mark.parametrize("address", ["/results", "/status", "/how-sure", "/"])
def test_every_page_leads_to_it(client: FlaskClient, address: str) -> None:
    assert 'href="/how-sure"' in client.get(address).get_data(as_text=True)


def test_a_result_leads_to_it(client: FlaskClient, report: dict[str, str]) -> None:
    for address in (f"/result/{report['id']}", f"/result/{report['id']}?part=1"):
        assert 'href="/how-sure">How sure are we?</a>' in client.get(address).get_data(as_text=True)


def heights(markup: str, kind: str) -> list[float]:
    return [float(height) for height in re.findall(rf'class="{kind}"[^>]* height="([\d.]+)"', markup)]


def test_a_column_is_cut_as_its_sets_were_judged() -> None:
    markup = sizes_svg(Seen("Tilts", BANDS), "a label")
    assert heights(markup, "sign") == pytest.approx([PLOT / 6, PLOT], abs=0.1)
    assert heights(markup, "unsure") == pytest.approx([PLOT / 3], abs=0.1)
    assert heights(markup, "clear") == pytest.approx([PLOT / 2], abs=0.1)
    assert "<title>a label: 0 to 1: 1 of 6 found; over 2: 4 of 4 found</title>" in markup


def test_an_empty_band_has_a_dash_and_no_column() -> None:
    assert sizes_svg(Seen("Tilts", BANDS), "a label").count("–</text>") == 1


def test_a_check_without_faults_has_no_chart() -> None:
    assert sizes_svg(Seen("Tilts", BANDS[1:2]), "a label") == ""


def test_labels_are_escaped() -> None:
    assert "<b>" not in sizes_svg(Seen("Tilts", BANDS), "<b>")
