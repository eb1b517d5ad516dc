"""docs/checks-file.md, which trainers read: complete, and true."""

import math
import re
import tomllib
from pathlib import Path

import pytest

from kiosk import checks_file
from kiosk.checks_file import apply_overlay, read_checks
from kiosk.errors import PluginError
from kiosk.movement.drawn import FROM_VALUE, KINDS, POINTS
from kiosk.movement.exercise import AssessedBy, Measure
from kiosk.movement.pose import Pose
from kiosk.movement.reps import Phase
from kiosk.movement.view import View

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "checks-file.md").read_text(encoding="utf-8")
SQUAT = ROOT / "plugins" / "overhead_squat" / "kiosk_overhead_squat" / "checks.toml"


def measure(pose: Pose, top: Pose) -> float:
    return math.nan


def squat_measures() -> dict[str, Measure]:
    declared = tomllib.loads(SQUAT.read_text(encoding="utf-8"))["checks"]
    return {slug: measure for slug, row in declared.items() if row["assessed_by"] != "not-assessed"}


def test_every_key_is_explained() -> None:
    rows = set(re.findall(r"^\| `([a-z_]+)` \|", DOCUMENT, re.MULTILINE))
    tables = (checks_file._FILE, checks_file._CHECK, checks_file._MUSCLES, checks_file._CORRECTION)
    assert rows == {key for table in tables for key in table}


def test_every_allowed_word_is_named() -> None:
    words = [*checks_file.CHECKPOINTS, *checks_file.UNITS, *checks_file.CORRECTION_PHASES]
    assert [word for word in [*words, *View, *Phase, *AssessedBy] if f"`{word}`" not in DOCUMENT] == []


def test_every_kind_of_drawing_is_explained_with_as_many_points_as_it_takes() -> None:
    rows = re.findall(r"^\| `([a-z-]+)((?: [A-Z])+)` \|", DOCUMENT, re.MULTILINE)
    assert {kind: len(points.split()) for kind, points in rows} == dict(KINDS)
    assert [name for name in (*POINTS, *FROM_VALUE) if f"`{name}`" not in DOCUMENT] == []


def test_the_keys_that_a_gym_may_change_are_listed_as_such() -> None:
    (line,) = re.findall(r"^- You may change (.*)$", DOCUMENT, re.MULTILINE)
    assert set(re.findall(r"`([a-z_]+)`", line)) == set(checks_file._SITE_KEYS)


def test_the_examples_work(tmp_path: Path) -> None:
    example, changes = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    (tmp_path / "checks.toml").write_text(example, encoding="utf-8")
    (check,) = read_checks(tmp_path / "checks.toml", {"knees-in": measure})
    assert check.corrections[0].exercise == "foam-roll-adductors"

    (tmp_path / "ours.toml").write_text(changes, encoding="utf-8")
    changed = apply_overlay(read_checks(SQUAT, squat_measures()), tmp_path / "ours.toml")
    assert [check.cue for check in changed if check.slug == "shallow-depth"] == ["Sit down to the box"]


def test_the_messages_shown_are_the_real_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = SQUAT.read_text(encoding="utf-8")
    content = re.sub(r"(\[checks\.knees-in\].*?\n)sign =", r"\1sgin =", content, count=1, flags=re.DOTALL)
    block = '[[checks.knees-in.corrections]]\nphase = "'
    content = content.replace(f'{block}lengthen"', f'{block}activ"')
    monkeypatch.chdir(tmp_path)
    Path("checks.toml").write_text(content, encoding="utf-8")
    with pytest.raises(PluginError) as refused:
        read_checks(Path("checks.toml"), squat_measures())
    (shown,) = re.findall(r"```\n(checks\.toml: .*?)```", DOCUMENT, re.DOTALL)
    assert str(refused.value).splitlines() == shown.splitlines()
