"""``kiosk bench accuracy``: how right the kiosk is on labelled recordings, as a card for each exercise."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.output import STDOUT, as_json, check_places, say, tell, write_text
from kiosk.config import load_settings
from kiosk.errors import OutputError, PluginError, SourceError

if TYPE_CHECKING:
    from kiosk.bench.accuracy.outcome import Looker, SetOutcome
    from kiosk.bench.accuracy.pool import Loading
    from kiosk.bench.accuracy.recordings import Labelled
    from kiosk.movement.accuracy import Card
    from kiosk.movement.exercise import Exercise
    from kiosk.settings import Settings

MODELS = ("thunder_f16", "lightning_int8")
ABOUT = "how right reps, checks and values are on labelled recordings; writes the card that results quote"
#: The exercises that real people were filmed in.
OURS = ("overhead-squat", "incline-push-up")
REAL_PEOPLE = (
    "Labelled clips and motion capture, which are no part of the project. The clips were looked at while the counting"
    " was made, so they flatter it. Captured squats are seen by a front and a side camera 3 m away, with 2 % of a torso"
    " of noise; half of them are wrong on purpose, and which fault is not named. AUC: 1 separates right from wrong, 0.5"
    " is chance. Unseen: a limit fitted on people 1 to 4 with at most 5 % false signs, tried on people 5 and 6. The"
    " last two columns are the shipped limits, on all."
)
#: Where the shared clips and captured squats lie beside a checkout.
_SHARED = Path(__file__).resolve().parents[3] / "shared"


def add_accuracy(verbs: Any) -> argparse.ArgumentParser:
    """Add ``kiosk bench accuracy`` and return its parser."""
    parser: argparse.ArgumentParser = verbs.add_parser("accuracy", help=ABOUT, description=ABOUT)
    parser.add_argument(
        "--recordings", type=Path, metavar="DIR", help="labelled recordings; else the suite is rendered"
    )
    parser.add_argument("--exercise", metavar="SLUG", help="that of one exercise; all that the recordings show")
    parser.add_argument("--model", metavar="NAME", nargs="+", default=MODELS, help=f"pose models ({' '.join(MODELS)})")
    parser.add_argument("--part", choices=("tune", "report"), default="report", help="what is reported (report)")
    parser.add_argument("--shared", type=Path, metavar="DIR", help="the folder with clips/ and data/ of real people")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep what the models saw, and use it next time")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), metavar="N", help="processes (2)")
    parser.add_argument("--quick", action="store_true", help="keypoints from the known joints instead of pictures")
    parser.add_argument("--write", action="store_true", help="write accuracy.json beside the checks of each exercise")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write SLUG.accuracy.json into a folder instead")
    parser.add_argument("--docs", metavar="FILE", help="write the page as Markdown")
    parser.add_argument("--sets", metavar="FILE", help="write what was said of each check in each set, as CSV")
    parser.add_argument("--json", metavar="FILE", help="write all cards as JSON; - for standard output alone")
    parser.set_defaults(handler=bench_accuracy)
    return parser


def bench_accuracy(args: argparse.Namespace) -> int:
    """Measure, print the page, and write what was asked for."""
    settings = load_settings(args.config, os.environ)
    from kiosk.accuracy_file import as_written, card_text
    from kiosk.bench.accuracy.card import card_of
    from kiosk.bench.accuracy.pool import Loading
    from kiosk.bench.accuracy.recordings import read_recordings
    from kiosk.bench.accuracy.suite import kept, made

    check_places((args.docs, args.json, args.sets), str(args.recordings or ""))
    loading = Loading(tuple(settings.plugins.blocked), settings.overlays_folder)
    if args.recordings is None and args.cache is None:
        args.cache = kept() / "keypoints"
    recordings = read_recordings(args.recordings or made(quick=args.quick))
    exercises = _wanted(recordings, loading.exercises(), args.exercise)
    recordings = [one for one in recordings if one.exercise is None or one.exercise in exercises]
    places = {slug: _place(exercise, args.out) for slug, exercise in exercises.items() if args.write or args.out}
    found = list(_outcomes(recordings, args, settings, loading))
    # The page is made from what is written, or the two would differ in a last digit.
    cards = {slug: as_written(card_of(exercise, recordings, found, args.part)) for slug, exercise in exercises.items()}
    for slug, place in places.items():
        write_text(str(place), card_text(cards[slug]))
        tell(f"{place} is written.")
    if args.sets is not None:
        from kiosk.bench.accuracy.listing import listing

        write_text(args.sets, listing(list(exercises.values()), list(cards.values()), found))
    _show(args, list(cards.values()), exercises, _real_people(args, settings, exercises))
    return 0


def _show(
    args: argparse.Namespace, cards: Sequence[Card], exercises: Mapping[str, Exercise], real_people: str | None
) -> None:
    from kiosk.accuracy_file import card_json
    from kiosk.bench.accuracy.document import document
    from kiosk.how_sure import with_cards

    shown = with_cards(exercises.values(), cards)
    if args.docs is not None:
        write_text(args.docs, document(shown, real_people, Path(args.docs)))
    if args.json is not None:
        write_text(args.json, as_json({card.exercise: card_json(card) for card in cards}))
    if args.json != STDOUT:
        say(document(shown, real_people, None), end="")


def _real_people(args: argparse.Namespace, settings: Settings, exercises: Mapping[str, Exercise]) -> str | None:
    """Return the tables on real people, None where there are none at hand.

    The folder beside a checkout is taken where the suite is: whoever brings recordings names theirs.
    """
    shared = args.shared or (_SHARED if args.recordings is None and (_SHARED / "clips").is_dir() else None)
    if shared is None or not set(OURS) <= set(exercises):
        return None
    from kiosk.bench.real_people import captured_tables, clip_tables
    from kiosk.vision.models import find_model, models_dir

    folder, threads = models_dir(settings.model.folder), settings.model.thread_count
    ours = {slug: exercises[slug] for slug in OURS}
    parts = [
        clip_tables(shared, find_model(name, folder), ours, threads=threads, cache=args.cache) for name in args.model
    ]
    parts.append(captured_tables(shared, ours["overhead-squat"]))
    return "\n\n".join(["## Real people", REAL_PEOPLE, *parts]) + "\n"


def _wanted(recordings: Sequence[Labelled], known: Mapping[str, Exercise], only: str | None) -> dict[str, Exercise]:
    """Return the exercises that are measured. Raises PluginError for one that is not installed."""
    shown = {one.exercise for one in recordings if one.exercise is not None}
    if only is not None and only not in shown:
        raise SourceError(f"No labelled recording shows '{only}'. They show: {', '.join(sorted(shown)) or 'nothing'}.")
    wanted = [only] if only is not None else sorted(shown)
    missing = [slug for slug in wanted if slug not in known]
    if missing:
        raise PluginError(f"The recordings show '{missing[0]}', and no installed plugin brings such an exercise.")
    return {slug: known[slug] for slug in wanted}


def _outcomes(
    recordings: Sequence[Labelled], args: argparse.Namespace, settings: Settings, loading: Loading
) -> list[SetOutcome]:
    from tqdm import tqdm

    from kiosk.bench.accuracy.pool import outcomes

    films = [one for one in recordings if one.is_film]
    others = [one for one in recordings if not one.is_film]
    lookers = _lookers(args, settings) if films else []
    work = [(one, looker) for looker in lookers for one in films]
    work += [(one, _no_looker()) for one in others]
    quiet = sys.stderr is None or not sys.stderr.isatty()
    return list(
        tqdm(outcomes(work, loading, max(1, args.jobs)), total=len(work), unit="set", disable=quiet, leave=False)
    )


def _lookers(args: argparse.Namespace, settings: Settings) -> list[Looker]:
    from kiosk.bench.accuracy.outcome import Looker
    from kiosk.vision.models import find_detail_model, find_model, models_dir

    folder = models_dir(settings.model.folder)
    second = find_detail_model(folder).path if settings.model.second else None
    return [Looker(find_model(name, folder), second, args.cache) for name in dict.fromkeys(args.model)]


def _no_looker() -> Looker:
    from kiosk.bench.accuracy.outcome import Looker

    return Looker(None, None, None)


def _place(exercise: Exercise, out: Path | None) -> Path:
    """Return where the card of an exercise goes. Raises OutputError where that cannot be written."""
    from kiosk.accuracy_file import FILE_NAME
    from kiosk.checks_file import FILE_NAME as CHECKS

    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        return out / f"{exercise.slug}.{FILE_NAME}"
    measures = [check.of_pose or check.measure for check in exercise.checks]
    package = next((measure.__module__ for measure in measures if measure is not None), None)
    folder = Path(str(resources.files(package.partition(".")[0]))) if package else None
    if folder is None or not (folder / CHECKS).is_file() or not os.access(folder, os.W_OK):
        raise OutputError(
            f"The card of '{exercise.slug}' cannot be written beside its {CHECKS}: install the plugin from its source "
            "with pip install --editable, or name another folder with --out."
        )
    return folder / FILE_NAME
