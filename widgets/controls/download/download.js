// The page's side of a download: asks for the file piece by piece, then saves it under its name.
function render({ model, el }) {
  const texts = model.get("texts");
  const button = document.createElement("button");
  button.type = "button";
  button.className = model.get("primary") ? "btn" : "btn quiet";
  const words = document.createElement("span");
  words.className = "soft small";
  words.setAttribute("role", "status");
  const row = document.createElement("div");
  row.className = "row";
  row.append(button, words);
  el.append(row);

  let pieces = null,
    name = "",
    size = 0,
    received = 0;
  function draw() {
    button.textContent = model.get("label");
    button.disabled = model.get("disabled") || pieces !== null;
  }
  function save() {
    const address = URL.createObjectURL(new Blob(pieces, { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }
  function answer(message, buffers) {
    if (pieces === null) return;
    if (message.type === "ready") {
      name = message.name;
      size = message.size;
      model.send({ type: "want", offset: 0 });
    } else if (message.type === "piece" && message.offset === received) {
      const piece = buffers[0];
      // Only the piece: the buffer behind it may hold the whole message.
      pieces.push(new Uint8Array(piece.buffer || piece, piece.byteOffset || 0, piece.byteLength).slice());
      received += piece.byteLength;
      words.textContent = texts.going.replace("{percent}", String(size ? Math.floor((100 * received) / size) : 100));
      if (message.last) {
        save();
        pieces = null;
        words.textContent = texts.done;
        draw();
      } else {
        model.send({ type: "want", offset: received });
      }
    } else if (message.type === "stop") {
      pieces = null;
      words.textContent = "";
      draw();
    }
  }
  button.addEventListener("click", () => {
    pieces = [];
    received = 0;
    words.textContent = texts.making;
    draw();
    model.send({ type: "make" });
  });
  model.on("msg:custom", answer);
  model.on("change:label change:disabled", draw);
  draw();
  return () => {
    model.off("msg:custom", answer);
    model.off("change:label change:disabled", draw);
  };
}

export default { render };
