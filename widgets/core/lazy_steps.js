// Says that the page shows something, after the browser has had its turn to draw it. A timer, not a frame: a page in
// a tab behind another draws no frames.
function render({ model, el }) {
  el.hidden = true;
  setTimeout(() => model.send({ kind: "seen" }), 0);
}

export default { render };
