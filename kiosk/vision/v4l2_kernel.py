"""What Video4Linux says of a device, asked of the kernel itself: capabilities, formats, controls.

OpenCV offers neither the names of devices nor whether a control was taken, so the few calls that tell stand here:
structures and numbers are those of the kernel's user interface, ``linux/videodev2.h``.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_WRITE, _READ = 1, 2
_CAPABILITY = struct.Struct("16s32s32s3I12x")
_FORMAT = struct.Struct("3I32sI16x")
_SIZE = struct.Struct("3I24s8x")
_INTERVAL = struct.Struct("5I24s8x")
_CONTROL = struct.Struct("Ii")
_CONTROL_FACTS = struct.Struct("2I32s4iI8x")


def _request(direction: int, number: int, layout: struct.Struct) -> int:
    """Return the number of an ioctl of the family 'V', as the macros _IOR and _IOWR make it."""
    return direction << 30 | layout.size << 16 | ord("V") << 8 | number


QUERYCAP = _request(_READ, 0, _CAPABILITY)
ENUM_FMT = _request(_READ | _WRITE, 2, _FORMAT)
G_CTRL = _request(_READ | _WRITE, 27, _CONTROL)
S_CTRL = _request(_READ | _WRITE, 28, _CONTROL)
QUERYCTRL = _request(_READ | _WRITE, 36, _CONTROL_FACTS)
ENUM_FRAMESIZES = _request(_READ | _WRITE, 74, _SIZE)
ENUM_FRAMEINTERVALS = _request(_READ | _WRITE, 75, _INTERVAL)

_CAPTURE, _META, _M2M, _M2M_PLANES, _HAS_DEVICE_CAPS = 0x1, 0x00800000, 0x00008000, 0x00004000, 0x80000000
_CAPTURE_BUFFERS = 1
_DISCRETE = 1
_DISABLED = 0x1
#: Drivers that list without end would hold up the kiosk.
_MOST_LISTED = 64


class Kernel(Protocol):
    """The three system calls by which a device is asked; tests bring their own."""

    def open(self, path: Path) -> int:
        """Open a device without blocking and return its descriptor. Raises OSError."""

    def ioctl(self, descriptor: int, request: int, argument: bytearray) -> None:
        """Make a call whose argument is read and written in place. Raises OSError."""

    def close(self, descriptor: int) -> None:
        """Close a descriptor."""


class SystemKernel:
    """The kernel that runs here."""

    def open(self, path: Path) -> int:
        """Open a device without blocking. Raises OSError."""
        return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def ioctl(self, descriptor: int, request: int, argument: bytearray) -> None:
        """Make a call. Raises OSError."""
        fcntl.ioctl(descriptor, request, argument)

    def close(self, descriptor: int) -> None:
        """Close a descriptor."""
        os.close(descriptor)


SYSTEM = SystemKernel()


@dataclass(frozen=True, slots=True)
class Capability:
    """What a device says it is: ``captures`` pictures, and is neither a channel of metadata nor a converter."""

    driver: str
    card: str
    bus: str
    captures: bool


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A pixel format (``MJPG``, ``YUYV``) at a size in pixels, and the frames per second it reaches; 0 if not told."""

    fourcc: str
    size_px: tuple[int, int]
    fps: float


class Node:
    """An open device. Everything that it does not answer is told as missing, never as an error."""

    def __init__(self, kernel: Kernel, descriptor: int) -> None:
        self._kernel = kernel
        self._descriptor = descriptor

    def capability(self) -> Capability | None:
        """Return what the device is; None where it is no Video4Linux device."""
        answer = self._ask(QUERYCAP, bytearray(_CAPABILITY.size))
        if answer is None:
            return None
        driver, card, bus, _version, whole, of_node = _CAPABILITY.unpack(answer)
        flags = of_node if whole & _HAS_DEVICE_CAPS else whole
        captures = bool(flags & _CAPTURE) and not flags & (_META | _M2M | _M2M_PLANES)
        return Capability(_text(driver), _text(card), _text(bus), captures)

    def formats(self) -> tuple[PictureFormat, ...]:
        """Return every format at every single size, with its highest frame rate; empty where they are not listed."""
        return tuple(
            PictureFormat(_fourcc(code), size, self._fastest(code, size))
            for code in self._codes()
            for size in self._sizes(code)
        )

    def set(self, control: int, value: int) -> bool:
        """Set a control, within its range; whether the device has taken it."""
        facts = self._ask(QUERYCTRL, bytearray(_CONTROL_FACTS.pack(control, 0, b"", 0, 0, 0, 0, 0)))
        if facts is None:
            return False
        _, _, _, least, most, _, _, flags = _CONTROL_FACTS.unpack(facts)
        if flags & _DISABLED:
            return False
        wanted = min(most, max(least, value))
        return self._ask(S_CTRL, bytearray(_CONTROL.pack(control, wanted))) is not None and self.get(control) == wanted

    def get(self, control: int) -> int | None:
        """Return the value of a control; None where there is none."""
        answer = self._ask(G_CTRL, bytearray(_CONTROL.pack(control, 0)))
        return None if answer is None else int(_CONTROL.unpack(answer)[1])

    def _codes(self) -> Iterator[int]:
        for index in range(_MOST_LISTED):
            answer = self._ask(ENUM_FMT, bytearray(_FORMAT.pack(index, _CAPTURE_BUFFERS, 0, b"", 0)))
            if answer is None:
                return
            yield int(_FORMAT.unpack(answer)[4])

    def _sizes(self, code: int) -> Iterator[tuple[int, int]]:
        for index in range(_MOST_LISTED):
            answer = self._ask(ENUM_FRAMESIZES, bytearray(_SIZE.pack(index, code, 0, b"")))
            if answer is None:
                return
            _, _, kind, sizes = _SIZE.unpack(answer)
            if kind != _DISCRETE:
                # A range of sizes: its largest tells what the format can do.
                yield struct.unpack_from("6I", sizes)[1], struct.unpack_from("6I", sizes)[4]
                return
            yield struct.unpack_from("2I", sizes)

    def _fastest(self, code: int, size: tuple[int, int]) -> float:
        fastest = 0.0
        for index in range(_MOST_LISTED):
            answer = self._ask(ENUM_FRAMEINTERVALS, bytearray(_INTERVAL.pack(index, code, *size, 0, b"")))
            if answer is None:
                break
            *_, kind, intervals = _INTERVAL.unpack(answer)
            over, under = struct.unpack_from("2I", intervals)
            fastest = max(fastest, under / over if over else 0.0)
            if kind != _DISCRETE:
                break
        return fastest

    def _ask(self, request: int, argument: bytearray) -> bytearray | None:
        try:
            self._kernel.ioctl(self._descriptor, request, argument)
        except OSError as error:
            if error.errno == errno.EINTR:
                return self._ask(request, argument)
            return None
        return argument


@contextmanager
def opened(path: Path, kernel: Kernel = SYSTEM) -> Iterator[Node]:
    """Open a device to ask it, and close it after the block. Raises OSError where it cannot be opened."""
    descriptor = kernel.open(path)
    try:
        yield Node(kernel, descriptor)
    finally:
        kernel.close(descriptor)


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


def _fourcc(code: int) -> str:
    return "".join(chr(code >> shift & 0x7F) for shift in (0, 8, 16, 24))
