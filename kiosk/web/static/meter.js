// How far the movement has come, moving with the body at every refresh of the screen; the mark is what is aimed at.

import { calm } from "./palette.js";

const FULL = 1.15; // what the top of the meter stands for, so that the mark at 1 can be passed
const EASE_MS = 70; // how quickly the bar runs after the body
const PEAK_FALLS = 0.00025; // of the range, each ms: the line of the deepest point comes down slowly

export class Meter {
  constructor(track, fill, peak) {
    Object.assign(this, { track, fill, peak, wanted: 0, shown: 0, top: 0, then: 0, planned: false });
  }

  // share: 0 at the top of the movement, 1 at its full range; null where the body is not seen well enough.
  show(share) {
    this.track.classList.toggle("unseen", share === null);
    this.wanted = Math.max(0, Math.min(FULL, share ?? 0));
    this.plan();
  }

  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame((now) => {
      this.planned = false;
      this.move(calm.matches ? Infinity : Math.min(100, now - this.then));
      this.then = now;
      if (Math.abs(this.shown - this.wanted) > 0.001 || this.top > this.shown + 0.001) this.plan();
    });
  }

  move(ms) {
    this.shown += (this.wanted - this.shown) * (1 - Math.exp(-ms / EASE_MS));
    if (Math.abs(this.shown - this.wanted) < 0.001) this.shown = this.wanted;
    this.top = Math.max(this.shown, this.top - PEAK_FALLS * ms);
    this.fill.style.transform = `scaleY(${(this.shown / FULL).toFixed(4)})`;
    this.peak.style.transform = `translateY(${(-100 * this.top) / FULL}%)`;
  }
}
