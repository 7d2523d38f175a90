// An upload that gets no answer says so, and announces its file again: `npm test`.

import assert from "node:assert/strict";
import { test } from "node:test";

class Element {
  constructor() {
    Object.assign(this, { listeners: {}, files: [], textContent: "", classList: { toggle() {} } });
  }
  setAttribute() {}
  append() {}
  focus() {}
  contains() {}
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }
}

const TEXTS = { bytes: "1000", going: "Copiando {name}: {percent} %", silent: "No avanza.", cancelled: "Cancelado." };

function upload(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const made = [];
  globalThis.document = {
    createElement(name) {
      made.push(Object.assign(new Element(), { name }));
      return made.at(-1);
    },
  };
  globalThis.window = new Element();
  const model = {
    sent: [],
    get: (name) => (name === "texts" ? TEXTS : []),
    send: (message) => model.sent.push(message),
    on: (_name, listener) => Object.assign(model, { answer: listener }),
    off() {},
  };
  const part = (name) => made.find((element) => element.name === name);
  return { model, part, said: () => made.findLast((element) => element.name === "p").textContent };
}

test("a file whose announcement gets no answer is announced again, and an answer to the first no longer counts", async (t) => {
  const { default: component } = await import("../../widgets/controls/upload/upload.js");
  const { model, part, said } = upload(t);
  component.render({ model, el: new Element() });
  const input = part("input");
  input.files = [{ name: "a.txt", size: 4, slice: () => ({ arrayBuffer: async () => "hola" }) }];
  input.listeners.change();
  assert.equal(said(), "Copiando a.txt: 0 %");
  t.mock.timers.tick(19_999);
  assert.equal(said(), "Copiando a.txt: 0 %");
  t.mock.timers.tick(1);
  assert.equal(said(), TEXTS.silent);
  const [first, second] = model.sent.filter(({ type }) => type === "begin");
  assert.notEqual(first.turn, second.turn);
  await model.answer({ type: "more", turn: first.turn, offset: 0, piece: 4 });
  assert.equal(said(), TEXTS.silent);
  await model.answer({ type: "more", turn: second.turn, offset: 0, piece: 4 });
  assert.equal(model.sent.at(-1).type, "piece");
  await model.answer({ type: "here", turn: second.turn });
  t.mock.timers.tick(60_000);
  assert.equal(model.sent.filter(({ type }) => type === "begin").length, 2, "nothing is announced once it is here");
});
