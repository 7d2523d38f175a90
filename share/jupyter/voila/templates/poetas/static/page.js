// The page around an app: header and steps follow what the kernel says, a lost connection and missing parts are
// shown, and what JupyterLab leaves inaccessible is mended. Each concern is a module in page/.

import { mendAccessibility } from "./page/accessibility.js";
import { completeLinks } from "./page/addresses.js";
import { arrive, prepareArrival } from "./page/arrival.js";
import { bannerShown } from "./page/banner.js";
import { accompany, watchClicks } from "./page/clicks.js";
import { checkCompleteness, isDrawn, watchCompleteness } from "./page/completeness.js";
import { watchConnection } from "./page/connection.js";
import { setAttribute } from "./page/dom.js";
import { connectGlossary } from "./page/glossary.js";
import { connectLedger, drawHeader, stepsDone } from "./page/header.js";
import { connectSteps, drawSteps, followReader, markDone, watchReader } from "./page/steps.js";

function updateHeader() {
  const state = drawHeader();
  if (state) {
    markDone(stepsDone(state), state.begun === true);
  }
}

// Ready: every output is drawn and the kernel answers. Tests and benchmarks wait for this attribute.
function settle() {
  if (isDrawn() && window.poetas.connected) {
    if (!document.documentElement.hasAttribute("data-ready")) {
      setAttribute(document.documentElement, "data-ready", "yes");
      checkCompleteness();
    } else if (bannerShown()) {
      checkCompleteness(); // a part that was missing may have come since
    }
    arrive();
  }
}

// A chart's lines and a job's bar change with each step of a training, and concern nothing of this page: to look at
// them all the same would take time from the training.
const ofAChart = (record) => record.target.closest("svg, .widget-hprogress") !== null;
let scheduled = false;
function onChange(records) {
  if (scheduled || records.every(ofAChart)) {
    return;
  }
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    updateHeader();
    mendAccessibility();
    settle();
    accompany();
    followReader();
  });
}

completeLinks();
prepareArrival();
watchClicks();
connectGlossary();
connectLedger();
connectSteps();
watchReader();
watchConnection();
watchCompleteness();
addEventListener("poetas-kernel", settle);
new MutationObserver(onChange).observe(document.body, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["data-state", "class", "hidden", "disabled"],
});
// What a style or a font shows, hides or moves changes no node: it is the page's height that tells.
new ResizeObserver(onChange).observe(document.body);
updateHeader();
mendAccessibility();
drawSteps();
settle();
