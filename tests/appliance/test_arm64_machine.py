"""A whole arm64 machine: what is in it, and that it sees what this machine sees. Only with --arch arm64.

That it starts and scans is shown by test_start.py and test_visit.py, which run in it as they are.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from .arm64 import PROCESSOR, check_emulator
from .commands import run
from .image import Image
from .keypoints import MODEL, PICTURES, check_same_as_here, write_task
from .machine import Machine

pytestmark = [pytest.mark.appliance(minutes=2), pytest.mark.arm64]

_PYTHON = "/opt/kiosk/current/venv/bin/python"
_PIP_LIST = "import importlib.metadata as m; print(*(d.name + '==' + d.version for d in m.distributions()), sep='\\n')"
_MODEL = f"import importlib.resources as r; print(r.files('kiosk_models') / '{MODEL.name}')"
#: What /proc/cpuinfo calls the processors of Arm whose instructions qemu knows, by their part numbers.
_PARTS = {"cortex-a76": "0xd0b"}


def test_the_machine_has_a_pi_5s_processor_and_an_emulator_that_computes_right(
    machine: Machine, the_image: Image
) -> None:
    check_emulator(run(*the_image.target.emulator, "--version"))
    assert machine.text("uname -m") == "aarch64"
    assert machine.text("dpkg --print-architecture") == "arm64"
    assert re.search(rf"CPU part\s*: {_PARTS[PROCESSOR]}", machine.text("cat /proc/cpuinfo"))


def test_the_kiosk_in_it_is_made_of_the_wheels_of_the_bundle(machine: Machine, the_image: Image) -> None:
    listed = run("tar", "-xOf", the_image.bundle, "requirements/cp313-aarch64.txt")
    wanted = _versions(re.findall(r"^[\w.-]+==[\w.+-]+", listed, re.MULTILINE))
    found = _versions(machine.text(f'{_PYTHON} -c "{_PIP_LIST}"').splitlines())
    assert {"ai-edge-litert", "lgpio", "opencv-python-headless"} < wanted.keys()
    assert wanted.items() <= found.items()
    # Where a wheel is compiled, it is so for this processor: the machine's number in the head of an ELF file.
    kinds = machine.text("find /opt/kiosk/current/venv/lib/ -name '*.so' -exec od -An -tx1 -j18 -N2 {} \\; | sort -u")
    assert kinds.split() == ["b7", "00"]


def test_keypoints_in_the_machine_equal_the_native_ones_bit_for_bit(machine: Machine, tmp_path: Path) -> None:
    program, pictures = write_task(tmp_path)
    machine.text("mkdir /run/look")
    for file in (program, pictures):
        # Longer than a shell command may be.
        content = base64.b64encode(file.read_bytes()).decode()
        machine.python(f"import base64; open('/run/look/{file.name}', 'wb').write(base64.b64decode('{content}'))")
    model = machine.text(f'{_PYTHON} -c "{_MODEL}"')
    with machine.measured(f"Python, the model, and {PICTURES} pictures through it"):
        machine.text(f"cd /run/look && {_PYTHON} {program.name} {model} {pictures.name} there.npy 2>/dev/null")
    there = tmp_path / "there.npy"
    there.write_bytes(base64.b64decode(machine.text("base64 -w0 /run/look/there.npy")))
    check_same_as_here(program, pictures, there)


def _versions(lines: list[str]) -> dict[str, str]:
    pairs = (line.split("==") for line in lines)
    return {canonicalize_name(name): version for name, version in pairs}
