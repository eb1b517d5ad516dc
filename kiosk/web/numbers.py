"""How numbers and moments are written in the current language: decimal comma or point, and the order of a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol

from kiosk.web.language import current, text


def decimal(value: float, digits: int = 0) -> str:
    """Write a number with so many decimals, and a true minus sign."""
    plain = f"{value:.{digits}f}".replace("-", "−")
    return plain.replace(".", get_decimal_symbol(current().locale)) if digits else plain


def counted(value: int) -> str:
    """Write a whole number with its thousands apart: 1,200 or 1.200."""
    return str(format_decimal(value, locale=current().locale))


def percent(share: float, digits: int = 0) -> str:
    """Write a share from 0 to 1 as percent."""
    return f"{decimal(100 * share, digits)} %"


def day(created: object) -> str:
    """Write a moment as day and time; what is no moment stays as it is."""
    try:
        moment = created if isinstance(created, datetime) else datetime.fromisoformat(str(created))
    except ValueError:
        return str(created)
    locale = current().locale
    # The moment is written as it was stored: babel would move it to a time zone.
    here = moment.replace(tzinfo=None)
    zone = " UTC" if moment.utcoffset() is not None and not moment.utcoffset() else ""
    return f"{format_date(here, 'long', locale=locale)}, {format_time(here, 'short', locale=locale)}{zone}"


def unsure(result: object) -> str:
    """Return what stands after the time of a result (a report, or a line of a list) when nobody had set the clock."""
    is_unsure = result.get("time_unsure") if isinstance(result, Mapping) else getattr(result, "time_unsure", None)
    return f" ({text('time unsure')})" if is_unsure else ""


def joined(words: Sequence[object]) -> str:
    """Join words as in a sentence: one, two and three."""
    return str(format_list([str(word) for word in words], locale=current().locale)) if words else ""
