import re
import subprocess
import sys
import tomllib
from dataclasses import FrozenInstanceError, asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import config
from kiosk.config import find_file, load_settings, variable_of
from kiosk.errors import ConfigError
from kiosk.settings import RULES, SECTIONS, LightsSettings, ModelSettings, Settings, VisitSettings, default_of
from kiosk.station.visit import VisitTimes

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(autouse=True)
def no_file_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "SYSTEM_FILE", tmp_path / "etc" / "kiosk.toml")
    monkeypatch.chdir(tmp_path)


def load(tmp_path: Path, content: str = "", **environ: str) -> Settings:
    """The settings of a file with this content, in a home of its own."""
    file = tmp_path / "conf" / "kiosk.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return load_settings(file, {"HOME": str(tmp_path / "home"), **environ})


def refusal(tmp_path: Path, content: str = "", **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, content, **environ)
    return str(caught.value)


def value_of(found: Settings, key: str) -> Any:
    section, _, name = key.rpartition(".")
    return getattr(getattr(found, section) if section else found, name)


# --- defaults and places -------------------------------------------------------------------------------------


def test_without_file_and_variables_the_defaults_hold() -> None:
    found = load_settings(None, {"HOME": "/home/gym"})
    assert found == Settings(state_dir=Path("/home/gym/.local/state/plumbline"))
    assert found.came_from is None


def test_an_empty_file_gives_the_defaults_and_is_named(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert found.came_from == tmp_path / "conf" / "kiosk.toml"
    assert replace(found, came_from=None) == load_settings(None, {"HOME": str(tmp_path / "home")})


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    found = load(tmp_path)
    for part in [found, *(getattr(found, name) for name in SECTIONS)]:
        with pytest.raises(FrozenInstanceError):
            setattr(part, fields(part)[0].name, None)


def test_the_file_named_by_the_variable_comes_before_the_usual_places(tmp_path: Path) -> None:
    own, system, named = tmp_path / "own", config.SYSTEM_FILE, tmp_path / "named.toml"
    environ = {"HOME": "/nowhere", "XDG_CONFIG_HOME": str(own)}
    assert find_file(environ) is None
    system.parent.mkdir()
    system.write_text("web.port = 1")
    assert load_settings(None, environ).web.port == 1
    (own / "plumbline").mkdir(parents=True)
    (own / "plumbline" / "kiosk.toml").write_text("web.port = 2")
    assert load_settings(None, environ).web.port == 2
    named.write_text("web.port = 3")
    assert load_settings(None, environ | {"KIOSK_CONFIG": str(named)}).web.port == 3
    assert load_settings(system, environ | {"KIOSK_CONFIG": str(named)}).web.port == 1


def test_without_xdg_the_users_file_is_below_home(tmp_path: Path) -> None:
    file = tmp_path / ".config" / "plumbline" / "kiosk.toml"
    file.parent.mkdir(parents=True)
    file.write_text("web.port = 4")
    assert find_file({"HOME": str(tmp_path)}) == file
    assert find_file({"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative"}) == file
    assert find_file({}) is None


def test_a_file_behind_another_file_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "plumbline").write_text("a file where a folder should be")
    assert find_file({"XDG_CONFIG_HOME": str(tmp_path)}) is None


def test_a_usual_file_that_may_not_be_looked_at_is_not_passed_over(tmp_path: Path) -> None:
    # A name that is too long stands for a folder without permission, which root would not feel.
    home = tmp_path / ("x" * 300)
    with pytest.raises(ConfigError, match="cannot be read: File name too long"):
        load_settings(None, {"XDG_CONFIG_HOME": str(home)})


def test_the_state_folder_follows_the_environment() -> None:
    assert load_settings(None, {"HOME": "/h", "XDG_STATE_HOME": "/s"}).state_dir == Path("/s/plumbline")
    assert load_settings(None, {"HOME": "/h", "XDG_STATE_HOME": "s"}).state_dir == Path("/h/.local/state/plumbline")
    assert load_settings(None, {"HOME": "/h", "KIOSK_STATE_DIR": "/k"}).state_dir == Path("/k")


def test_without_a_home_the_state_folder_must_be_set() -> None:
    with pytest.raises(ConfigError, match=r"state_dir: no home folder is known here; set it, or KIOSK_STATE_DIR"):
        load_settings(None, {})
    assert load_settings(None, {"KIOSK_STATE_DIR": "/k"}).state_dir == Path("/k")


