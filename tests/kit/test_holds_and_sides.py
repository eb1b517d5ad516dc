"""Golden recordings of what is no plain set of reps: a hold, and an exercise that is done per side."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from kiosk_plank_hold import plank_hold
from kiosk_single_leg_squat import single_leg_squat

from kiosk.errors import PluginError
from kiosk.kit.checking import replayed, tally
from kiosk.kit.golden import Golden, LabelledRep, Labels, check_labels, read_labels, write_labels
from kiosk.kit.labelling import ask_labels, cut_to_the_set
from kiosk.kit.page import Checked, check_page
from kiosk.kit.robustness import DEGRADATIONS, degraded
from kiosk.kit.tables import counted_text
from kiosk.kit.tuning import labelled_values, tunable
from kiosk.movement.accuracy import Share
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import PoseTrack, Side
from kiosk.movement.view import View
from kiosk.testing import FLOOR_SIDE, FRONT, BothSides, JointCurves, Support, hold, perform

PLANK = JointCurves(Support.FOREARMS, shoulder_deg=78, hip_deg=178)
KNEELING = JointCurves(Support.KNEES, knee_deg=60, hip_deg=120, shoulder_deg=90)
SAGGING = replace(PLANK, hip_deg=194)


def held(person: JointCurves = PLANK) -> PoseTrack:
    return hold(person, 30.0, FLOOR_SIDE, resting=KNEELING, noise_px=1.0)


def plank(held_s: float, person: JointCurves = PLANK, **lists: tuple[str, ...]) -> Golden:
    return Golden("plank", held(person), None, View.SIDE, Labels("plank-hold", View.SIDE, (), held_s=held_s, **lists))


@pytest.mark.parametrize(("held_s", "is_exact"), [(30.0, True), (28.5, True), (20.0, False), (40.0, False)])
def test_a_hold_is_exact_where_its_seconds_are(held_s: float, is_exact: bool) -> None:
    one = replayed(plank(held_s), plank_hold)
    assert one.is_exact is is_exact
    assert counted_text(one).startswith(f"{held_s:.1f} s expected, ")


def test_the_sign_of_a_hold_is_a_hit_and_its_parts_are_those_of_reps() -> None:
    one = replayed(plank(30.0, SAGGING, signs=("hips-sag",), not_signs=("head-hangs",)), plank_hold)
    assert (tally([one]).hits, tally([one]).false_signs) == (Share(1, 1), Share(0, 1))
    values = labelled_values([one], tunable(plank_hold, "hips-sag"))
    assert len(values) == len(one.read.complete)
    assert all(value.shows for value in values)


def test_a_hold_has_a_page() -> None:
    one = replayed(plank(30.0), plank_hold)
    assert "30.0 s expected" in check_page([Checked(plank_hold, [one], tally([one]), {}, [])])


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_clean_hold_stands_every_degradation(name: str) -> None:
    copy = degraded(plank(30.0, not_signs=("hips-sag", "hips-rise")), name)
    assert copy is not None
    one = replayed(copy, plank_hold)
    assert one.is_exact, counted_text(one)
    assert tally([one]).false_signs == Share(0, 2)


def test_a_trainer_is_asked_for_the_seconds_and_the_parts(tmp_path: Path) -> None:
    cut, _ = cut_to_the_set(held(SAGGING), read_pass(plank_hold, held(SAGGING)))
    given = iter(["soon", "", "1", ""])
    said: list[str] = []
    labels = ask_labels(plank_hold, View.SIDE, read_pass(plank_hold, cut), lambda _: next(given), said.append)
    assert labels.held_s == pytest.approx(30, abs=1.0)
    assert "A number of seconds, such as 30." in said
    assert all(rep.shows for rep in labels.reps)
    place = tmp_path / "plank.toml"
    place.write_text(write_labels(labels), encoding="utf-8")
    assert read_labels(place).held_s == pytest.approx(labels.held_s, abs=0.05)
    check_labels(labels, plank_hold, View.SIDE, "plank.toml")


def test_a_hold_needs_its_seconds() -> None:
    with pytest.raises(PluginError, match="held_s, the seconds that it lasted"):
        check_labels(Labels("plank-hold", View.SIDE, (LabelledRep(),)), plank_hold, View.SIDE, "plank.toml")


def one_leg(side: Side) -> Golden:
    """Five squats on one leg, the other foot held up behind, the knee going inward."""

    def both(standing: tuple[float, float], free: float) -> BothSides:
        return BothSides(standing, free) if side is Side.LEFT else BothSides(free, standing)

    person = JointCurves(
        Support.LEFT_LEG if side is Side.LEFT else Support.RIGHT_LEG,
        knee_deg=both((178.0, 120.0), 95.0),
        hip_deg=both((178.0, 135.0), 165.0),
        shin_deg=(0.0, 25.0),
        shoulder_deg=35,
        elbow_deg=110,
        knee_in_deg=(0.0, 18.0),
    )
    track = perform([person] * 5, FRONT, noise_px=1.0)
    labels = Labels("single-leg-squat", View.FRONT, (LabelledRep(),) * 5, ("knee-in",), (), side)
    return Golden(side.value, track, None, View.FRONT, labels)


@pytest.mark.parametrize("side", list(Side))
def test_a_set_is_judged_with_the_side_that_its_labels_name(side: Side) -> None:
    one = replayed(one_leg(side), single_leg_squat)
    assert one.is_exact
    assert tally([one]).hits == Share(1, 1)


def test_in_a_mirror_the_other_side_has_done_it() -> None:
    copy = degraded(one_leg(Side.LEFT), "mirrored")
    assert copy is not None
    assert copy.labels.side is Side.RIGHT
    assert tally([replayed(copy, single_leg_squat)]) == tally([replayed(one_leg(Side.RIGHT), single_leg_squat)])


def test_a_set_per_side_names_its_side() -> None:
    nameless = replace(one_leg(Side.LEFT).labels, side=None)
    with pytest.raises(PluginError, match="side: must be left or right"):
        check_labels(nameless, single_leg_squat, View.FRONT, "left.toml")
    assert math.isnan(nameless.held_s)
