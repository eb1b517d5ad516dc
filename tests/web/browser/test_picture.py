"""The camera's picture on the live page: only where the owner allows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kiosk.station.live import LiveBoard, LiveView
from kiosk.web.server import Server

pytestmark = pytest.mark.browser


def test_the_cameras_picture_stands_mirrored_behind_the_skeleton_where_enabled(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    image[:, :320] = (0, 200, 0)  # the left half of the camera's picture is green
    board.picture()
    board.offer_picture(image)
    screen = open_page(served(show_picture=True).url)
    board.publish(view(1, state="framing", keypoints=()))
    screen.until(
        """() => {
          const canvas = document.getElementById("stage");
          const [w, h] = [canvas.width, canvas.height];
          const wide = Math.min(w, h * 4 / 3);
          const pen = canvas.getContext("2d");
          const at = (share) => pen.getImageData(w / 2 + wide * share, h * 0.95, 1, 1).data;
          return at(0.4)[1] > 100 && at(-0.4)[1] < 40 && at(-0.4)[3] > 0;
        }""",
    )


def test_without_leave_the_page_never_asks_for_the_picture(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    screen = open_page(served().url)
    board.publish(view(1))
    screen.shows(".reps", "3 / 5")
    assert not [address for address in screen.asked if address.endswith("/picture")]
    assert not board.wants_picture
