"""What runs beside the browser: the page while the kiosk starts, and the screen that goes dark."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from .units import SYSTEMD

NOBODY = {"state": "idle", "camera": "ok"}
SOMEBODY = {"state": "framing", "camera": "ok"}


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screen_watch", SYSTEMD / "screen/screen_watch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


watch = _load()


class StandIn(BaseHTTPRequestHandler):
    """The kiosk's /live.json."""

    def __init__(self, view: dict[str, Any], *args: Any) -> None:
        self.view = view
        super().__init__(*args)

    def do_GET(self) -> None:
        body = json.dumps(self.view).encode()
        self.send_response(200 if self.path == "/live.json" else 404)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def kiosk() -> Iterator[Callable[[dict[str, Any]], str]]:
    servers = []

    def start(view: dict[str, Any]) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StandIn, view))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """A PATH of nothing but what the test puts there; each call is written down in ``asked``."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def make(name: str, does: str) -> None:
        file = tmp_path / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >>{tmp_path}/asked\n{does}\n')
        file.chmod(0o755)

    return make


def asked(folder: Path) -> list[str]:
    file = folder / "asked"
    return file.read_text().splitlines() if file.exists() else []


def nowhere() -> str:
    """An address at which nothing answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/"


def test_the_screen_goes_dark_after_its_time_and_wakes_for_the_first_sign_of_somebody() -> None:
    presence = watch.Presence(blank_after_s=60)
    seen = [(0.0, NOBODY, True), (59.0, NOBODY, True), (60.0, NOBODY, False), (900.0, NOBODY, False)]
    assert [presence.lit(view, now_s) for now_s, view, _ in seen] == [lit for _, _, lit in seen]
    assert presence.lit(SOMEBODY, 900.5)
    assert presence.lit(NOBODY, 901.0), "whoever just left may come back"
    assert not presence.lit(NOBODY, 961.0)


def test_a_kiosk_that_cannot_see_or_does_not_answer_is_not_taken_for_an_empty_room() -> None:
    presence = watch.Presence(blank_after_s=60)
    presence.lit(NOBODY, 0.0)
    assert not presence.lit(NOBODY, 100.0)
    assert presence.lit({"state": "idle", "camera": "The camera is missing."}, 101.0)
    presence.lit(NOBODY, 102.0)
    assert not presence.lit(NOBODY, 200.0)
    assert presence.lit(None, 201.0)


def test_a_screen_that_is_never_to_go_dark_stays_lit() -> None:
    presence = watch.Presence(blank_after_s=0)
    assert all(presence.lit(NOBODY, now_s) for now_s in (0.0, 1e6))


def test_the_idle_state_is_the_one_of_the_kiosks_views() -> None:
    from kiosk.station.live import LiveView

    view = json.loads(LiveView().as_json)
    assert {key: view[key] for key in NOBODY} == NOBODY


def test_wlopm_switches_where_it_can(programs: Callable[[str, str], None], tmp_path: Path) -> None:
    programs("wlopm", "exit 0")
    screen = watch.Screen()
    for lit in (True, False, False, True):
        screen.light(lit)
    assert asked(tmp_path) == ["wlopm --off *", "wlopm --on *"], "nothing is asked for twice"


def test_wlr_randr_switches_every_screen_where_wlopm_cannot(
    programs: Callable[[str, str], None], tmp_path: Path
) -> None:
    programs("wlopm", "echo 'ERROR: Wayland server does not support it.' >&2")
    programs(
        "wlr-randr", '[ -n "$1" ] || printf \'HDMI-A-1 "One"\\n  Enabled: yes\\nHDMI-A-2 "Two"\\n  Enabled: no\\n\''
    )
    watch.Screen().light(False)
    assert asked(tmp_path)[1:] == [
        "wlr-randr ",
        "wlr-randr --output HDMI-A-1 --off",
        "wlr-randr --output HDMI-A-2 --off",
    ]


def test_a_switch_that_failed_is_tried_again(programs: Callable[[str, str], None], tmp_path: Path) -> None:
    programs("wlopm", "exit 1")
    screen = watch.Screen()
    screen.light(False)
    programs("wlopm", "exit 0")
    screen.light(False)
    screen.light(False)
    assert asked(tmp_path) == ["wlopm --off *"] * 2


