"""``python -m tests.documents``: write docs/reference.md and docs/pictures anew, from the code as it stands."""

from __future__ import annotations

from tests.commands import ROOT
from tests.documents.pictures import PICTURES
from tests.documents.reference import reference

REFERENCE = ROOT / "docs" / "reference.md"
FOLDER = ROOT / "docs" / "pictures"


def write() -> None:
    """Write all of it, and remove pictures that there are no more."""
    REFERENCE.write_text(reference(), encoding="utf-8")
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.svg"):
        old.unlink()
    for name, draw in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    write()
    print(f"{REFERENCE.relative_to(ROOT)} and {len(PICTURES)} pictures in {FOLDER.relative_to(ROOT)} are written.")
