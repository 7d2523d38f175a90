// Where the reader arrives: at the step of a link, or where they were before a reload. Both wait until the page is
// drawn, and are held while what is around them settles, or until the learner does something else.

import { first, parseJson } from "./dom.js";
import { currentStep } from "./steps.js";

export const SETTLING = 3000; // milliseconds in which a page still moves around what was brought into view
const KEY = `poetas-lugar:${globalThis.location?.pathname}`;
let goal = "";
let offset = null; // pixels from the window's top, or null: the step's top
let arrivedAt = 0;

/** Decode the fragment of an address; "" for a broken one. */
export function fragmentOf(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
}

/** Read where to arrive, and remember the place when the page is left. Only this tab's storage is used. */
export function prepareArrival() {
  goal = fragmentOf(location.hash);
  try {
    const before = parseJson(sessionStorage.getItem(KEY), null);
    sessionStorage.removeItem(KEY);
    if (before && performance.getEntriesByType("navigation")[0].type === "reload") {
      goal = String(before.step);
      offset = Number(before.below) || 0;
    }
  } catch {
    offset = null; // storage is switched off
  }
  addEventListener("pagehide", rememberPlace);
  for (const name of ["wheel", "touchmove", "keydown", "mousedown"]) {
    addEventListener(name, () => (goal = ""), { passive: true, capture: true });
  }
}

function rememberPlace() {
  const section = document.getElementById(currentStep());
  if (!section || first("#celdas[hidden]") || !scrollY) {
    return;
  }
  try {
    const place = { step: section.id, below: section.getBoundingClientRect().top };
    sessionStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // storage is switched off, or full: the page opens at its top
  }
}

/** Scroll there; called whenever the drawn page changes. */
export function arrive() {
  const target = goal && document.getElementById(goal);
  if (!target) {
    return;
  }
  arrivedAt ||= Date.now();
  if (!target.matches("section") || Date.now() - arrivedAt > SETTLING) {
    goal = "";
  } else if (offset === null) {
    target.scrollIntoView({ behavior: "instant" });
  } else {
    scrollBy({ top: target.getBoundingClientRect().top - offset, behavior: "instant" });
  }
}
