"""The units, as systemd itself and the rest of the kiosk understand them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.cli import make_parser

from .units import SERVICES, SYSTEMD, TIMERS, commands, settings, value, values

#: What `systemd-analyze security` may say of the kiosk itself, times ten.
MOST_EXPOSED = 20
#: And of its screen, which needs a login session, a graphics card and a browser that compiles JavaScript.
BROWSER_EXPOSED = 25

needs_analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """All units in a folder, with programs that are here: those of a kiosk are not installed."""
    for name in [*SERVICES, *TIMERS]:
        text = (SYSTEMD / name).read_text()
        (tmp_path / name).write_text(re.sub(r"(?m)^(Exec\w+=[-+]*)/\S+", r"\1/bin/true", text))
    return tmp_path


def verify(folder: Path) -> subprocess.CompletedProcess[str]:
    units = sorted(folder.glob("kiosk*"))
    return analyze("verify", "--man=no", "--recursive-errors=no", *units)


@needs_analyze
def test_systemd_finds_nothing_to_complain_about(units: Path) -> None:
    done = verify(units)
    assert (done.returncode, done.stderr) == (0, "")


@needs_analyze
def test_systemd_would_find_a_misspelt_setting(units: Path) -> None:
    unit = units / "kiosk.service"
    unit.write_text(unit.read_text().replace("WatchdogSec=", "WatchDogSecs="))
    assert "WatchDogSecs" in verify(units).stderr


@needs_analyze
@pytest.mark.parametrize("name", ["kiosk.service", "kiosk-backup.service"])
def test_what_sees_the_results_is_exposed_by_at_most_two(name: str) -> None:
    done = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", SYSTEMD / name)
    assert done.returncode == 0, done.stdout[-2000:]


@needs_analyze
def test_the_browser_is_exposed_by_no_more_than_its_own_sandbox_its_seat_and_its_page_need() -> None:
    done = analyze("security", "--offline=yes", f"--threshold={BROWSER_EXPOSED}", SYSTEMD / "kiosk-browser.service")
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_browsers_own_sandbox_is_not_taken_from_it() -> None:
    # As seen by strace: clone(NEWUSER|NEWPID|NEWNET), then chroot in there.
    assert set(value("kiosk-browser.service", "RestrictNamespaces").split()) == {"user", "pid", "net"}
    refused, let = values("kiosk-browser.service", "SystemCallFilter")
    assert refused.startswith("~")
    assert let == "chroot"
    assert not {"@process", "@resources", "@setuid", "@sandbox", "@privileged"} & set(refused[1:].split())
    assert not values("kiosk-browser.service", "MemoryDenyWriteExecute"), "JavaScript is compiled"
    for key in ("PrivateDevices", "PrivateUsers", "DevicePolicy", "PrivateNetwork"):
        assert not values("kiosk-browser.service", key)


def test_limits_that_the_screens_session_would_escape_are_not_set_where_they_do_not_hold() -> None:
    assert value("kiosk-browser.service", "PAMName") == "login"
    of_the_group = {key for key, _ in settings("screen-limits.conf")}
    assert of_the_group == {"MemoryMax", "TasksMax", "CPUWeight", "IPAddressDeny", "IPAddressAllow"}
    assert not of_the_group & {key for key, _ in settings("kiosk-browser.service")}


def test_the_session_keeps_its_sockets_where_the_service_can_write() -> None:
    assert value("kiosk-browser.service", "ProtectHome") == "yes", "it hides /run/user"
    script = (SYSTEMD / "screen/session").read_text()
    assert script.index("export XDG_RUNTIME_DIR=${RUNTIME_DIRECTORY") < script.index("exec cage")


@needs_analyze
def test_a_unit_without_its_walls_would_be_over_two(units: Path) -> None:
    unit = units / "kiosk.service"
    unit.write_text(re.sub(r"(?m)^(SystemCallFilter|CapabilityBoundingSet)=.*\n", "", unit.read_text()))
    assert analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", unit).returncode != 0


def test_a_frozen_kiosk_has_half_of_its_twenty_seconds_left_to_end_and_to_start() -> None:
    assert value("kiosk.service", "Type") == "notify"
    to_bite, to_end, pause = (
        float(value("kiosk.service", key)) for key in ("WatchdogSec", "TimeoutAbortSec", "RestartSec")
    )
    assert to_bite >= 10, "tests/station/test_notify.py says what must be done in it"
    # The rest is for the lights to go off (ExecStopPost) and for the start, which the appliance's tests measure.
    assert to_bite + to_end + pause <= 12


def test_the_kiosk_comes_back_always_but_for_a_mistake_in_its_configuration() -> None:
    assert value("kiosk.service", "Restart") == "always"
    assert value("kiosk.service", "RestartPreventExitStatus") == "2"


def test_the_limits_of_restarting_are_lifted_by_time_and_not_by_a_keyboard() -> None:
    assert int(value("kiosk.service", "StartLimitBurst")) * 2 < int(value("kiosk.service", "StartLimitIntervalSec"))
    retry = value("kiosk.service", "OnFailure")
    assert retry in TIMERS
    assert value(retry, "Unit") == "kiosk.service"
    assert value(retry, "RemainAfterElapse") == "no", "it must work a second time"


def test_devices_are_let_in_by_a_list() -> None:
    assert value("kiosk.service", "DevicePolicy") == "closed"
    allowed = {line.split()[0] for line in values("kiosk.service", "DeviceAllow")}
    assert allowed == {
        "char-video4linux",
        "char-media",
        "char-gpiochip",
        "char-drm",
        "/dev/dma_heap/system",
        "/dev/dma_heap/linux,cma",
        "/dev/vcio",
    }


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_leaves_a_core_dump_or_a_log_of_its_own(name: str) -> None:
    if value(name, "ExecStart").startswith("/opt/kiosk"):
        assert value(name, "LimitCORE") == "0"
    for key in ("StandardOutput", "StandardError"):
        assert all(where == "journal" for where in values(name, key))


@pytest.mark.parametrize("name", ["kiosk.service", "screen-limits.conf", "kiosk-backup.service"])
def test_a_service_has_limits_of_memory_and_processes(name: str) -> None:
    assert re.fullmatch(r"\d+M", value(name, "MemoryMax"))
    assert int(value(name, "TasksMax")) > 0


@pytest.mark.parametrize("name", [*SERVICES, "screen-limits.conf"])
def test_nothing_but_this_machine_and_the_gyms_network_can_be_reached(name: str) -> None:
    if values(name, "IPAddressAllow"):
        private = {"localhost", "link-local", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}
        assert set(value(name, "IPAddressAllow").split()) <= private
        assert value(name, "IPAddressDeny") == "any"
    else:
        assert name not in ("kiosk.service", "screen-limits.conf", "kiosk-backup.service")


@pytest.mark.parametrize(
    "line", [line for name in SERVICES for line in commands(name) if "/bin/kiosk " in line], ids=lambda line: line[-60:]
)
def test_a_unit_calls_the_kiosk_by_words_that_it_knows(line: str) -> None:
    program, *words = shlex.split(line)
    assert program == "/opt/kiosk/current/venv/bin/kiosk"
    make_parser().parse_args(words)


def test_old_results_are_deleted_even_when_the_backup_failed() -> None:
    keys = {line.split()[2]: key for key, line in settings("kiosk-backup.service") if key.startswith("Exec")}
    assert keys == {"backup": "ExecStart", "delete-old": "ExecStopPost"}


def test_a_kiosk_that_is_off_at_night_is_backed_up_when_it_is_on_again() -> None:
    assert value("kiosk-backup.timer", "Persistent") == "true"
    assert value("kiosk-backup.timer", "OnCalendar")


def test_the_screen_restarts_with_the_kiosk_and_does_not_wait_for_it() -> None:
    assert value("kiosk-browser.service", "PartOf") == "kiosk.service"
    ordered = " ".join(values("kiosk-browser.service", "After"))
    assert "kiosk.service" not in ordered.split(), "a black screen would be all that is seen while the kiosk starts"
    assert not values("kiosk-browser.service", "Requires"), "when the kiosk does not start, the screen says so"


def test_the_profile_of_the_browser_is_in_memory() -> None:
    assert value("kiosk-browser.service", "RuntimeDirectory") == "kiosk-screen"
    assert "PROFILE=${KIOSK_PROFILE:-/run/kiosk-screen/" in (SYSTEMD / "screen/browser").read_text()


def test_the_browser_is_started_over_and_over_without_haste() -> None:
    assert value("kiosk-browser.service", "Restart") == "always"
    assert float(value("kiosk-browser.service", "RestartSec")) >= 5
