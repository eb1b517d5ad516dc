"""The manifest, the check of a model file before a runtime sees it, and the choice for this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.vision import models as module
from kiosk.vision.models import (
    FAR_TOO_SLOW,
    TIMED_RUNS,
    ModelFile,
    Task,
    choose_model,
    find_detail_model,
    find_model,
    models_dir,
    read_manifest,
    time_model,
    verify,
)

NAMES = (
    ("movenet_thunder_f16", "thunder"),
    ("movenet_thunder_int8mix", "thunder"),
    ("movenet_lightning_f16", "lightning"),
    ("movenet_lightning_int8mix", "lightning"),
    ("movenet_lightning_int8", "lightning"),
)

TEXT_KEYS = ("file", "sha256", "input_type", "family", "precision", "source", "licence")
NUMBER_KEYS = ("bytes", "input_px", "accuracy_rank")


def table(name: str, rank: int, changes: dict[str, object] | None = None) -> str:
    """One manifest table for a file that holds the model's name; a change to None leaves the key out."""
    data = name.encode()
    keys: dict[str, object] = {
        "file": f"{name}.tflite",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "input_px": 192,
        "input_type": "uint8",
        "family": "lightning",
        "precision": "int8",
        "accuracy_rank": rank,
        "source": "made up",
        "licence": "Apache-2.0",
    }
    keys.update(changes or {})
    lines = [f"{key} = {toml(value)}" for key, value in keys.items() if value is not None]
    return "\n".join([f"[{name}]", *lines, ""])


def toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five small files and their manifest, written in the reverse order of accuracy."""
    tables = []
    for rank, (name, family) in enumerate(NAMES, start=1):
        (tmp_path / f"{name}.tflite").write_bytes(name.encode())
        tables.append(table(name, rank, {"family": family}))
    (tmp_path / "models.toml").write_text("\n".join(reversed(tables)))
    return tmp_path


def manifest_with(folder: Path, text: str) -> Path:
    (folder / "models.toml").write_text(text)
    return folder


class TestModelsDir:
    def test_a_given_folder_wins(self, folder: Path) -> None:
        assert models_dir(folder) == folder

    def test_a_given_folder_without_a_manifest_is_refused_not_replaced(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"is not a folder of models: it holds no models\.toml"):
            models_dir(tmp_path)

    def test_without_one_the_shipped_folder_is_found(self) -> None:
        assert "movenet_lightning_int8" in read_manifest(models_dir())

    def test_the_installed_package_comes_before_the_repository(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = folder.rename(folder.parent / "kiosk_models")
        (package / "__init__.py").touch()
        monkeypatch.setattr("importlib.resources.files", lambda name: folder.parent / name)
        assert models_dir() == package

    def test_a_bare_checkout_needs_no_installed_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.resources.files", raises_not_found)
        assert models_dir() == Path(module.__file__).resolve().parents[2] / "models"

    def test_no_models_anywhere_names_the_places(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.resources.files", raises_not_found)
        monkeypatch.setattr(module, "__file__", str(tmp_path / "kiosk" / "vision" / "models.py"))
        with pytest.raises(ModelError, match="No pose models are installed") as error:
            models_dir()
        assert str(tmp_path / "models") in str(error.value)


def raises_not_found(name: str) -> Path:
    raise ModuleNotFoundError(name)


class TestTasks:
    @pytest.fixture
    def both(self, folder: Path) -> Path:
        """The five, and a second model that would be the most accurate and the fastest of all."""
        (folder / "closer.tflite").write_bytes(b"closer")
        with (folder / "models.toml").open("a") as manifest:
            manifest.write(table("closer", 1, {"task": "detail"}))
        return folder

    def test_a_model_of_another_task_is_never_taken_to_follow_a_person(self, both: Path) -> None:
        assert list(read_manifest(both)) == [name for name, _ in NAMES]
        assert choose_model(both, threads=1, time_one=lambda model: 0.001).model.name == NAMES[0][0]
        with pytest.raises(ModelError, match="There is no model 'closer'"):
            find_model("closer", both)

    def test_the_second_model_is_found_and_verified(self, both: Path) -> None:
        assert find_detail_model(both).name == "closer"
        assert read_manifest(both, Task.DETAIL)["closer"].task is Task.DETAIL
        (both / "closer.tflite").write_bytes(b"closet")
        with pytest.raises(ModelError, match=r"closer\.tflite was altered"):
            find_detail_model(both)
        (both / "closer.tflite").unlink()
        with pytest.raises(ModelError, match=r"closer\.tflite is missing"):
            find_detail_model(both)

    def test_a_folder_without_one_says_so(self, folder: Path) -> None:
        with pytest.raises(ModelError, match='names no model with task = "detail"'):
            find_detail_model(folder)

    def test_an_unknown_task_is_refused(self, folder: Path) -> None:
        manifest_with(folder, table("small", 1, {"task": "dance"}))
        with pytest.raises(ModelError, match=r"small\.task must be pose or detail, not 'dance'"):
            read_manifest(folder)


class TestManifest:
    def test_the_models_come_in_order_of_accuracy(self, folder: Path) -> None:
        assert list(read_manifest(folder)) == [name for name, _ in NAMES]

    def test_every_key_reaches_the_model(self, folder: Path) -> None:
        model = read_manifest(folder)["movenet_thunder_f16"]
        assert model == ModelFile(
            name="movenet_thunder_f16",
            path=folder / "movenet_thunder_f16.tflite",
            sha256=hashlib.sha256(b"movenet_thunder_f16").hexdigest(),
            size_bytes=19,
            input_px=192,
            input_type="uint8",
            family="thunder",
            precision="int8",
            accuracy_rank=1,
            source="made up",
            licence="Apache-2.0",
        )

    def test_a_missing_manifest_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"models\.toml cannot be read: No such file"):
            read_manifest(tmp_path)

    @pytest.mark.parametrize("data", [b"[movenet\n", b"\xff\xfe\x00"])
    def test_a_manifest_that_is_not_toml_is_named(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "models.toml").write_bytes(data)
        with pytest.raises(ModelError, match=r"models\.toml is not valid TOML"):
            read_manifest(tmp_path)

    def test_an_empty_manifest_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="names no model"):
            read_manifest(manifest_with(tmp_path, ""))

    def test_a_value_outside_a_table_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="version must be a table"):
            read_manifest(manifest_with(tmp_path, "version = 1\n"))

    @pytest.mark.parametrize("key", TEXT_KEYS + NUMBER_KEYS)
    def test_a_missing_key_is_named_with_its_model(self, tmp_path: Path, key: str) -> None:
        manifest_with(tmp_path, table("small", 1, {key: None}))
        with pytest.raises(ModelError, match=rf"models\.toml: small has no key '{key}'"):
            read_manifest(tmp_path)

    @pytest.mark.parametrize(
        ("key", "value", "reason"),
        [
            ("sha256", "abc", "64 hexadecimal digits"),
            ("sha256", "A" * 64, "64 hexadecimal digits"),
            ("sha256", 5, "must be a text"),
            ("licence", "", "must be a text"),
            ("file", "../elsewhere.tflite", "without folders"),
            ("file", "/etc/passwd", "without folders"),
            ("bytes", 0, "above zero"),
            ("bytes", "19", "above zero"),
            ("input_px", True, "above zero"),
            ("accuracy_rank", 1.5, "above zero"),
        ],
    )
    def test_a_wrong_value_is_refused_with_its_key(self, tmp_path: Path, key: str, value: object, reason: str) -> None:
        manifest_with(tmp_path, table("small", 1, {key: value}))
        with pytest.raises(ModelError, match=rf"models\.toml: small\.{key} .*{reason}"):
            read_manifest(tmp_path)

    def test_two_models_cannot_have_one_rank(self, tmp_path: Path) -> None:
        manifest_with(tmp_path, table("one", 3) + table("two", 3))
        with pytest.raises(ModelError, match="one and two have the same accuracy_rank, 3"):
            read_manifest(tmp_path)


class TestVerify:
    @pytest.fixture
    def model(self, folder: Path) -> ModelFile:
        return read_manifest(folder)["movenet_lightning_int8"]

    def test_a_whole_file_passes(self, model: ModelFile) -> None:
        verify(model)

    def test_a_missing_file_is_refused_with_its_name(self, model: ModelFile) -> None:
        model.path.unlink()
        with pytest.raises(ModelError, match=r"movenet_lightning_int8\.tflite is missing\. Install"):
            verify(model)

    def test_a_file_cut_off_is_refused_with_both_sizes(self, model: ModelFile) -> None:
        model.path.write_bytes(model.path.read_bytes()[:9])
        with pytest.raises(ModelError, match="is cut off: 9 bytes instead of 22"):
            verify(model)

    def test_an_empty_file_is_cut_off(self, model: ModelFile) -> None:
        model.path.write_bytes(b"")
        with pytest.raises(ModelError, match="is cut off: 0 bytes instead of 22"):
            verify(model)

    def test_a_file_with_more_behind_it_is_refused(self, model: ModelFile) -> None:
        model.path.write_bytes(model.path.read_bytes() + b"!")
        with pytest.raises(ModelError, match="is too long: 23 bytes instead of 22"):
            verify(model)

    def test_one_changed_bit_is_refused(self, model: ModelFile) -> None:
        data = bytearray(model.path.read_bytes())
        data[5] ^= 1
        model.path.write_bytes(data)
        with pytest.raises(ModelError, match=r"was altered: its sha256 is not the one that models\.toml"):
            verify(model)

    def test_a_folder_in_its_place_is_refused(self, model: ModelFile) -> None:
        model.path.unlink()
        model.path.mkdir()
        with pytest.raises(ModelError, match="cannot be read: Is a directory"):
            verify(model)


class TestFindModel:
    @pytest.mark.parametrize("name", ["movenet_lightning_int8", "lightning_int8"])
    def test_a_model_is_found_by_either_form_of_its_name(self, folder: Path, name: str) -> None:
        assert find_model(name, folder).name == "movenet_lightning_int8"

    @pytest.mark.parametrize("name", ["own", "movenet_own"])
    def test_a_name_without_the_prefix_in_the_manifest_is_found_too(self, tmp_path: Path, name: str) -> None:
        manifest_with(tmp_path, table("own", 1))
        (tmp_path / "own.tflite").write_bytes(b"own")
        assert find_model(name, tmp_path).path == tmp_path / "own.tflite"

    @pytest.mark.parametrize("name", ["lightning", "", "../movenet_lightning_int8", "LIGHTNING_INT8"])
    def test_an_unknown_name_is_refused_with_the_known_ones(self, folder: Path, name: str) -> None:
        with pytest.raises(ModelError, match="There is no model") as error:
            find_model(name, folder)
        assert all(known in str(error.value) for known, _ in NAMES)

    def test_what_is_found_is_verified(self, folder: Path) -> None:
        (folder / "movenet_lightning_int8.tflite").write_bytes(b"short")
        with pytest.raises(ModelError, match="is cut off"):
            find_model("lightning_int8", folder)

    def test_damage_to_another_model_is_no_hindrance(self, folder: Path) -> None:
        (folder / "movenet_thunder_f16.tflite").unlink()
        assert find_model("lightning_int8", folder).accuracy_rank == 5


def timer(*fps: float) -> tuple[Callable[[ModelFile], float], list[str]]:
    """A machine that keeps these frame rates, in order of accuracy, and the names that it was asked for."""
    rates = dict(zip((name for name, _ in NAMES), fps, strict=True))
    asked: list[str] = []

    def time_one(model: ModelFile) -> float:
        asked.append(model.name)
        return 1.0 / rates[model.name]

    return time_one, asked


class TestChooseModel:
    def test_the_most_accurate_is_taken_where_it_is_fast_enough(self, folder: Path) -> None:
        time_one, asked = timer(34.2, 60, 140, 200, 260)
        choice = choose_model(folder, threads=1, time_one=time_one)
        assert choice.model.name == "movenet_thunder_f16"
        assert choice.reason == "movenet_thunder_f16 keeps 34 frames/s on this machine (24 needed)"
        assert asked == ["movenet_thunder_f16"]

    def test_the_first_that_is_fast_enough_is_taken_and_the_slower_ones_are_said(self, folder: Path) -> None:
        time_one, asked = timer(12, 19.5, 48, 70, 90)
        choice = choose_model(folder, threads=1, time_one=time_one)
        assert choice.model.name == "movenet_lightning_f16"
        assert choice.reason == (
            "movenet_lightning_f16 keeps 48 frames/s on this machine (24 needed); too slow here: "
            "movenet_thunder_f16 (12), movenet_thunder_int8mix (19)"
        )
        assert [name for name, _ in choice.measured] == asked
        assert [fps for _, fps in choice.measured] == pytest.approx([12, 19.5, 48])

    def test_where_none_is_fast_enough_the_fastest_is_taken_and_said(self, folder: Path) -> None:
        # float16 is the faster format on a runtime without optimised int8 kernels.
        time_one, _ = timer(9, 8, 23.96, 7, 5)
        choice = choose_model(folder, threads=1, time_one=time_one)
        assert choice.model.name == "movenet_lightning_f16"
        assert choice.reason.startswith(
            "no model keeps 24 frames/s on this machine: movenet_lightning_f16 is the fastest with 23,"
        )
        assert len(choice.measured) == 5

    def test_exactly_the_needed_rate_is_enough(self, folder: Path) -> None:
        choice = choose_model(folder, threads=1, min_fps=24.0, time_one=lambda model: 1 / 24)
        assert choice.model.accuracy_rank == 1

    def test_another_rate_may_be_asked_for(self, folder: Path) -> None:
        time_one, _ = timer(34, 60, 140, 200, 260)
        choice = choose_model(folder, threads=1, min_fps=50, time_one=time_one)
        assert choice.model.name == "movenet_thunder_int8mix"
        assert "(50 needed)" in choice.reason

    def test_a_family_that_is_far_too_slow_is_not_measured_on(self, folder: Path) -> None:
        time_one, asked = timer(24 / FAR_TOO_SLOW - 0.1, 11, 30, 40, 50)
        choice = choose_model(folder, threads=1, time_one=time_one)
        assert asked == ["movenet_thunder_f16", "movenet_lightning_f16"]
        assert choice.model.name == "movenet_lightning_f16"

    def test_the_last_family_is_measured_to_its_end(self, folder: Path) -> None:
        time_one, asked = timer(0.5, 0.9, 2.26, 3.1, 4.19)
        choice = choose_model(folder, threads=1, time_one=time_one)
        assert asked[1:] == [
            "movenet_lightning_f16",
            "movenet_lightning_int8mix",
            "movenet_lightning_int8",
        ]
        assert choice.model.name == "movenet_lightning_int8"
        assert "the fastest with 4.1," in choice.reason

    def test_a_damaged_model_is_never_passed_over(self, folder: Path) -> None:
        (folder / "movenet_thunder_int8mix.tflite").write_bytes(b"short")
        time_one, asked = timer(12, 30, 48, 70, 90)
        with pytest.raises(ModelError, match=r"movenet_thunder_int8mix\.tflite is cut off"):
            choose_model(folder, threads=1, time_one=time_one)
        assert asked == ["movenet_thunder_f16"]

    def test_a_model_is_verified_before_it_is_run(self, folder: Path) -> None:
        (folder / "movenet_thunder_f16.tflite").unlink()
        time_one, asked = timer(30, 30, 48, 70, 90)
        with pytest.raises(ModelError, match="is missing"):
            choose_model(folder, threads=1, time_one=time_one)
        assert asked == []

    def test_the_shipped_models_run_on_this_machine(self) -> None:
        choice = choose_model(models_dir(), threads=1, min_fps=0.001)
        assert choice.model.name == "movenet_thunder_f16"
        assert choice.measured[0][1] > 0


class Machine:
    """A clock and a model that takes so many seconds for each run; the first run only warms up."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.takes_s: tuple[float, ...] = ()
        self.opened: tuple[Path, int] | None = None
        self.seen: list[tuple[int, ...]] = []

    def open(self, path: Path, *, threads: int) -> Machine:
        self.opened = (path, threads)
        return self

    def infer(self, square: NDArray[np.uint8]) -> None:
        self.now_s += self.takes_s[len(self.seen)]
        self.seen.append(square.shape)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr("kiosk.vision.movenet.MoveNet", made.open)
    monkeypatch.setattr(module, "perf_counter", lambda: made.now_s)
    return made


