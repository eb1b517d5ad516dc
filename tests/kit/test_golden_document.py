"""docs/golden.md, which trainers read: complete, and true."""

import re
import tomllib
from pathlib import Path

import pytest

from kiosk.kit import checking, golden
from kiosk.kit.robustness import BODY_SCALE, DEGRADATIONS, LIMB_SCALE, NOISE_TORSOS, YAW_DEG
from kiosk.kit.scaffold import SIGNALS, STARTS
from tests.commands import ROOT

DOCUMENT = (ROOT / "docs" / "golden.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
#: The keys of a file, of a rep and of a promise that the document's tables must hold.
KEYS = {*golden._LABELS, *golden._REP, *checking._PROMISE, "promise", "degraded"}


def in_tables(document: str) -> set[str]:
    """Return what stands in backquotes in the first column of the tables."""
    rows = re.findall(r"^\| (`[^|]*) \|", document, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_key_and_every_degradation_is_in_a_table_and_nothing_else() -> None:
    assert in_tables(DOCUMENT) == KEYS | set(DEGRADATIONS)


def test_every_signal_and_posture_of_a_new_plugin_is_documented() -> None:
    (section,) = [text for text in COMMANDS.split("\n## ") if text.startswith("`kiosk plugins new")]
    assert set(SIGNALS) <= in_tables(section)
    assert all(f"`{start}`" in section for start in STARTS)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_is_read_without_complaint(block: str, tmp_path: Path) -> None:
    name = "promise.toml" if "promise" in tomllib.loads(block) else "set.toml"
    (tmp_path / name).write_text(block, encoding="utf-8")
    if name == "set.toml":
        assert len(golden.read_labels(tmp_path / name).reps) in (2, 5)
    else:
        assert checking.read_promises(tmp_path, DEGRADATIONS).plain.least_hits_ratio == 0.9


def test_the_numbers_in_the_document_are_those_of_the_code() -> None:
    assert f"standard deviation {100 * NOISE_TORSOS:.0f} % of the torso" in DOCUMENT
    assert f"turned by {YAW_DEG:.0f} degrees about the vertical" in DOCUMENT
    assert f"{100 * BODY_SCALE:.0f} % as large in the picture" in DOCUMENT
    assert f"{100 * (LIMB_SCALE - 1):.0f} % longer beside the trunk" in DOCUMENT
    assert f"exact within {checking.HELD_WITHIN_S:g} s" in DOCUMENT
