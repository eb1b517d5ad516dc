"""What comes of a visit: its report, and the lines of it that a terminal prints."""

from __future__ import annotations

from typing import Any

from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import track_of
from kiosk.movement.report import Report, Source
from kiosk.station.visit import Visit


def judge_visit(visit: Visit, source: str, model: str, details: Details = NO_DETAILS) -> Report:
    """Return the report of a visit. ``details`` are the key frames of all its passes."""
    passes = [
        SeenPass(
            read_pass(visit.exercise, track_of(list(done.poses)), done.done_on),
            done.view,
            done.ended,
            done.asked,
            details.between(done.poses[0].t_s, done.poses[-1].t_s),
            done.asked_s,
        )
        for done in visit.passes
    ]
    poses = [pose for done in visit.passes for pose in done.poses]
    taken_s = sum(done.poses[-1].t_s - done.poses[0].t_s for done in visit.passes)
    fps = len(poses) / taken_s if taken_s > 0 else 0.0
    notes = () if visit.answered or visit.pain else ("The question about pain was not answered.",)
    return judge(
        visit.exercise,
        passes,
        Source(source, len(poses), fps, taken_s, poses[0].size_px if poses else (0, 0)),
        model,
        pain=visit.pain,
        notes=notes,
    )


def since_when(check: dict[str, Any]) -> str:
    """Say from which rep on, or of a hold from which second on, a sign stayed."""
    from_s = check.get("from_s")
    return f"from rep {check['from_rep']} on" if from_s is None else f"from second {from_s:.0f} on"


def summary(report: dict[str, Any], key: str) -> str:
    """Return the lines that a terminal prints for a result."""
    score = report["score"]
    lines = [f"Result {key}: {report['title']}"]
    if score["value"] is None:
        lines.append(f"  No score; {score['seen']} of {score['of']} points seen")
    else:
        lines.append(f"  Score {score['low']} to {score['high']}; {score['seen']} of {score['of']} points seen")
    lines += [f"  Held for {one['held_s']:.0f} s" for one in report.get("passes", ()) if one.get("held_s") is not None]
    for check in report["checks"]:
        if check["status"] in ("sign", "unsure"):
            since = f", {since_when(check)}" if check["from_rep"] else ""
            error = check["error"]
            unknown, within = (", error not measured", "") if error is None else ("", f" ± {error:g}")
            value = f"{check['value']:g}{within} {check['unit']}{unknown}"
            side = f", {check['done_on']}" if check.get("done_on") else ""
            lines.append(f"  {check['status']}: {check['title']}{side} ({value}{since})")
    if report["first"]:
        first = next(check for check in report["checks"] if check["slug"] == report["first"])
        lines.append(f"  Work on first: {first['cue']}")
    return "\n".join([*lines, *(f"  Note: {note}" for note in report["notes"])])
