"""Somebody stands before the camera: from pictures to a stored result, LEDs and pages, with the real model."""

from __future__ import annotations

import pytest

from . import kiosk_in as kiosk
from .leds import end_lines, start_lines
from .machine import Machine

pytestmark = [pytest.mark.appliance(minutes=1.7), pytest.mark.either_arch]

#: The recording lasts 26 s; with what comes before and after it a visit is over within this, by the machine's clock.
LONGEST_S = 90.0


def test_a_visit_before_the_camera_becomes_a_stored_result_and_the_lights_tell_it(machine: Machine) -> None:
    start_lines(machine)
    # A whole breath of the idle lights: for half a second of it they are dark.
    machine.text("sleep 4")
    with machine.measured("a visit in front of the camera"):
        machine.text("echo incline_push_up_side >/run/clip")
        machine.until(lambda: kiosk.stored(machine), "a stored result", own_s=LONGEST_S)
        machine.until(lambda: kiosk.state(machine) == "result", "the result on the page", own_s=10)
        machine.text("sleep 1")
    (result,) = kiosk.stored(machine)
    # Its own screen may read it while it stands there; on the network only who was given it.
    assert "Incline push-up" in kiosk.own_screen(machine, f"/result/{result}")
    assert machine.page(f"/result/{result}")[0] in (302, 403, 404)
    lines = end_lines(machine)
    view = machine.view()
    print(f"{view['inference_ms']:.0f} ms for one picture by the machine's clock, {view['fps']} pictures a second")

    seen = lines.colours()
    print("the lights:", " > ".join(seen))
    report = kiosk.report(machine, result)
    reps = [rep for rep in report["reps"] if rep["complete"]]
    assert report["exercise"] == "incline-push-up"
    assert len(reps) >= 7
    assert report["first"] == "hips-sag"

    # Nobody, somebody, clean reps, from the sixth on those with the sign that the rendered person shows, the result.
    story = ["red+green+blue+ready", "blue+busy", "green+busy", "red+busy", "red+green+blue+busy"]
    assert _in_order(story, seen), seen
    assert not any("trouble" in shown for shown in seen)


def _in_order(wanted: list[str], seen: list[str]) -> bool:
    """Whether all of these were seen, one after the other, with anything in between."""
    rest = iter(seen)
    return all(any(shown == one for shown in rest) for one in wanted)
