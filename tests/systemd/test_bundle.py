"""``make bundle``, for real, with pip kept away from every network: what the kiosk depends on are empty wheels here."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from .units import SYSTEMD

ROOT = SYSTEMD.parent
EPOCH = "1700000000"


def _load(script: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bundle", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


packer = _load(SYSTEMD / "bundle.py")
PI = packer.Target("3.13", "aarch64")


def make_wheel(folder: Path, name: str, version: str, tags: str = "py3-none-any", needs: tuple[str, ...] = ()) -> Path:
    """An empty wheel with requirements."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {need}" for need in needs),
    ]
    file = folder / f"{stem}-{tags}.whl"
    with ZipFile(file, "w") as packed:
        packed.writestr(f"{info}/METADATA", "\n".join(lines) + "\n")
        packed.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tags}\n")
        packed.writestr(f"{info}/RECORD", "")
    return file


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty wheel of everything that the kiosk depends on."""
    folder = tmp_path_factory.mktemp("shop")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for wish in project["dependencies"]:
        name = Requirement(wish).name
        if name == "numpy":
            for version in ("1.26.4", "2.4.6"):
                for tag in ("cp311", "cp313"):
                    make_wheel(folder, name, version, f"{tag}-{tag}-manylinux_2_28_aarch64")
        elif name == "opencv-python-headless":
            make_wheel(folder, name, "4.11.0", "cp37-abi3-manylinux_2_17_aarch64")
            make_wheel(folder, name, "5.0.0", "cp37-abi3-manylinux_2_28_aarch64")
        else:
            make_wheel(folder, name, "99.0", needs=("only-new>=1; python_version >= '3.12'",) if name == "tqdm" else ())
    make_wheel(folder, "only-new", "1.5")
    return folder


@pytest.fixture(scope="module")
def without_network(shop: Path) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(shop),
            "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say: switched off
            "PIP_CONFIG_FILE": "/dev/null",
            "SOURCE_DATE_EPOCH": EPOCH,
        }.items():
            patch.setenv(name, value)
        yield patch


@pytest.fixture(scope="module")
def bundles(without_network: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same bundle, made twice from a copy of the tree: nobody edits that in between."""
    tree = tmp_path_factory.mktemp("tree")
    for name in (*packer.SOURCES, "plugins", "systemd", "docs"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tree / name)
    here = _load(tree / "systemd/bundle.py")
    targets = [here.Target(python, "aarch64") for python in ("3.11", "3.13")]
    added = [make_wheel(tmp_path_factory.mktemp("own"), "our-gym", "1.0")]
    return [here.make_bundle(tmp_path_factory.mktemp("out"), targets, added) for _ in range(2)]


