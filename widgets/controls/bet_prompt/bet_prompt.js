// A bet before a result: a question with buttons, or a box for a number or a word; then the answer in the same place.

function made(name, className, text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

// The option that a key on the keyboard stands for: 1 is the first one.
export function optionOf(key, options) {
  return /^[1-9]$/.test(key) ? options[Number(key) - 1] : undefined;
}

// The path of a sketch: points count from the lower left corner, SVG counts from the upper one.
export function pathOf(points) {
  return points.map(([x, y], index) => `${index ? "L" : "M"}${x} ${100 - y}`).join(" ");
}

function sketch(points) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  picture.setAttribute("viewBox", "-4 -4 108 108");
  picture.setAttribute("aria-hidden", "true");
  line.setAttribute("d", pathOf(points));
  picture.append(line);
  return picture;
}

function render({ model, el }) {
  const question = made("p", "poetas-bet-question");
  const form = made("form", "poetas-bet-form");
  const hint = made("p", "soft poetas-bet-hint");
  const answer = made("p", "notice poetas-bet-answer");
  hint.setAttribute("role", "status");
  answer.setAttribute("role", "status");
  answer.tabIndex = -1;
  form.noValidate = true;
  el.classList.add("poetas-bet");
  el.setAttribute("role", "group");
  el.append(question, form, hint, answer);
  const texts = model.get("texts");
  const send = (message) => !model.get("disabled") && model.send(message);

  function optionButton(option, index) {
    const button = made("button", "btn quiet");
    button.type = "button";
    button.setAttribute("aria-keyshortcuts", String(index + 1));
    if (option.picture.length) button.append(sketch(option.picture));
    button.append(made("span", "", option.label));
    button.addEventListener("click", () => send({ kind: "bet", value: option.key }));
    return button;
  }

  function box() {
    const label = made("label", "", `${texts.box} `);
    const input = made("input", "box");
    input.type = "text";
    input.placeholder = texts.example;
    input.autocomplete = "off";
    input.maxLength = 300;
    if (model.get("kind") === "number") input.inputMode = "numeric";
    input.value = model.get("typed");
    label.append(input);
    const submit = made("button", "btn", texts.submit);
    submit.type = "submit";
    return [label, submit];
  }

  function drawForm() {
    const options = model.get("options");
    const skip = made("button", "btn quiet poetas-bet-skip", texts.skip);
    skip.type = "button";
    skip.addEventListener("click", () => send({ kind: "skip" }));
    const parts = model.get("kind") === "buttons" ? options.map(optionButton) : box();
    form.classList.toggle(
      "pictures",
      options.some((option) => option.picture.length),
    );
    form.replaceChildren(...parts, skip);
    disable();
  }

  function drawQuestion() {
    question.replaceChildren(made("b", "", texts.lead), ` ${model.get("label")}`);
    el.setAttribute("aria-label", `${texts.lead} ${model.get("label")}`);
  }

  function drawHint() {
    hint.textContent = model.get("hint");
    hint.hidden = !hint.textContent;
  }

  function drawAnswer() {
    const { text = "", mark = "", won = null } = model.get("answered");
    answer.classList.toggle("good", won === true);
    answer.classList.toggle("surprise", won === false);
    answer.replaceChildren(made("b", "", mark), ` ${text}`);
    const hadFocus = form.contains(document.activeElement);
    question.hidden = form.hidden = model.get("revealed") || Boolean(text);
    answer.hidden = !text;
    if (hadFocus && text) answer.focus({ preventScroll: true }); // the button that was pressed is gone
  }

  function disable() {
    for (const part of form.querySelectorAll("button, input")) part.disabled = model.get("disabled");
  }

  const typed = () => {
    const input = form.querySelector("input");
    if (input && input.value !== model.get("typed")) input.value = model.get("typed");
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = form.querySelector("input");
    if (input) send({ kind: "bet", value: input.value });
  });
  form.addEventListener("keydown", (event) => {
    const option = optionOf(event.key, model.get("options"));
    if (!option || event.target.matches("input") || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    send({ kind: "bet", value: option.key });
  });
  drawForm();
  drawQuestion();
  drawHint();
  drawAnswer();
  const watched = [
    ["change:options change:kind", drawForm],
    ["change:label", drawQuestion],
    ["change:hint", drawHint],
    ["change:answered change:revealed", drawAnswer],
    ["change:disabled", disable],
    ["change:typed", typed],
  ];
  for (const [name, draw] of watched) model.on(name, draw);
  return () => {
    for (const [name, draw] of watched) model.off(name, draw);
  };
}

export default { render };
