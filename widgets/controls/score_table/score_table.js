// A table of scores whose numbers are buttons: a click, or Enter, picks one. Texts come in as text, never as HTML.
function cell(name, text, scope) {
  const node = document.createElement(name);
  node.textContent = text;
  if (scope) node.scope = scope;
  return node;
}

// "Palabras (ROUGE-1)" is "Palabras" to the eye where there is little room: the stylesheet hides the rest, a screen
// reader reads it all.
function heading(name) {
  const node = cell("th", "", "col");
  const [, first, rest] = /^(.+?)( \(.+\))$/.exec(name) || ["", name, ""];
  node.append(first, Object.assign(cell("span", rest), { className: "rest" }));
  return node;
}

function number(model, row, column, place, picked) {
  const td = document.createElement("td");
  const button = cell("button", row.cells[column]);
  button.type = "button";
  button.className = "poetas-score";
  button.setAttribute("aria-label", row.spoken[column]);
  button.setAttribute("aria-pressed", String(picked[0] === place && picked[1] === column));
  button.addEventListener("click", () => model.send({ kind: "pick", row: place, column }));
  td.append(button);
  return td;
}

function line(model, row, place) {
  const tr = document.createElement("tr");
  if (row.mine) tr.className = "me";
  const picked = model.get("picked");
  tr.append(cell("th", row.title, "row"));
  tr.append(...row.cells.map((_, column) => number(model, row, column, place, picked)));
  return tr;
}

function render({ model, el }) {
  // The sentence is no caption: inside what scrolls it would be as wide as the table, and cut on a phone. The box that
  // scrolls outlives a redrawing, so that it stays where it was.
  const sentence = Object.assign(document.createElement("p"), { className: "soft" });
  const box = Object.assign(document.createElement("div"), { className: "scroll" });
  const draw = () => {
    // The button that had the focus keeps it, so that a keyboard can go on.
    const focused = [...el.querySelectorAll("button")].indexOf(document.activeElement);
    const table = document.createElement("table");
    const head = document.createElement("tr");
    head.append(...model.get("columns").map(heading));
    const thead = document.createElement("thead");
    const tbody = document.createElement("tbody");
    thead.append(head);
    tbody.append(...model.get("rows").map((row, place) => line(model, row, place)));
    sentence.textContent = model.get("label");
    table.append(thead, tbody);
    box.replaceChildren(table);
    const buttons = el.querySelectorAll("button");
    if (focused >= 0 && buttons[focused]) buttons[focused].focus({ preventScroll: true });
  };
  el.classList.add("poetas-score-table");
  el.replaceChildren(sentence, box);
  draw();
  model.on("change:rows change:columns change:label change:picked", draw);
}

export default { render };
