// The kiosk's lights, drawn and in a word.

import { t } from "./texts.js";

const LIGHTS = {
  idle: [() => t("Waiting"), "#ffffff"],
  framing: [() => t("Finding you"), "#3d8bff"],
  ready: [() => t("Ready"), "#3d8bff"],
  scan: [() => t("Watching"), "#3d8bff"],
  clean: [() => t("Clean rep"), "#35d07f"],
  unsure: [() => t("Not sure"), "#ffb52e"],
  sign: [() => t("Sign seen"), "#ff5a4d"],
  result: [() => t("Result"), "#ffffff"],
  attention: [() => t("Needs a hand"), "#ffb52e"],
  trouble: [() => t("Trouble"), "#ff3b30"],
  off: [() => t("Lights off"), "#000000"],
};
const VERDICTS = ["clean", "unsure", "sign"];

// told: whether the page may show what the lights say of a rep; else it shows them as watching.
export function showLights({ lit: { pattern, colour, leds } }, told) {
  const hushed = VERDICTS.includes(pattern) && !told;
  const named = hushed ? "scan" : pattern;
  const [word, usual] = LIGHTS[named] ?? [() => named, "#ffffff"];
  const led = document.getElementById("led");
  led.dataset.pattern = named;
  // The hue of the real LED at full strength; how bright it is at this moment is the pattern's part.
  const most = Math.max(...colour);
  const hue = most > 0 && !hushed ? `rgb(${colour.map((part) => Math.round((part / most) * 255)).join(" ")})` : usual;
  led.style.setProperty("--colour", hue);
  const words = document.getElementById("led-word");
  if (words.textContent !== word()) words.textContent = word();
  showSingles(document.getElementById("leds"), leds);
}

function showSingles(place, leds) {
  const wanted = leds.map(([name, on]) => (on ? t("{name} on", { name }) : t("{name} off", { name })));
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
