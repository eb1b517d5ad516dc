// The kiosk's screen: shows each view as it comes, and hands touches and keys on.

import { Stage } from "./skeleton.js";
import { follow } from "./stream.js";

const own = "ownScreen" in document.body.dataset;
const pictured = "picture" in document.body.dataset;
const $ = (id) => document.getElementById(id);
const stage = new Stage($("stage"));

const LIGHTS = {
  idle: ["Waiting", "#ffffff"],
  framing: ["Finding you", "#3d8bff"],
  ready: ["Ready", "#3d8bff"],
  scan: ["Watching", "#3d8bff"],
  clean: ["Clean rep", "#35d07f"],
  unsure: ["Not sure", "#ffb52e"],
  sign: ["Sign seen", "#ff5a4d"],
  result: ["Result", "#ffffff"],
  trouble: ["Trouble", "#ff3b30"],
  off: ["Lights off", "#000000"],
};
const VERDICTS = { clean: "✓ Clean rep", unsure: "? Too close to call", sign: "▲ Sign seen" };
const VIEWS = { front: "from the front", side: "from the side", rear: "from behind" };
// What can be pressed in which state, the first on Space and Enter; "next" has a word of its own in each.
const BUTTONS = {
  idle: ["next"], framing: ["next"], ready: ["next", "stop"], scan: ["next", "stop"], turn: ["next", "stop"],
  paused: ["next", "stop"], pain: ["no-pain", "pain"], result: ["done"], trouble: ["stop"],
};
const NEXT = { idle: "Start", framing: "Start", ready: "Start", scan: "Next", turn: "Skip the turn", paused: "Go on" };

let view = null;

function show(next) {
  view = next;
  if (!view.sequence) return; // the engine has not said anything yet: "Starting …" stands
  document.body.dataset.state = view.state;
  write($("instruction"), view.instruction || "One moment …");
  write($("detail"), view.detail);
  write($("exercise"), view.title ?? "");
  write($("pass"), passText(view));
  showCount(view);
  write($("machine"), [view.model, view.fps && `${view.fps.toFixed(0)} frames/s`].filter(Boolean).join(" · "));
  reveal("cue", view.cue);
  reveal("last", view.target_s && view.last_rep === "clean" ? "✓ Looks fine" : VERDICTS[view.last_rep]);
  $("last").dataset.verdict = view.last_rep ?? "";
  reveal("camera", view.camera === "ok" ? "" : view.camera);
  reveal("problems", view.problems.join(" "));
  showLights(view.lit);
  showButtons(view.state);
  showResult(view);
  stage.show(view);
}

// Leaves what already stands there untouched, so that it is not read out again.
function write(place, text) {
  const words = String(text);
  if (place.textContent !== words) place.textContent = words;
}

function reveal(id, text) {
  $(id).hidden = !text;
  if (text) write($(id), text);
}

// Reps of how many with the range of the movement, or of a hold the seconds of how many.
function showCount({ reps, target_reps: targetReps, held_s: held, target_s: target, effort }) {
  const count = target ? Math.floor(held ?? 0) : reps;
  const of = target ?? targetReps;
  write($("reps"), count);
  write($("of"), of ? ` / ${of}` : "");
  write($("reps-word"), target ? "seconds" : "reps");
  write($("range-word"), target ? "Time" : "Range");
  $("reps").parentElement.classList.toggle("long", count > 9 || of > 9);
  const share = target ? (held ?? 0) / target : (effort ?? 0);
  $("range").style.transform = `scaleY(${Math.max(0, Math.min(1, share))})`;
}

function passText({ pass_number: number, passes, view: from, side }) {
  if (!passes || !number) return "";
  return [`Pass ${number} of ${passes}`, VIEWS[from], side && `${side} side`].filter(Boolean).join(", ");
}

