// On the kiosk's own screen a language lasts for one visit: the next member is greeted in the owner's.

const QUIET_MS = 60_000;
const { lang, dataset } = document.documentElement;
let before;
let timer;

function goBack() {
  location.replace(`/?lang=${encodeURIComponent(dataset.home)}`);
}

// To be called with the state of every view. Goes back when a result gives way, and from an idle screen after a while.
export function visitState(state) {
  if (!dataset.home || dataset.home === lang || state === before) return;
  clearTimeout(timer);
  if (state === "idle" && before === "result") goBack();
  else if (state === "idle") timer = setTimeout(goBack, QUIET_MS);
  before = state;
}
