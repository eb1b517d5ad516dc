// On the kiosk's own screen a page that nobody touches gives way to the live screen.

const QUIET_MS = 120_000;
let timer;

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => location.assign("/"), QUIET_MS);
}

for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, wait, { passive: true });
wait();

// A long touch opens no menu of the browser.
addEventListener("contextmenu", (event) => event.preventDefault());
