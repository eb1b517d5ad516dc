// A drawn person: joints worked out in space from a few angles, seen from any side, painted as rounded limbs.
// Lengths are shares of the body's height; x to the figure's left, y up from the floor, z ahead of it.

const SHIN = 0.245, THIGH = 0.245, TRUNK = 0.285, UPPER_ARM = 0.165, FOREARM = 0.15;
const ANKLE = 0.045;
const RAD = Math.PI / 180;
// The bar that incline push-ups lean on: height, and how far ahead of the ankles.
const BAR = { y: 0.28, z: 0.66 };
const SIDES = [["left", 1], ["right", -1]];

export const between = (a, b, share) => a + (b - a) * share;
// Slow at both ends: how bodies start and stop.
export const eased = (share) => (1 - Math.cos(Math.PI * Math.max(0, Math.min(1, share)))) / 2;

// The joint between two bones that start and end at these places (y, z), on the side ahead (1) or behind (-1).
function bent(from, to, first, second, ahead) {
  const dy = to.y - from.y, dz = to.z - from.z;
  const far = Math.min(Math.hypot(dy, dz), first + second - 1e-6);
  const along = (first * first - second * second + far * far) / (2 * far);
  const off = Math.sqrt(Math.max(0, first * first - along * along)) * ahead;
  const uy = dy / far, uz = dz / far;
  return { y: from.y + uy * along + uz * off, z: from.z + uz * along - uy * off };
}

// depth: 0 stands, 1 squats to parallel; arms: 0 hang, 1 overhead; stride: how far the feet are apart in walking.
export function standing({ depth = 0, arms = 0, stride = 0 } = {}) {
  const hip = { y: between(0.53 - 0.012 * Math.abs(stride), 0.285, depth), z: between(-0.01, -0.13, depth) };
  const lean = between(2, 30, depth) * RAD;
  const up = { y: Math.cos(lean), z: Math.sin(lean) };
  const chest = { y: hip.y + up.y * TRUNK, z: hip.z + up.z * TRUNK };
  const joints = { head: { x: 0, y: chest.y + Math.cos(lean * 0.5) * 0.135, z: chest.z + Math.sin(lean * 0.5) * 0.135 + 0.01 } };
  const swing = between(9, 170, arms) * RAD;
  for (const [side, sign] of SIDES) {
    const step = stride * sign * 0.13;
    const ankle = { x: sign * 0.085, y: ANKLE + Math.max(0, step) * 0.12, z: step };
    const knee = bent(hip, ankle, THIGH, SHIN, 1);
    joints[`${side}Hip`] = { x: sign * 0.058, ...hip };
    joints[`${side}Knee`] = { x: sign * between(0.07, 0.115, depth), ...knee };
    joints[`${side}Ankle`] = ankle;
    joints[`${side}Toe`] = { x: sign * 0.11, y: 0.018 + Math.max(0, step) * 0.1, z: step + 0.105 };
    const shoulder = { x: sign * 0.112, y: chest.y - 0.008, z: chest.z };
    joints[`${side}Shoulder`] = shoulder;
    const out = Math.sin(swing) * sign, along = -Math.cos(swing), forth = -stride * sign * 0.35 * (1 - arms);
    const reach = (from, length) => ({
      x: from.x + out * length,
      y: from.y + along * Math.cos(lean * 0.85) * length,
      z: from.z + (along * Math.sin(lean * 0.85) + forth) * length,
    });
    joints[`${side}Elbow`] = reach(shoulder, UPPER_ARM);
    joints[`${side}Wrist`] = reach(joints[`${side}Elbow`], FOREARM);
  }
  return joints;
}

// depth: 0 with straight arms on the bar, 1 with the elbows at a right angle.
export function leaning({ depth = 0 } = {}) {
  const tilt = between(40, 32.5, depth) * RAD;
  const ankleAt = { y: 0.075, z: 0 };
  const along = (length) => ({ y: ankleAt.y + Math.sin(tilt) * length, z: ankleAt.z + Math.cos(tilt) * length });
  const shoulderAt = along(SHIN + THIGH + TRUNK);
  const joints = { head: { x: 0, ...along(SHIN + THIGH + TRUNK + 0.135) } };
  const elbowAt = bent(shoulderAt, BAR, UPPER_ARM, FOREARM, -1);
  for (const [side, sign] of SIDES) {
    joints[`${side}Ankle`] = { x: sign * 0.07, ...ankleAt };
    joints[`${side}Toe`] = { x: sign * 0.07, y: 0.012, z: 0.045 };
    joints[`${side}Knee`] = { x: sign * 0.065, ...along(SHIN) };
    joints[`${side}Hip`] = { x: sign * 0.058, ...along(SHIN + THIGH) };
    joints[`${side}Shoulder`] = { x: sign * 0.112, ...shoulderAt };
    joints[`${side}Elbow`] = { x: sign * between(0.125, 0.17, depth), ...elbowAt };
    joints[`${side}Wrist`] = { x: sign * 0.14, ...BAR };
  }
  joints.bar = true;
  return joints;
}

