"""For the authors of exercise plugins: synthetic people to try an exercise on, and a contract to hold it to.

    from kiosk.testing import ExerciseContract, Squatter, FRONT, perform

    def test_knees_that_move_in_are_found():
        track = perform([Squatter(knees_ratio=0.7)] * 5, FRONT)

Nothing of it runs in the kiosk. It needs numpy alone; the contract is collected by pytest where a test subclasses it.
"""

from kiosk.testing.contract import ExerciseContract
from kiosk.testing.people import (
    FRONT,
    REAR,
    SIDE,
    Body,
    Camera,
    PushUpper,
    Squatter,
    Walker,
    perform,
    record,
    scanned,
)

__all__ = [
    "FRONT",
    "REAR",
    "SIDE",
    "Body",
    "Camera",
    "ExerciseContract",
    "PushUpper",
    "Squatter",
    "Walker",
    "perform",
    "record",
    "scanned",
]