class TestTimeModel:
    def test_the_median_run_counts_and_the_first_does_not(self, folder: Path, machine: Machine) -> None:
        machine.takes_s = (9.0, 0.03, 0.02, 0.05, 0.02, 0.04)
        model = read_manifest(folder)["movenet_thunder_f16"]
        assert time_model(model, threads=2, enough_s=0.125) == pytest.approx(0.03)
        assert machine.opened == (model.path, 2)
        assert len(machine.seen) == 1 + TIMED_RUNS

    def test_the_picture_has_the_models_size(self, folder: Path, machine: Machine) -> None:
        machine.takes_s = (0.1,) * (1 + TIMED_RUNS)
        time_model(read_manifest(folder)["movenet_thunder_f16"], threads=1, enough_s=0.125)
        assert set(machine.seen) == {(192, 192, 3)}

    def test_one_run_is_enough_for_a_model_that_is_far_too_slow(self, folder: Path, machine: Machine) -> None:
        machine.takes_s = (0.4, 0.3)
        model = read_manifest(folder)["movenet_thunder_f16"]
        assert time_model(model, threads=1, enough_s=0.125) == pytest.approx(0.3)

    def test_auto_measures_with_the_threads_it_was_given(self, folder: Path, machine: Machine) -> None:
        machine.takes_s = (0.02,) * (1 + TIMED_RUNS)
        choice = choose_model(folder, threads=3)
        assert machine.opened == (folder / "movenet_thunder_f16.tflite", 3)
        assert [fps for _, fps in choice.measured] == [pytest.approx(50)]