function showLights({ pattern, colour, leds }) {
  const [word, usual] = LIGHTS[pattern] ?? [pattern, "#ffffff"];
  const led = $("led");
  led.dataset.pattern = pattern;
  // The hue of the real LED at full strength; how bright it is at this moment is the pattern's part.
  const most = Math.max(...colour);
  const hue = most > 0 ? `rgb(${colour.map((part) => Math.round((part / most) * 255)).join(" ")})` : usual;
  led.style.setProperty("--colour", hue);
  write($("led-word"), word);
  const place = $("leds");
  const wanted = leds.map(([name, on]) => `${name} ${on ? "on" : "off"}`);
  if (place.dataset.shown === wanted.join()) return;
  place.dataset.shown = wanted.join();
  place.replaceChildren(
    ...leds.map(([, on], i) => {
      const single = document.createElement("span");
      single.className = on ? "single on" : "single";
      single.textContent = wanted[i];
      return single;
    }),
  );
}

function showButtons(state) {
  const shown = own ? (BUTTONS[state] ?? []) : [];
  for (const button of document.querySelectorAll("[data-command]")) {
    button.hidden = !shown.includes(button.dataset.command);
    if (button.dataset.command === "next") write(button, NEXT[state] ?? "Next");
  }
}

let resultShown = null;

async function showResult({ state, result_id: id }) {
  const wanted = state === "result" && id ? id : null;
  if (wanted === resultShown) return;
  resultShown = wanted;
  const place = $("result");
  place.hidden = !wanted;
  $("watch").hidden = Boolean(wanted);
  document.body.classList.toggle("with-result", Boolean(wanted));
  place.replaceChildren();
  if (!wanted) return;
  const note = document.createElement("p");
  note.className = "lead";
  note.textContent = "Fetching your result …";
  place.append(note);
  try {
    const answer = await fetch(`/result/${encodeURIComponent(wanted)}?part=1`);
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    const markup = await answer.text();
    if (resultShown !== wanted) return; // the visit has moved on meanwhile
    place.innerHTML = markup;
    place.scrollTop = 0;
    place.focus({ preventScroll: true });
  } catch {
    note.textContent = "Your result is stored, but this screen cannot fetch it just now. Trying again …";
    setTimeout(() => {
      if (resultShown === wanted) resultShown = null; // the next view tries again
    }, 2000);
  }
}

function send(command) {
  fetch(`/command/${command}`, { method: "POST" }).catch(() => {
    $("stale").hidden = false; // the connection is gone; the stream's own watch clears this
  });
}

function onKey(event) {
  if (!own || !view || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("button, a, summary") && [" ", "Enter"].includes(event.key)) return;
  const shown = BUTTONS[view.state] ?? [];
  const meant = {
    " ": shown.find((command) => command === "next" || command === "done"),
    Enter: shown.find((command) => command === "next" || command === "done"),
    Escape: view.state === "result" ? "done" : "stop",
    p: "pain", // at any time: the engine knows what it means then
    n: "no-pain",
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!meant) return;
  event.preventDefault();
  send(meant);
}

// One picture after the other, each asked for when the last one is there: a slow machine shows fewer.
async function showPictures() {
  for (;;) {
    let pause = 60;
    try {
      const answer = document.hidden ? null : await fetch("/picture");
      if (answer?.status === 200) {
        const last = stage.picture;
        stage.picture = await createImageBitmap(await answer.blob());
        last?.close();
        stage.plan();
      } else {
        stage.picture = null;
        pause = 1000;
      }
    } catch {
      stage.picture = null;
      pause = 1000;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

$("buttons").addEventListener("click", (event) => {
  const button = event.target.closest("[data-command]");
  if (!button) return;
  send(button.dataset.command);
  button.blur(); // so that Space does not press it again later
});
addEventListener("keydown", onKey);
stage.plan();
follow("/live", show, (stale) => {
  $("stale").hidden = !stale;
  document.body.classList.toggle("stale", stale);
});
if (pictured) showPictures();
