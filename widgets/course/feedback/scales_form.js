// Scales of radio buttons with words at both ends, and a box of free text.
const make = (name, className, words) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
};

function render({ model, el }) {
  const texts = model.get("texts");
  const group = Math.random().toString(36).slice(2);

  function scaleField({ code, question, low, high }) {
    const field = make("fieldset"),
      row = make("div", "scale");
    field.dataset.code = code;
    field.append(make("legend", "", question), row);
    row.append(make("span", "end", low));
    for (let mark = texts.lowest; mark <= texts.highest; mark += 1) {
      const label = make("label"),
        radio = make("input");
      radio.type = "radio";
      radio.name = `${group}-${code}`;
      radio.value = String(mark);
      const words = mark === texts.lowest ? `: ${low}` : mark === texts.highest ? `: ${high}` : "";
      radio.setAttribute("aria-label", `${mark}${words}`);
      radio.addEventListener("change", () => {
        model.set("marks", { ...model.get("marks"), [code]: mark });
        model.save_changes();
      });
      label.append(radio, make("span", "", String(mark)));
      row.append(label);
    }
    row.append(make("span", "end", high));
    return field;
  }

  const fields = model.get("scales").map(scaleField);
  const label = make("label", "free"),
    box = make("textarea"),
    about = make("p", "soft", texts.free_about);
  box.maxLength = texts.longest;
  box.rows = 4;
  about.id = `${group}-about`;
  box.setAttribute("aria-describedby", about.id);
  label.append(make("span", "", texts.free), box);
  el.append(...fields, label, about);

  let timer = 0;
  function send() {
    clearTimeout(timer);
    if (box.value === model.get("text")) return;
    model.set("text", box.value);
    model.save_changes();
  }
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, 800);
  });
  box.addEventListener("change", send);

  function draw() {
    const marks = model.get("marks");
    for (const field of fields)
      for (const radio of field.querySelectorAll("input"))
        radio.checked = radio.value === String(marks[field.dataset.code]);
    if (document.activeElement !== box) box.value = model.get("text");
  }
  function empty() {
    if (!model.get("text")) box.value = ""; // erased in another tab: not to be sent again with the next letter
  }
  model.on("change:marks change:text", draw);
  model.on("change:text", empty);
  draw();
  return () => {
    clearTimeout(timer);
    model.off("change:marks change:text", draw);
    model.off("change:text", empty);
  };
}

export default { render };
