"""A whole kiosk without a camera: what a test writes is what a member does in front of it.

The wiring is that of ``kiosk run``: the real engine, board, history and pages. Poses are handed to the engine one by
one, with their own clock, so nothing depends on how fast this machine is. Between acts time stands still and the
views go on, as they do while a member reads.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.cli.run import assembled, usable_plugins, visit_times
from kiosk.config import load_settings
from kiosk.movement.pose import Keypoint, Pose, PoseTrack
from kiosk.movement.view import View
from kiosk.plugins.site import live_watch
from kiosk.station.framing import CROWD, DARK, Ask, turn_ask
from kiosk.station.history import open_history
from kiosk.station.live import LiveView
from kiosk.testing import FRONT, SIDE, Camera, Squatter, perform
from kiosk.vision.camera import Frame
from kiosk.vision.keypoint_file import KeypointSource, write_keypoints
from kiosk.web.context import EXTENSION
from kiosk.web.share import Sharing
from kiosk.web.trainer.password import write_password
from tests.station.visits import arms_up, nobody, push_ups, squats, standing, turning

Acts = PoseTrack | list[Pose]

#: How often the views go on between acts: often enough for a page never to call them old.
PULSE_S = 0.1
#: By how much time goes on with each of them: so little that nothing runs out.
STILL_S = 1e-4
MODEL = "movenet_thunder_f16"
#: The kiosk's name on its network: the tests' browser finds it on this machine, and is a stranger under it.
PHONE_HOST = "plumbline.local"
PASSWORD = "four words of a trainer"
#: What the member of these tests does: the knees come in from the second rep on, and from the side the chest falls.
FRONT_PASS = [Squatter(), *[Squatter(knees_ratio=0.7)] * 4]
SIDE_PASS = [Squatter(lean_deg=28)] * 5


class Station:
    """A running kiosk with real parts, whose poses a test plays."""

    def __init__(self, folder: Path, stack: ExitStack, **environ: str) -> None:
        write_password(folder, PASSWORD)
        recording = folder / "nobody.npz"
        write_keypoints(recording, standing(0.1), MODEL)
        own = {
            "KIOSK_STATE_DIR": str(folder),
            "KIOSK_WEB_PORT": "0",
            "KIOSK_WEB_ADDRESS": PHONE_HOST,
            "KIOSK_WEB_THEME": "auto",
            "KIOSK_LIGHTS_KIND": "mock",
        }
        self.settings = load_settings(None, own | environ)
        plugins = usable_plugins(self.settings, live_watch(None, None))
        self._kiosk = stack.enter_context(
            assembled(self.settings, KeypointSource(recording), plugins, times=visit_times(self.settings))
        )
        self.board, self.engine = self._kiosk.board, self._kiosk.engine
        self.url, self.app = self._kiosk.server.url, self._kiosk.server.app
        self.phone_url = f"http://{PHONE_HOST}:{self._kiosk.server.port}/"
        self.history = stack.enter_context(closing(open_history(self.settings.history_place)))
        self._t_s, self._number, self._pose = 100.0, 0, nobody()
        self._shown: LiveView | None = None
        self._turn = threading.Lock()
        self._over = threading.Event()
        pulse = threading.Thread(target=self._go_on, name="pulse", daemon=True)
        pulse.start()
        stack.callback(pulse.join)
        stack.callback(self._over.set)

    # -- acts ----------------------------------------------------------------------------------------------------

    def play(self, acts: Acts, until: Callable[[LiveView], bool] = lambda _view: False) -> LiveView:
        """Somebody does this, at the recording's own speed, to its end or until a view is reached; the last view."""
        poses = acts if isinstance(acts, list) else [acts.pose(k) for k in range(len(acts))]
        before_s = poses[0].t_s - 1 / 30
        with self._turn:
            self._shown = None
            for pose in poses:
                self._t_s += max(0.0, pose.t_s - before_s)
                before_s, self._pose = pose.t_s, pose
                view = self._step()
                if until(view):
                    break
        return view

    def empty(self, seconds: float) -> LiveView:
        """Nobody is in the picture."""
        return self.play([nobody(k / 30) for k in range(round(30 * seconds))])

    def press(self, command: str) -> LiveView:
        """A touch on the screen."""
        self.board.command(command)
        return self.play([replace(self._pose, t_s=0.0)])

    def show(self, **fields: object) -> LiveView:
        """Show this instead of what the engine says, until the next act."""
        with self._turn:
            before = self.board.view
            self._shown = replace(before, **fields, sequence=before.sequence + 1)  # type: ignore[arg-type]  # by name
            self.board.publish(self._shown)
        return self._shown

    # -- the visit -----------------------------------------------------------------------------------------------

    def to(self, state: str, acts: Acts) -> LiveView:
        """Play until the visit is in this state, and say so where it never gets there."""
        view = self.play(acts, until=lambda view: view.state == state)
        assert view.state == state, f"{view.state}, not {state}: {view.instruction}"
        return view

    def ready(self) -> LiveView:
        """Stand in front of the camera with the arms up."""
        self.empty(0.5)
        return self.to("ready", arms_up(3.0))

    def scan(self) -> LiveView:
        """Begin the first pass."""
        self.ready()
        return self.to("scan", arms_up(3.0))

    def turn(self) -> LiveView:
        """Do all of the first pass, and answer that nothing hurts where that is asked."""
        self.scan()
        self.play(perform(FRONT_PASS, FRONT, lead_s=0.5), until=lambda view: view.state in ("turn", "pain"))
        return self.past_pain("turn")

    def past_pain(self, state: str) -> LiveView:
        """Answer that nothing hurts, if that is asked; the visit is then in this state."""
        view = self.board.view
        if view.state == "pain" and state != "pain":
            view = self.press("no-pain")
        assert view.state == state, f"{view.state}, not {state}: {view.instruction}"
        return view

    def pain(self) -> LiveView:
        """Do both passes; the question after the last is on the screen."""
        self.turn()
        self.play(turning(0.0, 90.0))
        self.to("scan", arms_up(3.0, SIDE))
        return self.to("pain", perform(SIDE_PASS, SIDE, lead_s=0.5))

    def result(self) -> LiveView:
        """A whole visit with two passes; its result is on the screen."""
        self.pain()
        self.press("no-pain")
        return self.past_pain("result")

    # -- what members and trainers find ----------------------------------------------------------------------------

    @property
    def sharing(self) -> Sharing:
        """How this kiosk makes links."""
        sharing: Sharing = self.app.extensions[EXTENSION].sharing
        return sharing

    def weeks(self, member: str, count: int = 4) -> list[str]:
        """Give a member a course: the result on the screen, and so many earlier ones that got better; their ids."""
        newest = self.board.view.result_id
        assert newest is not None, "play a visit to its result first"
        report = self.history.load(newest)
        assert report is not None
        for unsure in ("time_unsure", "boot_id"):
            report.pop(unsure, None)
        now = datetime.now(UTC)
        ids: list[str] = []
        # In the order in which they come about, the newest last: a course goes by it.
        for week in reversed(range(count)):
            earlier = deepcopy(report)
            score = earlier["score"]
            for name in ("value", "low", "high"):
                score[name] = max(0, score[name] - 6 * week) if score[name] is not None else None
            ids.insert(0, self.history.store(earlier, now - timedelta(weeks=week), time_unsure=False))
        self.history.claim(ids, member)
        return ids

    # -- what goes on by itself ----------------------------------------------------------------------------------

    def _go_on(self) -> None:
        while not self._over.wait(PULSE_S):
            with self._turn:
                if self._shown is None:
                    self._t_s += STILL_S
                    self._step()
                else:
                    self._shown = replace(self._shown, sequence=self.board.view.sequence + 1)
                    self.board.publish(self._shown)

    def _step(self) -> LiveView:
        self._number += 1
        pose = replace(self._pose, t_s=self._t_s)
        return self.engine.step(Frame(self._number, self._t_s, pose.size_px, None, pose))


