// Whether the page is whole: every widget that the server's cells made is drawn, and no cell's output was cut off.

import { bannerShown, hideBanner, showBanner } from "./banner.js";
import { all, first, t } from "./dom.js";

const PATIENCE = 45_000; // milliseconds after the page's end in which a busy machine may still be drawing
const STANDSTILL = 20_000; // milliseconds in which nothing more came, after that
const VIEW = ".jp-OutputArea-output.lm-Panel > .lm-Widget"; // the root of an output, whatever its view is

/** Tell whether parts are missing. expected: what the template counted, {widgets, cut}; drawn: widgets in the page. */
export const isIncomplete = (expected, drawn) => Boolean(expected) && (expected.cut > 0 || drawn < expected.widgets);

// JupyterLab says in English that a widget is on its way: it is shown without words.
function veilWhatIsComing() {
  for (const part of all(".jp-OutputArea-output")) {
    const coming = part.firstChild?.nodeType === Node.TEXT_NODE && part.textContent.startsWith("Loading widget");
    if (part.classList.contains("en-camino") !== coming) {
      part.classList.toggle("en-camino", coming);
    }
  }
}

// The components' style sheet comes with the header, and may come after a step: until then the step is not shown.
function veilWhatIsUndressed() {
  const undressed = Boolean(first(".poetas-step .poetas.stack")) && !first(".poetas-style style");
  document.documentElement.classList.toggle("sin-estilo", undressed);
  return undressed;
}

const PENDING = 'script[type="application/vnd.voila.cell-output+json"], #loading, .en-camino, .poetas-coming';

/** Tell whether every output that has arrived is drawn. */
export function isDrawn() {
  veilWhatIsComing();
  return !veilWhatIsUndressed() && !first(PENDING);
}

/** Say so where parts are missing, or take it back where they have come. Called once drawn, and after a while. */
export function checkCompleteness() {
  if (isDrawn() && !isIncomplete(window.poetas.outputs, all(VIEW).length)) {
    hideBanner("incomplete");
  } else if (!bannerShown()) {
    showBanner(
      "incomplete",
      t("A esta página le faltan partes: la máquina está muy ocupada y no llegaron todas. Lo que guardaste sigue ahí."),
      t("Volver a cargar la página"),
      () => location.reload(),
    );
  }
}

/** Check after a while even if the page never gets drawn: once nothing more comes. */
export function watchCompleteness() {
  if (window.poetas.outputs) {
    setTimeout(checkAtStandstill, PATIENCE, "");
  }
}

function checkAtStandstill(before) {
  const now = `${all(PENDING).length} ${all(VIEW).length} ${window.poetas.socket}`;
  if (now === before || isDrawn()) {
    checkCompleteness();
  } else {
    setTimeout(checkAtStandstill, STANDSTILL, now);
  }
}
