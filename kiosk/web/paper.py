"""One result set on paper: ``python -m kiosk.web.paper`` takes it as JSON and answers with a PDF.

It runs in a process of its own, which `kiosk.web.pdf` starts: see there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.web.arranged import steps_of
from kiosk.web.drawing import check_figure
from kiosk.web.language import current, language_of, said, speaking, text
from kiosk.web.numbers import day, decimal, joined, unsure
from kiosk.web.paper_figures import draw_code, draw_figure, draw_ground, draw_score, draw_values
from kiosk.web.positions import position_figure
from kiosk.web.sheet import ICE, INK, MARGIN_MM, RULE, SOFT, STATUS, WHITE, WIDTH_MM, Sheet
from kiosk.web.wording import NOTICE, PHASES, by_slug, check_title, grouped, shown_in, titled, went, with_unit

_Json = Mapping[str, Any]
#: The columns of the table of reps and how wide they are; what we saw takes the rest.
_COLUMNS_MM = (26.0, 16.0, 18.0, 18.0, 18.0, 18.0)
_CARD_PAD = 4.0
#: How wide the drawing of an exercise is.
_DRAWN_MM = 40.0


def paper(report: _Json, link: str | None, *, compress: bool = True) -> bytes:
    """Return the PDF in the language that is spoken; ``link`` gives it a QR code."""
    sheet = Sheet(text(NOTICE))
    sheet.set_compression(compress)
    sheet.set_title(said(report.get("title") or "") or "Plumbline")
    sheet.set_lang(current().code)
    sheet.add_page()
    _head(sheet, report)
    _summary(sheet, report, link)
    _programme(sheet, report)
    _findings(sheet, report)
    _not_assessed(sheet, report)
    _reps(sheet, report)
    _lists(sheet, report)
    return bytes(sheet.output())


def _head(sheet: Sheet, report: _Json) -> None:
    sheet.set_fill_color(*ICE)
    sheet.polygon([(MARGIN_MM + 1, 12), (MARGIN_MM + 2, 15), (MARGIN_MM + 1, 18), (MARGIN_MM, 15)], style="F")
    sheet.put("Plumbline", (MARGIN_MM + 4.5, 12.6), 60, 10, bold=True)
    if report.get("created"):
        sheet.put(day(report["created"]) + unsure(report), (WIDTH_MM - MARGIN_MM - 90, 12.6), 90, 9, SOFT, align="R")
    sheet.set_draw_color(*RULE)
    sheet.set_line_width(0.3)
    sheet.line(MARGIN_MM, 20.5, WIDTH_MM - MARGIN_MM, 20.5)
    y = sheet.put(said(report.get("title") or "Your movement"), (MARGIN_MM, 25), sheet.inside_mm, 24, bold=True)
    for one in report.get("passes", ()):
        y = sheet.put(went(one), (MARGIN_MM, y + 0.5), sheet.inside_mm, 9.5, SOFT)
    sheet.set_xy(MARGIN_MM, y + 4)


def _summary(sheet: Sheet, report: _Json, link: str | None) -> None:
    """The one thing first, the score, and the code, side by side."""
    top, height, gap = sheet.get_y(), 62.0, 5.0
    side = 46.0 if link else 0.0
    score = 52.0
    first = sheet.inside_mm - score - gap - (side + gap if link else 0.0)
    _first(sheet, report, (MARGIN_MM, top, first, height))
    _score(sheet, report, (MARGIN_MM + first + gap, top, score, height))
    if link:
        left = WIDTH_MM - MARGIN_MM - side
        sheet.panel(left, top, side, height)
        draw_code(sheet, link, left + 3, top + 3, side - 6)
        sheet.put(
            text("This result on a phone, while the link lasts."), (left + 4, top + side - 1), side - 8, 7.5, SOFT
        )
    sheet.set_xy(MARGIN_MM, top + height + 2)


def _first(sheet: Sheet, report: _Json, box: tuple[float, float, float, float]) -> None:
    left, top, width, _ = box
    sheet.panel(*box)
    check = by_slug(report["checks"], report.get("first"), report.get("first_on"))
    if report.get("pain"):
        words = text("Something hurt, so we stop here. Rest, and talk to our staff or a doctor first.")
        sheet.put(words, (left + _CARD_PAD, top + 6), width - 2 * _CARD_PAD, 12, bold=True)
        return
    heading = text("Work on this first") if check else text("Nothing to work on first")
    y = sheet.put(heading, (left + _CARD_PAD, top + 5), width - 2 * _CARD_PAD, 9, SOFT)
    if check is None:
        words = text("We saw no clear sign.") if report["reps"] else text("No rep was counted.")
        sheet.put(words, (left + _CARD_PAD, y + 2), width - 2 * _CARD_PAD, 15, bold=True)
        return
    y = sheet.put(check_title(check), (left + _CARD_PAD, y + 2), width - 2 * _CARD_PAD, 14, bold=True)
    if check["status"] == "sign" and check["saw"]:
        y = sheet.put(said(check["saw"]), (left + _CARD_PAD, y + 2), width - 2 * _CARD_PAD, 8.5, SOFT)
    if check["cue"]:
        cue = text("Try: {cue}", cue=said(check["cue"]))
        sheet.put(cue, (left + _CARD_PAD, y + 2.5), width - 2 * _CARD_PAD, 11, ICE, bold=True)


def _score(sheet: Sheet, report: _Json, box: tuple[float, float, float, float]) -> None:
    left, top, width, _ = box
    score = report["score"]
    sheet.panel(*box)
    y = sheet.put(text("Score"), (left + _CARD_PAD, top + 5), width - 2 * _CARD_PAD, 9, SOFT)
    seen = text("{seen} of {of} points seen.", seen=score["seen"], of=score["of"])
    if report.get("pain") or score["low"] is None or score["high"] is None:
        y = sheet.put(text("No score"), (left + _CARD_PAD, y + 2), width - 2 * _CARD_PAD, 18, bold=True)
        sheet.put(seen, (left + _CARD_PAD, y + 3), width - 2 * _CARD_PAD, 9, SOFT)
        return
    said_range = f"{score['low']}–{score['high']}" if score["high"] != score["low"] else str(score["low"])
    y = sheet.put(said_range, (left + _CARD_PAD, y + 2), width - 2 * _CARD_PAD, 28, bold=True)
    y = sheet.put(text("of 100"), (left + _CARD_PAD, y - 1), width - 2 * _CARD_PAD, 9, SOFT)
    draw_score(sheet, score["low"], score["high"], (left + _CARD_PAD, y + 2, width - 2 * _CARD_PAD, 4))
    y = sheet.put(seen, (left + _CARD_PAD, y + 8.5), width - 2 * _CARD_PAD, 9, bold=True)
    why = text("The range comes from the errors of the values below.")
    sheet.put(why, (left + _CARD_PAD, y + 0.5), width - 2 * _CARD_PAD, 7.5, SOFT)


def _programme(sheet: Sheet, report: _Json) -> None:
    """The programme, each step with a box to tick."""
    steps = report.get("programme", ())
    if not steps:
        return
    sheet.heading(text("Your programme"), needs_mm=45)
    for number, step in enumerate(steps, start=1):
        _step(sheet, number, step, by_slug(report["checks"], step["check"], step.get("done_on")))


def _step(sheet: Sheet, number: int, step: _Json, check: _Json | None) -> None:
    drawn = position_figure(step["exercise"])
    left, width = MARGIN_MM + 11, sheet.inside_mm - 11 - _CARD_PAD - (_DRAWN_MM + _CARD_PAD if drawn else 0.0)
    how = [f"{place}.  {line}" for place, line in enumerate(steps_of(said(step.get("how") or "")), start=1)]
    title = said(step.get("title") or titled(step["exercise"]))
    about = text("For: {title}", title=check_title(check) if check else titled(step["check"]))
    if step.get("confirm"):
        about += " · " + text("To be confirmed by a trainer")
    lines: list[tuple[str, float, tuple[int, int, int], bool]] = [
        (f"{number} · {text(PHASES[step['phase']])}", 8, SOFT, False),
        (title, 11.5, INK, True),
        (said(step["dose"]), 9, ICE, True),
        *((line, 9, INK, False) for line in how),
        (said(step.get("stop") or ""), 8, STATUS["sign"], False),
        (about, 8, SOFT, False),
    ]
    lines = [line for line in lines if line[0]]
    height = sum(sheet.lines_mm(words, width, size, bold=bold) + 0.9 for words, size, _, bold in lines) + 5
    height = max(height, _DRAWN_MM * 0.75) if drawn else height
    sheet.room(height + 3)
    top = sheet.get_y()
    sheet.panel(MARGIN_MM, top, sheet.inside_mm, height)
    sheet.set_draw_color(*SOFT)
    sheet.set_fill_color(*WHITE)
    sheet.set_line_width(0.35)
    sheet.rect(MARGIN_MM + 3.5, top + 3.6, 4.2, 4.2, style="DF")
    if drawn:
        box = (WIDTH_MM - MARGIN_MM - _CARD_PAD - _DRAWN_MM, top + 2, _DRAWN_MM, height - 4)
        draw_figure(sheet, drawn, box, "not-assessed")
    y = top + 2.4
    for words, size, colour, bold in lines:
        y = sheet.put(words, (left, y + 0.9), width, size, colour, bold=bold)
    sheet.set_xy(MARGIN_MM, top + height + 3)


def _findings(sheet: Sheet, report: _Json) -> None:
    for group in grouped(report):
        if group.status == "not-assessed":
            continue
        sheet.heading(text(group.title), needs_mm=52)
        for check in group.checks:
            _finding(sheet, check)


def _finding(sheet: Sheet, check: _Json) -> None:
    height, picture, values = 50.0, 50.0, 48.0
    sheet.room(height + 4)
    top = sheet.get_y()
    draw_ground(sheet, (MARGIN_MM, top, picture, height))
    figure = check_figure(check)
    if figure is not None:
        draw_figure(sheet, figure, (MARGIN_MM + 1, top + 1, picture - 2, height - 2), check["status"])
    left = MARGIN_MM + picture + 5
    width = sheet.inside_mm - picture - 5 - values - 12
    y = sheet.put(_status(check["status"]), (left, top), width, 8.5, STATUS[check["status"]], bold=True)
    y = sheet.put(check_title(check), (left, y + 0.3), width, 11.5, bold=True)
    for words, colour in _said_of(check):
        y = sheet.put(words, (left, y + 0.9), width, 8, colour)
    draw_values(sheet, check, (WIDTH_MM - MARGIN_MM - values, top + 1, values, height - 13))
    caption = text("The value of each rep, with its error")
    sheet.put(caption, (WIDTH_MM - MARGIN_MM - values, top + height - 6.6), values, 7, SOFT)
    sheet.set_xy(MARGIN_MM, max(top + height, y) + 4)


def _status(status: str) -> str:
    marks = {"sign": text("Sign"), "unsure": text("Unsure"), "clear": text("Clear")}
    return marks.get(status, status)


def _said_of(check: _Json) -> list[tuple[str, tuple[int, int, int]]]:
    unit = check["unit"]
    error = text("error not measured") if check["error"] is None else f"± {with_unit(check['error'], unit)}"
    lines = [(f"{with_unit(check['value'], unit)} {error}", INK)]
    if check["sign"] is not None and check["clear"] is not None:
        sign = ("± " if check["two_sided"] else "") + with_unit(check["sign"], unit)
        low = check["sign"] < check["clear"]
        lines.append((text("Sign below {limit}", limit=sign) if low else text("Sign above {limit}", limit=sign), SOFT))
    if check["reps"]:
        lines.append((text("Shown {reps}", reps=shown_in(check)), SOFT))
    if check.get("side"):
        lines.append((text("Which way: {side}", side=said(check["side"])), SOFT))
    if check["status"] == "sign" and check["saw"]:
        lines.append((said(check["saw"]), INK))
        if check["cue"]:
            lines.append((text("Try: {cue}", cue=said(check["cue"])), ICE))
    elif check["status"] == "unsure" and check["reason"]:
        lines.append((said(check["reason"]), SOFT))
    if check.get("question") and check["status"] != "clear":
        lines.append((said(check["question"]), INK))
    return lines


def _not_assessed(sheet: Sheet, report: _Json) -> None:
    checks = [check for check in report["checks"] if check["status"] == "not-assessed"]
    if not checks:
        return
    sheet.heading(text("Not assessed"), needs_mm=14)
    for check in checks:
        reason = said(check["reason"] or "")
        sheet.room(5 + sheet.lines_mm(reason, sheet.inside_mm, 8.5))
        y = sheet.put(check_title(check), (MARGIN_MM, sheet.get_y()), sheet.inside_mm, 9.5, bold=True)
        y = sheet.put(reason, (MARGIN_MM, y), sheet.inside_mm, 8.5, SOFT)
        sheet.set_xy(MARGIN_MM, y + 1.6)


def _reps(sheet: Sheet, report: _Json) -> None:
    if not report["reps"]:
        return
    hold = report["reps"][0].get("held_before_s") is not None
    sheet.heading(text("Over time") if hold else text("Reps"), needs_mm=20)
    heads = (text("Rep"), text("Score"), text("Range"), text("Down"), text("Pause"), text("Up"), text("What we saw"))
    if hold:
        heads = (text("From second"), text("Score"), "", "", text("Lasted"), "", text("What we saw"))
    _row(sheet, heads, SOFT)
    for rep in report["reps"]:
        _row(sheet, _cells(rep, report["checks"], hold), INK if rep["complete"] else SOFT)


def _cells(rep: _Json, checks: Sequence[_Json], hold: bool) -> tuple[str, ...]:
    views = {"front": text("front"), "rear": text("rear"), "side": text("side on")}
    number = decimal(rep["held_before_s"], 0) if hold else str(rep["number"])
    score = "–" if rep["score"] is None else str(rep["score"])
    tempo: tuple[str, ...] = ("", "", with_unit(rep.get("pause_s"), "s"), "")
    if not hold:
        share = with_unit(100 * rep["range_of_motion"], "percent")
        tempo = (share, *(with_unit(rep.get(key), "s") for key in ("eccentric_s", "pause_s", "concentric_s")))
    found = [by_slug(checks, slug) for slug in rep["signs"]]
    saw = joined([said(check["title"]) for check in found if check]) or text("no sign")
    if not rep["complete"]:
        saw = text("Not counted: {why}", why=said(rep.get("reason") or ""))
    return (f"{number}  {views.get(rep.get('view') or '', '')}", score, *tempo, saw)


def _row(sheet: Sheet, cells: Sequence[str], colour: tuple[int, int, int]) -> None:
    rest = sheet.inside_mm - sum(_COLUMNS_MM)
    height = max(sheet.lines_mm(cells[-1] or " ", rest, 8.5), 4.1) + 2.2
    sheet.room(height)
    top, left = sheet.get_y(), MARGIN_MM
    for words, width in zip(cells, (*_COLUMNS_MM, rest), strict=True):
        if words:
            sheet.put(words, (left, top + 1), width, 8.5, colour)
        left += width
    sheet.set_draw_color(*RULE)
    sheet.set_line_width(0.2)
    sheet.line(MARGIN_MM, top + height, WIDTH_MM - MARGIN_MM, top + height)
    sheet.set_xy(MARGIN_MM, top + height)


def _lists(sheet: Sheet, report: _Json) -> None:
    sides = [
        text("{name}: left {left}, right {right}", name=said(one["name"]), left=with_unit(one["left"], one["unit"]),
             right=with_unit(one["right"], one["unit"]))
        for one in report.get("differences", ())
    ]  # fmt: skip
    parts = (
        (text("Left and right"), sides),
        (text("Worth asking yourself"), [said(one) for one in report.get("questions", ())]),
        (text("Notes"), [said(one) for one in report.get("notes", ())]),
    )
    for heading, lines in parts:
        if not lines:
            continue
        sheet.heading(heading, needs_mm=10)
        for line in lines:
            sheet.room(sheet.lines_mm(line, sheet.inside_mm, 9.5) + 1.5)
            y = sheet.put(line, (MARGIN_MM, sheet.get_y()), sheet.inside_mm, 9.5)
            sheet.set_xy(MARGIN_MM, y + 1.5)
    source = report["source"]["name"]
    sheet.put(f"{source} · {report['model']}", (MARGIN_MM, sheet.get_y() + 4), sheet.inside_mm, 7.5, SOFT)


def main() -> int:
    """Read what is asked from standard input, and write the PDF to standard output."""
    asked = json.load(sys.stdin)
    with speaking(language_of(asked["language"], asked["texts"])):
        sys.stdout.buffer.write(paper(asked["report"], asked["link"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
