"""The files hold every result once, whatever happens between two exports."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kiosk_csv_export import CsvExport, plugin
from kiosk_csv_export.files import COLUMNS, export, row

from kiosk import PluginError


def report(number: int, month: str = "2026-11", **changed: Any) -> dict[str, Any]:
    return {
        "id": f"r{number}",
        "created": f"{month}-{number % 28 + 1:02d}T10:00:00+00:00",
        "exercise": "overhead-squat",
        "title": "Overhead squat",
        "pain": False,
        "passes": [{"held_s": None}],
        "reps": [{"complete": True}] * 5 + [{"complete": False}],
        "checks": [{"slug": "knees-in", "status": "sign"}, {"slug": "head-drops", "status": "clear"}],
        "score": {"value": 80, "low": 70, "high": 90, "seen": 7, "of": 12},
        "first": "knees-in",
        **changed,
    }


class Results:
    """Stored results, newest first, that count how many were read."""

    def __init__(self, *reports: dict[str, Any]) -> None:
        self.reports = list(reports)
        self.read = 0

    def newest(self) -> Iterator[dict[str, Any]]:
        for one in self.reports[::-1]:
            self.read += 1
            yield one


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_result_is_a_row_with_what_a_spreadsheet_needs(tmp_path: Path) -> None:
    assert export(Results(report(1)), tmp_path / "deep" / "down") == 1
    (written,) = rows(tmp_path / "deep" / "down" / "results-2026-11.csv")
    assert tuple(written) == COLUMNS
    assert written == {
        "id": "r1",
        "created": "2026-11-02T10:00:00+00:00",
        "exercise": "overhead-squat",
        "title": "Overhead squat",
        "reps": "5",
        "held_s": "",
        "score_low": "70",
        "score_high": "90",
        "points": "7 of 12",
        "pain": "no",
        "signs": "knees-in",
        "first": "knees-in",
    }


def test_each_month_has_its_file_oldest_first(tmp_path: Path) -> None:
    export(Results(report(1, "2026-10"), report(2), report(3)), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["results-2026-10.csv", "results-2026-11.csv"]
    assert [one["id"] for one in rows(tmp_path / "results-2026-11.csv")] == ["r2", "r3"]


def test_a_second_export_writes_only_what_is_new_and_reads_no_further(tmp_path: Path) -> None:
    results = Results(*(report(number) for number in range(100)))
    assert export(results, tmp_path) == 100
    assert export(results, tmp_path) == 0
    results.reports.append(report(100))
    results.read = 0
    assert export(results, tmp_path) == 1
    assert results.read == 2
    ids = [one["id"] for one in rows(tmp_path / "results-2026-11.csv")]
    assert ids == [f"r{number}" for number in range(101)]


def test_an_export_that_was_cut_off_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(Results(report(1)), tmp_path)
    before = (tmp_path / "results-2026-11.csv").read_bytes()

    def cut_off(_: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", cut_off)
        with pytest.raises(OSError, match="No space"):
            export(Results(report(1), report(2)), tmp_path)
    assert (tmp_path / "results-2026-11.csv").read_bytes() == before
    export(Results(report(1), report(2)), tmp_path)
    assert [one["id"] for one in rows(tmp_path / "results-2026-11.csv")] == ["r1", "r2"]


def test_pain_leaves_the_score_empty_and_a_hold_has_its_seconds() -> None:
    hurt = row(report(1, pain=True, score={"value": None, "low": None, "high": None, "seen": 0, "of": 12}, first=None))
    assert (hurt["pain"], hurt["score_low"], hurt["first"]) == ("yes", None, None)
    held = row(report(2, reps=[], passes=[{"held_s": 20.04}, {"held_s": 10.0}]))
    assert (held["reps"], held["held_s"]) == (0, 30.0)


def test_a_check_that_both_sides_show_is_named_once() -> None:
    both = [{"slug": "knees-in", "status": "sign"}] * 2
    assert row(report(1, checks=both))["signs"] == "knees-in"


def test_words_with_commas_quotes_and_lines_come_back_as_they_were(tmp_path: Path) -> None:
    title = 'Squat, "deep"\nwith ü'
    export(Results(report(1, title=title)), tmp_path)
    assert rows(tmp_path / "results-2026-11.csv")[0]["title"] == title


def test_a_title_is_never_a_formula_and_an_id_with_a_hyphen_stays_itself(tmp_path: Path) -> None:
    results = Results(report(1, title="=1+1", id="-x"))
    export(results, tmp_path)
    (written,) = rows(tmp_path / "results-2026-11.csv")
    assert (written["title"], written["id"]) == ("'=1+1", "-x")
    assert export(results, tmp_path) == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "folder: say where"),
        ({"folder": "results"}, "folder: say where"),
        ({"folder": 3}, "folder: say where"),
        ({"folder": "/srv/results", "every_s": 5}, "every_s: must be a number of seconds, 60 or more"),
        ({"folder": "/srv/results", "every_s": "daily"}, "every_s: must be"),
        ({"folder": "/srv/results", "every_s": True}, "every_s: must be"),
        ({"folder": "/srv/results", "every_s": float("nan")}, "every_s: must be"),
        ({"folder": "/srv/results", "each": 60}, "each: is not a setting"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(PluginError) as caught:
        CsvExport().kiosk_configure(settings)
    assert said in str(caught.value)


def test_the_job_runs_as_often_as_is_set_and_writes_where_is_set(tmp_path: Path) -> None:
    own = CsvExport()
    own.kiosk_configure({"folder": str(tmp_path), "every_s": 90})
    (job,) = own.kiosk_register_jobs()
    assert (job.name, job.every_s) == ("export", 90.0)
    job.run(Results(report(1)))
    assert (tmp_path / "results-2026-11.csv").exists()


def test_what_the_entry_point_names_is_such_a_plugin() -> None:
    assert isinstance(plugin, CsvExport)
