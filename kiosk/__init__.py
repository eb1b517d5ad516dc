"""Plumbline: a gym kiosk that looks at how people move, and says how sure it is.

What stands here is what an exercise plugin may import; the rest of the package may change without notice.
"""

from kiosk.checks_file import load_checks
from kiosk.hookspecs import hookimpl
from kiosk.movement import detail, geometry, timing, view
from kiosk.movement.detail import Detail, FootPoint
from kiosk.movement.exercise import Check, DetailMeasure, Exercise, Pass, SideMeasure
from kiosk.movement.pose import Keypoint, Pose, PoseTrack
from kiosk.movement.reps import Phase, Rep, RepTrace
from kiosk.movement.view import View

__version__ = "0.1.0"

__all__ = [
    "Check",
    "Detail",
    "DetailMeasure",
    "Exercise",
    "FootPoint",
    "Keypoint",
    "Pass",
    "Phase",
    "Pose",
    "PoseTrack",
    "Rep",
    "RepTrace",
    "SideMeasure",
    "View",
    "__version__",
    "detail",
    "geometry",
    "hookimpl",
    "load_checks",
    "timing",
    "view",
]
