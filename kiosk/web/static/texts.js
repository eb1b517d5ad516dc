// Our scripts' words in the reader's language: the page brings them along, by their English.

const page = document.documentElement;
const texts = JSON.parse(page.dataset.texts || "{}");

// English with named places, and what to put there: { number: 1, all: 2 } for "Pass {number} of {all}".
export function t(english, values = {}) {
  return (texts[english] ?? english).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

// A number as the language writes it: number(2.5, 1) is "2,5" in German.
export function number(value, digits = 0) {
  return new Intl.NumberFormat(page.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}
