// The page's pure functions, by node's own test runner: `npm test`.

import assert from "node:assert/strict";
import { test } from "node:test";

const modules = "../../share/jupyter/voila/templates/poetas/static/page";
const { codeAddress, folderOf, sameOrigin, withParameters } = await import(`${modules}/addresses.js`);
const { fragmentOf } = await import(`${modules}/arrival.js`);
const { isFoldedAway, isStrayClick } = await import(`${modules}/clicks.js`);
const { isIncomplete } = await import(`${modules}/completeness.js`);
const { answerOf, isBlocked, lossOf, shouldAsk } = await import(`${modules}/connection.js`);
const { parseJson } = await import(`${modules}/dom.js`);
const { parseState, stepsDone } = await import(`${modules}/header.js`);
const { stepInView, stepTitle, stepToResume } = await import(`${modules}/steps.js`);
const { target } = await import("../../widgets/core/project_menu.js");

const here = "http://127.0.0.1:8866/voila/render/curso/1_conocer.ipynb?token=secreto&sesion=abc";

test("a link carries the page's parameters and never its token", () => {
  assert.equal(withParameters("2_preparar.ipynb", here).search, "?sesion=abc");
  assert.equal(withParameters("2.ipynb?sesion=otra&a=b", here).search, "?sesion=abc&a=b");
  assert.ok(!withParameters("/", here).href.includes("secreto"));
});

test("the folder of a notebook is found in its path", () => {
  assert.equal(folderOf("/voila/render/curso/1_conocer.ipynb"), "curso/");
  assert.equal(folderOf("/voila/render/1_conocer.ipynb"), "");
  assert.equal(folderOf("/voila/tree/"), "");
});

test("only addresses of the page's own origin are linked to", () => {
  assert.equal(sameOrigin("/lab/tree/x", here), "http://127.0.0.1:8866/lab/tree/x");
  for (const foreign of ["https://otro.example/lab", "//otro.example", "javascript:alert(1)", "http://"]) {
    assert.equal(sameOrigin(foreign, here), "", foreign);
  }
});

test("a folder of code gets the page's notebook", () => {
  assert.equal(codeAddress("/lab/tree/", here), "http://127.0.0.1:8866/lab/tree/curso/1_conocer.ipynb");
  assert.equal(codeAddress("/lab/tree/otro.ipynb", here), "http://127.0.0.1:8866/lab/tree/otro.ipynb");
  assert.equal(codeAddress("", here), "");
});

test("a broken fragment leads nowhere", () => {
  assert.equal(fragmentOf("#qu%C3%A9"), "qué");
  assert.equal(fragmentOf("#%E0%A4%A"), "");
  assert.equal(fragmentOf(""), "");
});

test("a window follows a step that its click folded away, not a learner who went elsewhere", () => {
  assert.ok(isFoldedAway(true, false, 300));
  assert.equal(isFoldedAway(false, false, 300), false, "it is in sight");
  assert.equal(isFoldedAway(true, true, 300), false, "the window went to what was begun");
  assert.equal(isFoldedAway(true, false, 5000), false, "the learner went there");
});

test("the second click of a double one counts only for the control of the first", () => {
  const list = {};
  const button = { isConnected: true, parentElement: list };
  const other = { isConnected: true, parentElement: {} };
  const replaced = { isConnected: false, parentElement: null };
  assert.equal(isStrayClick(1, other, button, list), false);
  assert.equal(isStrayClick(2, button, button, list), false);
  assert.ok(isStrayClick(2, other, button, list));
  assert.ok(isStrayClick(2, null, button, list));
  assert.equal(isStrayClick(2, button, replaced, list), false, "a redrawn button of the same list");
  assert.ok(isStrayClick(2, other, replaced, list));
});

test("a page is incomplete where a widget is missing or a cell was cut off", () => {
  assert.equal(isIncomplete({ widgets: 7, cut: 0 }, 7), false);
  assert.equal(isIncomplete({ widgets: 7, cut: 0 }, 6), true);
  assert.equal(isIncomplete({ widgets: 7, cut: 1 }, 7), true);
  assert.equal(isIncomplete(undefined, 0), false, "a page without a kernel");
});

test("an open socket is asked about seldom, anything in doubt at each beat", () => {
  const calm = { misses: 0, waiting: 0, socket: "open", sinceAsked: 2000 };
  assert.equal(shouldAsk(calm), false);
  for (const doubt of [{ misses: 1 }, { waiting: 1 }, { socket: "closed" }, { socket: "" }, { sinceAsked: 5500 }]) {
    assert.equal(shouldAsk({ ...calm, ...doubt }), true, JSON.stringify(doubt));
  }
});

