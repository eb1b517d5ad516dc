// The page by which a camera is put up: asks for picture and state again and again, and draws the skeleton over it.
// The picture is as the camera sees it, not mirrored: whoever turns the camera looks along it.

import { colours, fitted } from "./palette.js";
import { number, t } from "./texts.js";

const BONES = [[5, 6], [5, 7], [7, 9], [6, 8], [8, 10], [5, 11], [6, 12], [11, 12], [11, 13], [13, 15], [12, 14], [14, 16]];
const EDGE = 0.04; // of the picture's height: floor and raised hands belong inside
const PAUSE_MS = 120, AGAIN_MS = 1000;
const find = (id) => document.getElementById(id);
const canvas = find("sight");

function draw(state, bitmap) {
  const size = fitted(canvas);
  if (!size || !state.size_px) return;
  const [wide, tall] = state.size_px;
  const scale = Math.min(size.wide / wide, size.tall / tall);
  const box = { x: (size.wide - wide * scale) / 2, y: (size.tall - tall * scale) / 2, w: wide * scale, h: tall * scale };
  const pen = canvas.getContext("2d");
  if (bitmap) pen.drawImage(bitmap, box.x, box.y, box.w, box.h);
  pen.lineWidth = Math.max(2, size.wide / 400);
  pen.strokeStyle = colours.soft;
  pen.setLineDash([12, 10]);
  pen.strokeRect(box.x + EDGE * box.h, box.y + EDGE * box.h, box.w - 2 * EDGE * box.h, box.h - 2 * EDGE * box.h);
  pen.beginPath();
  pen.moveTo(box.x + box.w / 2, box.y);
  pen.lineTo(box.x + box.w / 2, box.y + box.h);
  pen.stroke();
  pen.setLineDash([]);
  pen.strokeStyle = pen.fillStyle = colours.ice;
  const points = state.keypoints.map((p) => p && [box.x + p[0] * box.w, box.y + p[1] * box.h]);
  pen.lineWidth *= 2;
  for (const [from, to] of BONES) {
    if (!points[from] || !points[to]) continue;
    pen.beginPath();
    pen.moveTo(...points[from]);
    pen.lineTo(...points[to]);
    pen.stroke();
  }
  for (const point of points.filter(Boolean)) {
    pen.beginPath();
    pen.arc(...point, pen.lineWidth, 0, 2 * Math.PI);
    pen.fill();
  }
}

function tell(state) {
  find("trouble").textContent = state.trouble ?? "";
  if (!state.size_px) return;
  const doing = state.asked && state.step < state.steps;
  find("says").textContent = state.asked ? state.says : "";
  find("held").hidden = !doing;
  find("held").value = state.held;
  find("focus").value = state.focus;
  find("focus-word").textContent = t("{n} %", { n: number(100 * state.focus) });
  find("light").value = state.brightness;
  find("light-word").textContent = number(state.brightness);
  find("fps").textContent = number(state.fps, 1);
  list(state.lines);
}

let shown = "";
function list(lines) {
  const now = JSON.stringify(lines);
  if (now === shown) return;
  shown = now;
  // What is to be changed stands first, then what is worth knowing.
  const sorted = [false, null, true].flatMap((ok) => lines.filter((line) => line.ok === ok));
  find("lines").replaceChildren(...sorted.map((line) => {
    const item = document.createElement("li");
    item.dataset.ok = String(line.ok);
    for (const [tag, kind, words] of [["strong", "", line.name], ["span", "", line.says], ["p", "change", line.change]]) {
      if (!words) continue;
      const part = document.createElement(tag);
      part.className = kind;
      part.textContent = words;
      item.append(part);
    }
    return item;
  }));
}

async function newest() {
  const [state, image] = await Promise.all([
    fetch("/camera/state.json").then((answer) => answer.json()),
    fetch("/camera/picture").then((answer) => (answer.status === 200 ? answer.blob() : null)),
  ]);
  const bitmap = image && (await createImageBitmap(image));
  draw(state, bitmap);
  bitmap?.close();
  tell(state);
}

async function watch() {
  for (;;) {
    let pause = PAUSE_MS;
    try {
      await newest();
    } catch {
      find("trouble").textContent = t("No news from the kiosk for a moment. Connecting again …");
      pause = AGAIN_MS;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

find("person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch("/camera/begin", { method: "POST", body: new FormData(event.target) }).catch(() => null);
  find("refused").hidden = answer?.ok ?? false;
});

watch();
