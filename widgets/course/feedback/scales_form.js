// Questions answered with one of five pictures in words, and a box of free text.
const make = (name, className, words) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
};

function render({ model, el }) {
  const texts = model.get("texts");
  const group = Math.random().toString(36).slice(2);

  // A mark is a radio button: its picture, what it means, and a small inkwell that is fuller with each.
  function markLabel(code, { image, plain }, place, count) {
    const label = make("label", "mark"),
      radio = make("input"),
      ink = make("span", "ink"),
      words = make("span", "words");
    radio.type = "radio";
    radio.name = `${group}-${code}`;
    radio.value = String(texts.lowest + place);
    radio.addEventListener("change", () => {
      model.set("marks", { ...model.get("marks"), [code]: texts.lowest + place });
      model.save_changes();
    });
    ink.setAttribute("aria-hidden", "true");
    ink.style.setProperty("--full", String(place / (count - 1)));
    words.append(make("b", "", image), make("span", "sr-only", ": "), make("span", "plain", plain));
    label.append(radio, ink, words);
    return label;
  }

  function scaleField({ code, question, marks }) {
    const field = make("fieldset"),
      row = make("div", "marks");
    field.dataset.code = code;
    row.append(...marks.map((mark, place) => markLabel(code, mark, place, marks.length)));
    field.append(make("legend", "", question), row);
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
