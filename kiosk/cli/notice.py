"""``kiosk notice``: the privacy notice for the wall, in words that follow from this kiosk's settings."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import STDOUT, check_places, say, write_bytes
from kiosk.config import load_settings
from kiosk.errors import ConfigError, OutputError
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.plugins import Plugins
    from kiosk.web.notice import Terms

#: The hooks by which a plugin is given what was measured; the third, of lights, hands over no measure.
_MEASURES = frozenset({"kiosk_rep_finished", "kiosk_scan_finished"})
_LOOPBACK = ("127.", "::1", "localhost")


def add_parser(commands: Any) -> None:
    """Add ``kiosk notice``."""
    parser = commands.add_parser("notice", help="print the privacy notice for the wall", description=__doc__)
    parser.add_argument("--out", metavar="FILE", help="write it as a PDF of A4; '-': to standard output")
    parser.add_argument("--lang", metavar="CODE", help="its language, such as de")
    parser.add_argument("--contact", metavar="WORDS", help="whom members can ask; a line to write on when left out")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=notice)


def notice(args: argparse.Namespace) -> int:
    """Print the notice, or write its PDF. Raises ConfigError for a language that is not there, OutputError."""
    settings = load_settings(args.config, os.environ)
    if args.out == STDOUT and sys.stdout is not None and sys.stdout.isatty():
        raise OutputError("A PDF is not for a terminal: name a file with --out, or send it on with '> notice.pdf'.")
    check_places((args.out,), "")
    from kiosk.languages import site_languages
    from kiosk.plugins.site import site_plugins, tolerant_watch
    from kiosk.web.language import speaking
    from kiosk.web.notice import notice_pdf, notice_text

    plugins = site_plugins(settings, tolerant_watch())
    spoken = site_languages(settings, plugins)
    code = args.lang or spoken.default
    if code not in spoken.by_code:
        raise ConfigError(f"There is no translation '{code}'. Known: {', '.join(sorted(spoken.by_code))}.")
    with speaking(spoken.by_code[code]):
        if args.out is None:
            say(notice_text(terms(settings, plugins), args.contact), end="")
        else:
            write_bytes(args.out, notice_pdf(terms(settings, plugins), args.contact))
    return 0


def terms(settings: Settings, plugins: Plugins) -> Terms:
    """Return what of the settings and plugins of a kiosk members should know."""
    from kiosk.web.notice import Terms

    web, kept = settings.web, settings.history
    handed_to = sorted(one.name for one in plugins.found if one.problem is None and _MEASURES & set(one.observes))
    return Terms(
        guest_days=kept.keep_guest_days,
        member_days=kept.keep_days,
        share_hours=web.share_hours,
        on_network=web.address is not None or not web.host.startswith(_LOOPBACK),
        sees_skeleton=web.watchers == "skeleton",
        shows_picture=settings.camera.show_picture,
        handed_to=tuple(handed_to),
        elsewhere=kept.url is not None and not kept.url.startswith("sqlite"),
        address=web.address if web.address is not None and "://" in web.address else None,
    )
