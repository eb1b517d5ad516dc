"""Making a new version beside the old one, and trying it: the doctor finds nothing new, and a recorded visit comes out.

The kiosk that runs is not touched, and neither is its database: the new version is shown a copy.
"""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.errors import UpdateError
from kiosk.update.bundle import Bundle
from kiosk.update.system import Done, System
from kiosk.update.versions import Versions

#: What of the bundle stays with the version: its papers, the visit to try it with, and its units to go back to.
KEPT = ("visit", "systemd", "docs")


def make_version(system: System, versions: Versions, bundle: Bundle, unpacked: Path) -> None:
    """Install the bundle as a version of its own, without marking it complete. Raises UpdateError."""
    place = versions.place(bundle.manifest.build)
    shutil.rmtree(place, ignore_errors=True)
    venv = place / "venv"
    # The system's own packages show through: lgpio and picamera2 exist only there.
    _must(system.run([system.python, "-m", "venv", "--system-site-packages", venv]), f"{venv} could not be made")
    pip: list[str | Path] = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-input", "--no-compile", "--no-index", "--find-links", unpacked / "wheels"]
    done = system.run([*pip, "--requirement", unpacked / bundle.requirements])
    _must(done, "The new version could not be installed")
    # What no Python of this version can compile is not ours.
    system.run([venv / "bin" / "python", "-m", "compileall", "-q", venv / "lib"])
    shutil.copy(unpacked / "manifest.toml", place)
    for name in KEPT:
        if (unpacked / name).is_dir():
            shutil.copytree(unpacked / name, place / name)


def try_version(system: System, versions: Versions, build: str, config: Path, database: Path | None) -> None:
    """Raise UpdateError unless the version is as sound as the one that runs, and finds what is in its recorded visit.

    ``database`` is a copy that the new version may bring up to date; None where the results are not in a file.
    """
    new, old = versions.place(build), versions.place(versions.current)
    faults = doctor_faults(system, new, config, database)
    # A fault that was there before is no reason to keep the old version, and may be what the new one mends.
    known = _faults_before(system, old, config) if faults else set()
    worse = {name: says for name, says in faults.items() if known is not None and name not in known}
    if worse:
        found = "; ".join(f"{name}: {says}" for name, says in worse.items())
        raise UpdateError(f"With {build} the doctor finds what it did not find before: {found}")
    check_visit(system, new, config)


def _faults_before(system: System, old: Path, config: Path) -> set[str] | None:
    """Return what the version that runs finds wrong; None where its own doctor is what is broken."""
    try:
        # It may not be shown the copy: the new version has brought that up to date.
        return set(doctor_faults(system, old, config, None))
    except UpdateError:
        return None


def doctor_faults(system: System, place: Path, config: Path, database: Path | None) -> dict[str, str]:
    """Return what a version's doctor finds wrong, by name. Raises UpdateError when it cannot be asked at all."""
    # Without a port nobody is asked: this version itself looks, instead of telling what the running one says.
    environ = {"KIOSK_WEB_PORT": "0"}
    if database is not None:
        environ["KIOSK_HISTORY_URL"] = f"sqlite:///{database}"
    done = kiosk(system, place, ["doctor", "--config", config], environ)
    faults = dict(re.findall(r"^WRONG\s+([^:]+): (.*)$", done.out, re.MULTILINE))
    # Python ends with 1 too when a program breaks: a doctor that finds something names it.
    if done.code not in (0, 1) or bool(faults) != (done.code == 1):
        raise UpdateError(f"The doctor of {place.name} does not work: {done.last_words}")
    return faults


def check_visit(system: System, place: Path, config: Path) -> None:
    """Raise UpdateError unless a version finds the exercise and the reps of the recorded visit that it came with."""
    visit = place / "visit" / "visit.npz"
    labels = tomllib.loads(visit.with_suffix(".toml").read_text("utf-8"))
    done = kiosk(system, place, ["analyze", visit, "--json", "-", "--config", config], {})
    if done.code != 0:
        raise UpdateError(f"{place.name} cannot analyse its recorded visit: {done.last_words}")
    try:
        report: dict[str, Any] = json.loads(done.out)
        found = report["exercise"], sum(bool(rep["complete"]) for rep in report["reps"])
    except (ValueError, KeyError, TypeError) as error:
        raise UpdateError(f"{place.name} gives no report of its recorded visit ({error}).") from error
    wanted = labels["exercise"], len(labels["reps"])
    if found != wanted:
        raise UpdateError(
            f"In its recorded visit {place.name} finds {found[1]} reps of '{found[0]}' instead of {wanted[1]} of "
            f"'{wanted[0]}'."
        )


def kiosk(system: System, place: Path, words: list[str | Path], environ: Mapping[str, str]) -> Done:
    """Run the kiosk's command of a version as the kiosk's own user."""
    command: list[str | Path] = [place / "venv" / "bin" / "python", "-m", "kiosk", *words]
    if system.user is not None:
        pairs = [f"{name}={value}" for name, value in environ.items()]
        command = ["runuser", "-u", system.user, "--", "env", *pairs, *command]
    return system.run(command, environ)


def _must(done: Done, what: str) -> None:
    if done.code != 0:
        raise UpdateError(f"{what}: {done.last_words}")
