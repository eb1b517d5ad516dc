"""Video4Linux devices as the kernel shows them: nodes below a folder, and what they answer to each ioctl."""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.vision.v4l2_kernel import (
    ENUM_FMT,
    ENUM_FRAMEINTERVALS,
    ENUM_FRAMESIZES,
    G_CTRL,
    QUERYCAP,
    QUERYCTRL,
    S_CTRL,
)

CAPTURE, OUTPUT, META_CAPTURE, M2M_PLANES, STREAMING = 0x1, 0x2, 0x00800000, 0x00004000, 0x04000000
DEVICE_CAPS = 0x80000000
DISCRETE, STEPWISE = 1, 3


@dataclass
class Device:
    """What stands behind a node. ``controls``: number -> [least, most, value]; ``sizes``: format -> size -> rates."""

    driver: str = "uvcvideo"
    card: str = "HD Pro Webcam C920"
    flags: int = CAPTURE | STREAMING
    whole: int = CAPTURE | STREAMING | META_CAPTURE
    controls: dict[int, list[int]] = field(default_factory=dict)
    sizes: dict[str, dict[tuple[int, int], list[int]]] = field(default_factory=dict)
    stepwise: bool = False
    forbidden: bool = False
    #: A control that looks taken and stays as it was, as with some webcams.
    stubborn: bool = False
    set: list[tuple[int, int]] = field(default_factory=list)


class FakeKernel:
    """Answers for `Device` by node."""

    def __init__(self, devices: dict[Path, Device]) -> None:
        self.devices = devices
        self.open_nodes: dict[int, Device] = {}
        self.interrupted = 0

    def open(self, path: Path) -> int:
        device = self.devices.get(path.resolve())
        if device is None:
            raise OSError(errno.ENODEV, "no such device")
        if device.forbidden:
            raise PermissionError(errno.EACCES, "no")
        descriptor = 100 + len(self.open_nodes)
        self.open_nodes[descriptor] = device
        return descriptor

    def close(self, descriptor: int) -> None:
        del self.open_nodes[descriptor]

    def ioctl(self, descriptor: int, request: int, argument: bytearray) -> None:
        device = self.open_nodes[descriptor]
        if self.interrupted:
            self.interrupted -= 1
            raise InterruptedError(errno.EINTR, "again")
        assert len(argument) == request >> 16 & 0x3FFF, "the argument is not as long as the call says"
        answers = {
            QUERYCAP: _capability,
            ENUM_FMT: _format,
            ENUM_FRAMESIZES: _size,
            ENUM_FRAMEINTERVALS: _interval,
            QUERYCTRL: _facts,
            G_CTRL: _get,
            S_CTRL: _set,
        }
        try:
            answers[request](device, argument)
        except (KeyError, IndexError):
            raise OSError(errno.EINVAL, "not known") from None


def _capability(device: Device, argument: bytearray) -> None:
    if not device.driver:
        raise OSError(errno.ENOTTY, "no video device")
    texts = struct.pack("16s32s32s", device.driver.encode(), device.card.encode(), b"usb-0000:01:00.0-1.3")
    argument[:] = texts + struct.pack("3I12x", 0x060C00, device.whole | DEVICE_CAPS, device.flags)


def _format(device: Device, argument: bytearray) -> None:
    (index,) = struct.unpack_from("I", argument)
    struct.pack_into("I", argument, 44, _code(list(device.sizes)[index]))


def _size(device: Device, argument: bytearray) -> None:
    index, code = struct.unpack_from("2I", argument)
    size = list(device.sizes[_letters(code)])[index]
    if device.stepwise:
        struct.pack_into("7I", argument, 8, STEPWISE, 16, size[0], 16, 16, size[1], 16)
    else:
        struct.pack_into("3I", argument, 8, DISCRETE, *size)


def _interval(device: Device, argument: bytearray) -> None:
    index, code, width, height = struct.unpack_from("4I", argument)
    rate = device.sizes[_letters(code)][width, height][index]
    struct.pack_into("3I", argument, 16, DISCRETE, 1, rate)


def _facts(device: Device, argument: bytearray) -> None:
    (control,) = struct.unpack_from("I", argument)
    least, most, value = device.controls[control]
    struct.pack_into("4i", argument, 40, least, most, 1, value)


def _get(device: Device, argument: bytearray) -> None:
    (control,) = struct.unpack_from("I", argument)
    struct.pack_into("i", argument, 4, device.controls[control][2])


def _set(device: Device, argument: bytearray) -> None:
    control, value = struct.unpack_from("Ii", argument)
    least, most, _ = device.controls[control]
    assert least <= value <= most
    device.set.append((control, value))
    if not device.stubborn:
        device.controls[control][2] = value


def _code(letters: str) -> int:
    return int.from_bytes(letters.encode(), "little")


def _letters(code: int) -> str:
    return code.to_bytes(4, "little").decode()
