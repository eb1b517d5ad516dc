"""What an exercise says of its golden recordings, beside what their labels say, and whether it keeps its promise."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.errors import PluginError
from kiosk.kit.golden import Golden
from kiosk.movement.accuracy import Share
from kiosk.movement.assess import assess_pass
from kiosk.movement.exercise import AssessedBy, Exercise
from kiosk.movement.holds import held_s
from kiosk.movement.passes import PassTrack, read_pass
from kiosk.movement.report import Finding, RepResult, Status
from kiosk.toml_fields import FieldError, Problems, Reader, as_is, number, read_table, read_toml

#: The file in a golden folder that says how well the plugin does at the least.
PROMISE_FILE = "promise.toml"
#: A stopwatch and the kiosk agree on a hold when they differ by at most this: where it begins is a matter of taste.
HELD_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Promise:
    """The least that a plugin does on its golden recordings, as shares from 0 to 1.

    ``least_exact_ratio``: of the recordings whose reps are counted exactly; ``least_hits_ratio``: of the labelled
    signs that are found; ``most_false_ratio``: of the checks labelled as clean that are called a sign.
    Without a file a plugin promises everything.
    """

    least_exact_ratio: float = 1.0
    least_hits_ratio: float = 1.0
    most_false_ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Promises:
    """What a plugin promises: on the recordings as they are, and on degraded copies by their names."""

    plain: Promise = Promise()
    degraded: Mapping[str, Promise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check in one golden recording.

    ``expected``: whether the labels say that the set shows its sign, None where they do not say. ``expected_reps``
    and ``found_reps`` count the labelled reps, from 1; the latter are those in which the sign was found. Where reps
    were miscounted, the n-th that was counted is set beside the n-th that is labelled.
    ``judged`` false: keypoints alone cannot tell it, so that it counts neither way.
    """

    slug: str
    expected: bool | None
    expected_reps: tuple[int, ...]
    found: Finding
    found_reps: tuple[int, ...]
    judged: bool

    @property
    def is_hit(self) -> bool:
        """Whether an expected sign was found."""
        return self.judged and self.expected is True and self.found.status is Status.SIGN

    @property
    def is_missed(self) -> bool:
        """Whether an expected sign was not found."""
        return self.judged and self.expected is True and self.found.status is not Status.SIGN

    @property
    def is_false(self) -> bool:
        """Whether a sign was found in what is labelled as clean."""
        return self.judged and self.expected is False and self.found.status is Status.SIGN


