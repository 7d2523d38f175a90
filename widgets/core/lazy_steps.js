// Reports that the page shows a widget, once the browser has drawn it. With a timer, because a page in a background tab
// gets no animation frames.
function render({ model, el }) {
  el.hidden = true;
  setTimeout(() => model.send({ kind: "seen" }), 0);
}

export default { render };
