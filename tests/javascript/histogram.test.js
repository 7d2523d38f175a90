// The pure functions of the histogram with a line that can be dragged.

import assert from "node:assert/strict";
import { test } from "node:test";

const { isKept, positionOf, valueAt } = await import("../../widgets/controls/histogram/histogram.js");

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

test("a bar is on the side of the line where most of it lies", () => {
  assert.ok(isKept(0, 10, 5));
  assert.ok(!isKept(0, 10, 4));
  assert.ok(isKept(5, 6, 5), "a bin of one length that is read whole");
});
