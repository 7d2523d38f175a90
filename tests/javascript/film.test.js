// Which page of a training's film is shown: `npm test`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { frameAt, hung, placeAfter } from "../../widgets/train/sample_history/sample_history.js";

test("a text stands as it was last written, and is not there before", () => {
  const frames = [{ step: 4 }, { step: 8 }];
  assert.equal(frameAt(frames, 0), null);
  assert.equal(frameAt(frames, 7).step, 4);
  assert.equal(frameAt(frames, 8).step, 8);
});

test("a new measure is shown at once, unless an earlier one is being looked at", () => {
  assert.equal(placeAfter(2, 3, 4), 3);
  assert.equal(placeAfter(1, 3, 4), 1);
  assert.equal(placeAfter(-1, 0, 1), 0);
  assert.equal(placeAfter(3, 4, 2), 1); // resumed: what lay beyond the checkpoint is gone
});

test("each line of verse but a text's first begins with a mark, and prose keeps its own breaks", () => {
  globalThis.document = { createElement: (name) => ({ name }) };
  const names = (text, verse) =>
    hung(text, verse, (line) => `[${line}]`).map((part) => part.className || part.name || part);
  assert.deepEqual(names("Ay, mi río,\nmanso.", true), ["[Ay, mi río,]", "br", "line-start", "[manso.]"]);
  assert.deepEqual(names("manso.\n", true), ["[manso.]", "br", "line-start"]); // what goes on begins there
  assert.deepEqual(names("Un párrafo.\nOtro.", false), ["[Un párrafo.\nOtro.]"]);
});
