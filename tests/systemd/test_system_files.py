"""What install.sh puts beside the units: users, rules, the name in the network, watchdog, configuration."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kiosk.config import SYSTEM_FILE, load_settings
from kiosk.settings import WebSettings

from .units import SCRIPTS, SERVICES, SYSTEMD, TIMERS, commands, values

ROOT = SYSTEMD.parent
INSTALLED = {
    place.replace("$PROGRAM", "/opt/kiosk"): source
    for source, place in re.findall(r"^ +put 0\d{3} (\S+) (\S+)$", (SYSTEMD / "install.sh").read_text(), re.MULTILINE)
}
UNITS = re.search(r"readonly UNITS=\(([^)]*)\)", (SYSTEMD / "install.sh").read_text())


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_has_nothing_to_say(name: str) -> None:
    done = subprocess.run(
        ["shellcheck", "-x", f"systemd/{name}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_bash_can_read_every_script(name: str) -> None:
    subprocess.run(["bash", "-n", str(SYSTEMD / name)], check=True)


def test_every_script_is_known_to_these_tests() -> None:
    found = {str(path.relative_to(SYSTEMD)) for path in SYSTEMD.rglob("*") if _is_script(path)}
    assert found == set(SCRIPTS)


def _is_script(path: Path) -> bool:
    return path.is_file() and (path.suffix == ".sh" or path.read_bytes().startswith(b"#!"))


def test_every_file_of_the_folder_is_put_into_the_system_or_makes_the_bundle() -> None:
    here = {str(path.relative_to(SYSTEMD)) for path in SYSTEMD.rglob("*") if path.is_file()}
    here = {name for name in here if "__pycache__" not in name}
    copied_once = {"kiosk.toml", "screen.env"}  # the owner's from then on
    named_by_a_number = {"screen-limits.conf"}  # of the user that it is for: limit_screen
    here -= copied_once | named_by_a_number
    assert here - set(SERVICES) - set(TIMERS) - {"bundle.py"} == set(INSTALLED.values()) - {'"$unit"'}


def test_every_unit_is_installed() -> None:
    assert UNITS is not None
    assert set(UNITS[1].split()) == {*SERVICES, *TIMERS}


@pytest.mark.parametrize(
    "program", sorted({line.split()[0] for name in SERVICES for line in commands(name) if line.startswith("/opt/")})
)
def test_what_a_unit_starts_is_what_was_installed(program: str) -> None:
    assert program in INSTALLED or re.fullmatch(r"/opt/kiosk/(current|previous)/venv/bin/(kiosk|python)", program)


def test_sysusers_makes_every_user_and_group_that_the_units_and_rules_name(tmp_path: Path) -> None:
    if not shutil.which("systemd-sysusers"):
        pytest.skip("systemd-sysusers is not installed")
    (tmp_path / "etc").mkdir()
    subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}", SYSTEMD / "kiosk.sysusers"], check=True, capture_output=True
    )
    users = {line.split(":")[0] for line in (tmp_path / "etc/passwd").read_text().splitlines()}
    groups = {line.split(":")[0] for line in (tmp_path / "etc/group").read_text().splitlines()}
    assert users == {"kiosk", "kiosk-screen"}
    for name in SERVICES:
        assert set(values(name, "User")) <= users
        assert set(values(name, "Group")) <= groups
        assert set(" ".join(values(name, "SupplementaryGroups")).split()) <= groups
    assert set(re.findall(r'GROUP="(\w+)"', (SYSTEMD / "70-kiosk.rules").read_text())) <= groups
    named = (line.split()[3:5] for line in _lines("kiosk.tmpfiles"))
    assert all(user in {*users, "root"} and group in groups for user, group in named)


def _lines(name: str) -> list[str]:
    return [line for line in (SYSTEMD / name).read_text().splitlines() if line and not line.startswith("#")]


def test_the_users_cannot_log_in() -> None:
    assert not any("/bin/" in line for line in _lines("kiosk.sysusers"))


def test_the_rules_are_right() -> None:
    known = shutil.which("udevadm") and subprocess.run(
        ["udevadm", "verify", "--help"], capture_output=True, check=False
    )
    if not known or known.returncode:
        pytest.skip("there is no udevadm verify here (systemd 254)")
    done = subprocess.run(
        ["udevadm", "verify", "--resolve-names=never", SYSTEMD / "70-kiosk.rules"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_machine_is_found_at_the_port_of_its_pages() -> None:
    group = ElementTree.parse(SYSTEMD / "avahi.xml").getroot()
    assert group.tag == "service-group"
    service = group.find("service")
    assert service is not None
    assert service.findtext("type") == "_http._tcp"
    assert int(service.findtext("port") or 0) == WebSettings().port


def test_the_hardware_watchdog_asks_for_no_more_than_every_pi_can() -> None:
    assert "RuntimeWatchdogSec=15\n" in (SYSTEMD / "watchdog.conf").read_text()


def test_logs_stay_in_memory() -> None:
    assert "Storage=volatile" in _lines("journald.conf")


def test_the_configuration_that_is_put_down_is_a_right_one() -> None:
    settings = load_settings(SYSTEMD / "kiosk.toml", {})
    assert settings.state_dir == Path("/var/lib/kiosk")
    assert settings.web.host == "0.0.0.0", "phones are to open results"


def test_the_kiosk_finds_the_configuration_where_install_puts_it() -> None:
    assert Path("/etc/kiosk/kiosk.toml") == SYSTEM_FILE


def test_the_browser_may_go_to_this_machine_and_nowhere_else() -> None:
    policy = json.loads((SYSTEMD / "screen/policy.json").read_text())
    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == ["http://localhost", "http://127.0.0.1"]
    assert policy["DeveloperToolsAvailability"] == 2


def test_labwc_gets_keys_that_do_nothing() -> None:
    tree = ElementTree.parse(SYSTEMD / "screen/labwc/rc.xml")
    assert {bound.find("action").get("name") for bound in tree.iter("keybind")} == {"None"}  # type: ignore[union-attr] # each has one


@pytest.mark.parametrize("name", ["screen.env", "kiosk.toml"])
def test_what_the_owner_may_edit_is_explained(name: str) -> None:
    text = (SYSTEMD / name).read_text()
    for setting in re.findall(r"(?m)^#?(\w+)=", text):
        assert setting in (ROOT / "docs/install.md").read_text()
