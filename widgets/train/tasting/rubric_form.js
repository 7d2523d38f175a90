// A folded form for one version: a scale (radio buttons) or ticks (check boxes) for each criterion.
function render({ model, el }) {
  const texts = model.get("texts");
  const fold = document.createElement("details");
  const summary = document.createElement("summary");
  const scale = document.createElement("p");
  const form = document.createElement("div");
  summary.textContent = texts.fold;
  scale.textContent = texts.scale;
  scale.className = "soft";
  fold.append(summary, scale, form);
  el.append(fold);
  const group = Math.random().toString(36).slice(2);

  function send(code, mark) {
    const marks = { ...model.get("marks"), [code]: mark };
    if (Array.isArray(mark) && !mark.length) delete marks[code];
    model.set("marks", marks);
    model.save_changes();
  }
  function choice(type, code, value, words) {
    const label = document.createElement("label"),
      box = document.createElement("input");
    box.type = type;
    box.name = `${group}-${code}`;
    box.value = value;
    label.append(box, words);
    return label;
  }
  const chosen = (field) => [...field.querySelectorAll("input:checked")].map((box) => box.value);
  function draw() {
    form.replaceChildren(
      ...model.get("criteria").map(({ code, title, question, options }) => {
        const field = document.createElement("fieldset"),
          legend = document.createElement("legend"),
          name = document.createElement("b"),
          row = document.createElement("div");
        name.textContent = title;
        legend.append(name, ` ${question}`);
        row.className = options.length ? "ticks" : "scale";
        const marks = options.length ? options : [...Array(texts.best)].map((_, n) => [String(n + 1), String(n + 1)]);
        row.append(...marks.map(([value, words]) => choice(options.length ? "checkbox" : "radio", code, value, words)));
        field.dataset.code = code;
        field.append(legend, row);
        field.addEventListener("change", () => send(code, options.length ? chosen(field) : Number(chosen(field)[0])));
        return field;
      }),
    );
    drawMarks();
  }
  function drawMarks() {
    const marks = model.get("marks");
    for (const field of form.children) {
      const mark = marks[field.dataset.code];
      const values = Array.isArray(mark) ? mark : [String(mark)];
      for (const box of field.querySelectorAll("input")) box.checked = values.includes(box.value);
    }
  }
  const drawFold = () => (fold.open = model.get("opened"));
  fold.addEventListener("toggle", () => {
    if (fold.open === model.get("opened")) return;
    model.set("opened", fold.open);
    model.save_changes();
  });
  model.on("change:criteria", draw);
  model.on("change:marks", drawMarks);
  model.on("change:opened", drawFold);
  draw();
  drawFold();
  return () => {
    model.off("change:criteria", draw);
    model.off("change:marks", drawMarks);
    model.off("change:opened", drawFold);
  };
}

export default { render };
