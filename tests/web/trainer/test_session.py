"""Who gets in: one password, no default, few tries; and out again."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kiosk.errors import HistoryError
from kiosk.web.trainer.password import FILE_NAME, remove_password, write_password
from kiosk.web.trainer.side import MOST_SESSIONS, Sessions

INSIDE = (
    "/trainer/",
    "/trainer/checks",
    "/trainer/checks/overhead-squat",
    "/trainer/checks/overhead-squat/knees-in",
    "/trainer/export",
    "/trainer/export/results.csv",
    "/trainer/export/results.jsonl",
    "/trainer/compare?id=a&id=b",
    "/trainer/delete?id=a",
    "/trainer/member/abc",
    "/trainer/member/abc/delete",
    "/trainer/result/abc",
)
POSTS = (
    "/trainer/delete",
    "/trainer/member/abc/delete",
    "/trainer/result/abc/notes",
    "/trainer/result/abc/notes/1",
    "/trainer/checks/overhead-squat/knees-in",
    "/trainer/checks/overhead-squat/undo",
)


def test_without_a_password_the_login_says_how_the_owner_sets_one(bare: Any) -> None:
    page = bare.browser().text("/trainer/login")
    assert "kiosk trainer password" in page
    assert 'type="password"' not in page


@pytest.mark.parametrize("address", INSIDE)
def test_without_a_password_nothing_else_works(bare: Any, address: str) -> None:
    answer = bare.browser().client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/trainer/login")


@pytest.mark.parametrize("password", ["", "password", "admin", "trainer", "plumbline"])
def test_there_is_no_default_password(bare: Any, password: str) -> None:
    bare.app.config["WTF_CSRF_ENABLED"] = False
    browser = bare.browser()
    browser.client.post("/trainer/login", data={"password": password})
    assert browser.client.get("/trainer/").status_code == 302


@pytest.mark.parametrize("address", INSIDE)
def test_strangers_are_led_to_the_login(desk: Any, address: str) -> None:
    answer = desk.browser().client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/trainer/login?next=")


@pytest.mark.parametrize("address", POSTS)
def test_strangers_change_nothing_even_with_a_good_token(desk: Any, address: str) -> None:
    key = desk.store()
    answer = desk.browser().post(address.replace("abc", key), "/trainer/login", id=key, text="x", do="save")
    assert answer.status_code == 302
    assert "/trainer/login" in answer.headers["Location"]
    assert desk.history.count() == 1
    assert not desk.history.notes(key)


def test_every_page_of_the_trainer_is_in_these_lists(desk: Any) -> None:
    rules = [rule for rule in desk.app.url_map.iter_rules() if rule.rule.startswith("/trainer")]
    guarded = {rule.endpoint for rule in rules if rule.endpoint.startswith("trainer_")}
    adapter = desk.app.url_map.bind("localhost")
    seen = {adapter.match(address.partition("?")[0], method="GET")[0] for address in INSIDE}
    seen |= {adapter.match(address, method="POST")[0] for address in POSTS}
    assert guarded == seen
    assert {rule.endpoint for rule in rules} - guarded == {"trainer.login", "trainer.log_in", "trainer.log_out"}


def test_the_right_password_leads_to_the_visits(desk: Any) -> None:
    answer = desk.browser().log_in()
    assert answer.headers["Location"] == "/trainer/"


def test_a_wrong_password_is_refused_in_a_sentence(desk: Any) -> None:
    browser = desk.browser()
    answer = browser.log_in("four quiet green wordz")
    assert answer.status_code == 403
    assert "That is not the password." in answer.get_data(as_text=True)
    assert browser.client.get("/trainer/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/trainer/checks?x=1", "/trainer/checks?x=1"),
        ("/result/abc", "/result/abc"),
        ("https://elsewhere.example/", "/trainer/"),
        ("//elsewhere.example/", "/trainer/"),
        ("/\\elsewhere.example", "/trainer/"),
        ("/\t/elsewhere.example", "/trainer/"),
        ("javascript:alert(1)", "/trainer/"),
        ("", "/trainer/"),
    ],
)
def test_the_login_leads_to_our_own_pages_only(desk: Any, wanted: str, leads_to: str) -> None:
    assert desk.browser().log_in(next=wanted).headers["Location"] == leads_to


def test_a_form_without_its_token_is_refused(desk: Any) -> None:
    answer = desk.browser().client.post("/trainer/login", data={"password": "whatever it is"})
    assert answer.status_code == 400


def test_after_five_wrong_tries_even_the_right_one_has_to_wait(desk: Any) -> None:
    browser = desk.browser()
    for _ in range(5):
        assert browser.log_in("not the password").status_code == 403
    answer = browser.log_in()
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Wait" in answer.get_data(as_text=True)


def test_many_addresses_together_are_slowed_down_too(desk: Any) -> None:
    browser = desk.browser()
    token = browser.token("/trainer/login")
    codes = [
        browser.client.post(
            "/trainer/login",
            data={"csrf_token": token, "password": "no"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        ).status_code
        for number in range(14)
    ]
    assert codes == [403] * 12 + [429] * 2


def test_the_cookie_stays_out_of_reach_of_scripts_and_other_sites(desk: Any) -> None:
    cookie = desk.browser().log_in().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_and_the_browser_stay_there(desk: Any) -> None:
    answer = desk.browser().client.get("/trainer/login", base_url="https://kiosk.example")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in desk.browser().client.get("/trainer/login").headers


def test_the_login_changes_the_name_of_the_session_and_the_token(desk: Any) -> None:
    browser = desk.browser()
    before = browser.token("/trainer/login")
    with browser.client.session_transaction() as session:
        session["trainer"] = "planted"
    browser.post("/trainer/login", password="four quiet green words")
    with browser.client.session_transaction() as session:
        assert session["trainer"] != "planted"
    answer = browser.client.post("/trainer/logout", data={"csrf_token": before})
    assert answer.status_code == 400


def test_logging_out_makes_a_copied_cookie_worthless(desk: Any, trainer: Any) -> None:
    with trainer.client.session_transaction() as session:
        copied = session["trainer"]
    trainer.post("/trainer/logout", "/trainer/")
    thief = desk.browser()
    with thief.client.session_transaction() as session:
        session["trainer"] = copied
    assert thief.client.get("/trainer/").status_code == 302


def test_a_link_cannot_log_anybody_out(trainer: Any) -> None:
    assert trainer.client.get("/trainer/logout").status_code == 405
    assert trainer.client.get("/trainer/").status_code == 200


def test_a_session_ends_when_nobody_clicks(desk: Any, trainer: Any) -> None:
    for _ in range(3):
        desk.clock.now_s += 1700
        assert trainer.client.get("/trainer/").status_code == 200
    desk.clock.now_s += 1801
    assert trainer.client.get("/trainer/").status_code == 302


def test_another_password_ends_all_sessions(desk: Any, trainer: Any) -> None:
    write_password(desk.side.state_dir, "five other orange words")
    assert trainer.client.get("/trainer/").status_code == 302


def test_without_the_password_all_sessions_are_over(desk: Any, trainer: Any) -> None:
    assert remove_password(desk.side.state_dir)
    assert trainer.client.get("/trainer/").status_code == 302


def test_a_damaged_password_file_lets_nobody_in_and_says_so(desk: Any, trainer: Any) -> None:
    (desk.side.state_dir / FILE_NAME).write_text("hash = 7\n")
    assert trainer.client.get("/trainer/").status_code == 302
    assert "is damaged" in desk.browser().text("/trainer/login")


def test_the_logged_in_trainer_reads_any_result_and_a_stranger_none(desk: Any, trainer: Any) -> None:
    key = desk.store()
    assert trainer.client.get(f"/result/{key}").status_code == 200
    assert desk.browser().client.get(f"/result/{key}").status_code in (403, 404)


@pytest.mark.parametrize("address", [one for one in INSIDE if "abc" not in one and "id=" not in one])
def test_pages_of_the_trainer_keep_to_the_policy_and_are_not_stored(trainer: Any, address: str) -> None:
    answer = trainer.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = answer.get_data(as_text=True)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)


def test_a_database_in_trouble_is_a_sentence_and_no_crash(
    desk: Any, trainer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise HistoryError("The database of results is locked by another program.")

    monkeypatch.setattr(desk.history, "between", refuse)
    answer = trainer.client.get("/trainer/")
    assert answer.status_code == 503
    assert "locked by another program" in answer.get_data(as_text=True)


def test_the_oldest_session_makes_room_for_the_newest() -> None:
    sessions = Sessions(100, iter(range(100)).__next__)
    names = [sessions.begin("mark") for _ in range(MOST_SESSIONS + 1)]
    assert not sessions.is_open(names[0], "mark")
    assert all(sessions.is_open(name, "mark") for name in names[1:])
    sessions.end(names[-1])
    sessions.end(names[-1])
    assert not sessions.is_open(names[-1], "mark")
