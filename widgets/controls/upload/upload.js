// The page's side of an upload: 2 MB pieces of the file, one in flight, acknowledged by the kernel. Where no answer
// comes for a while, that is said, and the file is announced again, since the announcement may have been lost.
const SILENCE = 20_000; // milliseconds
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function bytes(count) {
  for (const [unit, scale, decimals] of [
    ["GB", 1e9, 1],
    ["MB", 1e6, 0],
    ["kB", 1e3, 0],
  ]) {
    if (count >= scale)
      return `${(count / scale).toLocaleString("es-AR", { maximumFractionDigits: decimals })} ${unit}`;
  }
  return `${count} bytes`;
}

function render({ model, el }) {
  const texts = model.get("texts");
  const limit = Number(texts.bytes);
  const input = element("input", {
    type: "file",
    hidden: "",
    accept: model.get("endings").join(","),
    tabindex: "-1",
    "aria-label": texts.choose,
  });
  const choose = element("button", { type: "button", class: "btn" }, texts.choose);
  const asking = element(
    "div",
    { class: "poetas-drop-ask" },
    element("p", { class: "poetas-drop-words" }, texts.drop),
    choose,
    element("p", { class: "soft small" }, texts.limit),
  );
  const words = element("p", { role: "status" });
  const bar = element("progress", { max: "1", value: "0", "aria-label": texts.choose });
  const cancel = element("button", { type: "button", class: "btn quiet" }, texts.cancel);
  const going = element("div", { class: "poetas-drop-going", hidden: "" }, bar, cancel);
  const zone = element("div", { class: "poetas-drop" }, asking, words, going, input);
  el.append(zone);

  let file = null,
    turn = 0,
    waiting = 0;
  function show(text, busy) {
    words.textContent = text;
    going.hidden = !busy;
    asking.hidden = busy;
    zone.classList.toggle("busy", busy);
  }
  function take(chosen) {
    if (file || !chosen) return;
    if (chosen.size > limit) {
      const values = { name: chosen.name, size: bytes(chosen.size), limit: bytes(limit) };
      show(
        texts.large.replace(/\{(\w+)\}/g, (_all, key) => values[key]),
        false,
      );
      return;
    }
    file = chosen;
    draw(0);
    announce();
    cancel.focus();
  }
  function announce() {
    turn = Date.now() + Math.random();
    model.send({ type: "begin", turn, name: file.name, size: file.size });
    expect();
  }
  function expect() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      show(texts.silent, true);
      announce();
    }, SILENCE);
  }
  function draw(offset) {
    const share = file.size ? offset / file.size : 0;
    bar.value = share;
    const values = { name: file.name, percent: String(Math.floor(share * 100)) };
    const text = texts.going.replace(/\{(\w+)\}/g, (_all, key) => values[key]);
    bar.setAttribute("aria-label", text);
    show(text, true);
  }
  function end(text) {
    const mine = going.contains(document.activeElement);
    file = null;
    clearTimeout(waiting);
    input.value = "";
    show(text, false);
    if (mine) choose.focus();
  }
  async function answer(message) {
    if (!file || message.turn !== turn) return;
    if (message.type === "more") {
      draw(message.offset);
      const sending = file,
        mine = turn;
      let piece;
      try {
        piece = await sending.slice(message.offset, message.offset + message.piece).arrayBuffer();
      } catch (error) {
        model.send({ type: "broken", turn: mine, why: error?.name });
        end("");
        return;
      }
      if (file === sending && turn === mine) {
        model.send({ type: "piece", turn: mine, offset: message.offset }, undefined, [piece]);
        expect();
      }
    } else if (message.type === "here" || message.type === "no") {
      end("");
    }
  }

  choose.addEventListener("click", () => input.click());
  input.addEventListener("change", () => take(input.files[0]));
  cancel.addEventListener("click", () => {
    model.send({ type: "cancel", turn });
    end(texts.cancelled);
  });

  // A file dropped beside the zone would make the browser leave the page, and everything on it.
  const files = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  let depth = 0;
  function over(event) {
    if (files(event)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = zone.contains(event.target) ? "copy" : "none";
    }
  }
  function missed(event) {
    if (files(event)) event.preventDefault();
  }
  window.addEventListener("dragover", over);
  window.addEventListener("drop", missed);
  zone.addEventListener("dragenter", (event) => {
    if (files(event)) {
      depth += 1;
      zone.classList.add("over");
    }
  });
  zone.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    depth = 0;
    zone.classList.remove("over");
    if (!files(event)) return;
    event.preventDefault();
    const item = event.dataTransfer.items?.[0];
    const entry = item?.webkitGetAsEntry?.();
    const dropped = event.dataTransfer.files;
    if (file) return;
    if (dropped.length > 1) show(texts.several.replace("{n}", dropped.length.toLocaleString("es-AR")), false);
    else if (entry?.isDirectory) show(texts.folder, false);
    else take(dropped[0]);
  });

  model.on("msg:custom", answer);
  model.send({ type: "here" });
  return () => {
    clearTimeout(waiting);
    if (file) model.send({ type: "cancel", turn });
    model.off("msg:custom", answer);
    window.removeEventListener("dragover", over);
    window.removeEventListener("drop", missed);
  };
}

export default { render };
