// Multiple-choice items: a fieldset each; patched in place, so that an answer from the kernel moves no focus.
const make = (name, className, words) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
};

/** Return an option's line of feedback: a word that says right or wrong, then the sentence. */
export function feedbackOf(option, texts) {
  return option.feedback ? `${option.right ? texts.right : texts.wrong} ${option.feedback}` : "";
}

/** Return the options whose feedback waits behind a fold: answered, and not in sight. */
export const folded = (options) => options.filter((option) => option.feedback && !option.shown);

/** Return the item to begin with: the first without a choice, or the last. */
export function firstOpen(rows) {
  const open = rows.findIndex((row) => !row.options.some((option) => option.chosen));
  return open < 0 ? Math.max(0, rows.length - 1) : open;
}

function render({ model, el }) {
  const texts = model.get("texts");
  const group = Math.random().toString(36).slice(2);
  const fold = model.get("label") ? make("details", "poetas-note") : make("div");
  if (model.get("label")) {
    fold.append(make("summary", "", model.get("label")));
    fold.open = model.get("opened");
  }
  const form = make("div", "items");
  fold.append(form);
  const steps = make("div", "steps"),
    back = make("button", "btn quiet", texts.back),
    next = make("button", "btn quiet");
  for (const button of [back, next]) button.type = "button";
  steps.append(next, back);
  if (model.get("stepwise")) fold.append(steps);
  let place = 0;
  el.append(fold);
  let nodes = new Map();

  const send = (item, option) => model.send({ type: "choose", item, option });

  function optionNode(row, option) {
    const line = make("div", "option"),
      status = make("p", "feedback");
    status.setAttribute("role", "status");
    let control;
    if (model.get("at_once")) {
      control = make("button", "choice", option.text);
      control.type = "button";
      control.addEventListener(
        "click",
        () => control.getAttribute("aria-disabled") !== "true" && send(row.id, option.index),
      );
    } else {
      control = make("label", "choice");
      const radio = make("input");
      radio.type = "radio";
      radio.name = `${group}-${row.id}`;
      radio.addEventListener("change", () => send(row.id, option.index));
      control.append(radio, make("span", "", option.text));
    }
    const mine = make("span", "chip", texts.mine);
    line.append(control, status);
    return { line, control, status, mine };
  }

  function build(rows) {
    nodes = new Map();
    form.replaceChildren(
      ...rows.map((row) => {
        const field = make("fieldset", "item"),
          legend = make("legend");
        if (row.place) legend.append(make("span", "soft", row.place));
        legend.append(make("span", "stem", row.stem));
        const options = row.options.map((option) => optionNode(row, option));
        const others = make("details", "others");
        field.append(legend, ...options.map((option) => option.line), others);
        nodes.set(row.id, { field, options, others });
        return field;
      }),
    );
  }

  function patch(rows) {
    for (const row of rows) {
      const { field, options, others } = nodes.get(row.id);
      field.classList.toggle("locked", row.locked);
      row.options.forEach((option, place) => {
        const { line, control, status, mine } = options[place];
        const answer = option.shown ? feedbackOf(option, texts) : "";
        if (status.textContent !== answer) status.textContent = answer;
        line.classList.toggle("right", option.shown && option.right === true);
        line.classList.toggle("wrong", option.shown && option.right === false);
        line.classList.toggle("chosen", option.chosen);
        const radio = control.querySelector("input");
        if (radio) {
          radio.checked = option.chosen;
          radio.disabled = row.locked;
          if (row.locked && option.chosen) control.append(mine);
          else mine.remove();
        } else {
          control.setAttribute("aria-pressed", String(option.chosen));
          control.setAttribute("aria-disabled", String(row.locked || option.shown));
        }
      });
      const waiting = folded(row.options);
      others.hidden = !waiting.length;
      others.replaceChildren(
        make("summary", "", texts.others),
        ...waiting.map((option) => {
          const line = make("p");
          line.append(make("i", "", option.text), ` ${feedbackOf(option, texts)}`);
          return line;
        }),
      );
    }
  }

  /** Show one item alone, and say on its button whether it is skipped. */
  function showPlace() {
    const rows = model.get("drawn");
    if (!model.get("stepwise") || !rows.length) return;
    for (const [index, row] of rows.entries()) nodes.get(row.id).field.hidden = index !== place;
    const last = place >= rows.length - 1,
      answered = rows[place].options.some((option) => option.chosen);
    back.hidden = place === 0;
    next.classList.toggle("gone", last); // it keeps its place: a click there would else fall on the way back
    next.textContent = answered ? texts.next : texts.skip;
    if (last && !model.get("ended")) {
      model.set("ended", true);
      model.save_changes();
    }
  }

  function go(to) {
    place = to;
    showPlace();
    nodes.get(model.get("drawn")[place].id).field.querySelector("input")?.focus();
  }
  next.addEventListener("click", () => go(place + 1));
  back.addEventListener("click", () => go(place - 1));

  let drawn = "";
  function draw() {
    const rows = model.get("drawn");
    const key = JSON.stringify(
      rows.map((row) => [row.id, row.place, row.stem, row.options.map((option) => option.text)]),
    );
    if (key !== drawn) {
      build(rows);
      place = firstOpen(rows);
    }
    drawn = key;
    patch(rows);
    showPlace();
  }
  model.on("change:drawn", draw);
  draw();
  return () => model.off("change:drawn", draw);
}

export default { render };
