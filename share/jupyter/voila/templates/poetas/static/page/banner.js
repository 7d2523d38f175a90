// The banner at the foot of the page: one sentence and one button, read out at once.

import { first } from "./dom.js";

/** Show it, in the place of what it showed. `onClick` gets the element of the sentence, to say more in it. */
export function showBanner(kind, text, label, onClick) {
  const banner = first(".aviso");
  const words = document.createElement("p");
  words.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = label;
  button.addEventListener("click", () => onClick(words));
  banner.replaceChildren(words, button);
  banner.dataset.kind = kind;
  banner.hidden = false;
}

/** Hide it if it shows this kind. */
export function hideBanner(kind) {
  const banner = first(".aviso");
  if (banner?.dataset.kind === kind) {
    banner.hidden = true;
  }
}

/** Tell whether any banner is shown. */
export const bannerShown = () => first(".aviso")?.hidden === false;
