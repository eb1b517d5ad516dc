"""The live page in a real browser, at the sizes of a kiosk's screen and of a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.station.live import Lit, LiveBoard, LiveView
from kiosk.web.server import Server, serve

pytestmark = pytest.mark.browser

#: How many pixels are drawn on the canvas that is shown; a page of words has none.
DRAWN = """() => {
  const canvas = [...document.querySelectorAll("canvas")].find((e) => e.offsetParent !== null);
  if (!canvas) return document.querySelector("#ask").offsetParent ? Infinity : 0;
  if (!canvas.width) return 0;
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
  return drawn;
}"""
#: Where what is drawn of the person stands on the canvas, from 0 (left) to 1 (right): the colour of their limbs.
LIMBS_AT = """() => {
  const canvas = document.getElementById("stage");
  if (!canvas.width) return 0;
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0, count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 200 && data[i] > 220 && data[i + 1] > 220) {
      sum += (i / 4) % canvas.width; count += 1;
    }
  }
  return count ? sum / count / canvas.width : 0;
}"""
#: Buttons and texts that stick out of the screen, by their ids and words.
OUTSIDE = """() => [...document.querySelectorAll("button, h1, .reps, #cue, #led-word, #detail, .machine")]
  .filter((e) => e.offsetParent !== null && e.textContent.trim())
  .filter((e) => {
    const box = e.getBoundingClientRect();
    return box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1;
  }).map((e) => `${e.id} ${e.textContent}`)"""
#: Texts of the live page that lie over each other.
OVERLAPS = """() => {
  const seen = ["instruction", "detail", "reps", "last", "cue", "led-word"]
    .map((id) => document.getElementById(id))
    .concat([...document.querySelectorAll("button, .banner")])
    .filter((e) => e.offsetParent !== null && e.textContent.trim());
  const across = (a, b) => a.left < b.right - 1 && b.left < a.right - 1;
  const hit = (a, b) => across(a, b) && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const found = [];
  seen.forEach((a, i) => seen.slice(i + 1).forEach((b) => {
    if (!hit(a.getBoundingClientRect(), b.getBoundingClientRect())) return;
    found.push(`${a.textContent} / ${b.textContent}`);
  }));
  return found;
}"""


def test_the_live_page_shows_the_visit(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
    size: str,
) -> None:
    server = served()
    screen = open_page(server.url, size)
    page = screen.page
    screen.shows("#instruction", "Starting …")
    for sequence in range(1, 6):
        board.publish(view(sequence, reps=sequence - 2, coached=True, focus=("knees",)))
    screen.shows("#instruction", "Squat down as low as you can")
    screen.shows(".reps", "3 / 5")
    screen.shows("#cue", "Knees over toes")
    screen.shows("#led-word", "Sign seen")
    screen.shows("#last", "▲ Sign seen")
    screen.shows("#exercise", "Overhead squat")
    screen.shows("#stepper .now", "Front")
    screen.until(f"({LIMBS_AT})() > 0")
    screen.keep(f"live-scan-{size}")
    assert screen.sideways_px() == 0
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(OVERLAPS) == []
    assert screen.complaints == []
    assert all(address.startswith(server.url) for address in screen.asked)


def test_nothing_sticks_out_or_overlaps_in_any_state(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
    size: str,
) -> None:
    screen = open_page(served().url, size)
    page = screen.page
    long = "The camera /dev/video0 does not answer: look at its cable, the kiosk goes on by itself."
    states: list[dict[str, Any]] = [
        {"state": "idle", "instruction": "Step in front of the camera", "keypoints": (), "lit": Lit("idle")},
        {"state": "framing", "instruction": "Step back until we see your feet", "lit": Lit("framing")},
        {"state": "ready", "instruction": "Raise both arms to start", "lit": Lit("ready", (0.0, 0.0, 1.0))},
        {"state": "turn", "instruction": "Turn your side to the camera", "reps": 0, "cue": None},
        {
            "state": "paused",
            "instruction": "Only one person in the picture, please",
            "reps": 12,
            "target_reps": 15,
        },
        {"state": "pain", "instruction": "Did anything hurt?"},
        {
            "state": "trouble",
            "instruction": "The camera does not answer",
            "camera": long,
            "problems": (long,),
        },
    ]
    for sequence, fields in enumerate(states, 1):
        board.publish(view(sequence, **fields))
        screen.shows("#instruction", fields["instruction"])
        screen.until(f"({DRAWN})() > 500")
        screen.keep(f"live-{fields['state']}-{size}")
        assert (fields["state"], screen.sideways_px()) == (fields["state"], 0)
        assert (fields["state"], page.evaluate(OUTSIDE)) == (fields["state"], [])
        assert (fields["state"], page.evaluate(OVERLAPS)) == (fields["state"], [])


def test_the_skeleton_is_mirrored(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    screen = open_page(served().url)
    whole = view(1, state="ready", hint="side").keypoints
    # Facing the camera, the left arm is on the right of the camera's picture, and on the left of a mirror.
    left_arm = tuple(point if k in (5, 7, 9) else None for k, point in enumerate(whole))
    board.publish(view(1, state="turn", keypoints=left_arm))
    screen.until(f"({LIMBS_AT})() > 0")
    assert screen.page.evaluate(LIMBS_AT) < 0.5


METER = "Number(document.getElementById('range').style.transform.slice(7, -1))"


def test_the_range_meter_follows_the_effort_past_its_mark(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    screen = open_page(served().url)
    for sequence, (effort, share) in enumerate([(0.25, 0.25), (0.8, 0.8), (1.0, 1.0), (1.4, 1.15)], 1):
        board.publish(view(sequence, effort=effort))
        screen.until(f"Math.abs({METER} - {share / 1.15}) < 0.002")
    mark = screen.page.evaluate(
        "() => 1 - parseFloat(getComputedStyle(document.querySelector('.range-mark')).top) / "
        "document.getElementById('track').clientHeight"
    )
    assert mark == pytest.approx(1 / 1.15, abs=0.02)
    board.publish(view(9, keypoints=()))
    screen.until("document.getElementById('track').classList.contains('unseen')")


def test_a_hold_counts_seconds_and_fills_with_them(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    screen = open_page(served().url)
    hold = {"held_s": 12.4, "target_s": 30.0, "effort": None, "last_rep": "clean", "side": "left", "coached": True}
    board.publish(view(1, reps=2, target_reps=0, **hold))
    screen.shows("#reps", "12")
    screen.shows("#of", "/ 30")
    screen.shows("#reps-word", "seconds")
    screen.shows("#range-word", "Time")
    screen.shows("#last", "✓ Looks fine")
    screen.shows("#stepper .now", "Front, left")
    screen.until(f"Math.abs({METER} - {12.4 / 30 / 1.15}) < 0.002")
    board.publish(view(2, reps=2, target_reps=5))
    screen.shows("#reps-word", "reps")
    screen.shows("#range-word", "Range")


@pytest.mark.parametrize(
    ("pattern", "word", "animation"),
    [
        ("idle", "Waiting", "breathe"),
        ("ready", "Ready", "blink"),
        ("trouble", "Trouble", "double-flash"),
        ("clean", "Clean rep", "none"),
        ("unsure", "Not sure", "none"),
    ],
)
def test_each_light_has_its_pattern_and_its_word(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
    pattern: str,
    word: str,
    animation: str,
) -> None:
    screen = open_page(served().url)
    page = screen.page
    board.publish(view(1, coached=True, lit=Lit(pattern, (0.0, 0.0, 0.0), (("left", True), ("right", False)))))
    screen.shows("#led-word", word)
    screen.shows("#leds", "left onright off")
    assert page.locator("#led").evaluate("e => getComputedStyle(e).animationName") == animation


def test_touch_and_keys_command_the_engine(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    screen = open_page(served().url)
    page = screen.page

    def sent(act: Callable[[], Any]) -> list[str]:
        with page.expect_response(lambda answer: "/command/" in answer.url) as answer:
            act()
        assert answer.value.status == 204
        return board.take_commands()

    board.publish(view(1, state="ready"))
    page.get_by_role("button", name="Start").wait_for()
    assert sent(lambda: page.get_by_role("button", name="Start").click()) == ["next"]
    assert sent(lambda: page.keyboard.press("Space")) == ["next"]
    assert sent(lambda: page.keyboard.press("Enter")) == ["next"]
    assert sent(lambda: page.get_by_role("button", name="Stop").click()) == ["stop"]
    assert sent(lambda: page.keyboard.press("Space")) == ["next"]  # and not Stop, which was touched last
    assert sent(lambda: page.keyboard.press("Escape")) == ["stop"]
    board.publish(view(2, state="pain"))
    page.get_by_role("button", name="It hurts").wait_for()
    assert sent(lambda: page.get_by_role("button", name="It hurts").click()) == ["pain"]
    assert sent(lambda: page.get_by_role("button", name="No pain").click()) == ["no-pain"]
    assert sent(lambda: page.keyboard.press("p")) == ["pain"]
    assert sent(lambda: page.keyboard.press("n")) == ["no-pain"]
    board.publish(view(3, state="result", result_id="k3v9q2m7"))
    page.get_by_role("button", name="Done").wait_for()
    assert sent(lambda: page.get_by_role("button", name="Done").click()) == ["done"]
    assert sent(lambda: page.keyboard.press("Enter")) == ["done"]


def test_the_result_comes_on_the_screen_and_goes_again(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
    size: str,
) -> None:
    screen = open_page(served().url, size)
    page = screen.page
    board.publish(view(1, state="result", instruction="Here is your result", result_id="k3v9q2m7", cue=None))
    screen.shows("#result .score-range strong", "72–84")
    assert not page.locator("#watch").is_visible()
    screen.keep(f"live-result-{size}")
    assert screen.sideways_px() == 0
    assert page.evaluate(OUTSIDE) == []
    board.publish(view(2, state="idle", instruction="Step in front of the camera", result_id=None))
    page.locator("#welcome").wait_for(state="visible")
    assert page.locator("#result").inner_text() == ""
    assert screen.complaints == []


def test_a_result_that_cannot_be_fetched_leaves_a_word_and_is_tried_again(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
    history: Any,
    report: dict[str, Any],
) -> None:
    screen = open_page(served().url)
    page = screen.page
    board.publish(view(1, state="result", result_id="late"))
    screen.says("#result", "Your result is stored")
    history.reports["late"] = report
    for sequence in range(2, 600):  # the engine goes on publishing, and the page asks again by itself
        if page.locator("#result .score-range").count():
            break
        board.publish(view(sequence, state="result", result_id="late"))
        page.wait_for_timeout(50)
    screen.shows("#result .score-range strong", "72–84")


def test_names_in_a_live_view_stay_text(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    evil = "<img src=/x onerror=alert(1)>"
    screen = open_page(served().url)
    board.publish(
        view(1, instruction=evil, title=evil, cue=evil, coached=True, detail=evil, problems=(evil,), lit=Lit(evil))
    )
    screen.shows("#instruction", evil)
    assert screen.page.locator("img").count() == 0
    assert screen.complaints == []


def test_old_news_is_called_old_and_new_news_clears_it(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    screen = open_page(served().url)
    screen.stop_time()
    page = screen.page
    board.publish(view(1))
    screen.shows(".reps", "3 / 5")
    page.clock.run_for(2500)
    assert not page.locator("#stale").is_visible()
    page.clock.run_for(1500)  # nothing is published: after three seconds
    page.locator("#stale").wait_for(state="visible")
    screen.keep("live-stale-kiosk")
    board.publish(view(2, reps=4))
    page.locator("#stale").wait_for(state="hidden")
    screen.shows(".reps", "4 / 5")


def test_the_page_comes_back_by_itself_when_the_kiosk_does(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    make_app: Callable[..., Any],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    first = served()
    screen = open_page(first.url)
    page = screen.page
    board.publish(view(900))
    screen.shows(".reps", "3 / 5")
    first.close()
    page.locator("#stale").wait_for(state="visible")
    board.publish(view(1, reps=1))  # a kiosk that has started anew counts its views from the beginning
    second = serve(make_app(), "127.0.0.1", first.port)
    try:
        screen.shows(".reps", "1 / 5")
        page.locator("#stale").wait_for(state="hidden")
    finally:
        page.close()
        second.close()


def test_a_page_that_found_no_free_stream_gets_one_later(
    open_page: Callable[..., Any],
    served: Callable[..., Server],
    board: LiveBoard,
    view: Callable[..., LiveView],
) -> None:
    server = served(max_streams=1)
    first = open_page(server.url)
    board.publish(view(1))
    first.shows(".reps", "3 / 5")
    second = open_page(server.url)
    second.page.locator("#stale").wait_for(state="visible")
    first.page.goto("about:blank")
    second.shows(".reps", "3 / 5")
