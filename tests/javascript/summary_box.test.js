// What the box of a summary sends, and when: `npm test`.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import summaryBox from "../../widgets/prepare/pair_writer/summary_box.js";

// A page of three elements, and a kernel that holds one text.
function page(value = "") {
  const elements = [];
  globalThis.addEventListener = globalThis.removeEventListener = () => {};
  globalThis.document = {
    createElement(name) {
      const element = { name, handlers: {}, value: "", setAttribute() {}, focus() {} };
      element.addEventListener = (kind, handler) => {
        element.handlers[kind] = handler;
      };
      elements.push(element);
      return element;
    },
  };
  const sent = [],
    handlers = {},
    state = { index: 4, value, ready: value !== "", texts: { label: "Tu resumen", hint: "", placeholder: "" } };
  const model = {
    get: (name) => state[name],
    send: (message) => sent.push(message),
    on: (name, handler) => {
      handlers[name] = handler;
    },
    off() {},
  };
  const leave = summaryBox.render({ model, el: { append() {} } });
  const box = elements.find((element) => element.name === "textarea");
  const key = (more) => box.handlers.keydown({ key: "Enter", ctrlKey: true, preventDefault() {}, ...more });
  const type = (text) => {
    box.value = text;
    box.handlers.input();
  };
  return { box, key, leave, sent, type, show: (message) => handlers["msg:custom"](message) };
}

test("what is typed is sent once, a moment after the last key", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sent, type, leave } = page();
  type("El r");
  type("El río");
  mock.timers.tick(399);
  assert.deepEqual(sent, []);
  mock.timers.tick(1);
  assert.deepEqual(sent, [{ type: "write", index: 4, text: "El río" }]);
  leave();
  assert.equal(sent.length, 1);
  mock.timers.reset();
});

test("nothing is typed before the first text is there", () => {
  const { box, show } = page();
  assert.equal(box.readOnly, true);
  show({ type: "show", text: "", focus: false });
  assert.equal(box.readOnly, false);
});

test("a page that closes sends what was typed last", () => {
  const { sent, type, leave } = page("El");
  type("El río creció");
  leave();
  assert.deepEqual(sent, [{ type: "write", index: 4, text: "El río creció" }]);
});

test("keys move to another text after what was typed is sent, and nothing is typed in between", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { box, key, sent, show, type } = page("El");
  type("El río");
  key({});
  key({}); // held down
  assert.deepEqual(sent, [
    { type: "write", index: 4, text: "El río" },
    { type: "go", step: 1 },
  ]);
  assert.equal(box.readOnly, true);
  show({ type: "show", text: "Otro", focus: true });
  assert.equal(box.readOnly, false);
  assert.equal(box.value, "Otro");
  key({ shiftKey: true });
  assert.deepEqual(sent.at(-1), { type: "go", step: -1 });
  mock.timers.tick(3000); // no answer: the box is not shut for ever
  assert.equal(box.readOnly, false);
  key({ ctrlKey: false });
  assert.equal(sent.length, 3);
  mock.timers.reset();
});