@pytest.fixture(scope="module")
def unpacked(bundles: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(bundles[0]) as tar:
        tar.extractall(folder, filter="data")
    return folder


def test_the_same_tree_makes_the_same_bundle(bundles: list[Path]) -> None:
    one, two = bundles
    assert one.name == two.name
    assert packer.sha256(one) == packer.sha256(two)


def test_the_manifest_says_what_it_is_and_for_whom(unpacked: Path) -> None:
    manifest = tomllib.loads((unpacked / "manifest.toml").read_text())
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert manifest["format"] == 1
    assert manifest["version"] == version
    assert manifest["pythons"] == ["3.11", "3.13"]
    assert manifest["architectures"] == ["aarch64"]
    assert manifest["created"].timestamp() == int(EPOCH)
    assert {"plumbline-kiosk", "plumbline-overhead-squat", "plumbline-incline-push-up", "our-gym"} == set(
        manifest["install"]
    )


def test_its_name_ends_in_its_content(bundles: list[Path], unpacked: Path) -> None:
    build = tomllib.loads((unpacked / "manifest.toml").read_text())["build"]
    others = [line for line in (unpacked / "SHA256SUMS").read_text().splitlines(True) if "manifest.toml" not in line]
    assert build.split("+")[1] == hashlib.sha256("".join(others).encode()).hexdigest()[:8]
    assert bundles[0].name == f"plumbline-{build}.tar"


def test_every_file_is_in_the_list_and_as_it_says(unpacked: Path) -> None:
    done = subprocess.run(["sha256sum", "--quiet", "--strict", "--check", "SHA256SUMS"], cwd=unpacked, check=False)
    assert done.returncode == 0
    listed = {line[66:] for line in (unpacked / "SHA256SUMS").read_text().splitlines()}
    assert listed == {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()} - {
        "SHA256SUMS"
    }


def test_install_sh_takes_it(bundles: list[Path], tmp_path: Path) -> None:
    script = f'. "{SYSTEMD}/install.sh"; bundle="{bundles[0]}" scratch="{tmp_path}"; open_bundle; of_manifest build'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"plumbline-{done.stdout.splitlines()[-1]}.tar" == bundles[0].name


def test_what_is_read_first_stands_first_and_nothing_is_special(bundles: list[Path]) -> None:
    with tarfile.open(bundles[0]) as tar:
        entries = tar.getmembers()
    assert [entry.name for entry in entries[:2]] == ["manifest.toml", "SHA256SUMS"]
    assert all(entry.isfile() or entry.isdir() for entry in entries)
    assert {(entry.uid, entry.gid, entry.mtime) for entry in entries} == {(0, 0, int(EPOCH))}
    assert not any(entry.name.startswith("/") or ".." in entry.name.split("/") for entry in entries)
    assert next(entry for entry in entries if entry.name == "systemd/install.sh").mode == 0o755


def test_bookworm_gets_numpy_1_and_trixie_numpy_2(unpacked: Path) -> None:
    old = (unpacked / "requirements/cp311-aarch64.txt").read_text()
    new = (unpacked / "requirements/cp313-aarch64.txt").read_text()
    assert "numpy==1.26.4 " in old
    assert "opencv-python-headless==4.11.0 " in old
    assert "numpy==2.4.6 " in new
    assert "opencv-python-headless==5.0.0 " in new


def test_what_only_the_kiosks_python_needs_is_there_whatever_python_packs(unpacked: Path) -> None:
    assert "only-new==1.5 " in (unpacked / "requirements/cp313-aarch64.txt").read_text()
    if sys.version_info < (3, 12):  # else pip itself brings it along
        assert "only-new" not in (unpacked / "requirements/cp311-aarch64.txt").read_text()


def test_every_requirement_has_its_wheel_and_its_checksum(unpacked: Path) -> None:
    sums = {packer.sha256(wheel) for wheel in (unpacked / "wheels").glob("*.whl")}
    for file in (unpacked / "requirements").glob("*.txt"):
        lines = file.read_text().splitlines()
        assert {line.split("--hash=sha256:")[1] for line in lines} <= sums
        assert any(line.startswith("our-gym==1.0 ") for line in lines)


def test_the_models_and_both_plugins_travel_in_our_wheels(unpacked: Path) -> None:
    (kiosk,) = (unpacked / "wheels").glob("plumbline_kiosk-*.whl")
    names = ZipFile(kiosk).namelist()
    assert "kiosk_models/movenet_lightning_int8.tflite" in names
    assert len(list((unpacked / "wheels").glob("plumbline_*.whl"))) == 3


def test_the_visit_is_one_that_the_kiosk_can_scan_and_knows_the_outcome_of(unpacked: Path) -> None:
    from kiosk.vision.keypoint_file import KeypointSource

    assert tomllib.loads((unpacked / "visit/visit.toml").read_text())["exercise"] == "overhead-squat"
    source = KeypointSource(unpacked / "visit/visit.npz")
    source.open()
    assert source.read() is not None
    source.close()


def test_what_was_left_in_the_tree_is_not_packed(unpacked: Path) -> None:
    packed = {part for path in unpacked.rglob("*") for part in path.relative_to(unpacked).parts}
    assert not packed & {"__pycache__", "build", ".git", ".venv"}


def test_without_what_is_needed_there_is_a_sentence_and_no_file(
    without_network: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_FIND_LINKS", str(empty))
        assert packer.main(["--arch", "aarch64", "--python", "3.13", "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "pip could not fetch the wheels for cp313-aarch64" in said
    assert "Traceback" not in said
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["missing-1.0-py3-none-any.whl", "no-wheel.txt"])
def test_a_wheel_to_add_that_is_none_is_a_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert packer.main(["--add-wheel", str(tmp_path / name), "--out", str(tmp_path)]) == 1
    assert name in capsys.readouterr().err


@pytest.mark.parametrize(
    ("tags", "fits"),
    [
        ("py3-none-any", True),
        ("cp313-cp313-manylinux_2_28_aarch64", True),
        ("cp37-abi3-manylinux2014_aarch64", True),
        ("cp311-cp311-manylinux_2_28_aarch64", False),
        ("cp313-cp313-linux_x86_64", False),
    ],
)
def test_an_added_wheel_goes_where_it_runs(tags: str, fits: bool) -> None:
    assert packer.fits(Path(f"lgpio-0.2.2.0-{tags}.whl"), PI) is fits


def test_a_requirement_of_another_system_is_none(tmp_path: Path) -> None:
    needs = (
        "on-windows; sys_platform == 'win32'",
        "on-arm>=2; platform_machine == 'aarch64'",
        "for-tests; extra == 'test'",
    )
    wheel = make_wheel(tmp_path, "thing", "1.0", needs=needs)
    assert list(packer.requirements_of(wheel, PI)) == ["on-arm>=2"]
    assert packer.missing_from([wheel], PI) == {"on-arm>=2"}
    assert packer.missing_from([wheel, make_wheel(tmp_path, "on-arm", "2.1")], PI) == set()


def test_a_wheel_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    wheel = tmp_path / "thing-1.0-py3-none-any.whl"
    wheel.write_bytes(b"no zip")
    with pytest.raises(packer.BundleError, match="no wheel that can be read"):
        list(packer.requirements_of(wheel, PI))


def test_outside_version_control_the_bundle_names_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packer, "asked_of_git", lambda *words: "")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert packer.commit() == ""
    assert packer.time_of_commit() > 0


def test_a_changed_tree_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packer, "asked_of_git", lambda *words: "abc" if words[0] == "rev-parse" else "M file")
    assert packer.commit() == "abc-changed"
