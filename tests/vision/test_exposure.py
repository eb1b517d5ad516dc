"""How USB cameras are set up for a gym, and which format they are asked for, before a fake kernel."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from kiosk.vision.exposure import (
    EXPOSURE_ABSOLUTE,
    EXPOSURE_AUTO,
    EXPOSURE_AUTO_PRIORITY,
    POWER_LINE_FREQUENCY,
    Exposure,
    best_format,
    expose,
)
from kiosk.vision.v4l2 import UsbCamera
from kiosk.vision.v4l2_kernel import PictureFormat, opened

from .fake_cameras import FakeUsbDevice
from .fake_kernel import Device, FakeKernel

NODE = Path("/dev/null")
C920 = {"YUYV": {(640, 480): [30, 15], (1280, 720): [10]}, "MJPG": {(640, 480): [30], (1280, 720): [30]}}


def webcam(**other: object) -> Device:
    controls = {
        POWER_LINE_FREQUENCY: [0, 2, 2],
        EXPOSURE_AUTO: [0, 3, 3],
        EXPOSURE_ABSOLUTE: [3, 2047, 250],
        EXPOSURE_AUTO_PRIORITY: [0, 1, 1],
    }
    return Device(controls=controls, sizes=C920, **other)  # type: ignore[arg-type]  # each test names its own


def exposed(device: Device, exposure: Exposure) -> tuple[str, ...]:
    with opened(NODE, FakeKernel({NODE: device})) as node:
        return expose(node, exposure)


class TestExposing:
    @pytest.mark.parametrize(("mains_hz", "menu"), [(50, 1), (60, 2)])
    def test_lamps_do_not_flicker(self, mains_hz: int, menu: int) -> None:
        device = webcam()
        assert exposed(device, Exposure(mains_hz)) == ()
        assert device.controls[POWER_LINE_FREQUENCY][2] == menu

    def test_the_camera_exposes_by_itself_but_not_at_the_price_of_its_rate(self) -> None:
        device = webcam()
        exposed(device, Exposure())
        assert device.set[-2:] == [(EXPOSURE_AUTO, 3), (EXPOSURE_AUTO_PRIORITY, 0)]

    @pytest.mark.parametrize(("mains_hz", "steps"), [(50, 100), (60, 83)])
    def test_sharp_is_one_flicker_of_the_lamps(self, mains_hz: int, steps: int) -> None:
        device = webcam()
        assert exposed(device, Exposure(mains_hz, "sharp")) == ()
        assert device.set[-2:] == [(EXPOSURE_AUTO, 1), (EXPOSURE_ABSOLUTE, steps)]

    def test_milliseconds_are_kept_within_what_the_camera_can(self) -> None:
        device = webcam()
        exposed(device, Exposure(50, 0.1))
        assert device.controls[EXPOSURE_ABSOLUTE][2] == 3

    def test_what_a_camera_does_not_have_is_named_and_no_error(self) -> None:
        device = webcam()
        device.controls = {EXPOSURE_AUTO: [0, 3, 3]}
        assert exposed(device, Exposure()) == ("power_line_frequency", "exposure_dynamic_framerate")
        assert exposed(device, Exposure(50, 10.0)) == ("power_line_frequency", "exposure_time_absolute")

    def test_a_control_that_only_seems_taken_is_named(self) -> None:
        assert "power_line_frequency" in exposed(webcam(stubborn=True), Exposure(50))

    def test_an_interrupted_call_is_made_again(self) -> None:
        kernel = FakeKernel({NODE: webcam()})
        kernel.interrupted = 2
        with opened(NODE, kernel) as node:
            assert expose(node, Exposure()) == ()
        assert kernel.open_nodes == {}


class TestFormat:
    @pytest.mark.parametrize(
        ("size", "fps", "fourcc"),
        [((640, 480), 30, "YUYV"), ((1280, 720), 30, "MJPG"), ((1280, 720), 10, "YUYV"), ((800, 600), 30, "MJPG")],
    )
    def test_raw_where_it_is_fast_enough_else_jpeg(self, size: tuple[int, int], fps: float, fourcc: str) -> None:
        with opened(NODE, FakeKernel({NODE: webcam()})) as node:
            assert best_format(node.formats(), size, fps) == fourcc

    def test_a_rate_a_little_below_the_one_asked_for_will_do(self) -> None:
        assert best_format((PictureFormat("YUYV", (640, 480), 29.97),), (640, 480), 30) == "YUYV"

    def test_a_camera_without_jpeg_gives_raw_at_any_rate(self) -> None:
        assert best_format((PictureFormat("YUYV", (640, 480), 5.0),), (1280, 720), 30) == "YUYV"

    def test_of_a_camera_that_lists_nothing_jpeg_is_asked(self) -> None:
        assert best_format((), (640, 480), 30) == "MJPG"

    def test_a_range_of_sizes_counts_by_its_largest(self) -> None:
        device = Device(sizes={"YUYV": {(1920, 1080): [30]}}, stepwise=True)
        with opened(NODE, FakeKernel({NODE: device})) as node:
            assert node.formats() == (PictureFormat("YUYV", (1920, 1080), 30.0),)


class TestUsbCamera:
    def test_it_is_set_up_before_its_first_picture(self, usb_device: FakeUsbDevice) -> None:
        device = webcam()
        camera = UsbCamera(
            str(usb_device.node), width=640, height=480, exposure=Exposure(60), kernel=FakeKernel({NODE: device})
        )
        camera.open()
        assert device.controls[POWER_LINE_FREQUENCY][2] == 2
        assert usb_device.asked[0] == (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"YUYV"))
        assert camera.refused == ()

    def test_what_it_refuses_can_be_told(self, usb_device: FakeUsbDevice) -> None:
        camera = UsbCamera(str(usb_device.node), kernel=FakeKernel({NODE: Device()}))
        camera.open()
        assert camera.refused == ("power_line_frequency", "auto_exposure", "exposure_dynamic_framerate")
