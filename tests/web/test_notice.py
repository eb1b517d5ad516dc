"""The privacy notice for the wall: every sentence follows from the terms, on one sheet, in every language of ours."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kiosk.web.language import find_languages, speaking
from kiosk.web.notice import Terms, notice_pdf, notice_text, parts, title

TERMS = Terms(
    guest_days=30, member_days=365, share_hours=48.0, on_network=True, sees_skeleton=False, shows_picture=False
)
#: All that can be said at once: the fullest sheet there is.
FULLEST = replace(
    TERMS,
    guest_days=36500,
    member_days=36500,
    share_hours=8760.0,
    sees_skeleton=True,
    shows_picture=True,
    handed_to=("csv-export", "mqtt-results"),
    elsewhere=True,
    address="https://scan.mygym.example",
)
INTERNET = "Nothing goes to the internet."


def lines(terms: Terms) -> list[str]:
    return [line for part in parts(terms) for line in part.lines]


def test_the_days_and_hours_are_those_of_the_settings() -> None:
    said = notice_text(replace(TERMS, guest_days=7, member_days=90, share_hours=12.0))
    assert "For 7 days, tied to nobody." in said
    assert "under a code of yours: for 90 days." in said
    assert "link in your QR code, for 12 hours;" in said
    assert "for 0.5 hours" in notice_text(replace(TERMS, share_hours=0.5))


def test_a_kiosk_that_no_other_device_reaches_promises_no_link() -> None:
    said = notice_text(replace(TERMS, on_network=False))
    assert "No other device reaches this kiosk." in said
    assert "QR code" not in said
    assert "Other devices" not in said


def test_what_other_devices_see_is_what_they_are_shown() -> None:
    counts, skeleton = (notice_text(replace(TERMS, sees_skeleton=seen)) for seen in (False, True))
    assert "see how far a scan is, and nothing of you" in counts
    assert "watch the skeleton" not in counts
    assert "can watch the skeleton during a scan" in skeleton
    assert "nothing of you" not in skeleton


def test_the_picture_on_the_screen_is_told_only_where_it_is_shown() -> None:
    assert not any(line.startswith("Only this screen shows the picture") for line in lines(TERMS))
    assert any(line.startswith("Only this screen shows the picture") for line in lines(FULLEST))


@pytest.mark.parametrize(
    "more", [{"handed_to": ("mqtt-results",)}, {"elsewhere": True}, {"address": "https://scan.mygym.example"}]
)
def test_nobody_is_promised_that_nothing_leaves_where_something_may(more: dict[str, object]) -> None:
    assert INTERNET in lines(TERMS)
    terms = replace(TERMS, **more)  # type: ignore[arg-type]  # one field at a time, by its name
    assert INTERNET not in lines(terms)
    assert len(lines(terms)) == len(lines(TERMS))


def test_those_who_get_measures_are_named() -> None:
    assert "Measures are also handed to: csv-export and mqtt-results. Ask us where they go." in lines(FULLEST)


def test_there_is_a_line_to_write_on_until_a_contact_is_given() -> None:
    assert "____" in notice_text(TERMS)
    said = notice_text(TERMS, "Front desk, 555 0100")
    assert "**Questions? Ask:** Front desk, 555 0100" in said
    assert "____" not in said


@pytest.mark.parametrize("code", sorted(find_languages()))
@pytest.mark.parametrize("terms", [TERMS, FULLEST], ids=["usual", "fullest"])
@pytest.mark.parametrize("contact", [None, "Front desk, 555 0100"])
def test_it_fits_on_one_sheet_in_every_language(code: str, terms: Terms, contact: str | None) -> None:
    with speaking(find_languages()[code]):
        sheet = notice_pdf(terms, contact)
    assert sheet.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", sheet)) == 1
    # A4 in points.
    assert re.search(rb"/MediaBox \[0 0 595\.\d+ 841\.\d+\]", sheet)


def test_every_sentence_of_it_is_there_in_german() -> None:
    english = {title(), *lines(FULLEST), *lines(TERMS), *lines(replace(TERMS, on_network=False))}
    with speaking(find_languages()["de"]):
        german = {title(), *lines(FULLEST), *lines(TERMS), *lines(replace(TERMS, on_network=False))}
        assert "**Fragen? Wende dich an:**" in notice_text(TERMS)
    assert len(german) == len(english)
    assert german & english == set()
