// For a phone that looks at the kiosk: free or busy, and how far it is. Of the member it gets nothing to show.

import { follow } from "./stream.js";
import { t } from "./texts.js";

const $ = (id) => document.getElementById(id);
const STATES = {
  idle: () => t("Free: step in"), framing: () => t("Somebody is stepping in"), ready: () => t("A scan is about to start"),
  scan: () => t("A scan is running"), paused: () => t("A scan is paused"), turn: () => t("Between two passes"),
  pain: () => t("Almost done"), result: () => t("Somebody reads their result"), trouble: () => t("The kiosk needs help"),
};

function show(view) {
  if (!view.sequence) return;
  document.querySelector(".watching").dataset.state = view.state;
  write($("busy"), STATES[view.state]?.() ?? t("One moment …"));
  write($("doing"), view.state === "idle" ? "" : view.title ?? "");
  $("count").hidden = !["scan", "paused"].includes(view.state);
  const { target_s: seconds, held_s: held, reps, target_reps: wanted } = view;
  write($("reps"), String(seconds ? Math.floor(held ?? 0) : reps));
  write($("of"), seconds ? t("of {number} seconds", { number: seconds }) : wanted ? t("of {number} reps", { number: wanted }) : t("reps"));
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

follow("/live", show, (stale) => {
  $("stale").hidden = !stale;
});
