"""``kiosk plugins check``: replays golden recordings and tells whether plugins do as well as they promise."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import check_places, say, tell, write_text
from kiosk.config import load_settings
from kiosk.errors import PluginError

if TYPE_CHECKING:
    from kiosk.kit.checking import Replay
    from kiosk.kit.page import Checked
    from kiosk.plugins import Plugins

ABOUT = "replay golden recordings: expected against found, and whether the plugins keep their promises"
#: The exit code where a plugin does worse than it promises.
BROKEN = 1


def add_check(verbs: Any) -> None:
    """Add ``kiosk plugins check``."""
    parser = verbs.add_parser("check", help=ABOUT, description=__doc__)
    parser.add_argument(
        "plugin", metavar="PLUGIN", nargs="?", help="an exercise, or a folder of golden recordings; all when left out"
    )
    parser.add_argument("--html", metavar="FILE", help="write signals, values and limits as one HTML page with plots")
    parser.add_argument("--quick", action="store_true", help="leave out the degraded copies")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration file (TOML)")
    parser.set_defaults(handler=check_plugins)


def check_plugins(args: argparse.Namespace) -> int:
    """Replay, print the tables, write the page. Returns 1 where a promise is not kept."""
    settings = load_settings(args.config, os.environ)
    from kiosk.plugins import load_plugins

    check_places((args.html,), "")
    plugins = load_plugins(blocked=settings.plugins.blocked, overlays=settings.overlays_folder)
    checked = []
    for folder, slug in _wanted(args.plugin, plugins):
        one = _check(folder, slug, plugins, quick=args.quick)
        say("\n".join(_lines(one)))
        checked.append(one)
    if args.html is not None:
        from kiosk.kit.page import check_page

        write_text(args.html, check_page(checked))
    return BROKEN if any(one.broken for one in checked) else 0


def _wanted(word: str | None, plugins: Plugins) -> list[tuple[Path, str]]:
    from kiosk.kit.projects import every_folder, named_folder

    if word is not None:
        folder, slugs = named_folder(word, plugins)
        return [(folder, slug) for slug in slugs]
    found, without = every_folder(plugins)
    for line in without:
        tell(line)
    if not found:
        raise PluginError("No installed exercise has a golden recording: kiosk record --exercise SLUG makes one.")
    return found


def _check(folder: Path, slug: str, plugins: Plugins, *, quick: bool) -> Checked:
    from kiosk.kit.checking import broken_promises, read_promises, refuse_without_recordings, replayed, tally
    from kiosk.kit.golden import read_folder
    from kiosk.kit.page import Checked
    from kiosk.kit.robustness import DEGRADATIONS, degraded

    exercise = plugins.get(slug)
    promises = read_promises(folder, DEGRADATIONS)
    recordings = read_folder(folder, exercise)
    refuse_without_recordings(recordings, slug, folder)
    replays = [replayed(golden, exercise) for golden in recordings]
    numbers = {}
    for name in () if quick else DEGRADATIONS:
        copies = [degraded(golden, name) for golden in recordings]
        numbers[name] = tally([replayed(copy, exercise) for copy in copies if copy is not None])
    if quick:
        promises = replace(promises, degraded={})
    plain = tally(replays)
    return Checked(exercise, replays, plain, numbers, broken_promises(plain, numbers, promises))


def _lines(checked: Checked) -> Iterator[str]:
    from kiosk.kit.robustness import TITLES
    from kiosk.kit.tables import ROBUST_HEADS, aligned, robust_row

    yield f"{checked.exercise.slug}: {checked.exercise.title}"
    for replay in checked.replays:
        yield from ("", *_recording(replay))
    rows = [robust_row("as recorded", checked.plain)]
    rows += [robust_row(TITLES[name], numbers) for name, numbers in checked.degraded.items()]
    yield from ("", *aligned(ROBUST_HEADS, rows), "")
    yield from (f"BROKEN PROMISE: {line}" for line in checked.broken)
    if not checked.broken:
        yield "It keeps its promise."


def _recording(replay: Replay) -> Sequence[str]:
    from kiosk.kit.tables import CHECK_HEADS, aligned, check_row, counted_text

    head = f"{replay.golden.name}, from the {replay.golden.view.value}: {counted_text(replay)}"
    return [head, *aligned(CHECK_HEADS, [check_row(line) for line in replay.lines])]
