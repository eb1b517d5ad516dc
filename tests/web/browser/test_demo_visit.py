"""The whole product at work, as a member sees it: the live page during a visit of the demo, then the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

#: The visit with the squats takes about a minute at the recordings' speed.
LOOKS, LOOK_MS = 900, 100

SEEN = """() => {
  const canvas = document.getElementById("stage");
  let inked = 0;
  if (canvas.width) {
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    for (let i = 3; i < data.length; i += 4 * 7) inked += data[i] > 0;
  }
  return {
    state: document.body.dataset.state,
    reps: Number(document.getElementById("reps").textContent),
    light: document.getElementById("led-word").textContent,
    asked: document.getElementById("instruction").textContent,
    inked,
  };
}"""


@pytest.mark.browser
def test_a_member_sees_skeleton_reps_and_lights_and_then_the_result(
    demo_run: Any, open_page: Callable[..., Any]
) -> None:
    screen = open_page(demo_run.url)
    looks: list[dict[str, Any]] = []
    for _ in range(LOOKS):
        looks.append(screen.page.evaluate(SEEN))
        now = looks[-1]
        if now["state"] == "scan" and now["reps"] == 3 and sum(look["reps"] == 3 for look in looks) == 1:
            screen.keep("demo-scan")
        if now["state"] == "result":
            break
        screen.page.wait_for_timeout(LOOK_MS)
    screen.says("#result", "Knees")
    screen.keep("demo-result")

    states = [look["state"] for look in looks]
    assert states[-1] == "result"
    assert {"scan", "turn"} <= set(states)
    first_pass = [look["reps"] for look in looks[: states.index("turn")] if look["state"] == "scan"]
    assert first_pass == sorted(first_pass)
    assert {1, 2, 3, 4} <= set(first_pass)
    # The squat is not to be coached: the page says nothing of a rep before the result.
    assert not {"Clean rep", "Not sure", "Sign seen"} & {look["light"] for look in looks}
    assert "Watching" in {look["light"] for look in looks}
    in_scan = [look["inked"] for look in looks if look["state"] == "scan"]
    assert sum(inked > 200 for inked in in_scan) > 0.8 * len(in_scan)
    assert all(1 <= len(look["asked"].split()) <= 7 for look in looks if look["state"] != "starting")
    # Chromium advises against looking at the canvas so often: that was this test.
    assert [said for said in screen.complaints if "getImageData" not in said] == []
