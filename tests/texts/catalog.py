"""A translation file as we write it: one entry after the other, each text in one line, nothing that depends on when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from babel.messages.pofile import read_po

#: Marks an entry that no page names: a sentence that comes finished from the code that judges and runs.
SAID = "said"


@dataclass(frozen=True)
class Entry:
    """One text: its English, its translation, "" for none, the files that show it, and what is said about it."""

    english: str
    translation: str = ""
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def is_said(self) -> bool:
        """Whether it is a finished sentence of the code."""
        return SAID in self.notes


def read_entries(path: Path) -> list[Entry]:
    """Return the entries of a file in its order."""
    with path.open("rb") as file:
        return [
            Entry(one.id, str(one.string or ""), tuple(name for name, _ in one.locations), tuple(one.auto_comments))
            for one in read_po(file, abort_invalid=True)
            if isinstance(one.id, str) and one.id
        ]


def brought_up_to_date(entries: Iterable[Entry], texts: Mapping[str, Iterable[str]]) -> list[Entry]:
    """Return the entries of a file with those of ``texts`` alone, new ones empty; finished sentences stay."""
    known = {entry.english: entry for entry in entries}
    shown = [replace(known.get(english, Entry(english)), files=tuple(files)) for english, files in texts.items()]
    return shown + [entry for entry in known.values() if entry.is_said and entry.english not in texts]


def written(entries: Iterable[Entry], code: str) -> str:
    """Return the text of the file."""
    parts = [
        'msgid ""\nmsgstr ""\n'
        f'"Language: {code}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
    ]
    parts += [
        "".join(f"#. {note}\n" for note in entry.notes)
        + "".join(f"#: {name}\n" for name in entry.files)
        + f"msgid {_quoted(entry.english)}\nmsgstr {_quoted(entry.translation)}\n"
        for entry in entries
    ]
    return "\n".join(parts)


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
