"""Plugins that are installed for a process of its own: a module and its distribution's data on the search path."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import dedent

from .commands import ROOT


def install(folder: Path, name: str, source: str, version: str = "1.0") -> dict[str, str]:
    """Install a plugin in a folder; returns the environment in which a process finds it."""
    module = f"kiosk_{name.replace('-', '_')}"
    (folder / f"{module}.py").write_text(dedent(source), encoding="utf-8")
    data = folder / f"gym_{name.replace('-', '_')}.dist-info"
    data.mkdir(exist_ok=True)
    (data / "METADATA").write_text(f"Metadata-Version: 2.1\nName: gym-{name}\nVersion: {version}\n")
    (data / "entry_points.txt").write_text(f"[kiosk]\n{name} = {module}\n")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


def exercise(slug: str, functions: str) -> str:
    """The source of a plugin with one exercise; ``functions`` define ``start`` and ``effort``."""
    head = """
        import re
        import time
        import numpy as np
        from kiosk import Exercise, Pass, View, hookimpl
        kiosk_api = "1.0"
    """
    tail = f"""
        @hookimpl
        def kiosk_register_exercises():
            return [Exercise(slug="{slug}", title="{slug}", passes=(Pass(View.FRONT, 5, "Go"),), start=start,
                             effort=effort, checks=(), start_ask="Stand")]
    """
    return dedent(head) + dedent(functions) + dedent(tail)
