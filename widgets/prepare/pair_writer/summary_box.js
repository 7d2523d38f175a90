// A labelled text box that sends what is written as it is written, and moves between texts by keys.
const QUIET = 400; // milliseconds without a key before the text is sent
const PATIENCE = 3000; // milliseconds that the box waits for the next text

function render({ model, el }) {
  const label = document.createElement("label"),
    box = document.createElement("textarea"),
    hint = document.createElement("p");
  box.id = label.htmlFor = `poetas-summary-${Math.random().toString(36).slice(2)}`;
  hint.id = `${box.id}-hint`;
  hint.className = "soft";
  box.rows = 5;
  box.maxLength = 20000;
  box.setAttribute("aria-describedby", hint.id);
  el.append(label, box, hint);

  let sent = "", // the text that the kernel has
    timer = 0,
    waiting = 0; // what is typed while the next text comes would be written into the wrong one
  function send() {
    clearTimeout(timer);
    if (box.value === sent) return;
    sent = box.value;
    model.send({ type: "write", index: model.get("index"), text: sent });
  }
  function draw() {
    const { label: name, hint: keys, placeholder } = model.get("texts");
    label.textContent = name;
    hint.textContent = keys;
    box.placeholder = placeholder;
  }
  function wait() {
    box.readOnly = true;
    clearTimeout(waiting);
    waiting = setTimeout(stopWaiting, PATIENCE);
  }
  function stopWaiting() {
    clearTimeout(waiting);
    box.readOnly = false;
  }
  const show = (message) => {
    if (message.type !== "show") return;
    clearTimeout(timer);
    stopWaiting();
    box.value = sent = message.text;
    if (message.focus) box.focus();
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, QUIET);
  });
  box.addEventListener("blur", send);
  addEventListener("pagehide", send);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (box.readOnly) return;
    send();
    wait();
    model.send({ type: "go", step: event.shiftKey ? -1 : 1 });
  });
  model.on("change:texts", draw);
  model.on("msg:custom", show);
  draw();
  box.value = sent = model.get("value");
  box.readOnly = !model.get("ready"); // the first text is on its way
  return () => {
    send();
    removeEventListener("pagehide", send);
    model.off("change:texts", draw);
    model.off("msg:custom", show);
  };
}

export default { render };
