"""The German of the incline push up: all of its words, and none that it does not have any more."""

import tomllib
from pathlib import Path

from kiosk_incline_push_up import incline_push_up

from kiosk.testing import TranslationContract


class TestGerman(TranslationContract):
    exercise = incline_push_up
    package = "kiosk_incline_push_up"
    language = "de"

    def test_what_was_seen_is_said_as_seen_in_german_too(self) -> None:
        german = self._translated()
        assert all(german[check.saw].startswith("Wir haben gesehen, ") for check in incline_push_up.checks)


def test_the_installed_package_brings_its_german() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "locale/*.po" in project["tool"]["setuptools"]["package-data"]["kiosk_incline_push_up"]
