"""Speech for the kiosk's own screen where its browser has no voice: sentences spoken by espeak-ng, offline."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import threading
from functools import lru_cache

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from kiosk.web.access import is_own_screen, is_same_origin

PROGRAM = "espeak-ng"
#: No sentence of ours is longer; and no speech takes longer to make, on a machine that has other things to do.
LONGEST_TEXT, LONGEST_S = 160, 5.0
#: So many sentences are kept, of about 80 kB each.
KEPT = 64
#: Words per minute, and how far a sentence is lifted: calm, and understood across a room.
_PACE, _PITCH = 150, 45
_HEADER_BYTES = 44
_CODE = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?", re.IGNORECASE | re.ASCII)

#: Of a sound: one channel of 8000 samples a second, 16 bits each.
_FORMAT = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 0, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", 0)
_SILENT_S = 0.05

pages = Blueprint("voice", __name__)
#: Sentences are made one at a time: the processor belongs to the pipeline.
_one_at_a_time = threading.Lock()


@pages.get("/voice/<language>.wav")
def speak(language: str) -> Response:
    """A sentence of the screen as sound (WAV), for the kiosk's own screen: ``?text=`` in that language.

    404 where the language cannot be spoken, 503 where nothing can.
    """
    if not (is_own_screen(request) and is_same_origin(request)):
        abort(403)
    text = " ".join(request.args.get("text", "").split())
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        abort(400)
    if shutil.which(PROGRAM) is None:
        return Response("espeak-ng is not installed.\n", status=503, mimetype="text/plain")
    if not _CODE.fullmatch(language):
        abort(404)
    with _one_at_a_time:
        sound = spoken(language, text)
    if sound is None:
        abort(404)
    return Response(sound, mimetype="audio/wav")


@pages.get("/voice/silence.wav")
def silence() -> Response:
    """A moment of silence: with it a page finds out whether its browser lets it be heard."""
    return Response(SILENCE, mimetype="audio/wav")


@lru_cache(maxsize=KEPT)
def spoken(language: str, text: str) -> bytes | None:
    """Return a sentence as a WAV file; None where it could not be spoken: no such language, or not in time."""
    command = [PROGRAM, "-v", language, "-s", str(_PACE), "-p", str(_PITCH), "-b", "1", "--stdin", "--stdout"]
    try:
        done = subprocess.run(
            command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=LONGEST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    sound = done.stdout
    if done.returncode != 0 or len(sound) <= _HEADER_BYTES or sound[36:40] != b"data":
        return None
    return with_sizes(sound)


def with_sizes(sound: bytes) -> bytes:
    """Return a WAV file that was written to a pipe with its true sizes in the header."""
    body = sound[_HEADER_BYTES:]
    return sound[:4] + struct.pack("<I", len(sound) - 8) + sound[8:40] + struct.pack("<I", len(body)) + body


SILENCE = with_sizes(_FORMAT + bytes(round(16000 * _SILENT_S)))