def test_results_go_to_the_state_folder_unless_a_url_is_set(tmp_path: Path) -> None:
    assert load(tmp_path, 'state_dir = "/srv"').history_place == Path("/srv/history.db")
    assert load(tmp_path, '[history]\nurl = "postgresql://h/d"').history_place == "postgresql://h/d"


# --- values from the file and from the environment -----------------------------------------------------------

#: For every setting: what the file says, what the variable says, and what comes of it.
OTHER_VALUES: dict[str, tuple[str, str, Any]] = {
    "state_dir": ('"/srv/kiosk"', "/srv/kiosk", Path("/srv/kiosk")),
    "camera.source": ('"/dev/video2"', "/dev/video2", "/dev/video2"),
    "camera.width": ("640", "640", 640),
    "camera.height": ("480", "480", 480),
    "camera.fps": ("25", "25", 25.0),
    "camera.mains_hz": ("60", "60", 60),
    "camera.exposure": ("5", "5", 5.0),
    "camera.focus_m": ("2", "2", 2.0),
    "camera.lens_deg": ("78", "78", 78.0),
    "camera.show_picture": ("true", "yes", True),
    "model.name": ('"thunder_f16"', "thunder_f16", "thunder_f16"),
    "model.threads": ("3", "3", 3),
    "model.folder": ('"/srv/models"', "/srv/models", Path("/srv/models")),
    "model.min_fps": ("12.5", "12.5", 12.5),
    "model.second": ("false", "off", False),
    "visit.greet_s": ("2", "2", 2.0),
    "visit.gone_s": ("3", "3", 3.0),
    "visit.hold_s": ("1.5", "1.5", 1.5),
    "visit.patience_s": ("4", "4", 4.0),
    "visit.rest_s": ("5", "5", 5.0),
    "visit.give_up_s": ("30", "30", 30.0),
    "visit.pain_s": ("20", "20", 20.0),
    "visit.pain_between_s": ("4", "4", 4.0),
    "visit.result_s": ("90", "90", 90.0),
    "visit.result_longest_s": ("60", "60", 60.0),
    "lights.kind": ('"none"', "none", "none"),
    "lights.red": ("2", "2", 2),
    "lights.green": ("3", "3", 3),
    "lights.blue": ("4", "4", 4),
    "lights.ready_pin": ("5", "5", 5),
    "lights.busy_pin": ("6", "6", 6),
    "lights.trouble_pin": ("0", "0", 0),
    "lights.active_high": ("false", "off", False),
    "buttons.next_pin": ("5", "5", 5),
    "buttons.stop_pin": ("6", "6", 6),
    "buttons.hold_s": ("3", "3", 3.0),
    "buttons.shutdown": ('"systemctl poweroff"', "systemctl poweroff", "systemctl poweroff"),
    "buzzer.pin": ("26", "26", 26),
    "buzzer.tonal": ("true", "on", True),
    "web.host": ('"0.0.0.0"', "0.0.0.0", "0.0.0.0"),
    "web.port": ("0", "0", 0),
    "web.max_streams": ("4", "4", 4),
    "web.address": ('"kiosk.local:8080"', "kiosk.local:8080", "kiosk.local:8080"),
    "web.share_hours": ("2.5", "2.5", 2.5),
    "web.theme": ('"auto"', "auto", "auto"),
    "web.watchers": ('"skeleton"', "skeleton", "skeleton"),
    "web.language": ('"de"', "de", "de"),
    "web.languages": ('"/srv/languages"', "/srv/languages", Path("/srv/languages")),
    "web.trainer_minutes": ("5", "5", 5),
    "web.metrics": ("true", "on", True),
    "history.url": ('"sqlite:////a.db"', "sqlite:////a.db", "sqlite:////a.db"),
    "history.keep_days": ("90", "90", 90),
    "history.keep_guest_days": ("7", "7", 7),
    "history.trust_clock": ("true", "yes", True),
    "plugins.blocked": ('["a", "b"]', "a, b", ("a", "b")),
    "plugins.overlays": ('"/srv/checks"', "/srv/checks", Path("/srv/checks")),
    "plugins.settings": ('"/srv/plugins"', "/srv/plugins", Path("/srv/plugins")),
    "plugins.hang_s": ("5", "5", 5.0),
    "logging.level": ('"debug"', "debug", "debug"),
}


