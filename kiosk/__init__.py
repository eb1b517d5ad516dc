"""Plumbline: a gym kiosk that looks at how people move, and says how sure it is.

What stands here, and in `kiosk.testing`, is what a plugin may import, and `API_VERSION` is its version; the rest of the
package may change without notice, and a plugin that imports it is refused.
"""

from kiosk.checks_file import load_checks
from kiosk.errors import PluginError
from kiosk.hookspecs import API_VERSION, hookimpl
from kiosk.movement import detail, geometry, timing, view
from kiosk.movement.detail import Detail, FootPoint
from kiosk.movement.exercise import Check, DetailMeasure, Exercise, Hold, Pass, SideMeasure
from kiosk.movement.pose import Keypoint, Pose, PoseTrack, Side
from kiosk.movement.reps import Phase, Rep, RepPercentile, RepTrace
from kiosk.movement.view import View
from kiosk.observing import Job, Light, StoredResults

__version__ = "0.1.0"

__all__ = [
    "API_VERSION",
    "Check",
    "Detail",
    "DetailMeasure",
    "Exercise",
    "FootPoint",
    "Hold",
    "Job",
    "Keypoint",
    "Light",
    "Pass",
    "Phase",
    "PluginError",
    "Pose",
    "PoseTrack",
    "Rep",
    "RepPercentile",
    "RepTrace",
    "Side",
    "SideMeasure",
    "StoredResults",
    "View",
    "__version__",
    "detail",
    "geometry",
    "hookimpl",
    "load_checks",
    "timing",
    "view",
]
