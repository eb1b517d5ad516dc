"""The live view in the language of its reader, encoded once however many read it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from kiosk.station.live import LiveBoard, LiveView
from kiosk.web.language import Language
from kiosk.web.spoken import SpokenViews, spoken_in

GERMAN = {
    "Squat down as low as you can": "Geh so tief du kannst",
    "Keep your arms overhead.": "Lass die Arme oben.",
    "Knees over toes": "Knie über die Zehen",
    "Overhead squat": "Überkopf-Kniebeuge",
    "The camera is gone.": "Die Kamera ist weg.",
    "The disk is full.": "Die Platte ist voll.",
    "ok": "in Ordnung",
    "scan": "Messung",
}


@pytest.fixture
def german() -> Language:
    return Language("de", GERMAN)


def test_what_is_said_to_people_is_translated_and_nothing_else(view: Callable[..., LiveView], german: Language) -> None:
    one = view(7, problems=("The disk is full.",))
    spoken = json.loads(SpokenViews(german).encoded(one))
    assert spoken["instruction"] == "Geh so tief du kannst"
    assert (spoken["detail"], spoken["cue"]) == ("Lass die Arme oben.", "Knie über die Zehen")
    assert (spoken["title"], spoken["problems"]) == ("Überkopf-Kniebeuge", ["Die Platte ist voll."])
    plain = json.loads(one.as_json)
    said = {"instruction", "detail", "cue", "title", "problems"}
    assert {key: spoken[key] for key in plain.keys() - said} == {key: plain[key] for key in plain.keys() - said}


def test_a_camera_that_works_stays_a_word_for_the_page(view: Callable[..., LiveView], german: Language) -> None:
    assert json.loads(SpokenViews(german).encoded(view(1)))["camera"] == "ok"
    broken = view(2, camera="The camera is gone.")
    assert json.loads(SpokenViews(german).encoded(broken))["camera"] == "Die Kamera ist weg."


def test_what_is_missing_stays_missing(view: Callable[..., LiveView], german: Language) -> None:
    spoken = json.loads(SpokenViews(german).encoded(view(1, cue=None, title=None)))
    assert (spoken["cue"], spoken["title"]) == (None, None)


def test_english_costs_nothing_more(view: Callable[..., LiveView]) -> None:
    one = view(3)
    assert SpokenViews(Language("en")).encoded(one) is one.as_json


def test_a_view_is_translated_and_encoded_once_for_all_its_readers(
    view: Callable[..., LiveView], german: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    translated = SpokenViews._translated

    def counting(self: SpokenViews, one: LiveView) -> LiveView:
        made.append(one.sequence)
        return translated(self, one)

    monkeypatch.setattr(SpokenViews, "_translated", counting)
    views, one, got = SpokenViews(german), view(5), []
    readers = [threading.Thread(target=lambda: got.append(views.encoded(one))) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert made == [5]
    assert all(each is got[0] for each in got)


def test_two_kinds_of_readers_do_not_make_it_again_for_each_other(
    view: Callable[..., LiveView], german: Language
) -> None:
    views, whole, part = SpokenViews(german), view(5), view(5, keypoints=())
    first, second = views.encoded(whole), views.encoded(part)
    assert views.encoded(whole) is first
    assert views.encoded(part) is second


def test_all_readers_of_a_language_share_its_views(german: Language) -> None:
    assert spoken_in(german) is spoken_in(german)
    assert spoken_in(german) is not spoken_in(Language("de", {"Yes": "Ja"}))


def test_the_stream_speaks_the_language_of_whoever_opened_it(
    make_app: Callable[..., Flask], board: LiveBoard, view: Callable[..., LiveView], german: Language
) -> None:
    app = make_app(languages={"en": Language("en"), "de": german})
    board.publish(view(7))
    for address, wanted in (("/live?lang=de", "Geh so tief du kannst"), ("/live", "Squat down as low as you can")):
        with app.test_client().get(address) as answer:
            stream = (block.decode() for block in answer.iter_encoded())
            next(stream)
            assert json.loads(next(stream).split("data: ", 1)[1])["instruction"] == wanted
            board.publish(view(8 if "lang" in address else 9))
            assert json.loads(next(stream).split("data: ", 1)[1])["instruction"] == wanted


def test_the_newest_view_speaks_it_too(
    make_app: Callable[..., Flask], board: LiveBoard, view: Callable[..., LiveView], german: Language
) -> None:
    board.publish(view(7))
    answer = make_app(languages={"en": Language("en"), "de": german}).test_client().get("/live.json?lang=de")
    assert answer.json is not None
    assert answer.json["cue"] == "Knie über die Zehen"
