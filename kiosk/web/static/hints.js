// A small drawn person beside the instruction shows what is asked for: to step back, to turn, to raise the arms ...

import { between, eased, fromArrays, leaning, mirrored, paint, projected, standing } from "./figure.js";
import { DRAWING_MS, calm, colours, fitted } from "./palette.js";

const ROUND_S = 2.4;
const FLOOR = 0.87, FIGURE = 0.65; // of the card's height: room for raised arms

// What each hint shows: the figure's pose, its place (shares of the card's width) and size, at a share of a round.
const SHOWN = {
  nobody: (s) => ({ off: between(-0.6, 0, s), yaw: between(80, 0, eased(s * 2 - 1)), pose: { stride: Math.sin(s * 14) * (1 - s) } }),
  "too-near": (s) => ({ size: between(1.3, 0.85, s), arrow: "back" }),
  "too-far": (s) => ({ size: between(0.6, 1.05, s), arrow: "near" }),
  left: (s) => ({ off: between(0.28, -0.04, s), arrow: "left" }),
  right: (s) => ({ off: between(-0.28, 0.04, s), arrow: "right" }),
  crowd: (s) => ({ off: -0.16, other: { off: between(0.12, 0.3, s), yaw: 80 * eased(s * 4), pose: { stride: Math.sin(s * 12) } } }),
  dark: (s) => ({ seen: between(0.25, 1, s), lamp: s }),
  loose: (s) => ({ wide: between(1, 0, s) }),
  arms: (s) => ({ pose: { arms: s }, size: between(1.1, 0.85, s) }),
  front: (s) => ({ yaw: between(85, 0, s), pose: { arms: 1 }, arrow: "turn" }),
  side: (s) => ({ yaw: between(0, 82, s), pose: { arms: 1 }, arrow: "turn" }),
  posture: (s) => ({ pose: { arms: s } }),
  bar: () => ({ joints: leaning(), yaw: 66, size: 1.05 }),
  rear: (s) => ({ yaw: between(0, 180, s), pose: { arms: 1 }, arrow: "turn" }),
};

// Postures that are drawn here; others come with their figure.
const DRAWN = { "overhead-squat": "posture", "incline-push-up": "bar" };
const YAWS = { front: 0, side: 66, rear: 180 };
const TURNS = ["front", "side", "rear"];

export class Hint {
  // exercises: those in use, whose starting postures are shown where one is asked for.
  constructor(canvas, exercises) {
    this.figures = Object.fromEntries(exercises.filter((one) => one.joints && !DRAWN[one.slug]).map((one) => [one.slug, fromArrays(one.joints)]));
    this.postures = exercises.map(({ slug, passes: [[view]] }) => DRAWN[slug] ?? (this.figures[slug] && { joints: this.figures[slug], yaw: YAWS[view] })).filter(Boolean);
    Object.assign(this, { canvas, code: null, began: 0, drawn: 0, planned: false });
    new ResizeObserver(() => this.plan()).observe(canvas);
  }

  // code: of `LiveView.hint`, or "posture" for the starting postures in turn; null shows nothing.
  show(code, { exercise, side } = {}) {
    const figure = this.figures[exercise];
    this.turning = figure && TURNS.includes(code) ? { joints: side === "right" ? mirrored(figure) : figure } : {};
    const known = code in SHOWN && (code !== "posture" || this.postures.length) ? code : null;
    this.canvas.parentElement.hidden = !known;
    if (known === this.code) return;
    this.code = known;
    this.began = performance.now();
    this.drawn = 0;
    this.plan();
  }

  plan() {
    if (this.planned || !this.code) return;
    this.planned = true;
    requestAnimationFrame((now) => {
      this.planned = false;
      if (calm.matches || now - this.drawn >= DRAWING_MS) this.draw(now);
      if (!calm.matches) this.plan();
    });
  }

  draw(now) {
    const size = fitted(this.canvas);
    if (!size || !this.code) return;
    this.drawn = now;
    // A picture's time may lie a little before that of the view that asked for it.
    const rounds = Math.max(0, now - this.began) / 1000 / ROUND_S;
    const s = calm.matches ? 1 : eased((rounds % 1) / 0.7);
    const pen = this.canvas.getContext("2d");
    const posture = this.code === "posture" ? this.postures[Math.floor(rounds) % this.postures.length] : this.code;
    const shown = typeof posture === "string" ? { ...SHOWN[posture](s), ...this.turning } : posture;
    if (shown.lamp !== undefined) lamp(pen, size, shown.lamp);
    if (shown.other) person(pen, size, { ...shown.other, seen: between(1, 0.2, s) });
    person(pen, size, shown);
    if (shown.arrow) arrow(pen, size, shown.arrow);
  }
}

