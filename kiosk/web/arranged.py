"""How the parts of a result are put together on a page: reps by their pass, a text by its steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])")


def by_pass(reps: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Return the reps of each view and side in their order, each list behind its first rep."""
    passes: dict[tuple[object, object], list[Mapping[str, Any]]] = {}
    for rep in reps:
        passes.setdefault((rep.get("view"), rep.get("done_on")), []).append(rep)
    return [(one[0], one) for one in passes.values()]


def steps_of(how: str) -> list[str]:
    """Return the sentences of a text, each a step to do."""
    return [step for step in _END.split(how.strip()) if step]
