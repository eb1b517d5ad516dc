// The idle screen: a drawn person shows a visit, again and again, for as long as nobody is there.

import { between, eased, leaning, paint, projected, standing } from "./figure.js";
import { calm, colours, fitted } from "./palette.js";
import { t } from "./texts.js";

const SQUAT_S = 3.2, PUSH_UP_S = 2.4;
// How deep a body is `t` seconds into a rep that takes so many: down slower than up, a moment at the bottom.
function depth(t, takes) {
  const share = (t % takes) / takes;
  return share < 0.45 ? eased(share / 0.45) : share < 0.55 ? 1 : eased((1 - share) / 0.45);
}

// Each scene: how long it lasts, the step of the visit that it belongs to, its words, and the figure at a moment.
const SQUATS = [
  {
    lasts: 2.6, step: 1, say: () => t("Step in front of the camera"),
    at: (s) => {
      const come = eased(s / 1.7);
      const walking = s < 1.7 ? Math.sin(s * 7) * (1 - come * 0.6) : 0;
      return { joints: standing({ stride: walking }), yaw: 85 * (1 - eased((s - 1.5) / 0.8)), off: -0.75 * (1 - come), seen: Math.min(1, s * 2) };
    },
  },
  { lasts: 2, step: 2, say: () => t("Raise both arms"), at: (s) => ({ joints: standing({ arms: eased(s / 1.3) }), yaw: 0 }) },
  {
    lasts: 2 * SQUAT_S, step: 3, checks: true, say: () => t("Squats, seen from the front"),
    at: (s) => ({ joints: standing({ arms: 1, depth: depth(s, SQUAT_S) }), yaw: 0 }),
  },
  { lasts: 1.6, step: 3, say: () => t("Turn to the side"), at: (s) => ({ joints: standing({ arms: 1 }), yaw: 78 * eased(s / 1.2) }) },
  {
    lasts: 2 * SQUAT_S, step: 3, checks: true, say: () => t("Squats, seen from the side"),
    at: (s) => ({ joints: standing({ arms: 1, depth: depth(s, SQUAT_S) }), yaw: 78 }),
  },
];
const PUSH_UPS = [
  { lasts: 1.6, step: 2, say: () => t("Or lean on the bar"), at: (s) => ({ joints: leaning(), yaw: 66, seen: eased(s / 0.6) }) },
  {
    lasts: 3 * PUSH_UP_S, step: 3, checks: true, say: () => t("Push-ups on the bar"),
    at: (s) => ({ joints: leaning({ depth: depth(s, PUSH_UP_S) }), yaw: 66 }),
  },
];
const RESULT = {
  lasts: 2.6, step: 4, say: () => t("Read what we saw"), at: (s) => ({ joints: standing({ arms: 1 - eased(s / 1.2) }), yaw: between(25, 0, eased(s / 1.2)) }),
};
const LIT_S = 1.1;

export function scenesOf(slugs) {
  const known = [...(slugs.includes("overhead-squat") ? SQUATS : []), ...(slugs.includes("incline-push-up") ? PUSH_UPS : [])];
  return [...(known.length ? known : SQUATS.slice(0, 1)), RESULT];
}

export class Attract {
  // canvas: where to draw; words: the element for what is shown; steps and points: lists whose items light up.
  constructor(canvas, words, steps, points, slugs) {
    Object.assign(this, { canvas, words, steps, points, scenes: scenesOf(slugs), on: false, began: 0 });
    calm.addEventListener("change", () => this.run(this.on, true));
  }

  run(on, again = false) {
    if (on === this.on && !again) return;
    this.on = on;
    this.began = performance.now();
    if (on) requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    if (!this.on) return;
    const size = fitted(this.canvas);
    if (size) calm.matches ? this.still(size) : this.moving(size, (now - this.began) / 1000);
    // Without motion a look now and then is enough, for a screen that was turned or a theme that changed.
    if (calm.matches) setTimeout(() => this.frame(performance.now()), 1000);
    else requestAnimationFrame((then) => this.frame(then));
  }

  moving(size, s) {
    const whole = this.scenes.reduce((sum, scene) => sum + scene.lasts, 0);
    let rest = s % whole;
    const scene = this.scenes.find((one) => rest < one.lasts || ((rest -= one.lasts), false)) ?? RESULT;
    const lit = scene.checks ? this.points[Math.floor(s / LIT_S) % this.points.length] : null;
    this.light(scene.step, lit);
    if (this.words.textContent !== scene.say()) this.words.textContent = scene.say();
    this.draw(size, scene.at(rest), lit?.dataset.checkpoint, eased(((s % LIT_S) / LIT_S) * 2));
  }

  still(size) {
    this.words.textContent = t("Raise both arms, then squat");
    this.light(0, null);
    this.draw(size, { joints: standing({ arms: 1, depth: 0.8 }), yaw: 40 }, null, 0);
  }

  light(step, point) {
    this.steps.forEach((item, i) => item.classList.toggle("now", i + 1 === step));
    this.points.forEach((item) => item.classList.toggle("now", item === point));
  }

  draw({ wide, tall }, { joints, yaw, off = 0, seen = 1 }, lit, glow) {
    const pen = this.canvas.getContext("2d");
    const high = Math.min(tall * 0.61, wide * 0.8); // with raised arms 1.27 of that, and the words have the rest
    const floor = { x: wide / 2 + off * wide * 0.6, y: (tall * 0.9 + high * 1.21) / 2, tall: high };
    marks(pen, wide / 2, floor.y, high);
    plumbLine(pen, wide / 2, floor.y - high * 1.3, floor.y, high, lit ? 1 : 0.45);
    pen.save();
    pen.globalAlpha = seen;
    const person = projected(joints, { ...floor, yaw });
    paint(pen, person, colours, { lit, glow });
    pen.restore();
  }
}

// Where to stand: a ring on the floor.
function marks(pen, x, y, high) {
  pen.strokeStyle = colours.ice;
  pen.lineWidth = high * 0.008;
  pen.setLineDash([high * 0.03, high * 0.02]);
  pen.beginPath();
  pen.ellipse(x, y, high * 0.36, high * 0.055, 0, 0, 7);
  pen.stroke();
  pen.setLineDash([]);
}

// What the kiosk has its name from: the vertical against which a body is seen.
function plumbLine(pen, x, top, bottom, high, strength) {
  pen.save();
  pen.globalAlpha = strength;
  pen.strokeStyle = colours.ice;
  pen.fillStyle = colours.ice;
  pen.lineWidth = Math.max(1, high * 0.004);
  pen.beginPath();
  pen.moveTo(x, top);
  pen.lineTo(x, bottom - high * 0.05);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(x - high * 0.018, bottom - high * 0.06);
  pen.lineTo(x + high * 0.018, bottom - high * 0.06);
  pen.lineTo(x, bottom);
  pen.fill();
  pen.restore();
}
