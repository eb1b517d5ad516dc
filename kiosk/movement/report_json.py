"""The JSON of a report: the contract with everything that reads results (``kiosk/report.schema.json``)."""

from __future__ import annotations

import math
from typing import Any

from kiosk.movement.pose import FloatArray
from kiosk.movement.report import NOTICE, SCHEMA, Finding, Moment, Report, RepResult

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
        "passes": [
            {"view": p.view, "complete": p.complete, "incomplete": p.incomplete, "asked": p.asked, "ended": p.ended}
            for p in report.passes
        ],
        "reps": [_rep(rep) for rep in report.reps],
        "checks": [_finding(finding, report.model) for finding in report.findings],
        "score": {"value": score.value, "low": score.low, "high": score.high, "seen": score.seen, "of": score.of},
        "first": report.first,
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


def _rep(result: RepResult) -> Json:
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
        "score": result.score,
        "signs": list(result.signs),
        "values": {slug: _rounded(value) for slug, value in result.values.items()},
        "verdicts": dict(result.verdicts),
    }


def _finding(finding: Finding, model: str) -> Json:
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
            {"rep": number, "value": _rounded(value), "verdict": band} for number, value, band in finding.per_rep
        ],
        "moment": _moment(finding.moment),
    }


def _moment(moment: Moment | None) -> Json | None:
    if moment is None:
        return None
    return {
        "rep": moment.rep,
        "t_s": _rounded(moment.t_s),
        "size_px": list(moment.size_px),
        "xy": [_point(point) for point in moment.xy],
    }


def _point(point: FloatArray) -> list[float] | None:
    x, y = float(point[0]), float(point[1])
    return None if math.isnan(x) or math.isnan(y) else [round(x, 1), round(y, 1)]


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)
