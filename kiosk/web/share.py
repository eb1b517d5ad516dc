"""Links that members take along: signed by the kiosk, read by nobody who was not given one, written nowhere."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import partial

import segno
from flask import request, url_for
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner
from markupsafe import Markup

from kiosk.web.address import base_url
from kiosk.web.context import context

#: 128 bits of signature: out of reach for guessing, and short, so that the squares of the QR code stay large.
_DIGEST = partial(hashlib.blake2b, digest_size=16)
#: White squares around a code, without which readers do not find it (ISO/IEC 18004).
_QUIET = 4


class LinkExpiredError(Exception):
    """A link was genuine, and its time is over."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """How links are made. ``hours``: how long one to a result works. ``host``, ``wish``: see `kiosk.web.address`."""

    secret: bytes
    hours: float = 48.0
    host: str = "127.0.0.1"
    wish: str | None = None

    def result_token(self, result_id: str) -> str:
        """Return the part of a link that opens one result from now on for `hours`."""
        return _signer(self.secret, "result").sign(result_id).decode()

    def result_of(self, token: str) -> str | None:
        """Return the id of the result that a token opens, None where it is none of ours. Raises LinkExpiredError."""
        try:
            return _signer(self.secret, "result").unsign(token, max_age=round(self.hours * 3600)).decode()
        except SignatureExpired:
            raise LinkExpiredError from None
        except BadSignature:
            return None

    def member_token(self, member: str) -> str:
        """Return the part of a link that opens a member's course, for as long as it is kept."""
        return _signer(self.secret, "member").sign(member).decode()

    def member_of(self, token: str) -> str | None:
        """Return the key of the member whose course a token opens, None where we never gave it out."""
        try:
            return _signer(self.secret, "member").unsign(token).decode()
        except BadSignature:
            return None


def _signer(secret: bytes, of: str) -> TimestampSigner:
    return TimestampSigner(secret, salt=f"plumbline-{of}", digest_method=_DIGEST)


def sharing() -> Sharing:
    """Return how the app that handles this request makes links."""
    return context().sharing


def link_for(result_id: str) -> str | None:
    """Return the whole address under which a phone finds a result; None where the pages serve this machine alone."""
    return shared_link(sharing().result_token(result_id))


def shared_link(token: str) -> str | None:
    """Return the whole address that a token of a result stands in, None as in `link_for`."""
    return _whole("share.result", token)


def member_link(member: str) -> str | None:
    """Return the whole address of a member's course for phones, None as in `link_for`."""
    return _whole("member.course", sharing().member_token(member))


def member_path(member: str, kept: str | None = None) -> str:
    """Return the path of a member's course on this kiosk; ``kept`` says what was done: new or more."""
    return url_for("member.course", token=sharing().member_token(member), kept=kept)


def phone_address() -> str | None:
    """Return the address of the pages for phones on the kiosk's network, None where none can reach them."""
    here = sharing()
    return base_url(here.host, int(request.environ.get("SERVER_PORT", 80)), here.wish)


def _whole(endpoint: str, token: str) -> str | None:
    base = phone_address()
    return None if base is None else base + url_for(endpoint, token=token)


def qr_svg(url: str) -> Markup:
    """Return a QR code as an SVG picture: dark on white with its quiet border, as large as its place.

    The squares are one path; its width and height are left to the style sheet (class ``qr``).
    """
    code = segno.make(url, error="m", micro=False)
    out = io.BytesIO()
    code.save(
        out, kind="svg", border=_QUIET, dark="#000", light="#fff", xmldecl=False, svgns=True, svgclass="qr",
        lineclass=None, omitsize=True, nl=False,
    )  # fmt: skip
    return Markup(out.getvalue().decode())
