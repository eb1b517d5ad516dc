"""The live view in the language of whoever looks: translated and encoded once, however many pages read it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from functools import lru_cache
from typing import Any

from kiosk.station.live import LiveView
from kiosk.web.language import ENGLISH, Language

#: What of a view is said to people; everything else is for machines and stays as it is.
SAID = ("instruction", "detail", "title", "cue", "camera")
#: Of one moment there are two views: the whole one, and what lookers-on get of it. Twice that while readers move on.
KEPT = 4


class SpokenViews:
    """The newest views in one language, as JSON."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._lock = threading.Lock()
        self._newest: deque[tuple[LiveView, bytes]] = deque(maxlen=KEPT)

    def encoded(self, view: LiveView) -> bytes:
        """Return a view as one line of JSON with its sentences in this language."""
        if self._language.code == ENGLISH:
            return view.as_json
        # The pipeline never comes here: only readers of the same language wait for one another, for one view.
        with self._lock:
            for known, encoded in self._newest:
                if known is view:
                    return encoded
            encoded = self._translated(view).as_json
            self._newest.append((view, encoded))
            return encoded

    def _translated(self, view: LiveView) -> LiveView:
        said = self._language.said
        words: dict[str, Any] = {name: value and said(value) for name in SAID if (value := getattr(view, name))}
        if view.camera == "ok":
            words["camera"] = "ok"  # a word for the page, not for its reader
        return replace(view, problems=tuple(said(problem) for problem in view.problems), **words)


@lru_cache(maxsize=32)
def spoken_in(language: Language) -> SpokenViews:
    """Return where the views of this language are kept, the same for all its readers."""
    return SpokenViews(language)
