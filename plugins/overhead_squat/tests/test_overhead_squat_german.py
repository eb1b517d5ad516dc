"""The German of the overhead squat: all of its words, and none that it does not have any more."""

import tomllib
from pathlib import Path

from kiosk_overhead_squat import overhead_squat

from kiosk.testing import TranslationContract


class TestGerman(TranslationContract):
    exercise = overhead_squat
    package = "kiosk_overhead_squat"
    language = "de"

    def test_what_was_seen_is_said_as_seen_in_german_too(self) -> None:
        german = self._translated()
        assert all(german[check.saw].startswith("Wir haben gesehen, ") for check in overhead_squat.checks)


def test_the_installed_package_brings_its_german() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "locale/*.po" in project["tool"]["setuptools"]["package-data"]["kiosk_overhead_squat"]
