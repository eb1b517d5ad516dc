"""The pose model of a command that reads recordings, and which recordings need none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.cli.output import tell
from kiosk.errors import ModelError
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.vision.camera import Camera
    from kiosk.vision.details import DetailReader
    from kiosk.vision.tracker import PersonTracker

#: What a report names as the model of a keypoint file that does not name its own.
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
        return None, source.model or RECORDED
    estimator, name, why = tracker_for(settings)
    if settings.model.name == "auto":
        tell(f"model: {why}")
    return estimator, name


def detail_reader_for(source: Camera, settings: Settings) -> tuple[DetailReader | None, str]:
    """Return what looks closer at the key frames of a source; or None, and the sentence for members that says why.

    A second model that is missing or damaged is named on stderr; scans go on without it.
    """
    from kiosk.vision.details import MISSING, NO_PICTURE, OFF, DetailReader
    from kiosk.vision.keypoint_file import KeypointSource
    from kiosk.vision.models import find_detail_model, models_dir

    if isinstance(source, KeypointSource):
        return None, NO_PICTURE
    if not settings.model.second:
        return None, OFF
    try:
        return DetailReader.of(find_detail_model(models_dir(settings.model.folder)).path), ""
    except ModelError as error:
        tell(f"second model: {error}")
        return None, MISSING
