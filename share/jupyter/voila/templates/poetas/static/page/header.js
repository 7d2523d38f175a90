// The header: project, place, privacy and the ledger, from the state that the kernel shows in
// <div class="poetas-state" data-state="{…}">. Texts of the learner only ever go through textContent.

import { codeAddress } from "./addresses.js";
import { all, first, parseJson, t } from "./dom.js";

/** Parse a state; null for what is no JSON object. */
export function parseState(raw) {
  const state = parseJson(raw, null);
  return state && typeof state === "object" && !Array.isArray(state) ? state : null;
}

/** Return the names of the steps that a state says are done. */
export const stepsDone = (state) => new Set(Array.isArray(state.done) ? state.done.map(String) : []);

/** Say in words how many connections were refused. */
export function refusedText(count) {
  return count === 1
    ? t("Un programa quiso conectarse y no lo dejamos.")
    : t("{n} veces un programa quiso conectarse y no lo dejamos.").replace("{n}", String(count));
}

let lastRaw = null;

/** Draw the state if it has changed; return it, or null. */
export function drawHeader() {
  const raw = all(".poetas-state").at(-1)?.getAttribute("data-state");
  if (!raw || raw === lastRaw) {
    return null;
  }
  lastRaw = raw;
  const state = parseState(raw);
  if (!state) {
    console.warn("poetas: the state is not a JSON object");
    return null;
  }
  fillSlot("project", state.project);
  fillSlot("place", state.place);
  fillSlot("pill", state.pill)?.classList.toggle("borrowed", Boolean(state.borrowed));
  const code = first('[data-slot="code"]');
  if (code) {
    const address = codeAddress(String(state.code_url || ""), location.href);
    code.hidden = !address;
    if (address) {
      code.href = address;
    } else {
      code.removeAttribute("href");
    }
  }
  drawTraining(state.training);
  drawLedger(state);
  return state;
}

function drawTraining(training) {
  const line = first('[data-slot="training"]');
  const text = String(training?.text || "");
  if (line) {
    line.hidden = !text;
    line.setAttribute("aria-live", training?.over ? "polite" : "off"); // each step, read out, would not let one work
    first("[data-text]", line).textContent = text;
    first("a", line).href = String(training?.href || "");
  }
}

function fillSlot(name, value) {
  const slot = first(`[data-slot="${name}"]`);
  if (slot && !slot.dataset.menu) {
    const text = String(value || "");
    const words = first("[data-text]", slot) || slot;
    slot.hidden = !text;
    words.textContent = text;
    words.title = text; // where there is no room for all of it
  }
  return slot;
}

function drawLedger(state) {
  const list = first("[data-ledger]");
  if (!list) {
    return;
  }
  const entries = Array.isArray(state.ledger) ? state.ledger : [];
  list.replaceChildren(...entries.map(ledgerRow));
  list.hidden = !entries.length;
  first("[data-empty]").hidden = entries.length > 0;
  const refused = Number(state.refused) || 0;
  const refusals = first("[data-refused]");
  refusals.hidden = refused < 1;
  refusals.textContent = refusedText(refused);
  for (const part of all("[data-if]")) {
    part.hidden = (part.getAttribute("data-if") === "borrowed") !== Boolean(state.borrowed);
  }
}

function ledgerRow(entry) {
  const row = document.createElement("li");
  const when = document.createElement("span");
  when.className = "when";
  when.textContent = String(entry.when || "");
  const what = document.createElement("span");
  what.textContent = String(entry.what || "");
  row.append(when, " ", what);
  return row;
}

/** Open the ledger from the pill; close it by a click beside it. */
export function connectLedger() {
  const dialog = first("dialog.registro");
  const pill = first('[data-slot="pill"]');
  if (dialog && pill) {
    pill.addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) {
        dialog.close();
      }
    });
  }
}
