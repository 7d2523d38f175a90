// The texts of a training as pages of a book, walked through by a slider. Texts come in as text, never as HTML.

// What a text was at a step: its last frame up to there, or null before the first.
export function frameAt(frames, step) {
  return frames.filter((frame) => frame.step <= step).at(-1) ?? null;
}

// The place to show once there are `count` measures: the last one, unless an earlier one is being looked at.
export function placeAfter(place, before, count) {
  return place >= before - 1 ? count - 1 : Math.min(place, count - 1);
}

function cell(name, text, className = "") {
  const node = document.createElement(name);
  node.textContent = text;
  node.className = className;
  return node;
}

// A text's lines; those of verse begin with a mark, from which `previews.css` hangs what a narrow page breaks off.
// Each has its own element, `drawn` from it: the background of one that begins before the mark would be out of place.
export function hung(text, verse, drawn) {
  if (!verse) return [drawn(text)];
  return text
    .split("\n")
    .flatMap((line, index) => [...(index ? [cell("br", ""), cell("i", "", "line-start")] : []), line && drawn(line)])
    .filter(Boolean);
}

function words(frame, model) {
  const said = model.get("words");
  if (!frame) return [cell("span", "…", "soft")];
  if (!frame.parts.length || !frame.parts.some(([text]) => text.trim())) return [cell("em", said.nothing, "soft")];
  return frame.parts.flatMap(([text, fresh]) => hung(text, frame.verse, (line) => (fresh ? cell("ins", line) : line)));
}

function page(film, step, model) {
  const said = model.get("words");
  const node = cell("article", "", "poetas-page-of-film");
  const frame = frameAt(film.frames, step);
  const text = cell("p", "", "poetas-film-text");
  node.append(cell("h4", film.title));
  if (film.style)
    text.append(...hung(`${film.lead}\n`, frame?.verse, (line) => cell("span", line, "poetas-film-lead")));
  else node.append(cell("p", film.lead, "soft poetas-film-source"));
  text.append(...words(frame, model));
  node.append(text);
  if (frame?.same && frame.step === step) node.append(cell("p", said.same, "soft"));
  if (frame && frame.step < step) node.append(cell("p", said.older, "soft")); // it is being written again
  if (film.reference) {
    const folded = document.createElement("details");
    folded.className = "poetas-whole";
    folded.append(cell("summary", said.reference), cell("p", film.reference, "serif"));
    node.append(folded);
  }
  return node;
}

function button(label, sign) {
  const node = cell("button", sign, "poetas-film-move");
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.title = label;
  return node;
}

function render({ model, el }) {
  const said = model.get("words");
  let count = model.get("measures").length;
  let place = count - 1;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: "0", step: "1" });
  slider.setAttribute("aria-label", said.scrub);
  const name = cell("b", "", "poetas-film-place");
  const [back, on] = [button(said.before, "‹"), button(said.after, "›")];
  const pages = cell("div", "", "poetas-film-pages");
  pages.tabIndex = 0;
  pages.setAttribute("role", "region");
  pages.setAttribute("aria-label", said.title);
  const row = cell("div", "", "poetas-film-scrub");
  row.append(back, slider, on, name);
  const legend = cell("p", said.marked, "soft poetas-film-legend");
  const drawn = cell("p", said.drawn, "soft poetas-film-legend"); // of a style: why it differs from «Antes»
  el.classList.add("poetas-film");
  el.replaceChildren(cell("h3", said.title), row, pages, legend, drawn);

  const draw = () => {
    const measures = model.get("measures");
    const measure = measures[place];
    const folded = [...pages.querySelectorAll("details")].map((node) => node.open); // what was opened stays open
    pages.replaceChildren(...(measure ? model.get("films").map((film) => page(film, measure.step, model)) : []));
    pages.querySelectorAll("details").forEach((node, index) => {
      node.open = folded[index] ?? false;
    });
    slider.max = String(Math.max(0, measures.length - 1));
    slider.value = String(Math.max(0, place));
    slider.disabled = measures.length < 2;
    slider.setAttribute("aria-valuetext", measure ? measure.name : "");
    name.textContent = measure ? measure.name : "";
    back.disabled = place <= 0;
    on.disabled = place >= measures.length - 1;
    el.classList.toggle("poetas-film-empty", !measure);
    legend.hidden = !pages.querySelector("ins");
    drawn.hidden = !model.get("films").some((film) => film.style);
  };
  const go = (to) => {
    place = Math.max(0, Math.min(to, model.get("measures").length - 1));
    draw();
  };
  const come = () => {
    const now = model.get("measures").length;
    place = placeAfter(place, count, now);
    count = now;
    draw();
  };
  slider.addEventListener("input", () => go(Number(slider.value)));
  back.addEventListener("click", () => go(place - 1));
  on.addEventListener("click", () => go(place + 1));
  model.on("change:films change:measures", come);
  draw();
  return () => model.off("change:films change:measures", come);
}

export default { render };
