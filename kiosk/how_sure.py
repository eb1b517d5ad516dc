"""What the card says, in words and tables: for the page /how-sure and for docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kiosk.movement.accuracy import LEAST_GROUP, Card, CheckAccuracy, Group, ModelAccuracy, RepAccuracy, Share, SizeBand
from kiosk.movement.exercise import AssessedBy, Check, Exercise

TITLE = "How sure are we?"
INTRO = (
    "A kiosk that looks at how people move should know how wrong it is. So it was shown recordings of which everything"
    " is known: people made and moved by a program, rendered in rooms, with clothes, lights and cameras of many kinds,"
    " who do each exercise cleanly or with faults of a known size. What the kiosk said of them stands here beside what"
    " was true.",
    "Rendered people are not you. The pose models see them much as they see people, but a program moves more evenly"
    " than anybody does, and its clothes fold less. Take these numbers as the best that can be expected in a gym, and"
    " the differences between them as what to mind there.",
    "A set is a handful of reps seen from one side. What counts below was seen by cameras as they are to be mounted:"
    " within 15 degrees of the true view, 0.7 to 1.3 m high, 2.5 to 4 m away; only the groups by the camera's place"
    " take in all recordings. Corrections were fitted on other recordings than those that are reported here; the"
    " limits between clear and sign were set with all of them in view.",
)
#: Groups further apart than this are named in the text.
POINTS_APART = 0.05
_UNITS = {"deg": "°", "percent": " %", "ms": " ms", "ratio": ""}
_FACTORS = {
    "stature_m": "body height",
    "second_person": "somebody walks by",
    "yaw_deg": "camera off the true view",
    "height_m": "height of the camera",
    "distance_m": "distance",
    "fps": "frames",
    "flank": "flank that is seen",
    "bottom": "trousers",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a line above it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """How a check answers faults of each size: bands from small to large, for a chart."""

    title: str
    bands: tuple[SizeBand, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what stands below it, in this order. ``folded``: of interest to some."""

    title: str
    level: int
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Seen, ...] = ()
    folded: bool = False


def with_cards(exercises: Iterable[Exercise], cards: Sequence[Card]) -> list[Exercise]:
    """Return the exercises with other cards, by slug; those without one as they are."""
    by_slug = {card.exercise: card for card in cards}
    return [
        replace(one, checks=tuple(replace(check, card=by_slug.get(one.slug, check.card)) for check in one.checks))
        for one in exercises
    ]


def card_of(exercise: Exercise) -> Card | None:
    """Return the card that an exercise came with."""
    return next((check.card for check in exercise.checks if check.card is not None), None)


def sections(exercises: Iterable[Exercise], model: str | None = None) -> Iterator[Section]:
    """Yield everything that is known of these exercises; of each, ``model`` first and the others folded."""
    for exercise in exercises:
        card = card_of(exercise)
        if card is None:
            nobody = "Nobody has measured this exercise yet: its values come without an error."
            yield Section(exercise.title, 2, (nobody,))
            continue
        yield Section(exercise.title, 2, (_measured_on(card),))
        for name in sorted(card.models, key=lambda name: (name != model, name)):
            folded = model in card.models and name != model
            for section in _of_model(exercise, name, card.models[name], in_use=name == model):
                title = f"{section.title}: {name}" if folded and section.level > 3 else section.title
                yield replace(section, title=title, folded=section.folded or folded)


def _measured_on(card: Card) -> str:
    people = f" of {card.people} people" if card.people else ""
    part = "" if card.part == "report" else " These are recordings that limits were tuned on, so they flatter it."
    return (
        f"Measured on {_counted(card.recordings, 'set')}{people} and {_counted(card.negatives, 'recording')} without a"
        f" rep ({card.source or 'labelled recordings'}).{part}"
    )


def _of_model(exercise: Exercise, name: str, model: ModelAccuracy, *, in_use: bool) -> Iterator[Section]:
    yield Section(
        f"{exercise.title}: {name}{' (in use here)' if in_use else ''}",
        3,
        (_counting(model.reps),),
        (Table(("target", "aim", "reached", "met"), tuple(_target_rows(model))),) if model.targets else (),
    )
    checks = [check for check in exercise.checks if check.slug in model.checks]
    if checks:
        yield _checks(checks, model)
        yield _values(checks, model)
    if model.groups:
        yield _groups(model.groups)


def _counting(reps: RepAccuracy) -> str:
    counted = (
        f"Of {_counted(reps.sets, 'set')}, {reps.exact} were counted exactly, {reps.off_by_one} were off by one rep,"
        f" {reps.worse} by more."
    )
    false = f"{_counted(reps.false_reps, 'false rep')} in {reps.idle_s / 60:.1f} idle minutes"
    nobody = f", {reps.negative_false_reps} of them in the {_counted(reps.negatives, 'recording')} without a rep"
    return f"{counted} There were {false}{nobody if reps.negatives else ''}."


def _target_rows(model: ModelAccuracy) -> Iterator[tuple[str, ...]]:
    for target in model.targets:
        yield target.name, target.aim, target.reached, "yes" if target.met else "NO"


def _checks(checks: Sequence[Check], model: ModelAccuracy) -> Section:
    heads = ("check", "signs found", "smallest seen", "false signs", "unsure when clean", "onset", "error of a set")
    return Section(
        "Each check",
        4,
        (
            "Signs found: of sets with a true fault of the size from which on it is promised to be found. Smallest"
            " seen: the size from which nine of ten sets are found; 1 is the sign limit itself, 2 is twice as far from"
            " clear. False signs and unsure: of clean sets. Onset: the rep from which a fault sets in, told right"
            " within one. Error: the true value lies within it in 95 of 100 cases.",
            *(
                f"{check.title} is not assessed, and no target counts it. {model.checks[check.slug].why}"
                for check in checks
                if _given_up(check, model)
            ),
        ),
        (Table(heads, tuple(_check_row(check, model.checks[check.slug]) for check in checks)),),
        tuple(Seen(check.title, model.checks[check.slug].sizes) for check in checks),
    )


