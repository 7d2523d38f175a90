// What a click brings about: the second of a double click does no harm, what the click brings up comes into view, and
// the keyboard's focus is not lost with a control that goes away.

import { SETTLING } from "./arrival.js";
import { all, visible } from "./dom.js";

const FOLLOWED = 20_000; // milliseconds after a click in which what comes up counts as its doing
const FOLDING = 1_000; // milliseconds after a control went in which its step may fold away
const RETURNED = 60_000; // milliseconds after which a control that comes back no longer gets its focus
const ASKING =
  ".poetas-error, .poetas-job, .poetas-question, .poetas-about, .poetas-goto, .poetas-read, .poetas-opened > *, [role=alert]";
let pressed = { time: 0, step: null, control: null, seen: new Map() };
let heldFocus = { time: 0, step: null, control: null };
let watching = 0;

/** Listen to clicks, and to Enter in a box, which takes what was typed as a click does. */
export function watchClicks() {
  guardDoubleClicks();
  for (const name of ["wheel", "touchmove", "keydown", "mousedown"]) {
    const forget = (event) => {
      if (name !== "mousedown" || event.detail < 2) {
        pressed.step = null; // a double click counts as one
      }
    };
    addEventListener(name, forget, { passive: true, capture: true });
  }
  for (const name of ["keydown", "mousedown"]) {
    addEventListener(name, () => (heldFocus.step = null), true);
  }
  document.addEventListener("click", (event) => press(event, "button"), true);
  // What is read of a file comes up where the ways to choose one were, which are taller.
  document.addEventListener("change", (event) => event.target.type === "file" && press(event, "input"), true);
  document.addEventListener("drop", (event) => press(event, ".poetas-step *"), true);
  // Caught on its way down: ipywidgets stops the keys of a box on their way up.
  document.addEventListener("keydown", (event) => event.key === "Enter" && press(event, "input"), true);
}

/** Tell whether a click is the second of a double click and would hit another control than the first.
 *
 * A control that was replaced within the same list (the bars are, with each word) counts as the same.
 */
export function isStrayClick(count, target, firstTarget, firstList) {
  const replaced = target && firstTarget && !firstTarget.isConnected && target.parentElement === firstList;
  return count > 1 && firstTarget !== null && target !== firstTarget && !replaced;
}

function guardDoubleClicks() {
  const buttonOf = (event) => event.target.closest?.("button") ?? null;
  let firstTarget = null;
  let firstList = null;
  const stray = (event) => isStrayClick(event.detail, buttonOf(event), firstTarget, firstList);
  const onMouseDown = (event) => {
    if (event.detail < 2) {
      firstTarget = buttonOf(event);
      firstList = firstTarget?.parentElement ?? null;
    } else if (stray(event)) {
      event.preventDefault(); // no word is selected, and the focus stays
    }
  };
  const onClick = (event) => {
    if (stray(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  document.addEventListener("mousedown", onMouseDown, true);
  document.addEventListener("click", onClick, true);
}

function press(event, selector) {
  const control = event.target.closest?.(selector);
  const step = control?.closest(".poetas-step");
  if (!step) {
    return;
  }
  const shown = all(ASKING, step).filter(visible);
  pressed = { time: Date.now(), step, control, seen: new Map(shown.map((part) => [part, 0])) };
  // A browser takes the focus from what a style hides some frames later, without an event: so look now and then.
  clearInterval(watching);
  watching = setInterval(() => (isFollowed() ? accompany() : clearInterval(watching)), 250);
}

const isFollowed = () => pressed.step !== null && Date.now() - pressed.time <= FOLLOWED;

/** Bring what the last click brought up into view, and keep the focus in its step; called on every change. */
export function accompany() {
  returnFocus();
  if (!isFollowed()) {
    return;
  }
  holdFocus();
  const top = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0; // the header's height
  followStep(top);
  for (const part of all(ASKING, pressed.step).filter(visible)) {
    if (!pressed.seen.has(part)) {
      pressed.seen.set(part, Date.now());
    }
    if (Date.now() - pressed.seen.get(part) > SETTLING) {
      continue; // since then the learner may have gone elsewhere
    }
    const aim = document.getElementById(part.dataset.goto ?? "") ?? part; // another step may show what was begun
    const box = aim.getBoundingClientRect();
    if (box.bottom > innerHeight || box.top < top) {
      aim.scrollIntoView({ block: box.height <= innerHeight - top ? "center" : "start", behavior: "instant" });
    }
  }
}

/** Tell whether a click folded its step out of the window.
 *
 * That happens as its control goes: who is elsewhere later went there. begun: another step shows what the click began.
 */
export const isFoldedAway = (out, begun, sinceGone) => out && !begun && sinceGone < FOLDING;

// «Traer otro archivo» folds the pages of the file above it, and the window would stand on the steps below.
function followStep(top) {
  if (document.contains(pressed.control) && visible(pressed.control)) {
    return;
  }
  pressed.gone ??= Date.now();
  const box = pressed.step.getBoundingClientRect();
  const begun = all("[data-goto]", pressed.step).some((part) => visible(part) && pressed.seen.get(part) !== 0);
  const out = box.height > 0 && (box.bottom <= top || box.top >= innerHeight);
  if (isFoldedAway(out, begun, Date.now() - pressed.gone)) {
    pressed.step.scrollIntoView({ block: "start", behavior: "instant" });
  }
}

// A control that is removed or disabled by its own click takes the focus along: its step holds it meanwhile.
function holdFocus() {
  if (document.activeElement === document.body && document.contains(pressed.step)) {
    pressed.step.tabIndex = -1;
    pressed.step.focus({ preventScroll: true });
    heldFocus = { step: pressed.step, control: pressed.control, time: Date.now() };
  }
}

function returnFocus() {
  if (!heldFocus.step || document.activeElement !== heldFocus.step || Date.now() - heldFocus.time > RETURNED) {
    heldFocus.step = null;
    return;
  }
  const { control } = heldFocus;
  const ready = document.contains(control) && visible(control) && !control.disabled;
  if (ready && getComputedStyle(control).visibility === "visible") {
    control.focus({ preventScroll: true });
  }
}
