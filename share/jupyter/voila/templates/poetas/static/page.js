// The page around an app: header and steps follow what the kernel says, a lost connection is told, and what
// JupyterLab leaves behind is made accessible. No framework; texts of the learner only ever through textContent.
(function () {
  "use strict";
  var texts = {};
  try { texts = JSON.parse(document.getElementById("poetas-texts").textContent); } catch (error) { texts = {}; }
  function t(text) { return texts[text] || text; }
  function all(selector, root) { return Array.from((root || document).querySelectorAll(selector)); }
  function one(selector, root) { return (root || document).querySelector(selector); }
  // The browser styles a part anew with each attribute that is written, also where it says what it said.
  function put(part, name, value) { if (part.getAttribute(name) !== value) { part.setAttribute(name, value); } }

  // ---- Addresses: the class server's code and the like travel along; the token does not.
  var here = new URL(location.href);
  all(".apps a, [data-brand], .tapa a").forEach(function (link) {
    var goal = new URL(link.getAttribute("href"), here);
    here.searchParams.forEach(function (value, key) { if (key !== "token") { goal.searchParams.set(key, value); } });
    if (link.hasAttribute("data-brand")) {
      var folder = /\/voila\/render\/(.*\/)?[^/]*$/.exec(here.pathname);
      if (folder && folder[1]) { goal.pathname += folder[1]; }
    }
    link.href = goal.href;
  });

  // ---- The state that the kernel shows: <div class="poetas-state" data-state="{...}">
  var done = new Set();
  function slot(name, text) {
    var spot = one('[data-slot="' + name + '"]');
    if (!spot) { return null; }
    spot.hidden = !text;
    var words = one("[data-text]", spot) || spot;
    words.textContent = text || "";
    words.title = text || ""; // where there is no room for all of it
    return spot;
  }
  function safeAddress(text) {
    try {
      var goal = new URL(text, location.href);
      return goal.origin === location.origin ? goal.href : "";
    } catch (error) { return ""; }
  }
  function draw(state) {
    slot("project", String(state.project || ""));
    slot("place", String(state.place || ""));
    var pill = slot("pill", String(state.pill || ""));
    if (pill) { pill.classList.toggle("borrowed", Boolean(state.borrowed)); }
    var code = one('[data-slot="code"]');
    // An address that ends in "/" is a folder: the notebook of this page is in it.
    var target = String(state.code_url || "");
    if (target.endsWith("/")) { target += (/\/voila\/render\/(.*)$/.exec(location.pathname) || ["", ""])[1]; }
    var goal = target ? safeAddress(target) : "";
    if (code) { code.hidden = !goal; if (goal) { code.href = goal; } else { code.removeAttribute("href"); } }
    drawLedger(state);
    done = new Set(Array.isArray(state.done) ? state.done.map(String) : []);
    drawSteps();
  }
  function drawLedger(state) {
    var list = one("[data-ledger]");
    if (!list) { return; }
    var entries = Array.isArray(state.ledger) ? state.ledger : [];
    list.replaceChildren.apply(list, entries.map(function (entry) {
      var row = document.createElement("li");
      var when = document.createElement("span");
      when.className = "when";
      when.textContent = String(entry.when || "");
      var what = document.createElement("span");
      what.textContent = String(entry.what || "");
      row.append(when, " ", what);
      return row;
    }));
    list.hidden = !entries.length;
    one("[data-empty]").hidden = entries.length > 0;
    var refused = Number(state.refused) || 0;
    var told = one("[data-refused]");
    told.hidden = refused < 1;
    told.textContent = refused === 1 ? t("Un programa quiso conectarse y no lo dejamos.")
      : t("{n} veces un programa quiso conectarse y no lo dejamos.").replace("{n}", String(refused));
    all("[data-if]").forEach(function (part) { part.hidden = (part.getAttribute("data-if") === "borrowed") !== Boolean(state.borrowed); });
  }
  var last = null;
  function read() {
    var spots = all(".poetas-state");
    var raw = spots.length ? spots[spots.length - 1].getAttribute("data-state") : null;
    if (!raw || raw === last) { return; }
    last = raw;
    try {
      var state = JSON.parse(raw);
      if (state && typeof state === "object") { draw(state); }
    } catch (error) { console.warn("poetas: the state is not JSON"); }
  }

  // ---- Steps: done comes from the kernel, now is the section in view
  var sections = all("section[data-step]");
  var now = sections.length ? sections[0].id : "";
  function drawSteps() {
    all(".pasos li").forEach(function (item) {
      var name = item.getAttribute("data-step");
      var isNow = name === now, isDone = done.has(name);
      item.classList.toggle("now", isNow);
      item.classList.toggle("done", isDone);
      var link = one("a", item);
      if (isNow) { link.setAttribute("aria-current", "step"); } else { link.removeAttribute("aria-current"); }
      one("[data-state]", item).textContent = isDone ? t(" (hecho)") : isNow ? t(" (estás acá)") : "";
    });
    var place = sections.findIndex(function (section) { return section.id === now; });
    var label = one('.pasos li.now .pasos-texto'), spot = one("[data-now]");
    if (label && spot) { spot.textContent = (place + 1) + " / " + sections.length + " · " + label.textContent; }
    keepInView();
  }
  function keepInView() {
    var strip = one(".pasos ol"), item = one(".pasos li.now");
    if (!strip || !item || strip.scrollWidth <= strip.clientWidth) { return; }
    strip.scrollTo({ left: item.offsetLeft - strip.clientWidth / 2 + item.offsetWidth / 2 });
  }
  function follow() {
    // The step being read is the last one whose top has passed a line a third down the window.
    if (one("#celdas[hidden]")) { return; } // while the page waits, everything is nowhere
    var line = window.innerHeight / 3;
    var found = sections.length ? sections[0].id : "";
    sections.forEach(function (section) { if (section.getBoundingClientRect().top <= line) { found = section.id; } });
    var bottom = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    if (bottom && sections.length && window.scrollY > 0) { found = sections[sections.length - 1].id; }
    if (found !== now) { now = found; drawSteps(); }
  }
  if ("IntersectionObserver" in window) {
    var steps = [];
    for (var share = 0; share <= 20; share++) { steps.push(share / 20); }
    var seen = new IntersectionObserver(follow, { threshold: steps, rootMargin: "-33% 0px -66% 0px" });
    sections.forEach(function (section) { seen.observe(section); });
  }
  window.addEventListener("scrollend", follow);
  window.addEventListener("resize", follow);

  // ---- What JupyterLab leaves behind, made accessible
  function name(section) {
    var title = one("h2", section);
    if (!title || section.hasAttribute("aria-labelledby")) { return; }
    if (!title.id) { title.id = section.id + "-titulo"; }
    section.setAttribute("aria-labelledby", title.id);
  }
  // The handles of ipywidgets' sliders have no name of their own, and their numbers are boxes that nobody told so.
  function nameSlider(slider) {
    var label = one(".widget-label", slider), handles = all(".noUi-handle", slider), number = one(".widget-readout", slider);
    function shown(one) { return one && one.style.display !== "none" && one.textContent.trim(); }
    if (!shown(label)) { // a slider beside a number box shares the box's name
      var pair = slider.closest(".poetas-dial, .row, .widget-hbox");
      label = pair && all(".widget-label", pair).find(shown);
    }
    var text = shown(label) || slider.getAttribute("title") || "";
    if (!text) { return; }
    handles.forEach(function (handle, place) {
      var end = handles.length < 2 ? "" : place ? t(", hasta") : t(", desde");
      if (!handle.hasAttribute("aria-label")) { handle.setAttribute("aria-label", text + end); }
    });
    if (number && number.isContentEditable && !number.hasAttribute("aria-label")) {
      number.setAttribute("role", "textbox");
      number.setAttribute("aria-label", text);
    }
  }
  // A step's text links to the glossary, at the other end of the page. Once that is there, the word opens the same note
  // as a word of `widgets.core.html.gloss`: the browser's own popover, which Enter opens and Escape closes.
  function glosses() {
    all('section[data-step] a[href^="#glosa-"]').forEach(function (link, place) {
      var term = link.getAttribute("href").slice(1), title = document.getElementById(term);
      var meaning = title && title.nextElementSibling;
      if (!meaning) { return; }
      var word = document.createElement("button"), note = document.createElement("span"), head = document.createElement("b");
      note.id = term + "-paso-" + link.closest("section").id + "-" + place;
      note.className = "glosa-nota";
      note.setAttribute("popover", "");
      head.textContent = title.textContent;
      note.append(head, " ");
      meaning.childNodes.forEach(function (part) { note.append(part.cloneNode(true)); });
      word.type = "button";
      word.className = "glosa";
      word.setAttribute("popovertarget", note.id);
      word.append.apply(word, Array.from(link.childNodes));
      var held = document.activeElement === link;
      link.replaceWith(word, note);
      if (held) { word.focus(); }
    });
  }
  function tidy() {
    sections.forEach(name);
    glosses();
    all(".jp-OutputArea-child[tabindex], .jp-OutputArea-output[tabindex], .jp-Cell[tabindex]").forEach(function (part) { part.removeAttribute("tabindex"); });
    all(".widget-slider").forEach(nameSlider);
    all(".widget-toggle-button").forEach(function (button) { put(button, "aria-pressed", String(button.classList.contains("mod-active"))); });
    all(".jp-OutputPrompt, .jp-OutputArea-promptOverlay, .jp-InputPrompt, .anchor-link").forEach(function (part) { part.remove(); });
  }
  var waiting = false;
  // A chart's lines and a job's bar change with each step of a training, and concern nothing of this page: to look at
  // them all the same would take time from the training.
  function ofAChart(record) { return record.target.closest("svg, .widget-hprogress") !== null; }
  function changed(records) {
    if (waiting || records.every(ofAChart)) { return; }
    waiting = true;
    requestAnimationFrame(function () { waiting = false; read(); tidy(); settle(); accompany(); follow(); });
  }
  new MutationObserver(changed)
    .observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state", "class", "hidden", "disabled"] });
  // What a style or a font shows, hides or moves changes no node: it is the page's height that tells.
  new ResizeObserver(changed).observe(document.body);

  // JupyterLab says in English that a widget is on its way: show that without words.
  function isComing(part) {
    return part.firstChild && part.firstChild.nodeType === 3 && part.textContent.indexOf("Loading widget") === 0;
  }
  function veil() {
    all(".jp-OutputArea-output").forEach(function (part) {
      var coming = Boolean(isComing(part));
      if (part.classList.contains("en-camino") !== coming) { part.classList.toggle("en-camino", coming); }
    });
  }

  // ---- Where the learner is. A link to a step waits until the steps are there, and so does the place that was being
  // read before a reload. What a click brings up (a question, a job, an error) is brought into view. All are kept there
  // while what is around them settles, or until the learner does something else.
  var goal = "", below = null, arrived = 0, SOON = 20000, SETTLES = 3000, A_WHILE = 60000, pressed = { at: 0, step: null };
  var PLACE = "poetas-lugar:" + location.pathname;
  try { goal = decodeURIComponent(location.hash.slice(1)); } catch (error) { goal = ""; }
  try { // only this tab keeps it, and only which step it was and how far from the top
    var before = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
    if (performance.getEntriesByType("navigation")[0].type === "reload" && before) { goal = String(before.step); below = Number(before.below) || 0; }
  } catch (error) { below = null; }
  window.addEventListener("pagehide", function () {
    var section = document.getElementById(now);
    if (!section || one("#celdas[hidden]") || !window.scrollY) { return; }
    try { sessionStorage.setItem(PLACE, JSON.stringify({ step: now, below: section.getBoundingClientRect().top })); } catch (error) { return; }
  });
  ["wheel", "touchmove", "keydown", "mousedown"].forEach(function (name) {
    addEventListener(name, function (event) {
      goal = "";
      if (name !== "mousedown" || event.detail < 2) { pressed.step = null; } // a double click is one click to whoever makes it
    }, { passive: true, capture: true });
  });
  function arrive() {
    var spot = goal && document.getElementById(goal);
    if (!spot) { return; }
    arrived = arrived || Date.now();
    if (!spot.matches("section") || Date.now() - arrived > SETTLES) { goal = ""; return; }
    if (below === null) { spot.scrollIntoView({ behavior: "instant" }); } else { window.scrollBy({ top: spot.getBoundingClientRect().top - below, behavior: "instant" }); }
  }
  // A control that goes away, or falls asleep, with its own click takes the focus along: its step keeps it, so that a
  // keyboard goes on from there, and gives it back once the control is awake again.
  var lent = { step: null, control: null, at: 0 };
  ["keydown", "mousedown"].forEach(function (name) { addEventListener(name, function () { lent.step = null; }, true); });
  function lend() {
    if (document.activeElement === document.body && document.contains(pressed.step)) {
      pressed.step.tabIndex = -1;
      pressed.step.focus({ preventScroll: true });
      lent = { step: pressed.step, control: pressed.control, at: Date.now() };
    }
  }
  function giveBack() {
    if (!lent.step || document.activeElement !== lent.step || Date.now() - lent.at > A_WHILE) { lent.step = null; return; }
    if (document.contains(lent.control) && visible(lent.control) && !lent.control.disabled && getComputedStyle(lent.control).visibility === "visible") { lent.control.focus({ preventScroll: true }); }
  }
  // The second click of a double one is meant for the button of the first. Where another control, or nothing, has taken
  // its place it does nothing: no training is stopped by it, no word is selected, and the focus stays. What was drawn anew
  // in the same list (the bars are, with each word) is what was there.
  var first = null, list = null;
  function button(event) { return (event.target.closest && event.target.closest("button")) || null; }
  function astray(event) {
    var now = button(event);
    return event.detail > 1 && first !== null && now !== first && !(now && !first.isConnected && now.parentElement === list);
  }
  document.addEventListener("mousedown", function (event) {
    if (event.detail < 2) { first = button(event); list = first && first.parentElement; } else if (astray(event)) { event.preventDefault(); }
  }, true);
  document.addEventListener("click", function (event) {
    if (astray(event)) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  function press(event, control) {
    var pushed = event.target.closest && event.target.closest(control), step = pushed && pushed.closest(".poetas-step");
    if (step) { pressed = { at: Date.now(), step: step, control: pushed, seen: new Map(all(ASKING, step).filter(visible).map(function (part) { return [part, 0]; })) }; watch(); }
  }
  // A browser gives up the focus of what a style hides some frames after it was hidden, and tells nobody.
  var watching = 0;
  function watch() {
    clearInterval(watching);
    watching = setInterval(function () {
      if (!pressed.step || Date.now() - pressed.at > SOON) { clearInterval(watching); } else { accompany(); }
    }, 250);
  }
  document.addEventListener("click", function (event) { press(event, "button"); }, true);
  // Enter in a box is a click as well: what was typed is taken, and the box may go away.
  // (Caught on its way down: ipywidgets lets no key that is typed in a box come up again.)
  document.addEventListener("keydown", function (event) { if (event.key === "Enter") { press(event, "input"); } }, true);
  var ASKING = ".poetas-error, .poetas-job, .poetas-question, .poetas-about, [role=alert]";
  function visible(part) { return part.offsetParent !== null; }
  function accompany() {
    giveBack();
    if (!pressed.step || Date.now() - pressed.at > SOON) { return; }
    lend();
    var top = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0; // under the header nothing is seen
    all(ASKING, pressed.step).forEach(function (part) {
      if (!visible(part)) { return; }
      if (!pressed.seen.has(part)) { pressed.seen.set(part, Date.now()); }
      if (Date.now() - pressed.seen.get(part) > SETTLES) { return; }  // since then the learner may have gone elsewhere
      var box = part.getBoundingClientRect();
      var fits = box.height <= innerHeight - top;
      if (box.bottom > innerHeight || box.top < top) { part.scrollIntoView({ block: fits ? "center" : "start", behavior: "instant" }); }
    });
  }

  // ---- Ready: every output is drawn and the kernel answers (what tests and benchmarks wait for)
  function settle() {
    veil();
    var drawn = !one('script[type="application/vnd.voila.cell-output+json"]') && !one("#loading") && !one(".en-camino, .poetas-coming");
    if (drawn && window.poetas.connected) { put(document.documentElement, "data-ready", "yes"); arrive(); }
  }
  window.addEventListener("poetas-kernel", settle);

  // ---- The ledger
  var dialog = one("dialog.registro"), pill = one('[data-slot="pill"]');
  if (dialog && pill) {
    pill.addEventListener("click", function () { dialog.showModal(); });
    dialog.addEventListener("click", function (event) { if (event.target === dialog) { dialog.close(); } });
  }

  // ---- A lost connection
  var lost = false, leaving = false;
  function banner(text) {
    var spot = one(".aviso");
    var words = document.createElement("p");
    words.textContent = text;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = t("Volver a conectar");
    button.addEventListener("click", function () { again(words); });
    spot.replaceChildren(words, button);
    spot.hidden = false;
    document.documentElement.classList.add("sin-conexion");
  }
  function lose() {
    if (lost || leaving) { return; }
    lost = true;
    banner(t("Se perdió la conexión. Lo que estaba entrenando sigue."));
  }
  function again(words) {
    ask().then(function (answer) {
      if (answer === "gone") { words.textContent = t("El programa todavía no responde. Fijate que siga abierto donde lo arrancaste, y probá otra vez."); } else { location.reload(); }
    });
  }
  var config = {};
  try { config = JSON.parse(document.getElementById("jupyter-config-data").textContent); } catch (error) { config = {}; }
  var address = (window.poetas.base || "/") + "api/kernels/" + encodeURIComponent(config.kernelId || "");
  // "here": this page's kernel is there; "other": the server is there, the kernel is not; "gone": no answer.
  function ask() {
    var limit = AbortSignal.timeout ? AbortSignal.timeout(4000) : undefined;
    return fetch(address, { cache: "no-store", credentials: "same-origin", signal: limit }).then(
      function (answer) { return answer.ok ? "here" : answer.status >= 502 ? "gone" : "other"; }, function () { return "gone"; });
  }
  // An open socket tells by itself when it closes; only what falls silent without closing has to be asked for, and each
  // question takes time from a training.
  var misses = 0, socket = "", asked = 0, waits = 0, SELDOM = 5500, OFTEN = 2000; // milliseconds: each third beat
  function poll() {
    if (lost || leaving || document.hidden) { return; }
    asked = Date.now();
    waits += 1;
    ask().then(function (answer) {
      waits -= 1;
      misses = answer === "gone" ? misses + 1 : 0;
      if (answer === "other" || misses >= 2) { lose(); }
    });
  }
  function beat() {
    if (misses || waits || socket !== "open" || Date.now() - asked >= SELDOM) { poll(); }
  }
  if (config.kernelId) {
    window.addEventListener("poetas-kernel", function (event) {
      socket = event.detail;
      if (socket === "closed") { poll(); } else if (socket !== "open") { lose(); }
    });
    setInterval(beat, OFTEN);
    document.addEventListener("visibilitychange", poll);
    window.addEventListener("pagehide", function () { leaving = true; });
    window.addEventListener("beforeunload", function () { leaving = true; setTimeout(function () { leaving = false; }, 5000); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });
  }

  read();
  tidy();
  drawSteps();
})();
