// Touch and keys: what can be pressed in which state, and how the engine hears of it.

import { t } from "./texts.js";

// The first of a state is on Space and Enter; "next" has a word of its own in each.
const BUTTONS = {
  idle: ["next"], framing: ["next"], ready: ["next", "stop"], scan: ["next", "stop"], turn: ["next", "stop"],
  paused: ["next", "stop"], pain: ["no-pain", "pain"], result: ["stay", "done"], trouble: ["stop"],
};
const NEXT = {
  framing: () => t("Start"), ready: () => t("Start"), scan: () => t("Next"), turn: () => t("Skip the turn"), paused: () => t("Go on"),
};
// Seen where nobody stands, it would only ask to be touched; the keys work all the same.
const HIDDEN = { idle: ["next"] };
// Whoever touches or moves the result is reading it: it stays, which the engine need not hear more often than this.
const READING = ["pointerdown", "wheel"], READING_MS = 5000;

// own: whether this is the kiosk's own screen, the only one that commands. failed: called when a touch got lost.
export function commands(own, failed) {
  let state = null;

  function send(name) {
    fetch(`/command/${name}`, { method: "POST" }).catch(failed);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (!button) return;
    send(button.dataset.command);
    button.blur(); // so that Space does not press it again later
  });

  let read = -Infinity;
  const reading = ({ target }) => {
    if (!own || state !== "result" || !target.closest?.("#result") || performance.now() - read < READING_MS) return;
    read = performance.now();
    send("stay");
  };
  for (const kind of READING) addEventListener(kind, reading, { passive: true });

  // A long touch on the kiosk opens no menu of the browser; no switch of Chromium's does that.
  if (own) addEventListener("contextmenu", (event) => event.preventDefault());

  addEventListener("keydown", (event) => {
    if (!own || !state || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.closest("input, textarea, select");
    if (typing || (event.target.closest("button, a, summary") && [" ", "Enter"].includes(event.key))) return;
    const first = (BUTTONS[state] ?? []).find((name) => name === "next" || name === "done");
    const meant = {
      " ": first,
      Enter: first,
      Escape: state === "result" ? "done" : "stop",
      p: "pain", // at any time: the engine knows what it means then
      n: "no-pain",
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!meant) return reading(event);
    event.preventDefault();
    send(meant);
  });

  return {
    show(next) {
      if (next === state) return;
      state = next;
      const shown = own ? (BUTTONS[state] ?? []).filter((name) => !HIDDEN[state]?.includes(name)) : [];
      for (const button of document.querySelectorAll("[data-command]")) {
        button.hidden = !shown.includes(button.dataset.command);
        if (button.dataset.command === "next") button.textContent = NEXT[state]?.() ?? t("Next");
      }
    },
  };
}
