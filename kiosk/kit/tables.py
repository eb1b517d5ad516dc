"""The tables of the kit: for a terminal as aligned columns, and their rows for the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kiosk.kit.checking import HELD_WITHIN_S, CheckLine, Replay, Tally
from kiosk.kit.tuning import LabelledValue, Limits, WouldSay
from kiosk.movement.accuracy import Share
from kiosk.movement.exercise import Check
from kiosk.movement.report import Status

CHECK_HEADS = ("check", "expected", "found", "value", "limits", "labelled reps", "found in reps", "verdict")
ROBUST_HEADS = ("recordings", "exact counts", "hits", "false signs")
TUNE_HEADS = ("limits", "clear", "sign", "reps found", "false reps", "unsure reps", "sets found", "false sets")

Row = tuple[str, ...]
#: Characters of the plot in a terminal.
_STRIP = 64


def aligned(heads: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table whose columns are as wide as their widest cell, two blanks apart."""
    widths = [max(len(row[k]) for row in (heads, *rows)) for k in range(len(heads))]
    for row in (heads, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def check_row(line: CheckLine) -> Row:
    """Return the row of one check in one recording."""
    found = line.found
    check = found.check
    return (
        line.slug,
        {True: "sign", False: "no sign", None: "-"}[line.expected],
        found.status.value,
        "-" if found.value is None else f"{found.value:.3g} {_unit(check)}".strip(),
        limits_text(check) if line.judged else "-",
        numbers_text(line.expected_reps),
        numbers_text(line.found_reps),
        _verdict(line),
    )


def counted_text(replay: Replay) -> str:
    """Return "5 reps expected, 4 found, MISCOUNTED"; of a hold its seconds."""
    right = "counted exactly" if replay.is_exact else "MISCOUNTED"
    if replay.is_hold:
        right = f"within {HELD_WITHIN_S:g} s" if replay.is_exact else right
        return f"{replay.expected:.1f} s expected, {replay.counted:.1f} s found, {right}"
    return f"{replay.expected:.0f} reps expected, {replay.counted:.0f} found, {right}"


def robust_row(name: str, tally: Tally) -> Row:
    """Return the row of all recordings of one kind."""
    return (name, _of(tally.exact), _of(tally.hits), _of(tally.false_signs))


def tune_row(name: str, limits: Limits, said: WouldSay) -> Row:
    """Return what a pair of limits would say."""
    shares = (said.rep_hits, said.rep_false, said.rep_unsure, said.set_hits, said.set_false)
    return (name, f"{limits.clear:g}", f"{limits.sign:g}", *map(_of, shares))


def limits_text(check: Check) -> str:
    """Return the limits of clear and of sign: "35, 50 deg"; a ratio has no unit."""
    if check.clear is None or check.sign is None:
        return "-"
    either = ", either way" if check.two_sided else ""
    return f"{check.clear:g}, {check.sign:g} {_unit(check)}".strip() + either


def numbers_text(numbers: Sequence[int]) -> str:
    """Return rep numbers with runs joined: "1 3-5"; "-" for none."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return " ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs) or "-"


def strip(check: Check, values: Sequence[LabelledValue], limits: Sequence[tuple[str, Limits]]) -> Iterator[str]:
    """Yield a plot in characters: how many labelled reps lie where, and the limits below; nothing without any.

    A digit is so many reps, + more than nine; of a two-sided check the size of the value counts.
    """
    known = [(abs(one.value) if check.two_sided else one.value, one.shows) for one in values if one.shows is not None]
    if not known:
        return
    marks = [value for value, _ in known] + [edge for _, pair in limits for edge in (pair.clear, pair.sign)]
    low, high = min(marks), max(marks)

    def column(value: float) -> int:
        return round((value - low) / ((high - low) or 1.0) * (_STRIP - 1))

    for name, wanted in (("sign", True), ("clean", False)):
        counts = Counter(column(value) for value, shows in known if shows is wanted)
        cells = ("+" if counts[k] > 9 else str(counts[k]) if counts[k] else "." for k in range(_STRIP))
        yield f"{name:>9}  {''.join(cells)}"
    for name, pair in limits:
        row = [" "] * _STRIP
        row[column(pair.clear)], row[column(pair.sign)] = "c", "S"
        yield f"{name:>9}  {''.join(row)}".rstrip()
    yield f"{'':>9}  {low:<{_STRIP - 12}.3g}{high:>12.3g}"


def _verdict(line: CheckLine) -> str:
    if not line.judged:
        return "needs pictures"
    if line.is_hit:
        return "hit"
    if line.is_missed:
        return "MISSED"
    if line.is_false:
        return "FALSE SIGN"
    return "" if line.expected is None else "right" if line.found.status is Status.CLEAR else "not wrong"


def _of(share: Share) -> str:
    return f"{share.count} of {share.of}" if share.of else "-"


def _unit(check: Check) -> str:
    return "" if check.unit == "ratio" else check.unit
