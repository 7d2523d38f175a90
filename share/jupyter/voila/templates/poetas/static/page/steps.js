// The list of steps: which are done comes from the kernel, which is being read from what is in view.

import { all, first, t } from "./dom.js";

/** Return the index of the step being read: the last whose top is above the line; at the end of the page, the last. */
export function stepInView(tops, line, atEnd) {
  return atEnd
    ? tops.length - 1
    : Math.max(
        0,
        tops.findLastIndex((top) => top <= line),
      );
}

export const sections = typeof document === "undefined" ? [] : all("section[data-step]");
let current = sections[0]?.id ?? "";
let done = new Set();

/** Return the name of the step being read. */
export const currentStep = () => current;

/** Return the step to go on with: the first after the last finished one; null where none is finished, or none is left. */
export function stepToResume(names, finished) {
  const last = names.findLastIndex((name) => finished.has(name));
  return last < 0 ? null : (names.slice(last + 1).find((name) => !finished.has(name)) ?? null);
}

let arrived = false;

/** Mark the steps that are done; on a page that was begun in an earlier visit, also say where the reader left off. */
export function markDone(names, begun) {
  done = names;
  drawSteps();
  if (!arrived) {
    arrived = true;
    if (begun) offerToResume();
  }
}

function offerToResume() {
  const name = stepToResume(
    sections.map(({ id }) => id),
    done,
  );
  const line = first("[data-resume]");
  const label = name && first(`.pasos li[data-step="${CSS.escape(name)}"] .pasos-texto`);
  if (line && label) {
    const link = first("a", line);
    link.href = `#${name}`;
    link.textContent = label.textContent;
    line.hidden = false;
  }
}

export function drawSteps() {
  for (const item of all(".pasos li")) {
    const name = item.getAttribute("data-step");
    const isCurrent = name === current;
    const isDone = done.has(name);
    item.classList.toggle("now", isCurrent);
    item.classList.toggle("done", isDone);
    const link = first("a", item);
    if (isCurrent) {
      link.setAttribute("aria-current", "step");
    } else {
      link.removeAttribute("aria-current");
    }
    first("[data-state]", item).textContent = isDone ? t(" (hecho)") : isCurrent ? t(" (estás acá)") : "";
  }
  const label = first(".pasos li.now .pasos-texto");
  const title = first("[data-now]");
  if (label && title) {
    const numbered = sections.filter((section) => first(".num", section));
    title.textContent = stepTitle(
      numbered.findIndex(({ id }) => id === current),
      numbered.length,
      label.textContent,
    );
  }
}

/** Say which step is being read; a step without a number (index -1) has its name alone. */
export const stepTitle = (index, count, name) =>
  index < 0
    ? name
    : `${t("Paso {n} de {all}")
        .replace("{n}", String(index + 1))
        .replace("{all}", String(count))} · ${name}`;

/** On a phone the title of the step being read opens the list; a choice, Escape or a tap beside it closes it. */
export function connectSteps() {
  const nav = first(".pasos");
  const title = first(".pasos-ahora");
  if (!nav || !title) {
    return;
  }
  const open = (shown) => {
    nav.classList.toggle("abierta", shown);
    title.setAttribute("aria-expanded", String(shown));
  };
  title.addEventListener("click", () => open(!nav.classList.contains("abierta")));
  nav.addEventListener("click", (event) => event.target.closest("a") && open(false));
  nav.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && nav.classList.contains("abierta")) {
      open(false);
      title.focus();
    }
  });
  document.addEventListener("mousedown", (event) => nav.contains(event.target) || open(false));
}

/** Find the step being read, and show it in the list. */
export function followReader() {
  if (!sections.length || first("#celdas[hidden]")) {
    return; // while the page waits, nothing has a place
  }
  const tops = sections.map((section) => section.getBoundingClientRect().top);
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4 && scrollY > 0;
  const reading = sections[stepInView(tops, innerHeight / 3, atEnd)].id;
  if (reading !== current) {
    current = reading;
    drawSteps();
  }
}

/** Follow the reader from now on. */
export function watchReader() {
  const threshold = Array.from({ length: 21 }, (_, index) => index / 20);
  const observer = new IntersectionObserver(followReader, { threshold, rootMargin: "-33% 0px -66% 0px" });
  for (const section of sections) {
    observer.observe(section);
  }
  addEventListener("scrollend", followReader);
  addEventListener("resize", followReader);
}
