// Draws the person of one view on a canvas, mirrored: the member sees what a mirror would show.

// Pairs of keypoints, and the side of the person that the line belongs to.
const LIMBS = [
  [5, 6, "trunk"], [5, 11, "trunk"], [6, 12, "trunk"], [11, 12, "trunk"],
  [5, 7, "left"], [7, 9, "left"], [11, 13, "left"], [13, 15, "left"],
  [6, 8, "right"], [8, 10, "right"], [12, 14, "right"], [14, 16, "right"],
];
const FACE = [0, 1, 2, 3, 4];
const ANKLES = [15, 16];
const COLOURS = { trunk: "#eef4f8", left: "#7cc4ff", right: "#c9a6ff" };
// A standing figure, as shares of the picture, for as long as nobody is seen.
const GUIDE = [
  [0.5, 0.17], null, null, null, null, [0.545, 0.29], [0.455, 0.29], [0.57, 0.42], [0.43, 0.42],
  [0.58, 0.54], [0.42, 0.54], [0.53, 0.55], [0.47, 0.55], [0.54, 0.72], [0.46, 0.72], [0.545, 0.88], [0.455, 0.88],
];
const SHAPE = [4, 3]; // of the picture, before the first one has come

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.picture = null;
    this.view = null;
    this.planned = false;
    new ResizeObserver(() => this.plan()).observe(canvas);
  }

  show(view) {
    this.view = view;
    this.plan();
  }

  // One drawing for each refresh of the screen, however many views came meanwhile.
  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => {
      this.planned = false;
      this.draw();
    });
  }

  draw() {
    const { canvas, pen } = this;
    const sharp = Math.min(devicePixelRatio || 1, 2);
    const wide = Math.round(canvas.clientWidth * sharp);
    const tall = Math.round(canvas.clientHeight * sharp);
    if (!wide || !tall) return;
    if (canvas.width !== wide || canvas.height !== tall) {
      canvas.width = wide;
      canvas.height = tall;
    }
    pen.clearRect(0, 0, wide, tall);
    const [pictureWide, pictureTall] = this.view?.size_px?.[0] ? this.view.size_px : SHAPE;
    canvas.parentElement.style.setProperty("--shape", `${pictureWide} / ${pictureTall}`);
    const scale = Math.min(wide / pictureWide, tall / pictureTall);
    const box = { wide: pictureWide * scale, tall: pictureTall * scale };
    box.left = (wide - box.wide) / 2;
    box.top = (tall - box.tall) / 2;
    this.drawPicture(box, wide);
    const points = (this.view?.keypoints ?? []).map((p) => p && at(box, p));
    if (points.some(Boolean)) {
      this.drawPlumbLine(points, box);
      this.drawPerson(points, box, COLOURS, 1);
    } else {
      const still = { trunk: "#51616d", left: "#51616d", right: "#51616d" };
      this.drawPerson(GUIDE.map((p) => p && at(box, p)), box, still, 0.55);
    }
  }

  drawPicture(box, wide) {
    if (!this.picture) return;
    this.pen.save();
    this.pen.translate(wide, 0);
    this.pen.scale(-1, 1);
    this.pen.globalAlpha = 0.6;
    this.pen.drawImage(this.picture, wide - box.left - box.wide, box.top, box.wide, box.tall);
    this.pen.restore();
  }

  // The vertical through the ankles: what leans or shifts is seen against it.
  drawPlumbLine(points, box) {
    const ankles = ANKLES.map((k) => points[k]).filter(Boolean);
    if (!ankles.length) return;
    const x = ankles.reduce((sum, p) => sum + p.x, 0) / ankles.length;
    const { pen } = this;
    pen.save();
    pen.strokeStyle = "rgba(200, 216, 226, 0.38)";
    pen.lineWidth = box.tall / 300;
    pen.setLineDash([box.tall / 60, box.tall / 60]);
    pen.beginPath();
    pen.moveTo(x, box.top);
    pen.lineTo(x, box.top + box.tall);
    pen.stroke();
    pen.restore();
  }

  drawPerson(points, box, colours, strength) {
    const { pen } = this;
    const thick = box.tall / 55;
    pen.save();
    pen.lineCap = "round";
    pen.lineWidth = thick;
    for (const [a, b, side] of LIMBS) {
      if (!points[a] || !points[b]) continue;
      pen.globalAlpha = strength * Math.min(points[a].sure, points[b].sure);
      pen.strokeStyle = colours[side];
      pen.beginPath();
      pen.moveTo(points[a].x, points[a].y);
      pen.lineTo(points[b].x, points[b].y);
      pen.stroke();
    }
    pen.globalAlpha = strength;
    this.drawHead(points, box, colours.trunk, thick);
    pen.fillStyle = "#0d1216";
    pen.strokeStyle = colours.trunk;
    pen.lineWidth = thick / 2.5;
    points.forEach((p, k) => {
      if (!p || FACE.includes(k)) return;
      pen.beginPath();
      pen.arc(p.x, p.y, thick * 0.62, 0, 7);
      pen.fill();
      pen.stroke();
    });
    pen.restore();
  }

  drawHead(points, box, colour, thick) {
    const face = FACE.map((k) => points[k]).filter(Boolean);
    if (!face.length) return;
    const { pen } = this;
    const x = face.reduce((sum, p) => sum + p.x, 0) / face.length;
    const y = face.reduce((sum, p) => sum + p.y, 0) / face.length;
    const ears = points[3] && points[4] ? Math.abs(points[3].x - points[4].x) * 0.75 : 0;
    pen.strokeStyle = colour;
    pen.lineWidth = thick * 0.8;
    pen.beginPath();
    pen.arc(x, y, Math.max(ears, thick * 2), 0, 7);
    pen.stroke();
  }
}

// Where a keypoint (shares of the picture, and its score) stands on the canvas, mirrored.
function at(box, [x, y, score = 1]) {
  return {
    x: box.left + (1 - x) * box.wide,
    y: box.top + y * box.tall,
    sure: Math.max(0.45, Math.min(1, score * 1.4)),
  };
}
