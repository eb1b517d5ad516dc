"""``python -m tests.texts``: bring every translation file of the pages up to date: new texts empty, old ones out."""

from __future__ import annotations

from kiosk.web.language import HERE
from tests.texts.catalog import brought_up_to_date, read_entries, written
from tests.texts.collect import page_texts


def write() -> None:
    """Write all of them, and say how much each lacks."""
    texts = page_texts()
    for path in sorted(HERE.glob("*.po")):
        entries = brought_up_to_date(read_entries(path), texts)
        path.write_text(written(entries, path.stem), encoding="utf-8")
        empty = sum(not entry.translation for entry in entries)
        print(f"{path.name}: {len(entries)} texts, {empty} of them not translated yet.")


if __name__ == "__main__":
    write()
