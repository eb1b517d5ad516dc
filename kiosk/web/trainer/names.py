"""A short name for a member, by which a trainer knows them again without knowing who they are."""

from __future__ import annotations

import hashlib

#: Without those that are taken for each other when they are read out or written down.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 5


def nickname(member: str) -> str:
    """Return the name of a member by the key of their course: always the same, and no way back to the key."""
    digest = hashlib.sha256(f"nickname {member}".encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_LENGTH])