def test_every_setting_is_tried_here() -> None:
    assert set(OTHER_VALUES) == set(RULES)


@pytest.mark.parametrize("key", OTHER_VALUES)
def test_every_setting_can_be_set_in_the_file_and_in_the_environment(tmp_path: Path, key: str) -> None:
    in_file, in_variable, expected = OTHER_VALUES[key]
    assert expected != (None if key == "state_dir" else default_of(key))
    for found in (load(tmp_path, f"{key} = {in_file}"), load(tmp_path, **{variable_of(key): in_variable})):
        assert value_of(found, key) == expected
        assert type(value_of(found, key)) is type(expected)


@pytest.mark.parametrize("key", OTHER_VALUES)
def test_the_environment_wins_over_the_file(tmp_path: Path, key: str) -> None:
    in_file, in_variable, expected = OTHER_VALUES[key]
    usual = default_of(key)
    said = {"camera.source": '"7"', "state_dir": '"/elsewhere"', "history.url": '"x://y"'}.get(key)
    if said is None:
        said = in_file if usual is None else str(usual).lower() if not isinstance(usual, str) else f'"{usual}"'
        said = "[]" if usual == () else said
    found = load(tmp_path, f"{key} = {said}", **{variable_of(key): in_variable})
    assert value_of(found, key) == expected


@pytest.mark.parametrize("key", [key for key in RULES if default_of(key) is None])
def test_an_optional_setting_is_unset_by_the_empty_text(tmp_path: Path, key: str) -> None:
    assert value_of(load(tmp_path, f'{key} = ""'), key) is None
    assert value_of(load(tmp_path, f"{key} = {OTHER_VALUES[key][0]}", **{variable_of(key): " "}), key) is None


@pytest.mark.parametrize(
    "address", ["kiosk.local", "192.168.1.20:80", "[fe80::1]:8080", "https://scan.gym.example/plumb"]
)
def test_an_address_for_phones_may_be_a_name_or_a_url(tmp_path: Path, address: str) -> None:
    assert load(tmp_path, f'web.address = "{address}"').web.address == address


@pytest.mark.parametrize(
    "address", ["http://", "ftp://x", "kiosk local", "x:99999", "x:port", "a@b", "http://x/?q", "http://[::1"]
)
def test_what_no_phone_can_open_is_refused(tmp_path: Path, address: str) -> None:
    assert "web.address: must be a name or a URL such as kiosk.local" in refusal(tmp_path, f'web.address = "{address}"')


def test_an_empty_list_in_a_variable_unblocks_all(tmp_path: Path) -> None:
    assert load(tmp_path, 'plugins.blocked = ["a"]', KIOSK_PLUGINS_BLOCKED="").plugins.blocked == ()


@pytest.mark.parametrize("word", ["", " "])
def test_an_empty_variable_is_no_number(tmp_path: Path, word: str) -> None:
    assert "KIOSK_WEB_PORT: must be a whole number from 0 to 65535, not ''" in refusal(tmp_path, KIOSK_WEB_PORT=word)


def test_sections_with_one_main_key_may_be_given_as_one_value(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        'lights = "none"\nmodel = "auto"\ncamera = 1\nhistory = "sqlite:////x.db"\nlogging = "error"',
    )
    assert (found.lights.kind, found.model.name, found.camera.source) == ("none", "auto", "1")
    assert (found.history.url, found.logging.level) == ("sqlite:////x.db", "error")
    assert load(tmp_path, KIOSK_LIGHTS="mock").lights.kind == "mock"


def test_the_long_name_of_a_variable_wins_over_the_short_one(tmp_path: Path) -> None:
    for environ in (
        {"KIOSK_LIGHTS": "mock", "KIOSK_LIGHTS_KIND": "none"},
        {"KIOSK_LIGHTS_KIND": "none", "KIOSK_LIGHTS": "mock"},
    ):
        assert load(tmp_path, **environ).lights.kind == "none"


def test_a_camera_number_needs_no_quotes(tmp_path: Path) -> None:
    assert load(tmp_path, "[camera]\nsource = 2").camera.source == "2"


