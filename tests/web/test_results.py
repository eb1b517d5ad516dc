"""The result page and the history: what a member reads there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from kiosk.station.live import LiveBoard, LiveView
from kiosk.web import access, results
from kiosk.web.results import PER_PAGE

Report = dict[str, Any]


@pytest.fixture(autouse=True)
def shown(board: LiveBoard, view: Callable[..., LiveView]) -> None:
    """The kiosk's own screen shows the result: nobody else reads it by its id."""
    board.publish(view(1, state="result", result_id="k3v9q2m7"))


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trainer reads; that a login is asked for is shown in test_access.py."""
    for module in (results, access):
        monkeypatch.setattr(module, "is_trainer", lambda: True)


def words(markup: str) -> str:
    """The text of a page as a reader gets it, without what stands in pictures."""
    text = re.sub(r"<svg.*?</svg>|<head>.*?</head>", " ", markup, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def read(client: FlaskClient, address: str = "/result/k3v9q2m7") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return words(answer.get_data(as_text=True))


def finding(client: FlaskClient, slug: str) -> str:
    markup = client.get("/result/k3v9q2m7").get_data(as_text=True)
    start = markup.index(f'id="check-{slug}"')
    return words("<" + markup[start : markup.find('id="check-', start + 1)])


def test_the_score_is_a_range_with_how_much_was_seen(client: FlaskClient) -> None:
    text = read(client)
    assert "72–84 of 100" in text
    assert "7 of 12 points seen" in text


def test_one_thing_stands_first(client: FlaskClient) -> None:
    assert re.search(r"Work on this first Knees move inward We saw .* Try: Knees over toes", read(client))


def test_findings_come_in_the_order_sign_unsure_clear_not_assessed(client: FlaskClient) -> None:
    text = read(client)
    places = [text.index(name) for name in ("What we saw", "Too close to call", "Looked fine", "Not assessed")]
    assert places == sorted(places)


def test_the_first_thing_leads_its_group(client: FlaskClient) -> None:
    markup = client.get("/result/k3v9q2m7").get_data(as_text=True)
    assert markup.index('id="check-knees-in"') < markup.index('id="check-forward-lean"')


def test_a_value_without_a_measured_error_says_so(client: FlaskClient, report: dict[str, Any]) -> None:
    next(check for check in report["checks"] if check["slug"] == "knees-in")["error"] = None
    assert "0.79 error not measured" in finding(client, "knees-in")


def test_a_sign_shows_value_error_limits_and_its_reps(client: FlaskClient) -> None:
    text = finding(client, "knees-in")
    assert "0.79 ± 0.06" in text
    assert "Clear from 1.00" in text
    assert "Sign below 0.85" in text
    assert "from rep 3 on" in text
    assert "Easier: Squat to a high box" in text
    assert "Often goes with pulling too much: adductors; pulling too little: gluteus medius." in text
    assert "To be confirmed" not in text
    assert "S63" in text


def test_a_sign_in_single_reps_names_them_and_unsourced_muscles_are_for_a_trainer(
    client: FlaskClient,
) -> None:
    text = finding(client, "forward-lean")
    assert "in reps 2 and 3" in text
    assert "Sign above 47°" in text
    assert "To be confirmed by a trainer" in text


def test_an_unsure_proxy_says_what_it_stands_for_and_asks_instead_of_telling(client: FlaskClient) -> None:
    text = finding(client, "weight-shift")
    assert "Unsure" in text
    assert "Stands for: the load on each foot" in text
    assert "Did you hurt a knee" in text
    assert "± 3.0 %" in text


def test_what_was_not_assessed_comes_with_its_reason(client: FlaskClient) -> None:
    assert "Heels come off the floor The camera's 17 points" in read(client).replace("&#39;", "'")


def test_each_finding_has_a_skeleton_and_a_chart(client: FlaskClient) -> None:
    markup = client.get("/result/k3v9q2m7").get_data(as_text=True)
    findings = markup[markup.index('id="checks"') :]
    assert findings.count('<svg class="skeleton"') == findings.count('<svg class="chart"') == 4


def test_the_one_thing_comes_with_its_picture_at_the_top(client: FlaskClient) -> None:
    markup = client.get("/result/k3v9q2m7").get_data(as_text=True)
    top = markup[markup.index('class="hero') : markup.index('id="programme"')]
    assert top.count('<svg class="skeleton"') == 1


def test_a_measured_check_says_value_and_limit_in_its_picture(client: FlaskClient, report: Report) -> None:
    next(check for check in report["checks"] if check["slug"] == "knees-in")["drawn"] = "gap knee ankle"
    markup = client.get("/result/k3v9q2m7").get_data(as_text=True)
    assert "limit 0.85</text>" in markup
    assert "Limit: 0.85.</title>" in markup


def test_a_picture_that_is_drawn_from_its_value_says_so(client: FlaskClient, report: Report) -> None:
    assert "Drawn from the measured value" not in read(client)
    next(check for check in report["checks"] if check["slug"] == "knees-in")["drawn"] = "toes-out ankle"
    assert "Drawn from the measured value" in finding(client, "knees-in")


def test_tempo_and_scores_are_charts_for_each_view(client: FlaskClient) -> None:
    markup = client.get("/result/k3v9q2m7").get_data(as_text=True)
    assert markup.count('<svg class="bars tempo"') == markup.count('<svg class="bars scores"') >= 1
    assert markup.count('<svg class="bars sides"') == 1


def test_the_programme_names_phase_dose_and_stop_rule(client: FlaskClient) -> None:
    text = read(client)
    assert re.search(r"1 · Loosen Roll the inner thigh 30-60 s .* Stop if it hurts\. For: Knees move inward", text)
    assert "4 · Put together" in text


def test_reps_show_score_range_tempo_and_signs_by_their_titles(client: FlaskClient) -> None:
    text = read(client)
    assert "4 front 58 97 % 1.50 s 0.20 s 1.24 s Knees move inward, Chest leans far forward" in text
    assert "5 front – 46 %" in text
    assert "Not counted: it ended half-way up" in text


def test_left_and_right_questions_notes_and_passes_are_there(client: FlaskClient) -> None:
    text = read(client)
    assert "Elbow angle at the bottom left 92°, right 101°: 9.3 % apart" in text
    assert "Does a wrist or shoulder hurt" in text
    assert "The second pass ended after 3 of 5 reps." in text
    assert "Side view: 3 of 5 reps, ended after a pause" in text


def test_the_standing_notice_is_on_every_result(client: FlaskClient) -> None:
    assert "A movement screen for general fitness, not a medical device or diagnosis." in read(client)


def test_no_word_of_the_page_diagnoses(client: FlaskClient) -> None:
    text = read(client).replace("not a medical device or diagnosis", "").lower()
    assert not re.search(r"diagnos|dysfunction|abnormal|injury risk|\bweak\b|\bfault", text)


def test_after_pain_there_is_no_score_and_the_page_says_why(client: FlaskClient, report: Report) -> None:
    report["pain"] = True
    text = read(client)
    assert "No score" in text
    assert "something hurt" in text
    assert "72–84" not in text
    assert "Work on this first" not in text


def test_a_withheld_score_says_how_little_was_seen(client: FlaskClient, report: Report) -> None:
    report["score"] = {"value": None, "low": None, "high": None, "seen": 0, "of": 12}
    assert "No score We saw too little to give one: 0 of 12 points seen" in read(client)


def test_a_score_without_width_is_one_number(client: FlaskClient, report: Report) -> None:
    report["score"] |= {"low": 80, "high": 80}
    assert "80 of 100" in read(client)
    assert "80–80" not in read(client)


def test_a_visit_in_which_nothing_was_seen_is_a_page_too(client: FlaskClient, report: Report) -> None:
    report |= {
        "exercise": None, "title": None, "view": None, "passes": [], "reps": [], "checks": [], "first": None,
        "score": {"value": None, "low": None, "high": None, "seen": 0, "of": 0}, "programme": [],
        "questions": [], "differences": [], "notes": ["We saw nobody."],
    }  # fmt: skip
    text = read(client)
    assert "No rep was counted." in text
    assert "We saw nobody." in text
    assert "Your programme" not in text


def test_a_set_without_signs_says_so(client: FlaskClient, report: Report) -> None:
    report["first"] = None
    assert "We saw no clear sign." in read(client)


@pytest.mark.usefixtures("trainer")
def test_names_cannot_smuggle_markup_into_the_page(client: FlaskClient, report: Report) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"

    def poison(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: value[key] if key in KEPT else poison(value[key]) for key in value}
        if isinstance(value, list):
            return [poison(item) for item in value]
        return evil if isinstance(value, str) else value

    poisoned = poison(report)
    report.clear()
    report.update(poisoned)
    for address in ("/result/k3v9q2m7", "/result/k3v9q2m7?part=1", "/results"):
        markup = client.get(address).get_data(as_text=True)
        assert "alert(1)" in markup
        assert "<script>alert" not in markup
        assert "<img" not in markup


#: Keys whose values choose a branch of the template and are checked by the core.
KEPT = frozenset({"id", "status", "verdict"})


def test_the_part_for_the_kiosks_screen_is_the_article_alone(client: FlaskClient) -> None:
    part = client.get("/result/k3v9q2m7?part=1").get_data(as_text=True)
    assert "<html" not in part
    assert "<article" in part
    whole = client.get("/result/k3v9q2m7").get_data(as_text=True)
    assert part.strip() in whole


def test_the_json_is_what_was_stored(client: FlaskClient, report: Report) -> None:
    assert client.get("/result/k3v9q2m7.json").json == report


@pytest.mark.parametrize("address", ["/result/none", "/result/none.json", "/result/none?part=1", "/result/../x"])
@pytest.mark.usefixtures("trainer")
def test_an_unknown_result_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("trainer")
def test_the_history_lists_a_result_with_its_score_and_links_to_it(client: FlaskClient) -> None:
    text = read(client, "/results")
    assert "72–84 Overhead squat 21 November 2026, 10:12 UTC · 5 reps First: Knees in" in text
    assert 'href="/result/k3v9q2m7"' in client.get("/results").get_data(as_text=True)


@pytest.mark.usefixtures("trainer")
def test_an_empty_history_says_so(client: FlaskClient, history: Any) -> None:
    history.reports.clear()
    assert "No results yet." in read(client, "/results")


@pytest.mark.usefixtures("trainer")
def test_the_history_is_paged_newest_first(client: FlaskClient, history: Any, report: Report) -> None:
    history.reports.update({f"r{n:03}": report | {"id": f"r{n:03}"} for n in range(2 * PER_PAGE)})
    pages = [client.get(f"/results?page={n}").get_data(as_text=True) for n in (1, 2, 3)]
    found = [re.findall(r'href="/result/(\w+)"', page) for page in pages]
    assert [len(ids) for ids in found] == [PER_PAGE, PER_PAGE, 1]
    assert found[0][0] == f"r{2 * PER_PAGE - 1:03}"
    assert found[2] == ["k3v9q2m7"]
    assert 'rel="prev"' not in pages[0]
    assert 'rel="next"' in pages[0]
    assert 'rel="next"' not in pages[2]
    assert "Page 2 of 3" in pages[1]


@pytest.mark.parametrize("page", ["0", "2", "-1", "99999999999"])
@pytest.mark.usefixtures("trainer")
def test_a_page_beyond_the_history_is_not_found(client: FlaskClient, page: str) -> None:
    assert client.get(f"/results?page={page}").status_code == 404


@pytest.mark.usefixtures("trainer")
def test_a_result_without_a_score_and_without_an_exercise_is_listed(client: FlaskClient, report: Report) -> None:
    report |= {"title": None, "first": None, "reps": [report["reps"][0]]}
    report["score"] |= {"low": None, "high": None}
    text = read(client, "/results")
    assert "– Exercise not told" in text
    assert "· 1 rep No clear sign" in text
