// The page's colours for what is drawn on a canvas: read from the style sheet, anew when the theme changes.

const NAMES = {
  ground: "--ground", panel: "--panel", raised: "--raised", line: "--line", text: "--text", soft: "--soft", ice: "--ice",
  clear: "--clear", unsure: "--unsure", mark: "--mark", skin: "--skin", skinFar: "--skin-far", shirt: "--shirt",
  shirtFar: "--shirt", shorts: "--shorts", shortsFar: "--shorts-far",
};

export const colours = {};

function read() {
  const style = getComputedStyle(document.documentElement);
  for (const [name, variable] of Object.entries(NAMES)) colours[name] = style.getPropertyValue(variable).trim();
}

read();
addEventListener("load", read);
matchMedia("(prefers-color-scheme: light)").addEventListener("change", read);

// What is drawn again and again by itself is drawn so often: the processor belongs to the pipeline.
export const DRAWING_MS = 30;

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Makes the canvas as sharp as the screen, and returns its size in its own pixels; null while it is not shown.
export function fitted(canvas) {
  const sharp = Math.min(devicePixelRatio || 1, 2);
  const wide = Math.round(canvas.clientWidth * sharp), tall = Math.round(canvas.clientHeight * sharp);
  if (!wide || !tall) return null;
  if (canvas.width !== wide || canvas.height !== tall) Object.assign(canvas, { width: wide, height: tall });
  else canvas.getContext("2d").clearRect(0, 0, wide, tall);
  return { wide, tall };
}
