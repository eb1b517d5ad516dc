"""Export: everything or some days, line by line, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from kiosk.station.history import History
from kiosk.web.trainer.export import HEADS
from kiosk.web.trainer.names import nickname

MEMBER = "5f" * 32


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_json_lines_hold_each_result_whole_with_the_notes_and_no_key(desk: Any, trainer: Any) -> None:
    guest, member = desk.store(), desk.store(MEMBER)
    desk.history.add_note(member, "knees-in", "Better", datetime.now(UTC))
    answer = trainer.client.get("/trainer/export/results.jsonl")
    lines = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert [one["id"] for one in lines] == [member, guest]
    assert [one["member"] for one in lines] == [nickname(MEMBER), None]
    assert lines[0]["trainer_notes"][0]["text"] == "Better"
    assert lines[0]["checks"] == desk.report["checks"]
    assert MEMBER not in answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plumbline.jsonl"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_table_has_a_line_for_each_check_of_each_result(desk: Any, trainer: Any) -> None:
    desk.store(), desk.store()
    text = trainer.text("/trainer/export/results.csv")
    assert text.splitlines()[0] == ",".join(HEADS)
    found = rows(text)
    assert len(found) == 2 * len(desk.report["checks"])
    knees = next(one for one in found if one["check"] == "knees-in")
    assert (knees["status"], knees["value"], knees["error"], knees["score_low"]) == ("sign", "0.79", "0.06", "72")


def test_only_the_days_that_were_asked_for_go_out(desk: Any, trainer: Any) -> None:
    kept = {days: desk.store(ago=timedelta(days=days)) for days in (0, 5, 10)}
    today = datetime.now().astimezone().date()
    first, last = today - timedelta(days=6), today - timedelta(days=4)
    answer = trainer.client.get(f"/trainer/export/results.csv?from={first}&to={last}")
    assert {one["result"] for one in rows(answer.get_data(as_text=True))} == {kept[5]}
    assert f"{first:%Y%m%d}-{last:%Y%m%d}.csv" in answer.headers["Content-Disposition"]
    open_end = trainer.text(f"/trainer/export/results.csv?from={first}&to=")
    assert {one["result"] for one in rows(open_end)} == {kept[5], kept[0]}


def test_days_the_wrong_way_round_are_told(trainer: Any) -> None:
    answer = trainer.client.get("/trainer/export/results.csv?from=2026-02-02&to=2026-02-01")
    assert answer.headers["Location"] == "/trainer/export"
    assert "The last day lies before the first." in trainer.text("/trainer/export")


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "-1+1", "\t=1"])
def test_a_spreadsheet_takes_no_text_for_a_formula(desk: Any, trainer: Any, text: str) -> None:
    desk.store(exercise=text)
    assert rows(trainer.text("/trainer/export/results.csv"))[0]["exercise"] == f"'{text}"


def test_negative_numbers_stay_numbers(desk: Any, trainer: Any) -> None:
    desk.store(checks=[desk.report["checks"][3] | {"value": -4.5}])
    assert rows(trainer.text("/trainer/export/results.csv"))[0]["value"] == "-4.5"


def test_an_empty_database_exports_an_empty_file(trainer: Any) -> None:
    assert trainer.text("/trainer/export/results.jsonl") == ""
    assert trainer.text("/trainer/export/results.csv").strip() == ",".join(HEADS)


def test_it_is_read_as_it_is_sent_a_few_lines_at_a_time(
    desk: Any, trainer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        desk.store()
    opened: list[str] = []
    load = History.load

    def counted(self: History, result_id: str) -> Any:
        opened.append(result_id)
        return load(self, result_id)

    monkeypatch.setattr(History, "load", counted)
    monkeypatch.setattr("kiosk.web.trainer.source.AT_A_TIME", 2)
    answer = trainer.client.get("/trainer/export/results.jsonl", buffered=False)
    first = list(islice(answer.response, 1))
    assert json.loads(first[0])["id"] == opened[0]
    assert len(opened) == 1
    assert len(list(answer.response)) == 3
    assert len(set(opened)) == 4
