"""Where the camera of a scenario hangs, and the ideal one that its truth is measured with."""

from __future__ import annotations

from tests.people.camera import Camera, aimed
from tests.people.push_up import PushUpStation
from tests.people.scenario import Scenario

#: The kiosk's reference mounting, in the true view and without lens distortion.
IDEAL_DISTANCE_M, IDEAL_HEIGHT_M, IDEAL_FOV_DEG, IDEAL_SIZE_PX = 3.0, 1.0, 62.0, (1280, 960)


def camera_of(scenario: Scenario, station: PushUpStation | None) -> Camera:
    """Return the camera as it is mounted in a scenario."""
    mounting = scenario.camera
    camera = Camera(
        azimuth_deg=scenario.azimuth_deg,
        yaw_deg=mounting.yaw_deg,
        distance_m=mounting.distance_m,
        height_m=mounting.height_m,
        target_m=_target(station),
        size_px=(mounting.width_px, mounting.height_px),
        fov_deg=mounting.fov_deg,
        tilt_deg=mounting.tilt_deg,
        roll_deg=mounting.roll_deg,
        k1=mounting.k1,
    )
    return aimed(camera) if mounting.tilt_deg is None else camera


def ideal_camera(scenario: Scenario, station: PushUpStation | None) -> Camera:
    """Return the camera that sees the same from the true view: level, 1 m high, 3 m away, a pinhole."""
    return Camera(
        azimuth_deg=scenario.azimuth_deg,
        distance_m=IDEAL_DISTANCE_M,
        height_m=IDEAL_HEIGHT_M,
        target_m=_target(station),
        size_px=IDEAL_SIZE_PX,
        fov_deg=IDEAL_FOV_DEG,
    )


def _target(station: PushUpStation | None) -> tuple[float, float, float]:
    """Return the middle of the person's place: over the feet, or half-way between feet and bench."""
    return (0.0, station.bar_y_m / 2 if station else 0.0, 0.9)
