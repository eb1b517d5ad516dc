"""What was said of faults of each size, as a small chart of columns."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from kiosk.how_sure import Seen, size_name
from kiosk.movement.accuracy import SizeBand
from kiosk.web.language import said, text
from kiosk.web.numbers import decimal

WIDTH, HEIGHT, PLOT = 300.0, 130.0, 88.0
#: What is left free between two columns, as a share of one.
_GAP = 0.22


def sizes_svg(seen: Seen, label: str) -> Markup:
    """Return a column for each band of sizes, cut into sign, unsure and nothing seen; nothing where no set was.

    ``label`` is read out, with the numbers.
    """
    if not any(band.sets for band in seen.bands):
        return Markup("")
    step = WIDTH / len(seen.bands)
    read = "; ".join(
        text("{size}: {n} of {all} found", size=said(size_name(band)), n=band.sign, all=band.sets)
        for band in seen.bands
        if band.sets
    )
    parts = [
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"><title>{escape(label)}: {escape(read)}</title>',
        *(part for place, band in enumerate(seen.bands) for part in _column(band, place * step, step)),
        "</svg>",
    ]
    return Markup("".join(parts))


def _column(band: SizeBand, left: float, step: float) -> Iterator[str]:
    middle, width = left + step / 2, step * (1 - _GAP)
    low = _size(band.low)
    name = f"{low}+" if band.high is None else f"{low}–{_size(band.high)}"
    yield _text(middle, PLOT + 18, name)
    yield _text(middle, PLOT + 36, str(band.sets) if band.sets else "–")
    bottom = PLOT
    parts = (("sign", band.sign), ("unsure", band.unsure), ("clear", band.clear + band.not_assessed))
    for kind, count in parts:
        if count:
            tall = count / band.sets * PLOT
            bottom -= tall
            yield (
                f'<rect class="{kind}" x="{middle - width / 2:.1f}" y="{bottom:.1f}" width="{width:.1f}" '
                f'height="{tall:.1f}"/>'
            )


def _size(size: float) -> str:
    return decimal(size, 0 if size == int(size) else 1)


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{words}</text>'
