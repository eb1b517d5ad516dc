// Draws the member of one view on a canvas, mirrored: they see what a mirror would show. Before a scan also the
// outline to fill.

import { fromArrays, leaning, mirrored, outline, projected, standing } from "./figure.js";
import { calm, colours, fitted } from "./palette.js";

const TRUNK = [5, 6, 12, 11];
const LIMBS = [[5, 7], [7, 9], [6, 8], [8, 10], [11, 13], [13, 15], [12, 14], [14, 16]];
const FACE = [0, 1, 2, 3, 4];
const ANKLES = [15, 16];
// What belongs to a checkpoint: keypoints to ring, and pairs of them to light.
const REGIONS = {
  feet: { joints: ANKLES, bones: [] },
  knees: { joints: [13, 14], bones: [] },
  hips: { joints: [11, 12], bones: [[11, 12]] },
  back: { joints: [], bones: [[5, 11], [6, 12]] },
  shoulders: { joints: [5, 6], bones: [[5, 6]] },
  elbows: { joints: [7, 8], bones: [] },
  head: { joints: [0], bones: [] },
};
// The parts of the outline that light up when these keypoints are seen.
const SEEN_BY = {
  leftFoot: [15], rightFoot: [16], leftShin: [13, 15], rightShin: [14, 16], leftThigh: [11, 13], rightThigh: [12, 14],
  leftArm: [5, 7], rightArm: [6, 8], leftForearm: [7, 9], rightForearm: [8, 10], leftHand: [9], rightHand: [10],
  trunk: TRUNK, neck: [5, 6], head: [0],
};
const SHAPE = [4, 3]; // of the picture, before the first one has come
const LONGEST_MS = 120; // what comes more slowly is shown as it comes
const LEAP = 0.12; // of the picture: nothing is drawn on the way of a keypoint that leapt further
const MOST_ZOOM = 2, FILLED = 0.86; // how near the view comes, and how much of the stage the movement then fills
const MOST_CROP = 1.45; // whoever stands well is within a third of the picture's width of its middle
const SLOWLY = 0.05; // of the way, at each drawing
const OUTLINED = ["starting", "idle", "framing", "ready", "turn", "paused"];

export class Stage {
  // exercises: those in use, with the figure that starts each where no script draws it (`joints`).
  constructor(canvas, exercises) {
    this.figures = Object.fromEntries(exercises.map(({ slug, joints }) => [slug, joints && fromArrays(joints)]));
    Object.assign(this, { canvas, picture: null, view: null, points: [], before: [], came: 0, gap: 33, planned: false, room: null, closer: null });
    new ResizeObserver(() => this.plan()).observe(canvas);
  }

  show(view) {
    const now = performance.now();
    this.before = this.shown(now);
    this.gap = Math.min(LONGEST_MS, Math.max(16, now - this.came));
    this.came = now;
    this.view = view;
    this.points = view.keypoints ?? [];
    this.plan();
  }