test("an answer tells a lost kernel from a lost server", () => {
  assert.equal(answerOf({ ok: true, status: 200 }), "here");
  assert.equal(answerOf({ ok: false, status: 404 }), "other");
  assert.equal(answerOf({ ok: false, status: 502 }), "gone");
});

test("two unanswered questions are a loss, and a silence where the socket is open", () => {
  assert.equal(lossOf({ answer: "here", misses: 0, socket: "closed" }), "");
  assert.equal(lossOf({ answer: "gone", misses: 1, socket: "closed" }), "");
  assert.equal(lossOf({ answer: "gone", misses: 2, socket: "closed" }), "lost");
  assert.equal(lossOf({ answer: "gone", misses: 2, socket: "open" }), "silent");
  assert.equal(lossOf({ answer: "other", misses: 0, socket: "open" }), "lost");
});

test("a page whose sockets carry nothing any more says so, and that it is lost where Jupyter gave up", () => {
  const lost = { answer: "here", misses: 0, socket: "closed", blocked: true };
  assert.equal(lossOf({ ...lost, refused: 2 }), "silent");
  assert.equal(lossOf({ ...lost, refused: 6 }), "silent");
  assert.equal(lossOf({ ...lost, refused: 7 }), "lost");
});

test("WebSockets are blocked after two refusals, where the server knows of none, or after a long wait", () => {
  const waiting = { refused: 0, waited: 500, upgraded: false, connections: 0, answeredIn: 20, quickest: 10 };
  assert.equal(isBlocked(waiting), false);
  assert.equal(isBlocked({ ...waiting, refused: 1 }), false);
  assert.equal(isBlocked({ ...waiting, refused: 2 }), true);
  assert.equal(isBlocked({ ...waiting, upgraded: true }), true, "a proxy opened it");
  assert.equal(isBlocked({ ...waiting, upgraded: true, connections: 1 }), false);
  assert.equal(isBlocked({ ...waiting, upgraded: true, connections: undefined }), false, "a server that counts none");
  assert.equal(isBlocked({ ...waiting, waited: 5900 }), false);
  assert.equal(isBlocked({ ...waiting, waited: 6000 }), true);
  assert.equal(isBlocked({ ...waiting, waited: null }), false, "not tried yet");
  assert.equal(isBlocked({ ...waiting, waited: 60_000, answeredIn: 1500 }), false, "a busy server");
  const slow = { ...waiting, answeredIn: 2100, quickest: 1500 };
  assert.equal(isBlocked({ ...slow, waited: 7000 }), false, "a slow network takes longer");
  assert.equal(isBlocked({ ...slow, waited: 7500 }), true);
});

test("a state that is no JSON object is ignored", () => {
  assert.deepEqual(parseState('{"done": ["a"]}'), { done: ["a"] });
  for (const broken of ["", "{", "null", "3", '"x"', "[1]"]) {
    assert.equal(parseState(broken), null, broken);
  }
  assert.deepEqual(stepsDone({ done: ["a", 2] }), new Set(["a", "2"]));
  assert.deepEqual(stepsDone({ done: "a" }), new Set());
  assert.equal(parseJson(undefined, 7), 7);
});

test("the step being read is the last above the line, and the last one at the end of the page", () => {
  assert.equal(stepInView([-500, 100, 900], 300, false), 1);
  assert.equal(stepInView([400, 900], 300, false), 0, "before the first step");
  assert.equal(stepInView([-500, 100, 900], 300, true), 2);
});

test("the title of a step on a phone", () => {
  assert.equal(stepTitle(2, 9, "Jugar al azar"), "Paso 3 de 9 · Jugar al azar");
  assert.equal(stepTitle(-1, 9, "Para seguir"), "Para seguir");
});

test("the keys of the project menu", () => {
  assert.equal(target("ArrowDown", 3, 4), 0);
  assert.equal(target("ArrowUp", 0, 4), 3);
  assert.equal(target("ArrowDown", -1, 4), 0);
  assert.equal(target("End", 0, 4), 3);
  assert.equal(target("Home", 2, 4), 0);
  assert.equal(target("x", 2, 4), null);
});

test("a page that is opened again goes on after the last finished step", () => {
  const names = ["jugar", "modelo", "azar", "fin"];
  assert.equal(stepToResume(names, new Set(["modelo"])), "azar", "what was passed over stays so");
  assert.equal(stepToResume(names, new Set(["jugar", "azar"])), "fin");
  assert.equal(stepToResume(names, new Set()), null, "a first visit begins at the beginning");
  assert.equal(stepToResume(names, new Set(["fin"])), null);
  assert.equal(stepToResume(names, new Set(["otra"])), null);
});