def test_folders_in_the_file_count_from_the_file(tmp_path: Path) -> None:
    found = load(tmp_path, 'state_dir = "state"\n[model]\nfolder = "~/models"\n[plugins]\noverlays = "../own"')
    assert found.state_dir == tmp_path / "conf" / "state"
    assert found.model.folder == tmp_path / "home" / "models"
    assert found.plugins.overlays == tmp_path / "conf" / "../own"


def test_folders_in_a_variable_count_from_the_working_folder(tmp_path: Path) -> None:
    found = load(tmp_path, KIOSK_STATE_DIR="state", KIOSK_MODEL_FOLDER="~")
    assert found.state_dir == tmp_path / "state"
    assert found.model.folder == tmp_path / "home"


def test_a_tilde_without_a_home_is_refused(tmp_path: Path) -> None:
    assert "KIOSK_STATE_DIR: begins with ~, but no home folder is known here" in refusal(
        tmp_path, HOME="", KIOSK_STATE_DIR="~/state"
    )


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeffweb.port = 5").web.port == 5


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "is a folder: name the file in it"),
        (lambda path: path.write_bytes(b"a = '\xff'"), r"is not UTF-8 text \(byte 5\)"),
        (lambda path: path.write_text("[web]\nport = \n"), r"is not valid TOML: .*line 2"),
        (lambda path: path.write_text("[web]\n[web]\n"), r"is not valid TOML: .*line 2"),
        (lambda path: path.write_text('lights = "none"\n[lights]\nred = 3'), "is not valid TOML"),
        (lambda path: path.write_text("a = " + "[" * 100_000), "is not valid TOML"),
        (lambda path: path.write_text("a = " + "9" * 10_000), "is not valid TOML"),
    ],
)
@pytest.mark.parametrize("named_by", ["argument", "variable"])
def test_a_file_that_cannot_be_read_is_refused_with_its_name(
    tmp_path: Path, make: Any, reason: str, named_by: str
) -> None:
    file = tmp_path / "my kiosk.toml"
    make(file)
    with pytest.raises(ConfigError, match=rf"{re.escape(str(file))} .*{reason}") as caught:
        if named_by == "argument":
            load_settings(file, {"HOME": "/h"})
        else:
            load_settings(None, {"HOME": "/h", "KIOSK_CONFIG": str(file)})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[camra]\nsource = 0", "camra: is not a known section; did you mean 'camera'?"),
        ("stat_dir = '/x'", "stat_dir: is not a known section; did you mean 'state_dir'?"),
        ("[camera]\nsorce = 0", "camera.sorce: is not a known key; did you mean 'source'?"),
        ("[history]\nx = 0", "history.x: is not a known key; known are: url"),
        ("web = 8080", "web: must be a section, [web], not a number"),
        ("[state_dir]\na = 1", "state_dir: must be a text in quotes, not a table"),
        ("[camera]\nsource = -1", "camera.source: must be a text in quotes, not a number"),
        ("[camera]\nsource = true", "camera.source: must be a text in quotes, not true or false"),
        ("[camera]\nsource = ''", "camera.source: must not be empty"),
        ("[camera]\nmains_hz = 55", "camera.mains_hz: must be 50 or 60, not 55"),
        (
            "[camera]\nexposure = 'fast'",
            "camera.exposure: must be auto, sharp or milliseconds from 0.1 to 40, not 'fast'",
        ),
        ("[camera]\nexposure = 90", "camera.exposure: must be auto, sharp or milliseconds from 0.1 to 40, not 90"),
        ("[camera]\nwidth = '640'", "camera.width: must be a whole number from 64 to 7680, not a text"),
        ("[camera]\nwidth = true", "camera.width: must be a whole number from 64 to 7680, not true or false"),
        ("[camera]\nwidth = 640.5", "camera.width: must be a whole number from 64 to 7680, not 640.5"),
        ("[camera]\nwidth = nan", "camera.width: must be a whole number from 64 to 7680, not nan"),
        ("[camera]\nfps = '30'", "camera.fps: must be a number without quotes, not a text"),
        ("[camera]\nfps = 0", "camera.fps: must be a number from 1 to 240, not 0"),
        ("[camera]\nfps = inf", "camera.fps: must be a finite number"),
        ("[camera]\nshow_picture = 1", "camera.show_picture: must be true or false without quotes"),
        ("[visit]\nhold_s = 0", "visit.hold_s: must be a number from 0.1 to 60, not 0"),
        ("[visit]\nresult_s = -5", "visit.result_s: must be a number from 1 to 3600, not -5"),
        ("lights = 'gpoi'", "lights: 'gpoi' is not known; did you mean 'gpio'?"),
        ("lights = 5", "lights: must be a text in quotes, not a number"),
        ("[lights]\nred = 28", "lights.red: must be a whole number from 0 to 27, not 28"),
        (
            "[buttons]\nshutdown = 'say \"bye'",
            "buttons.shutdown: must be a command such as systemctl poweroff, with all",
        ),
        ("[web]\nport = 65536", "web.port: must be a whole number from 0 to 65535, not 65536"),
        ("[web]\nport = 1" + "0" * 400, "web.port: must be a whole number from 0 to 65535, not 1"),
        ("[web]\nhost = ''", "web.host: must not be empty"),
        ("[history]\nurl = 'history.db'", "history.url: must be a database URL such as sqlite://"),
        ("[plugins]\nblocked = 'a'", "plugins.blocked: must be a list in square brackets, not a text"),
        ("[plugins]\nblocked = [1]", "plugins.blocked: must be a text in quotes, not a number"),
        ("[logging]\nlevel = 'loud'", "logging.level: 'loud' is not known; known are: debug, info"),
        ("[logging]\nlevel = 1979-05-27", "logging.level: must be a text in quotes, not a date or time"),
        ("[[camera]]\nsource = 0", "camera: must be a text in quotes, not a list"),
        ("came_from = '/x'", "came_from: is not a known section"),
    ],
)
def test_a_wrong_value_is_refused_with_file_key_and_what_is_allowed(
    tmp_path: Path, content: str, complaint: str
) -> None:
    said = refusal(tmp_path, content)
    assert said.startswith(f"{tmp_path / 'conf' / 'kiosk.toml'}: {complaint}")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "word", "complaint"),
    [
        ("KIOSK_WEB_PORT", "http", "must be a whole number from 0 to 65535, not 'http'"),
        ("KIOSK_WEB_PORT", "99999", "must be a whole number from 0 to 65535, not 99999"),
        ("KIOSK_CAMERA_FPS", "fast", "must be a number from 1 to 240, not 'fast'"),
        ("KIOSK_CAMERA_FPS", "nan", "must be a finite number"),
        ("KIOSK_CAMERA_SHOW_PICTURE", "maybe", "must be true or false, not 'maybe'"),
        ("KIOSK_LIGHTS", "leds", "'leds' is not known; known are: gpio, mock, none"),
        ("KIOSK_PLUGINS_BLOCKED", "a,a", "names something twice"),
        ("KIOSK_HISTORY_URL", "x.db", "must be a database URL"),
        ("KIOSK_CAMERA_SORCE", "0", "is not a known setting; did you mean 'KIOSK_CAMERA_SOURCE'?"),
        ("KIOSK_CAMRA_SOURCE", "0", "is not a known setting; did you mean 'KIOSK_CAMERA_SOURCE'?"),
        ("KIOSK_LIGHTS_XYZZY_PLUGH", "0", "is not a known setting; "),
    ],
)
def test_a_wrong_variable_is_refused_with_its_name(tmp_path: Path, name: str, word: str, complaint: str) -> None:
    assert refusal(tmp_path, **{name: word}).startswith(f"environment variable {name}: {complaint}")


