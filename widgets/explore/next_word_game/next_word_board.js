// The game «¿Qué sigue?»: a beginning and four words; the chosen one shows the model's bets; after three, both poems.

/** Return what is shown: the round that is played or was just played, or the end. */
export function view(choices, count, left) {
  if (left && choices.length) return { round: choices.length - 1, chosen: choices.at(-1) };
  return choices.length < count ? { round: choices.length, chosen: null } : { round: null, chosen: null };
}

/** Return in how many rounds the chosen word was the model's favourite. */
export const hits = (rounds, choices) => choices.filter((chosen, index) => rounds[index].options[chosen].hit).length;

/** Tell whether the beginning of an element is above what the window shows, or hidden by the page's header. */
export const isAbove = (element) =>
  element.getBoundingClientRect().top < (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0);

function node(name, content = "", className = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...[content].flat());
  return element;
}

function poem(lines, word = "") {
  const last = node("span", `${lines.at(-1)} `, "line");
  last.append(word ? node("b", word) : node("i", "", "blank"));
  return [...lines.slice(0, -1).map((line) => node("span", line, "line")), last];
}

function bar(row, labels) {
  const line = node("li", "", `bar${row.mine ? " mine" : ""}`);
  const width = node("i");
  width.style.setProperty("--share", row.length);
  line.append(node("b", row.word), node("span", width, "bar-track"), node("span", row.text));
  const notes = [row.mine && labels.mine, row.favourite && labels.favourite].filter(Boolean);
  if (notes.length) line.append(node("small", notes.join(" · ")));
  return line;
}

function render({ model, el }) {
  let left = false; // a round was just played, and its bets are being read
  const labels = model.get("labels");
  const rounds = model.get("rounds");
  el.classList.add("poetas-board");
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", model.get("label"));
  const stage = node("div", "", "stage");
  const status = node("div", "", "result");
  status.setAttribute("role", "status");
  el.replaceChildren(stage, status);

  const button = (label, kind, act) => {
    const made = node("button", label, `jupyter-button widget-button ${kind}`);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  const choose = (index) => {
    left = true;
    model.set("choices", [...model.get("choices"), index]);
    model.save_changes();
    draw();
    el.querySelector(".onward")?.focus({ preventScroll: true });
  };
  const onward = () => {
    left = false;
    draw();
    (el.querySelector(".num") ?? el.querySelector(".score"))?.focus({ preventScroll: true }); // no word is suggested
    if (isAbove(el)) el.scrollIntoView({ block: "start", behavior: "instant" }); // what was read below is gone
  };
  const playing = (round) => {
    const options = node("div", "", "options");
    options.append(...round.options.map((option, index) => button(option.word, "option", () => choose(index))));
    stage.append(node("p", labels.ask, "soft"), options);
  };
  const played = (round, chosen, last) => {
    const option = round.options[chosen];
    const bars = node(
      "ul",
      option.bars.map((row) => bar(row, labels)),
      "poetas-bars",
    );
    bars.setAttribute("aria-label", labels.bars);
    const next = button(last ? labels.finish : labels.next, "mod-primary onward", onward);
    status.append(node("p", option.sentence, "says"), bars, node("p", round.rest, "soft"));
    status.append(node("p", round.idea, "notice"), next);
    // The bars grow from nothing; where less motion is asked for, they are there at once.
    requestAnimationFrame(() => requestAnimationFrame(() => bars.classList.add("grown")));
  };
  const finished = (choices) => {
    const score = node("h3", labels.scores[hits(rounds, choices)], "score");
    score.tabIndex = -1;
    const column = (title, pick) => {
      const stanzas = rounds.map((round, index) => node("p", poem(round.lines, pick(round, index)), "verse"));
      return node("div", [node("h4", title), ...stanzas]);
    };
    const yours = column(labels.yours, (round, index) => round.options[choices[index]].word);
    const model_s = column(labels.theirs, (round) => round.favourite);
    status.append(score, node("div", [yours, model_s], "poems"), node("p", labels.end, "notice"));
  };
  const draw = () => {
    const choices = model.get("choices").slice(0, rounds.length);
    const { round: index, chosen } = view(choices, rounds.length, left);
    stage.replaceChildren();
    status.replaceChildren();
    if (index === null) return finished(choices);
    const round = rounds[index];
    const number = node("p", labels.rounds[index], "num");
    number.tabIndex = -1;
    stage.append(number);
    stage.append(node("p", poem(round.lines, chosen === null ? "" : round.options[chosen].word), "verse"));
    if (chosen === null) playing(round);
    else played(round, chosen, index === rounds.length - 1);
  };
  draw();
  const changed = () => {
    if (!left) draw();
  };
  model.on("change:choices", changed);
  return () => model.off("change:choices", changed);
}

export default { render };
