// The kiosk's screen: shows each view as it comes, and hands touches and keys on.

import { Attract } from "./attract.js";
import { commands } from "./commands.js";
import { Hint } from "./hints.js";
import { visitState } from "./language.js";
import { showLights } from "./lights.js";
import { Meter } from "./meter.js";
import { showPictures } from "./pictures.js";
import { ResultPart } from "./result.js";
import { Stage } from "./skeleton.js";
import { showSteps } from "./stepper.js";
import { follow } from "./stream.js";
import { t } from "./texts.js";
import { Voice } from "./voice.js";

const $ = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const passes = JSON.parse(document.body.dataset.passes || "{}");
const exercises = JSON.parse(document.body.dataset.shown || "[]");
const stage = new Stage($("stage"), exercises);
const hint = new Hint($("hint"), exercises);
const meter = new Meter($("track"), $("range"), $("peak"));
const result = new ResultPart($("result"));
const voice = new Voice($("voice"));
const attract = new Attract($("attract"), $("attract-words"), all(".way li"), all("#points li"), exercises);
const touch = commands("ownScreen" in document.body.dataset, () => {
  $("stale").hidden = false; // the connection is gone; the stream's own watch clears this
});

const WELCOMING = ["starting", "idle"];
const SCANNING = ["scan", "paused"];
// A cue stays for so long, also when the next rep brings another, and even when the engine has let go of it.
const CUE_MS = 3000;
const NEAR_S = 10;
const MOST_LINES = 3;
const VERDICTS = {
  clean: () => t("✓ Clean rep"), unsure: () => t("? Too close to call"), sign: () => t("▲ Sign seen"), fine: () => t("✓ Looks fine"),
};

let cue = { words: "", since: -Infinity };

function show(view) {
  if (!view.sequence) return; // the engine has not said anything yet: "Starting …" stands
  const { state } = view;
  document.body.dataset.state = state;
  write($("instruction"), unbroken(view.instruction || t("One moment …")));
  write($("detail"), state === "pain" && view.left_s != null ? t("Touch, or press a key.") : inLines(view.detail));
  write($("exercise"), view.title ?? "");
  showSteps($("stepper"), view, passes);
  showPart(state, view.result_id);
  showCount(view);
  showVerdict(view);
  showLeft(view);
  write($("machine"), [view.model, view.fps && t("{number} frames/s", { number: view.fps.toFixed(0) })].filter(Boolean).join(" · "));
  reveal("camera", view.camera === "ok" ? "" : view.camera);
  reveal("problems", view.problems.join(" "));
  showLights(view, told(view));
  touch.show(state);
  hint.show(WELCOMING.includes(state) ? null : (view.hint ?? (state === "framing" && !view.exercise ? "posture" : null)), view);
  stage.show(view);
  voice.hear(view);
  visitState(state);
}

// Whether the page may say how a rep was: never while somebody is measured who must not be coached (DOMAIN 1.1).
const told = (view) => view.coached || !["scan", "paused", "turn", "pain"].includes(view.state);

// Leaves what already stands there untouched, so that it is not read out again.
function write(place, text) {
  const words = String(text ?? "");
  if (place.textContent !== words) place.textContent = words;
}

// A compound such as push-ups stays in one line.
const unbroken = (words) => words.replace(/(?<=\p{L})-(?=\p{L})/gu, "\u2011");

// What is said of a few exercises has a line for each.
const inLines = (detail) => (detail.split(" · ").length <= MOST_LINES ? detail.replaceAll(" · ", "\n") : detail);

function reveal(id, text) {
  $(id).hidden = !text;
  if (text) write($(id), text);
}

// One part of the page at a time: the welcome, the member, the question, or the result.
function showPart(state, id) {
  const shown = state === "result" && id ? "result" : state === "pain" ? "ask" : WELCOMING.includes(state) ? "welcome" : "watch";
  for (const name of ["welcome", "watch", "ask"]) $(name).hidden = name !== shown;
  document.body.classList.toggle("with-result", shown === "result");
  result.show(shown === "result" ? id : null);
  attract.run(shown === "welcome");
}

// Reps of how many with the range of the movement, or of a hold the seconds of how many.
function showCount({ state, reps, target_reps: targetReps, held_s: held, target_s: target, effort, keypoints }) {
  const count = target ? Math.floor(held ?? 0) : reps;
  const of = target ?? targetReps;
  write($("reps"), count);
  write($("of"), of ? ` / ${of}` : "");
  write($("reps-word"), target ? t("seconds") : t("reps"));
  write($("range-word"), target ? t("Time") : t("Range"));
  $("reps").parentElement.classList.toggle("long", count > 9 || of > 9);
  const unseen = !keypoints.some(Boolean) || !SCANNING.includes(state);
  meter.show(unseen ? null : target ? (held ?? 0) / target : effort);
}

function showVerdict(view) {
  const may = view.coached && SCANNING.includes(view.state);
  const verdict = may ? (view.target_s && view.last_rep === "clean" ? "fine" : view.last_rep) : null;
  reveal("last", VERDICTS[verdict]?.() ?? "");
  $("last").dataset.verdict = view.last_rep ?? "";
  const now = performance.now();
  if (!may) cue = { words: "", since: -Infinity };
  else if (now - cue.since >= CUE_MS && (view.cue ?? "") !== cue.words) cue = { words: view.cue ?? "", since: now };
  reveal("cue", cue.words);
}

// For how long a question or a result stays when nobody touches anything. A result counts in steps until it is near.
function showLeft({ state, left_s: left }) {
  const seconds = Math.ceil(left ?? 0), calm = seconds > NEAR_S ? Math.ceil(seconds / NEAR_S) * NEAR_S : seconds;
  reveal("left", state === "result" && left != null ? t("Stays for {number} s", { number: calm }) : "");
  $("left").classList.toggle("near", seconds <= NEAR_S);
  reveal("ask-left", state === "pain" && left != null ? t("{number} s left", { number: seconds }) : "");
}

stage.plan();
attract.run(true);
follow("/live", show, (stale) => {
  $("stale").hidden = !stale;
  document.body.classList.toggle("stale", stale);
});
if ("picture" in document.body.dataset) showPictures(stage);
