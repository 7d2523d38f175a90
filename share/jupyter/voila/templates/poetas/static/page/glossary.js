// The glossary's words: the note of a word shows on hover and focus, stays open after a click, and closes with Escape.
// Without this module (JupyterLab, Colab) a click opens the same note: it is the browser's own popover.

import { all, setAttribute, t } from "./dom.js";

const REST = 150; // milliseconds that the pointer rests on a word before its note shows
const WAY = 350; // milliseconds in which the pointer may cross from the word to its note
const MARGIN = 16; // pixels between a note and the edge of the window
const GAP = 6; // pixels between a word and its note
const WORD = "button.glosa[popovertarget]";

/** Return what a note is after an event: "closed", "passing" (goes with pointer or focus) or "kept" (until closed).
 *
 * event: "reach" (the pointer rests on the word, or the keyboard's focus comes), "leave" (both are gone), "press"
 * (click, tap, Enter), "dismiss" (Escape, the closing button, a click elsewhere).
 */
export function nextMode(mode, event) {
  if (event === "press") {
    return mode === "kept" ? "closed" : "kept";
  }
  if (event === "reach") {
    return mode === "closed" ? "passing" : mode;
  }
  return event === "leave" && mode === "kept" ? mode : "closed";
}

/** Return where a note goes, in pixels of the window: below its word, or above it, or as low as it fits.
 *
 * word: {left, top, bottom}; note, view: {width, height}. The note is inside the window wherever it is no larger.
 */
export function notePlace(word, note, view) {
  const left = Math.max(MARGIN, Math.min(word.left, view.width - note.width - MARGIN));
  const below = word.bottom + GAP;
  const above = word.top - GAP - note.height;
  const lowest = view.height - note.height - MARGIN;
  const top = below <= lowest ? below : above >= MARGIN ? above : Math.max(MARGIN, lowest);
  return { left, top };
}

/** Return the line of a word to put its note beside: that at the height of the pointer, else the first. */
export function lineAt(lines, y) {
  return lines.find((line) => line.top <= y && y <= line.bottom) ?? lines[0];
}

let open = { word: null, note: null, mode: "closed" };
let timer = 0;

/** Turn a step's links to the glossary, at the other end of the page, into words with a note of their own. */
export function fillGlossaryWords() {
  all('section[data-step] a[href^="#glosa-"]').forEach(replaceLink);
}

/** Listen to pointer, focus, click and Escape for all words, also those that are drawn later. */
export function connectGlossary() {
  document.addEventListener("pointerover", onPointer);
  document.addEventListener("focusin", onFocus);
  document.addEventListener("focusout", (event) => event.target === open.word && leaveSoon(event.relatedTarget));
  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey, true);
  // "toggle" does not bubble. The browser closes a note on a click elsewhere, or where another popover opens.
  document.addEventListener("toggle", (event) => closed(event) && apply("dismiss", open.word), true);
  addEventListener("resize", () => open.note && (open.word.getClientRects().length ? place() : hide()));
}

const closed = (event) => event.newState === "closed" && event.target === open.note;
const wordOf = (target) => target.closest?.(WORD) ?? null;
const noteOf = (word) => document.getElementById(word.getAttribute("popovertarget"));

function apply(event, word, y) {
  clearTimeout(timer);
  if (word !== open.word || !open.note?.isConnected) {
    hide();
    open = { word, note: word && noteOf(word), mode: "closed" };
  }
  open.mode = open.note ? nextMode(open.mode, event) : "closed";
  if (open.mode === "closed") {
    hide();
    return;
  }
  if (!open.note.matches(":popover-open")) {
    open.note.showPopover();
    place(y);
  }
  // In a note that only passes by, Tab goes on to the next word; in one that was asked for, to its closing button.
  for (const button of all("button", open.note)) {
    button.tabIndex = open.mode === "kept" ? 0 : -1;
  }
}

function hide() {
  const note = open.note;
  open = { word: null, note: null, mode: "closed" };
  if (note?.matches(":popover-open")) {
    note.hidePopover();
  }
}

function place(y = Number.NaN) {
  open.note.dataset.placed = "";
  open.note.style.left = "0"; // a place further to the right would leave it less width
  const line = lineAt(Array.from(open.word.getClientRects()), y);
  const box = { width: open.note.offsetWidth, height: open.note.offsetHeight };
  const view = { width: document.documentElement.clientWidth, height: innerHeight };
  const { left, top } = notePlace(line, box, view);
  // In coordinates of the page, so that the note scrolls with its word.
  open.note.style.left = `${left + scrollX}px`;
  open.note.style.top = `${top + scrollY}px`;
}

function onPointer(event) {
  if (event.pointerType === "touch") {
    return;
  }
  const word = wordOf(event.target);
  if ((word && word === open.word) || open.note?.contains(event.target)) {
    clearTimeout(timer);
  } else if (word && open.mode !== "kept") {
    clearTimeout(timer);
    timer = setTimeout(() => word.isConnected && apply("reach", word, event.clientY), REST);
  } else {
    leaveSoon(document.activeElement);
  }
}

// Leave, unless the keyboard's focus stays on the word, or pointer or focus are in its note by then.
function leaveSoon(focused) {
  clearTimeout(timer);
  const { word, note } = open;
  const held = focused === word && word?.matches(":focus-visible");
  if (word && !held && !note.contains(focused)) {
    timer = setTimeout(() => word === open.word && !note.matches(":hover") && apply("leave", word), WAY);
  }
}

function onFocus(event) {
  const word = wordOf(event.target);
  if (word && word === open.word) {
    clearTimeout(timer); // back before its note went
  } else if (word?.matches(":focus-visible")) {
    apply("reach", word);
  }
}

function onClick(event) {
  const word = wordOf(event.target);
  if (word) {
    event.preventDefault(); // the browser would close the note that hovering has opened
    apply("press", word, event.clientY);
  }
}

function onKey(event) {
  if (event.key === "Escape" && open.note) {
    event.preventDefault();
    event.stopPropagation();
    const { word, note } = open;
    const inside = note.contains(document.activeElement);
    apply("dismiss", word);
    if (inside) {
      word.focus();
    }
  }
}

function replaceLink(link, index) {
  const term = link.getAttribute("href").slice(1);
  const title = document.getElementById(term);
  const meaning = title?.nextElementSibling;
  if (!meaning) {
    return;
  }
  const note = document.createElement("span");
  note.id = `${term}-paso-${link.closest("section").id}-${index}`;
  note.className = "glosa-nota";
  note.setAttribute("popover", "");
  const head = document.createElement("b");
  head.textContent = title.textContent;
  note.append(head, " ", ...Array.from(meaning.childNodes, (part) => part.cloneNode(true)), closingButton(note.id));
  const word = document.createElement("button");
  word.type = "button";
  word.className = "glosa";
  word.setAttribute("popovertarget", note.id);
  word.append(...link.childNodes);
  const hadFocus = document.activeElement === link;
  link.replaceWith(word, note);
  if (hadFocus) {
    word.focus();
  }
}

function closingButton(note) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "glosa-cerrar";
  button.textContent = "×";
  setAttribute(button, "aria-label", t("Cerrar"));
  setAttribute(button, "popovertarget", note);
  setAttribute(button, "popovertargetaction", "hide");
  return button;
}
