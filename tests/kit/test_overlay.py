"""New limits in a gym's own file: two lines change, and nothing else."""

from pathlib import Path

import pytest

from kiosk.checks_file import apply_overlay
from kiosk.errors import PluginError
from kiosk.kit.overlay import overlay_place, overlay_with
from kiosk.kit.tuning import Limits

from .sets import squat

NEW = Limits(1.05, 0.8)
HEAD = 'schema = 1\nexercise = "overhead-squat"\n'


def changed(tmp_path: Path, before: str | None, check: str = "knees-in", limits: Limits = NEW) -> str:
    place = tmp_path / "overhead-squat.toml"
    if before is not None:
        place.write_text(before, encoding="utf-8")
    text = overlay_with(place, squat(), check, limits)
    place.write_text(text, encoding="utf-8")
    one = {one.slug: one for one in apply_overlay(squat().checks, place)}[check]
    assert (one.clear, one.sign) == (limits.clear, limits.sign)
    return text


def test_a_new_file_says_what_it_is(tmp_path: Path) -> None:
    text = changed(tmp_path, None)
    assert text.startswith("# Limits and words of this gym")
    assert text.endswith("[checks.knees-in]\nclear = 1.05\nsign = 0.8\n")


def test_limits_that_are_there_are_changed_in_their_place_and_remarks_stay(tmp_path: Path) -> None:
    before = (
        f"# ours\n{HEAD}\n[checks.shallow-depth]\nsign = 0.3\n\n[checks.knees-in]  # strict\n"
        '  sign = 0.85    # since May\ncue = "Knees out"\n\n[checks.knees-in.muscles]\noveractive = ["a"]\n'
    )
    after = changed(tmp_path, before)
    assert after == before.replace("  sign = 0.85  ", "  sign = 0.8  ").replace(
        "# strict\n", "# strict\nclear = 1.05\n"
    )


def test_a_table_that_is_missing_goes_to_the_end(tmp_path: Path) -> None:
    before = f"{HEAD}\n[checks.shallow-depth]\nsign = 0.3\n"
    assert changed(tmp_path, before) == f"{before}\n[checks.knees-in]\nclear = 1.05\nsign = 0.8\n"


def test_a_file_from_windows_is_taken(tmp_path: Path) -> None:
    after = changed(tmp_path, "\ufeff" + HEAD.replace("\n", "\r\n") + "[checks.knees-in]\r\nsign = 0.7\r\n")
    assert "sign = 0.8" in after
    assert "0.7" not in after


def test_a_quoted_name_is_found(tmp_path: Path) -> None:
    after = changed(tmp_path, f'{HEAD}[checks."knees-in"]\nsign = 0.7\nclear = 0.9\n')
    assert after.count("[checks.") == 1


@pytest.mark.parametrize(
    "odd", ["[checks]\nknees-in = {sign = 0.7}\n", "checks.knees-in.sign = 0.7\n", "[checks]\nknees-in.sign = 0.7\n"]
)
def test_a_file_in_an_odd_shape_is_left_alone_and_says_what_to_write(tmp_path: Path, odd: str) -> None:
    with pytest.raises(PluginError, match=r"clear = 1.05 and sign = 0.8 into \[checks.knees-in\] by hand"):
        changed(tmp_path, HEAD + odd)


def test_limits_that_turn_the_check_round_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="by hand"):
        changed(tmp_path, HEAD + "[checks.knees-in]\nsign = 0.7\n", limits=Limits(0.7, 0.9))


def test_a_file_that_is_wrong_already_is_named_with_its_mistake(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"overhead-squat.toml: checks.knees-in.sgin"):
        changed(tmp_path, HEAD + "[checks.knees-in]\nsgin = 0.7\n")


def test_the_file_is_named_after_the_exercise(tmp_path: Path) -> None:
    assert overlay_place(tmp_path, "overhead-squat") == tmp_path / "overhead-squat.toml"
