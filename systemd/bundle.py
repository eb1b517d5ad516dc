"""``make bundle``: the kiosk, its plugins and all wheels that they need in one file. See docs/bundle.md."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
FORMAT = 1
PYTHONS = ("3.11", "3.13")  # Raspberry Pi OS bookworm and trixie
ARCHITECTURES = ("aarch64", "x86_64")
#: The newest glibc whose wheels run on bookworm, and the oldest that anybody still builds for.
GLIBC_MINORS = range(36, 16, -1)
#: bookworm's picamera2 is built for NumPy 1, and OpenCV 5 needs NumPy 2.
CONSTRAINTS = {"3.11": ("numpy<2", "opencv-python-headless<5")}
#: What makes up the plumbline wheels. Anything else beside them is left alone, such as an old build folder.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "kiosk", "models")
LEFTOVERS = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", ".*")
#: A recording with a known outcome, for the check after an update.
VISIT = ROOT / "plugins/overhead_squat/golden/front-1"
#: A resolver that was run by another Python may miss what only that of the kiosk needs; it is asked again.
MOST_ROUNDS = 5


class BundleError(Exception):
    """The bundle cannot be made: a sentence that says why and what to do."""


@dataclass(frozen=True)
class Target:
    """One kind of machine: its Python (``3.13``) and its architecture as ``uname -m`` says it."""

    python: str
    architecture: str

    @property
    def name(self) -> str:
        """``cp313-aarch64``."""
        return f"cp{self.python.replace('.', '')}-{self.architecture}"

    def pip_options(self) -> list[str]:
        """What makes pip choose wheels for this machine instead of for the one that it runs on."""
        tag = f"cp{self.python.replace('.', '')}"
        names = [f"manylinux_2_{minor}_{self.architecture}" for minor in GLIBC_MINORS]
        platforms = [*names, f"manylinux2014_{self.architecture}", f"linux_{self.architecture}"]
        options = [f"--platform={name}" for name in platforms]
        return [*options, f"--python-version={self.python}", "--implementation=cp", f"--abi={tag}", "--abi=abi3"]

    def environment(self) -> dict[str, str]:
        """What the conditions in a wheel's requirements are judged by."""
        return {
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "platform_machine": self.architecture,
            "sys_platform": "linux",
            "platform_system": "Linux",
            "os_name": "posix",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
        }


# --- Where the code comes from -----------------------------------------------------------------------------------


def asked_of_git(*words: str) -> str:
    """What git says, "" where there is no git or no repository."""
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def commit() -> str:
    """The commit that is packed, marked when the tree has changes of its own; "" outside version control."""
    number = asked_of_git("rev-parse", "HEAD")
    return f"{number}-changed" if number and asked_of_git("status", "--porcelain") else number


def time_of_commit() -> int:
    """Seconds since 1970 that all packed files get; SOURCE_DATE_EPOCH goes before the commit's own."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or asked_of_git("log", "-1", "--format=%ct") or 1_700_000_000)


# --- Wheels ------------------------------------------------------------------------------------------------------


def pip(*words: str, what: str, epoch: int) -> None:
    """Run pip. Raises `BundleError` with its last words when it fails."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *words]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-15:])
        raise BundleError(f"{last}\npip could not {what}; its own words are above. Is the network there?")


