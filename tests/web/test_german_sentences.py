"""What reports, the screen and the machine say in English is found in German: every sentence of it, made for real."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import kiosk_incline_push_up
import kiosk_overhead_squat
import pytest
from gpiozero import LED
from kiosk_incline_push_up import incline_push_up
from kiosk_overhead_squat import overhead_squat

from kiosk import doctor
from kiosk.analyze import Recording, report_on
from kiosk.checks_file import apply_overlay
from kiosk.errors import LightsError, PluginError, SourceError
from kiosk.health import Power
from kiosk.health_items import health_items, last_result
from kiosk.kit.golden import FOLDER, read_folder
from kiosk.movement.compare import compare
from kiosk.movement.detail import NO_DETAILS, Details
from kiosk.movement.exercise import Exercise, Hold
from kiosk.movement.judge import SeenPass, judge
from kiosk.movement.passes import read_pass
from kiosk.movement.pose import PoseTrack, Side
from kiosk.movement.report import NOTICE, Report, Source
from kiosk.movement.report_json import report_json
from kiosk.movement.reps import Phase
from kiosk.movement.view import View
from kiosk.panel_item import panel_tried
from kiosk.plugins import Plugins, PluginStatus
from kiosk.plugins.watch import Watch
from kiosk.settings import ButtonsSettings, BuzzerSettings, CameraSettings, LightsSettings, ModelSettings, Settings
from kiosk.station import arrival, framing, screening
from kiosk.station.alarms import FULL, HOT, READ_ONLY, SLOWED, WEAK
from kiosk.station.buttons import Buttons
from kiosk.station.buzzer import GpioBuzzer
from kiosk.station.choice import all_starts, how_to_start
from kiosk.station.framing import Ask, turn_ask
from kiosk.station.gpio import mock_pins
from kiosk.station.history import Summary, open_history
from kiosk.station.live import LiveBoard, LiveView
from kiosk.station.panel import BUTTONS_DEAD, BUZZER_SILENT
from kiosk.station.power import PowerSwitch
from kiosk.testing import FRONT, SIDE, Camera, PushUpper, Squatter, perform
from kiosk.vision import details
from kiosk.vision.sources import open_source
from kiosk.web.language import find_languages
from tests.movement.made import a_check, an_exercise
from tests.movement.scenes import empty_track, without
from tests.station.stations import Station, empty, timed
from tests.station.visits import BAR, Stage, arms_up, asked_for_pain, scanning, standing, turned_stage, with_result
from tests.test_health_items import UNKNOWN, WELL

pin_26 = BuzzerSettings(26)
PLUGINS = [Path(str(package.__file__)).parent for package in (kiosk_overhead_squat, kiosk_incline_push_up)]
GERMAN = find_languages([folder / "locale" for folder in PLUGINS])["de"]
EXERCISES = {one.slug: one for one in (overhead_squat, incline_push_up)}
SOURCE = Source("clip.mp4", 300, 30.0, 10.0, (640, 480))
#: Words that no German sentence has.
_ENGLISH = re.compile(r"\b(the|of|not|is|it|its|and|with|from|for|to|your|you|seen|reps?|hold|only|must|no)\b")
#: Of a check and of a step: what members read. Sources are addresses; their German is held by the plugins' own tests.
_OF_CHECK = ("title", "side", "reason", "stands_for", "saw", "cue", "question", "regression")
_OF_STEP = ("title", "dose", "how", "stop")
#: Addresses, names and what somebody else's program says stand as they are.
_NAMES = re.compile(r"'[^']*'|\S*[/_=]\S*|\([^()]*(?:Error|error|such file)[^()]*\)|ValueError: .*")


def said_of(report: dict[str, Any]) -> Iterator[str]:
    """Every text of a report that a member reads."""
    yield from (text for text in (report["title"], report["notice"], *report["notes"], *report["questions"]) if text)
    yield from (one["name"] for one in report["differences"])
    yield from (rep["reason"] for rep in report["reps"] if rep["reason"])
    for check in report["checks"]:
        yield from (check[key] for key in _OF_CHECK if check[key])
        yield from (*check["muscles"]["overactive"], *check["muscles"]["underactive"])
    for step in report["programme"]:
        yield from (step[key] for key in _OF_STEP)


def still_english(texts: Iterator[str]) -> dict[str, str]:
    """Return the texts that are not, or not all, in German, with what comes out."""
    found = {text: GERMAN.said(text) for text in dict.fromkeys(texts)}
    assert found, "nothing was said at all"
    return {
        english: german
        for english, german in found.items()
        if german == english or _ENGLISH.search(_NAMES.sub("", german)) or "{" in german
    }


# -- reports --------------------------------------------------------------------------------------------------------


def recorded(track: PoseTrack, exercise: Exercise | None = None, view: View | None = None, **more: Any) -> Report:
    recording = Recording("clip.npz", track, **more)
    return report_on(recording, EXERCISES, model="lightning_int8", exercise=exercise, view=view)


def passed(track: PoseTrack, view: View, details: Details = NO_DETAILS, **more: Any) -> Report:
    exercise = more.pop("exercise", overhead_squat)
    how = {key: more.pop(key) for key in ("pain",) if key in more}
    seen = SeenPass(read_pass(exercise, track, more.pop("side", None)), view, details=details, **more)
    return judge(exercise, [seen], SOURCE, "movenet_lightning_int8mix", **how)


def squats(count: int = 5, camera: Camera = FRONT, **faults: float) -> PoseTrack:
    return perform([Squatter(**faults)] * count, camera)


@pytest.mark.parametrize(
    ("folder", "exercise"), list(zip(PLUGINS, EXERCISES.values(), strict=True)), ids=EXERCISES.keys()
)
def test_what_is_said_of_the_golden_recordings_is_german(folder: Path, exercise: Exercise) -> None:
    for golden in read_folder(folder.parent / FOLDER, exercise):
        assert still_english(said_of(report_json(recorded(golden.track, exercise, golden.view)))) == {}
        assert still_english(said_of(report_json(recorded(golden.track)))) == {}


SETS = {
    "clean from the front": lambda: passed(squats(), View.FRONT),
    "knees and hips": lambda: passed(squats(knees_ratio=0.7, shift=0.2), View.FRONT),
    "faults from the side": lambda: passed(squats(5, SIDE, lean_deg=30, arms_deg=40, depth=0.7), View.SIDE),
    "head hangs": lambda: passed(squats(5, SIDE, head_deg=30), View.SIDE),
    "between the limits": lambda: passed(squats(5, SIDE, lean_deg=16.5, arms_deg=20, head_deg=12), View.SIDE),
    "in two of five reps": lambda: passed(
        perform([Squatter(knees_ratio=0.7)] * 2 + [Squatter()] * 3, FRONT), View.FRONT
    ),
    "to both sides": lambda: passed(perform([Squatter(shift=0.2), Squatter(shift=-0.2)] * 3, FRONT), View.FRONT),
    "pain": lambda: passed(squats(2), View.FRONT, pain=True, ended="pain", asked=5),
    "one rep": lambda: passed(squats(1), View.FRONT, asked=5),
    "two reps": lambda: passed(squats(2), View.FRONT, asked=5),
    "nobody": lambda: passed(empty_track(), View.FRONT, asked=5),
    "nothing but standing": lambda: passed(squats(1).part(0, 20), View.SIDE),
    "cut off in the middle of a rep": lambda: passed(squats(2).part(0, 105), View.FRONT),
    "very slow": lambda: passed(perform([Squatter()] * 2, FRONT, rep_s=15.0), View.FRONT),
    "half of a rep hidden": lambda: passed(without(squats(3), 1.5, 2.9), View.FRONT),
    "heads never seen": lambda: passed(without(squats(5, SIDE), 0.0, 99.0, *range(5)), View.SIDE),
    "second model off": lambda: passed(squats(), View.FRONT, Details(why=details.OFF)),
    "second model missing": lambda: passed(squats(), View.FRONT, Details(why=details.MISSING)),
    "no picture for it": lambda: passed(squats(), View.FRONT, Details(why=details.NO_PICTURE)),
    "push-ups": lambda: passed(perform([PushUpper(sag_deg=20)] * 10, BAR), View.SIDE, exercise=incline_push_up),
    "push-ups from the side alone": lambda: passed(
        perform([PushUpper(elbow_deg=120.0)] * 4, BAR), View.SIDE, exercise=incline_push_up, asked=10
    ),
}


@pytest.mark.parametrize("made", SETS.values(), ids=SETS.keys())
def test_what_is_said_of_a_set_is_german(made: Any) -> None:
    assert still_english(said_of(report_json(made()))) == {}


@pytest.mark.parametrize(
    "report",
    [
        lambda: recorded(squats(5, SIDE), overhead_squat, View.FRONT),
        lambda: recorded(squats(4, arms_up=0.0)),
        lambda: recorded(empty_track()),
        lambda: recorded(empty_track(1 / 30)),
        lambda: recorded(squats(1).part(0, 25)),
        lambda: recorded(squats(), announced=900),
        lambda: recorded(squats(), broke="Camera /dev/video0 stopped sending pictures: check that it is plugged in."),
        lambda: recorded(empty_track(), overhead_squat),
    ],
    ids=[
        "another view",
        "arms never up",
        "nobody",
        "one frame",
        "too short",
        "fewer frames",
        "broke",
        "nobody of an exercise",
    ],
)
def test_the_notes_on_a_recording_are_german(report: Any) -> None:
    made = report()
    assert made.notes
    assert still_english(iter([*made.notes, NOTICE])) == {}


@pytest.mark.parametrize("kept_s", [0.5, 1.5, 4.0, 20.0], ids=lambda kept_s: f"{kept_s} s")
def test_what_is_said_of_a_hold_is_german(kept_s: float) -> None:
    def kept(pose: Any) -> bool:
        return bool(pose.t_s <= kept_s)

    checks = (
        a_check("every-other", phase=Phase.HOLD, views=(View.SIDE,), measure=lambda pose, _top: 30 * (pose.t_s > 15)),
    )
    exercise = replace(an_exercise(*checks), hold=Hold(kept), effort=lambda _pose, _torso: math.nan)
    report = passed(squats(6, SIDE), View.SIDE, exercise=exercise, asked_s=30.0)
    reasons = [finding.reason for finding in report.findings if finding.reason]
    attempts = [result.rep.reason for result in report.reps if result.rep.reason]
    assert still_english(iter([*report.notes, *reasons, *attempts])) == {}


@pytest.mark.parametrize("views", [(View.FRONT, View.REAR), (View.SIDE, View.REAR), (View.REAR,)])
@pytest.mark.parametrize("side", [None, Side.LEFT, Side.RIGHT])
def test_views_and_sides_that_were_not_seen_are_german(views: tuple[View, ...], side: Side | None) -> None:
    exercise = an_exercise(replace(a_check(), views=views))
    passes = tuple(replace(exercise.passes[0], side=one) for one in ((None,) if side is None else Side))
    report = judge(replace(exercise, passes=passes), [], SOURCE, "m")
    assert still_english(str(finding.reason) for finding in report.findings) == {}
    seen = SeenPass(read_pass(overhead_squat, empty_track(), side), views[0], asked=5)
    assert still_english(iter(judge(overhead_squat, [seen], SOURCE, "m").notes)) == {}


def test_every_reason_of_the_accuracy_cards_is_german() -> None:
    cards = {id(check.card): check.card for one in EXERCISES.values() for check in one.checks if check.card}
    whys = (c.why for card in cards.values() for model in card.models.values() for c in model.checks.values() if c.why)
    assert still_english(whys) == {}


def test_why_two_results_are_not_compared_is_german() -> None:
    report = report_json(passed(squats(), View.FRONT))
    others = [
        report | {"exercise": "another"},
        report | {"pain": True},
        report | {"model": "another"},
        report | {"score": report["score"] | {"low": None}},
        report | {"checks": [check | {"clear": -1.0} for check in report["checks"]]},
        report | {"checks": [check | {"error": None} for check in report["checks"]]},
    ]
    reasons: list[str] = []
    for other in others:
        compared = compare(report, other)
        found = (compared.reason, compared.score_reason, *(change.reason for change in compared.changes))
        reasons += [reason for reason in found if reason]
    assert len(set(reasons)) >= 6
    assert still_english(iter(reasons)) == {}


# -- the screen -----------------------------------------------------------------------------------------------------


def every_ask() -> list[str]:
    """Everything that the screen may ask in large letters."""
    rooms = (framing, arrival, screening)
    asks = [one.says for room in rooms for one in vars(room).values() if isinstance(one, Ask)]
    asks += [turn_ask(view).says for view in View]
    asks += [one.start_ask for one in EXERCISES.values()]
    asks += [asked.ask for one in EXERCISES.values() for asked in one.passes]
    asks += [how_to_start([]), how_to_start(list(EXERCISES.values())), "Move to the middle", "The camera is away"]
    return sorted({*asks, *(check.cue for one in EXERCISES.values() for check in one.checks)})


@pytest.mark.parametrize("english", every_ask())
def test_every_ask_is_german_and_can_be_read_from_three_metres(english: str) -> None:
    assert still_english(iter([english])) == {}
    assert len(GERMAN.said(english).split()) <= 7


def stages() -> Iterator[Stage]:
    yield Stage().empty(1).play(standing(3)).play(standing(1), crowd=True).empty(4)
    yield Stage([overhead_squat]).play(standing(2)).play(arms_up(0.5))
    yield Stage().play(standing(2, Camera(torso_px=40.0)))
    yield Stage().play(arms_up(3, SIDE))
    yield scanning(2).empty(3).play(standing(1), crowd=True).play(standing(2, SIDE))
    yield turned_stage().play(standing(1), crowd=True).play(arms_up(1)).play(arms_up(1, SIDE))
    yield asked_for_pain().empty(1)
    yield with_result().empty(1)


def test_everything_that_a_visit_shows_is_german() -> None:
    shown = {text for stage in stages() for one in stage.screens for text in (one.instruction, one.detail) if text}
    assert len(shown) >= 15
    assert still_english(iter(sorted({*shown, all_starts(list(EXERCISES.values()))}))) == {}


# -- the machine ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["9", "csi", "rtsp://camera", "", "/nowhere/clip.mp4", "/dev/null", "{folder}", "{empty}"]
)
def test_what_is_wrong_with_a_source_is_german(source: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(SourceError) as raised:
        open_source(source.format(folder=tmp_path, empty=empty)).open()
    assert still_english(iter([str(raised.value)])) == {}


def test_the_status_page_and_the_doctor_are_german(tmp_path: Path) -> None:
    settings = Settings(
        state_dir=tmp_path / "state",
        camera=CameraSettings(source="/dev/null"),
        model=ModelSettings(name="lightning_int8", folder=tmp_path, second=False),
        lights=LightsSettings(kind="mock"),
    )
    said = [
        text for one in doctor.examine(settings) if one.name != "Machine" for text in (one.name, one.says, one.means)
    ]
    found = (
        PluginStatus("mine", "mine", "1.0", ("mine",)),
        PluginStatus("blocked", "blocked", "1.0", problem="blocked by the configuration"),
        PluginStatus("looks-on", "looks-on", "1.0", observes=("kiosk_rep_finished",)),
    )
    view = LiveView(camera="ok", fps=30.0, inference_ms=11.5)
    history = open_history(tmp_path / "results.db")
    items = [
        *doctor.plugin_items(Plugins({}, found), {"mine": "taken out of use: start of 'mine' raised ValueError: no"}),
        *doctor.results(history),
        doctor.second_model(replace(settings, model=ModelSettings(folder=tmp_path))),
    ]
    history.close()
    said += [text for one in items for text in (one.says, one.means)]
    said += [f"/dev/video0: {view.fps:g} frames/s", f"One picture takes {view.inference_ms:g} ms just now."]
    named = re.compile(r"Plugin \S+|\S+ [\d.]+: [a-z-]+|/\S+")
    left = still_english(iter([text for text in said if not named.fullmatch(text)]))
    assert left == {}


def test_what_buttons_and_buzzer_say_is_german(tmp_path: Path) -> None:
    factory = mock_pins()
    taken = [LED(pin, pin_factory=factory) for pin in (5, 26)]
    refused = []
    for make in (lambda: Buttons(ButtonsSettings(5), factory, LiveBoard(), int), lambda: GpioBuzzer(pin_26, factory)):
        with pytest.raises(LightsError) as raised:
            make()
        # The reason is the pin library's own, in English.
        refused.append(re.sub(r": pin GPIO.*?>\.", ": GPIO.", str(raised.value)))
    for led in taken:
        led.close()
    settings = Settings(tmp_path, lights=LightsSettings(kind="mock"), buzzer=pin_26)
    items = [
        one
        for buttons in (ButtonsSettings(), ButtonsSettings(5), ButtonsSettings(5, shutdown="halt"))
        for one in panel_tried(replace(settings, buttons=buttons))
    ]
    said = {text for item in items for text in (item.name, item.means)} | {items[0].says}
    said |= {f"{BUTTONS_DEAD}: {refused[0]}", f"{BUZZER_SILENT}: {refused[1]}"}
    power = PowerSwitch("halt", lambda _command: "no")
    station = Station(power=power)
    power.ask()
    view = station.engine.step(timed(empty(0.1))[0])
    power._carry_out()
    said |= {view.instruction, view.detail, str(power.problem)}
    assert still_english(iter(said)) == {}


def test_how_the_machine_is_is_german() -> None:
    """Every sentence of the readings: well, unknown, and each way to be wrong."""
    powers = [Power(*bits) for bits in product((False, True), repeat=4)]
    readings = [WELL, UNKNOWN, *(replace(WELL, power=power) for power in powers)]
    readings += [replace(WELL, temperature_c=celsius) for celsius in (75.0, 85.0)]
    readings += [replace(WELL, disk_free=free) for free in (1, 300_000_000, None)]
    readings += [replace(WELL, state_written=False), replace(WELL, memory_free=1)]
    readings += [replace(WELL, clock_synchronised=False)]
    items = [
        item for now in readings for sure in (False, True) for item in health_items(now, Path("/"), trust_clock=sure)
    ]
    line = Summary("a1", WELL.at, "squat", "Squat", 72, 84, None, 5)
    for hours, unsure in ((0, False), (20, False), (200, False), (-5, False), (1, True)):
        items.append(last_result(replace(line, created=WELL.at - timedelta(hours=hours), time_unsure=unsure), WELL.at))
    items.append(last_result(None))
    said = {text for item in items for text in (item.name, item.says, item.means)}
    said |= {READ_ONLY, FULL, HOT, WEAK, SLOWED}
    said |= {"Plugin mqtt does not work as it should: the page /status says why."}
    said |= {"The second model is missing or damaged: feet and backs are not assessed."}
    number = re.compile(r"[\d -]+( °C|:\d\d UTC)")
    assert still_english(iter([text for text in sorted(said) if not number.fullmatch(text)])) == {}


def test_what_a_plugin_did_wrong_is_german() -> None:
    said: list[str] = []
    ticks = iter(range(0, 10_000, 2))
    pose = squats(1).pose(0)

    def fails(_pose: Any) -> bool:
        raise ValueError("no")

    for start, clock in ((fails, None), (lambda _pose: "yes", None), (lambda _pose: True, lambda: float(next(ticks)))):
        watch = Watch(lambda fault: said.append(f"Plugin {fault.plugin}: {fault.outcome}"), clock=clock)
        watch.guard("mine", replace(overhead_squat, start=start)).start(pose)
    assert len(said) == 3
    assert still_english(iter(said)) == {}


@pytest.mark.parametrize(
    "mistake",
    ["sgin = 1", "sign = 'low'", "weight = -1", "views = ['front']", "cue = 'one two three four five six seven eight'"],
)
def test_mistakes_in_a_gyms_own_file_are_german(mistake: str, tmp_path: Path) -> None:
    file = tmp_path / "overhead-squat.toml"
    file.write_text(f'schema = 1\nexercise = "overhead-squat"\n[checks.knees-in]\n{mistake}\n', encoding="utf-8")
    with pytest.raises(PluginError) as raised:
        apply_overlay(overhead_squat.checks, file)
    assert still_english(iter([str(raised.value)])) == {}


# -- how sentences are found ----------------------------------------------------------------------------------------


def test_numbers_in_a_sentence_are_written_in_german() -> None:
    said = GERMAN.said("An attempt at 4.5 s did not count: it was kept for only 1.2 s.")
    assert "4,5 s" in said
    assert "1,2 s" in said


def test_a_text_of_several_sentences_is_german_sentence_by_sentence() -> None:
    first, second = "No complete rep was seen from the front.", "Nothing that looked like a rep was seen either."
    assert GERMAN.said(f"{first} {second}") == f"{GERMAN.said(first)} {GERMAN.said(second)}"


def test_what_nobody_knows_stays_as_it_is() -> None:
    assert GERMAN.said("Keep your elbows. Somewhere: else; entirely") == "Keep your elbows. Somewhere: else; entirely"
