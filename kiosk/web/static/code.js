// The kiosk's screen while a member gives a code: asks how the look of the camera goes, types on the keys of the
// screen, and leaves for the live screen when the result has gone.

import { t } from "./texts.js";

const ASK_MS = 1000;
const { found, look, home } = document.body.dataset;
const says = document.getElementById("camera-says");
const again = document.getElementById("again");
const field = document.getElementById("code");
const token = document.querySelector("input[name=csrf_token]").value;
const first = says?.textContent;

const post = (address) => fetch(address, { method: "POST", headers: { "X-CSRFToken": token } });

async function start() {
  says.textContent = first;
  again.hidden = true;
  await post(look);
}

function tell({ state, why }) {
  if (state === "over") location.replace(home);
  if (!says) return;
  if (state === "kept") location.reload();
  if (state === "nothing") pause(t("We saw no QR code. Hold it closer, or type your code."));
  if (state === "refused") pause(why);
}

function pause(words) {
  if (!again.hidden) return; // it stands there already
  says.textContent = words;
  again.hidden = false;
}

async function ask() {
  try {
    const answer = await post(found);
    if (answer.ok) tell(await answer.json());
  } catch {
    // the kiosk is away for a moment: the next time tells
  }
  setTimeout(ask, ASK_MS);
}

function press(key) {
  field.value = key === "back" ? field.value.slice(0, -1) : (field.value + key).slice(0, field.maxLength);
}

for (const key of document.querySelectorAll("[data-key]")) key.addEventListener("click", () => press(key.dataset.key));
again?.addEventListener("click", start);
if (says) start().then(ask, ask);
else setTimeout(ask, ASK_MS);