def _values(checks: Sequence[Check], model: ModelAccuracy) -> Section:
    heads = ("check", "sets", "bias", "spread", "slope", "error of a rep", "corrected by")
    return Section(
        "Values against the truth",
        4,
        (
            "Bias: measured less true, on average, after what is corrected. Spread: one standard deviation. Slope: how"
            " much of a true difference is seen. Corrected by: what the model adds, and times how much; it is taken out"
            " of a value before that is judged.",
        ),
        (Table(heads, tuple(_value_row(check, model.checks[check.slug]) for check in checks)),),
        folded=True,
    )


def _given_up(check: Check, model: ModelAccuracy) -> bool:
    return check.assessed_by is not AssessedBy.NOTHING and not model.checks[check.slug].assessed


def _check_row(check: Check, one: CheckAccuracy) -> tuple[str, ...]:
    return (
        check.slug,
        _share(one.found),
        "-" if one.smallest is None else f"{one.smallest:.1f} ({_in_unit(check, one.smallest)})",
        _share(one.false_signs),
        _share(one.unsure),
        _share(one.onset),
        _value(one.error, check.unit, "± "),
    )


def _value_row(check: Check, one: CheckAccuracy) -> tuple[str, ...]:
    corrected = "-" if (one.offset, one.gain) == (0.0, 1.0) else f"{_value(one.offset, check.unit)}, x {one.gain:.2f}"
    return (
        check.slug,
        str(one.sets),
        _value(one.bias, check.unit),
        _value(one.spread, check.unit),
        "-" if one.slope is None else f"{one.slope:.2f}",
        _value(one.rep_error, check.unit, "± "),
        corrected,
    )


def _in_unit(check: Check, size: float) -> str:
    if check.clear is None or check.sign is None:
        return "-"
    return _value(check.clear + size * (check.sign - check.clear), check.unit)


def _groups(groups: Sequence[Group]) -> Section:
    heads = ("group", "sets", "reps exact", "signs found", "false signs", "bias, in steps")
    rows = [
        (
            f"{_FACTORS.get(one.factor, one.factor)}: {one.name}",
            str(one.sets),
            _share(one.exact),
            _share(one.found),
            _share(one.false_signs),
            "-" if one.bias is None else f"{one.bias:+.2f}",
        )
        for one in groups
    ]
    return Section(
        "Groups",
        4,
        (
            "All checks together. A step is what lies between clear and sign; a bias above 0 sees more of a fault than"
            " there is. In brackets the 95 % interval: small groups say little.",
            *differences(groups),
        ),
        (Table(heads, tuple(rows)),),
        folded=True,
    )


def differences(groups: Sequence[Group]) -> Iterator[str]:
    """Yield a sentence for each factor whose groups are further apart than `POINTS_APART`."""
    for factor in dict.fromkeys(one.factor for one in groups):
        mine = [one for one in groups if one.factor == factor]
        for what, words in (
            ("exact", "reps counted exactly"),
            ("found", "signs found"),
            ("false_signs", "false signs"),
        ):
            shares = {one.name: getattr(one, what) for one in mine if getattr(one, what).of >= LEAST_GROUP}
            if len(shares) < 2:
                continue
            low, high = (pick(shares, key=lambda name: shares[name].value) for pick in (min, max))
            apart = shares[high].value - shares[low].value
            if apart > POINTS_APART:
                chance = shares[low].interval[1] >= shares[high].interval[0]
                doubt = "; so few sets can differ that much by chance" if chance else ""
                yield (
                    f"{_FACTORS.get(factor, factor).capitalize()}: {words} differ by {100 * apart:.0f} points, from "
                    f"{low} ({shares[low].value:.0%}) to {high} ({shares[high].value:.0%}){doubt}."
                )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _share(share: Share) -> str:
    if not share.of:
        return "-"
    low, high = share.interval
    return f"{share.count} of {share.of} ({share.value:.0%}; {low:.0%} to {high:.0%})"


def _value(value: float | None, unit: str, before: str = "") -> str:
    if value is None:
        return "-"
    return f"{before}{value:.{1 if unit in ('deg', 'percent', 'ms') else 3}f}{_UNITS.get(unit, f' {unit}')}"


def markdown(exercises: Iterable[Exercise]) -> str:
    """Return the whole page as Markdown."""
    parts = [f"# {TITLE}", *INTRO]
    for section in sections(exercises):
        parts.append(f"{'#' * section.level} {section.title}")
        parts += section.text
        parts += [_markdown_table(one.heads, one.rows) for one in section.tables]
        if section.charts:
            parts.append(_markdown_table(*_sizes(section.charts)))
    return "\n\n".join(parts) + "\n"


def size_name(band: SizeBand) -> str:
    """Return the name of a band of sizes."""
    return f"over {band.low:g}" if band.high is None else f"{band.low:g} to {band.high:g}"


def _sizes(charts: Sequence[Seen]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    heads = ("signs by the size of the fault", *(size_name(band) for band in charts[0].bands))
    rows = [
        (chart.title, *(f"{band.sign} of {band.sets}" if band.sets else "-" for band in chart.bands))
        for chart in charts
    ]
    return heads, rows


def _markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
