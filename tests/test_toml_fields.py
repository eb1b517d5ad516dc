import datetime
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import toml_fields
from kiosk.errors import PluginError
from kiosk.toml_fields import FieldError, Problems, list_of, nearest, read_table, read_toml


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "some.toml"
    path.write_bytes(content)
    return path


def test_a_good_file_is_its_tables(tmp_path: Path) -> None:
    path = written(tmp_path, b"a = 1\n[b]\nc = 'x'\n")
    assert read_toml(path, "some.toml") == {"a": 1, "b": {"c": "x"}}


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert read_toml(written(tmp_path, b"\xef\xbb\xbfa = 1\r\n"), "some.toml") == {"a": 1}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'a = 1\n\nb = "x\n', r"is not valid TOML: .*line 3"),
        (b"[a]\n[a]\n", r"is not valid TOML: .*line 2"),
        ("a = 1 #ü".encode("latin-1"), r"is not UTF-8 text \(byte 7\); save it as UTF-8"),
        (b"\x00", "is not valid TOML"),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_the_place(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(PluginError, match=f"^ours: {reason}"):
        read_toml(written(tmp_path, content), "ours")


def test_a_folder_and_a_missing_file_are_refused_with_their_name(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"^ours: cannot be read \(Is a directory\)"):
        read_toml(tmp_path, "ours")
    with pytest.raises(PluginError, match=r"^ours: there is no such file"):
        read_toml(tmp_path / "none.toml", "ours")


def test_a_table_gives_the_good_values_and_keeps_every_mistake() -> None:
    problems = Problems("ours")
    fields = {"size": toml_fields.number, "name": toml_fields.text}
    values = read_table({"size": 3, "nam": "x"}, fields, ("size", "name"), "here", problems)
    assert values == {"size": 3.0}
    assert problems.lines == [
        "ours: here.nam: is not a known key; did you mean 'name'?",
        "ours: here.name: is missing",
    ]
    with pytest.raises(PluginError, match=r"here\.nam: .*\nours: here\.name: is missing"):
        problems.refuse()


def test_no_mistakes_refuse_nothing() -> None:
    Problems("ours").refuse()


def test_at_the_top_of_the_file_a_key_stands_alone() -> None:
    problems = Problems("ours")
    read_table({}, {}, ("name",), "", problems)
    assert problems.lines == ["ours: name: is missing"]


def test_a_hint_names_the_nearest_word_or_all_or_nothing() -> None:
    assert nearest("frnt", ["front", "side"]) == "; did you mean 'front'?"
    assert nearest("zzz", ["front", "side"]) == "; known are: front, side"
    assert nearest("zzz", []) == ""


@pytest.mark.parametrize("word", ["a", "knees-in", "m01", "a-1-b"])
def test_a_slug_is_small_letters_digits_and_single_hyphens(word: str) -> None:
    assert toml_fields.slug(word) == word


@pytest.mark.parametrize("word", ["", "A", "1a", "-a", "a-", "a--b", "a_b", "a b", "ä", "a\nb", "a\x1b"])
def test_anything_else_is_no_slug(word: str) -> None:
    with pytest.raises(FieldError):
        toml_fields.slug(word)


def test_a_text_over_several_lines_becomes_one_line() -> None:
    assert toml_fields.text(" Roll slowly.\n  Then change sides. ") == "Roll slowly. Then change sides."


def test_a_text_that_could_steer_a_terminal_is_refused() -> None:
    with pytest.raises(FieldError, match="control character"):
        toml_fields.text("Roll \x1b[2J slowly.")


def test_a_mistake_stays_on_one_line_whatever_its_key_holds() -> None:
    problems = Problems("ours")
    read_table({"a\nb": 1}, {}, (), "", problems)
    assert problems.lines == ["ours: a b: is not a known key"]


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9))
def test_a_finite_number_is_itself(value: float) -> None:
    assert toml_fields.number(value) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, True, "1", [1], {}, datetime.date.max])
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(FieldError, match="number"):
        toml_fields.number(value)


def test_a_list_keeps_its_order_and_refuses_what_stands_twice_or_is_too_little() -> None:
    read = list_of(toml_fields.text, least=1)
    assert read(["b", "a"]) == ("b", "a")
    with pytest.raises(FieldError, match="twice"):
        read(["a", " a"])
    with pytest.raises(FieldError, match="at least 1"):
        read([])
    with pytest.raises(FieldError, match="not a text"):
        read("ab")
