"""History without accounts: a code that the member chooses, the course behind it, and deleting all of it."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from tests.web.conftest import Taken

CODE = "otter maple river 42"
OTHER = "silver comet donkey 17"


def keep(taken: Taken, key: str, code: str, kind: str = "new", address: str = "192.168.1.30") -> tuple[int, str, str]:
    """Send the form of "Keep my course"; return the status, where it leads, and the page."""
    answer = taken.phone(address).post(f"{taken.link(key)}/keep", code=code, kind=kind)
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


# --- choosing a code ----------------------------------------------------------------------------------------


def test_everybody_is_a_guest_unless_they_ask(taken: Taken) -> None:
    key = taken.add()
    phone = taken.phone()
    phone.get(taken.link(key))
    page = phone.text(f"{taken.link(key)}/keep")
    assert "I am new here" in page
    assert taken.store.member_of(key) is None


def test_a_code_is_suggested_that_will_do(taken: Taken) -> None:
    page = taken.phone().text(f"{taken.link(taken.add())}/keep")
    suggested = re.search(r'id="new" name="code" value="([a-z]+ [a-z]+ [a-z]+ \d\d)"', page)
    assert suggested is not None


def test_a_new_code_begins_a_course_and_leads_to_it(taken: Taken) -> None:
    key = taken.add()
    status, place, _page = keep(taken, key, CODE)
    assert status == 303
    assert taken.store.member_of(key) == taken.member(CODE)
    assert "Kept. Your code opens this page" in taken.phone().text(place)


def test_the_code_itself_is_stored_nowhere(taken: Taken) -> None:
    keep(taken, taken.add(), CODE)
    member = taken.store.recent(1, 0)[0].member or ""
    assert "otter" not in member
    assert len(member) == 24


def test_last_times_code_adds_todays_result_however_it_is_spelt(taken: Taken) -> None:
    taken.add(days_ago=30, code=CODE)
    key = taken.add()
    status, place, _page = keep(taken, key, "  Otter-MAPLE   river 42 ", "mine")
    assert status == 303
    assert "Added to your course." in taken.phone().text(place)
    assert next(line.id for line in taken.store.of_member(taken.member(CODE))) == key


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "at least eight"),
        ("abc 12", "at least eight"),
        ("        ", "at least eight"),
        ("12345678", "too easily"),
        ("19081980", "too easily"),
        ("qwertzui", "too easily"),
        ("aaaa aaaa", "too easily"),
        ("password", "too easily"),
        ("a1" * 60, "at most eighty"),
    ],
)
def test_a_code_that_others_guess_is_refused_with_what_to_do(taken: Taken, code: str, says: str) -> None:
    key = taken.add()
    status, _place, page = keep(taken, key, code)
    assert status == 422
    assert says in page
    assert taken.store.member_of(key) is None


def test_a_code_that_somebody_has_is_refused_without_telling_whose(taken: Taken) -> None:
    taken.add(days_ago=3, code=CODE)
    key = taken.add()
    status, _place, page = keep(taken, key, CODE)
    assert status == 422
    assert "This code cannot be had. Choose another one." in page
    assert taken.store.member_of(key) is None


def test_an_unknown_code_opens_no_course(taken: Taken) -> None:
    key = taken.add()
    status, _place, page = keep(taken, key, CODE, "mine")
    assert status == 422
    assert "There is no course with this code." in page
    assert taken.store.member_of(key) is None


def test_nobody_takes_a_result_out_of_anothers_course_by_its_link(taken: Taken) -> None:
    key = taken.add(code=CODE)
    status, _place, page = keep(taken, key, OTHER)
    assert status == 422
    assert "in a course already" in page
    assert taken.store.member_of(key) == taken.member(CODE)


def test_what_was_typed_comes_back_as_text(taken: Taken) -> None:
    _status, _place, page = keep(taken, taken.add(), '"><script>', "mine")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_codes_cannot_be_tried_by_the_thousand(taken: Taken) -> None:
    key = taken.add()
    answers = [keep(taken, key, f"otter maple river {n}", "mine") for n in range(10, 21)]
    assert [status for status, *_ in answers] == [422] * 10 + [429]
    assert "tried too often" in answers[-1][2]
    assert keep(taken, key, CODE, "mine", "192.168.1.31")[0] == 422, "another phone still may"


def test_a_form_from_elsewhere_is_refused(taken: Taken) -> None:
    key = taken.add(code=CODE)
    phone = taken.phone()
    for address in (f"{taken.link(key)}/keep", f"{taken.course(CODE)}/forget", f"{taken.course(CODE)}/take-off"):
        answer = phone.client.post(address, data={"code": OTHER, "kind": "new", "result": key})
        assert answer.status_code == 400
        assert "load it again" in answer.get_data(as_text=True)
    assert taken.store.member_of(key) == taken.member(CODE)


# --- the course -----------------------------------------------------------------------------------------------


def test_the_course_shows_the_score_and_each_check_over_the_dates_with_its_error(taken: Taken) -> None:
    for days in (40, 20, 0):
        taken.add(days_ago=days, code=CODE)
    page = taken.phone().text(taken.course(CODE))
    assert page.count('<svg class="course-plot"') == 5  # the score and four checks that have values
    assert 'class="error"' in page
    assert "Knees move inward" in page
    assert "12 Oct" in page
    assert "21 Nov" in page
    assert "3 results since 12 October 2026." in page


def test_each_result_of_the_course_has_a_link_that_works(taken: Taken) -> None:
    for days in (9, 0):
        taken.add(days_ago=days, code=CODE)
    phone = taken.phone()
    links = re.findall(r'href="(/r/[^"]+)"', phone.text(taken.course(CODE)))
    assert len(links) == 2
    assert [phone.get(link).status_code for link in links] == [200, 200]


def test_the_page_has_a_code_to_come_back_and_its_whole_address(taken: Taken) -> None:
    taken.add(code=CODE)
    assert 'class="qr"' in taken.phone().text(taken.course(CODE))


def test_the_course_of_one_says_so_and_compares_nothing(taken: Taken) -> None:
    taken.add(code=CODE)
    page = taken.phone().text(taken.course(CODE))
    assert "One result so far." in page
    assert "What changed since last time" not in page


def test_a_change_beyond_the_error_is_told_and_one_within_is_not(taken: Taken) -> None:
    knees, arms = 0.60, 10.5  # errors are 0.06 and 4.2 each time
    checks = [dict(check) for check in taken.report["checks"]]
    for check in checks:
        check["value"] = {"knees-in": knees, "arms-fall-forward": arms}.get(check["slug"], check["value"])
    taken.add(days_ago=30, code=CODE, checks=checks)
    taken.add(code=CODE)
    changed = taken.phone().text(taken.course(CODE)).split("What changed since last time")[1].split("<h2>")[0]
    assert "Knees move inward" in changed
    assert "0.60 → 0.79" in changed
    assert "± 0.08" in changed
    assert "Better" in changed
    assert "Arms" not in changed


def test_what_another_model_measured_is_not_compared(taken: Taken) -> None:
    taken.add(days_ago=30, code=CODE, model="movenet_lightning_int8")
    taken.add(code=CODE)
    assert "two different pose models" in taken.phone().text(taken.course(CODE))


def test_two_exercises_are_two_courses_on_one_page(taken: Taken) -> None:
    taken.add(days_ago=30, code=CODE, exercise="incline-push-up", title="Incline push-up")
    taken.add(code=CODE)
    page = taken.phone().text(taken.course(CODE))
    assert re.search(r"Overhead squat <span class=\"number\">1<.*Incline push-up <span class=\"number\">1<", page, re.S)


def test_results_without_a_score_and_with_pain_stand_in_the_list(taken: Taken) -> None:
    none = {"value": None, "low": None, "high": None, "seen": 0, "of": 12}
    taken.add(days_ago=30, code=CODE, pain=True, score=none)
    taken.add(code=CODE)
    page = taken.phone().text(taken.course(CODE))
    assert 'class="row-score">–<' in page
    assert "Something hurt in one of the two" in page


@pytest.mark.parametrize("ending", ["", ".json", ".csv", "/forget"])
def test_a_link_without_a_course_says_what_to_do(taken: Taken, ending: str) -> None:
    answer = taken.phone().get(f"{taken.course(CODE)}{ending}")
    assert answer.status_code == 404
    assert "There is no course here" in answer.get_data(as_text=True)
    assert taken.phone().get(f"/m/nonsense{ending}").status_code == 404


# --- taking along, taking off, deleting -------------------------------------------------------------------------


def test_all_of_a_course_can_be_saved(taken: Taken) -> None:
    keys = [taken.add(days_ago=days, code=CODE) for days in (20, 0)]
    taken.add(code=OTHER)
    phone = taken.phone()
    data = phone.get(f"{taken.course(CODE)}.json").json
    assert data is not None
    assert [one["id"] for one in data["results"]] == keys
    rows = list(csv.DictReader(io.StringIO(phone.text(f"{taken.course(CODE)}.csv"))))
    assert len(rows) == 2 * len(taken.report["checks"])
    knees = [row for row in rows if row["check"] == "knees-in"]
    assert [(row["result"], row["value"], row["error"]) for row in knees] == [(key, "0.79", "0.06") for key in keys]


def test_a_table_never_holds_a_formula(taken: Taken) -> None:
    checks = [dict(taken.report["checks"][0], slug="=HYPERLINK(1)")]
    taken.add(code=CODE, checks=checks)
    assert "'=HYPERLINK(1)" in taken.phone().text(f"{taken.course(CODE)}.csv")


def test_a_result_that_is_taken_off_is_a_guests_and_the_others_stay(taken: Taken) -> None:
    old, new = (taken.add(days_ago=days, code=CODE) for days in (20, 0))
    course = taken.course(CODE)
    answer = taken.phone().post(f"{course}/take-off", course, result=old)
    assert answer.status_code == 303
    assert taken.store.member_of(old) is None
    assert taken.store.load(old) is not None
    assert [line.id for line in taken.store.of_member(taken.member(CODE))] == [new]


def test_nobody_takes_off_what_is_not_theirs(taken: Taken) -> None:
    taken.add(code=CODE)
    theirs = taken.add(code=OTHER)
    course = taken.course(CODE)
    assert taken.phone().post(f"{course}/take-off", course, result=theirs).status_code == 404
    assert taken.store.member_of(theirs) == taken.member(OTHER)


def test_everything_is_deleted_with_one_button_after_one_question(taken: Taken) -> None:
    keys = [taken.add(days_ago=days, code=CODE) for days in (40, 20, 0)]
    others = taken.add(code=OTHER)
    taken.store.add_note(keys[0], None, "Old ankle injury", datetime.now(UTC))
    course, phone = taken.course(CODE), taken.phone()
    assert "All 3 results" in phone.text(f"{course}/forget")
    assert taken.store.count() == 4, "asking deletes nothing"
    answer = phone.post(f"{course}/forget")
    assert "3 results were deleted" in answer.get_data(as_text=True)
    assert [line.id for line in taken.store.recent(9, 0)] == [others]
    assert taken.store.notes(keys[0]) == []
    assert phone.get(course).status_code == 404


def test_a_code_is_free_again_when_everything_was_deleted(taken: Taken) -> None:
    taken.add(code=CODE)
    taken.phone().post(f"{taken.course(CODE)}/forget")
    assert keep(taken, taken.add(), CODE)[0] == 303
