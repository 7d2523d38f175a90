// The addresses that the page links to: what else stood in its own address travels along, the token does not.

import { all } from "./dom.js";

/** Return `href` with the parameters of the page at `here`, without its token. */
export function withParameters(href, here) {
  const goal = new URL(href, here);
  for (const [name, value] of new URL(here).searchParams) {
    if (name !== "token") {
      goal.searchParams.set(name, value);
    }
  }
  return goal;
}

/** Return the folder of the notebook that a page's path renders: "" for the root, else it ends in "/". */
export function folderOf(pathname) {
  return /\/voila\/render\/(.*\/)?[^/]*$/.exec(pathname)?.[1] ?? "";
}

/** Return an absolute address of the page's own origin, or "" for any other. */
export function sameOrigin(text, here) {
  try {
    const goal = new URL(text, here);
    return goal.origin === new URL(here).origin ? goal.href : "";
  } catch {
    return "";
  }
}

/** Return where the code of the page at `here` is shown. A target that ends in "/" is a folder with its notebook. */
export function codeAddress(target, here) {
  if (!target) {
    return "";
  }
  const notebook = /\/voila\/render\/(.*)$/.exec(new URL(here).pathname)?.[1] ?? "";
  return sameOrigin(target.endsWith("/") ? target + notebook : target, here);
}

/** Complete the links to the other apps and to the start. */
export function completeLinks() {
  for (const link of all(".apps a, [data-brand], .tapa a")) {
    const goal = withParameters(link.getAttribute("href"), location.href);
    if (link.hasAttribute("data-brand")) {
      goal.pathname += folderOf(location.pathname);
    }
    link.href = goal.href;
  }
}
