"""The kernel modules that Debian's kernel lacks, and lgpio for its Python, built from their published sources.

gpio-sim and its irq_sim come from Debian's linux-source package, v4l2loopback from its dkms package (both GPL-2.0:
fetched when they are needed, never kept here). lgpio has no wheel for Python 3.13, so it is built from its source.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from .commands import ApplianceError, chroot_script, run, step
from .target import AMD64, Target

LGPIO = "lgpio==0.2.2.0"
GPIO, CAMERA = "gpio-simx.ko", "v4l2loopback.ko"
_BUILDER = "gcc,make,libc6-dev,swig,python3-dev,python3-pip,python3-setuptools,python3-wheel,xz-utils,kmod,binutils"
#: For another architecture all is compiled on this one: under emulation a compiler takes minutes.
_CROSS_BUILDER = (
    "gcc-{gnu},libc6-dev:{debian},libpython3-dev:{debian},linux-kbuild-{release},linux-headers-{release}-common"
)

#: irq_to_desc is not there for modules; the descriptor of the interrupt's own data is the same one.
_IRQ = ("handle_simple_irq(irq_to_desc(irqnum));", "handle_simple_irq(irq_data_to_desc(irq_get_irq_data(irqnum)));")
_INCLUDE = ("#include <linux/irq.h>\n", "#include <linux/irq.h>\n#include <linux/irqdesc.h>\n")
_KBUILD = "obj-m := gpio-simx.o\ngpio-simx-y := gpio-sim.o irq_sim.o\nccflags-y += -DCONFIG_IRQ_SIM=1\n"


def kernel_of(root: Path) -> str:
    """Return the version of the kernel in a root file system, such as "6.12.107+deb13-amd64"."""
    found = sorted((root / "boot").glob("vmlinuz-*"))
    if not found:
        raise ApplianceError(f"{root} has no kernel: remove it, and it is made anew.")
    return found[-1].name.removeprefix("vmlinuz-")


def build(target: Target, kernel: str, suite: str, into: Path, work: Path) -> None:
    """Build both modules and the wheel of lgpio for a kernel of a Debian suite into a folder."""
    builder = work / "builder"
    with step("a root with a compiler"):
        _make_builder(target, builder, suite, kernel)
    sources = _fetch(target, builder, kernel)
    with step("kernel modules and lgpio"):
        _gpio_sim(target, builder, sources, kernel)
        _v4l2loopback(target, builder, sources, kernel)
        _lgpio(target, builder)
    into.mkdir(parents=True, exist_ok=True)
    for made in (builder / "build").rglob("*"):
        if made.name in (GPIO, CAMERA) or (made.suffix == ".whl" and made.name.startswith("lgpio-")):
            shutil.copy(made, into / made.name)
    shutil.rmtree(builder)


def _make_builder(target: Target, builder: Path, suite: str, kernel: str) -> None:
    if not target.foreign:
        make_root(target, builder, suite, f"{_BUILDER},linux-headers-{kernel}")
        return
    gnu = target.compiler.rstrip("-").replace("_", "-")
    abroad = _CROSS_BUILDER.format(gnu=gnu, debian=target.debian, release=kernel.removesuffix(f"-{target.debian}"))
    _debian(builder, suite, f"{_BUILDER},{abroad}", [AMD64.debian, target.debian])


def make_root(target: Target, into: Path, suite: str, packages: str) -> None:
    """Make a root file system of Debian packages, without documentation and translations."""
    _debian(into, suite, packages, [target.debian], target.foreign)


def _debian(into: Path, suite: str, packages: str, architectures: list[str], before: Sequence[str] = ()) -> None:
    leave_out = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale")]
    # A small initrd with the modules that are named, instead of all.
    initrd = (
        'mkdir -p "$1/etc/initramfs-tools/conf.d";'
        ' printf "MODULES=list\\nCOMPRESS=zstd\\n" >"$1/etc/initramfs-tools/conf.d/appliance"'
    )
    run(
        # What tells whether the programs run is one more package to install; that they do not, is said anyway.
        *(*before, "mmdebstrap", "--mode=root", "--variant=minbase", "--skip=check/qemu"),
        *(f"--architectures={','.join(architectures)}", '--aptopt=Acquire::Languages "none"', *leave_out),
        *(f"--include={packages}", f"--essential-hook={initrd}", suite, into),
    )


def _fetch(target: Target, builder: Path, kernel: str) -> Path:
    """Download the source packages, unpack what is needed of them, and return where."""
    series = ".".join(kernel.split(".")[:2])
    packages, put_headers = f"linux-source-{series} v4l2loopback-dkms", ""
    if target.foreign:
        # These headers ask for a compiler that runs on the other architecture; unpacked they need none.
        packages += f" linux-headers-{kernel}:{target.debian}"
        put_headers = f" && cp -a usr/src/linux-headers-{kernel} /usr/src/"
    with step("sources of the modules"):
        chroot_script(
            builder,
            f"mkdir -p /build/debs /build/sources && cd /build/debs && apt-get -qq update"
            f" && apt-get -qq download {packages}"
            f" && for deb in *.deb; do dpkg-deb -x $deb ../sources; done"
            f" && cd ../sources && tar -xf usr/src/linux-source-{series}.tar.xz --strip-components=1"
            f" linux-source-{series}/drivers/gpio linux-source-{series}/kernel/irq{put_headers}",
        )
    return builder / "build/sources"


def _gpio_sim(target: Target, builder: Path, sources: Path, kernel: str) -> None:
    folder = builder / "build/gpio"
    folder.mkdir()
    shutil.copy(sources / "drivers/gpio/gpio-sim.c", folder)
    # Headers of the gpio drivers that gpio-sim may include beside it.
    for header in (sources / "drivers/gpio").glob("*.h"):
        shutil.copy(header, folder)
    code = (sources / "kernel/irq/irq_sim.c").read_text()
    for before, after in (_IRQ, _INCLUDE):
        if before not in code:
            raise ApplianceError(
                f"irq_sim.c of {kernel} is not the one that modules.py knows: {before!r} is not in it."
            )
        code = code.replace(before, after)
    (folder / "irq_sim.c").write_text(code)
    (folder / "Kbuild").write_text(_KBUILD)
    chroot_script(builder, f"{_make(target, kernel)} M=/build/gpio modules")


def _v4l2loopback(target: Target, builder: Path, sources: Path, kernel: str) -> None:
    source = next((sources / "usr/src").glob("v4l2loopback-*"))
    place = re.sub(f"^{re.escape(str(builder))}", "", str(source))
    chroot_script(builder, f"cp -r {place} /build/camera && {_make(target, kernel)} M=/build/camera modules")


def _make(target: Target, kernel: str) -> str:
    words = f"make -s -C /usr/src/linux-headers-{kernel}"
    return f"{words} ARCH={target.debian} CROSS_COMPILE={target.compiler}" if target.foreign else words


def _lgpio(target: Target, builder: Path) -> None:
    folder = builder / "build/lgpio"
    run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-binary=:all:", "--no-deps", f"--dest={folder}", LGPIO),
    )
    abroad = ""
    if target.foreign:
        # The names that Python goes by when it compiles for another architecture than its own.
        abroad = (
            f"export _PYTHON_HOST_PLATFORM=linux-{target.machine} CC={target.compiler}gcc"
            f" _PYTHON_SYSCONFIGDATA_NAME=_sysconfigdata__{target.compiler.rstrip('-')}; "
        )
    chroot_script(
        builder,
        f"{abroad}cd /build/lgpio && tar -xf lgpio-*.tar.gz --strip-components=1"
        " && PYPI=1 python3 setup.py -q bdist_wheel >/dev/null",
    )
