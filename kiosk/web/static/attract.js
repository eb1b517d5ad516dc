// The idle screen: a drawn person shows a visit, again and again, for as long as nobody is there.

import { between, eased, fromArrays, leaning, mirrored, paint, projected, standing } from "./figure.js";
import { DRAWING_MS, calm, colours, fitted } from "./palette.js";
import { t } from "./texts.js";

const SQUAT_S = 3.2, PUSH_UP_S = 2.4;
// How deep a body is `t` seconds into a rep that takes so many: down slower than up, a moment at the bottom.
function depth(t, takes) {
  const share = (t % takes) / takes;
  return share < 0.45 ? eased(share / 0.45) : share < 0.55 ? 1 : eased((1 - share) / 0.45);
}

// Each scene: how long it lasts, the step of the visit that it belongs to, its words, and the figure at a moment;
// in those with checks what is looked at lights up in turn.
const COME = {
  lasts: 2.6, step: 1, say: () => t("Step in front of the camera"),
  at: (s) => {
    const come = eased(s / 1.7);
    const walking = s < 1.7 ? Math.sin(s * 7) * (1 - come * 0.6) : 0;
    return { joints: standing({ stride: walking }), yaw: 85 * (1 - eased((s - 1.5) / 0.8)), off: -0.75 * (1 - come), seen: Math.min(1, s * 2) };
  },
};
const SQUATS = [
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
  { lasts: 2, step: 2, say: () => t("Lean on the bar"), at: (s) => ({ joints: leaning(), yaw: 66, seen: eased(s / 0.6) }) },
  {
    lasts: 3 * PUSH_UP_S, step: 3, checks: true, say: () => t("Push-ups on the bar"),
    at: (s) => ({ joints: leaning({ depth: depth(s, PUSH_UP_S) }), yaw: 66 }),
  },
];
const RESULT = {
  lasts: 2.6, step: 4, say: () => t("Read what we saw"), at: (s) => ({ joints: standing({ arms: 1 - eased(s / 1.2) }), yaw: between(25, 0, eased(s / 1.2)) }),
};
const LIT_S = 1.1;
const DRAWN = { "overhead-squat": SQUATS, "incline-push-up": PUSH_UPS };

// Of an exercise that nobody drew: its starting posture, from each side that it is looked at. What moves is not guessed.
const YAWS = { front: 0, side: 78, rear: 180 };
const SEEN_S = 4.4, TURN_S = 1.1;
const SEEN_FROM = {
  front: (title) => t("{title}, seen from the front", { title }),
  side: (title) => t("{title}, seen from the side", { title }),
  rear: (title) => t("{title}, seen from behind", { title }),
};

function scenesOfOther({ title, start, passes, joints }) {
  const figure = joints ? fromArrays(joints) : standing();
  const turned = passes.map(([view, side]) => ({ view, yaw: YAWS[view], joints: side === "right" ? mirrored(figure) : figure }));
  const seen = turned.map(({ view, yaw, joints: shown }, i) => ({
    lasts: SEEN_S, step: 3, checks: true, say: () => SEEN_FROM[view](title),
    at: (s) => ({ joints: shown, yaw: between(turned[Math.max(0, i - 1)].yaw, yaw, eased(s / TURN_S)) }),
  }));
  return [{ lasts: 3, step: 2, say: () => start, at: (s) => ({ joints: turned[0].joints, yaw: turned[0].yaw, seen: eased(s / 0.6) }) }, ...seen];
}

// shown: of each exercise its slug, title, starting posture in words, passes, checkpoints and figure (null: none known).
export function scenesOf(shown) {
  const scenes = shown.flatMap((one) => (DRAWN[one.slug] ?? scenesOfOther(one)).map((scene) => ({ ...scene, points: one.points })));
  return [COME, ...scenes, RESULT];
}

export class Attract {
  // canvas: where to draw; words: the element for what is shown; steps and points: lists whose items light up.
  constructor(canvas, words, steps, points, shown) {
    Object.assign(this, { canvas, words, steps, points, shown, scenes: scenesOf(shown), on: false, began: 0, drawn: 0 });
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
    const size = calm.matches || now - this.drawn >= DRAWING_MS ? fitted(this.canvas) : null;
    if (size) this.drawn = now;
    if (size) calm.matches ? this.still(size) : this.moving(size, Math.max(0, now - this.began) / 1000);
    // Without motion a look now and then is enough, for a screen that was turned or a theme that changed.
    if (calm.matches) setTimeout(() => this.frame(performance.now()), 1000);
    else requestAnimationFrame((then) => this.frame(then));
  }

  moving(size, s) {
    const whole = this.scenes.reduce((sum, scene) => sum + scene.lasts, 0);
    let rest = s % whole;
    const scene = this.scenes.find((one) => rest < one.lasts || ((rest -= one.lasts), false)) ?? RESULT;
    const looked = scene.checks ? this.points.filter((point) => scene.points.includes(point.dataset.checkpoint)) : [];
    const lit = looked[Math.floor(s / LIT_S) % looked.length] ?? null;
    this.light(scene.step, lit);
    write(this.words, scene.say());
    this.draw(size, scene.at(rest), lit?.dataset.checkpoint, eased(((s % LIT_S) / LIT_S) * 2));
  }

  still(size) {
    const [first] = this.shown, [, scene] = this.scenes;
    write(this.words, first?.slug === "overhead-squat" ? t("Raise both arms, then squat") : scene.say());
    this.light(0, null);
    this.draw(size, first?.slug === "overhead-squat" ? { joints: standing({ arms: 1, depth: 0.8 }), yaw: 40 } : scene.at(scene.lasts), null, 0);
  }

  light(step, point) {
    this.steps.forEach((item, i) => item.classList.toggle("now", i + 1 === step));
    this.points.forEach((item) => item.classList.toggle("now", item === point));
  }

  draw({ wide, tall }, { joints, yaw, off = 0, seen = 1 }, lit, glow) {
    const pen = this.canvas.getContext("2d");
    const high = Math.min(tall * 0.7, wide * 0.8); // with raised arms 1.27 of that
    const floor = { x: wide / 2 + off * wide * 0.6, y: (tall + high * 1.19) / 2, tall: high };
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

function write(place, words) {
  if (place.textContent !== words) place.textContent = words;
}
