"""The trainer's day: whose visits, which of them, one result, and deleting."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from kiosk_plank_hold import plank_hold

from kiosk.web.context import EXTENSION
from kiosk.web.trainer.names import nickname
from kiosk.web.trainer.visits import PER_PAGE

MEMBER = "5f" * 32


def ids(page: str) -> list[str]:
    return re.findall(r'type="checkbox" name="id" value="([^"]+)"', page)


def test_an_empty_day_says_so(trainer: Any) -> None:
    assert "No visits on this day yet." in trainer.text("/trainer/")


def test_todays_visits_stand_newest_first_with_score_first_thing_and_who(desk: Any, trainer: Any) -> None:
    guest, member = desk.store(), desk.store(MEMBER)
    page = trainer.text("/trainer/")
    assert ids(page) == [member, guest]
    assert "72–84" in page
    assert "Knees move inward" in page
    assert "Guest" in page
    assert f"Member {nickname(MEMBER)}" in page


def test_the_parts_of_a_hold_are_not_called_reps(desk: Any, trainer: Any) -> None:
    context = desk.app.extensions[EXTENSION]
    desk.app.extensions[EXTENSION] = replace(context, exercises=(*context.exercises, plank_hold))
    desk.store(exercise=plank_hold.slug)
    for page in ("/trainer/", "/results"):
        text = trainer.text(page)
        assert "a hold" in text
        assert not re.search(r"\d reps?\b", text)


def test_a_nickname_is_short_stable_and_gives_nothing_away() -> None:
    assert nickname(MEMBER) == nickname(MEMBER) != nickname("6" + MEMBER[1:])
    assert re.fullmatch(r"[A-Z2-9]{5}", nickname(MEMBER))
    assert nickname(MEMBER).lower() not in MEMBER


def test_another_day_has_its_own_page(desk: Any, trainer: Any) -> None:
    today, earlier = desk.store(), desk.store(ago=timedelta(days=3))
    day = (datetime.now().astimezone() - timedelta(days=3)).date()
    assert ids(trainer.text(f"/trainer/?day={day}")) == [earlier]
    assert ids(trainer.text("/trainer/")) == [today]


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "9999-12-31", "2026-1-1"])
def test_what_is_no_day_of_ours_is_no_page_and_no_crash(trainer: Any, day: str) -> None:
    assert trainer.client.get(f"/trainer/?day={day}").status_code in (200, 404)


def test_the_first_of_all_days_is_no_crash(trainer: Any) -> None:
    assert trainer.client.get("/trainer/?day=0001-01-01").status_code in (200, 404)


def test_a_long_day_has_several_pages(desk: Any, trainer: Any) -> None:
    stored = [desk.store() for _ in range(PER_PAGE + 3)][::-1]
    first, second = trainer.text("/trainer/"), trainer.text("/trainer/?page=2")
    assert ids(first) + ids(second) == stored
    assert 'rel="next" href="/trainer/?day=' in first
    assert "Older" not in second
    assert trainer.client.get("/trainer/?page=3").status_code == 404
    assert trainer.client.get("/trainer/?page=0").status_code == 404


def test_visits_can_be_narrowed_to_an_exercise(desk: Any, trainer: Any) -> None:
    squat = desk.store()
    push_up = desk.store(exercise="incline-push-up", title="Incline push-up")
    assert ids(trainer.text("/trainer/?exercise=incline-push-up")) == [push_up]
    assert ids(trainer.text("/trainer/?exercise=overhead-squat")) == [squat]
    assert "No visit of this day fits." in trainer.text("/trainer/?exercise=deadlift")


def test_visits_can_be_narrowed_to_a_sign_that_was_seen(desk: Any, trainer: Any) -> None:
    with_sign = desk.store()
    desk.store(checks=[one for one in desk.report["checks"] if one["slug"] != "knees-in"])
    assert ids(trainer.text("/trainer/?sign=knees-in")) == [with_sign]
    # It was looked at, and too close to call: that is no sign.
    assert ids(trainer.text("/trainer/?sign=weight-shift")) == []


def test_a_result_shows_its_checks_and_leads_to_the_members_page(desk: Any, trainer: Any) -> None:
    key = desk.store(MEMBER)
    page = trainer.text(f"/trainer/result/{key}")
    assert "Knees move inward" in page
    assert f'href="/result/{key}"' in page
    assert f'href="/trainer/member/{MEMBER}"' in page


def test_a_result_or_a_member_that_is_not_there_is_not_found(trainer: Any) -> None:
    trainer.text("/trainer/result/nothing", 404)
    trainer.text("/trainer/member/nobody", 404)
    trainer.text("/trainer/member/nobody/delete", 404)


def test_a_members_course_is_drawn_and_listed(desk: Any, trainer: Any) -> None:
    stored = [desk.store(MEMBER, ago=timedelta(days=7 * weeks)) for weeks in (2, 1, 0)]
    desk.store()
    page = trainer.text(f"/trainer/member/{MEMBER}")
    assert ids(page) == stored[::-1]
    assert page.count('class="course-plot"') >= 2
    assert nickname(MEMBER) in page


def test_deleting_asks_first_and_names_what_goes(desk: Any, trainer: Any) -> None:
    one, two, three = desk.store(), desk.store(), desk.store()
    page = trainer.text(f"/trainer/delete?id={one}&id={two}")
    assert page.count('type="hidden" name="id"') == 2
    assert desk.history.count() == 3
    answer = trainer.post("/trainer/delete", f"/trainer/delete?id={one}&id={two}", id=[one, two])
    assert answer.headers["Location"] == "/trainer/"
    assert "2 results are deleted." in trainer.text("/trainer/")
    assert desk.history.load(one) is None
    assert desk.history.load(three) is not None


def test_deleting_nothing_in_particular_asks_for_a_choice(trainer: Any) -> None:
    assert trainer.client.get("/trainer/delete").headers["Location"] == "/trainer/"
    assert "Tick the results first." in trainer.text("/trainer/")


def test_a_link_deletes_nothing(desk: Any, trainer: Any) -> None:
    key = desk.store()
    trainer.client.get(f"/trainer/delete?id={key}&do=yes")
    assert trainer.client.post("/trainer/delete", data={"id": key}).status_code == 400
    assert desk.history.count() == 1


def test_a_member_is_deleted_whole_and_nobody_else(desk: Any, trainer: Any) -> None:
    for _ in range(2):
        desk.store(MEMBER)
    guest = desk.store()
    address = f"/trainer/member/{MEMBER}/delete"
    assert "All 2 results of member" in trainer.text(address)
    assert trainer.post(address).status_code == 302
    assert [one.id for one in desk.history.recent(9, 0)] == [guest]
    trainer.text(address, 404)
