"""Which cameras there are, under names that stay the same, and which of them is meant where none was named."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import SourceError
from kiosk.vision.v4l2_kernel import SYSTEM, Kernel, PictureFormat, opened

DEV = Path("/dev")
#: Drivers of the ribbon-cable port: their nodes give raw sensor data, which libcamera alone makes pictures of.
RIBBON_DRIVERS = frozenset({"unicam", "rp1-cfe"})
#: Converters of the Raspberry Pi that look like cameras and never send a picture by themselves.
_NO_CAMERAS = RIBBON_DRIVERS | {
    "bcm2835-codec",
    "bcm2835-isp",
    "bcm2835_codec",
    "hevc_dec",
    "pispbe",
    "rpi-hevc-dec",
    "rpivid",
}
CSI = "csi"


@dataclass(frozen=True, slots=True)
class VideoDevice:
    """A camera on USB, or one made by software.

    ``node`` is its device for now, ``stable`` the name that it keeps: below /dev/v4l/by-id, else by-path (which is the
    port), else the node itself. ``card`` is what it calls itself.
    """

    node: Path
    stable: Path
    card: str
    formats: tuple[PictureFormat, ...] = ()


@dataclass(frozen=True, slots=True)
class Cameras:
    """All that was found. ``ribbon``: a sensor is on the ribbon cable; ``forbidden``: nodes that may not be opened."""

    devices: tuple[VideoDevice, ...] = ()
    ribbon: bool = False
    forbidden: tuple[Path, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """What each of them is called in ``camera.source``."""
        return (*(str(device.stable) for device in self.devices), *((CSI,) if self.ribbon else ()))


def find_cameras(dev: Path = DEV, kernel: Kernel = SYSTEM) -> Cameras:
    """Return the cameras of this machine. Channels of metadata, codecs and converters are left out."""
    found: list[tuple[Path, str, tuple[PictureFormat, ...]]] = []
    forbidden = []
    ribbon = False
    for node in sorted(dev.glob("video[0-9]*"), key=lambda path: (len(path.name), path.name)):
        try:
            with opened(node, kernel) as device:
                what = device.capability()
                ribbon = ribbon or (what is not None and what.driver in RIBBON_DRIVERS)
                if what is not None and what.captures and what.driver not in _NO_CAMERAS:
                    found.append((node, what.card, device.formats()))
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM):
                forbidden.append(node)
    names = _stable_names([(node, card) for node, card, _ in found], dev)
    devices = tuple(VideoDevice(node, names[node], card, formats) for node, card, formats in found)
    return Cameras(devices, ribbon, tuple(forbidden))


def stable_name(path: Path, dev: Path = DEV, kernel: Kernel = SYSTEM) -> Path:
    """Return the lasting name of a camera's node; the path itself where it has none."""
    node = Path(os.path.realpath(path))
    return next((one.stable for one in find_cameras(dev, kernel).devices if one.node == node), path)


def choose(cameras: Cameras, before: str | None = None) -> str:
    """Return the source that is meant where none was named: the only camera, or the one that it was ``before``.

    Raises SourceError where there is none, and where there are several: a kiosk must not guess which of two cameras
    looks at the mark.
    """
    sources = cameras.sources
    if before is not None and before in sources:
        return before
    if len(sources) == 1:
        return sources[0]
    if sources:
        raise SourceError(f"There are several cameras: set camera.source to one of {', '.join(sources)}.")
    if cameras.forbidden:
        nodes = ", ".join(map(str, cameras.forbidden))
        raise SourceError(f"{nodes} may not be opened by this user: add the user to the group video.")
    raise SourceError("No camera is connected to this machine: plug one in, or name a recording with camera.source.")


def _stable_names(found: Sequence[tuple[Path, str]], dev: Path) -> dict[Path, Path]:
    by_id, by_path = (_links(dev / "v4l" / folder) for folder in ("by-id", "by-path"))
    alike = Counter(card for _, card in found)
    names = {}
    for node, card in found:
        # Two cameras of a kind without serial numbers share one name below by-id: it is whichever came last.
        unsure = alike[card] > 1 and any(other not in by_id for other, its_card in found if its_card == card)
        names[node] = (None if unsure else by_id.get(node)) or by_path.get(node) or by_id.get(node) or node
    return names


def _links(folder: Path) -> dict[Path, Path]:
    """Return the names in a folder of links by the node that each stands for."""
    try:
        names: Iterable[Path] = sorted(folder.iterdir(), reverse=True)
    except OSError:
        return {}
    return {Path(os.path.realpath(name)): name for name in names}
