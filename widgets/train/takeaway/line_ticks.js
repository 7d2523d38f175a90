// A box with a tick for each line; once as many as allowed are ticked, the others cannot be.
function render({ model, el }) {
  const field = document.createElement("fieldset"),
    legend = document.createElement("legend"),
    list = document.createElement("div");
  legend.textContent = model.get("label");
  list.className = "lines";
  field.append(legend, list);
  el.append(field);

  function draw() {
    list.replaceChildren(
      ...model.get("options").map((line) => {
        const label = document.createElement("label"),
          box = document.createElement("input"),
          words = document.createElement("span");
        box.type = "checkbox";
        box.value = line;
        words.textContent = line;
        label.append(box, words);
        return label;
      }),
    );
    drawTicks();
  }
  function drawTicks() {
    const ticked = model.get("value"),
      full = ticked.length >= model.get("most");
    for (const box of list.querySelectorAll("input")) {
      box.checked = ticked.includes(box.value);
      box.disabled = full && !box.checked;
    }
  }
  list.addEventListener("change", () => {
    model.set(
      "value",
      [...list.querySelectorAll("input:checked")].map((box) => box.value),
    );
    model.save_changes();
    drawTicks();
  });
  model.on("change:options", draw);
  model.on("change:value", drawTicks);
  draw();
  return () => {
    model.off("change:options", draw);
    model.off("change:value", drawTicks);
  };
}

export default { render };
