"""``kiosk record --exercise``: a golden recording, cut to the set, with what a trainer says of it."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.analyze import named_side, named_view
from kiosk.cli.output import check_places, say, write_text
from kiosk.cli.record import keypoint_place, watched
from kiosk.config import load_settings
from kiosk.errors import KioskError, SourceError

if TYPE_CHECKING:
    from kiosk.kit.golden import Labels
    from kiosk.movement.exercise import Exercise
    from kiosk.movement.passes import PassTrack
    from kiosk.movement.pose import PoseTrack, Side
    from kiosk.movement.view import View
    from kiosk.plugins import Plugins


def record_golden(args: argparse.Namespace) -> int:
    """Record a set, cut it, write its keypoints, then its labels. What was recorded is kept whatever comes after."""
    settings = load_settings(args.config, os.environ)
    from kiosk.kit.golden import check_labels, write_labels
    from kiosk.kit.labelling import cut_to_the_set
    from kiosk.plugins import load_plugins
    from kiosk.vision.keypoint_file import write_keypoints

    plugins = load_plugins(blocked=settings.plugins.blocked, overlays=settings.overlays_folder)
    exercise = plugins.get(args.exercise)
    named, done_on = named_view(args.view), named_side(args.side, exercise)
    given = _given_labels(args, exercise)
    place = _place(args, plugins)
    recording, model = watched(args, settings)
    read = _read(exercise, recording.track, done_on or (given.side if given else None))
    view = _view(named or (given.view if given else None), read, asking=given is None)
    cut, begins_s = cut_to_the_set(recording.track, read)
    if place is None:
        place = _free(plugins, exercise, view)
    if given is not None:
        labels = replace(given.moved(-begins_s), view=view, side=read.done_on)
        check_labels(labels, exercise, view, str(_labels_path(args)))
    write_keypoints(place, cut, model)
    say(f"{place}: {len(cut)} frames, {cut.t_s[-1]:.1f} s, from the {view.value}")
    if given is None:
        labels = _asked(exercise, view, cut, read.done_on, place)
    write_text(str(place.with_suffix(".toml")), write_labels(labels))
    say(f"{place.with_suffix('.toml')}: {len(labels.reps)} labelled {'parts' if exercise.hold else 'reps'}")
    if recording.broke is not None:
        raise SourceError(f"{recording.broke} What came before is in {place}.")
    return 0


def _labels_path(args: argparse.Namespace) -> Path | None:
    """Return the file with the labels: the one that was named, else the one beside the source, None where none is."""
    if args.labels is not None:
        return Path(args.labels)
    beside = Path(args.source).with_suffix(".toml") if args.source is not None else None
    return beside if beside is not None and beside.is_file() else None


def _given_labels(args: argparse.Namespace, exercise: Exercise) -> Labels | None:
    """Return the labels in a file, None where they will be asked for. Raises KioskError where nobody can answer."""
    from kiosk.kit.golden import read_labels

    path = _labels_path(args)
    if path is not None:
        return read_labels(path, exercise.slug)
    if sys.stdin is None or not sys.stdin.isatty():
        raise KioskError(
            "A golden recording needs labels: answer the questions on a terminal, name a file with --labels, or put "
            "one beside the recording, see docs/golden.md."
        )
    return None


def _place(args: argparse.Namespace, plugins: Plugins) -> Path | None:
    """Return where the recording goes, None for the next free name, which is chosen once the view is known.

    Raises KioskError where nothing can be written there, or something is there already.
    """
    from kiosk.kit.labelling import refuse_taken
    from kiosk.kit.projects import golden_folder

    if args.out is None:
        golden_folder(args.exercise, plugins)
        return None
    place = keypoint_place(args.out)
    refuse_taken(place)
    check_places((str(place), str(place.with_suffix(".toml"))), "")
    return place


def _free(plugins: Plugins, exercise: Exercise, view: View) -> Path:
    from kiosk.kit.labelling import free_place
    from kiosk.kit.projects import golden_folder

    folder = golden_folder(exercise.slug, plugins)
    folder.mkdir(exist_ok=True)
    return free_place(folder, view.value)


def _read(exercise: Exercise, raw: PoseTrack, done_on: Side | None) -> PassTrack:
    """Return the set with its reps found. Raises KioskError where an exercise is done with either side, unnamed."""
    from kiosk.movement.passes import read_pass, read_passes

    if done_on is not None or exercise.done_on == (None,):
        return read_pass(exercise, raw, done_on)
    reads = read_passes(exercise, raw)
    if len(reads) != 1 or not reads[0].complete:
        raise KioskError(
            "With which side it was done could not be told: name it with --side, and record one side at a time."
        )
    return reads[0]


def _view(named: View | None, read: PassTrack, *, asking: bool) -> View:
    """Return the view of a set: as named, as seen, or as answered. Raises KioskError where nobody tells."""
    from kiosk.analyze import view_during
    from kiosk.kit.labelling import ask_view, at_the_terminal

    view = named or view_during(read)
    if view is not None:
        return view
    if not asking:
        raise KioskError("From which side the person is seen could not be told: name it with --view.")
    return ask_view(at_the_terminal, say)


def _asked(exercise: Exercise, view: View, cut: PoseTrack, done_on: Side | None, place: Path) -> Labels:
    from kiosk.kit.labelling import ask_labels, at_the_terminal
    from kiosk.movement.passes import read_pass

    try:
        return ask_labels(exercise, view, read_pass(exercise, cut, done_on), at_the_terminal, say)
    except KeyboardInterrupt:
        raise KioskError(
            f"The keypoints are in {place}: write {place.stem}.toml beside them, or remove them."
        ) from None
