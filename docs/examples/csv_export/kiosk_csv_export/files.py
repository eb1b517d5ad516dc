"""The files: ``results-2026-11.csv`` and so on, in a folder. What is in them already is not written twice."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kiosk import StoredResults

COLUMNS = (
    "id",
    "created",
    "exercise",
    "title",
    "reps",
    "held_s",
    "score_low",
    "score_high",
    "points",
    "pain",
    "signs",
    "first",
)
#: What a spreadsheet would run as a formula; a quote in front makes it a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Json = Mapping[str, Any]


def export(results: StoredResults, folder: Path) -> int:
    """Add the results that are not in the files yet, oldest first, and return how many they are.

    Results come newest first, so reading ends at the first one that is known: an hour's work, not a year's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = known_ids(folder)
    fresh = []
    for report in results.newest():
        if report["id"] in known:
            break
        fresh.append(report)
    by_month: dict[str, list[Json]] = {}
    for report in reversed(fresh):
        by_month.setdefault(str(report["created"])[:7], []).append(report)
    for month, reports in by_month.items():
        add(folder / f"results-{month}.csv", reports)
    return len(fresh)


def known_ids(folder: Path) -> set[str]:
    """Return the ids of all results in the files of a folder."""
    ids: set[str] = set()
    for file in folder.glob("results-*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            ids |= {row["id"] for row in csv.DictReader(stream)}
    return ids


def add(file: Path, reports: Iterable[Json]) -> None:
    """Add rows to a file, which is replaced whole: who reads it meanwhile, or pulls the plug, finds no half row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    if not file.exists():
        writer.writeheader()
    writer.writerows(row(report) for report in reports)
    before = file.read_bytes() if file.exists() else b""
    draft = file.with_suffix(".new")
    with draft.open("wb") as stream:
        stream.write(before + text.getvalue().encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)


def row(report: Json) -> dict[str, object]:
    """Return the row of a report; empty where nothing is known. Lists are joined by a space."""
    score = report["score"]
    signs = [check["slug"] for check in report["checks"] if check["status"] == "sign"]
    held_s = [one["held_s"] for one in report.get("passes", ()) if one.get("held_s") is not None]
    return {
        "id": report["id"],
        "created": report["created"],
        "exercise": report["exercise"],
        "title": _harmless(report.get("title")),
        "reps": sum(1 for rep in report["reps"] if rep["complete"]),
        "held_s": round(sum(held_s), 1) if held_s else None,
        "score_low": score["low"],
        "score_high": score["high"],
        "points": f"{score['seen']} of {score['of']}",
        "pain": "yes" if report.get("pain") else "no",
        "signs": " ".join(dict.fromkeys(signs)),
        "first": report["first"],
    }


def _harmless(cell: object) -> object:
    # Titles are a plugin's words. An id may begin with a hyphen too, and stays: the next run knows a result by it.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
