"""Who may read a result: the kiosk's own screen while it stands there, the trainer, and whoever has its link."""

from __future__ import annotations

import pytest

from kiosk.web import access
from tests.web.conftest import Taken

KINDS = ["", "?part=1", ".json", ".csv"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_own_screen_reads_a_result_only_while_it_stands_there(taken: Taken, kind: str) -> None:
    key, other = taken.add(), taken.add()
    screen = taken.own()
    assert screen.get(f"/result/{key}{kind}").status_code == 403
    taken.show(key)
    assert screen.get(f"/result/{key}{kind}").status_code == 200
    assert screen.get(f"/result/{other}{kind}").status_code == 403
    taken.show(None)
    assert screen.get(f"/result/{key}{kind}").status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_reads_no_result_by_its_id_even_while_it_is_on_the_screen(taken: Taken, kind: str) -> None:
    key = taken.add()
    taken.show(key)
    assert taken.phone().get(f"/result/{key}{kind}").status_code == 403


def test_a_proxy_is_no_own_screen(taken: Taken) -> None:
    key = taken.add()
    taken.show(key)
    answer = taken.own().client.get(f"/result/{key}", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 403


def test_a_result_that_is_there_and_one_that_is_not_sound_the_same(taken: Taken) -> None:
    there, not_there = (taken.phone().get(f"/result/{key}") for key in (taken.add(), "k3v9q2m7abcd"))
    assert there.status_code == not_there.status_code == 403
    assert there.data == not_there.data
    assert "Results are private. Scan the QR code" in there.get_data(as_text=True)


@pytest.mark.parametrize("kind", KINDS)
def test_the_trainer_reads_every_result(taken: Taken, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = taken.add()
    monkeypatch.setattr(access, "is_trainer", lambda: True)
    assert taken.phone().get(f"/result/{key}{kind}").status_code == 200
    assert taken.phone().get(f"/result/none{kind}").status_code == 404


def test_the_list_of_results_is_the_trainers(taken: Taken) -> None:
    key = taken.add()
    for reader in (taken.own(), taken.phone()):
        answer = reader.get("/results")
        assert answer.status_code == 403
        assert key not in answer.get_data(as_text=True)


def test_commands_take_no_form_token_but_the_browsers_word(taken: Taken) -> None:
    screen = taken.own().client
    assert screen.post("/command/next", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204
    assert screen.post("/command/next", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert taken.phone().client.post("/command/next").status_code == 403
