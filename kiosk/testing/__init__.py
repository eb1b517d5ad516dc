"""For the authors of exercise plugins: synthetic people to try an exercise on, and a contract to hold it to.

    from kiosk.testing import ExerciseContract, Squatter, FRONT, perform

    def test_knees_that_move_in_are_found():
        track = perform([Squatter(knees_ratio=0.7)] * 5, FRONT)

Other exercises are said by the curves of their joints: `JointCurves`.

In the kiosk itself its bodies only show how an exercise starts (`kiosk.start_figures`). It needs numpy alone; a
contract is collected by pytest where a test subclasses it.
"""

from kiosk.movement.report import Finding, Report, Status
from kiosk.testing.contract import ExerciseContract
from kiosk.testing.joints import FLOOR_SIDE, BothSides, Build, JointCurves, Support, hold
from kiosk.testing.people import (
    FRONT,
    REAR,
    SIDE,
    Body,
    Camera,
    Person,
    PushUpper,
    Squatter,
    Walker,
    perform,
    record,
    scanned,
)
from kiosk.testing.translation import TranslationContract

__all__ = [
    "FLOOR_SIDE",
    "FRONT",
    "REAR",
    "SIDE",
    "Body",
    "BothSides",
    "Build",
    "Camera",
    "ExerciseContract",
    "Finding",
    "JointCurves",
    "Person",
    "PushUpper",
    "Report",
    "Squatter",
    "Status",
    "Support",
    "TranslationContract",
    "Walker",
    "hold",
    "perform",
    "record",
    "scanned",
]
