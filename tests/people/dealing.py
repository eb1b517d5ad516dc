"""People, rooms, cameras and tempos for the suite, dealt like cards, each from a deck of its own.

Every level comes equally often and no two decks depend on each other, so that groups of people can be compared.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Generic, Literal, TypeVar

import numpy as np

from tests.people.body import Body
from tests.people.mesh import Colour
from tests.people.outfit import SKIN_TONES, Outfit
from tests.people.scenario import PUSH_UP, SQUAT, Motion, Mounting, Person, Scene

#: The bodies of each part: as many of each sex, build and age as can be, and none in both.
BODIES: Mapping[str, tuple[str, ...]] = {
    "tune": (
        "woman-20-light",
        "woman-35-heavy",
        "woman-45-medium",
        "woman-60-medium",
        "man-30-medium",
        "man-40-light",
        "man-45-heavy",
        "man-65-medium",
    ),
    "report": (
        "woman-30-light",
        "woman-30-medium",
        "woman-55-heavy",
        "woman-65-light",
        "man-20-light",
        "man-35-heavy",
        "man-55-medium",
        "man-60-heavy",
    ),
}
#: The range in which the kiosk is judged, and how far a few cameras are outside of it.
JUDGED: Mapping[str, tuple[float, float]] = {"yaw_deg": (-15, 15), "height_m": (0.7, 1.3), "distance_m": (2.5, 4.0)}
OUTSIDE: Mapping[str, tuple[tuple[float, float], ...]] = {
    "yaw_deg": ((-25, -15), (15, 25)),
    "height_m": ((0.5, 0.7), (1.3, 1.6)),
    "distance_m": ((2.0, 2.5), (4.0, 5.0)),
}
#: The range is dealt in so many strata; and so many cameras in it come for one outside in each way.
_STRATA, _INSIDE = 6, 4
_TOPS: tuple[Colour, ...] = tuple(
    (blue, green, red)
    for red, green, blue in (
        (190, 60, 60),
        (60, 90, 190),
        (45, 140, 85),
        (225, 225, 220),
        (32, 32, 36),
        (210, 160, 50),
        (120, 66, 140),
        (140, 140, 144),
        (224, 122, 42),
        (90, 180, 200),
    )
)
_BOTTOMS: tuple[Colour, ...] = ((45, 40, 40), (95, 60, 45), (115, 110, 110), (50, 60, 80), (155, 150, 150))
_HAIR: tuple[Colour, ...] = ((24, 26, 28), (35, 52, 75), (63, 106, 138), (148, 152, 154), (30, 46, 107))
_SHOES: tuple[Colour | None, ...] = ((225, 225, 225), (38, 35, 35), (48, 58, 192), (168, 95, 47), None, None)
Level = TypeVar("Level")


class Deck(Generic[Level]):
    """Levels that are dealt in shuffled rounds: after each round every one came equally often."""

    def __init__(self, levels: Sequence[Level], rng: np.random.Generator) -> None:
        self._levels, self._rng = tuple(levels), rng
        self._left: list[int] = []

    def deal(self) -> Level:
        """Return the next level."""
        if not self._left:
            self._left = self._rng.permutation(len(self._levels)).tolist()
        return self._levels[self._left.pop()]


class Dealer:
    """Deals everything but the exercise to the sets of one group: those of an exercise, a view and a part."""

    def __init__(self, seed: int, group: str, part: str) -> None:
        self._seed = (seed, zlib.crc32(f"{group} {part}".encode()))
        self._decks = 0
        self._body = self._deck(BODIES[part])
        self._skin = self._deck(list(SKIN_TONES))
        self._hair: Deck[Literal["none", "short", "long"]] = self._deck(("none", "short", "short", "long", "long"))
        self._top: Deck[Literal["tight", "normal", "loose"]] = self._deck(("tight", "normal", "loose"))
        self._sleeves: Deck[Literal["none", "short", "long"]] = self._deck(("none", "short", "short", "long"))
        self._bottom: Deck[Literal["shorts", "leggings", "trousers"]] = self._deck(("shorts", "leggings", "trousers"))
        self._top_colour, self._bottom_colour = self._deck(_TOPS), self._deck(_BOTTOMS)
        self._hair_colour, self._shoes = self._deck(_HAIR), self._deck(_SHOES)
        self._room = self._deck(("plain", "gym", "corridor", "brick", "hall"))
        self._light = self._deck(("normal", "normal", "side", "dim", "window"))
        self._support, self._flank = self._deck(("bench", "bar")), self._deck(("left", "right"))
        self._strata = {name: self._deck(range(_STRATA)) for name in JUDGED}
        self._outside = self._deck((*["" for _ in range(_INSIDE * len(OUTSIDE))], *OUTSIDE))
        self._fps = self._deck((10.0,) * 14 + (15.0,) * 8 + (30.0,))
        self._lens = self._deck((58.0, 62.0, 68.0))
        self._barrel = self._deck((0.0, 0.0, -0.03, -0.06))
        self._flicker = self._deck((0.0, 0.0, 0.0, 0.06))
        self._shutter_s = self._deck((0.0, 0.03))
        self._walks_in = self._deck((True, *[False] * 6))
        self._second_person = self._deck((True, *[False] * 7))

    def person(self, rng: np.random.Generator) -> Person:
        """Return somebody in some clothes."""
        name = self._body.deal()
        stature_m = round(Body.load(name).stature_m * rng.uniform(0.97, 1.03), 2)
        outfit = Outfit(
            skin=self._skin.deal(),
            top=self._top.deal(),
            sleeves=self._sleeves.deal(),
            bottom=self._bottom.deal(),
            hair=self._hair.deal(),
            top_colour=self._top_colour.deal(),
            bottom_colour=self._bottom_colour.deal(),
            shoes=self._shoes.deal(),
            hair_colour=self._hair_colour.deal(),
        )
        return Person(name, stature_m, outfit)

    def scene(self, walks_in: bool) -> Scene:
        """Return a room and a light; nobody walks in through the walls of the narrow corridor."""
        room = self._room.deal()
        return Scene("hall" if walks_in and room == "corridor" else room, self._light.deal(), self._support.deal())

    def camera(self, rng: np.random.Generator, light: str) -> Mounting:
        """Return a camera, most within `JUDGED`."""
        placed = {}
        outside = self._outside.deal()
        for name, (low, high) in JUDGED.items():
            start = self._strata[name].deal()
            placed[name] = float(low + (high - low) * (start + rng.random()) / _STRATA)
            if name == outside:
                placed[name] = rng.uniform(*OUTSIDE[name][rng.integers(len(OUTSIDE[name]))])
        dim = light == "dim"
        flicker = self._flicker.deal()
        return Mounting(
            flank=self._flank.deal(),
            roll_deg=round(float(np.clip(rng.normal(0, 0.8), -2.5, 2.5)), 1),
            fov_deg=self._lens.deal(),
            k1=self._barrel.deal(),
            fps=self._fps.deal(),
            blur_px=round(rng.uniform(0.3, 1.0), 1),
            noise=round(rng.uniform(3, 6) if dim else rng.uniform(1, 3), 1),
            flicker=flicker,
            readout_s=0.02 if flicker else 0.0,
            exposure=round(rng.uniform(0.85, 1.15), 2),
            shutter_s=self._shutter_s.deal() if dim else 0.0,
            yaw_deg=round(placed["yaw_deg"], 1),
            height_m=round(placed["height_m"], 2),
            distance_m=round(placed["distance_m"], 2),
        )

    def motion(self, rng: np.random.Generator, exercise: str) -> Motion:
        """Return the tempo of a set, and who walks in or through."""
        squat = exercise == SQUAT
        walks_in = self._walks_in.deal()

        def some(low: float, high: float) -> float:
            return round(float(rng.uniform(low, high)), 2)

        return Motion(
            walks_in=walks_in,
            raises_arms_s=1.2 if squat and walks_in else 0.0,
            second_person=self._second_person.deal(),
            walks_out=walks_in and bool(rng.random() < 0.5),
            lead_s=some(0.6, 0.9),
            down_s=some(1.0, 1.6) if squat else some(0.8, 1.2),
            hold_s=some(0.05, 0.3),
            up_s=some(0.8, 1.15) if squat else some(0.7, 1.0),
            rest_s=some(0.25, 0.45),
            tail_s=0.5,
        )

    def _deck(self, levels: Sequence[Level]) -> Deck[Level]:
        self._decks += 1
        return Deck(levels, np.random.default_rng((*self._seed, self._decks)))


def style(rng: np.random.Generator, exercise: str) -> dict[str, float]:
    """Return what is particular about how somebody does every clean rep."""
    squat = {
        "stance": (0.30, 0.42),
        "toe_out": (7, 17),
        "arm_spread": (8, 17),
        "depth": (0.97, 1.06),
        "lean_extra": (-3, 5),
        "arms_fwd": (-2, 5),
        "head_drop": (-4, 4),
        "knee_in": (-4, 3),
    }
    push_up = {
        "depth": (1.05, 1.15),
        "bar_h": (0.48, 0.7),
        "grip": (0.56, 0.72),
        "flare": (38, 52),
        "head_drop": (-4, 4),
        "feet": (0.1, 0.24),
        "lockout": (0, 4),
    }
    spans = {SQUAT: squat, PUSH_UP: push_up}[exercise]
    return {name: round(float(rng.uniform(*span)), 3 if span[1] < 2 else 1) for name, span in spans.items()}
