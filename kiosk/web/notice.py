"""The privacy notice for the wall beside the kiosk: one page that says what this kiosk, as it is set, does with people.

Every sentence follows from a setting or holds for every kiosk (docs/privacy.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.web.language import current, text
from kiosk.web.numbers import days, hours, joined
from kiosk.web.sheet import FOOT_MM, HEIGHT_MM, INK, MARGIN_MM, RULE, SOFT, WIDTH_MM, Sheet
from kiosk.web.wording import NOTICE

_TITLE_PT, _HEADING_PT, _LINE_PT = 20.0, 14.0, 11.5
#: How large the type is beside these sizes: the first with which all of it fits on one sheet.
_SCALES = (1.15, 1.07, 1.0, 0.92, 0.84, 0.76)
_TOP_MM, _BULLET_MM, _BETWEEN_MM, _WITHIN_MM = 18.0, 5.0, 5.0, 1.3
#: Room to write on, where no contact was given.
_BLANK_MM = 12.0
_ROOM_MM = HEIGHT_MM - FOOT_MM - 5 - _TOP_MM


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a kiosk's settings members should know.

    ``guest_days`` and ``member_days``: how long results are kept; ``share_hours``: how long a link opens one.
    ``on_network``: whether other devices reach the pages at all, ``sees_skeleton`` whether they see the moving
    skeleton, ``shows_picture`` whether the kiosk's own screen shows the camera's picture. ``handed_to``: the plugins
    that are given reps or results. ``elsewhere``: whether the database may be on another machine. ``address``: the
    URL of a proxy under which results are opened, None without one.
    """

    guest_days: int
    member_days: int
    share_hours: float
    on_network: bool
    sees_skeleton: bool
    shows_picture: bool
    handed_to: tuple[str, ...] = ()
    elsewhere: bool = False
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the sentences below it."""

    heading: str
    lines: tuple[str, ...]


def title() -> str:
    """Return what stands at the top, in the language that is spoken."""
    return text("This kiosk looks at how you move")


def parts(terms: Terms) -> tuple[Part, ...]:
    """Return all that the notice says between its title and the contact, in the language that is spoken."""
    return (
        Part(
            text("What it does"),
            (
                text("A camera finds the joints of whoever stands in front of it. This machine counts and measures."),
                text("A scan begins only when somebody takes the starting posture. Who does so agrees to be measured."),
                text("Who only walks past leaves nothing behind."),
            ),
        ),
        Part(text("What is not kept"), tuple(_not_kept(terms))),
        Part(text("What is kept"), tuple(_kept(terms))),
        Part(text("Who can see your result"), tuple(_seen_by(terms))),
        Part(
            text("How it is deleted"),
            (
                text("By itself when its time is over."),
                text("By you: if you keep your course, one button on its page deletes all of it."),
                text("By our trainers, when you ask them."),
                text(
                    "Where the owner keeps nightly copies in case of damage, it is gone from the last of them "
                    "after some days."
                ),
            ),
        ),
    )


def _not_kept(terms: Terms) -> Iterator[str]:
    yield text("No picture and no video: each picture is in memory for a moment, and is never stored or sent.")
    if terms.shows_picture:
        yield text("Only this screen shows the picture, at the moment when it is taken.")
    yield text("No name, no address, no account; faces are not recognised.")
    if not (terms.handed_to or terms.elsewhere or terms.address):
        yield text("Nothing goes to the internet.")


def _kept(terms: Terms) -> Iterator[str]:
    yield text("The measures of your set, the points of your joints at a few moments, and whether something hurt.")
    yield text("For {time}, tied to nobody.", time=days(terms.guest_days))
    yield text("If you choose to keep your course under a code of yours: for {time}.", time=days(terms.member_days))
    yield text("What a trainer notes beside a result goes with it.")
    if terms.elsewhere:
        yield text("The database may be on another machine of ours.")
    if terms.handed_to:
        names = joined(list(terms.handed_to))
        yield text("Measures are also handed to: {names}. Ask us where they go.", names=names)


def _seen_by(terms: Terms) -> Iterator[str]:
    yield text("Who looks at this screen while your result stands on it.")
    if terms.on_network:
        time = hours(terms.share_hours)
        yield text("Who has the link in your QR code, for {time}; and who has your code.", time=time)
        if terms.address:
            yield text("The link is opened at {address}.", address=terms.address)
        if terms.sees_skeleton:
            yield text("Other devices in this network can watch the skeleton during a scan, and no result.")
        else:
            yield text("Other devices in this network see how far a scan is, and nothing of you.")
    else:
        yield text("Who has your code, on this screen. No other device reaches this kiosk.")
    yield text("Our trainers, with a password.")


def notice_text(terms: Terms, contact: str | None = None) -> str:
    """Return the notice as Markdown; without ``contact`` its place is a line to write on."""
    lines = [f"# {title()}", ""]
    for part in parts(terms):
        lines += [f"## {part.heading}", "", *(f"- {line}" for line in part.lines), ""]
    return "\n".join([*lines, f"**{_ask()}** {contact or '_' * 30}", "", text(NOTICE), ""])


def notice_pdf(terms: Terms, contact: str | None = None) -> bytes:
    """Return the notice as a PDF of one A4 sheet; without ``contact`` there is a line to write on."""
    sheet = Sheet(text(NOTICE))
    sheet.set_title(title())
    sheet.set_lang(current().code)
    sheet.add_page()
    rows = _rows(terms, contact)
    scale = next((one for one in _SCALES if _height_mm(sheet, rows, one) <= _ROOM_MM), _SCALES[-1])
    y = _TOP_MM
    for row in rows:
        y += row.before_mm
        left = MARGIN_MM + (_BULLET_MM if row.is_line else 0.0)
        if row.is_line:
            sheet.put("•", (MARGIN_MM, y), _BULLET_MM, row.size_pt * scale, SOFT)
        y = sheet.put(row.words, (left, y), row.width_mm(sheet), row.size_pt * scale, INK, bold=row.bold)
    if not contact:
        sheet.set_draw_color(*RULE)
        sheet.set_line_width(0.4)
        sheet.line(MARGIN_MM, y + _BLANK_MM, WIDTH_MM - MARGIN_MM, y + _BLANK_MM)
    return bytes(sheet.output())


@dataclass(frozen=True, slots=True)
class _Row:
    """A paragraph: its type size in points before scaling, and what is left free above it."""

    words: str
    size_pt: float
    before_mm: float
    bold: bool = True
    is_line: bool = False

    def width_mm(self, sheet: Sheet) -> float:
        return sheet.inside_mm - (_BULLET_MM if self.is_line else 0.0)


def _rows(terms: Terms, contact: str | None) -> list[_Row]:
    rows = [_Row(title(), _TITLE_PT, 0.0)]
    for part in parts(terms):
        rows.append(_Row(part.heading, _HEADING_PT, _BETWEEN_MM))
        rows += [_Row(line, _LINE_PT, _WITHIN_MM, bold=False, is_line=True) for line in part.lines]
    rows.append(_Row(_ask(), _HEADING_PT, _BETWEEN_MM))
    return [*rows, _Row(contact, _HEADING_PT, _WITHIN_MM, bold=False)] if contact else rows


def _height_mm(sheet: Sheet, rows: Sequence[_Row], scale: float) -> float:
    sheet.c_margin = 0
    high = (sheet.lines_mm(row.words, row.width_mm(sheet), row.size_pt * scale, bold=row.bold) for row in rows)
    return sum(high) + sum(row.before_mm for row in rows) + _BLANK_MM


def _ask() -> str:
    return text("Questions? Ask:")
