"""The parts of install.sh that can be tried without changing a system; the whole is tried in tests/appliance."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from .units import SYSTEMD

ROOT = SYSTEMD.parent


def run(script: str, *, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run bash with install.sh's functions read in, as they are before anything was done."""
    environment = {"PATH": f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-c", f'. "{SYSTEMD}/install.sh"\n{script}'],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def refused(script: str, *, path: Path | None = None) -> str:
    """The one sentence with which a script of the above ends."""
    done = run(script, path=path)
    assert done.returncode == 1, done
    lines = [line for line in done.stderr.splitlines() if line.startswith("install: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """An unpacked bundle of two files."""
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "requirements").mkdir()
    (folder / "requirements/cp313-riscv64.txt").write_text("")
    (folder / "wheels/one.whl").write_bytes(b"one")
    (folder / "manifest.toml").write_text(
        'format = 1\nname = "plumbline"\nversion = "1.2.3"\nbuild = "1.2.3+0123abcd"\n'
    )
    write_sums(folder)
    return folder


def write_sums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files)
    (folder / "SHA256SUMS").write_text("".join(sums))


def opened(place: Path, scratch: Path) -> str:
    return f'bundle="{place}" scratch="{scratch}"; open_bundle; of_manifest build'


def test_a_whole_bundle_is_opened_from_its_folder_and_from_its_file(bundle: Path, tmp_path: Path) -> None:
    assert run(opened(bundle, tmp_path)).stdout.splitlines()[-1] == "1.2.3+0123abcd"
    packed = tmp_path / "bundle.tar"
    subprocess.run(["tar", "-cf", packed, "-C", bundle, "."], check=True)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = run(opened(packed, scratch))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "1.2.3+0123abcd"


def test_a_damaged_bundle_is_refused_and_the_damage_is_named(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels/one.whl").write_bytes(b"0ne")
    done = run(opened(bundle, tmp_path))
    assert done.returncode == 1
    assert "wheels/one.whl: FAILED" in done.stderr
    assert "is damaged" in done.stderr


def test_a_bundle_with_a_missing_file_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels/one.whl").unlink()
    assert "is damaged" in run(opened(bundle, tmp_path)).stderr


def test_a_file_that_the_list_does_not_name_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels/evil.whl").write_bytes(b"")
    assert "what its list does not name (wheels/evil.whl)" in refused(opened(bundle, tmp_path))


def test_a_link_in_a_bundle_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels/passwd").symlink_to("/etc/passwd")
    assert "(wheels/passwd)" in refused(opened(bundle, tmp_path))


def test_a_bundle_of_another_format_is_refused(bundle: Path, tmp_path: Path) -> None:
    manifest = bundle / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("format = 1", "format = 2"))
    write_sums(bundle)
    assert "of another format" in refused(opened(bundle, tmp_path))


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "is no bundle" in refused(opened(tmp_path / "empty", tmp_path))
    (tmp_path / "noise.tar").write_bytes(b"noise" * 1000)
    assert "cannot be unpacked" in refused(opened(tmp_path / "noise.tar", tmp_path))


def test_half_a_bundle_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels/large.whl").write_bytes(os.urandom(50_000))
    write_sums(bundle)
    packed = tmp_path / "bundle.tar"
    subprocess.run(["tar", "-cf", packed, "-C", bundle, "."], check=True)
    packed.write_bytes(packed.read_bytes()[:20_000])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert "cannot be unpacked" in refused(opened(packed, scratch))


def test_a_bundle_for_other_machines_says_for_which(bundle: Path, tmp_path: Path) -> None:
    said = refused(f'bundle="{bundle}" source="{bundle}"; choose_what cp313')
    assert f"not for this machine (cp313-{os.uname().machine})" in said
    assert "cp313-riscv64" in said


def test_pip_gets_the_exact_versions_of_the_bundle_and_no_network(bundle: Path) -> None:
    (bundle / f"requirements/cp313-{os.uname().machine}.txt").write_text("")
    done = run(f'bundle="{bundle}" source="{bundle}"; what=(); choose_what cp313; printf "%s\\n" "${{what[@]}}"')
    words = done.stdout.splitlines()
    assert words[0] == "--no-index"
    assert words[-2:] == ["--requirement", f"{bundle}/requirements/cp313-{os.uname().machine}.txt"]


def test_on_bookworm_numpy_stays_below_2_for_the_systems_picamera2(tmp_path: Path) -> None:
    script = f'source="{ROOT}" scratch="{tmp_path}"; what=(); choose_what %s; printf "%%s\\n" "${{what[@]}}"'
    assert "--constraint" in run(script % "cp311").stdout
    assert "numpy<2" in (tmp_path / "constraints.txt").read_text()
    assert "--constraint" not in run(script % "cp313").stdout


def test_32_bits_get_the_other_runtime_or_a_sentence(tmp_path: Path) -> None:
    uname = tmp_path / "uname"
    uname.write_text("#!/bin/sh\necho armv7l\n")
    uname.chmod(0o755)
    script = f'source="{ROOT}" scratch="{tmp_path}"; what=(); choose_what %s; echo "${{what[0]}}"'
    assert run(script % "cp311", path=tmp_path).stdout == f"{ROOT}[tflite]\n"
    assert "64-bit Raspberry Pi OS" in refused(script % "cp313", path=tmp_path)


def test_the_name_of_a_tree_changes_with_its_program_and_not_with_its_documentation(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name in ("kiosk", "docs", "systemd"):
        (tree / name).mkdir(parents=True)
        (tree / name / "file").write_text(name)
    (tree / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    build = f'source="{tree}"; build_of_tree'
    first = run(build).stdout
    assert first.startswith("1.2.3+")
    (tree / "docs/file").write_text("other words")
    assert run(build).stdout == first
    (tree / "kiosk/file").write_text("another program")
    assert run(build).stdout != first


def test_a_copy_of_the_tree_holds_no_leftovers(tmp_path: Path) -> None:
    done = run(f'scratch="{tmp_path}"; copy_tree')
    assert done.returncode == 0, done.stderr
    copied = {path.name for path in (tmp_path / "plumbline").rglob("*")}
    assert {"pyproject.toml", "overhead_squat", "install.sh", "movenet_lightning_int8.tflite"} <= copied
    assert not any(name in ("__pycache__", "build") or name.endswith(".egg-info") for name in copied)


@pytest.mark.parametrize("name", ["Kiosk", "my kiosk", "-a", "kiosk.local", "a" * 64])
def test_a_name_that_no_network_takes_is_refused(name: str) -> None:
    assert "small letters, digits and hyphens" in refused(f'name="{name}"; check_name')


@pytest.mark.parametrize("name", ["kiosk", "kiosk-2", "a", ""])
def test_a_good_name_is_taken(name: str) -> None:
    assert run(f'name="{name}"; check_name').returncode == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--bundel x", "unknown word '--bundel'"),
        ("--bundle", "--bundle needs the file that make bundle made"),
        ("--bundle /nowhere.tar", "/nowhere.tar is not there"),
        ("--name", "--name needs the name"),
    ],
)
def test_a_wrong_word_is_refused_before_anything_is_done(words: str, sentence: str) -> None:
    assert sentence in refused(f"main {words}")


def test_help_names_every_option() -> None:
    done = subprocess.run(["bash", str(SYSTEMD / "install.sh"), "--help"], capture_output=True, text=True, check=True)
    for option in ("--bundle", "--no-screen", "--name", "--uninstall", "--files"):
        assert option in done.stdout
        assert f"`{option}" in (ROOT / "docs/install.md").read_text()
    assert "set -e" not in done.stdout


def test_without_root_nothing_is_done() -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become somebody else")
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    # pytest's own folders are for its user alone.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copy = shutil.copytree(SYSTEMD, Path(folder, "systemd"))
        done = subprocess.run([*nobody, "bash", copy / "install.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "run it with sudo" in done.stderr


def test_only_folders_that_were_made_are_written_down(tmp_path: Path) -> None:
    script = (SYSTEMD / "install.sh").read_text()
    # The lists stand at a fixed place of the system; here they stand elsewhere.
    moved = tmp_path / "install.sh"
    moved.write_text(
        script.replace("readonly HERE ", f"HERE={SYSTEMD}; readonly HERE ").replace("/opt/kiosk", str(tmp_path))
    )
    (tmp_path / "etc").mkdir()
    done = subprocess.run(
        ["bash", "-c", f'. "{moved}"; put 0644 watchdog.conf "{tmp_path}/etc/systemd/system.conf.d/kiosk.conf"'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "folders").read_text().splitlines()
    assert made == [f"{tmp_path}/etc/systemd", f"{tmp_path}/etc/systemd/system.conf.d"]
    assert (tmp_path / "installed.new").read_text() == f"{tmp_path}/etc/systemd/system.conf.d/kiosk.conf\n"


def test_a_link_is_switched_without_ever_missing(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("old")
    done = run(f'mv() {{ [[ -L "{tmp_path}/current" ]] && command mv "$@"; }}; link_to new "{tmp_path}/current"')
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "current").readlink() == Path("new")
    assert [path.name for path in tmp_path.iterdir()] == ["current"]
