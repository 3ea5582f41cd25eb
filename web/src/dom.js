// Small helpers for making elements. Text is always set as text; only the engine's own pieces of the page go in as HTML.
export const $ = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") made.value = value;
    else if (key === "checked") made.checked = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

// A sentence with its `paths` as code.
export function sentence(text) {
  return text.split("`").map((part, i) => (i % 2 === 1 ? el("code", {}, part) : part));
}

// What the engine wrote: pieces of the report.
export function written(html) {
  const holder = el("div");
  holder.innerHTML = html;
  return [...holder.childNodes];
}

export function number(x, digits = 4) {
  if (x === null || x === undefined || !Number.isFinite(x)) return "–";
  const text = Number(x.toPrecision(digits)).toString();
  return text.replace("-", "−");
}

export function signed(x, digits = 1) {
  if (x === null || x === undefined || !Number.isFinite(x)) return "–";
  const text = Math.abs(x).toFixed(digits);
  if (Number(text) === 0) return text;
  return (x < 0 ? "−" : "+") + text;
}

// "62 ±3": a share as a count of a hundred, in the engine's words, which are the report's.
export function share(mean) {
  return mean?.words ?? "–";
}
