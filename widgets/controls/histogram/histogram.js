// A histogram with a cut line that can be dragged. The kernel sends bins; a drag sends back the line's length. While it is dragged, line and
// colours follow the pointer at once, on the axis that stands; the kernel's own moves wait until it is let go.
const MARGIN = { top: 52, right: 14, bottom: 54, left: 52 };
const HEIGHT = 290;
const SVG = "http://www.w3.org/2000/svg";

export function positionOf(value, axis, width) {
  const share = (value - axis.first) / (axis.last - axis.first);
  return MARGIN.left + Math.max(0, Math.min(1, share)) * (width - MARGIN.left - MARGIN.right);
}

// The length at a place across the picture, within what the line may reach.
export function valueAt(x, axis, width) {
  const share = (x - MARGIN.left) / Math.max(1, width - MARGIN.left - MARGIN.right);
  const value = Math.round(axis.first + share * (axis.last - axis.first) - 0.5);
  return Math.max(axis.lowest, Math.min(axis.longest, value));
}

// Where the line stands: beyond all bars where every text is read whole.
export function lineAt(cut, axis) {
  return cut >= axis.longest ? axis.last : cut + 0.5;
}

// Whether most of a bin, and so its bar, lies on the side of the line that is read.
export function isKept(left, right, line) {
  return (left + right) / 2 <= line;
}

function draw(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (parent) parent.append(node);
  return node;
}

function label(text, attributes, parent) {
  const node = draw("text", attributes, parent);
  node.textContent = text;
  return node;
}

function render({ model, el }) {
  const svg = draw("svg", { role: "img", class: "poetas-histogram-picture", height: HEIGHT });
  el.append(svg);
  let bars = [];
  let line = null;
  let axis = null;
  let width = 0;
  let cut = model.get("cut");
  let dragging = false;
  let frame = 0;

  function build() {
    width = Math.max(220, svg.clientWidth || el.clientWidth || 640);
    axis = model.get("axis");
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    svg.setAttribute("aria-label", model.get("spoken"));
    svg.replaceChildren();
    const floor = HEIGHT - MARGIN.bottom;
    const up = (count) => floor - (count / axis.top) * (floor - MARGIN.top);
    for (const [count, text] of axis.up) {
      draw("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: up(count), y2: up(count), class: "grid" }, svg);
      label(text, { x: MARGIN.left - 8, y: up(count) + 5, "text-anchor": "end" }, svg);
    }
    const wide = width < 480 ? 2 : 1; // on a phone every second tick
    for (const [index, [value, text]] of axis.across.entries())
      if (index % wide === 0)
        label(text, { x: positionOf(value, axis, width), y: floor + 20, "text-anchor": "middle" }, svg);
    label(model.get("unit"), { x: width - MARGIN.right, y: HEIGHT - 8, "text-anchor": "end", class: "unit" }, svg);
    label(model.get("counted"), { x: MARGIN.left - 8, y: 14, "text-anchor": "start", class: "unit" }, svg);
    bars = model.get("bars").map(([left, right, count]) => {
      const [x1, x2] = [positionOf(left, axis, width), positionOf(right, axis, width)];
      const gap = Math.min(1, (x2 - x1) / 8);
      const size = { x: x1 + gap, width: Math.max(1, x2 - x1 - 2 * gap), y: up(count), height: floor - up(count) };
      return { left, right, node: draw("rect", size, svg) };
    });
    line = draw("g", { class: "limit" }, svg);
    draw("rect", { x: -22, y: 0, width: 44, height: floor, class: "reach" }, line);
    draw("line", { x1: 0, x2: 0, y1: MARGIN.top - 8, y2: floor }, line);
    draw("circle", { cx: 0, cy: (MARGIN.top + floor) / 2, r: 11 }, line);
    draw(
      "path",
      { d: `M-3 ${(MARGIN.top + floor) / 2 - 4}l-4 4l4 4M3 ${(MARGIN.top + floor) / 2 - 4}l4 4l-4 4` },
      line,
    );
    label(model.get("line"), { y: MARGIN.top - 14 }, line);
    move();
  }

  // Only attributes change: a move takes less than a frame.
  function move() {
    if (!line) return;
    const length = lineAt(cut, axis);
    const x = positionOf(length, axis, width);
    line.setAttribute("transform", `translate(${x} 0)`);
    line.lastChild.setAttribute("text-anchor", x > width / 2 ? "end" : "start");
    for (const bar of bars) bar.node.setAttribute("class", isKept(bar.left, bar.right, length) ? "kept" : "beyond");
  }

  function follow(event) {
    const box = svg.getBoundingClientRect();
    const value = valueAt(((event.clientX - box.left) / box.width) * width, axis, width);
    if (value === cut) return;
    cut = value;
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      move();
      model.set("cut", cut);
      model.save_changes();
    });
  }
  svg.addEventListener("pointerdown", (event) => {
    if (event.button || !axis || !model.get("movable")) return;
    dragging = true;
    svg.setPointerCapture(event.pointerId);
    svg.classList.add("dragging");
    follow(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (dragging) follow(event);
  });
  const release = () => {
    dragging = false;
    svg.classList.remove("dragging");
  };
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", release);

  const moved = () => {
    if (dragging) return;
    cut = model.get("cut");
    move();
  };
  const resized = new ResizeObserver(() => {
    if (svg.clientWidth && Math.abs(svg.clientWidth - width) > 1) build();
  });
  resized.observe(el);
  model.on("change:bars change:axis", build);
  model.on("change:cut", moved);
  build();
  return () => {
    resized.disconnect();
    cancelAnimationFrame(frame);
    model.off("change:bars change:axis", build);
    model.off("change:cut", moved);
  };
}

export default { render };