  // One drawing for each refresh of the screen, for as long as something moves.
  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame((now) => {
      this.planned = false;
      this.draw(now);
      if (now - this.came < this.gap) this.plan();
    });
  }

  // The keypoints at this moment: on the way from the last view to this one, never beyond it.
  shown(now) {
    const share = calm.matches ? 1 : Math.max(0, Math.min(1, (now - this.came) / this.gap));
    return this.points.map((p, k) => {
      const last = this.before[k];
      if (!p || !last || Math.hypot(p[0] - last[0], p[1] - last[1]) > LEAP) return p;
      return [last[0] + (p[0] - last[0]) * share, last[1] + (p[1] - last[1]) * share, p[2]];
    });
  }

  draw(now) {
    const size = fitted(this.canvas);
    if (!size) return;
    const [pictureWide, pictureTall] = this.view?.size_px?.[0] ? this.view.size_px : SHAPE;
    const box = this.nearer(whole(size, pictureWide, pictureTall, this.view?.hint || this.view?.state === "scan" ? 1 : MOST_CROP), size);
    const pen = this.canvas.getContext("2d");
    if (this.view?.state === "trouble") return drawNoCamera(pen, size);
    this.drawPicture(pen, box, size.wide);
    const points = this.shown(now).map((p) => p && at(box, p));
    if (!this.view || OUTLINED.includes(this.view.state)) this.drawOutline(pen, box, points);
    if (!points.some(Boolean)) return;
    drawPlumbLine(pen, points, box);
    drawPerson(pen, points, box);
    if (["scan", "paused"].includes(this.view.state)) drawFocus(pen, points, box, this.view);
  }

  // During a scan the view comes slowly nearer, until the room that the movement has taken so far fills the stage.
  nearer(box, size) {
    const seen = this.view?.state === "scan" ? this.points.filter(Boolean) : [];
    if (this.view?.state !== "scan" && this.view?.state !== "paused") this.room = this.closer = null;
    for (const [x, y] of seen) this.room = widened(this.room ?? { left: x, right: x, top: y, bottom: y }, x, y);
    if (!this.room) return box;
    const { left, right, top, bottom } = this.room;
    const zoom = Math.max(1, Math.min(MOST_ZOOM, (size.tall * FILLED) / ((bottom - top) * box.tall), (size.wide * FILLED) / ((right - left) * box.wide)));
    const wanted = { zoom, x: 1 - (left + right) / 2, y: (top + bottom) / 2 };
    const from = this.closer ?? (calm.matches ? wanted : { zoom: 1, x: (size.wide / 2 - box.left) / box.wide, y: (size.tall / 2 - box.top) / box.tall });
    this.closer = Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, from[name] + (value - from[name]) * SLOWLY]));
    const wide = box.wide * this.closer.zoom, tall = box.tall * this.closer.zoom;
    return { wide, tall, left: size.wide / 2 - this.closer.x * wide, top: size.tall / 2 - this.closer.y * tall };
  }

  drawPicture(pen, box, wide) {
    if (!this.picture) return;
    pen.save();
    pen.translate(wide, 0);
    pen.scale(-1, 1);
    pen.globalAlpha = 0.6;
    pen.drawImage(this.picture, wide - box.left - box.wide, box.top, box.wide, box.tall);
    pen.restore();
  }

  drawOutline(pen, box, points) {
    const { exercise, view: from, side, hint, state } = this.view ?? {};
    const bar = exercise === "incline-push-up";
    const own = exercise && exercise !== "overhead-squat" && !bar;
    const figure = own ? this.figures[exercise] ?? standing() : standing({ arms: 1 });
    const yaw = { side: bar ? 90 : 80, rear: 180 }[from] ?? 0;
    const here = state === "turn" || state === "paused" || state === "ready";
    const joints = bar && here ? leaning() : !here ? standing({ arms: 0.12 }) : side === "right" ? mirrored(figure) : figure;
    const tall = box.tall * (bar && here ? 0.86 : 0.7);
    const seen = projected(joints, { x: box.left + box.wide / 2, y: box.top + box.tall * 0.93, tall, yaw });
    const right = points.some(Boolean) && !hint;
    outline(pen, seen, {
      stroke: right ? colours.clear : colours.ice,
      strength: right ? 0.3 : 0.2,
      width: box.tall / (right ? 110 : 160),
      lit: (name) => right || (points.length > 0 && (SEEN_BY[name] ?? []).every((k) => points[k])),
    });
  }
}

// The whole picture on the stage; of one that is wider than the stage the edges may go, `crop` times larger. Where there
// is room to spare below, it keeps to the top.
function whole({ wide, tall }, pictureWide, pictureTall, crop) {
  const scale = Math.min((wide / pictureWide) * crop, tall / pictureTall);
  const box = { wide: pictureWide * scale, tall: pictureTall * scale };
  return { ...box, left: (wide - box.wide) / 2, top: Math.min((tall - box.tall) / 2, tall * 0.03) };
}

// A camera, crossed out.
function drawNoCamera(pen, { wide, tall }) {
  const unit = Math.min(wide / 12, tall / 8);
  pen.save();
  pen.translate(wide / 2, tall / 2);
  pen.strokeStyle = colours.soft;
  pen.lineWidth = unit / 5;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.roundRect(-2.2 * unit, -1.3 * unit, 4.4 * unit, 3 * unit, unit / 2);
  pen.moveTo(-0.8 * unit, -1.3 * unit);
  pen.lineTo(-0.5 * unit, -1.8 * unit);
  pen.lineTo(0.5 * unit, -1.8 * unit);
  pen.lineTo(0.8 * unit, -1.3 * unit);
  pen.moveTo(0.9 * unit, 0.2 * unit);
  pen.arc(0, 0.2 * unit, 0.9 * unit, 0, 7);
  pen.stroke();
  pen.strokeStyle = colours.mark;
  line(pen, { x: -2.5 * unit, y: 2.3 * unit }, { x: 2.5 * unit, y: -2.3 * unit });
  pen.restore();
}

