"""The pose model of a command that reads recordings, and which recordings need none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.cli.output import tell
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.vision.camera import Camera
    from kiosk.vision.tracker import PersonTracker

#: What a report names as the model of a keypoint file.
RECORDED = "recorded"


def named_model(settings: Settings, name: str | None) -> Settings:
    """Return the settings with another model in them, if one was named. Raises `ModelError` for an unknown one."""
    if name is None:
        return settings
    if name != "auto":
        from kiosk.vision.models import find_model, models_dir

        find_model(name, models_dir(settings.model.folder))
    return replace(settings, model=replace(settings.model, name=name))


def estimator_for(source: Camera, settings: Settings) -> tuple[PersonTracker | None, str]:
    """Return what finds the poses of a source, and the model's name; none for recorded keypoints.

    Where the model was chosen by measuring, the reason goes to stderr.
    """
    from kiosk.cli.run import tracker_for
    from kiosk.vision.keypoint_file import KeypointSource

    if isinstance(source, KeypointSource):
        return None, RECORDED
    estimator, name, why = tracker_for(settings)
    if settings.model.name == "auto":
        tell(f"model: {why}")
    return estimator, name
