"""The gym's own limits and words: looked at beside the plugin's, tried out, saved whole, and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from kiosk.errors import KioskError, OutputError, PluginError
from kiosk.movement.exercise import Check, Exercise
from kiosk.web.language import said, text
from kiosk.web.trainer.form import Filled, changes, explain, filled_from, filled_in
from kiosk.web.trainer.limits import limits_svg
from kiosk.web.trainer.overlays import KEPT, ChangedMeanwhileError, differences, mark_of, text_with, tried
from kiosk.web.trainer.session import guarded
from kiosk.web.trainer.side import side

pages = guarded("trainer_checks")


@dataclass(frozen=True, slots=True)
class Pair:
    """A check of the plugin, and as it stands in this gym."""

    shipped: Check
    here: Check

    @property
    def is_changed(self) -> bool:
        """Whether the gym changed anything."""
        return self.shipped != self.here


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a form would make of the gym's file: the new text, and the check that comes of it."""

    text: str
    check: Check


@pages.get("/checks")
def exercises() -> str:
    """All exercises with their checks and limits."""
    pairs, broken = {}, list(side().problems)
    for exercise in side().shipped.values():
        try:
            pairs[exercise.slug] = _pairs(exercise)
        except PluginError as error:
            broken += str(error).splitlines()
    return render_template("trainer/checks.html", shipped=side().shipped, pairs=pairs, broken=broken)


@pages.get("/checks/<slug>/<check>")
def edit(slug: str, check: str) -> str:
    """The form of one check."""
    exercise, pair = _found(slug, check)
    return _form(exercise, pair, Filled(filled_from(pair.here)))


@pages.post("/checks/<slug>/<check>")
def propose(slug: str, check: str) -> str | Response | tuple[str, int]:
    """Show what a form would change, or save it. What cannot be taken is said beside its field; then nothing is."""
    exercise, pair = _found(slug, check)
    filled = filled_in(pair.here, request.form)
    seen = request.form.get("seen", "")
    values = changes(filled, pair.shipped, pair.here)
    if request.form.get("do") == "shipped":
        filled, values = Filled(filled_from(pair.here)), dict.fromkeys(values)
    proposal = _proposal(exercise, pair.shipped.slug, filled, values)
    if proposal is None:
        return _form(exercise, pair, filled, seen=seen), 422
    if request.form.get("do") == "look":
        return _form(exercise, pair, filled, proposal, seen)
    try:
        _save(exercise, proposal.text, seen)
    except ChangedMeanwhileError as error:
        filled.general.append(str(error))
        return _form(exercise, pair, filled), 409
    except (PluginError, OutputError) as error:
        filled.general += str(error).splitlines()
        return _form(exercise, pair, filled, seen=seen), 422
    flash(text("Saved. It counts from the next visit on."))
    return redirect(url_for("trainer_checks.edit", slug=slug, check=check))


@pages.get("/checks/<slug>")
def versions(slug: str) -> str:
    """The versions of a gym's file, each with what was changed after it."""
    exercise = _exercise(slug)
    kept = side().overlays.versions(slug)
    newer = [side().overlays.text(slug), *(one.text for one in kept)]
    rows = [(one, list(differences(one.text, after))) for one, after in zip(kept, newer, strict=False)]
    now = newer[0]
    return render_template(
        "trainer/versions.html", exercise=exercise, rows=rows, text=now, seen=mark_of(now), kept=KEPT
    )


@pages.post("/checks/<slug>/undo")
def undo(slug: str) -> Response:
    """Bring a version back; the present one is kept like any other, so nothing is lost by it."""
    exercise = _exercise(slug)
    kept = {one.number: one for one in side().overlays.versions(slug)}
    wanted = kept.get(request.form.get("version", max(kept, default=0), type=int))
    if wanted is None:
        flash(text("There is no earlier version to bring back."), "wrong")
        return redirect(url_for("trainer_checks.versions", slug=slug))
    try:
        _save(exercise, wanted.text, request.form.get("seen", ""))
    except KioskError as error:
        flash(said(str(error)), "wrong")
    else:
        flash(text("The earlier version is back. It counts from the next visit on."))
    return redirect(url_for("trainer_checks.versions", slug=slug))


def _save(exercise: Exercise, words: str, seen: str) -> None:
    checks = side().overlays.save(exercise, words, seen)
    side().adopt(replace(exercise, checks=checks))


def _proposal(exercise: Exercise, check: str, filled: Filled, values: Mapping[str, Any]) -> Proposal | None:
    """Return what these keys of a check come to; None where something is wrong, which the form then says."""
    try:
        words = text_with(side().overlays.text(exercise.slug), exercise.slug, check, values)
        checks = tried(exercise, words, f"{exercise.slug}.toml")
    except PluginError as error:
        explain(filled, str(error).splitlines(), check)
        return None
    if not filled.is_right:
        return None
    return Proposal(words, _named(checks, check))


def _form(
    exercise: Exercise, pair: Pair, filled: Filled, proposal: Proposal | None = None, seen: str | None = None
) -> str:
    """``seen``: the mark of the file as the trainer first saw it; left out: as it is now."""
    now = side().overlays.text(exercise.slug)
    return render_template(
        "trainer/check.html",
        exercise=exercise,
        pair=pair,
        filled=filled,
        proposal=proposal,
        lines=list(differences(now, proposal.text)) if proposal else [],
        picture=_picture(pair, proposal),
        seen=mark_of(now) if seen is None else seen,
    )


def _picture(pair: Pair, proposal: Proposal | None) -> Markup:
    rows = [(text("As it was shipped"), pair.shipped)]
    if pair.is_changed:
        rows.append((text("Here now"), pair.here))
    if proposal is not None:
        rows.append((text("After saving"), proposal.check))
    words = {"clear": text("clear"), "unsure": text("unsure"), "sign": text("sign")}
    return limits_svg(rows, text("The limits of this check"), words)


def _exercise(slug: str) -> Exercise:
    exercise = side().shipped.get(slug)
    if exercise is None:
        abort(404)
    return exercise


def _found(slug: str, check: str) -> tuple[Exercise, Pair]:
    exercise = _exercise(slug)
    try:
        pairs = _pairs(exercise)
    except PluginError:
        # The list of checks says what is wrong with the file.
        abort(redirect(url_for("trainer_checks.exercises")))
    pair = next((one for one in pairs if one.shipped.slug == check), None)
    if pair is None:
        abort(404)
    return exercise, pair


def _pairs(exercise: Exercise) -> list[Pair]:
    here = side().overlays.checks(exercise)
    return [Pair(shipped, _named(here, shipped.slug)) for shipped in exercise.checks]


def _named(checks: Sequence[Check], slug: str) -> Check:
    return next(one for one in checks if one.slug == slug)
