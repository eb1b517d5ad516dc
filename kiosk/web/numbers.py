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


def plain_number(value: float) -> str:
    """Write a number with as many decimals as it has."""
    return decimal(value, len(f"{value:g}".partition(".")[2]))


def typed(number: str) -> str:
    """Return a number that was typed with a point as the language writes it."""
    return number.replace(".", get_decimal_symbol(current().locale))


def counted(value: int) -> str:
    """Write a whole number with its thousands apart: 1,200 or 1.200."""
    return str(format_decimal(value, locale=current().locale))


def days(count: int) -> str:
    """Write for how many days something lasts."""
    return text("1 day") if count == 1 else text("{n} days", n=counted(count))


def hours(count: float) -> str:
    """Write for how many hours something lasts, to a tenth."""
    return text("1 hour") if count == 1 else text("{n} hours", n=decimal(count, 0 if count == round(count) else 1))


def percent(share: float, digits: int = 0) -> str:
    """Write a share from 0 to 1 as percent."""
    return f"{decimal(100 * share, digits)} %"


def at_kiosk(created: object) -> datetime:
    """Return a moment (a datetime, or one in ISO 8601) by the clock on the kiosk's wall.

    One that does not know its time zone is taken for that already. Raises ValueError for what is no moment.
    """
    moment = created if isinstance(created, datetime) else datetime.fromisoformat(str(created))
    return moment if moment.tzinfo is None else moment.astimezone()


def on_day(created: object) -> str:
    """Write the day of a moment at the kiosk, without its time."""
    return str(format_date(at_kiosk(created).replace(tzinfo=None), "long", locale=current().locale))


def day(created: object) -> str:
    """Write a moment as day and time at the kiosk; what is no moment stays as it is.

    The zone is named where it is no place's own: a machine that nobody told where it stands counts in UTC.
    """
    try:
        moment = at_kiosk(created)
    except ValueError:
        return str(created)
    # Without its zone: babel would move the moment to another one.
    time = format_time(moment.replace(tzinfo=None), "short", locale=current().locale)
    return f"{on_day(moment)}, {time}{' UTC' if moment.tzname() == 'UTC' else ''}"


def unsure(result: object) -> str:
    """Return what stands after the time of a result (a report, or a line of a list) when nobody had set the clock."""
    is_unsure = result.get("time_unsure") if isinstance(result, Mapping) else getattr(result, "time_unsure", None)
    return f" ({text('time unsure')})" if is_unsure else ""


def joined(words: Sequence[object]) -> str:
    """Join words as in a sentence: one, two and three."""
    return str(format_list([str(word) for word in words], locale=current().locale)) if words else ""
