// Says aloud what the screen asks for, counts the reps, and gives tones; a button silences it for good.

import { t } from "./texts.js";
import { Speech } from "./speech.js";

const KEPT_AS = "plumbline-voice";
// Pitch in hertz and seconds of each note: rising is good news, falling is trouble.
const TONES = {
  ready: [[523, 0.12], [659, 0.16]],
  rep: [[880, 0.09]],
  done: [[523, 0.12], [659, 0.12], [784, 0.24]],
  trouble: [[392, 0.2], [262, 0.34]],
};
const LOUD = 0.16;
// An empty room is not talked to.
const SILENT = ["idle", "starting"];

export class Voice {
  constructor(button) {
    this.button = button;
    this.own = "ownScreen" in document.body.dataset;
    this.speech = new Speech(this.own, () => this.sayNext());
    this.last = null;
    this.pending = [];
    this.busy = false;
    // A phone that looks on stays quiet until somebody wants it to speak.
    this.on = (read() ?? (this.own ? "on" : "off")) === "on";
    button.addEventListener("click", () => this.turn(!this.on));
    // Browsers give no sound before the first touch, unless they were started as a kiosk's.
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.on && this.speech.wake(), { passive: true });
    this.show();
    if (this.on && this.own) this.speech.wakeIfAllowed();
  }

  turn(on) {
    this.on = on;
    keep(on ? "on" : "off");
    this.pending = [];
    if (on) this.speech.wake();
    else this.speech.stop();
    this.show();
  }

  show() {
    this.button.setAttribute("aria-pressed", String(this.on));
    this.button.textContent = this.on ? t("Voice on") : t("Voice off");
  }

  // Every view goes through here; only what is new in it is heard.
  hear(view) {
    const last = this.last ?? { state: "starting", reps: 0, instruction: "", cue: null };
    this.last = view;
    if (!this.on) return;
    this.play(toneOf(last, view));
    const words = wordsOf(last, view);
    // The newest wins over what was not said in time; whoever has left is told nothing more.
    if (words.length || SILENT.includes(view.state)) this.pending = words;
    this.sayNext();
  }

  play(tone) {
    if (tone) this.speech.tone(TONES[tone], LOUD);
  }

  async sayNext() {
    if (this.busy || !this.pending.length || !this.speech.ready) return; // it is called again when that changes
    this.busy = true;
    try {
      while (this.on && this.pending.length) {
        const words = this.pending.shift();
        this.button.dataset.saying = words;
        await this.speech.say(words);
      }
    } finally {
      delete this.button.dataset.saying;
      this.busy = false;
    }
  }
}

function toneOf(last, view) {
  if (view.state !== last.state) {
    if (view.state === "trouble") return "trouble";
    if (view.state === "ready") return "ready";
    if (last.state === "scan" && ["pain", "turn", "result"].includes(view.state)) return "done";
  }
  return counted(last, view) ? "rep" : null;
}

function wordsOf(last, view) {
  if (SILENT.includes(view.state)) return [];
  const words = [];
  if (counted(last, view)) words.push(String(view.reps));
  if (view.cue && view.cue !== last.cue) words.push(view.cue);
  if (view.instruction && (view.instruction !== last.instruction || SILENT.includes(last.state))) words.push(view.instruction);
  return words.map((one) => one.replaceAll("\u00ad", "")); // where a word may be broken is not said
}

// A hold is timed, and its parts are not counted aloud.
function counted(last, view) {
  return view.state === "scan" && !view.target_s && view.reps > 0 && view.reps === last.reps + 1;
}

// A browser that keeps nothing (private windows) begins as on a first visit.
function read() {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT_AS, value);
  } catch {
    // Then the choice holds for as long as the page is open.
  }
}
