// Follows the live stream for good: connects again whenever it breaks, and says when what is shown is old.

const STALE_MS = 3000;
const AGAIN_MS = 3000;
const DEAD_MS = 10_000;

export function follow(address, show, tell) {
  let source;
  let heard = performance.now();
  let opened = heard;

  function open() {
    source?.close();
    opened = performance.now();
    source = new EventSource(address);
    source.onmessage = (event) => {
      heard = performance.now();
      tell(false);
      show(JSON.parse(event.data));
    };
  }

  setInterval(() => {
    const now = performance.now();
    if (now - heard > STALE_MS) tell(true);
    // A browser gives up for good after a refusal (too many screens), and never notices a cable that was pulled.
    const refused = source.readyState === EventSource.CLOSED && now - opened > AGAIN_MS;
    const dead = now - Math.max(heard, opened) > DEAD_MS;
    if (refused || dead) open();
  }, 500);
  open();
}
