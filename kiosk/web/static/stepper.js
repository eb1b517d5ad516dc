// How far the visit has come: one step for each pass, the question after it, the result.

import { t } from "./texts.js";

const VIEWS = { front: () => t("Front"), side: () => t("Side"), rear: () => t("Back") };

// passes: by the exercise's slug, the views of its passes as [view, side or null].
export function showSteps(place, view, passes) {
  const steps = stepsOf(view, passes);
  const shown = JSON.stringify(steps);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren(...steps.map(item));
}

function stepsOf({ state, exercise, pass_number: number, passes: count, view: from, side }, passes) {
  if (!exercise || !count || !number || ["idle", "framing", "trouble"].includes(state)) return [];
  const known = passes[exercise] ?? Array.from({ length: count }, (_, i) => (i + 1 === number ? [from, side] : [null, null]));
  const at = state === "result" ? 2 * count : 2 * (number - 1) + (state === "pain" ? 1 : 0);
  const words = known.flatMap(([one, hand], i) => [passWords(one, hand, i + 1), t("Pain?")]);
  return [...words, t("Result")].map((word, i) => ({ word, small: i % 2 === 1, mark: i < at ? "done" : i === at ? "now" : "" }));
}

function passWords(from, side, number) {
  const word = VIEWS[from]?.() ?? t("Pass {number}", { number });
  if (side === "left") return t("{view}, left", { view: word });
  return side === "right" ? t("{view}, right", { view: word }) : word;
}

function item({ word, small, mark }) {
  const step = document.createElement("li");
  step.className = [mark, small && "small"].filter(Boolean).join(" ");
  if (mark === "now") step.setAttribute("aria-current", "step");
  step.textContent = word;
  return step;
}
