// Where a glossary note goes, and when it opens and closes: `npm test`.

import assert from "node:assert/strict";
import { test } from "node:test";

const page = "../../share/jupyter/voila/templates/poetas/static/page";
const { lineAt, nextMode, notePlace } = await import(`${page}/glossary.js`);

test("a note that passes by goes with pointer and focus, one that was pressed stays until it is closed", () => {
  assert.equal(nextMode("closed", "reach"), "passing");
  assert.equal(nextMode("passing", "leave"), "closed");
  assert.equal(nextMode("passing", "press"), "kept", "a click does not close what hovering has opened");
  assert.equal(nextMode("closed", "press"), "kept");
  assert.equal(nextMode("kept", "reach"), "kept");
  assert.equal(nextMode("kept", "leave"), "kept");
  assert.equal(nextMode("kept", "press"), "closed");
  for (const mode of ["closed", "passing", "kept"]) {
    assert.equal(nextMode(mode, "dismiss"), "closed", mode);
  }
});

const inside = ({ left, top }, note, view) =>
  left >= 0 && top >= 0 && left + note.width <= view.width && top + note.height <= view.height;

test("a note is below its word, above it where there is no room, and never outside the window", () => {
  const note = { width: 328, height: 180 };
  const phone = { width: 360, height: 740 };
  assert.deepEqual(notePlace({ left: 40, top: 100, bottom: 120 }, note, { width: 1100, height: 800 }), {
    left: 40,
    top: 126,
  });
  assert.equal(notePlace({ left: 40, top: 700, bottom: 720 }, note, phone).top, 700 - 6 - 180);
  for (const left of [-20, 0, 40, 340]) {
    for (const top of [-10, 0, 200, 560, 735]) {
      assert.ok(inside(notePlace({ left, top, bottom: top + 20 }, note, phone), note, phone), `${left}, ${top}`);
    }
  }
  const low = { width: 740, height: 200 };
  const wide = { width: 440, height: 160 };
  assert.ok(
    inside(notePlace({ left: 700, top: 90, bottom: 110 }, wide, low), wide, low),
    "room neither above nor below",
  );
});

test("of a word that breaks over two lines, the line under the pointer counts", () => {
  const lines = [
    { left: 300, top: 10, bottom: 30 },
    { left: 16, top: 34, bottom: 54 },
  ];
  assert.equal(lineAt(lines, 40), lines[1]);
  assert.equal(lineAt(lines, 12), lines[0]);
  assert.equal(lineAt(lines, Number.NaN), lines[0]);
});
