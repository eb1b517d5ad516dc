"""Speech from the kiosk: for its own screen only, offline, and never a fault where it cannot be had."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kiosk.web import voice

LOOKER_ON = {"REMOTE_ADDR": "192.168.1.20"}
speaks = pytest.mark.skipif(shutil.which(voice.PROGRAM) is None, reason="espeak-ng is not installed: .ci/setup tests")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    voice.spoken.cache_clear()
    yield
    voice.spoken.cache_clear()


@pytest.fixture
def client(make_app) -> FlaskClient:
    return make_app().test_client()


def sound_of(data: bytes) -> tuple[float, int]:
    """How long a WAV file lasts in seconds, and its loudest sample."""
    with wave.open(io.BytesIO(data)) as file:
        frames = file.readframes(file.getnframes())
        samples = memoryview(frames).cast("h")
        return file.getnframes() / file.getframerate(), max(abs(sample) for sample in samples)


@speaks
@pytest.mark.parametrize(("language", "text"), [("en", "Step back a little"), ("de", "Treten Sie etwas zurück")])
def test_a_sentence_is_spoken_in_its_language(client: FlaskClient, language: str, text: str) -> None:
    answer = client.get(f"/voice/{language}.wav", query_string={"text": text})
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    seconds, loudest = sound_of(answer.data)
    assert 0.5 < seconds < 6
    assert loudest > 3000


@speaks
def test_the_languages_sound_different(client: FlaskClient) -> None:
    both = [client.get(f"/voice/{code}.wav?text=Information").data for code in ("en", "de")]
    assert both[0] != both[1]


@pytest.mark.parametrize("more", [{"environ_base": LOOKER_ON}, {"headers": {"Sec-Fetch-Site": "cross-site"}}])
def test_nobody_but_the_kiosks_own_screen_makes_it_speak(client: FlaskClient, more: dict) -> None:
    assert client.get("/voice/en.wav?text=Hello", **more).status_code == 403


@pytest.mark.parametrize("text", ["", "   ", "x" * (voice.LONGEST_TEXT + 1), "a\x00b", "\x1b[2J"])
def test_what_is_no_sentence_is_refused(client: FlaskClient, text: str) -> None:
    assert client.get("/voice/en.wav", query_string={"text": text}).status_code == 400


@speaks
@pytest.mark.parametrize("language", ["xx", "en;ls", "..", "--help", "-v", "é", "en-"])
def test_a_language_that_nobody_speaks_is_not_found(client: FlaskClient, language: str) -> None:
    assert client.get(f"/voice/{language}.wav?text=Hello").status_code == 404


def test_without_the_program_the_page_is_told_that_there_is_no_speech(client: FlaskClient, monkeypatch) -> None:
    monkeypatch.setattr(voice.shutil, "which", lambda _name: None)
    assert client.get("/voice/en.wav?text=Hello").status_code == 503


def test_a_program_that_never_ends_is_given_up(client: FlaskClient, monkeypatch) -> None:
    def hangs(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired(voice.PROGRAM, timeout)

    monkeypatch.setattr(voice.shutil, "which", lambda name: name)
    monkeypatch.setattr(voice.subprocess, "run", hangs)
    assert client.get("/voice/en.wav?text=Hello").status_code == 404


def test_a_sentence_is_made_once_and_only_so_many_are_kept(client: FlaskClient, monkeypatch) -> None:
    made = []

    def run(command: list[str], *, input: bytes, **_: object) -> subprocess.CompletedProcess[bytes]:  # noqa: A002 - theirs
        made.append(input)
        header = b"RIFF" + b"\xff" * 4 + b"WAVEfmt " + b"\0" * 20 + b"data" + b"\xff" * 4
        return subprocess.CompletedProcess(command, 0, header + b"\1\2", b"")

    monkeypatch.setattr(voice.shutil, "which", lambda name: name)
    monkeypatch.setattr(voice.subprocess, "run", run)
    for _ in range(3):
        assert client.get("/voice/en.wav?text=Turn+round").status_code == 200
    assert made == [b"Turn round"]
    for number in range(2 * voice.KEPT):
        client.get(f"/voice/en.wav?text={number}")
    assert voice.spoken.cache_info().currsize == voice.KEPT


def test_silence_is_a_sound_without_any(client: FlaskClient) -> None:
    answer = client.get("/voice/silence.wav")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert sound_of(answer.data) == (pytest.approx(0.05), 0)


def test_the_policy_lets_pages_play_our_sounds_and_no_others(client: FlaskClient) -> None:
    assert "media-src 'self';" in client.get("/voice/silence.wav").headers["Content-Security-Policy"]


def test_the_sizes_in_a_sound_are_true() -> None:
    piped = b"RIFF" + b"\xff" * 4 + b"WAVEfmt " + b"\0" * 20 + b"data" + b"\xff" * 4 + b"12345678"
    sound = voice.with_sizes(piped)
    assert (int.from_bytes(sound[4:8], "little"), int.from_bytes(sound[40:44], "little")) == (len(piped) - 8, 8)
    assert sound[44:] == b"12345678"
