"""What is remembered of plugins from one run to the next."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kiosk.plugins.fault_file import NAME, FaultFile, in_words
from kiosk.plugins.watch import Fault

HUNG = Fault("split", "hung", "start of 'split-squat' did not come back within 20 s")
RAISED = Fault("lunge", "raised", "effort of 'lunge' raised ValueError")
VERSIONS = {"split": "1.0", "lunge": "2.0"}


def file(folder: Path, **versions: str) -> FaultFile:
    return FaultFile(folder, VERSIONS | versions)


def test_faults_of_a_run_can_be_read_by_another_process(tmp_path: Path) -> None:
    writer = file(tmp_path / "state")
    writer.add(RAISED)
    assert file(tmp_path / "state").faults == {"lunge": RAISED}
    assert in_words([RAISED]) == {"lunge": "taken out of use: effort of 'lunge' raised ValueError"}


def test_the_next_run_forgets_what_passes_and_leaves_out_what_hung(tmp_path: Path) -> None:
    file(tmp_path).add(RAISED)
    faults = file(tmp_path)
    faults.begin(HUNG)
    assert set(faults.faults) == {"split"}
    assert set(faults.lasting) == {"split"}
    assert "did not come back within 20 s" in faults.lasting["split"]
    assert faults.lasting["split"].endswith("kiosk plugins allow split")


def test_it_stays_out_however_often_the_kiosk_starts(tmp_path: Path) -> None:
    file(tmp_path).begin(HUNG)
    for _ in range(3):
        faults = file(tmp_path)
        faults.begin(None)
    assert set(file(tmp_path).lasting) == {"split"}


def test_a_new_version_is_back_by_itself(tmp_path: Path) -> None:
    file(tmp_path).begin(HUNG)
    assert file(tmp_path, split="1.1").lasting == {}
    assert set(file(tmp_path, split="1.0").lasting) == {"split"}


def test_who_is_allowed_is_back(tmp_path: Path) -> None:
    file(tmp_path).begin(HUNG)
    assert file(tmp_path).allow("split")
    assert not file(tmp_path).allow("split")
    assert file(tmp_path).lasting == {}


def test_what_passes_leaves_nobody_out(tmp_path: Path) -> None:
    faults = file(tmp_path)
    faults.add(RAISED)
    faults.add(Fault("mqtt", "observer", "kiosk_scan_finished raised OSError"))
    assert faults.lasting == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"faults": [{"plugin": "a"}]}', '{"faults": 3}', "\xff"])
def test_a_damaged_file_counts_as_empty_and_is_told(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).write_text(text, encoding="latin-1")
    with caplog.at_level(logging.WARNING):
        faults = file(tmp_path)
    assert faults.faults == {}
    assert "cannot be read" in caplog.text
    faults.add(RAISED)
    assert set(file(tmp_path).faults) == {"lunge"}


def test_a_folder_that_cannot_be_written_keeps_nobody_from_running(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file")
    faults = file(tmp_path / "state")
    faults.add(RAISED)
    assert set(faults.faults) == {"lunge"}
    assert "cannot be written" in caplog.text