// The joints of a figure that comes as [x, y, z] by name.
export function fromArrays(joints) {
  return Object.fromEntries(Object.entries(joints).map(([name, [x, y, z]]) => [name, { x, y, z }]));
}

// The same figure with left and right exchanged.
export function mirrored(joints) {
  const other = (name) => name.replace(/^(left|right)/, (side) => (side === "left" ? "right" : "left"));
  return Object.fromEntries(Object.entries(joints).map(([name, { x, y, z }]) => [other(name), { x: -x, y, z }]));
}

// Which joints the circles of a checkpoint stand on.
const CHECKPOINTS = {
  feet: ["leftAnkle", "rightAnkle"], knees: ["leftKnee", "rightKnee"], hips: ["leftHip", "rightHip"], back: ["back"],
  shoulders: ["leftShoulder", "rightShoulder"], elbows: ["leftElbow", "rightElbow"], head: ["head"],
};

// Seen from yaw degrees (0 the front, 90 the side it looks to the right) on the canvas: floor at (x, y), height in px.
export function projected(joints, { x, y, tall, yaw = 0 }) {
  const cos = Math.cos(yaw * RAD), sin = Math.sin(yaw * RAD);
  const centre = joints.bar ? 0.36 : 0;
  const place = (p) => {
    const z = p.z - centre;
    const near = z * cos - p.x * sin;
    return { x: x + (p.x * cos + z * sin) * tall, y: y - (p.y - near * 0.07) * tall, near };
  };
  const at = {};
  for (const [name, p] of Object.entries(joints)) if (name !== "bar") at[name] = place(p);
  const mid = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, near: (a.near + b.near) / 2 });
  at.chest = mid(at.leftShoulder, at.rightShoulder);
  at.pelvis = mid(at.leftHip, at.rightHip);
  at.back = mid(at.chest, at.pelvis);
  at.floor = mid(at.leftAnkle, at.rightAnkle);
  if (joints.bar) at.bar = [place({ x: -0.42, ...BAR }), place({ x: 0.42, ...BAR })];
  return { at, tall, floorY: y };
}

// A limb that is thicker at one end: the hull of two circles.
function limb(pen, a, ra, b, rb) {
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  const far = Math.hypot(b.x - a.x, b.y - a.y);
  const open = far > Math.abs(ra - rb) ? Math.acos((ra - rb) / far) : ra > rb ? 0 : Math.PI;
  pen.beginPath();
  pen.arc(a.x, a.y, ra, angle + open, angle - open + 2 * Math.PI);
  pen.arc(b.x, b.y, rb, angle - open, angle + open);
  pen.closePath();
}

// The parts of a figure from the farthest to the nearest: name, colour's name, and how to trace it.
function parts({ at, tall }) {
  const list = [];
  const add = (name, tone, near, trace) => list.push({ name, tone, near, trace });
  for (const [side] of SIDES) {
    const j = (name) => at[`${side}${name}`];
    const deep = (a, b) => (a.near + b.near) / 2;
    const bone = (name, tone, a, ra, b, rb, more = 0) =>
      add(`${side}${name}`, tone, deep(a, b) + more, (pen) => limb(pen, a, ra * tall, b, rb * tall));
    bone("Foot", "skin", j("Ankle"), 0.027, j("Toe"), 0.019);
    bone("Shin", "skin", j("Knee"), 0.041, j("Ankle"), 0.026);
    bone("Thigh", "shorts", j("Hip"), 0.06, j("Knee"), 0.042, 0.004);
    bone("Arm", "skin", j("Shoulder"), 0.037, j("Elbow"), 0.027, 0.008);
    bone("Forearm", "skin", j("Elbow"), 0.027, j("Wrist"), 0.02, 0.012);
    add(`${side}Hand`, "skin", j("Wrist").near + 0.02, (pen) => {
      pen.beginPath();
      pen.arc(j("Wrist").x, j("Wrist").y, 0.028 * tall, 0, 7);
    });
  }
  add("trunk", "shirt", at.back.near, (pen) => trunk(pen, at, tall));
  add("neck", "skin", at.chest.near - 0.002, (pen) => limb(pen, at.chest, 0.032 * tall, at.head, 0.03 * tall));
  add("head", "skin", at.head.near + 0.003, (pen) => {
    const tilt = Math.atan2(at.head.y - at.chest.y, at.head.x - at.chest.x);
    pen.beginPath();
    pen.ellipse(at.head.x, at.head.y, 0.072 * tall, 0.058 * tall, tilt, 0, 7);
  });
  return list.sort((a, b) => a.near - b.near);
}

