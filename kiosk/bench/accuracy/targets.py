"""What the kiosk is meant to reach, and what it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kiosk.bench.accuracy.figures import share_of
from kiosk.bench.accuracy.settled import SetSaid
from kiosk.bench.accuracy.truth import LAG_UNIT
from kiosk.bench.tables import share
from kiosk.movement.accuracy import LEAST_GROUP, CheckAccuracy, Group, RepAccuracy, Share, Target
from kiosk.movement.exercise import Check
from kiosk.movement.report import Status

EXACT, FOUND, FALSE_SIGNS, POINTS_APART = 0.98, 0.90, 0.02, 0.05
LAG_FOUND, LAG_FALSE, ONSET, RECOGNISED = 0.80, 0.05, 0.85, 0.99
#: People must not be judged differently by these.
ALIKE = ("build", "clothes", "skin")


def targets(
    reps: RepAccuracy,
    accuracy: Mapping[str, CheckAccuracy],
    said: Mapping[str, Sequence[SetSaid]],
    groups: Sequence[Group],
    checks: Mapping[str, Check],
) -> tuple[Target, ...]:
    """Return all targets for which something was measured. Cameras stood as they should; corrections are applied."""
    told = {slug: one for slug, one in accuracy.items() if one.assessed}
    plain = {slug: one for slug, one in told.items() if checks[slug].unit != LAG_UNIT}
    reached = [
        _at_least("Reps counted exactly", Share(reps.exact, reps.sets), EXACT),
        Target(
            "False reps where nobody does any",
            "none",
            f"{reps.negative_false_reps} in {reps.negatives} recordings",
            reps.negative_false_reps == 0,
        )
        if reps.negatives
        else None,
        _found(plain),
        _false(plain),
        *(_alike(factor, [group for group in groups if group.factor == factor]) for factor in ALIKE),
        *_lag({slug: [one for one in sets if one.mounted] for slug, sets in said.items()}, checks),
        _at_least("Onset told right within one rep", _sum(one.onset for one in told.values()), ONSET),
        _at_least("Exercise recognised", reps.recognised, RECOGNISED),
        _at_least("View recognised", reps.view, RECOGNISED),
    ]
    return tuple(target for target in reached if target is not None)


def _sum(shares: Iterable[Share]) -> Share:
    every = list(shares)
    return Share(sum(one.count for one in every), sum(one.of for one in every))


def _at_least(name: str, reached: Share, aim: float) -> Target | None:
    if not reached.of:
        return None
    return Target(name, f"at least {aim:.0%}", share(reached.count, reached.of), reached.value >= aim)


def _found(accuracy: Mapping[str, CheckAccuracy]) -> Target | None:
    """All checks together; the one that finds least is named."""
    target = _at_least("Signs found", _sum(one.found for one in accuracy.values()), FOUND)
    if target is None:
        return None
    worst = min((slug for slug, one in accuracy.items() if one.found.of), key=lambda slug: accuracy[slug].found.value)
    least = accuracy[worst].found
    return Target(target.name, target.aim, f"{target.reached}; least: {worst} {least.value:.0%}", target.met)


def _false(accuracy: Mapping[str, CheckAccuracy]) -> Target | None:
    """Each check by itself: the one with most false signs counts."""
    clean = {slug: one.false_signs for slug, one in accuracy.items() if one.false_signs.of}
    if not clean:
        return None
    worst = max(clean, key=lambda slug: clean[slug].value)
    most, every = clean[worst], _sum(clean.values())
    reached = f"{share(every.count, every.of)}; most: {worst} {most.value:.1%}"
    return Target(
        "False signs on clean sets, each check", f"at most {FALSE_SIGNS:.0%}", reached, most.value <= FALSE_SIGNS
    )


def _alike(factor: str, groups: Sequence[Group]) -> Target | None:
    apart = []
    for what in ("found", "false_signs"):
        values = [getattr(group, what).value for group in groups if getattr(group, what).of >= LEAST_GROUP]
        if len(values) > 1:
            apart.append(max(values) - min(values))
    if not apart:
        return None
    widest = max(apart)
    name = f"Groups by {factor}: signs found and false signs apart"
    aim = f"at most {100 * POINTS_APART:.0f} points"
    return Target(name, aim, f"{100 * widest:.1f} points", widest <= POINTS_APART)


def _lag(said: Mapping[str, Sequence[SetSaid]], checks: Mapping[str, Check]) -> Iterable[Target | None]:
    for slug, sets in said.items():
        if checks[slug].unit != LAG_UNIT:
            continue
        late = share_of(one.said is Status.SIGN for one in sets if one.truth is Status.SIGN)
        yield _at_least(f"{slug}: {checks[slug].least_promised:g} ms found", late, LAG_FOUND)
        false = share_of(one.said is Status.SIGN for one in sets if one.clean)
        if false.of:
            reached = share(false.count, false.of)
            yield Target(f"{slug}: false signs", f"at most {LAG_FALSE:.0%}", reached, false.value <= LAG_FALSE)
