"""Which cameras there are, by what names, and which is meant, on a tree of devices made for the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errors import SourceError
from kiosk.vision.auto import AutoCamera
from kiosk.vision.devices import Cameras, VideoDevice, choose, find_cameras, stable_name
from kiosk.vision.v4l2_kernel import PictureFormat

from .fake_cameras import TestedCamera, frame, lost
from .fake_kernel import CAPTURE, M2M_PLANES, META_CAPTURE, OUTPUT, STREAMING, Device, FakeKernel

METADATA = Device(flags=META_CAPTURE | STREAMING)
CODEC = Device("bcm2835-codec", "bcm2835-codec-decode", M2M_PLANES | STREAMING)
ISP = Device("bcm2835-isp", "bcm2835-isp", CAPTURE | STREAMING)
LOOPBACK = Device("v4l2 loopback", "Kiosk", CAPTURE | OUTPUT | STREAMING)


class Tree:
    """A /dev with nodes and links."""

    def __init__(self, folder: Path) -> None:
        self.dev = folder
        self.kernel = FakeKernel({})

    def plug(self, number: int, device: Device, by_id: str = "", by_path: str = "") -> Path:
        node = self.dev / f"video{number}"
        node.touch()
        self.kernel.devices[node] = device
        for kind, name in (("by-id", by_id), ("by-path", by_path)):
            if name:
                folder = self.dev / "v4l" / kind
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).unlink(missing_ok=True)
                (folder / name).symlink_to(node)
        return node

    def unplug(self, number: int) -> None:
        node = self.dev / f"video{number}"
        node.unlink()
        del self.kernel.devices[node]

    def find(self) -> Cameras:
        return find_cameras(self.dev, self.kernel)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


class TestFinding:
    def test_a_webcam_is_found_by_its_lasting_name_with_its_formats(self, tree: Tree) -> None:
        node = tree.plug(0, Device(sizes={"MJPG": {(1280, 720): [30]}}), "usb-046d_C920_1234-video-index0")
        (found,) = tree.find().devices
        assert found.node == node
        assert found.stable == tree.dev / "v4l/by-id/usb-046d_C920_1234-video-index0"
        assert found.formats == (PictureFormat("MJPG", (1280, 720), 30.0),)

    @pytest.mark.parametrize("device", [METADATA, CODEC, ISP], ids=["metadata", "codec", "converter"])
    def test_what_sends_no_picture_of_its_own_is_no_camera(self, tree: Tree, device: Device) -> None:
        tree.plug(1, device)
        assert tree.find().sources == ()

    @pytest.mark.parametrize("driver", ["unicam", "rp1-cfe"])
    def test_the_nodes_of_the_ribbon_cable_stand_for_one_csi_camera(self, tree: Tree, driver: str) -> None:
        for number in range(4):
            tree.plug(number, Device(driver, driver))
        assert tree.find().sources == ("csi",)

    def test_a_camera_made_by_software_is_one(self, tree: Tree) -> None:
        node = tree.plug(10, LOOPBACK)
        assert tree.find().sources == (str(node),)

    def test_a_node_that_is_no_video_device_is_passed_over(self, tree: Tree) -> None:
        tree.plug(0, Device(driver=""))
        assert tree.find() == Cameras()

    def test_one_that_may_not_be_opened_is_told_apart_from_none(self, tree: Tree) -> None:
        node = tree.plug(0, Device(forbidden=True))
        assert tree.find() == Cameras(forbidden=(node,))

    def test_two_of_a_kind_without_serial_numbers_are_told_by_their_ports(self, tree: Tree) -> None:
        tree.plug(0, Device(), "usb-generic-video-index0", "platform-usb-0:1.1")
        tree.plug(2, Device(), "usb-generic-video-index0", "platform-usb-0:1.2")
        assert [Path(name).name for name in tree.find().sources] == ["platform-usb-0:1.1", "platform-usb-0:1.2"]

    def test_numbers_are_counted_not_spelt(self, tree: Tree) -> None:
        tree.plug(10, LOOPBACK)
        tree.plug(2, Device())
        assert [device.node.name for device in tree.find().devices] == ["video2", "video10"]

    def test_every_node_is_closed_again(self, tree: Tree) -> None:
        tree.plug(0, Device())
        tree.find()
        assert tree.kernel.open_nodes == {}

    def test_a_path_without_a_lasting_name_stays_what_it_is(self, tree: Tree) -> None:
        node = tree.plug(0, Device(), "usb-cam")
        assert stable_name(node, tree.dev, tree.kernel) == tree.dev / "v4l/by-id/usb-cam"
        assert stable_name(Path("/dev/null"), tree.dev, tree.kernel) == Path("/dev/null")


def device(name: str) -> VideoDevice:
    return VideoDevice(Path(f"/dev/{name}"), Path(f"/dev/v4l/by-id/{name}"), name)


class TestChoosing:
    def test_the_only_camera_is_meant(self) -> None:
        assert choose(Cameras((device("one"),))) == "/dev/v4l/by-id/one"
        assert choose(Cameras(ribbon=True)) == "csi"

    def test_of_several_none_is_guessed_and_all_are_named(self) -> None:
        with pytest.raises(SourceError, match="several cameras") as caught:
            choose(Cameras((device("one"), device("two")), ribbon=True))
        assert "/dev/v4l/by-id/one, /dev/v4l/by-id/two, csi" in str(caught.value)

    def test_the_one_that_it_was_before_stays_when_another_is_plugged_in(self) -> None:
        assert choose(Cameras((device("one"), device("two"))), "/dev/v4l/by-id/two") == "/dev/v4l/by-id/two"

    def test_none_says_to_plug_one_in(self) -> None:
        with pytest.raises(SourceError, match="plug one in"):
            choose(Cameras())

    def test_a_forbidden_one_names_the_group_that_may(self) -> None:
        with pytest.raises(SourceError, match="/dev/video0 may not be opened by this user: add the user to the group"):
            choose(Cameras(forbidden=(Path("/dev/video0"),)))


class TestAuto:
    def test_after_a_loss_the_same_camera_is_found_under_its_new_number(self, tree: Tree) -> None:
        made: list[tuple[str, TestedCamera]] = []

        def opened_as(source: str) -> TestedCamera:
            made.append((source, TestedCamera()))
            return made[-1][1]

        tree.plug(0, Device(), "usb-cam")
        camera = AutoCamera(opened_as, tree.find)
        camera.open()
        made[0][1].put(frame(0, 0.0), lost())
        assert camera.read() is not None
        with pytest.raises(SourceError, match="away"):
            camera.read()
        camera.close()
        tree.unplug(0)
        with pytest.raises(SourceError, match="No camera is connected"):
            camera.open()
        tree.plug(1, Device(), "usb-cam")
        camera.open()
        assert [source for source, _ in made] == [str(tree.dev / "v4l/by-id/usb-cam")]
        assert made[0][1].opened == 2

    def test_another_camera_in_its_place_is_taken_too(self, tree: Tree) -> None:
        made: list[str] = []

        def opened_as(source: str) -> TestedCamera:
            made.append(Path(source).name)
            return TestedCamera()

        tree.plug(0, Device(), "usb-old")
        camera = AutoCamera(opened_as, tree.find)
        camera.open()
        tree.unplug(0)
        tree.plug(0, Device(card="new"), "usb-new")
        camera.open()
        assert made == ["usb-old", "usb-new"]

    def test_it_is_named_after_the_camera_that_it_found(self, tree: Tree) -> None:
        camera = AutoCamera(lambda _source: TestedCamera(), tree.find)
        assert camera.name == "The camera"
        tree.plug(0, Device())
        camera.open()
        assert camera.name == "Camera of the test"
        assert camera.source == str(tree.dev / "video0")
