"""The tables that pages hold between two marks, made from the pin table and the lenses."""

from __future__ import annotations

from hardware.pins import PinTable, ohm_text
from hardware.placement import FARTHEST_M, Place, lenses, place

#: Statures that places are computed for, metres.
STATURES_M = (1.85, 2.0)


class PageError(ValueError):
    """A page lacks the marks that a table goes between."""


def pins(table: PinTable) -> str:
    """Return the pin table in Markdown."""
    rows = ["| what | BCM | header | setting | | resistor | current |", "|---|---|---|---|---|---|---|"]
    for line in table.lines:
        use = "default" if line.default else "recommended"
        ohm = ohm_text(line.ohm) if line.ohm else "none"
        current = f"{line.usual_ma:.1f} mA" if line.ohm else "-"
        rows.append(f"| {line.what} | {line.gpio} | {line.header} | `{line.setting}` | {use} | {ohm} | {current} |")
    rows += [
        "",
        f"With everything on and the LEDs that take most, the pins give {table.most_ma:.0f} mA together; they may",
    ]
    rows += [f"give {table.limits.all_pins_ma:.0f} mA, and each {table.limits.pin_ma:.0f} mA."]
    return "\n".join(rows)


def places() -> str:
    """Return the table of the lenses' places in Markdown."""
    said = " and ".join(f"{stature:.2f} m" for stature in STATURES_M)
    rows = [f"Lens to mark for people up to {said}, the lens 1.0 m above the floor:", ""]
    rows += [
        "| lens | across × up | distance | tilt up | seen across | small person fills | |",
        "|---|---|---|---|---|---|---|",
    ]
    for lens in lenses().values():
        found = [place(lens, stature) for stature in STATURES_M]
        last = found[-1]
        distance = " and ".join(f"{one.distance_m:.2f}" for one in found)
        rows.append(
            f"| {lens.name} | {lens.horizontal_deg:.0f}° × {lens.vertical_deg:.0f}° | {distance} m "
            f"| {last.tilt_deg:.1f}° | {last.wide_m:.1f} m | {last.small_share:.0%} | {_advice(last)} |"
        )
    return "\n".join(rows)


def _advice(found: Place) -> str:
    if found.fits:
        return found.lens.advice
    return f"not this one: beyond {FARTHEST_M:.0f} m nobody knows how right the kiosk is"


def within(page: str, name: str, table: str) -> str:
    """Return a page with a table between its marks ``<!-- name -->`` and ``<!-- /name -->``. Raises PageError."""
    begin, end = f"<!-- {name}: made by make hardware -->\n", f"\n<!-- /{name} -->"
    head, found, rest = page.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise PageError(f"The page has no place for the table of {name}: {begin.strip()} ... {end.strip()}")
    return f"{head}{begin}{table}{end}{tail}"
