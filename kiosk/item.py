"""One thing that the doctor looked at: in a sentence for people, and in values for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias

Value: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at: ``ok`` is None where it is neither right nor wrong, but worth knowing.

    ``values`` are the same facts for programs (docs/doctor.md): None is what cannot be told here.
    """

    name: str
    ok: bool | None
    says: str
    means: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def plain(self) -> dict[str, Any]:
        """The item as plain data, without its name."""
        return {"fit": self.ok, "says": self.says, "means": self.means, "values": dict(self.values)}


#: The version of the doctor's JSON: `kiosk/doctor.schema.json`.
SCHEMA = 1


def doctor_json(items: Mapping[str, Mapping[str, Any]], *, running: bool, at: datetime) -> dict[str, Any]:
    """Return what was found as the doctor's JSON. ``items``: by name, each as `Item.plain`; ``at`` when, in UTC.

    ``running``: whether it is a running kiosk that says so of itself.
    """
    return {
        "schema": SCHEMA,
        "at": at.isoformat(timespec="seconds"),
        "running": running,
        "fit": all(item["fit"] is not False for item in items.values()),
        "items": [{"name": name, **item} for name, item in items.items()],
    }
