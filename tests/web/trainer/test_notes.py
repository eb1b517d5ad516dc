"""Notes beside the checks of a result: kept as they were written, shown to trainers only."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.web.trainer.notes import MOST_CHARACTERS, MOST_NOTES


@pytest.fixture
def key(desk: Any) -> str:
    return str(desk.store())


def write(trainer: Any, key: str, text: str, check: str = "knees-in") -> Any:
    return trainer.post(f"/trainer/result/{key}/notes", f"/trainer/result/{key}", text=text, check=check)


def test_a_note_stands_beside_its_check(desk: Any, trainer: Any, key: str) -> None:
    answer = write(trainer, key, "  Better with the band.\r\nTry again.  ")
    assert answer.headers["Location"] == f"/trainer/result/{key}#check-knees-in"
    (note,) = desk.history.notes(key)
    assert (note.check, note.text) == ("knees-in", "Better with the band.\nTry again.")
    assert "Better with the band.\nTry again." in trainer.text(f"/trainer/result/{key}")


def test_a_note_may_be_about_the_whole_visit(desk: Any, trainer: Any, key: str) -> None:
    write(trainer, key, "Had slept badly.", check="")
    assert desk.history.notes(key)[0].check is None


def test_markup_in_a_note_is_only_text(trainer: Any, key: str) -> None:
    write(trainer, key, "<script>alert(1)</script>\x07")
    page = trainer.text(f"/trainer/result/{key}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "\x07" not in page


def test_the_member_never_sees_a_note(desk: Any, trainer: Any, key: str) -> None:
    write(trainer, key, "For trainers alone.")
    assert "For trainers alone." not in trainer.text(f"/result/{key}")
    assert "For trainers alone." not in trainer.text(f"/result/{key}.json")


def test_a_note_can_be_changed_in_its_place_and_deleted(desk: Any, trainer: Any, key: str) -> None:
    write(trainer, key, "First")
    write(trainer, key, "Second")
    first = desk.history.notes(key)[0].number
    page = f"/trainer/result/{key}"
    trainer.post(f"{page}/notes/{first}", page, text="First, mended")
    assert [one.text for one in desk.history.notes(key)] == ["First, mended", "Second"]
    trainer.post(f"{page}/notes/{first}", page, do="delete")
    assert [one.text for one in desk.history.notes(key)] == ["Second"]


@pytest.mark.parametrize(("text", "says"), [("   ", "A note needs some words."), ("x" * 1001, "1001 characters")])
def test_what_is_no_note_is_told_and_not_kept(desk: Any, trainer: Any, key: str, text: str, says: str) -> None:
    write(trainer, key, text)
    assert desk.history.notes(key) == []
    assert says in trainer.text(f"/trainer/result/{key}")


def test_the_longest_note_fits(desk: Any, trainer: Any, key: str) -> None:
    write(trainer, key, "x" * MOST_CHARACTERS)
    assert len(desk.history.notes(key)[0].text) == MOST_CHARACTERS


def test_a_result_takes_so_many_notes_and_no_more(desk: Any, trainer: Any, key: str) -> None:
    for number in range(MOST_NOTES):
        desk.history.add_note(key, None, str(number), desk.history.recent(1, 0)[0].created)
    write(trainer, key, "One too many")
    assert len(desk.history.notes(key)) == MOST_NOTES
    assert "delete one first" in trainer.text(f"/trainer/result/{key}")


def test_a_note_of_another_result_or_check_is_refused(desk: Any, trainer: Any, key: str) -> None:
    other = desk.store()
    write(trainer, other, "Elsewhere")
    number = desk.history.notes(other)[0].number
    page = f"/trainer/result/{key}"
    assert trainer.post(f"{page}/notes/{number}", page, do="delete").status_code == 404
    assert write(trainer, key, "x", check="no-such-check").status_code == 400
    assert trainer.post("/trainer/result/nothing/notes", page, text="x").status_code == 404
    assert desk.history.notes(key) == []
