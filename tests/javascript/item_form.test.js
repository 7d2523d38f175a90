// What the form of items says of an answered option, and which feedback waits behind its fold: `npm test`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { feedbackOf, firstOpen, folded } from "../../widgets/core/item_form.js";

const TEXTS = { right: "Es esta.", wrong: "Esta no." };
const option = (values) => ({ text: "Una", feedback: "", right: null, shown: false, ...values });

test("an answered option says in words whether it is right, whatever its colour", () => {
  assert.equal(feedbackOf(option({ feedback: "Reparte.", right: true }), TEXTS), "Es esta. Reparte.");
  assert.equal(feedbackOf(option({ feedback: "No busca.", right: false }), TEXTS), "Esta no. No busca.");
  assert.equal(feedbackOf(option({}), TEXTS), "");
});

test("only what is explained and not in sight waits behind the fold", () => {
  const seen = option({ feedback: "a", right: true, shown: true });
  const waiting = option({ feedback: "b", right: false });
  assert.deepEqual(folded([seen, waiting, option({})]), [waiting]);
});

test("a form that is opened again goes on with the first question without an answer", () => {
  const row = (chosen) => ({ options: [option({}), option({ chosen })] });
  assert.equal(firstOpen([row(true), row(false), row(true)]), 1);
  assert.equal(firstOpen([row(true), row(true)]), 1);
});
