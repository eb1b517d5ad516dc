"""systemd/install.sh in a Debian that has never seen a kiosk: installed, again, brought up to date, taken away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .commands import ApplianceError, chroot_script, run
from .image import Image, base

pytestmark = pytest.mark.appliance(minutes=0.25, seldom=True)

ROOT = Path(__file__).parents[2]
#: What an installation may leave, beside what it names: the tools that keep users back up their own files.
BACKUPS = {"etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/.pwd.lock", "etc/subuid-", "etc/subgid-"}
PASSING = ("proc", "sys", "dev", "tmp", "run", "var/cache", "var/log", "root")


@dataclass(frozen=True)
class Debian:
    """A root file system with the scripts and the bundles in its /tmp."""

    root: Path

    def install(self, *words: str) -> str:
        """Run install.sh; what it said. Raises ApplianceError when it fails."""
        return self.do(f"bash /tmp/tree/systemd/install.sh {' '.join(words)} 2>&1")

    def do(self, script: str) -> str:
        return chroot_script(self.root, script)

    def files(self) -> set[str]:
        """All that is in it, but for what passes with a restart."""
        found = (path.relative_to(self.root).as_posix() for path in self.root.rglob("*"))
        return {name for name in found if not name.startswith(PASSING) and "__pycache__" not in name}


@pytest.fixture(scope="module")
def debian(the_image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    """One for all tests: each begins with an installation, which takes a moment where there is one already."""
    root = tmp_path_factory.mktemp("debian") / "root"
    run("cp", "-a", "--reflink=auto", base(the_image.target) / "root", root)
    (root / "tmp/tree").mkdir()
    shutil.copytree(ROOT / "systemd", root / "tmp/tree/systemd")
    shutil.copy(the_image.bundle, root / "tmp/bundle.tar")
    shutil.copy(the_image.newer, root / "tmp/newer.tar")
    yield Debian(root)
    shutil.rmtree(root)


def test_what_is_installed_twice_and_taken_away_leaves_only_the_data_that_it_names(debian: Debian) -> None:
    if (debian.root / "opt/kiosk").exists():
        debian.install("--uninstall")
        debian.do("rm -r /etc/kiosk /var/lib/kiosk; userdel kiosk")
    before = debian.files()
    said = debian.install("--bundle /tmp/bundle.tar")
    assert "installing version" in said
    assert "missing: chromium (the screen)" in said
    assert debian.do("/usr/local/bin/kiosk --version").startswith("plumbline-kiosk ")
    assert debian.do("systemctl is-enabled kiosk kiosk-backup.timer kiosk-update").split() == ["enabled"] * 3
    assert debian.do("stat -c %U:%a /var/lib/kiosk").strip() == "kiosk:700"
    slice_of_the_screen = f"etc/systemd/system/user-{debian.do('id -u kiosk-screen').strip()}.slice.d/kiosk.conf"
    assert slice_of_the_screen in debian.files()

    configuration = debian.root / "etc/kiosk/kiosk.toml"
    configuration.write_text(configuration.read_text() + "\n# ours\n")
    first = debian.files()
    again = debian.install("--bundle /tmp/bundle.tar")
    assert "installing" not in again
    assert "/etc/kiosk/kiosk.toml is kept as it is" in again
    assert debian.files() == first
    assert configuration.read_text().endswith("# ours\n")

    # As the owner does it, with nothing but what is on the machine.
    told = debian.do("bash /opt/kiosk/systemd/install.sh --uninstall 2>&1")
    left = debian.files() - before - BACKUPS
    named = ("var/lib/kiosk", "etc/kiosk")
    assert all(f"/{name}" in told for name in named)
    assert {name for name in left if not name.startswith(named)} == set()
    assert before - debian.files() == set(), "it took away what was not its own"
    assert "there is no installation here" in debian.do("bash /tmp/tree/systemd/install.sh --uninstall 2>&1 || true")


def test_the_program_works_for_its_own_user_and_sees_the_systems_packages(debian: Debian) -> None:
    debian.install("--bundle /tmp/bundle.tar --no-screen")
    listed = debian.do("/usr/local/bin/kiosk plugins list")
    assert "overhead-squat" in listed
    assert "incline-push-up" in listed
    config = debian.do("cat /opt/kiosk/current/venv/pyvenv.cfg")
    assert "include-system-site-packages = true" in config
    owners = debian.do("find /var/lib/kiosk ! -user kiosk")
    assert owners == "", "root's files would lock the kiosk out"
    assert not (debian.root / "etc/chromium").exists()


def test_a_newer_bundle_takes_the_place_of_the_old_one_which_is_kept(debian: Debian) -> None:
    debian.install("--bundle /tmp/bundle.tar --no-screen")
    current = debian.root / "opt/kiosk/current"
    old = current.readlink()
    debian.install("--bundle /tmp/newer.tar")
    assert current.readlink().name.startswith("99.0.0+")
    assert (debian.root / "opt/kiosk/previous").readlink() == old
    installed = "import importlib.metadata as m; print(m.version('plumbline-kiosk'))"
    assert debian.do(f'/opt/kiosk/current/venv/bin/python -c "{installed}"').strip() == "99.0.0"
    versions = {path.name for path in (debian.root / "opt/kiosk/versions").iterdir()}
    assert versions == {old.name, current.readlink().name}


def test_an_installation_that_was_cut_off_is_made_whole(debian: Debian) -> None:
    debian.install("--bundle /tmp/bundle.tar")
    version = (debian.root / "opt/kiosk/current").resolve()
    (version / "complete").unlink()
    shutil.rmtree(next((version / "venv/lib").glob("python3.*")) / "site-packages/kiosk")
    assert "installing version" in debian.install("--bundle /tmp/bundle.tar")
    assert debian.do("/usr/local/bin/kiosk --version").startswith("plumbline-kiosk ")


def test_a_damaged_bundle_changes_nothing(debian: Debian) -> None:
    before = debian.files()
    damaged = debian.root / "tmp/damaged.tar"
    shutil.copy(debian.root / "tmp/bundle.tar", damaged)
    with damaged.open("r+b") as file:
        file.seek(file.seek(0, 2) // 2)
        file.write(b"damaged")
    with pytest.raises(ApplianceError, match="is damaged"):
        debian.install("--bundle /tmp/damaged.tar")
    damaged.unlink()
    assert debian.files() == before


def test_the_machine_gets_the_name_that_is_asked_for_and_its_own_back(debian: Debian) -> None:
    (debian.root / "opt/kiosk/name-before").unlink(missing_ok=True)
    (debian.root / "etc/hostname").write_text("raspberrypi\n")
    (debian.root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.1.1 raspberrypi\n")
    debian.install("--bundle /tmp/bundle.tar")
    assert (debian.root / "etc/hostname").read_text() == "kiosk\n"
    debian.install("--bundle /tmp/bundle.tar --name gym-2")
    assert (debian.root / "etc/hosts").read_text().endswith("127.0.1.1 gym-2\n")
    debian.install("--uninstall")
    assert (debian.root / "etc/hostname").read_text() == "raspberrypi\n"
    assert (debian.root / "etc/hosts").read_text().endswith("127.0.1.1 raspberrypi\n")


def test_the_units_are_right_where_all_of_it_is_installed(debian: Debian) -> None:
    debian.install("--bundle /tmp/bundle.tar --no-screen")
    units = "kiosk.service kiosk-backup.service kiosk-backup.timer kiosk-retry.timer"
    assert debian.do(f"cd /etc/systemd/system && systemd-analyze verify --man=no {units} 2>&1") == ""
    debian.do("systemd-analyze security --offline=yes --threshold=20 kiosk.service >/dev/null")
    debian.do("udevadm verify /etc/udev/rules.d/70-kiosk.rules")