function widened(room, x, y) {
  return { left: Math.min(room.left, x), right: Math.max(room.right, x), top: Math.min(room.top, y), bottom: Math.max(room.bottom, y) };
}

// The vertical through the ankles: what leans or shifts is seen against it.
function drawPlumbLine(pen, points, box) {
  const ankles = ANKLES.map((k) => points[k]).filter(Boolean);
  if (!ankles.length) return;
  const x = ankles.reduce((sum, p) => sum + p.x, 0) / ankles.length;
  pen.save();
  pen.strokeStyle = colours.soft;
  pen.globalAlpha = 0.5;
  pen.lineWidth = box.tall / 300;
  pen.setLineDash([box.tall / 60, box.tall / 60]);
  line(pen, { x, y: 0 }, { x, y: pen.canvas.height });
  pen.restore();
}

function line(pen, a, b) {
  pen.beginPath();
  pen.moveTo(a.x, a.y);
  pen.lineTo(b.x, b.y);
  pen.stroke();
}

function drawPerson(pen, points, box) {
  const thick = box.tall / 42;
  pen.save();
  pen.lineCap = pen.lineJoin = "round";
  const trunk = TRUNK.map((k) => points[k]).filter(Boolean);
  if (trunk.length > 2) {
    pen.beginPath();
    trunk.forEach((p, i) => (i ? pen.lineTo(p.x, p.y) : pen.moveTo(p.x, p.y)));
    pen.closePath();
    pen.globalAlpha = 0.28;
    pen.fillStyle = colours.text;
    pen.fill();
  }
  pen.strokeStyle = colours.text;
  pen.lineWidth = thick;
  const trunkLines = TRUNK.map((k, i) => [k, TRUNK[(i + 1) % TRUNK.length]]);
  for (const [a, b] of [...trunkLines, ...LIMBS]) {
    if (!points[a] || !points[b]) continue;
    pen.globalAlpha = Math.min(points[a].sure, points[b].sure);
    line(pen, points[a], points[b]);
  }
  pen.globalAlpha = 1;
  drawHead(pen, points, thick);
  pen.fillStyle = colours.panel;
  points.forEach((p, k) => {
    if (!p || FACE.includes(k)) return;
    pen.beginPath();
    pen.arc(p.x, p.y, thick * 0.26, 0, 7);
    pen.fill();
  });
  pen.restore();
}

function headOf(points, thick) {
  const face = FACE.map((k) => points[k]).filter(Boolean);
  if (!face.length) return null;
  const x = face.reduce((sum, p) => sum + p.x, 0) / face.length;
  const y = face.reduce((sum, p) => sum + p.y, 0) / face.length;
  const ears = points[3] && points[4] ? Math.abs(points[3].x - points[4].x) * 0.75 : 0;
  return { x, y, radius: Math.max(ears, thick * 1.7) };
}

function drawHead(pen, points, thick) {
  const head = headOf(points, thick);
  if (!head) return;
  pen.strokeStyle = colours.text;
  pen.lineWidth = thick * 0.7;
  pen.beginPath();
  pen.arc(head.x, head.y, head.radius, 0, 7);
  pen.stroke();
}

// Lights the body parts concerned: of a cue in a warm colour with a thick ring, else neutrally those that are watched.
function drawFocus(pen, points, box, { focus = [], coached }) {
  const thick = box.tall / 42;
  pen.save();
  pen.lineCap = "round";
  pen.strokeStyle = coached ? colours.mark : colours.ice;
  for (const { joints, bones } of focus.map((name) => REGIONS[name]).filter(Boolean)) {
    pen.lineWidth = thick * 0.75;
    for (const [a, b] of bones) if (points[a] && points[b]) line(pen, points[a], points[b]);
    pen.lineWidth = thick * (coached ? 0.55 : 0.36);
    for (const k of joints) {
      const head = k === 0 ? headOf(points, thick) : null;
      const p = head ?? points[k];
      if (!p) continue;
      pen.beginPath();
      pen.arc(p.x, p.y, head ? head.radius + thick * 0.7 : thick * (coached ? 1.7 : 1.2), 0, 7);
      pen.stroke();
    }
  }
  pen.restore();
}

// Where a keypoint (shares of the picture, and its score) stands on the canvas, mirrored.
function at(box, [x, y, score = 1]) {
  return {
    x: box.left + (1 - x) * box.wide,
    y: box.top + y * box.tall,
    sure: Math.max(0.45, Math.min(1, score * 1.4)),
  };
}
