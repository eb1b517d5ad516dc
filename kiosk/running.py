"""Asking the kiosk that runs here how it is, instead of fighting with it for the camera and the pins."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from kiosk.errors import WebError
from kiosk.settings import Settings

#: A kiosk under load takes its time to answer; one that does not answer at all is what the doctor is for.
WAIT_S = 10.0
#: Where a kiosk that serves every address of its machine answers too.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}


def ask_running(settings: Settings, wait_s: float = WAIT_S) -> dict[str, Any] | None:
    """Return what the running kiosk of these settings says of itself (``/status.json``), None where none runs.

    Another kiosk at the same port, by its state folder, is none of ours. Raises WebError where something holds the
    port and does not answer as a kiosk does within ``wait_s`` seconds.
    """
    web = settings.web
    if web.port == 0:
        return None  # it serves at a port that nobody else knows
    url = f"http://{_EVERYWHERE.get(web.host, web.host)}:{web.port}/status.json"
    # A proxy of the user's environment knows nothing of this machine.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=wait_s) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        error.close()
        return None  # some other program serves there
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _silent(url) from error
        return None
    except TimeoutError as error:
        raise _silent(url) from error
    except (OSError, ValueError):
        return None
    return found if _is_ours(found, settings) else None


def _silent(url: str) -> WebError:
    return WebError(f"Something holds {url} and does not answer: restart the kiosk (sudo systemctl restart kiosk).")


def _is_ours(found: Any, settings: Settings) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return False
    says = {item["name"]: item["values"] for item in found["items"] if isinstance(item, dict) and "values" in item}
    return bool(says.get("Configuration", {}).get("state_dir") == str(settings.state_dir))
