"""The disk image of the machine under test: Debian, and on it the kiosk as systemd/install.sh puts it there.

Everything is made from nothing and kept in ~/.cache/plumbline/appliance, in a folder for each step that is named after
what the step depends on. A folder that was cut off has no file `complete` and is made afresh.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import modules
from .clips import CLIPS, write_clips
from .commands import ApplianceError, check_host, run, step
from .target import AMD64, Target

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
GUEST = HERE / "guest"
SUITE = "trixie"
#: What a Raspberry Pi OS Lite has and a bare Debian has not, and what the tests ask the machine with.
PACKAGES = (
    "systemd,systemd-sysv,udev,dbus,kmod,python3,python3-venv,iproute2,v4l-utils,avahi-daemon,"
    "initramfs-tools,zstd,libpam-systemd,systemd-timesyncd,procps"
)
#: What the bundle is made of: a change in any of these makes another one.
SOURCES = ("pyproject.toml", "kiosk", "models", "plugins", "systemd", "docs", "LICENSE", "README.md")
#: Folders of a step that stay beside the one that is wanted: each is 1.5 GB at the most.
_OTHERS_KEPT = 2
#: What no kiosk waits for, and what costs an emulated machine seconds at each start.
_NOT_NEEDED = (
    "modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service proc-sys-fs-binfmt_misc.automount"
    " dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount"
    " systemd-network-generator.service systemd-networkd-persistent-storage.service"
    " systemd-udev-load-credentials.service"
)
#: What goes among the initrd's scripts.
_IN_INITRD = {"overlay": "init-bottom/overlay", "no-udev-top": "init-top/udev", "no-udev-bottom": "init-bottom/udev"}
_ROOT_SIZE, _STATE_SIZE = "3G", "256M"


@dataclass(frozen=True)
class Image:
    """What a machine is started from. ``root`` and ``state`` are raw disks, never written to."""

    kernel: Path
    initrd: Path
    root: Path
    state: Path
    bundle: Path
    newer: Path
    folder: Path
    target: Target


def cache() -> Path:
    """Return the folder in which everything is kept that is made here."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plumbline" / "appliance"


def base(target: Target) -> Path:
    """Return the folder with a Debian of that kind, `root`, and its `modules`. Raises ApplianceError."""
    parts: list[str | Path] = [SUITE, PACKAGES, HERE / "modules.py"]
    parts += [HERE / "as_arm64.sh"] if target.foreign else []
    return kept(target.named("base"), parts, lambda at: _make_base(target, at))


def bundles(target: Target) -> Path:
    """Return the folder with this tree's bundle, `first`, and a `newer` one. Raises ApplianceError."""
    wheel = next((base(target) / "modules").glob("lgpio-*.whl"))
    parts: list[str | Path] = [wheel.name, *(ROOT / name for name in SOURCES)]
    return kept(target.named("bundles"), parts, lambda at: _make_bundles(target, wheel, at))


def image(target: Target = AMD64) -> Image:
    """Return the image of this tree, made where it is not there yet. Raises ApplianceError."""
    check_host()
    debian, files = base(target), bundles(target)
    bundle, newer = sorted((files / "first").glob("*.tar"))[0], sorted((files / "newer").glob("*.tar"))[0]
    parts: list[str | Path] = [
        debian.name,
        files.name,
        GUEST,
        HERE / "image.py",
        HERE / "clips.py",
        *(ROOT / clip for clip in CLIPS),
    ]
    disks = kept(target.named("disks"), parts, lambda at: _make_disks(target, debian, bundle, newer, at))
    kernel, initrd, root, state = (disks / name for name in ("vmlinuz", "initrd.img", "root.img", "state.img"))
    return Image(kernel, initrd, root, state, bundle, newer, disks, target)


# --- Steps that are kept -----------------------------------------------------------------------------------------