def build_own_wheels(into: Path, epoch: int) -> list[Path]:
    """Build the kiosk's wheel and those of its plugins, from clean copies: nothing old in the tree gets in."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "plumbline")
        copy.mkdir()
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=LEFTOVERS)
            else:
                shutil.copy(source, copy / name)
        projects = [copy]
        for plugin in sorted((ROOT / "plugins").glob("*/pyproject.toml")):
            place = copy.with_name(plugin.parent.name)
            projects.append(shutil.copytree(plugin.parent, place, ignore=LEFTOVERS))
        built = Path(folder, "wheels")
        # Rights go into a wheel, and must not depend on who makes it.
        before = os.umask(0o022)
        try:
            pip("wheel", "--no-deps", f"--wheel-dir={built}", *map(str, projects), what="build our wheels", epoch=epoch)
        finally:
            os.umask(before)
        return [Path(shutil.copy(wheel, into / wheel.name)) for wheel in sorted(built.glob("*.whl"))]


def fetch(target: Target, own: list[Path], into: Path, epoch: int) -> list[Path]:
    """Fetch all that the wheels ``own`` need on that machine; return all wheels, their own ones too."""
    into.mkdir()
    constraints = into.with_suffix(".txt")
    constraints.write_text("".join(f"{line}\n" for line in CONSTRAINTS.get(target.python, ())))
    needed: list[str] = []
    for _ in range(MOST_ROUNDS):
        words = ["--only-binary=:all:", *target.pip_options(), f"--constraint={constraints}", f"--dest={into}"]
        pip("download", *words, *map(str, own), *needed, what=f"fetch the wheels for {target.name}", epoch=epoch)
        wheels = sorted(into.glob("*.whl"))
        missing = sorted(missing_from(wheels, target))
        if not missing:
            return wheels
        needed += missing
    raise BundleError(f"For {target.name} these requirements could not be settled: {', '.join(missing)}.")


def missing_from(wheels: Iterable[Path], target: Target) -> set[str]:
    """What the wheels ask for on that machine and is not among them."""
    wheels = list(wheels)
    there = {canonicalize_name(name_and_version(wheel)[0]) for wheel in wheels}
    asked = {requirement for wheel in wheels for requirement in requirements_of(wheel, target)}
    return {wanted for wanted in asked if canonicalize_name(Requirement(wanted).name) not in there}


def requirements_of(wheel: Path, target: Target) -> Iterator[str]:
    """Yield the requirements of a wheel that hold on that machine, without their conditions."""
    try:
        with ZipFile(wheel) as packed:
            name = next(name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
            metadata = Metadata.from_email(packed.read(name), validate=False)
    except (BadZipFile, StopIteration) as error:
        raise BundleError(f"{wheel.name} is no wheel that can be read: fetch it again.") from error
    for requirement in metadata.requires_dist or ():
        if requirement.marker is None or requirement.marker.evaluate(target.environment()):
            requirement.marker = None
            yield str(requirement)


def name_and_version(wheel: Path) -> tuple[str, str]:
    """Of which distribution and version a wheel is."""
    try:
        name, version, _build, _tags = parse_wheel_filename(wheel.name)
    except InvalidWheelFilename as error:
        raise BundleError(f"{wheel.name} is not named like a wheel: name-version-python-abi-platform.whl.") from error
    return str(name), str(version)


def fits(wheel: Path, target: Target) -> bool:
    """Whether a wheel that was added by hand is for that machine."""
    tags = parse_wheel_filename(wheel.name)[3]
    tag = f"cp{target.python.replace('.', '')}"
    return any(
        of.interpreter in ("py3", "py2.py3", tag) or of.abi == "abi3"
        for of in tags
        if of.platform == "any" or of.platform.endswith(target.architecture)
    )


def locked(wheels: Iterable[Path]) -> str:
    """The wheels as a requirements file: exact versions, each with its checksum."""
    lines = []
    for wheel in wheels:
        name, version = name_and_version(wheel)
        lines.append(f"{name}=={version} --hash=sha256:{sha256(wheel)}\n")
    return "".join(sorted(lines))


# --- The bundle --------------------------------------------------------------------------------------------------


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def gather(folder: Path, targets: list[Target], added: list[Path], epoch: int) -> list[str]:
    """Put everything but manifest and checksums into ``folder``; return the names of what is to be installed."""
    wheels = folder / "wheels"
    wheels.mkdir()
    (folder / "requirements").mkdir()
    own = build_own_wheels(wheels, epoch)
    with tempfile.TemporaryDirectory() as fetched:
        for target in targets:
            mine = [*own, *(wheel for wheel in added if fits(wheel, target))]
            found = fetch(target, mine, Path(fetched, target.name), epoch)
            (folder / "requirements" / f"{target.name}.txt").write_text(locked(found))
            for wheel in found:
                shutil.copy(wheel, wheels / wheel.name)
    shutil.copytree(ROOT / "systemd", folder / "systemd", ignore=LEFTOVERS)
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=LEFTOVERS)
    shutil.copy(ROOT / "LICENSE", folder)
    (folder / "visit").mkdir()
    for ending in (".npz", ".toml"):
        shutil.copy(VISIT.with_suffix(ending), folder / "visit" / f"visit{ending}")
    return sorted({canonicalize_name(name_and_version(wheel)[0]) for wheel in [*own, *added]})


def checksums(folder: Path) -> str:
    """A line for every file but the list itself, as sha256sum writes them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = ((file, file.relative_to(folder).as_posix()) for file in files)
    return "".join(f"{sha256(file)}  {name}\n" for file, name in names if name != "SHA256SUMS")


