// The result comes on the screen as a part of the page, and nothing of it stays when its visit is over.

import { t } from "./texts.js";

const AGAIN_MS = 2000;
const ALONE_MS = 30_000; // without news from the kiosk a result goes by itself

export class ResultPart {
  constructor(place) {
    Object.assign(this, { place, id: null, heard: performance.now() });
    // Neither a page that the browser keeps for its back button nor one that has lost its kiosk shows a person.
    addEventListener("pagehide", () => this.show(null));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    setInterval(() => {
      if (this.id && performance.now() - this.heard > ALONE_MS) this.place.replaceChildren(note(t("No news from the kiosk. The result is put away.")));
    }, 1000);
  }

  // id: the result to show, null for none. Called with every view.
  show(id) {
    this.heard = performance.now();
    if (id === this.id) return;
    this.id = id;
    this.place.hidden = !id;
    this.place.replaceChildren();
    if (id) this.fetch(id);
  }

  async fetch(id) {
    const waiting = note(t("Fetching your result …"));
    this.place.replaceChildren(waiting);
    try {
      const answer = await fetch(`/result/${encodeURIComponent(id)}?part=1`, { cache: "no-store" });
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      const markup = await answer.text();
      if (this.id !== id) return; // the visit has moved on meanwhile
      this.place.innerHTML = markup;
      this.place.scrollTop = 0;
      this.place.focus({ preventScroll: true });
    } catch {
      waiting.textContent = t("Your result is stored, but this screen cannot fetch it just now. Trying again …");
      setTimeout(() => this.id === id && this.fetch(id), AGAIN_MS);
    }
  }
}

function note(words) {
  const line = document.createElement("p");
  line.className = "lead";
  line.textContent = words;
  return line;
}