function person(pen, { wide, tall }, { off = 0, size = 1, yaw = 0, pose = {}, joints = standing(pose), seen = 1, wide: loose = 0 }) {
  pen.save();
  pen.globalAlpha = seen;
  const place = { x: wide / 2 + off * Math.min(wide, tall * 1.2), y: tall * FLOOR, tall: Math.min(tall * FIGURE, wide * 0.85) * size, yaw };
  const drawn = projected(joints, place);
  if (loose > 0) gown(pen, drawn, loose);
  paint(pen, drawn, colours);
  if (loose > 0) gown(pen, drawn, loose);
  pen.restore();
}

// Clothes that hide the joints: as wide as `loose` says, from 1 to 0.
function gown(pen, { at, tall }, loose) {
  pen.save();
  pen.globalAlpha *= Math.min(1, loose * 2) * 0.85;
  pen.fillStyle = colours.shirt;
  const half = tall * between(0.13, 0.24, loose);
  pen.beginPath();
  pen.moveTo(at.leftShoulder.x + tall * 0.03, at.chest.y - tall * 0.03);
  pen.lineTo(at.rightShoulder.x - tall * 0.03, at.chest.y - tall * 0.03);
  pen.lineTo(at.pelvis.x - half, at.leftKnee.y + tall * 0.08);
  pen.lineTo(at.pelvis.x + half, at.leftKnee.y + tall * 0.08);
  pen.fill();
  pen.restore();
}

function lamp(pen, { wide, tall }, s) {
  const r = Math.min(tall, wide) * 0.06, x = Math.min(wide - 3 * r, wide / 2 + tall * 0.4), y = tall * 0.2;
  pen.fillStyle = pen.strokeStyle = colours.mark;
  pen.globalAlpha = between(0.35, 1, s);
  pen.beginPath();
  pen.arc(x, y, r, 0, 7);
  pen.fill();
  pen.lineWidth = tall * 0.016;
  pen.lineCap = "round";
  for (let i = 0; i < 8; i += 1) {
    const a = (i / 8) * 2 * Math.PI;
    pen.beginPath();
    pen.moveTo(x + Math.cos(a) * r * 1.5, y + Math.sin(a) * r * 1.5);
    pen.lineTo(x + Math.cos(a) * r * between(1.6, 2.3, s), y + Math.sin(a) * r * between(1.6, 2.3, s));
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

// Where to go. Back and near are along the way to the camera, drawn on the floor.
function arrow(pen, { wide, tall }, kind) {
  pen.save();
  pen.strokeStyle = colours.mark;
  pen.lineWidth = tall * 0.028;
  pen.lineCap = pen.lineJoin = "round";
  if (kind === "turn") {
    pen.translate(wide / 2, tall * FLOOR);
    return turnArrow(pen, Math.min(tall, wide));
  }
  const r = Math.min(tall, wide) * 0.1, beside = Math.min(wide / 2 - 1.4 * r, tall * 0.55);
  pen.translate(wide / 2 + (kind === "left" ? -beside : beside), tall * 0.5);
  if (kind === "right") pen.scale(-1, 1);
  if (kind === "back") pen.rotate(Math.PI / 2);
  if (kind === "near") pen.rotate(-Math.PI / 2);
  pen.beginPath();
  pen.moveTo(r * 0.9, 0);
  pen.lineTo(-r, 0);
  pen.moveTo(-r * 0.2, -r * 0.8);
  pen.lineTo(-r, 0);
  pen.lineTo(-r * 0.2, r * 0.8);
  pen.stroke();
  pen.restore();
}

function turnArrow(pen, tall) {
  const r = tall * 0.3;
  pen.beginPath();
  pen.ellipse(0, 0, r, r * 0.24, 0, Math.PI * 0.92, Math.PI * 0.1, true);
  pen.stroke();
  const x = r * Math.cos(Math.PI * 0.1), y = r * 0.24 * Math.sin(Math.PI * 0.1);
  pen.beginPath();
  pen.moveTo(x - r * 0.28, y - r * 0.02);
  pen.lineTo(x, y);
  pen.lineTo(x + r * 0.04, y + r * 0.26);
  pen.stroke();
  pen.restore();
}
