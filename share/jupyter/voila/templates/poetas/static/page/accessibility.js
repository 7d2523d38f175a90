// What JupyterLab and ipywidgets leave without a name or a role, made accessible.

import { all, first, setAttribute, t } from "./dom.js";
import { fillGlossaryWords } from "./glossary.js";
import { sections } from "./steps.js";

/** Name sections, sliders and toggles, turn links to the glossary into notes, take away what belongs to code view. */
export function mendAccessibility() {
  sections.forEach(nameSection);
  fillGlossaryWords();
  const focusable = ".jp-OutputArea-child[tabindex], .jp-OutputArea-output[tabindex], .jp-Cell[tabindex]";
  for (const part of all(focusable)) {
    part.removeAttribute("tabindex");
  }
  all(".widget-slider").forEach(nameSlider);
  for (const button of all(".widget-toggle-button")) {
    setAttribute(button, "aria-pressed", String(button.classList.contains("mod-active")));
  }
  for (const button of all(".poetas-fold")) {
    setAttribute(button, "aria-expanded", String(button.classList.contains("open")));
  }
  for (const part of all(".jp-OutputPrompt, .jp-OutputArea-promptOverlay, .jp-InputPrompt, .anchor-link")) {
    part.remove();
  }
}

function nameSection(section) {
  const title = first("h2", section);
  if (title && !section.hasAttribute("aria-labelledby")) {
    title.id ||= `${section.id}-titulo`;
    section.setAttribute("aria-labelledby", title.id);
  }
}

// The handles of ipywidgets' sliders have no name (ipywidgets #2650), and their numbers are boxes without a role.
function nameSlider(slider) {
  const hasText = (element) => element && element.style.display !== "none" && element.textContent.trim();
  let label = first(".widget-label", slider);
  if (!hasText(label)) {
    // a slider beside a number box shares the box's name
    const pair = slider.closest(".poetas-slider-field, .row, .widget-hbox");
    label = pair && all(".widget-label", pair).find(hasText);
  }
  const text = (hasText(label) ? label.textContent.trim() : "") || slider.getAttribute("title") || "";
  if (!text) {
    return;
  }
  const handles = all(".noUi-handle", slider);
  handles.forEach((handle, index) => {
    const end = handles.length < 2 ? "" : index ? t(", hasta") : t(", desde");
    if (!handle.hasAttribute("aria-label")) {
      handle.setAttribute("aria-label", text + end);
    }
  });
  const number = first(".widget-readout", slider);
  if (number?.isContentEditable && !number.hasAttribute("aria-label")) {
    number.setAttribute("role", "textbox");
    number.setAttribute("aria-label", text);
  }
}