def whole(seconds: float = 3.0, **camera: object) -> PoseTrack:
    """Somebody stands there, seen by a camera that looks from elsewhere."""
    return standing(seconds, Camera(**camera))  # type: ignore[arg-type]  # fields of a camera, by name


def without_hands(track: PoseTrack) -> PoseTrack:
    """The hands are beyond the picture's edge."""
    xy, score = track.xy.copy(), track.score.copy()
    hands = [Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]
    xy[:, hands], score[:, hands] = math.nan, 0.0
    return PoseTrack(xy, score, track.t_s, track.size_px)


def in_wide_clothes(track: PoseTrack) -> PoseTrack:
    """The legs can only be guessed."""
    score = track.score.copy()
    score[:, Keypoint.LEFT_HIP :] = 0.25
    return PoseTrack(track.xy, score, track.t_s, track.size_px)


def asked(station: Station, ask: Ask, seen: Acts | None = None) -> LiveView:
    """Show what is asked of somebody in front of the camera, where no act brings it about without a picture."""
    station.to("framing", standing(1.5))
    if seen is not None:
        station.play(seen)
    return station.show(hint=ask.hint, instruction=ask.says, detail="")


def said(station: Station, hint: str, acts: Acts) -> LiveView:
    """Play until this is asked for, and say so where it never is."""
    station.empty(0.5)
    view = station.play(acts, until=lambda view: view.hint == hint and view.state != "idle")
    assert view.hint == hint, f"{view.hint}, not {hint}: {view.instruction}"
    return view