def manifest(build: str, version: str, targets: list[Target], install: list[str], epoch: int) -> str:
    """What the bundle says of itself (docs/bundle.md)."""

    def listed(names: Iterable[str]) -> str:
        return "[" + ", ".join(f'"{name}"' for name in dict.fromkeys(names)) + "]"

    return (
        f"format = {FORMAT}\n"
        'name = "plumbline"\n'
        f'version = "{version}"\n'
        f'build = "{build}"\n'
        f"created = {datetime.fromtimestamp(epoch, UTC):%Y-%m-%dT%H:%M:%SZ}\n"
        f'commit = "{commit()}"\n'
        f"pythons = {listed(target.python for target in targets)}\n"
        f"architectures = {listed(target.architecture for target in targets)}\n"
        f"install = {listed(install)}\n"
    )


def write_tar(folder: Path, file: Path, epoch: int) -> None:
    """Pack the folder in the order of names, with the same times, rights and owners everywhere and every time."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = epoch, 0, 0, "root", "root"
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    unfinished = file.with_suffix(".part")
    with tarfile.open(unfinished, "w", format=tarfile.PAX_FORMAT) as tar:
        # What is asked for first stands first: nobody reads 300 MB to learn that a bundle is not for his machine.
        for name in ("manifest.toml", "SHA256SUMS"):
            tar.add(folder / name, name, filter=plain)
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if name not in ("manifest.toml", "SHA256SUMS"):
                tar.add(path, name, recursive=False, filter=plain)
    unfinished.replace(file)


def make_bundle(out: Path, targets: list[Target], added: list[Path]) -> Path:
    """Make a bundle in the folder ``out`` and return the file. Raises `BundleError` with what went wrong."""
    epoch = time_of_commit()
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".bundle-") as place:
        folder = Path(place)
        install = gather(folder, targets, added, epoch)
        build = f"{version}+{hashlib.sha256(checksums(folder).encode()).hexdigest()[:8]}"
        (folder / "manifest.toml").write_text(manifest(build, version, targets, install, epoch))
        (folder / "SHA256SUMS").write_text(checksums(folder))
        file = out / f"plumbline-{build}.tar"
        write_tar(folder, file, epoch)
    return file


def main(words: list[str] | None = None) -> int:
    """Make a bundle as the words ask; 1 with a sentence when it cannot be made."""
    own = platform.machine()
    parser = argparse.ArgumentParser(prog="make bundle", description="All of the kiosk in one file: docs/bundle.md.")
    parser.add_argument("--arch", action="append", choices=ARCHITECTURES, help="may be repeated; aarch64 and this one")
    parser.add_argument("--python", action="append", choices=PYTHONS, help="may be repeated; 3.11 and 3.13")
    parser.add_argument("--add-wheel", action="append", type=Path, default=[], metavar="FILE", help="may be repeated")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="FOLDER", help="where to; dist")
    args = parser.parse_args(words)
    architectures = args.arch or sorted({"aarch64", own} & set(ARCHITECTURES))
    targets = [Target(python, arch) for arch in dict.fromkeys(architectures) for python in args.python or PYTHONS]
    try:
        for wheel in args.add_wheel:
            name_and_version(wheel)
            if not wheel.is_file():
                raise BundleError(f"{wheel} is not there: name a wheel that is.")
        file = make_bundle(args.out, targets, args.add_wheel)
    except (BundleError, OSError) as error:
        sys.stderr.write(f"bundle: {error}\n")
        return 1
    machines = ", ".join(target.name for target in targets)
    sys.stdout.write(f"bundle: {file} ({file.stat().st_size / 1e6:.0f} MB, for {machines})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
