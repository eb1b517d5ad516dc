"""The languages of a configured kiosk: ours, those of its owner's folder, and what plugins add to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.errors import ConfigError
from kiosk.plugins import Plugins
from kiosk.settings import Settings
from kiosk.toml_fields import nearest
from kiosk.web.language import ENGLISH, catalogs, find_languages

if TYPE_CHECKING:
    from kiosk.web.language import Language


@dataclass(frozen=True, slots=True)
class SiteLanguages:
    """What the pages can speak, by code; what they speak unless somebody chose; and what is wrong with a file."""

    by_code: Mapping[str, Language]
    default: str
    problems: tuple[str, ...] = ()


def site_languages(settings: Settings, plugins: Plugins) -> SiteLanguages:
    """Return the languages of this kiosk. A damaged file is a problem and leaves English standing in its place.

    Raises `ConfigError` where ``web.language`` names one that there is no file for, or ``web.languages`` no folder.
    """
    own, wish = settings.web.languages, settings.web.language
    if own is not None and not own.is_dir():
        raise ConfigError(f"web.languages: there is no folder {own}: make it, and put translation files into it.")
    known = {ENGLISH, *catalogs(own)}
    if wish not in known:
        raise ConfigError(
            f"web.language: there is no translation '{wish}'{nearest(wish, sorted(known))}. Known: "
            f"{', '.join(sorted(known))}. Another one is a file in the folder web.languages."
        )
    problems: list[str] = []
    folders = [one.folder / "locale" for one in plugins.found if one.folder is not None and one.problem is None]
    found = find_languages(folders, own, problems.append)
    return SiteLanguages(found, wish if wish in found else ENGLISH, tuple(problems))