def coached(station: Station) -> LiveView:
    """In the middle of push-ups with hips that hang: the third has just brought a cue."""
    station.empty(0.5)
    view = station.play(push_ups(4, lead_s=4.0, sag_deg=25.0), until=lambda view: view.reps == 3)
    assert (view.reps, view.coached, bool(view.cue)) == (3, True, True), view
    return view


#: Each state of a visit on the screen, and how the member gets there.
STATES: dict[str, Callable[[Station], LiveView]] = {
    "idle": lambda station: station.empty(1.0),
    "framing": lambda station: station.to("framing", standing(1.5)),
    "ready": Station.ready,
    "scan": lambda station: (station.scan(), station.play(squats(3, lead_s=0.5), until=lambda v: v.reps == 3))[1],
    "scan-coached": coached,
    "paused": lambda station: (station.scan(), station.empty(2.5))[1],
    "turn": Station.turn,
    "pain": Station.pain,
    "result": Station.result,
    "error": lambda station: station.show(
        state="trouble",
        instruction="The camera is away",
        detail="Please tell the staff. It goes on by itself.",
        camera="camera 0 has sent no picture for 6 s: check its cable.",
        keypoints=(),
    ),
}


#: What is asked of somebody before and between the passes, and what brings it about.
ASKS: dict[str, Callable[[Station], LiveView]] = {
    "framing-too-near": lambda station: said(station, "too-near", whole(torso_px=190.0)),
    "framing-too-far": lambda station: said(station, "too-far", whole(torso_px=45.0)),
    "framing-left": lambda station: said(station, "left", whole(at_px=(90.0, 440.0))),
    "framing-right": lambda station: said(station, "right", whole(at_px=(550.0, 440.0))),
    "framing-arms": lambda station: said(
        station, "arms", without_hands(arms_up(3.0, Camera(torso_px=118.0, at_px=(320.0, 460.0))))
    ),
    "framing-loose": lambda station: said(station, "loose", in_wide_clothes(standing(6.0))),
    # Both are seen in the camera's picture, and these people come without one.
    "framing-crowd": lambda station: asked(station, CROWD),
    "framing-dark": lambda station: asked(station, DARK, in_wide_clothes(standing(1.0))),
    "ready-turn": lambda station: said(station, "front", arms_up(3.0, SIDE)),
    # No exercise that comes with the kiosk looks at the back.
    "turn-back": lambda station: (
        station.turn(),
        station.show(view="rear", hint="rear", instruction=turn_ask(View.REAR).says, detail=""),
    )[1],
}


@contextmanager
def station(folder: Path, **environ: str) -> Iterator[Station]:
    """A kiosk for a test, taken down after it. ``environ``: settings as the environment names them."""
    with ExitStack() as stack:
        yield Station(folder, stack, **environ)
