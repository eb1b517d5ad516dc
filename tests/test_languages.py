"""The languages of a configured kiosk: what is set, what is there, and what is said where they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk import doctor
from kiosk.cli.analyze import named_language
from kiosk.errors import ConfigError, KioskError
from kiosk.languages import site_languages
from kiosk.plugins import Plugins, PluginStatus, load_plugins
from kiosk.settings import Settings, WebSettings

FRENCH = 'msgid "Results"\nmsgstr "Résultats"\n'
NO_PLUGINS = Plugins({}, ())


@pytest.fixture
def kiosk(tmp_path: Path) -> Callable[..., Settings]:
    def settings(**web: object) -> Settings:
        return replace(Settings(tmp_path), web=replace(WebSettings(), **web))  # type: ignore[arg-type] # by name

    return settings


def test_our_plugins_bring_their_german(kiosk: Callable[..., Settings]) -> None:
    spoken = site_languages(kiosk(), load_plugins())
    assert spoken.problems == ()
    assert spoken.default == "en"
    assert spoken.by_code["de"].said("Overhead squat") == "Überkopf-Kniebeuge"
    assert spoken.by_code["de"].said("Incline push-up") != "Incline push-up"


def test_a_plugin_that_is_left_out_brings_no_words(kiosk: Callable[..., Settings]) -> None:
    blocked = load_plugins(blocked=["overhead-squat"])
    assert site_languages(kiosk(), blocked).by_code["de"].said("Overhead squat") == "Overhead squat"


def test_the_owner_chooses_a_language_that_there_is(kiosk: Callable[..., Settings]) -> None:
    assert site_languages(kiosk(language="de"), NO_PLUGINS).default == "de"


def test_a_language_without_a_file_is_refused_with_those_that_there_are(kiosk: Callable[..., Settings]) -> None:
    with pytest.raises(ConfigError, match=r"web\.language: there is no translation 'fr'.*Known: de, en"):
        site_languages(kiosk(language="fr"), NO_PLUGINS)


def test_one_file_is_a_language(kiosk: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text(FRENCH, encoding="utf-8")
    spoken = site_languages(kiosk(language="fr", languages=tmp_path), NO_PLUGINS)
    assert spoken.default == "fr"
    assert spoken.by_code["fr"].text("Results") == "Résultats"


def test_a_folder_that_is_not_there_is_refused(kiosk: Callable[..., Settings], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"web\.languages: there is no folder"):
        site_languages(kiosk(languages=tmp_path / "none"), NO_PLUGINS)


def test_the_kiosk_starts_in_english_where_the_owners_file_is_damaged(
    kiosk: Callable[..., Settings], tmp_path: Path
) -> None:
    (tmp_path / "fr.po").write_text("rubbish", encoding="utf-8")
    settings = kiosk(language="fr", languages=tmp_path)
    spoken = site_languages(settings, NO_PLUGINS)
    assert spoken.default == "en"
    item = doctor.languages(settings, NO_PLUGINS)
    assert item.ok is None
    assert "fr.po" in item.says
    assert item.means == "What is left out stands in English."


def test_the_doctor_names_a_text_that_does_not_fit(kiosk: Callable[..., Settings], tmp_path: Path) -> None:
    locale = tmp_path / "locale"
    locale.mkdir()
    (locale / "de.po").write_text('msgid "Rep {n}"\nmsgstr "Wiederholung"\n', encoding="utf-8")
    plugin = PluginStatus("lunge", "plumbline-lunge", "1", folder=tmp_path)
    item = doctor.languages(kiosk(), Plugins({}, (plugin,)))
    assert item.ok is None
    assert 'the text for "Rep {n}" must hold the same places as the English: {n}.' in item.says


def test_the_doctor_says_that_a_kiosk_will_not_start(kiosk: Callable[..., Settings]) -> None:
    item = doctor.languages(kiosk(language="fr"), NO_PLUGINS)
    assert item.ok is False
    assert "no translation 'fr'" in item.says


def test_the_doctor_lists_the_languages(kiosk: Callable[..., Settings]) -> None:
    item = doctor.languages(kiosk(language="de"), NO_PLUGINS)
    assert (item.ok, item.says) == (True, "en, de; de unless somebody chose")


def test_a_page_of_a_recording_is_asked_for_by_code(kiosk: Callable[..., Settings]) -> None:
    assert named_language(None, kiosk(), NO_PLUGINS) is None
    german = named_language("de", kiosk(), NO_PLUGINS)
    assert german is not None
    assert german.name == "Deutsch"
    with pytest.raises(KioskError, match=r"There is no translation 'tlh'\. Known languages: en, de"):
        named_language("tlh", kiosk(), NO_PLUGINS)
