"""The arm64 wheels compute what the native ones do, under user emulation. Only with --arch arm64."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .arm64 import Arm64, check_emulator, target
from .clips import ROOT
from .commands import ApplianceError
from .keypoints import MODEL, check_same_as_here, write_task
from .visits import GOLDEN

pytestmark = [pytest.mark.appliance, pytest.mark.arm64]


@pytest.fixture(scope="session")
def arm64() -> Arm64:
    try:
        return Arm64(target())
    except ApplianceError as error:
        pytest.exit(f"appliance: {error}", returncode=2)


def test_an_emulator_that_computes_garbage_is_refused() -> None:
    with pytest.raises(ApplianceError, match="computes wrong keypoints"):
        check_emulator("qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)")
    with pytest.raises(ApplianceError, match="computes wrong keypoints"):
        check_emulator("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)")
    with pytest.raises(ApplianceError, match="qemu 10 or newer"):
        check_emulator("")
    check_emulator("qemu-aarch64 version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)")


def test_keypoints_on_arm64_equal_the_native_ones_bit_for_bit(arm64: Arm64, tmp_path: Path) -> None:
    program, pictures = write_task(tmp_path)
    arm64.python(program, MODEL, pictures, tmp_path / "there.npy")
    check_same_as_here(program, pictures, tmp_path / "there.npy")


def test_a_recorded_set_is_judged_on_arm64_as_it_is_here(arm64: Arm64) -> None:
    words = ["-m", "kiosk", "analyze", str(GOLDEN), "--json", "-"]
    here = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    there, native = json.loads(arm64.python(*words)), json.loads(here)
    assert there["exercise"] == native["exercise"] == "incline-push-up"
    assert len(there["reps"]) == len(native["reps"]) >= 3
    assert there["score"] == native["score"]
    for name in ("start_s", "bottom_s", "end_s", "complete"):
        assert [rep[name] for rep in there["reps"]] == [rep[name] for rep in native["reps"]]
