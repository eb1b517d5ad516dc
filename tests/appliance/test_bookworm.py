"""systemd/install.sh in the Debian before this one, with its Python 3.11: installed, again, used, taken away."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest

from . import modules
from .commands import ApplianceError, check_host, chroot_script, run, step
from .image import SOURCES, kept
from .target import AMD64

pytestmark = pytest.mark.appliance(minutes=1, seldom=True)

ROOT = Path(__file__).parents[2]
SUITE = "bookworm"
#: Raspberry Pi OS has python3-lgpio beside these, Debian has not.
_PACKAGES = "systemd,systemd-sysv,udev,dbus,kmod,python3,python3-venv,iproute2,v4l-utils,libpam-systemd,procps,passwd"
_VISIT = "/opt/kiosk/current/visit/visit"


def _make_root(place: Path) -> None:
    with step(f"Debian {SUITE}"):
        modules.make_root(AMD64, place / "root", SUITE, _PACKAGES)


def _make_bundle(place: Path) -> None:
    with step(f"the bundle for {SUITE}"):
        words = ("--arch", AMD64.machine, "--python", "3.11", "--out", place)
        run(sys.executable, ROOT / "systemd/bundle.py", *words, cwd=ROOT)


@pytest.fixture(scope="module")
def bookworm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root file system with the unpacked bundle in its /tmp/plumbline."""
    root = tmp_path_factory.mktemp(SUITE) / "root"
    try:
        check_host()
        debian = kept(SUITE, [SUITE, _PACKAGES], _make_root) / "root"
        bundle = kept(f"bundle_{SUITE}", [SUITE, *(ROOT / name for name in SOURCES)], _make_bundle)
    except ApplianceError as error:
        pytest.exit(f"appliance: {error}", returncode=2)
    run("cp", "-a", "--reflink=auto", debian, root)
    (root / "tmp/plumbline").mkdir()
    run("tar", "-xf", next(bundle.glob("*.tar")), "-C", root / "tmp/plumbline", "--no-same-owner")
    return root


def test_in_bookworm_it_is_installed_finds_its_recorded_visit_and_is_taken_away(bookworm: Path) -> None:
    def said(script: str) -> str:
        return chroot_script(bookworm, script)

    install = "bash /tmp/plumbline/systemd/install.sh --no-screen 2>&1"
    assert "installing version" in said(install)
    assert "installing version" not in said(install)
    assert said("/opt/kiosk/current/venv/bin/python --version").startswith("Python 3.11.")
    for name in ("incline-push-up", "overhead-squat"):
        assert name in said("/usr/local/bin/kiosk plugins list")
    labels = tomllib.loads((bookworm / "opt/kiosk/current").joinpath("visit/visit.toml").read_text())
    report = json.loads(said(f"/usr/local/bin/kiosk analyze {_VISIT}.npz --json -"))
    assert report["exercise"] == labels["exercise"]
    assert sum(bool(rep["complete"]) for rep in report["reps"]) == len(labels["reps"])
    units = "kiosk.service kiosk-backup.service kiosk-backup.timer kiosk-retry.timer"
    assert said(f"cd /etc/systemd/system && systemd-analyze verify --man=no {units} 2>&1") == ""
    said("systemd-analyze security --offline=yes --threshold=20 kiosk.service >/dev/null")
    assert "the kiosk is gone" in said("bash /opt/kiosk/systemd/install.sh --uninstall 2>&1")
    assert not (bookworm / "opt/kiosk").exists()