def test_variables_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    expected = load(tmp_path)
    assert load(tmp_path, KIOSK_OWNER="gym", KIOSK_BROWSER_URL="http://x", CAMERA_SOURCE="7") == expected


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "[web]\nport = 'x'\nhots = 'y'\n[lamps]\n", KIOSK_CAMERA_FPS="0").splitlines()
    assert len(lines) == 4
    assert [line.split(": ")[1] for line in lines[:3]] == ["web.port", "web.hots", "lamps"]


def test_a_message_stays_on_its_line_whatever_the_file_holds(tmp_path: Path) -> None:
    assert "\n" not in refusal(tmp_path, '"a\\nb" = 1')


@pytest.mark.parametrize(
    ("content", "environ", "first", "second", "pin"),
    [
        ("[lights]\nred = 27", {}, "lights.red", "lights.green", 27),
        ("[lights]\nblue = 5\nready_pin = 5", {}, "lights.blue", "lights.ready_pin", 5),
        ("[lights]\ntrouble_pin = 6", {"KIOSK_LIGHTS_BUSY_PIN": "6"}, "lights.busy_pin", "lights.trouble_pin", 6),
        ("[buttons]\nnext_pin = 17", {}, "lights.red", "buttons.next_pin", 17),
        ("[buttons]\nstop_pin = 5", {"KIOSK_BUTTONS_NEXT_PIN": "5"}, "buttons.next_pin", "buttons.stop_pin", 5),
        ("[buzzer]\npin = 22", {}, "lights.blue", "buzzer.pin", 22),
    ],
)
def test_a_pin_that_is_used_twice_is_refused(
    tmp_path: Path, content: str, environ: dict[str, str], first: str, second: str, pin: int
) -> None:
    said = refusal(tmp_path, content, **environ)
    assert f"{first} and {second} are both pin {pin}" in said


