"""What the kiosk's screen shows in each part of a visit, and what it keeps to itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from kiosk_overhead_squat import overhead_squat

from kiosk import Pass, View
from kiosk.start_figures import start_figures
from kiosk.station.live import Lit, LiveBoard, LiveView
from kiosk.web.server import Server
from tests.web.browser.test_pages import CONTRAST

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
Serving = Callable[..., Server]
Views = Callable[..., LiveView]

#: What the attract loop's canvas holds, as one number that changes with every drawing.
FIGURE = """() => {
  const canvas = document.getElementById("attract");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] * 3 + data[i + 3]) % 1000003;
  return sum;
}"""
IDLE = {"state": "idle", "instruction": "Step in front of the camera", "keypoints": (), "exercise": None, "passes": 0}
ASKS = (
    "Step in front of the camera",
    "Step back: show your whole body",
    "Turn your back to the camera",
    "Too dark to see: more light, please",
)
HINTS = ("nobody", "too-near", "too-far", "left", "right", "crowd", "dark", "loose", "arms", "front", "side", "rear")


def test_the_idle_screen_shows_what_to_do_and_needs_no_touch(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views, size: str
) -> None:
    screen = open_page(served().url, size)
    board.publish(view(1, **IDLE))
    screen.shows("#instruction", IDLE["instruction"])
    page = screen.page
    before = page.evaluate(FIGURE)
    screen.until(f"({FIGURE})() !== {before}")  # the drawn person moves
    screen.says(".promise", "No video is kept")
    screen.says(".promise", "Who steps in agrees")
    assert page.locator("#points li").all_inner_texts()[:3] == ["Feet", "Knees", "Hips"]
    assert page.locator("button:visible").count() == 1  # the voice; nothing to start
    assert page.locator(".show").bounding_box()["height"] > 0.15 * page.viewport_size["height"]
    assert screen.sideways_px() == 0


def test_an_exercise_of_a_plugin_is_shown_as_it_starts(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    knees = next(check for check in overhead_squat.checks if check.checkpoint == "knees")
    passes = (Pass(View.SIDE, reps=5, ask="Go"), Pass(View.REAR, reps=5, ask="Go on"))
    exercise = replace(
        overhead_squat, slug="wall-slide", title="Wall slide", start_ask="Arms up!", passes=passes, checks=(knees,)
    )
    told = {"exercises": [exercise], "figures": start_figures([exercise])}
    screen = open_page(served(**told).url)
    screen.stop_time()
    board.publish(view(1, **IDLE))
    screen.shows("#instruction", IDLE["instruction"])
    shown: dict[str, tuple[int, list[str]]] = {}
    for _ in range(30):
        screen.page.clock.run_for(500)
        words = screen.page.locator("#attract-words").inner_text()
        lit = screen.page.locator("#points li.now").all_inner_texts()
        shown[words] = (screen.page.evaluate(FIGURE), lit)
    assert list(shown) == [
        "Step in front of the camera",
        "Arms up!",
        "Wall slide, seen from the side",
        "Wall slide, seen from behind",
        "Read what we saw",
    ]
    assert len({drawn for drawn, _ in shown.values()}) == len(shown)
    assert [lit for _, lit in shown.values()] == [[], [], ["Knees"], ["Knees"], []]
    screen.keep("live-idle-of-a-plugin")


def test_with_reduced_motion_the_figure_stands_still(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    screen = open_page(served(exercises=[overhead_squat]).url)
    screen.page.emulate_media(reduced_motion="reduce")
    board.publish(view(1, **IDLE))
    screen.shows("#attract-words", "Raise both arms, then squat")
    screen.until(f"({FIGURE})() > 0")
    before = screen.page.evaluate(FIGURE)
    screen.page.wait_for_timeout(400)
    assert screen.page.evaluate(FIGURE) == before


def test_the_person_has_room_beside_what_is_asked(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views, size: str
) -> None:
    screen = open_page(served().url, size)
    for sequence, asked in enumerate(ASKS, 1):
        board.publish(view(sequence, state="framing", instruction=asked, hint="too-near"))
        screen.shows("#instruction", asked)
        stage, hint = (screen.page.locator(place).bounding_box() for place in ("#stage", ".hint"))
        assert min(stage["height"], hint["height"]) > 0.14 * screen.page.viewport_size["height"]
        assert stage["x"] >= hint["x"] + hint["width"] or stage["y"] + stage["height"] <= hint["y"]


def test_a_picture_whose_time_lies_before_that_of_its_view_is_drawn_all_the_same(
    open_page: Opener, served: Serving
) -> None:
    screen = open_page(served().url)
    # On a canvas of its own: the page hides its one when no view comes for a while.
    drawn = screen.page.evaluate(
        """async () => {
          const { Hint } = await import("/static/hints.js");
          const exercises = ["overhead-squat", "incline-push-up"].map((slug) => ({ slug, passes: [["front", null]] }));
          const place = document.createElement("div");
          const canvas = place.appendChild(document.createElement("canvas"));
          canvas.style.cssText = "display: block; position: fixed; width: 200px; height: 200px";
          document.body.append(place);
          const hint = new Hint(canvas, exercises);
          hint.show("posture");
          const before = hint.began - 8;
          hint.draw(before);
          return [hint.postures.length, hint.drawn === before];
        }"""
    )
    assert drawn == [2, True]
    assert screen.complaints == []


@pytest.mark.parametrize("hint", HINTS)
def test_every_hint_is_drawn_beside_its_words(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views, hint: str
) -> None:
    screen = open_page(served().url)
    board.publish(view(1, state="framing", hint=hint))
    screen.until(
        "(() => { const c = document.getElementById('hint'); return c.offsetParent !== null && c.width > 0 && "
        "c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0); })()"
    )
    screen.keep(f"live-hint-{hint}")
    board.publish(view(2, state="ready", hint=None))
    screen.page.locator("#hint").wait_for(state="hidden")
    # Chromium advises against looking at the canvas so often: that was this test.
    assert [said for said in screen.complaints if "getImageData" not in said] == []


def test_nothing_is_said_of_a_rep_that_must_not_be_coached(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    screen = open_page(served().url)
    for sequence, state in enumerate(("scan", "paused", "turn", "pain"), 1):
        lit = Lit("sign", (1.0, 0.0, 0.0))
        board.publish(view(sequence, state=state, coached=False, cue="Knees over toes", last_rep="sign", lit=lit))
        screen.until(f"document.body.dataset.state === '{state}'")
        screen.shows("#led-word", "Watching")
        assert not screen.page.locator("#cue").is_visible()
        assert not screen.page.locator("#last").is_visible()
        colour = screen.page.locator("#led").evaluate("e => e.style.getPropertyValue('--colour')")
        assert colour == "#3d8bff"


def test_one_cue_at_a_time_stays_for_three_seconds(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    screen = open_page(served().url)
    screen.stop_time()

    def cue_after(sequence: int, cue: str | None) -> str:
        board.publish(view(sequence, coached=True, reps=sequence, cue=cue))
        screen.shows("#reps", str(sequence))
        return str(screen.page.locator("#cue").inner_text()) if screen.page.locator("#cue").is_visible() else ""

    assert cue_after(1, "Knees over toes") == "Knees over toes"
    screen.page.clock.run_for(1500)
    assert cue_after(2, "Chest up") == "Knees over toes"
    assert cue_after(3, None) == "Knees over toes"
    screen.page.clock.run_for(2000)
    assert cue_after(4, "Chest up") == "Chest up"
    screen.page.clock.run_for(3500)
    assert cue_after(5, None) == ""


def test_the_steps_of_the_visit_follow_its_passes(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    screen = open_page(served().url)
    told = [
        ({"state": "scan"}, "Front"),
        ({"state": "pain"}, "Pain?"),
        ({"state": "turn", "view": "side", "pass_number": 2}, "Side"),
        ({"state": "result", "view": "side", "pass_number": 2}, "Result"),
    ]
    for sequence, (more, step) in enumerate(told, 1):
        board.publish(view(sequence, **more))
        screen.shows("#stepper [aria-current=step]", step)


def test_the_pain_question_fills_the_screen_and_says_how_long_it_waits(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views, size: str
) -> None:
    screen = open_page(served().url, size)
    board.publish(view(1, state="pain", instruction="Did anything hurt?", left_s=6.4))
    screen.shows("#ask-left", "7 s left")
    page = screen.page
    for name in ("No pain", "It hurts"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box["width"] * box["height"] > 0.1 * page.viewport_size["width"] * page.viewport_size["height"]


def test_a_result_says_how_long_it_stays_and_stays_for_whoever_touches_it(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    screen = open_page(served().url)
    page = screen.page

    def sent(act: Callable[[], Any]) -> list[str]:
        with page.expect_response(lambda answer: "/command/" in answer.url):
            act()
        return board.take_commands()

    for sequence, (left_s, words) in enumerate(
        [(119.4, "Stays for 120 s"), (41.0, "Stays for 50 s"), (9.2, "Stays for 10 s"), (3.0, "Stays for 3 s")], 1
    ):
        board.publish(view(sequence, state="result", result_id="k3v9q2m7", left_s=left_s))
        screen.shows("#left", words)
    screen.says("#result", "72–84")
    assert sent(lambda: page.get_by_role("button", name="More time").click()) == ["stay"]
    assert sent(lambda: page.locator("#result h2:visible, #result h3:visible").first.click()) == ["stay"]
    page.locator("#result h2:visible, #result h3:visible").first.click()  # so soon after it says nothing new
    assert sent(lambda: page.get_by_role("button", name="Done").click()) == ["done"]


def test_a_result_leaves_no_trace_on_the_page(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    screen = open_page(served().url)
    page = screen.page
    board.publish(view(1, state="result", result_id="k3v9q2m7", left_s=12.0))
    screen.says("#result", "72–84")
    screen.shows("#left", "Stays for 20 s")
    board.publish(view(2, **IDLE))
    page.locator("#welcome").wait_for(state="visible")
    assert "72–84" not in page.content()
    page.go_back()
    assert "72–84" not in page.content()


def test_a_result_without_news_from_the_kiosk_is_put_away(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    server = served()
    screen = open_page(server.url)
    screen.stop_time()
    board.publish(view(1, state="result", result_id="k3v9q2m7"))
    screen.says("#result", "72–84")
    server.close()
    # What the kiosk said last may still come in while the first of them passes.
    for _ in range(2):
        screen.page.clock.run_for(32_000)
    screen.shows("#result", "No news from the kiosk. The result is put away.")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("state", ["idle", "scan", "pain", "trouble"])
def test_words_have_their_contrast_in_a_dark_room_and_in_a_bright_one(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views, theme: str, state: str
) -> None:
    screen = open_page(served(theme=theme).url)
    board.publish(view(1, state=state, coached=True, camera="The camera is gone.", problems=("No lights.",)))
    screen.until(f"document.body.dataset.state === '{state}'")
    ground = screen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(ground[4:].split(",")[0]) > 200) == (theme == "light")
    screen.keep(f"live-{state}-{theme}")
    assert screen.page.evaluate(CONTRAST) == []


def test_the_theme_may_follow_the_browser(open_page: Opener, served: Serving) -> None:
    screen = open_page(served(theme="auto").url)
    ground = "getComputedStyle(document.body).backgroundColor"
    screen.page.emulate_media(color_scheme="light")
    light = screen.page.evaluate(ground)
    screen.page.emulate_media(color_scheme="dark")
    assert screen.page.evaluate(ground) != light


def test_a_phone_sees_that_the_kiosk_is_busy_and_nobody(
    open_page: Opener, served: Serving, board: LiveBoard, view: Views
) -> None:
    screen = open_page(served().url, "phone")
    screen.page.set_extra_http_headers({"X-Forwarded-For": "192.168.1.20"})
    screen.page.reload(wait_until="domcontentloaded")
    board.publish(view(1, reps=3))
    screen.shows("#busy", "A scan is running")
    screen.shows("#count", "3 of 5 reps")
    assert screen.page.locator("canvas").count() == 0
    screen.keep("watch-phone")
    board.publish(view(2, **IDLE))
    screen.shows("#busy", "Free: step in")
    assert screen.sideways_px() == 0
    assert screen.page.evaluate(CONTRAST) == []
