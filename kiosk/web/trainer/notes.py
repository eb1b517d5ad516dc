"""A trainer's notes beside the checks of a result: plain text, for trainers only."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from kiosk.web.language import text
from kiosk.web.trainer.session import guarded
from kiosk.web.trainer.source import visits

MOST_CHARACTERS = 1000
MOST_NOTES = 100

pages = guarded("trainer_notes")


@pages.post("/result/<result_id>/notes")
def add(result_id: str) -> Response:
    """Write a note beside one check of a result, or beside all of it."""
    report = visits().load(result_id)
    if report is None:
        abort(404)
    check = request.form.get("check") or None
    if check is not None and check not in {one["slug"] for one in report["checks"]}:
        abort(400)
    words = _words()
    if words is None:
        return _back(result_id, check)
    if len(visits().notes(result_id)) >= MOST_NOTES:
        flash(text("This result has {n} notes already: delete one first.", n=MOST_NOTES), "wrong")
    elif visits().add_note(result_id, check, words, datetime.now(UTC)) is None:
        abort(404)
    return _back(result_id, check)


@pages.post("/result/<result_id>/notes/<int:number>")
def change(result_id: str, number: int) -> Response:
    """Write another text in the place of a note, or delete it."""
    note = next((one for one in visits().notes(result_id) if one.number == number), None)
    if note is None:
        abort(404)
    if request.form.get("do") == "delete":
        visits().delete_note(number)
        flash(text("The note is deleted."))
    elif (words := _words()) is not None:
        visits().change_note(number, words)
        flash(text("The note is changed."))
    return _back(result_id, note.check)


def _words() -> str | None:
    """Return the text of the form, None where it cannot be taken, which is then said."""
    words = request.form.get("text", "").replace("\r\n", "\n").strip()
    if not words:
        flash(text("A note needs some words."), "wrong")
        return None
    if len(words) > MOST_CHARACTERS:
        flash(text("This note has {n} characters; {most} fit.", n=len(words), most=MOST_CHARACTERS), "wrong")
        return None
    return "".join(sign for sign in words if sign == "\n" or sign.isprintable())


def _back(result_id: str, check: str | None) -> Response:
    anchor = f"check-{check}" if check else "notes"
    return redirect(url_for("trainer_visits.result", result_id=result_id, _anchor=anchor))
