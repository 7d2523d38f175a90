// Bars that are buttons: a word, its bar, its share. The kernel sends rows; a click sends back a row's index.
function cell(name, text) {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}

function line(row, index, model, clickable) {
  const bar = document.createElement(clickable ? "button" : "div");
  bar.className = `bar${row.kept ? "" : " off"}${row.mine ? " mine" : ""}`;
  const width = document.createElement("i");
  width.style.width = `${Math.max(0, Math.min(1, row.length)) * 100}%`;
  width.setAttribute("aria-hidden", "true");
  const track = document.createElement("span");
  track.className = "bar-track";
  track.append(width);
  bar.append(cell("b", row.label), track, cell("span", row.text));
  if (row.note) bar.append(cell("small", row.note));
  if (clickable) {
    bar.type = "button";
    const verb = cell("span", row.spoken);
    verb.className = "sr-only"; // heard before the word, so that the button says what it does
    bar.prepend(verb);
    bar.addEventListener("click", () => model.send({ kind: "pick", index }));
  }
  return bar;
}

function render({ model, el }) {
  const draw = () => {
    // The button that had the focus keeps it, so that a keyboard can go on clicking.
    const focused = [...el.querySelectorAll("button.bar")].indexOf(document.activeElement);
    const rows = model.get("rows").map((row, index) => line(row, index, model, model.get("clickable")));
    el.replaceChildren(...rows);
    disable();
    if (focused >= 0 && rows[focused]) rows[focused].focus({ preventScroll: true });
  };
  const disable = () => {
    for (const bar of el.querySelectorAll("button.bar"))
      bar.setAttribute("aria-disabled", String(model.get("disabled")));
  };
  el.classList.add("poetas-bars");
  el.setAttribute("role", "group");
  const name = () => el.setAttribute("aria-label", model.get("label"));
  name();
  draw();
  model.on("change:rows change:clickable", draw);
  model.on("change:disabled", disable);
  model.on("change:label", name);
  const asked = (message) => {
    if (message.kind !== "focus") return;
    // Some frames later, since the box that holds the bars is just being shown. The focus is taken only where no control has it:
    // page.js moves the focus of a control that is gone to its step.
    const take = (tries) => {
      const now = document.activeElement;
      const lost = !now || now === document.body || (now.matches(".poetas-step") && now.contains(el));
      const first = el.querySelector("button.bar");
      if (!lost || !tries) return;
      if (first) first.focus({ preventScroll: true });
      if (document.activeElement !== first) requestAnimationFrame(() => take(tries - 1));
    };
    requestAnimationFrame(() => take(30));
  };
  model.on("msg:custom", asked);
  return () => {
    model.off("change:rows change:clickable", draw);
    model.off("change:disabled", disable);
    model.off("change:label", name);
    model.off("msg:custom", asked);
  };
}

export default { render };
