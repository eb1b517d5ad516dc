"""The rebuild as a whole, on a package with tiny graphs in place of MoveNet's."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.build import build as module
from models.build.build import judge, main, unpacked
from models.build.compare import Difference
from models.build.convert import convert
from models.build.graph import BuildError, load_graph


@pytest.fixture
def package(tiny: Any, tmp_path: Path) -> Path:
    """A package with a Lightning of one operation and no Thunder, as the small npm package has it."""
    folder = tmp_path / "package" / "models"
    folder.mkdir(parents=True)
    tiny.folder = folder
    weights = tiny.constant("w", np.array([1.5, 2.5], np.float16))
    tiny.node("Identity", "AddV2", [tiny.picture(1, 2), weights])
    tiny.write("movenet-lightning")
    (folder / "other.json").write_text("{}")
    return tmp_path / "package"


@pytest.fixture
def built(package: Path) -> bytes:
    return convert(load_graph(package / "models" / "movenet-lightning.json"))


@pytest.fixture
def shipped(tmp_path: Path, built: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that ships what the package gives, and a manifest for it."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "light.tflite").write_bytes(built)
    (folder / "models.toml").write_text(
        "".join(
            f'[{family}]\nfile = "{family}.tflite"\nfamily = "{stem}"\nprecision = "float16"\n'
            f'sha256 = "{hashlib.sha256(built).hexdigest()}"\n'
            for family, stem in (("light", "lightning"), ("heavy", "thunder"))
        )
    )
    monkeypatch.setattr(module, "MODELS", folder)
    monkeypatch.setattr(module, "MANIFEST", folder / "models.toml")
    return folder


def pack(package: Path) -> Path:
    path = package.with_suffix(".tgz")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(package, "package")
    return path


class TestProgram:
    @pytest.mark.parametrize("packed", [True, False])
    def test_a_model_that_comes_out_as_shipped_is_said(
        self,
        package: Path,
        shipped: Path,
        built: bytes,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        packed: bool,
    ) -> None:
        source = pack(package) if packed else package
        out = tmp_path / "new" / "out"
        assert main(["--package", str(source), "--out", str(out), "--only", "light"]) == 0
        assert (out / "light.tflite").read_bytes() == built
        said = capsys.readouterr().out
        assert "light: identical, sha256 equal." in said
        assert "1 of 1 models" in said

    def test_a_model_that_the_package_lacks_is_said(
        self, package: Path, shipped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--package", str(package), "--out", str(tmp_path / "out")]) == 1
        said = capsys.readouterr().out
        assert "heavy: not built, the package holds no movenet-thunder.json." in said
        assert "1 of 2 models" in said
        assert not (tmp_path / "out" / "heavy.tflite").exists()

    def test_a_model_that_comes_out_differently_is_said(
        self, tiny: Any, package: Path, shipped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tiny.data = np.array([1.5, 2.0], np.float16).tobytes()
        tiny.write("movenet-lightning")
        assert main(["--package", str(package), "--out", str(tmp_path), "--only", "light"]) == 1
        assert "light: DIFFERENT from the shipped file in the values of w" in capsys.readouterr().out

    @pytest.mark.parametrize("packed", [True, False])
    def test_a_model_that_is_shipped_as_it_comes_is_copied_out_of_its_own_package(
        self, package: Path, shipped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], packed: bool
    ) -> None:
        second = tmp_path / "second" / "package"
        second.mkdir(parents=True)
        (second / "pose_landmark_full.tflite").write_bytes(b"points")
        sha256 = hashlib.sha256(b"points").hexdigest()
        closer = f'[closer]\nfile = "closer.tflite"\nfamily = "blazepose"\nprecision = "float16"\nsha256 = "{sha256}"\n'
        with (shipped / "models.toml").open("a") as manifest:
            manifest.write(closer)
        sources = [str(pack(one) if packed else one) for one in (package, second)]
        words = ["--package", sources[0], "--package", sources[1], "--out", str(tmp_path / "out")]
        assert main([*words, "--only", "light", "--only", "closer"]) == 0
        assert (tmp_path / "out" / "closer.tflite").read_bytes() == b"points"
        assert "closer: identical, sha256 equal." in capsys.readouterr().out
        (second / "pose_landmark_full.tflite").write_bytes(b"others")
        assert main(["--package", str(second), "--out", str(tmp_path / "out"), "--only", "closer"]) == 1
        assert "closer: DIFFERENT from the shipped file" in capsys.readouterr().out

    def test_an_unknown_name_is_a_mistake(
        self, package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--package", str(package), "--out", str(tmp_path), "--only", "medium"]) == 2
        said = capsys.readouterr().err
        assert "There is no model 'medium'. Known are: movenet_thunder_f16," in said

    def test_damaged_weights_end_with_a_sentence(
        self, package: Path, shipped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (package / "models" / "movenet-lightning.bin").write_bytes(b"12")
        assert main(["--package", str(package), "--out", str(tmp_path), "--only", "light"]) == 2
        assert "hold 2 bytes, the graph needs 4" in capsys.readouterr().err

    def test_an_out_that_cannot_be_made_ends_with_a_sentence(
        self, package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").touch()
        assert main(["--package", str(package), "--out", str(tmp_path / "file" / "out")]) == 2
        assert "file" in capsys.readouterr().err


class TestPackage:
    def test_only_what_is_needed_is_unpacked(self, package: Path, tmp_path: Path) -> None:
        folder = unpacked(pack(package), tmp_path / "here")
        names = sorted(path.name for path in folder.rglob("*") if path.is_file())
        assert names == ["movenet-lightning.bin", "movenet-lightning.json"]

    def test_a_missing_package_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BuildError, match=r"none\.tgz does not exist"):
            unpacked(tmp_path / "none.tgz", tmp_path)

    def test_a_package_cut_off_is_refused(self, package: Path, tmp_path: Path) -> None:
        path = pack(package)
        path.write_bytes(path.read_bytes()[:-60])
        with pytest.raises(BuildError, match=r"package\.tgz is not a whole npm package"):
            unpacked(path, tmp_path / "here")

    def test_another_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.tgz").write_text("not an archive")
        with pytest.raises(BuildError, match="is not a whole npm package"):
            unpacked(tmp_path / "x.tgz", tmp_path)


class TestJudge:
    @pytest.mark.parametrize(
        ("difference", "same", "words"),
        [
            (Difference(29, 5.8e-7), True, "29 quantisation scales differ by at most 5.8e-07"),
            (Difference(29, 0.01), False, "DIFFERENT: 29 quantisation scales, by up to 1.0e-02"),
            (Difference(other="the operators"), False, "DIFFERENT from the shipped file in the operators"),
        ],
    )
    def test_each_difference_has_its_words(
        self,
        monkeypatch: pytest.MonkeyPatch,
        shipped: Path,
        difference: Difference,
        same: bool,
        words: str,
    ) -> None:
        monkeypatch.setattr(module, "compare", lambda data, other: difference)
        verdict = judge(b"built", "0" * 64, shipped / "light.tflite")
        assert verdict[0] is same
        assert words in verdict[1]
