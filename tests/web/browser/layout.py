"""What is wrong with a page as it is laid out, by what the browser measures: one line for each place."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

#: A finger's width, and the share of the screen's height that a capital letter needs to be read from three metres.
TOUCH_PX = 44
CAPITALS_SHARE = 1 / 14

#: What the checks share: what is seen, and how to name it.
_TOOLS = """
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && e.getClientRects().length > 0 && !e.closest("[inert]");
  // Put aside for those who listen: a place of one pixel.
  const onePixel = (e) => e.offsetWidth === 1 && e.offsetHeight === 1;
  const spoken = (e) => e && (onePixel(e) || spoken(e.parentElement));
  const name = (e) => `${e.tagName.toLowerCase()}${e.id && `#${e.id}`} "${e.textContent.trim().slice(0, 40)}"`;
"""

#: Texts that are cut off: by a place that hides what does not fit, or by the edge of the page.
_CUT = f"""() => {{
  {_TOOLS}
  const found = [];
  for (const e of document.querySelectorAll("body *")) {{
    if (e.closest("svg, script, template") || !e.textContent.trim() || !seen(e) || spoken(e)) continue;
    const style = getComputedStyle(e);
    const hides = (overflow) => ["hidden", "clip"].includes(overflow);
    if (hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1) found.push(`cut at its side: ${{name(e)}}`);
    if (hides(style.overflowY) && e.scrollHeight > e.clientHeight + 1) found.push(`cut below: ${{name(e)}}`);
    for (const node of e.childNodes) {{
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      let scrolls = false;
      for (let up = e; up && up !== document.body; up = up.parentElement) {{
        scrolls ||= ["auto", "scroll"].includes(getComputedStyle(up).overflowX);
      }}
      if (!scrolls && (box.left < -1 || box.right > innerWidth + 1)) found.push(`beyond the edge: ${{name(e)}}`);
    }}
  }}
  return found;
}}"""

#: What can be touched and is too small for it. A link within a sentence is as high as its line.
_SMALL = f"""(least) => {{
  {_TOOLS}
  const found = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {{
    if (!seen(e) || spoken(e) || e.closest("svg")) continue;
    const within = e.tagName === "A" && getComputedStyle(e).display === "inline"
      && e.parentElement.textContent.trim() !== e.textContent.trim();
    if (within) continue;
    const whole = e.closest("label") ?? (e.labels?.length ? e.labels[0] : e);
    const boxes = [e, whole].map((one) => one.getBoundingClientRect());
    const [width, height] = ["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])));
    if (Math.min(width, height) < least - 0.5) found.push(`${{width.toFixed()}} x ${{height.toFixed()}}: ${{name(e)}}`);
  }}
  return found;
}}"""

#: Which animations run on and on, or long enough to be seen as a movement.
_MOVING = """() => document.getAnimations({ subtree: true })
  .filter((one) => one.playState === "running" && one.effect.getComputedTiming().endTime > 50)
  .map(({ animationName, transitionProperty, effect }) =>
    [animationName ?? transitionProperty, effect.target?.id, effect.target?.className].join(" "))"""


#: Everything that can be used, and how often the Tab key must be pressed at the most to come by all of it.
_USABLE = f"""() => {{
  {_TOOLS}
  const kinds = "a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary";
  return [...document.querySelectorAll(kinds)].filter((e) => seen(e) && e.tabIndex >= 0).map(name);
}}"""
_FOCUSED = f"""() => {{
  {_TOOLS}
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [name(e), marked];
}}"""


#: Puts a capital letter of the same type after a place, black on white in the screen's corner; returns where.
_PUT_CAPITAL = """e => {
  const letter = e.cloneNode(false);
  letter.removeAttribute("id");
  letter.textContent = "H";
  Object.assign(letter.style, {
    position: "fixed", inset: "0 auto auto 0", width: "max-content", zIndex: 9, color: "black", background: "white",
  });
  e.after(letter);
  const { x, y, width, height } = letter.getBoundingClientRect();
  return { x, y, width, height };
}"""

#: Words that stand in two lines and were not broken at a hyphen, or where one appears.
_BROKEN = """e => {
  const text = e.firstChild?.nodeValue ?? "";
  const found = [];
  for (const { 0: part, index } of text.matchAll(/[^\\s\\u00ad-]+/g)) {
    const lines = [...part].map((_, k) => {
      const range = document.createRange();
      range.setStart(e.firstChild, index + k);
      range.setEnd(e.firstChild, index + k + 1);
      return Math.round([...range.getClientRects()].at(-1).top); // after a hyphen the line before is named too
    });
    if (new Set(lines).size > 1) found.push(part);
  }
  return found;
}"""


def not_reached_by_keys(page: Any) -> list[str]:
    """What the Tab key does not come to, or comes to without showing it."""
    usable: list[str] = page.evaluate(_USABLE)
    shown: dict[str, bool] = {}
    for _ in range(3 * len(usable) + 3):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is not None:
            # A field for a date has parts of its own, which the browser marks instead of it.
            shown[focused[0]] = shown.get(focused[0], False) or focused[1]
        if set(usable) <= set(shown):
            break
    lost = [f"not reached: {one}" for one in usable if one not in shown]
    return lost + [f"its focus is not to be seen: {one}" for one, marked in shown.items() if not marked]


def wider_px(page: Any) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def cut_off(page: Any) -> list[str]:
    """The texts that are not to be seen whole."""
    found: list[str] = page.evaluate(_CUT)
    return found


def too_small_to_touch(page: Any) -> list[str]:
    """What a finger would miss."""
    found: list[str] = page.evaluate(_SMALL, TOUCH_PX)
    return found


def moving(page: Any) -> list[str]:
    """The animations that run just now."""
    found: list[str] = page.evaluate(_MOVING)
    return found


def capitals_share(page: Any, place: str) -> float:
    """The height of a capital letter at a place, as it is painted, as a share of the screen's height."""
    clip = page.locator(place).evaluate(_PUT_CAPITAL)
    picture = _gray(page.screenshot(clip=clip))
    page.locator(place).evaluate("e => e.nextElementSibling.remove()")
    page_height = page.viewport_size["height"]
    return float((picture < 128).any(axis=1).sum() / page_height)


def broken_words(page: Any, place: str) -> list[str]:
    """The words at a place that go on in the next line without a hyphen."""
    found: list[str] = page.locator(place).evaluate(_BROKEN)
    return found


def is_blank(picture: bytes) -> bool:
    """Whether a picture (PNG) is of one colour, give or take."""
    return bool(_gray(picture).std() < 3.0)


def _gray(picture: bytes) -> NDArray[Any]:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return decoded
