"""Who is asking, and what they may read: the kiosk's own screen may do more than a phone on the network."""

from __future__ import annotations

import ipaddress

from flask import Request, request

from kiosk.web.context import context
from kiosk.web.trainer.session import is_trainer

#: Names under which the kiosk's own browser opens the pages. Any other name on the loopback address is a page
#: from elsewhere whose name was pointed here.
OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def is_own_screen(request: Request) -> bool:
    """Whether the request comes from a browser on this machine, directly and not handed on by a proxy."""
    try:
        loopback = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    host = request.host if request.host.endswith("]") else request.host.rsplit(":", 1)[0]
    return loopback and host in OWN_NAMES and not any(name in request.headers for name in FORWARDED)


def is_same_origin(request: Request) -> bool:
    """Whether one of our own pages sent this, by what the browser itself says about it.

    Programs that are no browser send neither header and are let through: they cannot be tricked by a page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def may_read(result_id: str) -> bool:
    """Whether this request may read a result by its id: results are private.

    The kiosk's own screen may while the result stands on it, which ends when the member leaves; the trainer may
    always. Everybody else has the link that the member took along, which says by itself what it opens.
    """
    if is_own_screen(request) and context().board.view.result_id == result_id:
        return True
    return is_trainer()
