"""The JSON of a report: the contract with everything that reads results (``kiosk/report.schema.json``)."""

from __future__ import annotations

import math
from typing import Any

from kiosk.movement.pose import FloatArray
from kiosk.movement.report import NOTICE, SCHEMA, Finding, Moment, PassSummary, Report, RepResult

Json = dict[str, Any]


def report_json(report: Report) -> Json:
    """Return the report as plain data for JSON: finite numbers only, None where nothing is known."""
    source, score = report.source, report.score
    return {
        "schema": SCHEMA,
        "source": {
            "name": source.name,
            "frames": source.frames,
            "fps": _rounded(source.fps, 3),
            "duration_s": _rounded(source.duration_s, 3),
            "size_px": list(source.size_px),
        },
        "model": report.model,
        "exercise": report.exercise,
        "title": report.title,
        "view": report.view,
        "pain": report.pain,
        "passes": [_pass(one) for one in report.passes],
        "reps": [rep_json(rep) for rep in report.reps],
        "checks": [_finding(finding, report.model, _held_before(finding, report)) for finding in report.findings],
        "score": {"value": score.value, "low": score.low, "high": score.high, "seen": score.seen, "of": score.of},
        "first": report.first,
        "first_on": report.first_on,
        "programme": [
            {
                "check": step.check,
                "phase": step.phase,
                "exercise": step.exercise,
                "title": step.title,
                "dose": step.dose,
                "how": step.how,
                "stop": step.stop,
                "source": step.source,
                "confirm": step.confirm,
                "done_on": step.done_on,
            }
            for step in report.programme
        ],
        "questions": list(report.questions),
        "differences": [
            {
                "name": d.name,
                "left": _rounded(d.left),
                "right": _rounded(d.right),
                "unit": d.unit,
                "index_percent": _rounded(d.index_percent, 1),
            }
            for d in report.differences
        ],
        "notes": list(report.notes),
        "notice": NOTICE,
    }


def _pass(one: PassSummary) -> Json:
    return {
        "view": one.view,
        "complete": one.complete,
        "incomplete": one.incomplete,
        "asked": one.asked,
        "ended": one.ended,
        "done_on": one.done_on,
        "held_s": _rounded(one.held_s),
        "asked_s": _rounded(one.asked_s),
    }


def _held_before(finding: Finding, report: Report) -> dict[int, float]:
    """Return after how many seconds of its hold each part of a finding's pass began, by its number; empty for reps."""
    return {
        one.rep.number: one.rep.held_before_s
        for one in report.reps
        if one.rep.held_before_s is not None and (one.view, one.done_on) == (finding.view, finding.done_on)
    }


def rep_json(result: RepResult) -> Json:
    """Return one rep, or one part of a hold, as it stands in a report."""
    rep = result.rep
    return {
        "number": rep.number,
        "view": result.view,
        "start_s": _rounded(rep.start_s),
        "bottom_s": _rounded(rep.bottom_s),
        "end_s": _rounded(rep.end_s),
        "eccentric_s": _rounded(rep.eccentric_s),
        "pause_s": _rounded(rep.pause_s),
        "concentric_s": _rounded(rep.concentric_s),
        "range_of_motion": _rounded(rep.range_of_motion),
        "complete": rep.complete,
        "reason": rep.reason,
        "done_on": result.done_on,
        "held_before_s": _rounded(rep.held_before_s),
        "score": result.score,
        "signs": list(result.signs),
        "values": {slug: _rounded(value) for slug, value in result.values.items()},
        "verdicts": dict(result.verdicts),
    }


def _finding(finding: Finding, model: str, held_before_s: dict[int, float]) -> Json:
    check = finding.check
    return {
        "slug": check.slug,
        "title": check.title,
        "checkpoint": check.checkpoint,
        "view": finding.view,
        "views": list(check.views),
        "assessed_by": check.assessed_by,
        "status": finding.status,
        "value": _rounded(finding.value),
        "unit": check.unit,
        "error": _rounded(check.error_with(model)),
        "clear": check.clear,
        "sign": check.sign,
        "two_sided": check.two_sided,
        "side": finding.side,
        "reps": list(finding.reps),
        "from_rep": finding.from_rep,
        "from_s": _rounded(held_before_s.get(finding.from_rep)) if finding.from_rep is not None else None,
        "done_on": finding.done_on,
        "reason": finding.reason,
        "stands_for": check.reason if check.assessed_by == "proxy" else None,
        "saw": check.saw,
        "cue": check.cue,
        "question": check.question,
        "regression": check.regression,
        "muscles": {
            "overactive": list(check.muscles.overactive),
            "underactive": list(check.muscles.underactive),
            "confirm": check.muscles.confirm,
        },
        "sources": [{"id": key, "where": where} for key, where in check.sources],
        "per_rep": [
            {"rep": number, "value": _rounded(value), "verdict": band, "at_s": _rounded(held_before_s.get(number))}
            for number, value, band in finding.per_rep
        ],
        "drawn": check.drawn,
        "moment": _moment(finding.moment),
    }


def _moment(moment: Moment | None) -> Json | None:
    if moment is None:
        return None
    return {
        "rep": moment.rep,
        "t_s": _rounded(moment.t_s),
        "value": _rounded(moment.value),
        "size_px": list(moment.size_px),
        "xy": [_point(point) for point in moment.xy],
    }


def _point(point: FloatArray) -> list[float] | None:
    x, y = float(point[0]), float(point[1])
    return None if math.isnan(x) or math.isnan(y) else [round(x, 1), round(y, 1)]


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)