def kept(name: str, depends_on: Iterable[str | Path], make: Callable[[Path], None]) -> Path:
    """Return the folder of a step, made by ``make`` where it is not there whole.

    One run at a time makes something. Of other trees' and of older ones the newest few are kept: they may be in use.
    """
    place = cache() / f"{name}-{_key(depends_on)}"
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "complete").exists():
            shutil.rmtree(place, ignore_errors=True)
            others = sorted(cache().glob(f"{name}-*"), key=lambda other: other.stat().st_mtime)
            for old in others[:-_OTHERS_KEPT]:
                shutil.rmtree(old)
            place.mkdir()
            make(place)
            (place / "complete").touch()
    return place


def _key(depends_on: Iterable[str | Path]) -> str:
    whole = hashlib.sha256()
    for part in depends_on:
        if isinstance(part, str):
            whole.update(part.encode())
            continue
        for file in sorted(path for path in (part.rglob("*") if part.is_dir() else [part]) if _counts(path)):
            whole.update(str(file.relative_to(ROOT)).encode())
            whole.update(file.read_bytes())
    return whole.hexdigest()[:12]


def _counts(path: Path) -> bool:
    made = {"__pycache__", "build", ".mypy_cache"} & set(path.parts) or any(p.endswith(".egg-info") for p in path.parts)
    return path.is_file() and not made


def _make_base(target: Target, place: Path) -> None:
    """Debian with its kernel, and the modules for that very kernel: they are made together or not at all."""
    with step(f"Debian {SUITE} for {target.debian}"):
        modules.make_root(target, place / "root", SUITE, f"{PACKAGES},linux-image-{target.debian}")
    modules.build(target, modules.kernel_of(place / "root"), SUITE, place / "modules", place)


# --- The bundle, and a newer one -----------------------------------------------------------------------------------


def _make_bundles(target: Target, lgpio: Path, place: Path) -> None:
    """The bundle of this tree, and the same as a later version, for the update."""
    with step("the bundle"):
        _bundle(target, ROOT, lgpio, place / "first")
    with step("the bundle of a later version"):
        later = place / "tree"
        later.mkdir()
        for name in SOURCES:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, later / name)
        project = later / "pyproject.toml"
        text = project.read_text()
        version = next(line for line in text.splitlines() if line.startswith("version = "))
        project.write_text(text.replace(version, 'version = "99.0.0"', 1))
        _bundle(target, later, lgpio, place / "newer")
        shutil.rmtree(later)


def _bundle(target: Target, tree: Path, lgpio: Path, into: Path) -> None:
    run(
        *(sys.executable, tree / "systemd/bundle.py", "--arch", target.machine, "--python", "3.13"),
        *("--add-wheel", lgpio, "--out", into),
        cwd=tree,
    )


# --- The disks -----------------------------------------------------------------------------------------------------


def _make_disks(target: Target, base: Path, bundle: Path, newer: Path, place: Path) -> None:
    root = place / "root"
    run("cp", "-a", "--reflink=auto", base / "root", root)
    with step("systemd/install.sh --bundle in the image"):
        shutil.copy(bundle, root / "tmp/bundle.tar")
        unpacked = root / "tmp/unpacked"
        unpacked.mkdir()
        run("tar", "-xf", bundle, "-C", unpacked, "--no-same-owner")
        said = target.script(root, "cd /tmp/unpacked && bash systemd/install.sh --bundle /tmp/bundle.tar --no-screen")
        print("\n".join(f"    {line}" for line in said.splitlines()), flush=True)
        (place / "install.txt").write_text(said)
        shutil.rmtree(unpacked)
        (root / "tmp/bundle.tar").unlink()
    if not target.foreign:
        with step("the later version beside it"):
            _prepare_update(newer, root)
    with step("test hardware, initrd and disks"):
        _put_guest(base, root)
        _put_kiosk_configuration(root)
        _settle(target, root)
        kernel = modules.kernel_of(root)
        shutil.copy(root / "boot" / f"vmlinuz-{kernel}", place / "vmlinuz")
        shutil.copy(root / "boot" / f"initrd.img-{kernel}", place / "initrd.img")
        _split_off_state(root, place)
        _disk(place / "root.img", "root", _ROOT_SIZE, root)
    shutil.rmtree(root)


