"""``kiosk update`` as it is called: what it needs, what it prints, and how it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk.cli.update import CONFIG
from kiosk.update import system
from tests.commands import Kiosk, make_kiosk
from tests.update.machine import Machine, Makes, build_of, bundle

OLD, NEW = Makes("0.1.0", day=1), Makes("0.2.0", day=2)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path, [OLD, NEW])
    made.install(OLD)
    monkeypatch.setattr(system, "Pi", lambda port: made)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return made


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Kiosk:
    (tmp_path / "kiosk.toml").write_text(f'state_dir = "{tmp_path / "state"}"\n')
    mask = os.umask(0o022)
    os.umask(mask)
    return make_kiosk(tmp_path, monkeypatch, capfd)


@pytest.fixture(autouse=True)
def umask() -> object:
    """The command sets its own for what it installs."""
    mask = os.umask(0o022)
    yield
    os.umask(mask)


def test_an_update_tells_each_step_and_ends_with_0(kiosk: Kiosk, machine: Machine, tmp_path: Path) -> None:
    said = kiosk("update", bundle(tmp_path, NEW), "--config", "kiosk.toml")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].startswith("Unpacking and verifying plumbline-0.2.0+")
    assert lines[-1] == f"{build_of(NEW)} is up and well."
    assert machine.runs == build_of(NEW)


def test_the_results_of_the_configured_kiosk_are_copied_before(kiosk: Kiosk, machine: Machine, tmp_path: Path) -> None:
    kiosk("update", bundle(tmp_path, NEW), "--config", "kiosk.toml")
    assert machine.results(machine.state / f"before-{build_of(NEW)}.db") == ["before"]


def test_a_database_that_is_no_file_is_left_to_its_owner(kiosk: Kiosk, machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text(f'state_dir = "{tmp_path}"\nhistory = "postgresql://db/kiosk"\n')
    assert kiosk("update", bundle(tmp_path, NEW), "--config", "kiosk.toml").code == 0
    assert list(machine.state.glob("before-*")) == []


def test_an_update_that_fails_ends_with_2_and_says_what_runs(kiosk: Kiosk, machine: Machine, tmp_path: Path) -> None:
    machine.known[build_of(NEW)] = Makes("0.2.0", day=2, starts=False)
    said = kiosk("update", bundle(tmp_path, NEW), "--config", "kiosk.toml")
    assert said.code == 2
    assert said.err.strip().endswith(f"{build_of(OLD)} runs again.")
    assert machine.runs == build_of(OLD)


def test_older_bundles_need_a_word(kiosk: Kiosk, machine: Machine, tmp_path: Path) -> None:
    older = Makes("0.0.1", day=1)
    machine.known[build_of(older)] = older
    file = bundle(tmp_path, older)
    assert "--allow-older" in kiosk("update", file, "--config", "kiosk.toml").complaint
    assert kiosk("update", file, "--allow-older", "--config", "kiosk.toml").code == 0


def test_the_versions_are_listed_with_what_they_are(kiosk: Kiosk, machine: Machine, tmp_path: Path) -> None:
    (machine.home / "versions" / build_of(OLD) / "manifest.toml").unlink()
    assert kiosk("update", "--list", "--config", "kiosk.toml").out == (
        f"{build_of(OLD)}  installed without a bundle  runs\n"
    )
    kiosk("update", bundle(tmp_path, NEW), "--config", "kiosk.toml")
    assert kiosk("update", "--list", "--config", "kiosk.toml").out.splitlines() == [
        f"{build_of(NEW)}  of 2026-11-02  runs",
        f"{build_of(OLD)}  installed without a bundle  kiosk update --back",
    ]


def test_back_goes_back(kiosk: Kiosk, machine: Machine, tmp_path: Path) -> None:
    kiosk("update", bundle(tmp_path, NEW), "--config", "kiosk.toml")
    said = kiosk("update", "--back", "--config", "kiosk.toml")
    assert (said.code, machine.runs) == (0, build_of(OLD))
    assert said.out.splitlines()[-1] == f"{build_of(OLD)} is up and well."


def test_settle_has_nothing_to_do_where_nothing_is_open(kiosk: Kiosk, machine: Machine) -> None:
    assert kiosk("update", "--settle", "--config", "kiosk.toml").out == ""


def test_only_root_may(kiosk: Kiosk, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "run it with sudo" in kiosk("update", bundle(tmp_path, NEW), "--config", "kiosk.toml").complaint
    assert kiosk("update", "--list", "--config", "kiosk.toml").code == 0


@pytest.mark.parametrize("words", [(), ("--back", "--list"), ("file.tar", "--back")])
def test_one_thing_at_a_time(kiosk: Kiosk, words: tuple[str, ...]) -> None:
    assert kiosk("update", *words).code == 2


def test_the_configuration_is_the_installed_one_unless_another_is_named(kiosk: Kiosk) -> None:
    if CONFIG.exists():
        pytest.skip("this machine has an installed kiosk")
    assert str(CONFIG) in kiosk("update", "--list").complaint
