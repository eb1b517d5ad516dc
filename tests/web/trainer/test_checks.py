"""The gym's own limits and words: tried by the very reader that loads them, saved whole, undone, never lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kiosk.checks_file import apply_overlay
from kiosk.plugins import load_plugins
from kiosk.web.language import Language, speaking
from kiosk.web.trainer.limits import limits_svg
from kiosk.web.trainer.overlays import mark_of

SLUG = "overhead-squat"
PAGE = f"/trainer/checks/{SLUG}/knees-in"


def file(desk: Any) -> Path:
    return Path(desk.side.overlays.file(SLUG))


def knees_in(checks: Any) -> Any:
    return next(one for one in checks if one.slug == "knees-in")


def test_all_checks_are_listed_with_the_limits_that_hold_here(desk: Any, trainer: Any, edit: Any) -> None:
    page = trainer.text("/trainer/checks")
    for exercise in desk.side.shipped.values():
        for check in exercise.checks:
            assert f"/trainer/checks/{exercise.slug}/{check.slug}" in page
    assert 'class="changed"' not in page
    edit(sign="0.93")
    page = trainer.text("/trainer/checks")
    assert "0.93" in page
    assert page.count('class="changed"') == 1


def test_saving_writes_what_the_kiosk_reads_at_its_next_start(desk: Any, edit: Any) -> None:
    assert edit(sign="0.95", cue="Push the band apart").status_code == 302
    loaded = load_plugins(overlays=desk.side.overlays.folder)
    check = knees_in(loaded.exercises[SLUG].checks)
    assert (check.sign, check.cue) == (0.95, "Push the band apart")
    assert knees_in(loaded.shipped[SLUG].checks).sign == knees_in(desk.side.shipped[SLUG].checks).sign
    assert "[checks.knees-in]\nsign = 0.95\n" in file(desk).read_text()


def test_only_what_differs_from_the_plugin_is_written(desk: Any, edit: Any) -> None:
    edit(sign="0.95")
    text = file(desk).read_text()
    assert "clear" not in text
    assert "corrections" not in text
    assert "title" not in text


def test_the_running_kiosk_is_handed_the_changed_exercise(desk: Any, edit: Any) -> None:
    edit(sign="0.95")
    (exercise,) = desk.adopted
    assert exercise.slug == SLUG
    assert knees_in(exercise.checks).sign == 0.95
    assert knees_in(exercise.checks).measure is knees_in(desk.side.shipped[SLUG].checks).measure


def test_looking_shows_the_change_drawn_and_in_lines_and_saves_nothing(desk: Any, edit: Any) -> None:
    page = edit("look", sign="0.95").get_data(as_text=True)
    assert "What would change" in page
    assert "<code>sign = 0.95</code>" in page
    picture = page[page.index('class="limits"') : page.index("</svg>")]
    assert "As it was shipped" in picture
    assert "After saving" in picture
    assert "0.95" in picture
    assert not file(desk).exists()
    assert desk.adopted == []


def test_a_decimal_comma_is_understood(desk: Any, edit: Any) -> None:
    edit(sign="0,93")
    assert "sign = 0.93" in file(desk).read_text()


def test_a_limit_that_is_typed_as_it_stands_there_changes_nothing(desk: Any, edit: Any) -> None:
    shipped = knees_in(desk.side.shipped[SLUG].checks).sign
    edit(sign=f"{shipped:g}".replace(".", ","), cue="Push the band apart")
    assert "cue" in file(desk).read_text()
    assert "sign" not in file(desk).read_text()


def test_limits_are_drawn_with_the_readers_decimals(desk: Any) -> None:
    check = knees_in(desk.side.shipped[SLUG].checks)
    words = {"clear": "unauffällig", "unsure": "unsicher", "sign": "Anzeichen"}
    with speaking(Language("de")):
        assert ">0,88</text>" in limits_svg([("Wie ausgeliefert", check)], "Grenzen", words)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"sign": "abc"}, {"sign": "This must be a number, such as 0.85."}),
        ({"sign": "nan"}, {"sign": "This must be a finite number."}),
        ({"sign": "1"}, {"sign": "This must differ from clear"}),
        ({"sign": "1.2"}, {"sign": "This must stay below clear"}),
        ({"weight": "-3"}, {"weight": "This must be 0 or more"}),
        ({"cue": "one two three four five six seven eight"}, {"cue": "This has 8 words; at most 7"}),
        ({"correction-2-how": " "}, {"correction-2-how": "This must not be empty."}),
        ({"title": "x" * 1001}, {"title": "This is too long"}),
        ({"title": "bell \x07"}, {"title": "This has a control character in it."}),
        (
            {"clear": "much", "weight": "-1", "cue": "a b c d e f g h"},
            {"clear": "This must be a number", "weight": "This must be 0", "cue": "This has 8 words"},
        ),
    ],
)
def test_every_mistake_is_said_beside_its_field_and_nothing_is_written(
    desk: Any, edit: Any, fields: dict[str, str], says: dict[str, str]
) -> None:
    answer = edit(**fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for name, sentence in says.items():
        assert f'aria-describedby="wrong-{name}"' in page
        assert sentence in page[page.index(f'id="wrong-{name}"') :][:200]
    assert not file(desk).exists()
    assert desk.adopted == []


def test_what_was_typed_stays_in_the_form_when_it_is_refused(edit: Any) -> None:
    page = edit(sign="abc", cue='Say "hello"').get_data(as_text=True)
    assert 'name="sign" value="abc"' in page
    assert "Say &#34;hello&#34;" in page


def test_an_emptied_field_goes_back_to_what_was_shipped(desk: Any, edit: Any) -> None:
    edit(sign="0.95", cue="Push the band apart")
    edit(sign="", cue="Push the band apart")
    assert "sign" not in file(desk).read_text()
    edit(cue="")
    assert not file(desk).exists()


def test_one_button_brings_a_check_back_to_what_was_shipped(desk: Any, trainer: Any, edit: Any) -> None:
    assert 'value="shipped"' not in trainer.text(PAGE)
    edit(sign="0.95", **{"correction-1-title": "Roll"})
    edit(check="knees-out", sign="1.8")
    edit("shipped")
    text = file(desk).read_text()
    assert "knees-in" not in text
    assert "[checks.knees-out]" in text
    assert knees_in(desk.adopted[-1].checks) == knees_in(desk.side.shipped[SLUG].checks)


def test_words_of_an_exercise_can_be_changed_and_the_rest_of_it_stays(desk: Any, edit: Any) -> None:
    edit(**{"correction-2-dose": "2 x 40 s, each side"})
    shipped = knees_in(desk.side.shipped[SLUG].checks).corrections
    here = knees_in(apply_overlay(desk.side.shipped[SLUG].checks, file(desk), exercise=SLUG)).corrections
    assert here[1].dose == "2 x 40 s, each side"
    assert [one.exercise for one in here] == [one.exercise for one in shipped]
    assert (here[0], here[2:]) == (shipped[0], shipped[2:])
    assert here[1].source == shipped[1].source


def test_the_owners_remarks_and_other_lines_stay(desk: Any, edit: Any) -> None:
    desk.side.overlays.folder.mkdir()
    own = f'schema = 1\nexercise = "{SLUG}"\n\n# asked for by Kim\n[checks.knees-out]\nsign = 1.8 # was 1.75\n'
    file(desk).write_text(own)
    edit(sign="0.95")
    text = file(desk).read_text()
    assert text.startswith(own.rstrip("\n"))
    assert "[checks.knees-in]\nsign = 0.95" in text


def test_undo_brings_back_what_was_and_keeps_what_is(desk: Any, trainer: Any, edit: Any) -> None:
    edit(sign="0.95")
    first = file(desk).read_text()
    edit(sign="0.97")
    second = file(desk).read_text()
    address = f"/trainer/checks/{SLUG}"
    undo(trainer)
    assert file(desk).read_text() == first
    assert knees_in(desk.adopted[-1].checks).sign == 0.95
    assert second in [one.text for one in desk.side.overlays.versions(SLUG)]
    page = trainer.text(address)
    assert "sign = 0.97" in page
    undo(trainer, version="1")
    assert not file(desk).exists()
    assert knees_in(desk.adopted[-1].checks) == knees_in(desk.side.shipped[SLUG].checks)


def undo(trainer: Any, **fields: str) -> Any:
    page = trainer.text(f"/trainer/checks/{SLUG}")
    hidden = dict(re.findall(r'name="(csrf_token|seen)" value="([^"]*)"', page))
    return trainer.client.post(f"/trainer/checks/{SLUG}/undo", data={**hidden, **fields})


def test_with_nothing_to_undo_it_says_so(trainer: Any) -> None:
    trainer.post(f"/trainer/checks/{SLUG}/undo", "/trainer/", seen=mark_of(""))
    assert "There is no earlier version to bring back." in trainer.text(f"/trainer/checks/{SLUG}")


def test_of_two_trainers_the_second_is_told_and_loses_nothing(desk: Any, trainer: Any, edit: Any) -> None:
    stale = re.search(r'name="seen" value="([^"]*)"', trainer.text(PAGE))
    assert stale is not None
    edit(by=desk.trainer(), sign="0.95")
    answer = edit(seen=stale[1], sign="0.91", cue="My words")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody else changed these checks meanwhile." in page
    assert 'value="0.91"' in page
    assert 'value="My words"' in page
    assert "sign = 0.95" in file(desk).read_text()
    fresh = dict(re.findall(r'name="(csrf_token|seen)" value="([^"]*)"', page))
    saved = trainer.client.post(PAGE, data={**fresh, "do": "save", "sign": "0.91", "cue": "My words"})
    assert saved.status_code == 302
    assert "sign = 0.91" in file(desk).read_text()


def test_an_undo_from_an_old_page_is_told_too(desk: Any, trainer: Any, edit: Any) -> None:
    edit(sign="0.95")
    trainer.post(f"/trainer/checks/{SLUG}/undo", f"/trainer/checks/{SLUG}", seen="an older mark")
    assert "Somebody else changed these checks meanwhile." in trainer.text(f"/trainer/checks/{SLUG}")
    assert file(desk).exists()


def test_a_file_that_was_broken_by_hand_is_named_and_not_touched(desk: Any, trainer: Any) -> None:
    desk.side.overlays.folder.mkdir()
    file(desk).write_text("schema = 1\nexercise = [\n")
    assert "is not valid TOML" in trainer.text("/trainer/checks")
    assert trainer.client.get(PAGE).headers["Location"] == "/trainer/checks"
    assert trainer.text("/trainer/checks/incline-push-up/hips-sag")


def test_a_folder_that_cannot_be_written_is_told_in_the_form(desk: Any, edit: Any) -> None:
    desk.side.overlays.folder.write_text("in the way")
    answer = edit(sign="0.95")
    assert answer.status_code == 422
    assert "cannot be written" in answer.get_data(as_text=True)
    assert desk.adopted == []


def test_a_check_that_is_not_there_is_not_found(trainer: Any) -> None:
    trainer.text(f"/trainer/checks/{SLUG}/no-such", 404)
    trainer.text("/trainer/checks/no-such", 404)
    trainer.text("/trainer/checks/no-such/knees-in", 404)


def test_words_with_markup_are_shown_as_text(trainer: Any, edit: Any) -> None:
    edit(title="<b>Knees</b>")
    assert "&lt;b&gt;Knees&lt;/b&gt;" in trainer.text("/trainer/checks")
    assert "<b>Knees" not in trainer.text(f"/trainer/checks/{SLUG}")
