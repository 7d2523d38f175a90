// The pure functions of the prompt for a bet.

import assert from "node:assert/strict";
import { test } from "node:test";
import { optionOf, pathOf } from "../../widgets/controls/bet_prompt/bet_prompt.js";

test("a number key stands for the option in that place, and no other key for any", () => {
  const options = [{ key: "falls" }, { key: "rises" }];
  assert.equal(optionOf("1", options).key, "falls");
  assert.equal(optionOf("2", options).key, "rises");
  for (const key of ["3", "0", "Enter", "12", "a"]) assert.equal(optionOf(key, options), undefined);
});

test("a sketch that falls goes down on the page", () => {
  assert.equal(
    pathOf([
      [0, 90],
      [100, 20],
    ]),
    "M0 10 L100 80",
  );
});