def test_without_any_program_the_screen_stays_as_it_is(programs: Callable[[str, str], None], tmp_path: Path) -> None:
    watch.Screen().light(False)
    assert asked(tmp_path) == []


def test_the_waiting_page_leads_to_the_kiosk_as_soon_as_it_answers(kiosk: Callable[[dict[str, Any]], str]) -> None:
    url = kiosk(NOBODY)
    assert watch.waiting_state(url) == {"ready": True, "url": url}


def test_while_the_kiosk_starts_the_page_says_what_it_is_doing(programs: Callable[[str, str], None]) -> None:
    programs("systemctl", "echo ActiveState=activating; echo 'StatusText=Loading a=b.'")
    state = watch.waiting_state(nowhere())
    assert (state["ready"], state["failed"], state["says"]) == (False, False, "Loading a=b.")


def test_a_kiosk_that_gave_up_is_said_to_have_failed(programs: Callable[[str, str], None]) -> None:
    programs("systemctl", "echo ActiveState=failed; echo StatusText=")
    assert watch.waiting_state(nowhere())["failed"]


def test_where_systemd_cannot_be_asked_the_page_still_waits(programs: Callable[[str, str], None]) -> None:
    state = watch.waiting_state(nowhere())
    assert (state["failed"], state["says"]) == (False, "")


def test_what_is_no_view_counts_as_no_answer(kiosk: Callable[[Any], str]) -> None:
    assert watch.live_view(kiosk([1, 2])) is None


def test_the_page_is_served_to_this_machine_alone(programs: Callable[[str, str], None]) -> None:
    server = watch.serve(0, nowhere())
    try:
        assert server.server_address[0] == "127.0.0.1"
        base = f"http://127.0.0.1:{server.server_port}"
        with urlopen(f"{base}/") as page:
            assert page.read() == (SYSTEMD / "screen/waiting.html").read_bytes()
        with urlopen(f"{base}/state") as answer:
            assert json.load(answer)["ready"] is False
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{base}/../etc/passwd")
        refused.value.close()
        assert refused.value.code == 404
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("word", ["soon", "-1", "inf", "nan"])
def test_a_wrong_setting_is_a_sentence(word: str) -> None:
    with pytest.raises(watch.SettingError, match=f"KIOSK_BLANK_AFTER_S={word}.*number of at least 0"):
        watch.number_from({"KIOSK_BLANK_AFTER_S": word}, "KIOSK_BLANK_AFTER_S", 600)


def test_an_unset_setting_is_its_default() -> None:
    assert watch.number_from({"KIOSK_BLANK_AFTER_S": " "}, "KIOSK_BLANK_AFTER_S", 600) == 600


def test_the_words_of_the_page_are_there_in_english_and_german() -> None:
    page = (SYSTEMD / "screen/waiting.html").read_text()
    for key in ("starting:", "failed:", "retry:"):
        assert page.count(key) == 2
    assert "http" not in page, "the page needs nothing from outside"


def test_a_screen_without_a_compositor_says_what_to_install(tmp_path: Path) -> None:
    for name in ("bash", "dirname"):
        (tmp_path / name).symlink_to(next(Path(p, name) for p in ("/usr/bin", "/bin") if Path(p, name).exists()))
    done = subprocess.run(
        [str(tmp_path / "bash"), str(SYSTEMD / "screen/session")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt install cage" in done.stderr


def test_the_browser_is_given_no_way_out(tmp_path: Path) -> None:
    given = tmp_path / "given"
    for name, does in {"chromium": f'printf "%s\\n" "$@" >{given}', "wlr-randr": "exit 0", "python3": "exit 0"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    subprocess.run(
        [str(SYSTEMD / "screen/browser")],
        env={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "KIOSK_PROFILE": str(tmp_path / "profile"),
            "KIOSK_WAIT_PORT": "1",
        },
        check=True,
    )
    options = given.read_text().splitlines()
    for wanted in (
        "--kiosk",
        "--overscroll-history-navigation=0",
        "--disable-pinch",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-session-crashed-bubble",
        f"--user-data-dir={tmp_path}/profile",
    ):
        assert wanted in options
    assert options[-1] == "http://localhost:1/"