def _prepare_update(newer: Path, root: Path) -> None:
    shutil.copy(newer, root / "tmp/bundle.tar")
    shutil.copy(GUEST / "prepare_update.py", root / "tmp")
    AMD64.script(root, "/opt/kiosk/current/venv/bin/python /tmp/prepare_update.py /tmp/bundle.tar")
    for name in ("bundle.tar", "prepare_update.py"):
        (root / "tmp" / name).unlink()


def _put_guest(base: Path, root: Path) -> None:
    """The test's own hardware and agent; nothing of the kiosk is changed by it."""
    lib = root / "usr/local/lib/appliance"
    lib.mkdir(parents=True)
    for name in ("agent.py", "feeder.py", "lines.py", "hardware.sh", "write_results.py"):
        shutil.copy(GUEST / name, lib / name)
    (lib / "hardware.sh").chmod(0o755)
    for name in (modules.GPIO, modules.CAMERA):
        shutil.copy(base / "modules" / name, lib / name)
    write_clips(lib / "clips")
    units = root / "etc/systemd/system"
    for unit in (GUEST / "units").iterdir():
        shutil.copy(unit, units / unit.name)
    shutil.copytree(GUEST / "kiosk.service.d", units / "kiosk.service.d")
    shutil.copy(GUEST / "70-appliance.rules", root / "etc/udev/rules.d")


def _put_kiosk_configuration(root: Path) -> None:
    # Over the one that install.sh has put there, as an owner edits it: owner and rights stay.
    (root / "etc/kiosk/kiosk.toml").write_text((GUEST / "kiosk.toml").read_text())


def _settle(target: Target, root: Path) -> None:
    """Network, partitions and modules of this machine, and what a first start would otherwise do."""
    (root / "etc/hostname").write_text("kiosk\n")
    (root / "etc/fstab").write_text(
        "LABEL=root / ext4 defaults,noatime 0 1\nLABEL=state /var/lib/kiosk ext4 defaults,noatime 0 2\n"
    )
    (root / "etc/systemd/network/eth0.network").write_text("[Match]\nName=eth0\n[Network]\nDHCP=yes\n")
    (root / "etc/modules-load.d/appliance.conf").write_text("i6300esb\nvirtio_net\n")
    initrd_modules = "virtio_blk\nvirtio_net\nvirtio_pci\next4\noverlay\n"
    (root / "etc/initramfs-tools/modules").write_text(initrd_modules)
    scripts = root / "etc/initramfs-tools/scripts"
    for script, place in _IN_INITRD.items():
        shutil.copy(GUEST / "initrd" / script, scripts / place)
        (scripts / place).chmod(0o755)
    target.script(
        root,
        "systemctl enable -q systemd-networkd appliance-agent appliance-hardware"
        " && systemctl mask -q systemd-firstboot.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer"
        f" fstrim.timer systemd-networkd-wait-online.service {_NOT_NEEDED}"
        # Compiled code: without it the first start takes three times as long.
        " && python3 -m compileall -q /usr/lib/python3 /usr/lib/python3.* >/dev/null"
        " && passwd -qd root && update-initramfs -u >/dev/null 2>&1"
        # Says to systemd that what it does once after an update of /usr is done.
        " && ldconfig && touch /etc/.updated /var/.updated",
    )


def _split_off_state(root: Path, place: Path) -> None:
    """The state has a partition of its own, so that the root can be read-only."""
    state = root / "var/lib/kiosk"
    if not state.is_dir():
        raise ApplianceError("install.sh has made no /var/lib/kiosk.")
    _disk(place / "state.img", "state", _STATE_SIZE, state)
    for child in state.iterdir():
        shutil.rmtree(child)


def _disk(file: Path, label: str, size: str, content: Path) -> None:
    run("truncate", "--size", size, file)
    # Nothing is left for the kernel to write later by itself: an idle disk is counted.
    now = "lazy_itable_init=0,lazy_journal_init=0"
    run("mke2fs", "-q", "-F", "-t", "ext4", "-E", now, "-L", label, "-d", content, file)