@dataclass(frozen=True, eq=False, slots=True)
class Replay:
    """One golden recording as the exercise judges it."""

    golden: Golden
    read: PassTrack
    results: tuple[RepResult, ...]
    lines: tuple[CheckLine, ...]

    @property
    def is_hold(self) -> bool:
        """Whether seconds are counted instead of reps."""
        return not math.isnan(self.golden.labels.held_s)

    @property
    def expected(self) -> float:
        """How many reps the labels name; of a hold, how many seconds."""
        return self.golden.labels.held_s if self.is_hold else len(self.golden.labels.reps)

    @property
    def counted(self) -> float:
        """How many complete reps were counted; of a hold, how many seconds."""
        return held_s(self.read.complete) if self.is_hold else len(self.read.complete)

    @property
    def is_exact(self) -> bool:
        """Whether as many reps were counted as there are; of a hold, whether it is right within `HELD_WITHIN_S`."""
        return abs(self.counted - self.expected) <= (HELD_WITHIN_S if self.is_hold else 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers that matter: recordings counted exactly, labelled signs found, clean checks called a sign."""

    exact: Share
    hits: Share
    false_signs: Share

    def broken(self, promise: Promise) -> list[str]:
        """Return a sentence for each number that is worse than promised; what nothing was labelled for is kept."""
        faults = []
        for share, least, what in (
            (self.exact, promise.least_exact_ratio, "recordings were counted exactly"),
            (self.hits, promise.least_hits_ratio, "labelled signs were found"),
        ):
            if share.of and share.value < least:
                faults.append(f"{share.count} of {share.of} {what}; promised are at least {100 * least:.0f} %")
        if self.false_signs.of and self.false_signs.value > promise.most_false_ratio:
            shown = f"{self.false_signs.count} of {self.false_signs.of} checks labelled as clean were called a sign"
            faults.append(f"{shown}; promised are at most {100 * promise.most_false_ratio:.0f} %")
        return faults


def replayed(golden: Golden, exercise: Exercise) -> Replay:
    """Return what the exercise makes of one golden recording, in the view of its labels.

    As in a visit, the bias of the pose model is taken out where the exercise has a card that knows it.
    """
    read = read_pass(exercise, golden.track, golden.labels.side)
    results, findings = assess_pass(exercise, read, golden.view, model=golden.model)
    lines = tuple(_line(golden, finding, read) for finding in findings if _is_shown(golden, finding))
    return Replay(golden, read, tuple(results), lines)


def tally(replays: Sequence[Replay]) -> Tally:
    """Return the numbers of all these recordings together."""
    lines = [line for one in replays for line in one.lines if line.judged]
    return Tally(
        Share(sum(one.is_exact for one in replays), len(replays)),
        Share(sum(line.is_hit for line in lines), sum(line.expected is True for line in lines)),
        Share(sum(line.is_false for line in lines), sum(line.expected is False for line in lines)),
    )


def read_promises(folder: Path, degradations: Iterable[str]) -> Promises:
    """Return what ``promise.toml`` in a golden folder promises; everything, for plain recordings, where there is none.

    Raises PluginError, one line for each mistake. ``degradations`` are the names that ``[degraded.NAME]`` may have.
    """
    path = folder / PROMISE_FILE
    if not path.is_file():
        return Promises()
    problems = Problems(str(path))
    names: dict[str, Reader] = dict.fromkeys(degradations, as_is)
    top = read_table(read_toml(path, str(path)), {"promise": as_is, "degraded": as_is}, ("promise",), "", problems)
    plain = _promise(top.get("promise", {}), "promise", problems)
    tables = read_table(top.get("degraded", {}), names, (), "degraded", problems)
    degraded = {name: _promise(raw, f"degraded.{name}", problems) for name, raw in tables.items()}
    problems.refuse()
    return Promises(plain, degraded)


def broken_promises(plain: Tally, degraded: Mapping[str, Tally], promises: Promises) -> list[str]:
    """Return a sentence for each promise that is not kept."""
    faults = plain.broken(promises.plain)
    for name, promise in promises.degraded.items():
        faults += [f"{name}: {fault}" for fault in degraded[name].broken(promise)]
    return faults


def refuse_without_recordings(recordings: Sequence[Golden], slug: str, folder: Path) -> None:
    """Raise PluginError where there is nothing to replay."""
    if not recordings:
        raise PluginError(
            f"There is no golden recording of '{slug}' in {folder}: make one with kiosk record --exercise {slug}."
        )


def _is_shown(golden: Golden, finding: Finding) -> bool:
    """Whether a check has a line: what nobody can assess has none, unless the labels name it."""
    return finding.check.assessed_by is not AssessedBy.NOTHING or finding.check.slug in golden.labels.named


def _line(golden: Golden, finding: Finding, read: PassTrack) -> CheckLine:
    slug, labels = finding.check.slug, golden.labels
    places = {rep.number: place for place, rep in enumerate(read.complete, 1)}
    return CheckLine(
        slug,
        labels.in_set(slug),
        tuple(number for number in range(1, len(labels.reps) + 1) if labels.in_rep(slug, number)),
        finding,
        tuple(places[number] for number in finding.reps),
        finding.check.assessed_by in (AssessedBy.KEYPOINTS, AssessedBy.PROXY),
    )


def _share(value: object) -> float:
    share = number(value)
    if not 0 <= share <= 1:
        raise FieldError(f"must be a share from 0 to 1, not {share:g}")
    return share


_PROMISE: dict[str, Reader] = {
    "least_exact_ratio": _share,
    "least_hits_ratio": _share,
    "most_false_ratio": _share,
}


def _promise(raw: object, where: str, problems: Problems) -> Promise:
    return Promise(**read_table(raw, _PROMISE, (), where, problems))