def test_pins_may_be_exchanged(tmp_path: Path) -> None:
    lights = load(tmp_path, "[lights]\nred = 27\ngreen = 17\nbusy_pin = 0").lights
    assert lights == LightsSettings(red=27, green=17, busy_pin=0)
    assert lights.single_leds == {"busy": 0}


@given(st.dictionaries(st.text(min_size=1), st.integers() | st.text() | st.booleans(), min_size=1))
def test_whatever_a_file_holds_the_answer_is_settings_or_a_config_error(tables: dict[str, Any]) -> None:
    draft = config._Draft("/h")
    for key, where, value in config._flat(draft, Path("f.toml"), tables):
        draft.take(key, where, Path("/"), value)
    assert draft.problems or set(tables) <= {*RULES, *SECTIONS}


# --- the model's threads ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (3, 2), (4, 2), (16, 2)])
def test_zero_threads_leave_a_core_to_the_rest(monkeypatch: pytest.MonkeyPatch, cores: int, threads: int) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(cores)))
    assert ModelSettings().thread_count == threads
    assert ModelSettings(threads=7).thread_count == 7


# --- documentation ---------------------------------------------------------------------------------------------


def documented() -> dict[str, tuple[str, str]]:
    """Key -> (default, variable) of the table in the documentation."""
    rows = re.findall(
        r"^\| `([\w.]+)` \| (.+?) \| `(KIOSK_\w+)` \|", (DOCS / "configuration.md").read_text("utf-8"), re.M
    )
    return {key: (default, variable) for key, default, variable in rows}


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert list(documented()) == list(RULES)


@pytest.mark.parametrize("key", [key for key in RULES if key != "state_dir"])
def test_the_documented_default_and_variable_are_the_real_ones(key: str) -> None:
    default, variable = documented()[key]
    assert variable == variable_of(key)
    if default_of(key) is None:
        assert default == "not set"
    else:
        said = tomllib.loads(f"x = {default.strip('`')}")["x"]
        assert (tuple(said) if isinstance(said, list) else said) == default_of(key)


def test_rules_and_sections_name_the_same_settings() -> None:
    named = [f"{section}.{of.name}" for section, make in SECTIONS.items() for of in fields(make)]
    assert ["state_dir", *named] == list(RULES)


def test_the_times_of_a_visit_are_those_of_the_station() -> None:
    assert asdict(VisitSettings()) == asdict(VisitTimes())


def test_every_default_keeps_its_own_rule() -> None:
    for key in RULES:
        value = default_of(key)
        if key != "state_dir" and value is not None:
            assert RULES[key].read(list(value) if isinstance(value, tuple) else value) == value


def test_the_example_file_lists_every_setting_with_its_default(tmp_path: Path) -> None:
    example = (DOCS / "kiosk.toml.example").read_text("utf-8")
    assert load(tmp_path, example) == load(tmp_path)
    unmarked = re.sub(r"^# (?=\w+ = )", "", example, flags=re.M)
    tables = tomllib.loads(unmarked)
    listed = [f"{name}.{key}" for name, table in tables.items() if name in SECTIONS for key in table]
    assert ["state_dir", *listed] == list(RULES)
    assert load(tmp_path, unmarked) == load(tmp_path)


def test_reading_the_configuration_brings_in_nothing_heavy() -> None:
    heavy = "cv2 flask sqlalchemy alembic gpiozero numpy ai_edge_litert"
    code = f"import sys, kiosk.config; print([m for m in {heavy!r}.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # `import kiosk` itself, which plugin authors use, may bring in numpy.
    assert set(re.findall(r"\w+", done.stdout)) <= {"numpy"}
