// A labelled number box. The kernel parses what was typed, and answers with what to show.
function render({ model, el }) {
  const label = document.createElement("label"),
    box = document.createElement("input");
  label.className = "widget-label";
  box.id = label.htmlFor = `poetas-number-${Math.random().toString(36).slice(2)}`;
  box.type = "text";
  box.inputMode = model.get("whole") ? "numeric" : "decimal";
  box.autocomplete = "off";
  box.spellcheck = false;
  box.setAttribute("role", "spinbutton");
  el.append(label, box);

  let known = ""; // the text that the kernel has; a later text stays until it is sent
  function send(more) {
    model.send(box.value === known ? more : { typed: box.value, ...more });
    known = box.value;
  }
  function write(text) {
    if (box.value !== known && document.activeElement === box) return;
    box.value = known = text;
    // A screen reader gets the number and how it is written.
    box.setAttribute("aria-valuetext", text);
    box.setAttribute("aria-valuenow", text.replace(/\./g, "").replace(",", ".").replace("\u2212", "-"));
  }
  function draw() {
    label.textContent = label.title = model.get("description");
    label.hidden = !label.textContent;
    box.disabled = model.get("disabled");
    box.setAttribute("aria-valuemin", String(model.get("min")));
    box.setAttribute("aria-valuemax", String(model.get("max")));
  }
  const drawShown = () => write(model.get("shown"));
  const answered = (message) => {
    if (typeof message.shown === "string") write(message.shown);
  };
  box.addEventListener("change", () => send({}));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    send({ step });
  });
  model.on("change:shown", drawShown);
  model.on("change:description change:disabled change:min change:max", draw);
  model.on("msg:custom", answered);
  draw();
  drawShown();
  return () => {
    model.off("change:shown", drawShown);
    model.off("change:description change:disabled change:min change:max", draw);
    model.off("msg:custom", answered);
  };
}

export default { render };