// Shoulders, chest and hips as one rounded shape, also where the figure is seen from the side.
function trunk(pen, at, tall) {
  const circles = [
    [at.leftShoulder, 0.042], [at.rightShoulder, 0.042], [at.chest, 0.058], [at.leftHip, 0.052], [at.rightHip, 0.052],
  ];
  const points = circles.flatMap(([p, r]) =>
    Array.from({ length: 20 }, (_, i) => {
      const a = (i / 20) * 2 * Math.PI;
      return { x: p.x + Math.cos(a) * r * tall, y: p.y + Math.sin(a) * r * tall };
    }),
  );
  pen.beginPath();
  hull(points).forEach((p, i) => (i ? pen.lineTo(p.x, p.y) : pen.moveTo(p.x, p.y)));
  pen.closePath();
}

// The convex hull of points, by Andrew's monotone chain.
function hull(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (list) => {
    const chain = [];
    for (const p of list) {
      while (chain.length > 1) {
        const [o, a] = chain.slice(-2);
        if ((a.x - o.x) * (p.y - o.y) - (a.y - o.y) * (p.x - o.x) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

// Paints it solid, in the colours of the page; what is on the far side is darker.
export function paint(pen, seen, colours, { lit = null, glow = 0 } = {}) {
  const { at, tall, floorY } = seen;
  pen.save();
  pen.lineJoin = "round";
  shadow(pen, at, tall, floorY, colours);
  if (at.bar) bar(pen, seen, colours);
  for (const { name, tone, near, trace } of parts(seen)) {
    const far = near < -0.045 && name !== "trunk";
    trace(pen);
    pen.lineWidth = tall * 0.011;
    pen.strokeStyle = colours.panel;
    pen.stroke();
    pen.fillStyle = colours[far ? `${tone}Far` : tone];
    pen.fill();
  }
  for (const name of CHECKPOINTS[lit] ?? []) ring(pen, at[name], tall * between(0.05, 0.07, glow), colours);
  pen.restore();
}

function shadow(pen, at, tall, floorY, colours) {
  pen.fillStyle = colours.line;
  pen.beginPath();
  const across = ["leftAnkle", "rightAnkle", "leftWrist", "rightWrist", "head"].map((name) => at[name].x);
  const left = Math.min(...across), right = Math.max(...across), lies = right - left > 0.6 * tall;
  pen.ellipse(lies ? (left + right) / 2 : at.back.x, floorY + tall * 0.005, lies ? (right - left) * 0.55 : tall * 0.26, tall * 0.035, 0, 0, 7);
  pen.fill();
}

function bar(pen, { at, tall, floorY }, colours) {
  const [a, b] = at.bar;
  pen.strokeStyle = colours.soft;
  pen.lineCap = "round";
  for (const end of [a, b]) {
    pen.lineWidth = tall * 0.022;
    pen.beginPath();
    pen.moveTo(end.x, end.y);
    pen.lineTo(end.x, floorY);
    pen.stroke();
  }
  pen.lineWidth = tall * 0.032;
  pen.beginPath();
  pen.moveTo(a.x, a.y);
  pen.lineTo(b.x, b.y);
  pen.stroke();
}

function ring(pen, p, radius, colours) {
  pen.strokeStyle = colours.mark;
  pen.lineWidth = radius * 0.28;
  pen.beginPath();
  pen.arc(p.x, p.y, radius, 0, 7);
  pen.stroke();
}

// Paints only its outline, the inside left as it is; parts for which lit(name) is true are filled
// at that strength, 0 to 1.
export function outline(pen, seen, { stroke, strength, width, lit = () => false }) {
  const sheet = new OffscreenCanvas(pen.canvas.width, pen.canvas.height);
  const ink = sheet.getContext("2d");
  const shapes = parts(seen);
  const each = (act, chosen = shapes) => chosen.forEach((part) => (part.trace(ink), act()));
  ink.lineJoin = "round";
  ink.lineWidth = width * 2;
  ink.strokeStyle = stroke;
  each(() => ink.stroke());
  ink.globalCompositeOperation = "destination-out";
  each(() => ink.fill());
  pen.drawImage(sheet, 0, 0);
  ink.globalCompositeOperation = "source-over";
  ink.clearRect(0, 0, sheet.width, sheet.height);
  ink.fillStyle = stroke;
  each(() => ink.fill(), shapes.filter((part) => lit(part.name)));
  // Filled on a sheet of its own, so that parts that overlap are not filled twice.
  pen.save();
  pen.globalAlpha = strength;
  pen.drawImage(sheet, 0, 0);
  pen.restore();
}
