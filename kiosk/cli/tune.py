"""``kiosk tune``: how the limits of a check part the labelled reps, and where they would better lie."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import check_places, say, write_text
from kiosk.config import load_settings
from kiosk.errors import KioskError, PluginError

if TYPE_CHECKING:
    from kiosk.kit.checking import Replay
    from kiosk.kit.tuning import LabelledValue, Limits, WouldSay
    from kiosk.movement.exercise import Check, Exercise

#: Of fewer labelled reps of a kind a limit is a hint, no more.
FEW = 10


def add_parser(commands: Any) -> None:
    """Add ``kiosk tune``."""
    parser = commands.add_parser("tune", help="see how a limit parts labelled reps, and change it", description=__doc__)
    parser.add_argument("exercise", metavar="SLUG", help="the exercise")
    parser.add_argument("check", metavar="CHECK", help="the check of which the limits are looked at")
    parser.add_argument("--recordings", type=Path, metavar="DIR", help="golden recordings; those of the plugin else")
    parser.add_argument("--clear", type=limit, metavar="N", help="try this clear limit instead of the suggested one")
    parser.add_argument("--sign", type=limit, metavar="N", help="try this sign limit instead of the suggested one")
    parser.add_argument("--html", metavar="FILE", help="write the plot and the tables as one HTML page")
    parser.add_argument("--write", action="store_true", help="write the new limits to the gym's own checks file")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=tune)


def limit(word: str) -> float:
    """Return a finite number. Raises ArgumentTypeError."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"'{word}' is not a number")
    return value


def tune(args: argparse.Namespace) -> int:
    """Print what the limits say of the labelled reps, now and with others; write them only where asked to."""
    settings = load_settings(args.config, os.environ)
    from kiosk.kit.overlay import overlay_place, overlay_with
    from kiosk.kit.tuning import labelled_values, tunable
    from kiosk.plugins import load_plugins

    check_places((args.html,), "")
    plugins = load_plugins(blocked=settings.plugins.blocked, overlays=settings.overlays_folder)
    exercise = plugins.get(args.exercise)
    check = tunable(exercise, args.check)
    place = overlay_place(settings.overlays_folder, exercise.slug) if args.write else None
    from kiosk.kit.projects import golden_folder

    folder = args.recordings or golden_folder(exercise.slug, plugins)
    replays = _replays(folder, exercise)
    values = labelled_values(replays, check)
    new = _new_limits(args, check, values)
    limits, said = _compared(check, new, replays, values)
    words = list(_words(check, replays, values))
    _show(check, words, values, limits, said)
    if args.html is not None:
        from kiosk.kit.page import tune_page

        write_text(args.html, tune_page(exercise, check, values, limits, said, words))
    if place is not None:
        if new is None:
            raise KioskError("There are no other limits to write: give them with --clear and --sign.")
        text = overlay_with(place, exercise, check.slug, new)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_text(str(place), text)
        say(f"{place} is written: clear {new.clear:g}, sign {new.sign:g}.")
    return 0


def _replays(folder: Path, exercise: Exercise) -> list[Replay]:
    from kiosk.kit.checking import refuse_without_recordings, replayed
    from kiosk.kit.golden import read_folder

    recordings = read_folder(folder, exercise)
    refuse_without_recordings(recordings, exercise.slug, folder)
    return [replayed(golden, exercise) for golden in recordings]


def _new_limits(args: argparse.Namespace, check: Check, values: Sequence[LabelledValue]) -> Limits | None:
    """Return the limits to try: those that were named, the suggested ones for the rest; None where there are none."""
    from kiosk.kit.tuning import limits_of, suggestion

    suggested = suggestion(check, values)
    if args.clear is None and args.sign is None:
        return suggested
    now = limits_of(check)
    new = replace(
        now,
        clear=now.clear if args.clear is None else args.clear,
        sign=now.sign if args.sign is None else args.sign,
    )
    if (new.sign - new.clear) * (now.sign - now.clear) <= 0:
        order = "above" if now.sign > now.clear else "below"
        raise PluginError(
            f"The sign limit of '{check.slug}' must stay {order} its clear limit, and sign {new.sign:g} with "
            f"clear {new.clear:g} is not: name both."
        )
    return new


def _compared(
    check: Check, new: Limits | None, replays: Sequence[Replay], values: Sequence[LabelledValue]
) -> tuple[list[tuple[str, Limits]], list[tuple[str, WouldSay]]]:
    from kiosk.kit.tuning import limits_of, with_limits, would_say

    limits = [("now", limits_of(check))] + ([("new", new)] if new is not None else [])
    said = [(name, would_say(with_limits(check, pair), replays, values)) for name, pair in limits]
    return limits, said


def _words(check: Check, replays: Sequence[Replay], values: Sequence[LabelledValue]) -> Iterator[str]:
    from kiosk.kit.tuning import separation

    shown, clean = (sum(one.shows is wanted for one in values) for wanted in (True, False))
    yield f"Labelled reps with the sign: {shown}; without it: {clean}; golden recordings: {len(replays)}."
    miscounted = [one.golden.name for one in replays if not one.is_exact]
    if miscounted:
        yield f"Left out, since their reps were miscounted: {', '.join(miscounted)}."
    order = separation(check, values)
    if math.isnan(order):
        yield "A limit can be suggested only from reps of both kinds: record and label those that are missing."
    else:
        yield f"The value puts {100 * order:.0f} % of all pairs of such reps in the right order; 50 % is chance."
    if 0 < min(shown, clean) < FEW:
        yield f"That is fewer than {FEW} of a kind: take what is suggested as a hint."


def _show(
    check: Check,
    words: Sequence[str],
    values: Sequence[LabelledValue],
    limits: Sequence[tuple[str, Limits]],
    said: Sequence[tuple[str, WouldSay]],
) -> None:
    from kiosk.kit.tables import TUNE_HEADS, aligned, strip, tune_row

    rows = [tune_row(name, pair, one) for (name, pair), (_, one) in zip(limits, said, strict=True)]
    plot = strip(check, values, limits)
    say("\n".join([f"{check.title} ({check.unit})", *words, "", *plot, "", *aligned(TUNE_HEADS, rows)]))
