"""One result as a PDF, made in a process of its own: setting type holds Python's lock, and the pipeline needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from threading import Lock
from typing import Any

from kiosk.errors import KioskError
from kiosk.web.language import Language

#: A Pi takes a few seconds; what takes longer than this will not come.
LONGEST_S = 60.0
#: How long somebody waits for those who asked before: one paper is made at a time.
LONGEST_WAIT_S = 20.0

_one_at_a_time = Lock()


class NoPaper(KioskError):  # noqa: N818 - what is missing, not what failed
    """A PDF could not be made just now."""


def report_pdf(report: Mapping[str, Any], language: Language, link: str | None = None) -> bytes:
    """Return a result as a PDF in a language; ``link`` is the address that its QR code leads to, None for no code.

    Raises `NoPaper` where it takes too long, or others are being served.
    """
    asked = {"report": report, "language": language.code, "texts": dict(language.exact), "link": link}
    if not _one_at_a_time.acquire(timeout=LONGEST_WAIT_S):
        raise NoPaper("Others are saving their results just now. Try again in a minute.")
    try:
        made = subprocess.run(
            [sys.executable, "-m", "kiosk.web.paper"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=LONGEST_S,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise NoPaper("The PDF could not be made just now. Try again, or print the page.") from error
    finally:
        _one_at_a_time.release()
    return made.stdout
