// What the game «¿Qué sigue?» shows, and its score: `npm test`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hits, view } from "../../widgets/explore/next_word_game/next_word_board.js";

test("a choice shows its bets until the learner goes on; the game goes on where it was left, and ends", () => {
  assert.deepEqual(view([], 3, false), { round: 0, chosen: null });
  assert.deepEqual(view([2], 3, true), { round: 0, chosen: 2 });
  assert.deepEqual(view([2], 3, false), { round: 1, chosen: null });
  assert.deepEqual(view([2, 0, 1], 3, true), { round: 2, chosen: 1 });
  assert.deepEqual(view([2, 0, 1], 3, false), { round: null, chosen: null });
});

test("the score counts the rounds in which the favourite was chosen", () => {
  const rounds = [0, 1, 0].map((favourite) => ({ options: [0, 1].map((index) => ({ hit: index === favourite })) }));
  assert.equal(hits(rounds, [0, 0, 0]), 2);
  assert.equal(hits(rounds, [1]), 0);
});
