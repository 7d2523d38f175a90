// The pure functions of the histogram with a line that can be dragged.

import assert from "node:assert/strict";
import { test } from "node:test";

const {
  default: histogram,
  isKept,
  lineAt,
  positionOf,
  valueAt,
} = await import("../../widgets/controls/histogram/histogram.js");

const axis = { first: 0, last: 1000, lowest: 4, longest: 980 };

test("a place across the picture is the length that is drawn there", () => {
  for (const width of [320, 860]) {
    for (const value of [4, 64, 512, 980])
      assert.equal(valueAt(positionOf(value + 0.5, axis, width), axis, width), value);
  }
});

test("the line stays within what it may reach", () => {
  assert.equal(valueAt(-50, axis, 860), 4);
  assert.equal(valueAt(5000, axis, 860), 980);
  assert.equal(positionOf(-9, axis, 860), positionOf(0, axis, 860));
  assert.equal(positionOf(9000, axis, 860), positionOf(1000, axis, 860));
});

test("the line is beyond every bar where all texts are read whole", () => {
  const longest = { first: 0, last: 1000, lowest: 4, longest: 980 };
  assert.equal(lineAt(980, longest), 1000);
  assert.equal(lineAt(979, longest), 979.5);
  assert.ok(isKept(975, 1000, lineAt(980, longest)));
});

test("a bar is on the side of the line where most of it lies", () => {
  assert.ok(isKept(0, 10, lineAt(5, axis)));
  assert.ok(!isKept(0, 10, lineAt(4, axis)));
  assert.ok(isKept(5, 6, lineAt(5, axis)), "a bin of one length that is read whole");
});

class Node {
  constructor(name) {
    Object.assign(this, { name, attributes: {}, children: [], listeners: {}, clientWidth: 860 });
    this.classList = { add() {}, remove() {} };
  }
  get lastChild() {
    return this.children.at(-1);
  }
  append(...nodes) {
    this.children.push(...nodes);
  }
  replaceChildren(...nodes) {
    this.children = nodes;
  }
  setAttribute(key, value) {
    this.attributes[key] = String(value);
  }
  addEventListener(kind, listener) {
    this.listeners[kind] = listener;
  }
  setPointerCapture() {}
  getBoundingClientRect() {
    return { left: 0, width: 860 };
  }
}

test("a drag moves line and colours at once, tells the kernel once a frame, and ignores the kernel's moves until it ends", () => {
  const frames = [];
  globalThis.document = { createElementNS: (_space, name) => new Node(name) };
  globalThis.ResizeObserver = class {
    observe() {}
    disconnect() {}
  };
  globalThis.requestAnimationFrame = (run) => frames.push(run);
  globalThis.cancelAnimationFrame = () => {};
  const values = {
    ...{ cut: 900, unit: "tokens", counted: "textos", line: "acá", spoken: "", movable: true },
    axis: { ...axis, top: 4, across: [[0, "0"]], up: [[4, "4"]] },
    bars: Array.from({ length: 10 }, (_value, index) => [100 * index, 100 * (index + 1), 1]),
  };
  const sent = [];
  const heard = {};
  const model = {
    get: (key) => values[key],
    set: (key, value) => (values[key] = value),
    save_changes: () => sent.push(values.cut),
    on: (kinds, run) => (heard[kinds] = run),
    off() {},
  };
  const el = new Node("div");
  histogram.render({ model, el });
  const [svg] = el.children;
  const kept = () => svg.children.filter((node) => node.attributes.class === "kept").length;
  assert.equal(kept(), 9);
  const pointer = (value) => ({ clientX: positionOf(value + 0.5, axis, 860), button: 0, pointerId: 1 });
  svg.listeners.pointerdown(pointer(700));
  svg.listeners.pointermove(pointer(500));
  svg.listeners.pointermove(pointer(300));
  assert.equal(frames.length, 1, "one frame draws the newest place");
  frames.pop()();
  assert.equal(kept(), 3);
  assert.deepEqual(sent, [300]);
  values.cut = 800;
  heard["change:cut"]();
  assert.equal(kept(), 3, "an answer to an earlier place does not pull the line back");
  svg.listeners.pointerup({});
  heard["change:cut"]();
  assert.equal(kept(), 8);
});
