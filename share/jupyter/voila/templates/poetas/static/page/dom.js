// Short names for what every part of the page does with the document, and its texts in the reader's language.

export const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
export const first = (selector, root = document) => root.querySelector(selector);
export const visible = (element) => element.offsetParent !== null;

/** Write an attribute where it changes: the browser computes styles again after each write, also of the same value. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/** Parse JSON; `fallback` for anything else. */
export function parseJson(text, fallback) {
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}

let translations = null;

/** Return a text in the reader's language: the template hands translations over, Spanish is built in. */
export function t(text) {
  const given = typeof document === "undefined" ? null : document.getElementById("poetas-texts");
  translations ??= parseJson(given?.textContent, {});
  return translations[text] || text;
}
