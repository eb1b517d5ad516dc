"""An update from its file to its proof, and every way in which it can fail: what runs then, and on what results."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import UpdateError
from kiosk.update import bundle as bundle_module
from kiosk.update import proof

from .machine import PYTHON, Machine, Makes, PowerCut, build_of, bundle

OLD = Makes("0.1.0", day=1)
NEW = Makes("0.2.0", day=2)
NEWER_DATABASE = replace(NEW, schema=2)


def machine_with(folder: Path, new: Makes, *, real: bool = False, old: Makes = OLD) -> Machine:
    made = Machine(folder, [old, new], real=real)
    made.install(old)
    return made


def refused(machine: Machine, file: Path, **how: bool) -> str:
    with pytest.raises(UpdateError) as caught:
        machine.updater().update(file, **how)
    return str(caught.value)


def as_before(machine: Machine) -> None:
    """The old version runs on its own results, and nothing is left of the new one."""
    versions = machine.versions()
    assert versions.current == machine.runs == build_of(OLD)
    assert [place.name for place in versions.folder.iterdir()] == [build_of(OLD)]
    assert versions.pending is None
    assert machine.schema() == OLD.schema


# -- what works ----------------------------------------------------------------------------------------------------


def test_a_bundle_is_installed_for_real_tried_and_switched_to(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW, real=True)
    machine.updater().update(bundle(tmp_path, NEW))
    versions = machine.versions()
    assert versions.current == machine.runs == build_of(NEW)
    assert versions.previous == build_of(OLD)
    assert versions.pending is None
    place = versions.place(build_of(NEW))
    assert "include-system-site-packages = true" in (place / "venv" / "pyvenv.cfg").read_text()
    assert (place / "visit" / "visit.npz").is_file()
    assert (place / "systemd" / "install.sh").is_file()
    done = machine.run([place / "venv" / "bin" / "python", "-m", "kiosk", "analyze", place / "visit" / "visit.npz"])
    assert '"squat"' in done.out
    assert machine.results() == ["before"]


def test_a_wheel_that_is_not_the_one_of_the_list_is_refused_by_pip(tmp_path: Path) -> None:
    file = bundle(tmp_path, NEW)
    machine = machine_with(tmp_path, NEW, real=True)
    other = bundle(tmp_path / "state", replace(NEW, reps=4))
    assert file.name == other.name
    with bundle_module.tarfile.open(other) as tar:
        stranger = tar.extractfile(f"wheels/plumbline_kiosk-{NEW.version}-py3-none-any.whl")
        assert stranger is not None
        content = stranger.read()
    # A checksum list that was made to fit, and a requirements file that was not.
    damaged = replace(NEW, file_changes={f"wheels/plumbline_kiosk-{NEW.version}-py3-none-any.whl": content})
    monkey = pytest.MonkeyPatch()
    monkey.setattr(bundle_module, "verify", lambda _folder: None)
    try:
        said = refused(machine, bundle(tmp_path, damaged))
    finally:
        monkey.undo()
    assert "could not be installed" in said
    as_before(machine)


def test_units_come_with_the_version_and_the_kiosk_is_restarted_after_the_switch(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW)
    machine.updater().update(bundle(tmp_path, NEW))
    words = [" ".join(command) for command in machine.ran]
    files = f"bash {machine.home}/versions/{build_of(NEW)}/systemd/install.sh --files"
    assert words.index("systemctl stop kiosk.service") < words.index(files)
    assert words.index(files) < words.index("systemctl daemon-reload") < words.index("systemctl restart kiosk.service")


def test_two_versions_are_kept_and_no_more(tmp_path: Path) -> None:
    versions = [replace(NEW, version=f"0.{number}.0", day=number) for number in range(2, 6)]
    machine = Machine(tmp_path, [OLD, *versions])
    machine.install(OLD)
    for makes in versions:
        machine.updater().update(bundle(tmp_path, makes))
    assert list(machine.versions().installed()) == [build_of(versions[-2]), build_of(versions[-1])]
    assert [file.name for file in machine.state.glob("before-*.db")] == [f"before-{build_of(versions[-1])}.db"]


def test_what_runs_already_is_not_installed_again(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW)
    machine.updater().update(bundle(tmp_path, OLD))
    assert machine.told[-1] == f"{build_of(OLD)} is what runs: nothing to do."
    assert machine.ran == []


def test_a_fault_that_was_there_before_does_not_stop_an_update(tmp_path: Path) -> None:
    old = replace(OLD, wrong=("Camera", "Lights"))
    machine = machine_with(tmp_path, replace(NEW, wrong=("Camera",)), old=old)
    machine.updater().update(bundle(tmp_path, NEW))
    assert machine.runs == build_of(NEW)


def test_a_version_whose_own_doctor_is_broken_can_be_mended(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, replace(NEW, wrong=("Camera",)), old=replace(OLD, broken_doctor=True))
    machine.updater().update(bundle(tmp_path, NEW))
    assert machine.runs == build_of(NEW)


# -- what is refused, with nothing done ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        ({"format": "2"}, "is of another format (2)"),
        ({"name": '"other"'}, "is of another format"),
        ({"architectures": '["riscv64"]'}, f"is made for Python {PYTHON} on riscv64; this kiosk has"),
        ({"pythons": '["3.9"]'}, "is made for Python 3.9 on"),
        ({"build": '"../../etc"'}, "calls itself '../../etc'"),
        ({"created": '"yesterday"'}, "has no manifest that can be read"),
        ({"version": "]"}, "has no manifest that can be read"),
    ],
)
def test_a_bundle_that_is_not_for_this_machine_is_refused(
    tmp_path: Path, manifest: dict[str, str], complaint: str
) -> None:
    machine = machine_with(tmp_path, NEW)
    assert complaint in refused(machine, bundle(tmp_path, NEW, **manifest))
    assert machine.ran == []
    as_before(machine)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"LICENSE": b"changed"}, "LICENSE is not what was packed"),
        ({"LICENSE": None}, "LICENSE is listed and not there"),
        ({"extra": b"x"}, "extra is there and not listed"),
        ({"../outside": b"x"}, "'../outside', which is no plain file inside it"),
        ({"/etc/outside": b"x"}, "which is no plain file inside it"),
        ({"SHA256SUMS": None}, "has no SHA256SUMS"),
    ],
)
def test_a_damaged_bundle_is_refused(tmp_path: Path, changes: dict[str, bytes | None], complaint: str) -> None:
    machine = machine_with(tmp_path, NEW)
    assert complaint in refused(machine, bundle(tmp_path, replace(NEW, file_changes=changes)))
    assert not (tmp_path / "outside").exists()
    as_before(machine)


def test_what_is_no_bundle_or_half_of_one_is_refused(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW)
    assert "cannot be read as a bundle" in refused(machine, tmp_path / "missing.tar")
    text = tmp_path / "text.tar"
    text.write_text("no tar")
    assert "cannot be read as a bundle" in refused(machine, text)
    whole = bundle(tmp_path, NEW)
    half = tmp_path / "half.tar"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "Make or copy the bundle again." in refused(machine, half)
    as_before(machine)


def test_an_older_bundle_is_refused_unless_it_is_allowed(tmp_path: Path) -> None:
    older = replace(NEW, version="0.0.9", day=3)
    machine = machine_with(tmp_path, older)
    file = bundle(tmp_path, older)
    assert "Install it all the same with --allow-older" in refused(machine, file)
    as_before(machine)
    machine.updater().update(file, allow_older=True)
    assert machine.runs == build_of(older)


def test_without_room_on_the_disk_nothing_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = machine_with(tmp_path, NEW)
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert "has 1 MB left, and this update needs" in refused(machine, bundle(tmp_path, NEW))
    as_before(machine)


def test_without_an_installed_kiosk_there_is_nothing_to_update(tmp_path: Path) -> None:
    machine = Machine(tmp_path, [NEW])
    assert "install it with systemd/install.sh first" in refused(machine, bundle(tmp_path, NEW))
    # Not even its folder, on somebody's own computer.
    nowhere = Machine(tmp_path / "nowhere", [NEW])
    shutil.rmtree(nowhere.home)
    assert "install it with systemd/install.sh first" in refused(nowhere, bundle(tmp_path, NEW))


def test_two_updates_at_once_are_refused(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW)
    with machine.updater()._alone():
        assert "Another update runs just now" in refused(machine, bundle(tmp_path, NEW))


# -- what fails before the switch: the old version never stops -------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "complaint"),
    [
        (replace(NEW, wrong=("Model",)), "the doctor finds what it did not find before: Model: it is broken"),
        (replace(NEW, broken_doctor=True), "does not work: ModuleNotFoundError: No module named 'x'"),
        (replace(NEW, reps=4), "finds 4 reps of 'squat' instead of 5 of 'squat'"),
    ],
)
def test_a_version_that_fails_its_trial_is_taken_away(tmp_path: Path, new: Makes, complaint: str) -> None:
    machine = machine_with(tmp_path, new)
    assert complaint in refused(machine, bundle(tmp_path, new))
    assert not any(command[:2] == ["systemctl", "stop"] for command in machine.ran)
    as_before(machine)


def test_the_trial_changes_a_copy_of_the_results_and_never_the_real_ones(tmp_path: Path) -> None:
    new = replace(NEWER_DATABASE, reps=0)
    machine = machine_with(tmp_path, new)
    refused(machine, bundle(tmp_path, new))
    as_before(machine)
    assert machine.results() == ["before"]


# -- what fails after the switch -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "complaint"),
    [
        (replace(NEW, starts=False), "kiosk.service failed (exit-code)"),
        (replace(NEW, sees_camera=False), "it has lost the camera (/dev/video0 is missing)"),
        (replace(NEWER_DATABASE, starts=False), "kiosk.service failed"),
        (replace(NEWER_DATABASE, sees_camera=False), "it has lost the camera"),
    ],
)
def test_a_version_that_does_not_run_is_left_again(tmp_path: Path, new: Makes, complaint: str) -> None:
    machine = machine_with(tmp_path, new)
    said = refused(machine, bundle(tmp_path, new))
    assert complaint in said
    assert said.endswith(f"{build_of(OLD)} runs again.")
    as_before(machine)
    assert machine.results() == ["before"]


def test_a_camera_that_was_away_before_is_not_asked_of_the_new_version(tmp_path: Path) -> None:
    new = replace(NEW, sees_camera=False)
    machine = machine_with(tmp_path, new, old=replace(OLD, sees_camera=False))
    machine.updater().update(bundle(tmp_path, new))
    assert machine.runs == build_of(new)


def test_one_that_restarts_again_and_again_is_not_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = machine_with(tmp_path, NEW)
    show = machine._systemctl

    def restless(words: list[str]) -> str:
        machine.restarts += words[0] == "show" and machine.runs == build_of(NEW)
        return show(words)

    monkeypatch.setattr(machine, "_systemctl", restless)
    assert "failed, because" in refused(machine, bundle(tmp_path, NEW))
    as_before(machine)


def test_one_whose_loop_stands_still_is_not_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = machine_with(tmp_path, NEW)
    monkeypatch.setattr(machine, "health", lambda: {"ok": True, "sequence": 7, "camera": "ok"})
    assert "its loop stands still" in refused(machine, bundle(tmp_path, NEW))
    as_before(machine)


# -- back by hand ----------------------------------------------------------------------------------------------------


def test_back_and_forth_again(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW)
    machine.updater().update(bundle(tmp_path, NEW))
    machine.store("after")
    machine.updater().back()
    assert machine.runs == build_of(OLD)
    machine.updater().back()
    assert machine.runs == build_of(NEW)
    assert machine.results() == ["before", "after"], "both versions read the same database"


def test_going_back_past_a_changed_database_puts_the_newer_one_aside_whole(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEWER_DATABASE)
    machine.updater().update(bundle(tmp_path, NEWER_DATABASE))
    assert machine.schema() == 2
    machine.store("after")
    machine.updater().back()
    assert (machine.runs, machine.schema(), machine.results()) == (build_of(OLD), 1, ["before"])
    aside = machine.state / f"after-{build_of(NEWER_DATABASE)}-1.db"
    assert any(str(aside) in line for line in machine.told)
    shutil.copy(aside, machine.database)
    assert (machine.schema(), machine.results()) == (2, ["before", "after"])


def test_without_a_version_before_there_is_no_way_back(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW)
    with pytest.raises(UpdateError, match="no version before"):
        machine.updater().back()


# -- power cuts ------------------------------------------------------------------------------------------------------


def cut_at_every_step(folder: Path, new: Makes, monkeypatch: pytest.MonkeyPatch) -> int:
    """Cut the power before each step in turn, let the machine start again, look at what it has; returns how often."""
    # A minute of looking on has thirty steps that are all the same.
    monkeypatch.setattr(proof, "STEADY_S", 2 * proof.LOOK_S)
    for number in range(1, 1000):
        place = folder / str(number)
        place.mkdir()
        machine = machine_with(place, new)
        for module in ("versions", "database"):

            def counted(_folder: Path, machine: Machine = machine) -> None:
                machine.step()

            monkeypatch.setattr(f"kiosk.update.{module}.flush", counted)
        file = bundle(place, new)
        machine.steps_left = number
        try:
            machine.updater().update(file)
        except PowerCut:
            survives(machine, new)
        except UpdateError:
            return number
        else:
            return number
    raise AssertionError("it never came to an end")


def survives(machine: Machine, new: Makes) -> None:
    """What a start after a power cut finds: a version that is whole; and after settling one that runs."""
    machine.boot()
    try:
        machine.updater().settle()
    except UpdateError:
        assert not new.starts, "a sound version is not given up because of a power cut"
    versions = machine.versions()
    assert versions.pending is None
    assert machine.runs == versions.current
    assert machine.runs in ({build_of(OLD), build_of(new)} if new.starts else {build_of(OLD)})
    assert "before" in machine.results()
    # And it can still be updated.
    if new.starts:
        machine.updater().update(bundle(machine.state, new))
        assert machine.runs == build_of(new)
        assert machine.versions().previous == build_of(OLD)


@pytest.mark.parametrize("new", [NEW, NEWER_DATABASE])
def test_a_power_cut_at_any_step_leaves_a_version_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: Makes
) -> None:
    assert cut_at_every_step(tmp_path, new, monkeypatch) > 20


@pytest.mark.parametrize("new", [replace(NEW, starts=False), replace(NEWER_DATABASE, starts=False)])
def test_a_power_cut_at_any_step_of_a_failing_update_leaves_the_old_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: Makes
) -> None:
    assert cut_at_every_step(tmp_path, new, monkeypatch) > 20


def test_a_power_cut_at_any_step_of_going_back_leaves_a_version_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "STEADY_S", 2 * proof.LOOK_S)
    for number in range(1, 1000):
        place = tmp_path / str(number)
        place.mkdir()
        machine = machine_with(place, NEWER_DATABASE)
        machine.updater().update(bundle(place, NEWER_DATABASE))
        machine.store("after")
        machine.steps_left = number
        try:
            machine.updater().back()
        except PowerCut:
            machine.boot()
            machine.updater().settle()
            assert machine.runs == machine.versions().current
            kept = [machine.database, *machine.state.glob("after-*.db")]
            assert any("after" in machine.results(file) for file in kept), "a finished result is lost"
        else:
            assert number > 10
            return
    raise AssertionError("it never came to an end")


def test_settling_when_nothing_is_open_does_nothing(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, NEW)
    machine.updater().settle()
    assert machine.ran == []
    as_before(machine)
